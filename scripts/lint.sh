#!/bin/sh
# Runs all static checks of the source. Needs the bin directory of the virtual environment first on PATH.
set -eu

ruff check .
ruff format --check .
mypy
yamllint --strict .
# Offline: the collections that it would download are part of the locked ansible package.
ANSIBLE_CONFIG=ansible/ansible.cfg ansible-lint --offline --strict ansible
shellcheck scripts/*.sh .ci/run ansible/roles/asterisk/files/try-asterisk ansible/roles/appliance/files/pont \
    ansible/roles/web/files/make-certificate
VAGRANT_HOME=.cache/vagrant VAGRANT_CHECKPOINT_DISABLE=1 vagrant validate --ignore-provider >/dev/null
