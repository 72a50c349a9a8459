#!/usr/bin/env bash
# Put OpenStack Swift from the distribution into a folder, without installing anything:
#
#   tests/interop/swift_install.sh FOLDER
#
# The packages that are missing on this machine are downloaded with apt-get and unpacked below FOLDER/root.
# Needs a Debian or Ubuntu with its package lists (apt-get update); no root. Works twice in a row.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: swift_install.sh FOLDER" >&2; exit 2; }
wanted="swift-proxy swift-account swift-container swift-object python3-lxml"
# What the servers do not need, although their packages ask for it.
unused="^(rsync|rsyslog|logrotate|intltool-debian|po-debconf|openstack-pkg-tools|uwsgi-.*|docutils-common|python3-docutils|ieee-data|libestr0|libfastjson4|liblognorm5|libpcre3|libyajl2)$"

mkdir -p "$1/debs" "$1/root"
cd "$1"
[ ! -e done ] || exit 0
# shellcheck disable=SC2086
names=$(apt-get --print-uris -y install --no-install-recommends $wanted |
  sed -n "s/^'.*' \([^_]*\)_.*/\1/p" | grep -vE "$unused" || true)
if [ -n "$names" ]; then
  # shellcheck disable=SC2086
  (cd debs && apt-get download $names)
  for package in debs/*.deb; do
    dpkg -x "$package" root
  done
  rm -r debs
fi
touch done
