#!/bin/sh
# Writes requirements/*.lock from pyproject.toml: every version and every hash of what pip installs.
# Versions that a file holds stay, as far as pyproject.toml lets them; a file that is missing gets the newest.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
[ -x .cache/lock/bin/pip ] || python3 -m venv .cache/lock
.cache/lock/bin/pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"

# lock NAME WHAT...: the versions of the files before it hold, so that all can be installed beside each other.
lock() {
    name=$1
    shift
    .cache/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command "make lock" --no-annotate --no-emit-index-url --no-emit-find-links \
        --output-file "requirements/$name.lock" "$@"
}

mkdir -p requirements
lock build --group build
lock box pyproject.toml --constraint requirements/build.lock
lock tests --group tests --constraint requirements/build.lock --constraint requirements/box.lock
lock lab --group lab --constraint requirements/build.lock --constraint requirements/box.lock \
    --constraint requirements/tests.lock
