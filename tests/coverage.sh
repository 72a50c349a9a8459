#!/usr/bin/env bash
# How much of lib/ do the tests run? Builds with gcc's counters, runs the C tests and the integration tests
# against that build, prints a table by layer, and fails below 95 % of a layer's lines or 85 % of all branches.
#
#   tests/coverage.sh                     all of it, some six minutes
#   tests/coverage.sh --missing [PART]    what no test reached in lib/PART, after a run: no build, no tests
#
# tests/run.sh has made the Python environment; PYTHON names another one's interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/coverage
python=${PYTHON:-build/venv/bin/python}

if [ "${1:-}" = --missing ]; then
  exec "$python" -B tests/coverage.py "$build" --missing "${2:-.}"
fi
[ $# -eq 0 ] || { echo "coverage.sh: unknown argument $1" >&2; exit 2; }

mkdir -p build/logs
quietly() {
  "$@" >build/logs/coverage.log 2>&1 || { tail -n 20 build/logs/coverage.log >&2; exit 1; }
}
quietly cmake --preset coverage --fresh # a cache of another compiler would lose the counters
quietly cmake --build --preset coverage
find "$build" -name '*.gcda' -delete

# A test that fails elsewhere than in its own step of tests/run.sh is worth seeing, but the table too.
status=0
ctest --preset coverage -j 2 -L 'unit|fuzz' --quiet || status=1
ICECAT_BUILD_DIR=$PWD/$build "$python" -m pytest -q -p no:cacheprovider --timeout 180 tests/integration || status=1
"$python" -B tests/coverage.py "$build" || status=1
exit $status
