# environment.sh - sourced with a build folder: install the library into its folder go/, and tell go where it is.
#
#   . bindings/go/environment.sh BUILD_DIR

icecat_build=$(cd "$1" && pwd)
cmake --install "$icecat_build" --prefix "$icecat_build/go/prefix" >/dev/null
icecat_libdir=$(dirname "$(find "$icecat_build/go/prefix" -name libicecat.so.0)")
export PKG_CONFIG_PATH=$icecat_libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} LD_LIBRARY_PATH=$icecat_libdir
# go keeps what it built, and does not see that headers of C have changed; but it sees flags.
CGO_CFLAGS="-O2 -g -DICECAT_HEADERS=0x$(cat "$icecat_build"/go/prefix/include/icecat/*.h | sha256sum | cut -c 1-16)"
# The module needs no other one, and any toolchain will do.
export CGO_CFLAGS CGO_ENABLED=1 GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
