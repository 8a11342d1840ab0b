#!/bin/sh
# Makes or updates the virtual environment for development: this source tree, editable, with locked dependencies.
set -eu

venv=$1
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; python3 here is $(python3 --version 2>&1)." >&2
    exit 1
fi
echo "Installing Python packages into $venv (about a minute the first time) ..."
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
pip="$venv/bin/pip -qq --disable-pip-version-check"
# pip's isolated build environments ignore the lock file, so the build tools are installed here with locked versions.
$pip install --constraint requirements.lock setuptools wheel
$pip install --constraint requirements.lock --no-build-isolation --editable '.[build,test,lab]'
PATH="$(realpath "$venv")/bin:$PATH" scripts/translations.sh compile
touch "$venv/installed"
