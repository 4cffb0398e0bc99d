# Everything a developer runs. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := avex evaluation explorer index precompute ui
NODE_TOOLS := typescript@7.0.2 @types/node@22.20.5
MARKS ?= not slow or wheel
SECONDS ?= 60
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint format imports types javascript unit fuzz clean

help:  ## Show this list.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(VENV)/.installed  ## Make .venv with every pinned dependency; quick when nothing changed.

demo: setup  ## Build the demo collections and serve them on 127.0.0.1.
	$(BIN)/avex demo

serve: setup  ## Serve collections: make serve COLLECTIONS="shoes.avex cats.avex".
	$(BIN)/avex serve $(COLLECTIONS)

test: setup lint imports types javascript unit  ## Run everything that .ci/run runs.

lint: setup  ## Check layout and style.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: setup  ## Lay out the code and mend what can be mended by itself.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

imports: setup
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy

javascript: setup
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory javascript-checks; \
	else echo "node and npm are not installed: the JavaScript tests and their type check are left out"; fi

.PHONY: javascript-checks
javascript-checks: $(VENV)/node/.installed
	node --test --test-reporter=spec tests/static/
	$(VENV)/node/node_modules/.bin/tsc --project tests/static/tsconfig.json

unit: setup
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m "$(MARKS)"

fuzz: setup  ## Feed the readers of messages and images with broken ones: make fuzz SECONDS=600.
	$(BIN)/python -m tests.hostile.fuzz --seconds $(SECONDS)

clean:  ## Remove .venv, the demo collections and every cache.
	rm -rf $(VENV) demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(PACKAGES) tests -name __pycache__ -type d -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1): name another one, make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet --constraint .ci/constraints.txt --editable '.[dev,demo]'
	touch $@

$(VENV)/node/.installed: Makefile
	npm install --prefix $(VENV)/node --no-audit --no-fund --loglevel=error $(NODE_TOOLS)
	touch $@
