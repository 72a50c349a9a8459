#!/usr/bin/env bash
# Build optimised, start icecat-local, run every benchmark, print one table. Times are CPU times of the
# client; a ratio compares two numbers of the same run.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/release
[ $# -eq 0 ] || { echo "usage: tests/bench/run.sh" >&2; exit 2; }

cmake --preset release >/dev/null
cmake --build --preset release >/dev/null

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT
$build/examples/local/icecat-local --init --data "$work/data" >"$work/environment" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
  grep -q DYNAMODB_TABLE_NAME "$work/environment" && break
  sleep 0.1
done
# shellcheck source=/dev/null
. "$work/environment"

printf '%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(date +%F)"
"$build/tests/bench/bench_sign"
mkdir "$work/pictures"
"$build/tests/bench/bench_image" "$work/pictures"
if python3 -c 'import PIL.Image' 2>/dev/null; then
  python3 tests/bench/bench_image_pillow.py "$work/pictures"
fi
"$build/tests/bench/bench_put"
