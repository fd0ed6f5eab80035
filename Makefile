# Two commands on a fresh machine: `make demo` and `make test`. Each creates .venv itself.
PYTHON ?= python3
BIN := .venv/bin

# Only files whose SHA-256 stands in a lock are installed, and none that would run code to be built but our own.
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all:
INSTALL_OURS := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .

.PHONY: demo test test-fast check bench docs lock sbom clean

demo: .venv/.installed
	$(BIN)/headwater demo --out headwater-demo

test: .venv/.dev check
	$(BIN)/pytest -n auto --dist loadfile

# While writing: no browser, no server, no other process, no real lists, no big matrix. Two minutes on two idle cores.
test-fast: .venv/.dev
	$(BIN)/pytest -n auto --dist loadfile -m "not slow"

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The tables of docs/method/matching.md: half an hour on two idle cores, with the reference data at ../shared.
# PEER=python of an environment with nomenklatura adds that peer; it is not installed here because it needs PyICU.
bench: .venv/.dev
	$(BIN)/python -m benchmarks.matching.tables $(if $(PEER),--logic-v2 $(PEER)) $(BENCH)

# Whatever the pages quote: outputs of commands, counts, tables, the tree. A test fails where a page is behind.
docs: .venv/.dev
	$(BIN)/python -m docs.quote

# The locks in requirements/, for all platforms; versions stay, unless UPGRADE=--upgrade. Needs a package registry.
lock: .venv/.dev
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet uv
	PATH="$(CURDIR)/.venv/lock/bin:$$PATH" $(BIN)/python -m docs.locks $(UPGRADE)

# What an installation consists of, as CycloneDX: headwater.cdx.json.
sbom: .venv/.dev
	$(BIN)/python -m docs.sbom > headwater.cdx.json

clean:
	rm -rf .venv headwater-demo headwater.cdx.json

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml requirements/run.txt
	$(INSTALL) -r requirements/run.txt
	$(INSTALL_OURS)
	@touch $@

.venv/.dev: .venv/.installed requirements/serve.txt requirements/dev.txt
	$(INSTALL) -r requirements/dev.txt
	@touch $@
