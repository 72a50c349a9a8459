#!/usr/bin/env bash
# Run the tests of the Go package against a release build, installed into its folder go/ for that.
#
#   bindings/go/run_tests.sh BUILD_DIR [STEP...]    steps: vet test race cgocheck static nocgo; all of them
#
# GO names another go program, e.g. GO=/usr/lib/go-1.19/bin/go. Needs cmake, pkg-config and a C compiler; the race
# detector too needs no more than gcc. ICECAT_LONG=1 runs the long forms.
set -euo pipefail
go=${GO:-go}
[ $# -ge 1 ] || { echo "usage: run_tests.sh BUILD_DIR [vet|test|race|cgocheck|static|nocgo...]" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")"
command -v "$go" >/dev/null || { echo "run_tests.sh: skipped: no go program"; exit 0; }
[ $# -gt 0 ] || set -- vet test race cgocheck static nocgo

work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
# shellcheck source=bindings/go/environment.sh
. ./environment.sh "$build"
export ICECAT_BUILD_DIR=$build GOPATH=$work/gopath # an empty one
timeout=$([ -n "${ICECAT_LONG:-}" ] && echo 60m || echo 10m)

# The C part without a warning; go shows none.
check_c() {
  echo '#include <stdint.h>
#include <stddef.h>
int64_t goicecatCallback(uint64_t, uint64_t, int, unsigned char *, size_t, unsigned char *, size_t);' >"$work/_cgo_export.h"
  for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    # shellcheck disable=SC2046
    $cc -std=gnu11 -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror -fsyntax-only \
      $(pkg-config --cflags libicecat) -I"$work" ./*.c
  done
}

step() {
  case $1 in
    vet)
      "$go" vet ./...
      unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l .)
      [ -z "$unformatted" ] || { echo "gofmt would change: $unformatted"; exit 1; }
      check_c
      ;;
    test) "$go" test -count=1 -timeout "$timeout" ./... ;;
    race) "$go" test -race -count=1 -timeout "$timeout" ./... ;;
    cgocheck)
      # The dearer checks of pointers that cross; before 1.21 they were a setting at run time.
      case $("$go" env GOVERSION) in
        go1.19* | go1.20*) GODEBUG=cgocheck=2 "$go" test -short -count=1 . ;;
        *) GOEXPERIMENT=cgocheck2 "$go" test -short -count=1 . ;;
      esac
      ;;
    static)
      "$go" test -c -tags icecat_static -o "$work/static.test" .
      ! ldd "$work/static.test" | grep libicecat || { echo "libicecat is linked as a shared library"; exit 1; }
      env -u LD_LIBRARY_PATH "$work/static.test" -test.run 'Object|Validate|Sign'
      ;;
    nocgo)
      CGO_ENABLED=0 "$go" vet ./...
      env -u ICECAT_BUILD_DIR CGO_ENABLED=0 "$go" test -count=1 -run NoCgo .
      ;;
    *) echo "run_tests.sh: no step $1" >&2; exit 2 ;;
  esac
}

for name in "$@"; do
  printf 'run_tests.sh: %s with %s\n' "$name" "$("$go" env GOVERSION)"
  step "$name"
done
