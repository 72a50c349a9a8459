#!/usr/bin/env bash
# Build the Python package against the library of a build, for python3-icecat: into OUT/root, as it is to lie in
# dist-packages. PYTHON needs pip, setuptools, wheel and cffi.
# Usage: python.sh PYTHON SOURCE_DIR BUILD_DIR OUT
set -euo pipefail
python=$1 source=$2 build=$3 out=$4
rm -rf "$out"
mkdir -p "$out/source"
cmake --install "$build" --prefix "$out/stage" --component runtime >"$out/log"
cmake --install "$build" --prefix "$out/stage" --component development >>"$out/log"
cp -R "$source/bindings/python/." "$out/source"
rm -rf "$out/source/build" "$out/source/"*.egg-info

libdir=$(dirname "$(find "$out/stage" -name libicecat.so | head -n 1)")
export PKG_CONFIG_PATH=$libdir/pkgconfig ICECAT_SYSTEM=1 LDFLAGS="${LDFLAGS:-} -Wl,-z,relro,-z,now"
"$python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-build-isolation --no-deps --no-compile \
  --root-user-action ignore --target "$out/root" "$out/source" >>"$out/log" 2>&1 || { tail -n 20 "$out/log" >&2; exit 1; }
# Where this machine had the source and the library is nobody's business.
rm -f "$out/root/"*.dist-info/direct_url.json
for module in "$out/root/icecat/"*.so; do
  strip --strip-unneeded "$module"
  printf 'file(RPATH_REMOVE FILE "%s")\n' "$module" >"$out/rpath.cmake"
  cmake -P "$out/rpath.cmake"
done
