# The project's commands. `make` alone lists them.
PY      := .venv/bin/python
PYTHON  ?= python3
PORT    ?= 8000
PIP     := $(PY) -m pip install -q --disable-pip-version-check --no-input
LOCK    := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header
QUICK   := $(PY) -m pytest -q -n 2 -m "not slow"
SLOW    := $(PY) -m pytest -q -n 2 --dist loadgroup --no-loadscope-reorder -m "slow and not alone"
ALONE   := $(PY) -m pytest -q -m alone
SUITE   := $(QUICK) && $(SLOW) && $(ALONE)
export PORT
# Set in some places, but here many processes load the same code: compiled once, it loads in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run demo test soak check docs screenshots bench wheels lock clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run.stamp ## serve on http://127.0.0.1:8000 (PORT=) with the embedded register
	@.venv/bin/aduan serve

demo: .venv/run.stamp ## file the sample complaints through the API of the running server
	@.venv/bin/aduan demo

test: .venv/test.stamp ## the whole suite, bounded: quick tests first, then slow ones, then those that measure
	@sh tests/install-programs.sh
	@$(SUITE)

soak: .venv/test.stamp ## the same suite with its counts in full
	@sh tests/install-programs.sh
	@export ADUAN_TEST_SCALE=full; $(SUITE)

check: .venv/test.stamp ## format, lint, types, rooms, lock files
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) .ci/locks.py

docs: .venv/test.stamp ## renew the tables in the documentation, and those of Google's messages
	@$(PY) docs/tables.py && $(PY) docs/messages.py

screenshots: .venv/test.stamp ## take the gallery of all pages and papers anew, into docs/gallery
	@sh tests/install-programs.sh
	@$(PY) -m docs.screenshots

bench: .venv/test.stamp ## measure: API calls and times, side by side in one run
	@sh tests/install-programs.sh
	@$(PY) -m bench

wheels: .venv/test.stamp ## show that the run-time lock has wheels for Linux and Windows, Python 3.11 to 3.14
	@sh .ci/wheels.sh

lock: .venv/test.stamp ## bring both lock files in line with pyproject.toml (UPGRADE=--upgrade takes the newest of all)
	$(LOCK) $(UPGRADE) pyproject.toml -o requirements.lock
	$(LOCK) $(UPGRADE) --extra test -c requirements.lock pyproject.toml -o requirements-test.lock

# A venv, also where Debian's python3-venv is missing: root installs it, anybody else builds one with their pip,
# virtualenv or uv, and whoever has none of these is told the one command to type.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed. On Debian or Ubuntu type:  sudo apt-get install python3 python3-venv"; \
		echo "If it has another name than $(PYTHON), type for instance:  make run PYTHON=python3.12"; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
	|| { rm -rf .venv; [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "Installing python3-venv ..." && apt-get update -qq >/dev/null \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null 2>&1 \
		&& $(PYTHON) -m venv .venv >/dev/null 2>&1; } \
	|| { rm -rf .venv; $(PYTHON) -m venv --without-pip .venv >/dev/null 2>&1 \
		&& $(PYTHON) -m pip -q --python .venv/bin/python install pip 2>/dev/null; } \
	|| { rm -rf .venv; $(PYTHON) -m virtualenv -q .venv 2>/dev/null; } \
	|| { rm -rf .venv; uv venv -q --seed --python "$$(command -v $(PYTHON))" .venv 2>/dev/null; } \
	|| { rm -rf .venv; echo "Python's venv module is missing. Type:  sudo apt-get install python3-venv"; exit 1; }

.venv/run.stamp: .venv/bin/python requirements.lock pyproject.toml setup.py $(wildcard */translations/*/LC_MESSAGES/*.po)
	@echo "Installing into .venv (the first time takes a minute or two) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) --no-deps -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.lock
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

clean: ## remove what the other commands made, except data/
	rm -rf .venv build dist *.egg-info
