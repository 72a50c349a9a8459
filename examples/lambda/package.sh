#!/usr/bin/env bash
# package.sh - make bootstrap.zip for the runtime provided.al2023: one file that needs the C library alone.
#
#   package.sh x86_64|arm64 FOLDER
#
# The libraries are built from Debian's source packages, with everything off that the function does not
# use, and linked in: the runtime promises no libcurl and no libssl of its own. What is built is kept
# in FOLDER, so that a second run only builds the function. FOLDER/ARCH/bootstrap.zip is the result.
set -euo pipefail

# Debian 12's versions. Where the archive has others, the newest is taken and named; with
# ICECAT_PACKAGE_STRICT=1 that is a failure.
sources="zlib=1:1.2.13.dfsg-1 libpng1.6=1.6.39-2+deb12u5 libjpeg-turbo=1:2.1.5-2
  cjson=1.7.15-1+deb12u4 openssl=3.0.20-1~deb12u2 curl=7.88.1-10+deb12u15"
newest_glibc=2.34 # Amazon Linux 2023's
ca_bundle=/etc/pki/tls/certs/ca-bundle.crt

fail() {
  printf 'package.sh: %s\n' "$*" >&2
  exit 1
}

[ $# -eq 2 ] || fail "usage: package.sh x86_64|arm64 FOLDER"
arch=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$folder/$arch
deps=$work/deps
jobs=${ICECAT_JOBS:-2}
options=()

case "$arch" in
  x86_64) machine=x86_64 openssl_target=linux-x86_64 ;;
  arm64) machine=aarch64 openssl_target=linux-aarch64 ;;
  *) fail "unknown architecture $arch (x86_64 and arm64 are known)" ;;
esac
prefix=
[ "$(uname -m)" = $machine ] || prefix=$machine-linux-gnu-

need() {
  command -v "$1" >/dev/null || fail "$1 is missing; install the package $2"
}
need "${prefix}gcc" "gcc${prefix:+-${prefix%-}}"
need "${prefix}objdump" "binutils${prefix:+-${prefix%-}}"
need cmake cmake
need ninja ninja-build
need perl perl
need make make
need dpkg-source dpkg-dev

# quiet NAME COMMAND...: its output goes to a file, of which the end is shown when it fails.
quiet() {
  local log=$work/log/$1.log
  shift
  "$@" >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    fail "failed: $* (whole output: $log)"
  }
}

# ---- sources -----------------------------------------------------------------------------------

# An index of source packages of its own, so that the system's settings stay as they are.
apt_options() {
  printf '%s\n' -o "Dir::Etc::sourcelist=$folder/apt/source.list" \
    -o "Dir::Etc::sourceparts=$folder/apt/parts" -o "Dir::State::lists=$folder/apt/lists" \
    -o "Dir::Cache=$folder/apt/cache" -o "APT::Sandbox::User="
}

