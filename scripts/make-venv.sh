#!/bin/sh
# Makes or updates the virtual environment for development: the named lock files, and this source tree, editable.
#   make-venv.sh VENV LOCK...     LOCK is the name of a file in requirements/
set -eu
cd "$(dirname "$0")/.."

venv=$1
shift
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; python3 here is $(python3 --version 2>&1)." >&2
    exit 1
fi
echo "Installing Python packages into $venv: $* (a minute or two the first time) ..."
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"

install() {
    "$venv/bin/pip" -qq --disable-pip-version-check install --no-build-isolation "$@"
}

# The build tools come first: pip's isolated build environments would ignore the lock files.
install --require-hashes --requirement requirements/build.lock
for lock; do
    shift
    set -- "$@" --requirement "requirements/$lock.lock"
done
install --require-hashes "$@"
# This tree has no hash; its dependencies are installed.
install --no-deps --editable .
PATH="$(realpath "$venv")/bin:$PATH" scripts/translations.sh compile
