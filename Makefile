# Everything here works on a fresh machine with Python 3.11 or newer (with venv), make and the
# package index: the first call makes .venv and installs the locked versions into it.

.DEFAULT_GOAL := help
.PHONY: help run test test-slow check bench screenshots vendor lock clean venv venv-dev
MAKEFLAGS += --no-print-directory
# Where this is set, each of the many processes that the tests start compiles every module anew.
export PYTHONDONTWRITEBYTECODE =

PYTHON := $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
SLOW := slow or browser or processes or other_database

help: ## This list
	@echo "make COMMAND, where COMMAND is one of:"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 15
	@echo
	@echo "  make run PORT=8080         another port"
	@echo "  make run INSTANCE=/tmp/x   another data folder"
	@echo "  make test ARGS='-k feed'   some tests only"

run: venv ## Start the platform on this computer, with the starting data (demo mode)
	@NETAPP_DEMO=$${NETAPP_DEMO:-1} exec $(BIN)/python -m flask --app wsgi serve

test: venv-dev ## Run the tests, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not ($(SLOW))" $(ARGS)

test-slow: venv-dev ## Run those that take long: Chromium, real processes, long walks
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "$(SLOW)" $(ARGS)

check: venv-dev ## Format, lint, types, architecture; migrations against models on both databases
	@$(BIN)/python tools/check.py

bench: venv-dev ## Measure speed and the booking rush; writes docs/performance.md
	@$(BIN)/python -m bench $(ARGS)

screenshots: venv-dev ## Take the pictures of docs/ anew
	@$(BIN)/python -m tools.screenshots $(ARGS)

vendor: venv-dev ## Fetch the vendored fonts, icons and scripts anew (needs npm)
	@$(BIN)/python -m tools.vendor

lock: venv-dev ## Renew the locked versions of all packages
	@$(BIN)/python tools/lock.py

clean: ## Remove .venv and caches; the data in instance/ stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv venv-dev:
	@$(if $(PYTHON),$(PYTHON) tools/bootstrap.py $(if $(filter venv-dev,$@),--dev),\
	echo "Python 3.11 or newer is needed. On Debian and Ubuntu: sudo apt install python3 python3-venv"; exit 1)
