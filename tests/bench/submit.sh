#!/usr/bin/env bash
# Build optimised, then compare a submission with what others wrote: boto3, the aws command, s5cmd if it is
# there (go install github.com/peak/s5cmd/v2@v2.3.0), and a floor. Takes about ten minutes; --quick one.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/release
venv=${VENV:-build/venv}

[ -x "$venv/bin/python" ] || { echo "submit.sh: no $venv: tests/run.sh makes it, or set VENV" >&2; exit 1; }
cmake --preset release -DICECAT_BUILD_BENCH=ON >/dev/null
cmake --build --preset release >/dev/null
printf '%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(date +%F)"
exec "$venv/bin/python" tests/bench/submit.py "$build" "$@"
