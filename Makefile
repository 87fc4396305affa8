# Needs Python >= 3.11 with venv, and make. Everything else is installed into .venv and web/node_modules.
PYTHON ?= python3
BIN := .venv/bin
# Locks name no registry: the machine's own settings say where packages come from.
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export VIRTUAL_ENV := $(CURDIR)/.venv
UV := $(BIN)/uv
PIP_INSTALL := $(UV) pip install --quiet --require-hashes
SITE_SOURCES := $(shell find web -name node_modules -prune -o -path web/lighthouse -prune -o -type f -print) build_site.py

.DEFAULT_GOAL := help
.PHONY: help install run test check check-python check-web contract fix web openapi lock bench bench-quick lighthouse screenshots

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/installed goatedvips/static/index.html ## Install the program into .venv and build the site

run: install ## Run everything on http://127.0.0.1:8000, with a simulated feed unless GOATED_API_URL is set
	@exec $(BIN)/goatedvips up

test: .venv/developing goatedvips/static/index.html ## Run everything that CI runs: all checks, all tests, coverage, quick benchmarks
	$(MAKE) --jobs=2 check-python check-web bench-quick
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadscope --cov --cov-report=
	$(BIN)/python -m coverage report --skip-covered
	$(BIN)/python -m coverage report --include=$$($(BIN)/python tests/pure_modules.py) --fail-under=100

check: check-python check-web ## Lint, types, import contracts, and what must be in step

check-python: .venv/developing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check-web: goatedvips/static/index.html
	$(BIN)/python build_site.py npm run check

contract: .venv/developing ## Ask the running system everything that docs/openapi.json allows and forbids, for some ten minutes
	GOATEDVIPS_CONTRACT=thorough $(BIN)/python -m pytest -n 2 -rP tests/contract

fix: .venv/developing ## Format, and mend what lint can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python build_site.py npm run fix

web: ## Build the site anew
	rm -f goatedvips/static/index.html
	$(MAKE) goatedvips/static/index.html

openapi: .venv/developing goatedvips/static/index.html ## Write docs/openapi.json and the TypeScript types made from it
	$(BIN)/goatedvips openapi > docs/openapi.json
	$(BIN)/python build_site.py npm run types

bench: .venv/developing ## Run all benchmarks
	$(BIN)/python benchmarks/all.py

bench-quick: .venv/developing ## Run all benchmarks on little data: that they run, not how fast
	$(BIN)/python benchmarks/all.py --quick

lighthouse: .venv/developing goatedvips/static/index.html .venv/lighthouse ## Hold the main pages against Lighthouse's bars
	$(BIN)/python -m tests.web.lighthouse

screenshots: .venv/developing goatedvips/static/index.html ## Take the pictures in docs/screenshots
	$(BIN)/python docs/screenshots/take.py

lock: .venv/tools ## Lock the newest versions that pyproject.toml allows
	$(UV) pip compile --quiet --upgrade $(LOCK) --group pyproject.toml:tools -o requirements/tools.txt
	$(UV) pip compile --quiet --upgrade $(LOCK) --group pyproject.toml:node -o requirements/node.txt
	$(UV) pip compile --quiet --upgrade $(LOCK) pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --upgrade $(LOCK) --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.venv/tools: requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Making .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv/installed: .venv/tools requirements/run.txt pyproject.toml
	@echo "Installing the program ..."
	@$(PIP_INSTALL) -r requirements/run.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/developing: .venv/installed requirements/dev.txt
	@echo "Installing what development needs ..."
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $@

# Node.js comes from PyPI where the machine has none that is new enough.
.venv/node: .venv/tools requirements/node.txt
	@$(BIN)/python build_site.py node || { echo "Installing Node.js ..." && $(PIP_INSTALL) -r requirements/node.txt; }
	@touch $@

.venv/lighthouse: .venv/node web/lighthouse/package-lock.json
	$(BIN)/python build_site.py npm --prefix lighthouse ci
	@touch $@

goatedvips/static/index.html: .venv/node $(SITE_SOURCES)
	@echo "Building the site ..."
	@$(BIN)/python build_site.py
	@touch $@
