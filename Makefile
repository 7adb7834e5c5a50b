# Everything from a fresh machine with Python 3.11 or newer: `make test`, `make demo`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench prove mutants lock clean

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Make .venv with the locked versions, and compile what runs at machine speed

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m wfm.warming
	touch $@

demo: setup  ## Plan a week for a real bank: history to report, in the folder demo
	rm -rf demo
	$(BIN)/wfm init demo --example technion
	$(BIN)/wfm plan -w demo --as-of 1999-02-27

test: setup  ## Run the tests
	$(BIN)/python -m pytest -q -m "not prove"

check: setup  ## Run the whole gate: style, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not prove"

bench: setup  ## Time every stage, and forecasts against their peers: FULL=1 for all origins
	$(BIN)/python -m benchmarks.stages
	test ! -d ../shared/data || $(BIN)/python -m benchmarks.forecasting $(if $(FULL),,--short)

prove: setup  ## Run the long proofs too
	$(BIN)/python -m pytest -q

mutants: setup  ## Change the rules piece by piece and list the changes that no test notices
	$(BIN)/python -m pip install --quiet "mutmut>=3.8,<3.9"
	$(BIN)/python -m benchmarks.mutants $(ONLY)

lock:  ## Lock the versions in .venv anew, with hashes and without addresses
	$(BIN)/python -m piptools compile --quiet --strip-extras --extra dev --generate-hashes \
	  --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-annotate --no-header --output-file requirements.lock pyproject.toml

clean:  ## Remove what was made
	rm -rf $(VENV) demo mutants build dist .pytest_cache .mypy_cache .ruff_cache
