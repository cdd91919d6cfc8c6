# The project's commands. `make` alone lists them.
PY      := .venv/bin/python
PORT    ?= 8000
SCALE   ?= 1
export PORT

.PHONY: help run demo test soak check bench wheels lock translations clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run.stamp ## serve on http://127.0.0.1:$(PORT) with the embedded register
	@.venv/bin/aduan serve

demo: .venv/run.stamp ## file the sample complaints through the API of the running server
	@.venv/bin/aduan demo

test: .venv/test.stamp ## the whole suite, bounded: quick tests first, then PostgreSQL, browser and faults
	@sh tests/install-browser.sh
	@$(PY) -m pytest -q

soak: .venv/test.stamp ## the same suite with its counts in full
	@sh tests/install-browser.sh
	@ADUAN_TEST_SCALE=full $(PY) -m pytest -q

check: .venv/test.stamp ## format, lint, types, rooms, translations
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: .venv/test.stamp ## measure: API calls and times, side by side in one run
	@$(PY) -m bench

wheels: .venv/test.stamp ## show that the run-time lock has wheels for Linux and Windows, Python 3.11 to 3.14
	@sh bench/wheels.sh

lock: .venv/test.stamp ## renew both lock files
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra test -c requirements.lock pyproject.toml -o requirements-test.lock

# A venv, also where Debian's python3-venv is missing: root installs it, anybody else builds one with their pip,
# and whoever has neither is told the one command to type.
.venv/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: apt-get install python3"; exit 1; }
	@python3 -m venv .venv >/dev/null 2>&1 \
		|| { rm -rf .venv; [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv \
			&& python3 -m venv .venv; } \
		|| { rm -rf .venv; python3 -m venv --without-pip .venv \
			&& python3 -m pip -q --python .venv/bin/python install pip; } \
		|| { rm -rf .venv; echo "Python's venv module is missing. Type: sudo apt-get install python3-venv"; exit 1; }

.venv/run.stamp: .venv/bin/python requirements.lock pyproject.toml setup.py $(wildcard */translations/*/LC_MESSAGES/*.po)
	@echo "Installing into .venv (the first time takes a minute or two) ..."
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.lock
	@echo "Installing what the tests need ..."
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

clean: ## remove what the other commands made, except data/
	rm -rf .venv build dist *.egg-info
