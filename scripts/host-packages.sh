#!/bin/sh
# Installs the missing Debian packages that the lab and the tests need on this machine.
set -eu

packages="
chromium
debian-archive-keyring
iproute2
lame
mmdebstrap
nftables
python3-venv
shellcheck
sip-tester
systemd-container
vagrant
"

missing=""
for package in $packages; do
    status=$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null) || status="unknown"
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing:$missing" >&2
    echo "Run this as root, or install them: apt-get install$missing" >&2
    exit 1
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # split into words on purpose
if ! apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null 2>&1; then
    apt-get update --quiet=2
    apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null
fi
