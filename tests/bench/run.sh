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
# Signers of others, as "name nanoseconds" for bench_sign; each must sign as we do, or it is no comparison.
signers=()
add_signer() {
  local name=$1
  shift
  if [ "$("$@" -v)" = "$("$build/tests/bench/bench_sign" -v)" ]; then
    signers+=("$name" "$("$@" | cut -d ' ' -f 1)")
  else
    echo "bench: $name signs otherwise than icecat" >&2
  fi
}
venv=build/venv
if [ -x "$venv/bin/python" ]; then
  add_signer botocore "$venv/bin/python" tests/bench/sign_botocore.py
else
  echo "bench: no $venv, which tests/run.sh makes; left out botocore" >&2
fi
if command -v go >/dev/null && (cd tests/bench/go && go build -o "$work/sign_go" .) 2>"$work/go.log"; then
  add_signer "aws-sdk-go-v2, kept key" "$work/sign_go"
else
  echo "bench: no go, or its modules cannot be had; left out aws-sdk-go-v2" >&2
fi

"$build/tests/bench/bench_sign" ${signers[@]+"${signers[@]}"}
mkdir "$work/pictures"
"$build/tests/bench/bench_image" "$work/pictures"
if [ -x "$venv/bin/python" ]; then
  "$venv/bin/python" tests/bench/bench_image_pillow.py "$work/pictures"
fi
"$build/tests/bench/bench_put"
