#!/usr/bin/env bash
# Make the Debian packages, let lintian judge them, and use them as a stranger would.
# Ordinarily they are unpacked into a folder; with ICECAT_LONG=1 and root rights they are installed with apt into a
# root that has nothing but Debian's base (debootstrap), in steps, so that a missing dependency shows.
# Usage: packages.sh SOURCE_DIR BUILD_DIR     exit code 77: skipped
set -euo pipefail
source=$1
build=$2/packages
here=$source/tests/install
say() { printf 'packages: %s\n' "$*"; }
fail() { say "failed: $*"; exit 1; }
run() { "$@" || fail "$*"; }

for tool in dpkg-deb dpkg-shlibdeps cpack; do
  command -v $tool >/dev/null || { say "$tool is not installed: skipped"; exit 77; }
done
work=$(mktemp -d)
proc=
clean_up() {
  [ -z "$proc" ] || umount "$proc"
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# ---- make --------------------------------------------------------------------------------------
python=
for each in "${ICECAT_PYTHON:-}" "$source/build/venv/bin/python" python3; do
  if [ -n "$each" ] && "$each" -c 'import setuptools, cffi, pip, wheel' 2>/dev/null; then
    python=$each
    break
  fi
done
[ -n "$python" ] || say "no Python has pip, setuptools, wheel and cffi: python3-icecat is skipped"
rm -rf "$build/packages"
quietly() { "$@" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; fail "$*"; }; }
quietly cmake -S "$source" --preset packages -B "$build" -DICECAT_PYTHON="$python"
quietly cmake --build "$build" --target package
debs=$build/packages
ls "$debs"/*.deb | sed 's,.*/,packages: made ,'

# ---- judge -------------------------------------------------------------------------------------
if command -v lintian >/dev/null; then
  TMPDIR=$work lintian --fail-on error,warning --allow-root "$debs"/*.deb || fail lintian
  say "lintian has no error and no warning"
else
  say "lintian is not installed: skipped"
fi
field() { dpkg-deb -f "$debs/$1"_*.deb "$2"; }
has() { grep -q "$3" <<<"$(field "$1" "$2")" || fail "$1: $2 lacks $3"; }
version=$(field libicecat0 Version)
for library in libc6 libcurl libssl libcjson libpng16 libjpeg; do has libicecat0 Depends "$library"; done
has libicecat-dev Depends "libicecat0 (= $version)"
has icecat-tools Depends "libicecat0 (= $version)"
has icecat-local Depends libopencv-objdetect
[ -z "$python" ] || has python3-icecat Depends "python3-cffi-backend"

# ---- use: unpacked -----------------------------------------------------------------------------
root=$work/root
for deb in "$debs"/*.deb; do run dpkg-deb -x "$deb" "$root"; done
libdir=$(dirname "$(find "$root" -name libicecat.so)")
export LD_LIBRARY_PATH=$libdir
run "$root/usr/bin/icecat" validate "$source/examples/samples/tabby.jpg" >/dev/null
run "$root/usr/bin/icecat-local" --version >/dev/null
[ "$(stat -c %a "$root/usr/libexec/icecat/bootstrap")" = 755 ] || fail "bootstrap is not a program"
! grep -rlF -e "$source" -e "$build" "$root" || fail "these files name a folder of this machine"
# shellcheck disable=SC2046
for module in libicecat libicecat-static; do
  run ${CC:-cc} -std=c11 "$here/consumer/main.c" -o "$work/$module" \
    $(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --cflags --libs $module)
  run "$work/$module" >/dev/null
done
if [ -n "$python" ]; then
  PYTHONPATH=$root/usr/lib/python3/dist-packages run "$python" -c \
    'import icecat, sys; sys.exit(icecat.validate(sys.argv[1]).error is not None)' "$source/examples/samples/tabby.jpg"
fi
say "unpacked: the command, both pkg-config files${python:+, the Python package}"

# ---- use: installed ----------------------------------------------------------------------------
if [ "${ICECAT_LONG:-}" != 1 ]; then
  say "not installed into a bare root: that needs ICECAT_LONG=1"
  exit 0
fi
unset LD_LIBRARY_PATH
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || fail "ICECAT_LONG=1 needs root and debootstrap"
# shellcheck source=/dev/null
. /etc/os-release
archive=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $VERSION_CODENAME" | head -n 1)
bare=$work/bare
quietly debootstrap --variant=minbase "$VERSION_CODENAME" "$bare" "$archive"
cp -r /etc/apt/apt.conf.d /etc/apt/sources.list* "$bare/etc/apt/" 2>/dev/null || true
cp /etc/resolv.conf /etc/hosts "$bare/etc/"
mkdir "$bare/debs" "$bare/consumer"
for deb in "$debs"/*.deb; do cp "$deb" "$bare/debs/$(dpkg-deb -f "$deb" Package).deb"; done
cp -r "$here/consumer/." "$source/examples/samples" "$bare/consumer"
mount -t proc proc "$bare/proc"
proc=$bare/proc

inside() { chroot "$bare" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
install_there() { quietly inside apt-get install -y --no-install-recommends "$@"; }
there() { quietly inside sh -ec "cd /consumer; $1"; }

quietly inside apt-get update
install_there /debs/libicecat0.deb /debs/icecat-tools.deb
there 'icecat version; icecat validate samples/tabby.jpg samples/siamese.png'
say "bare root: icecat-tools runs with what it depends on"
install_there /debs/libicecat-dev.deb gcc libc6-dev pkg-config
there 'gcc -std=c11 main.c -o shared $(pkg-config --cflags --libs libicecat) && ./shared
  gcc -std=c11 main.c -o static $(pkg-config --cflags --libs libicecat-static) && ./static'
say "bare root: libicecat-dev, gcc and pkg-config build both kinds of program"
install_there g++ cmake make meson
there 'cmake -S . -B c && cmake --build c && for p in shared static default cxx; do ./c/consumer_$p; done
  meson setup m && meson test -C m'
say "bare root: find_package in C and C++, Meson"
if [ -n "$python" ]; then
  install_there /debs/python3-icecat.deb
  there 'python3 -c "import icecat; assert icecat.validate(\"samples/tabby.jpg\").error is None"'
  say "bare root: python3-icecat"
fi
install_there /debs/icecat-local.deb
there 'icecat-local --init --bootstrap /usr/libexec/icecat/bootstrap >exports & server=$!
  trap "kill $server" EXIT
  until grep -q DYNAMODB_TABLE_NAME exports; do sleep 0.1; done
  . ./exports
  icecat submit --wait --wait-timeout 60 --client-id bare samples/tabby.jpg samples/dog.jpg -o plain >verdicts
  cat verdicts
  grep -q "^cat[^a-z].*tabby.jpg" verdicts
  grep -q "^not cat[^a-z].*dog.jpg" verdicts'
say "bare root: icecat-local judges what icecat submits"
