#!/usr/bin/env bash
# Install what is missing, build, run every test. The last line is the verdict.
#
#   tests/run.sh            all of it
#   tests/run.sh --quick    only the sanitizer build and its tests
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=examples/setup.sh
. examples/setup.sh

quick=0
case "${1:-}" in
  "") ;;
  --quick) quick=1 ;;
  *) setup_fail "unknown argument $1 (only --quick is known)" ;;
esac

passed=0 failed=0 skipped=0
logs=build/logs
venv=build/venv
started=$SECONDS

step() { printf '\n== %s (%d s)\n' "$*" $((SECONDS - started)); }

# Add up what a runner wrote as JUnit XML; a runner that wrote nothing has failed.
count() {
  local totals
  totals=$(python3 - "$1" <<'PY' || true
import sys
import xml.etree.ElementTree as tree

root = tree.parse(sys.argv[1]).getroot()
suites = [root] if root.tag == "testsuite" else root.findall("testsuite")
number = lambda suite, *names: sum(int(suite.get(name, 0)) for name in names)
tests = sum(number(suite, "tests") for suite in suites)
bad = sum(number(suite, "failures", "errors") for suite in suites)
skip = sum(number(suite, "skipped", "disabled") for suite in suites)
print(tests - bad - skip, bad, skip)
PY
  )
  [ -n "$totals" ] || totals="0 1 0"
  # shellcheck disable=SC2086
  set -- $totals
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# run_ctest PRESET [ARG...]
run_ctest() {
  local preset=$1 report=$PWD/build/logs/ctest-$1.xml
  shift
  rm -f "$report"
  ctest --preset "$preset" -j 2 --output-junit "$report" "$@" || true
  count "$report"
}

# run_pytest PRESET ARG...
run_pytest() {
  local report build=$PWD/build/$1
  report=$PWD/build/logs/pytest-$1-$(basename "$(dirname "$2")")-$(basename "$2").xml
  shift
  rm -f "$report"
  ICECAT_BUILD_DIR=$build "$venv/bin/python" -m pytest -q -ra -p no:cacheprovider \
    --timeout 180 --junit-xml "$report" "$@" || true
  count "$report"
}

build() {
  setup_quiet "$logs/configure-$1.log" cmake --preset "$@"
  setup_quiet "$logs/build-$1.log" cmake --build --preset "$1"
}

# check NAME COMMAND...: one test that is a command.
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    printf 'FAILED: %s\n' "$name"
    failed=$((failed + 1))
  fi
}

step "packages"
# shellcheck disable=SC2086
setup_install $setup_packages_build $setup_packages_local $setup_packages_tests
# shellcheck disable=SC2086
setup_install_wanted $setup_packages_wanted
command -v go >/dev/null || setup_install_wanted golang-go
if ! cmp -s tests/requirements.txt "$venv/requirements.txt"; then
  echo "Installing with pip into $venv: $(grep -v '^#' tests/requirements.txt | tr '\n' ' ')"
  setup_quiet "$logs/venv.log" python3 -m venv --clear "$venv"
  setup_quiet "$logs/pip.log" "$venv/bin/pip" install --quiet --disable-pip-version-check \
    -r tests/requirements.txt
  cp tests/requirements.txt "$venv/requirements.txt"
fi

# Without package lists or a network its tests say that they are skipped.
tests/interop/swift_install.sh build/swift >"$logs/swift.log" 2>&1 || true

step "address and undefined-behaviour sanitizers"
build asan-ubsan
run_ctest asan-ubsan

step "clients and servers that others wrote"
run_pytest asan-ubsan tests/integration tests/interop

if [ $quick -eq 0 ]; then
  step "release build, installation"
  build release
  run_ctest release
  run_pytest release tests/integration/test_cli_validate.py

  step "Lambda package"
  # It builds from the distribution's source packages; where they cannot be had, its tests are skipped.
  cmake --build --preset release --target lambda-package >"$logs/lambda-package.log" 2>&1 ||
    { tail -n 5 "$logs/lambda-package.log"; echo "the function was not packed; its tests are skipped"; }
  run_pytest release tests/integration/test_package.py

  step "Python package"
  setup_quiet "$logs/python.log" env ICECAT_BUNDLED=1 "$venv/bin/pip" install --quiet \
    --disable-pip-version-check --no-build-isolation --force-reinstall --no-deps ./bindings/python
  run_pytest release bindings/python/tests

  step "Go package"
  run_pytest release bindings/go
  run_pytest release tests/scenario

  step "clang"
  build clang

  step "thread sanitizer"
  build tsan
  run_ctest tsan

  step "format"
  # shellcheck disable=SC2046
  check "clang-format" clang-format --dry-run --Werror $(git ls-files '*.c' '*.h' '*.cc')
fi

step "done"
printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ] && [ $passed -gt 0 ]
