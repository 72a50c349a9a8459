#!/usr/bin/env bash
# Build every fuzz target as OSS-Fuzz does: with its compilers, flags and engine, into $OUT, each with its
# dictionary and a corpus in a zip. Its image needs, beside cmake and pkg-config, the packages
#   libcjson-dev libcurl4-openssl-dev libevent-dev libjpeg-turbo8-dev libpng-dev libsqlite3-dev libssl-dev
# of a system with libcurl 7.84 and OpenSSL 3 or newer.
#
# Set by OSS-Fuzz, and by tests/fuzz/oss-fuzz/check.sh: CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT WORK.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/../../.." && pwd)
build=$WORK/icecat

# Debug adds no -O of its own and no _FORTIFY_SOURCE, which hides errors from the sanitizers. $ORIGIN/lib is where
# the libraries go that the machine which fuzzes does not have.
# shellcheck disable=SC2016
cmake -S "$source_folder" -B "$build" -DCMAKE_BUILD_TYPE=Debug \
  -DICECAT_BUILD_FUZZERS=ON -DICECAT_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" \
  -DICECAT_BUILD_TESTS=OFF -DICECAT_BUILD_EXAMPLES=OFF -DICECAT_EYE=none \
  -DCMAKE_BUILD_RPATH='$ORIGIN/lib'
cmake --build "$build" --target fuzzers --parallel "$(nproc)"

# The folders of tests/fuzz/corpus that are a target's corpus.
corpora_of() {
  case $1 in
    png | jpeg) echo "$1 foreign" ;;
    stream) echo "png jpeg foreign" ;;
    *) echo "$1" ;;
  esac
}

mkdir -p "$OUT/lib"
for program in "$build"/tests/fuzz/fuzz_*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  name=$(basename "$program")
  target=${name#fuzz_}
  cp "$program" "$OUT/$name"
  [ ! -f "$source_folder/tests/fuzz/$target.dict" ] || cp "$source_folder/tests/fuzz/$target.dict" "$OUT/$name.dict"
  # shellcheck disable=SC2046
  (cd "$source_folder/tests/fuzz/corpus" && python3 -m zipfile -c "$OUT/${name}_seed_corpus.zip" $(corpora_of "$target"))
  # All but the C library itself, which every machine has.
  ldd "$program" | awk '$3 ~ /^\// { print $3 }' |
    { grep -Ev '/(libc|libm|libdl|librt|libpthread|libresolv|ld-linux[^/]*)\.so' || true; } |
    while read -r library; do cp -n "$library" "$OUT/lib/"; done
done
