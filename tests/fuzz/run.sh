#!/usr/bin/env bash
# Fuzz every target for SECONDS (default 60) each, one after the other, from the corpora of tests/fuzz/corpus
# and, when it is there, the third-party corpus. New inputs stay in build/fuzz/corpus; a finding ends the run.
# Usage: tests/fuzz/run.sh [SECONDS [TARGET...]]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
if [ $# -eq 0 ]; then
  for file in tests/fuzz/fuzz_*.c; do
    ! grep -q "^int LLVMFuzzerTestOneInput" "$file" || set -- "$@" "$(basename "$file" .c | cut -c 6-)"
  done
fi
case $seconds in *[!0-9]* | '') echo "usage: tests/fuzz/run.sh [SECONDS [TARGET...]]" >&2; exit 2 ;; esac

# Several runs may go on at once, of different targets; only one builds.
mkdir -p build
exec 9>build/fuzz.lock
flock 9
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzzers >/dev/null
flock -u 9
third_party=$(sed -n 's/^ICECAT_TEST_DATA:PATH=//p' build/fuzz/CMakeCache.txt)/images

for target in "$@"; do
  grown=build/fuzz/corpus/$target
  findings=build/fuzz/findings/$target
  mkdir -p "$grown" "$findings"
  dictionary=tests/fuzz/$target.dict
  longest=16384
  case $target in
    png | jpeg)
      seeds=(tests/fuzz/corpus/"$target" tests/fuzz/corpus/foreign "$third_party/$target")
      longest=65536
      ;;
    stream)
      seeds=(tests/fuzz/corpus/png tests/fuzz/corpus/jpeg tests/fuzz/corpus/foreign "$third_party")
      longest=4096 # each input is asked about 15 times, in small pieces
      dictionary=build/fuzz/stream.dict
      cat tests/fuzz/png.dict tests/fuzz/jpeg.dict >"$dictionary"
      ;;
    *) seeds=(tests/fuzz/corpus/"$target") ;;
  esac
  [ -f "tests/fuzz/fuzz_$target.c" ] || { echo "no fuzz target is called $target" >&2; exit 2; }
  folders=()
  for folder in "${seeds[@]}"; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  echo "== $target: $seconds s"
  build/fuzz/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len="$longest" \
    -malloc_limit_mb=8 -print_final_stats=1 -dict="$dictionary" -artifact_prefix="$findings/" \
    "$grown" "${folders[@]}"
done
