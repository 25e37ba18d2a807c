# `make demo` and `make test` are all a fresh clone needs. The rest is for those who work on kullback.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BUILD := pyproject.toml CMakeLists.txt $(wildcard native/*)
# pip warns of index folders that do not exist on some machines; that is no news to anyone here.
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check $(1) 2>&1 \
	| { grep -v "is ignored: it is neither a file nor a directory" || true; }

.PHONY: help demo test check test-pure test-spark bench bench-tables bench-learn docs clean

help:  ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo  ## Compare New York's flights of January and July 2013 (creates .venv, installs, runs)
	@mkdir -p build
	@$(BIN)/kullback compare examples/flights/january.parquet examples/flights/july.parquet --html build/flights.html
	@echo; echo "The report: file://$(CURDIR)/build/flights.html"

test: $(VENV)/.test  ## Install what tests need and run them all
	@$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.check  ## Lint, format, types, import contract, doctests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q --doctest-modules src

test-pure: $(VENV)/.demo  ## Build a wheel without a compiler and test that the array path serves
	@rm -rf $(VENV)-pure && $(PYTHON) -m venv $(VENV)-pure
	@CC=/nonexistent CXX=/nonexistent $(VENV)-pure/bin/python -m pip install -q --disable-pip-version-check \
		. "pytest>=8.3" "mpmath>=1.3" "hypothesis>=6.110" 2>&1 | { grep -v "is ignored: it is neither a file" || true; }
	@KULLBACK_EXPECT_KERNELS=0 $(VENV)-pure/bin/python -m pytest -q -k "not torch and not jax" \
		tests/test_config.py tests/truths tests/laws

test-spark: $(VENV)-spark/.test  ## Test tables in a real Spark (Java 17; installs PySpark into .venv-spark)
	@$(VENV)-spark/bin/python -m pytest -q tests/spark

bench: $(VENV)/.bench  ## Measure the kernels against numpy, scipy, torch and numkong; writes docs/benchmarks.md
	@$(BIN)/python benchmarks/speed.py

bench-tables: $(VENV)/.bench  ## Measure table comparisons against DuckDB, evidently, nannyml; writes docs/benchmarks-tables.md
	@$(BIN)/python benchmarks/tables.py

bench-learn: $(VENV)/.bench  ## Measure learning against NumPyro, Pyro, PyMC, torch, pythae, bayesian-torch; writes docs/benchmarks-learn.md
	@$(BIN)/python benchmarks/learn.py

docs: $(VENV)/.docs  ## Build the documentation into docs/_build
	@$(BIN)/python docs/make_pictures.py
	@$(BIN)/python docs/make_tables.py
	@$(BIN)/python docs/make_atlas.py
	@$(BIN)/python docs/make_counts.py
	@$(BIN)/sphinx-build -q -W -b html docs docs/_build

clean:  ## Remove the virtual environments and what was built
	rm -rf $(VENV) $(VENV)-pure $(VENV)-spark build docs/_build

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BUILD) | $(BIN)/python
	@echo "Installing kullback with its table tools into $(VENV) …"
	@$(call INSTALL,-e ".[tables$(comma)report]")
	@touch $@

$(VENV)/.torch: | $(BIN)/python
	@echo "Installing torch for the tests …"
	@$(call INSTALL,torch==2.13.0)
	@touch $@

$(VENV)/.test: $(VENV)/.torch $(BUILD)
	@echo "Installing kullback and what its tests need into $(VENV) …"
	@$(call INSTALL,-e ".[test]")
	@touch $@ $(VENV)/.demo

$(VENV)-spark/.test: $(BUILD)
	@test -e $(VENV)-spark || $(PYTHON) -m venv $(VENV)-spark
	@echo "Installing kullback and PySpark into $(VENV)-spark …"
	@$(VENV)-spark/bin/python -m pip install -q --disable-pip-version-check -e ".[spark]" "pytest>=8.3" "hypothesis>=6.110" 2>&1 \
		| { grep -v "is ignored: it is neither a file" || true; }
	@touch $@

$(VENV)/.check: $(VENV)/.test
	@$(call INSTALL,-e ".[test$(comma)check]")
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	@$(call INSTALL,-e ".[test$(comma)bench]")
	@# Asked for with their requirements these would bring another torch, and a copy of dataclasses.
	@$(call INSTALL,--no-deps "pythae>=0.1.2" "bayesian-torch>=0.5")
	@touch $@

$(VENV)/.docs: $(VENV)/.demo
	@$(call INSTALL,-e ".[tables$(comma)docs]")
	@touch $@

comma := ,
