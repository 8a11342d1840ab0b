# `make` lists the targets. Each makes the virtual environment by itself, and all but unit, coverage and test-one install the
# Debian packages that are missing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
LAB := PYTHONPATH=ansible $(BIN)/python -m lab
UNIT := $(BIN)/pytest -m "not host" --ignore=tests/box --ignore=tests/browser --ignore=tests/calls
CATALOGUES := $(wildcard webui/translations/*/LC_MESSAGES/messages.po)
PYTEST_ARGS ?=
# Tests' files in memory: a third less time for those that need no box.
export PYTEST_DEBUG_TEMPROOT := /dev/shm

.PHONY: help up down shell unit coverage test-one test test-long lint install call bench translations lock clean

help: ## list these targets
	@sed -En 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

# The virtual environment, by what it can do. Each is made anew when what it holds may have changed.
# Tests that need no box: by pip alone.
.venv/unit: pyproject.toml requirements/build.lock requirements/box.lock requirements/tests.lock scripts/make-venv.sh \
  $(CATALOGUES)
	@scripts/make-venv.sh .venv box tests
	@touch $@

# Boxes too: by pip alone. The lab says which Debian packages it misses.
.venv/lab: .venv/unit requirements/lab.lock
	@scripts/make-venv.sh .venv box tests lab
	@touch $@

# Everything.
.venv/installed: .venv/lab scripts/host-packages.sh
	@scripts/host-packages.sh
	@touch $@

up: .venv/installed ## build and boot the lab (a whole box in a container) and load demo data
	@$(LAB) up

down: .venv/installed ## stop the lab; its data stays
	@$(LAB) down

shell: .venv/installed ## a terminal in the lab's box
	@$(LAB) shell

unit: .venv/unit ## run the tests that need no box, no root and no Debian package
	@$(UNIT) $(PYTEST_ARGS)

coverage: .venv/unit ## the same, and print how much of the program they run (takes nearly twice the time)
	@$(UNIT) --cov=agi --cov=appliance --cov=webui --cov-report=term:skip-covered --cov-fail-under=95 $(PYTEST_ARGS)

# A box is built by what those of these directories share.
test-one: $(if $(filter tests/box% tests/browser% tests/calls%,$(T)),.venv/lab,.venv/unit) ## run one file of tests: make test-one T=tests/appliance/access_codes/test_pins.py
	@test -n "$(T)" || { echo "Name a file of tests: make test-one T=tests/appliance/access_codes/test_pins.py" >&2; exit 1; }
	@$(BIN)/pytest -n0 $(PYTEST_ARGS) $(T)

test: lint ## run every gate and the tests (brings up a box of its own)
	@$(BIN)/pytest $(PYTEST_ARGS)

test-long: lint ## the same, with storms, random walks and all that takes minutes
	@$(BIN)/pytest --long $(PYTEST_ARGS)

lint: .venv/installed ## run the gates alone: ruff, mypy, yamllint, ansible-lint, shellcheck
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/lint.sh

install: .venv/installed ## run the playbook on the machines of ansible/inventory.yml
	@test -f ansible/inventory.yml || { echo "No ansible/inventory.yml: copy ansible/inventory.example.yml and put your machine in it." >&2; exit 1; }
	@cd ansible && ../$(BIN)/ansible-playbook -i inventory.yml site.yml

call: .venv/installed ## dial the demo bridge from a test phone and print what happens
	@$(BIN)/python -m tests.phone.demo_call

bench: .venv/installed ## measure, beside the bounds that are promised
	@$(BIN)/python -m tests.bench

translations: .venv/installed ## bring the catalogue of the web site's French up to date with the source
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/translations.sh update

lock: ## write requirements/*.lock: versions stay (remove a file before, for the newest)
	@scripts/lock.sh
	@git --no-pager diff --stat requirements

clean: .venv/installed ## stop and remove all boxes of the lab, their data and the cached base system
	@$(LAB) clean
