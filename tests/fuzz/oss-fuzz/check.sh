#!/usr/bin/env bash
# Does build.sh build, as OSS-Fuzz would call it, with the clang of this machine; and do the targets run from where
# it put them, over their own corpora? Without clang or its libFuzzer: exit code 77, "skipped".
# Usage: tests/fuzz/oss-fuzz/check.sh [FOLDER]   an empty or missing folder to build in, which is kept
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder/out" "$folder/work" "$folder/corpus"
folder=$(cd "$folder" && pwd)

export CC=clang CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CFLAGS="-O1 -fsanitize=fuzzer-no-link -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
export CXXFLAGS="$CFLAGS"
export OUT=$folder/out WORK=$folder/work
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d == 0 && n; }' >"$folder/one.c"
if ! clang -fsanitize=fuzzer "$folder/one.c" -o "$folder/one" 2>/dev/null; then
  echo "skipped: this machine has no clang with libFuzzer"
  exit 77
fi

"$here/build.sh" >"$folder/build.log" 2>&1 || { tail -n 20 "$folder/build.log"; exit 1; }
failed=0 count=0
for source in "$here"/../fuzz_*.c; do
  grep -q "^int LLVMFuzzerTestOneInput" "$source" || continue
  name=$(basename "$source" .c)
  rm -rf "$folder/corpus/$name"
  python3 -m zipfile -e "$OUT/${name}_seed_corpus.zip" "$folder/corpus/$name"
  find "$folder/corpus/$name" -type f >"$folder/inputs"
  count=$((count + 1))
  if [ ! -s "$folder/inputs" ] || ! xargs -a "$folder/inputs" "$OUT/$name" >"$folder/run.log" 2>&1; then
    echo "$name does not run over its corpus:"
    tail -n 5 "$folder/run.log"
    failed=1
  fi
  if [ -f "$here/../${name#fuzz_}.dict" ] && ! "$OUT/$name" -runs=0 -dict="$OUT/$name.dict" >"$folder/run.log" 2>&1; then
    echo "$name does not take its dictionary:"
    tail -n 5 "$folder/run.log"
    failed=1
  fi
done
echo "$count targets"
exit $failed
