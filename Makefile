# Two commands on a fresh machine: `make demo` and `make test`. Each creates .venv itself.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-fast check bench docs clean

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
bench: .venv/.bench
	$(BIN)/python -m benchmarks.matching.tables $(if $(PEER),--logic-v2 $(PEER)) $(BENCH)

# Whatever the pages quote: outputs of commands, counts, tables, the tree. A test fails where a page is behind.
docs: .venv/.dev
	$(BIN)/python -m docs.quote

clean:
	rm -rf .venv headwater-demo

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --only-binary :all: --no-binary headwater -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/.installed pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --only-binary :all: --no-binary headwater -c constraints.txt -e '.[serve,dev]'
	@touch $@

.venv/.bench: .venv/.installed pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --only-binary :all: --no-binary headwater -c constraints.txt -e '.[bench]'
	@touch $@
