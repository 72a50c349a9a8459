#!/usr/bin/env bash
# Install a build into a scratch prefix, move it, and build programs against it: pkg-config (shared and
# static), CMake (shared, static, C++), and FetchContent-like add_subdirectory.
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
add_subdirectory("$source" icecat)
add_executable(main "$main")
target_link_libraries(main PRIVATE icecat::icecat)
EOF
run cmake -S "$work/subproject" -B "$work/subproject/build" >/dev/null
run cmake --build "$work/subproject/build" --target main >/dev/null
run "$work/subproject/build/main" >/dev/null
say "CMake: as a subproject"

for header in "$prefix"/include/icecat/*.h; do
  printf '#include <icecat/%s>\nextern int not_empty;\n' "$(basename "$header")" >"$work/header.c"
  run ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only "$work/header.c"
  run ${CXX:-c++} -std=c++17 -x c++ -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only "$work/header.c"
done
say "every header compiles alone as C11 and C++17"
