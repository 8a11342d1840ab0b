#!/bin/sh
# Every gate over the source. Needs the virtual environment's bin first on PATH.
set -eu

ruff check .
ruff format --check .
mypy
yamllint --strict .
# Offline: what it would download (collections) comes with the locked ansible package.
ANSIBLE_CONFIG=ansible/ansible.cfg ansible-lint --offline --strict ansible
shellcheck scripts/*.sh .ci/run
ruby -c Vagrantfile >/dev/null
