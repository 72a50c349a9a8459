#!/usr/bin/env bash
# Install a build into a scratch prefix, move it, and build programs against it: pkg-config (shared and
# static), CMake (shared, static, C++), Meson, and as a part of the program by FetchContent; with ICECAT_LONG=1
# also as a subproject of Meson.
# Usage: install.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved
libdir=$(dirname "$(find "$prefix" -name libicecat.so | head -n 1)")
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
export PKG_CONFIG_PATH=$libdir/pkgconfig
export LD_LIBRARY_PATH=$libdir

say() { printf 'install: %s\n' "$*"; }
run() { "$@" || { say "failed: $*"; exit 1; }; }

main=$source/tests/install/consumer/main.c
# shellcheck disable=SC2046
run ${CC:-cc} -std=c11 "$main" -o "$work/shared" $(pkg-config --cflags --libs libicecat)
run "$work/shared"
run ${CC:-cc} -std=c11 "$main" -o "$work/static" $(pkg-config --cflags --libs libicecat-static)
run env -u LD_LIBRARY_PATH "$work/static"
say "pkg-config: shared and static"

run cmake -S "$source/tests/install/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
run cmake --build "$work/cmake" >/dev/null
for program in shared static default cxx; do
  run "$work/cmake/consumer_$program" >/dev/null
done
say "CMake: shared, static, default and C++"

mkdir "$work/subproject"
cat >"$work/subproject/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(subproject LANGUAGES C)
include(FetchContent)
FetchContent_Declare(icecat SOURCE_DIR "$source")
FetchContent_MakeAvailable(icecat)
add_executable(main "$main")
target_link_libraries(main PRIVATE icecat::icecat)
EOF
run cmake -S "$work/subproject" -B "$work/subproject/build" >/dev/null
run cmake --build "$work/subproject/build" --target main >/dev/null
run "$work/subproject/build/main" >/dev/null
say "CMake: as a part of the program, by FetchContent"

if command -v meson >/dev/null; then
  run meson setup "$work/meson" "$source/tests/install/consumer" >/dev/null
  run meson test -C "$work/meson" >/dev/null
  say "Meson: shared and static, by pkg-config"
  if [ "${ICECAT_LONG:-}" = 1 ]; then
    mkdir -p "$work/wrap/subprojects"
    cp "$source"/tests/install/consumer/main.c "$source"/tests/install/consumer/meson* "$work/wrap"
    ln -s "$source" "$work/wrap/subprojects/icecat"
    run meson setup "$work/wrap/build" "$work/wrap" -Dsubproject=true >/dev/null
    run meson test -C "$work/wrap/build" >/dev/null
    say "Meson: as a subproject"
  fi
else
  say "meson is not installed: skipped"
fi

if command -v man >/dev/null && [ -d "$prefix/share/man" ]; then
  run env MANPATH="$prefix/share/man" man -w 3 icecat_s3_put_object >/dev/null
  run env MANPATH="$prefix/share/man" man -w 1 icecat-submit >/dev/null
  say "man finds the pages"
fi

for header in "$prefix"/include/icecat/*.h; do
  printf '#include <icecat/%s>\nextern int not_empty;\n' "$(basename "$header")" >"$work/header.c"
  run ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only "$work/header.c"
  run ${CXX:-c++} -std=c++17 -x c++ -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only "$work/header.c"
done
say "every header compiles alone as C11 and C++17"
