# Everything a developer runs. `make demo` and `make test` need Python >= 3.11, git and make; what
# else they need they set up in this folder and in the user's cache folder, once.

PYTHON ?= python3
PYTEST_ARGS ?=
VENV := .venv
GATEWAY_VENV := .venv-gateway
BIN := $(VENV)/bin

# The tests and the demo run LiteLLM from its own environment.
export JOCH_GATEWAY_PYTHON ?= $(CURDIR)/$(GATEWAY_VENV)/bin/python

.DELETE_ON_ERROR:
.PHONY: help setup demo test generate lock bench clean check check-format check-lint check-types \
	check-layers check-spelling check-generated

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: $(VENV)/.ready $(GATEWAY_VENV)/.ready ## make .venv (with .venv/bin/joch) and .venv-gateway

demo: setup ## the main job, end to end, told step by step
	@$(BIN)/joch demo

test: check ## check, then every test, with one closing summary
	@$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

check: check-format check-lint check-types check-layers check-spelling check-generated ## format, lint, types, import layers, spelling, generated files

check-format: setup
	@$(BIN)/ruff format --check .

check-lint: setup
	@$(BIN)/ruff check .

check-types: setup
	@$(BIN)/mypy operator/joch tests $(wildcard bench)

check-layers: setup
	@$(BIN)/lint-imports

check-spelling: setup
	@$(BIN)/codespell

generate: setup ## print crds/ and the chart's CRDs from the types
	@$(BIN)/joch crds --dir crds
	@mkdir -p charts/joch/crds
	@rm -f charts/joch/crds/*.yaml
	@cp crds/*.yaml charts/joch/crds/

check-generated: setup
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && \
	$(BIN)/joch crds --dir "$$fresh" && \
	diff -r "$$fresh" crds && diff -r "$$fresh" charts/joch/crds || { \
	  echo 'crds/ or charts/joch/crds/ is not what the types print: run "make generate".' >&2; \
	  exit 1; }

bench: setup ## measure speed as ratios; prints a table and writes JSON
	@$(BIN)/python -m bench

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --custom-compile-command 'make lock'

lock: setup ## write requirements/*.txt anew from pyproject.toml, keeping the pins that still fit
	@$(COMPILE) pyproject.toml -o requirements/operator.txt
	@$(COMPILE) pyproject.toml --group dev --group demo -c requirements/operator.txt \
	  -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra gateway -o requirements/gateway.txt
	@$(COMPILE) --group pyproject.toml:build -c requirements/dev.txt -c requirements/gateway.txt \
	  -o requirements/build.txt

clean: ## remove what setup and the tools made in this folder (the user's cache folder stays)
	@rm -rf $(VENV) $(GATEWAY_VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis dist
	@find operator tests -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call environment,FOLDER,LOCK FILE): the stamp comes last, so that a killed setup starts over;
# the network is asked only for what the package cache lacks.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo '$(PYTHON) is missing or older than Python 3.11: install a newer one, and name it with "make PYTHON=...".' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo '$(PYTHON) lacks its venv module: install it (Debian, Ubuntu: the package python3-venv).' >&2; exit 1; }
	@echo 'Setting up $(1) from $(2) ...' >&2
	@start=$$(date +%s) && \
	$(PYTHON) -m venv $(1) && \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/build.txt && \
	{ $(1)/bin/uv pip sync --offline --quiet --python $(1)/bin/python --require-hashes $(2) requirements/build.txt 2>/dev/null || \
	  $(1)/bin/uv pip sync --python $(1)/bin/python --require-hashes $(2) requirements/build.txt; } && \
	$(1)/bin/uv pip install --quiet --python $(1)/bin/python --no-deps --no-build-isolation --editable . && \
	touch $@ && \
	echo "Set up $(1) in $$(($$(date +%s) - start)) s." >&2
endef

$(VENV)/.ready: requirements/dev.txt requirements/build.txt pyproject.toml
	$(call environment,$(VENV),requirements/dev.txt)

$(GATEWAY_VENV)/.ready: requirements/gateway.txt requirements/build.txt pyproject.toml
	$(call environment,$(GATEWAY_VENV),requirements/gateway.txt)
