#!/bin/sh
# Makes or updates the virtual environment of development: what the named lock files hold, and this source tree, editable.
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

# What builds comes first: nothing is built in an isolated environment, whose versions no lock file would hold.
install --require-hashes --requirement requirements/build.lock
for lock; do
    shift
    set -- "$@" --requirement "requirements/$lock.lock"
done
install --require-hashes "$@"
# This tree, which has no hash. What it needs is there.
install --no-deps --editable .
PATH="$(realpath "$venv")/bin:$PATH" scripts/translations.sh compile
