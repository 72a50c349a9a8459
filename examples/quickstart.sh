#!/usr/bin/env bash
# Which of my pictures show a cat? One command, no account: installs what is missing, builds, starts
# icecat-local (S3, Lambda, DynamoDB and Rekognition on this machine), submits a folder, waits, and
# prints the verdicts.
#
#   examples/quickstart.sh [FOLDER]     FOLDER defaults to examples/samples
set -euo pipefail
start_dir=$PWD
cd "$(dirname "$0")/.."
# shellcheck source=examples/setup.sh
. examples/setup.sh

[ $# -le 1 ] || setup_fail "one folder at most; usage: examples/quickstart.sh [FOLDER]"
# The folder is submitted from where it was named, so that the table shows the names as they were given.
folder=${1:-}
if [ -z "$folder" ]; then
  folder=examples/samples start_dir=$PWD
fi
(cd "$start_dir" && [ -d "$folder" ]) || setup_fail "$folder is not a folder"

build=$PWD/build/quickstart
run=$build/run
server=

stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
}
trap stop_server EXIT

# shellcheck disable=SC2086
setup_install $setup_packages_build $setup_packages_local
echo "Building libicecat, icecat and icecat-local into $build"
setup_quiet "$build/configure.log" cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DICECAT_BUILD_TESTS=OFF
setup_quiet "$build/build.log" cmake --build "$build"

mkdir -p "$run"
rm -f "$run/environment"
"$build/examples/local/icecat-local" --init --data "$run/local" \
  --bootstrap "$build/examples/lambda/bootstrap" >"$run/environment" 2>"$run/local.log" &
server=$!
for _ in $(seq 100); do
  grep -q DYNAMODB_TABLE_NAME "$run/environment" 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$run/local.log" >&2; setup_fail "icecat-local did not start"; }
  sleep 0.1
done
# shellcheck source=/dev/null
. "$run/environment"
echo "icecat-local runs at $AWS_ENDPOINT_URL (log: $run/local.log)"

export ICECAT_CLIENT_ID=${ICECAT_CLIENT_ID:-quickstart}
status=0
(cd "$start_dir" && "$build/examples/cli/icecat" submit --folder "$folder" --logs-dir "$run/logs" \
  --wait --wait-timeout 300 --output table --report "$run/report.html") || status=$?

# 3 and 9: some pictures were refused, which the samples are meant to show.
case $status in
  0 | 3 | 9) ;;
  *) setup_fail "icecat submit ended with $status; see '$build/examples/cli/icecat help exit-codes'" ;;
esac
find "$run/logs" -name '*-results.json' -newer "$run/environment" -printf 'The results as JSON: %p\n' 2>/dev/null || true
[ ! "$run/report.html" -nt "$run/environment" ] || echo "The results to look at: $run/report.html"
echo "icecat-local stops now; its data stays in $run/local. To start it again:"
echo "  $build/examples/local/icecat-local --init --data $run/local --bootstrap $build/examples/lambda/bootstrap"
