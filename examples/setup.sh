# setup.sh - sourced by quickstart.sh and tests/run.sh: install what a build needs on Debian and Ubuntu.

setup_fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# What every build needs; icecat-local and its detector; the tests.
setup_packages_build="gcc g++ cmake ninja-build pkg-config libcurl4-openssl-dev libssl-dev libcjson-dev
  libpng-dev libjpeg-dev ca-certificates"
setup_packages_local="libevent-dev libsqlite3-dev zlib1g-dev libopencv-objdetect-dev libopencv-imgcodecs-dev
  libopencv-imgproc-dev libopencv-dnn-dev opencv-data"
setup_packages_tests="git clang clang-format clang-tidy libclang-rt-dev libcmocka-dev python3 python3-dev python3-venv
  valgrind make perl dpkg-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static"

# Tests that want these are skipped without them: not every distribution has them as packages.
setup_packages_wanted="chromium doxygen abigail-tools mandoc man-db lintian meson zsh fish"

setup_is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# setup_install PACKAGE...: install the packages that are missing, and say so first.
setup_install() {
  local missing=() sudo=()
  for package in "$@"; do
    setup_is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    setup_fail "this script installs with apt-get, which is not here. Install by hand: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      setup_fail "needs root or sudo to install: ${missing[*]}"
    sudo=(sudo)
  fi
  printf 'Installing with apt-get: %s\n' "${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    setup_fail "apt-get failed; its whole output is in $log"
  fi
  rm -f "$log"
}

# setup_install_wanted PACKAGE...: those of them that this distribution has.
setup_install_wanted() {
  local known=()
  command -v apt-cache >/dev/null || return 0
  for package in "$@"; do
    [ -z "$(apt-cache --quiet=0 policy "$package" 2>/dev/null | grep 'Candidate: [0-9]')" ] || known+=("$package")
  done
  [ ${#known[@]} -eq 0 ] || setup_install "${known[@]}"
}

# setup_quiet LOG COMMAND...: run it with its output in LOG; show the end of that when it fails.
setup_quiet() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    setup_fail "failed: $* (whole output: $log)"
  fi
}