apt_prepare() {
  mkdir -p "$folder/apt/parts" "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
  : >"$folder/apt/source.list"
  local file
  for file in /etc/apt/sources.list.d/{debian,ubuntu}.sources; do
    [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$folder/apt/parts/${file##*/}"
  done
  [ ! -f /etc/apt/sources.list ] ||
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$folder/apt/source.list"
  quiet apt-update apt-get "$@" update
}

# Every version that there is, the pinned one first, then the newest.
versions_of() {
  printf '%s\n' "$2"
  apt-cache "${options[@]}" showsrc --only-source "$1" 2>/dev/null | sed -n 's/^Version: //p' |
    sort -urV | grep -vxF "$2" || true
}

# fetch NAME VERSION: unpack it, Debian's patches applied, into FOLDER/source/NAME.
fetch() {
  local name=$1 pinned=$2 place=$folder/source/$1 version found=
  [ ! -f "$place.version" ] || return 0
  [ ${#options[@]} -gt 0 ] || { mapfile -t options < <(apt_options); apt_prepare "${options[@]}"; }
  rm -rf "$place" "$place.get"
  mkdir -p "$place.get"
  cd "$place.get"
  for version in $(versions_of "$name" "$pinned"); do
    apt-get "${options[@]}" source -qq --only-source --download-only "$name=$version" \
      >"$work/log/fetch-$name.log" 2>&1 && { found=$version; break; }
    [ "${ICECAT_PACKAGE_STRICT:-0}" = 0 ] || fail "the archive does not give $name $pinned"
  done
  [ -n "$found" ] || fail "the archive gives no source of $name; see $work/log/fetch-$name.log"
  [ "$found" = "$pinned" ] || printf 'package.sh: %s %s is not to be had here; taking %s\n' "$name" \
    "$pinned" "$found" >&2
  quiet "unpack-$name" dpkg-source --extract "${name}_${found#*:}.dsc" "$place"
  printf '%s\n' "$found" >"$place.version"
  cd "$folder"
  rm -rf "$place.get"
}

fetch_all() {
  local source
  mkdir -p "$folder/source"
  for source in $sources; do
    fetch "${source%%=*}" "${source#*=}"
  done
}

# ---- libraries ---------------------------------------------------------------------------------

flags="-O2 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong"

write_toolchain() {
  cat >"$work/toolchain.cmake" <<TOOLCHAIN
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $machine)
set(CMAKE_C_COMPILER ${prefix}gcc)
set(CMAKE_AR ${prefix}ar CACHE FILEPATH "")
set(CMAKE_RANLIB ${prefix}ranlib CACHE FILEPATH "")
set(CMAKE_FIND_ROOT_PATH $deps)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
TOOLCHAIN
}

# is_built NAME: the version that FOLDER/source has is in $deps already, made by this very script.
is_built() {
  [ -f "$deps/$1.built" ] && [ "$(cat "$deps/$1.built")" = "$(stamp "$1")" ]
}
stamp() {
  printf '%s %s\n' "$(cat "$folder/source/$1.version")" "$(declare -f "build_${1%%[0-9.]*}" build_cmake |
    sha256sum | cut -c1-16)"
}

# build_cmake NAME OPTION...
build_cmake() {
  local name=$1
  shift
  rm -rf "$work/build/$name"
  quiet "configure-$name" cmake -G Ninja -S "$folder/source/$name" -B "$work/build/$name" \
    -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_INSTALL_PREFIX="$deps" -DCMAKE_INSTALL_LIBDIR=lib \
    -DBUILD_SHARED_LIBS=OFF "$@"
  quiet "build-$name" cmake --build "$work/build/$name" -j "$jobs"
  quiet "install-$name" cmake --install "$work/build/$name"
}

# Debian's zlib lacks the files that its CMake build asks for.
build_zlib() {
  rm -rf "$work/build/zlib"
  cp -R "$folder/source/zlib" "$work/build/zlib"
  cd "$work/build/zlib"
  quiet configure-zlib env CHOST="${prefix%-}" CFLAGS="$flags" ./configure --static --prefix="$deps"
  quiet build-zlib make -j "$jobs" libz.a
  quiet install-zlib make install
  cd "$folder"
}
build_libpng() {
  build_cmake libpng1.6 -DPNG_SHARED=OFF -DPNG_TESTS=OFF -DPNG_EXECUTABLES=OFF \
    -DPNG_HARDWARE_OPTIMIZATIONS=OFF
}
build_libjpeg-turbo() {
  build_cmake libjpeg-turbo -DCMAKE_INSTALL_LIBDIR="$deps/lib" -DENABLE_SHARED=OFF -DWITH_SIMD=OFF -DWITH_TURBOJPEG=OFF
}
build_cjson() {
  build_cmake cjson -DENABLE_CJSON_TEST=OFF -DBUILD_SHARED_AND_STATIC_LIBS=OFF \
    -DENABLE_CUSTOM_COMPILER_FLAGS=OFF -DENABLE_TARGET_EXPORT=OFF
}
# TLS 1.2 and 1.3 as a client, SHA-2 and HMAC: what AWS's endpoints and SigV4 ask for.
build_openssl() {
  rm -rf "$work/build/openssl"
  mkdir -p "$work/build/openssl"
  cd "$work/build/openssl"
  # shellcheck disable=SC2086
  quiet configure-openssl perl "$folder/source/openssl/Configure" $openssl_target \
    --prefix="$deps" --libdir=lib --openssldir=/etc/pki/tls ${prefix:+--cross-compile-prefix=$prefix} \
    no-shared no-tests no-engine no-dso no-module no-legacy no-async no-comp no-cmp no-cms no-ct no-ts \
    no-srp no-srtp no-psk no-dtls no-ssl3 no-tls1 no-tls1_1 no-gost no-idea no-seed no-rc2 no-rc4 \
    no-md4 no-mdc2 no-whirlpool no-bf no-cast no-camellia no-aria no-sm2 no-sm3 no-sm4 no-siphash \
    no-blake2 no-ec2m no-dsa no-rfc3779 no-scrypt no-ocb no-ui-console no-nextprotoneg \
    no-autoload-config $flags
  quiet build-openssl make -j "$jobs" build_libs
  quiet install-openssl make install_dev
  cd "$folder"
}
# HTTP and HTTPS, nothing else.
build_curl() {
  build_cmake curl -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DHTTP_ONLY=ON -DCURL_USE_OPENSSL=ON \
    -DOPENSSL_ROOT_DIR="$deps" -DOPENSSL_USE_STATIC_LIBS=ON -DCURL_CA_BUNDLE="$ca_bundle" \
    -DCURL_CA_PATH=none -DCURL_ZLIB=OFF -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF \
    -DCURL_USE_LIBSSH2=OFF -DCURL_USE_GSSAPI=OFF -DUSE_LIBRTMP=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF \
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_NETRC=ON \
    -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_PROGRESS_METER=OFF -DCURL_LTO=OFF -DENABLE_MANUAL=OFF \
    -DENABLE_UNIX_SOCKETS=OFF -DENABLE_THREADED_RESOLVER=ON
}

build_libraries() {
  local source name
  for source in $sources; do
    name=${source%%=*}
    ! is_built "$name" || continue
    printf '%s: building %s %s\n' "$arch" "$name" "$(cat "$folder/source/$name.version")"
    "build_${name%%[0-9.]*}"
    stamp "$name" >"$deps/$name.built"
  done
}

# ---- the function ------------------------------------------------------------------------------

build_function() {
  PKG_CONFIG_LIBDIR=$deps/lib/pkgconfig PKG_CONFIG_PATH='' \
    quiet configure cmake -G Ninja -S "$project" -B "$work/build/icecat" \
    -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="-ffunction-sections -fdata-sections" -DCMAKE_PREFIX_PATH="$deps" \
    -DCMAKE_EXE_LINKER_FLAGS="-Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro,-z,now" \
    -DCMAKE_C_STANDARD_LIBRARIES="$deps/lib/libssl.a $deps/lib/libcrypto.a $deps/lib/libz.a" \
    -DICECAT_BUILD_LOCAL=OFF -DICECAT_BUILD_TESTS=OFF -DICECAT_INSTALL=OFF -DICECAT_WERROR=OFF
  quiet build cmake --build "$work/build/icecat" -j "$jobs" --target bootstrap
}

# The runtime has a C library of a certain age and nothing else.
check_binary() {
  local file=$1 needed newest
  needed=$("${prefix}objdump" -p "$file" | sed -n 's/^ *NEEDED *//p' | grep -v '^libc\.so\.6$\|^ld-linux' || true)
  [ -z "$needed" ] || fail "bootstrap needs more than the C library: $(echo "$needed" | tr '\n' ' ')"
  newest=$("${prefix}objdump" -T "$file" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1)
  [ "$(printf '%s\nGLIBC_%s\n' "$newest" $newest_glibc | sort -V | tail -n 1)" = GLIBC_$newest_glibc ] ||
    fail "bootstrap needs $newest; Amazon Linux 2023 has GLIBC_$newest_glibc"
  printf '%s: needs libc.so.6, newest symbol %s\n' "$arch" "$newest"
}

# The same bytes in give the same bytes out: the time in the archive is fixed.
pack() {
  rm -rf "$work/pack"
  mkdir -p "$work/pack"
  "${prefix}objcopy" --strip-all "$work/build/icecat/examples/lambda/bootstrap" "$work/pack/bootstrap"
  chmod 755 "$work/pack/bootstrap"
  check_binary "$work/pack/bootstrap"
  (cd "$work/pack" && cmake -E tar cf "$work/bootstrap.zip.new" --format=zip \
    --mtime="2026-01-01 00:00:00 UTC" bootstrap)
  mv "$work/bootstrap.zip.new" "$work/bootstrap.zip"
  printf '%s: %s, %s bytes\n' "$arch" "$work/bootstrap.zip" "$(stat -c %s "$work/bootstrap.zip")"
}

mkdir -p "$work/log" "$work/build" "$deps"
fetch_all
write_toolchain
build_libraries
build_function
pack
