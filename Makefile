# make reports: environment, locked dependencies, main job.   make test: environment and every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Two processes share two cores: more threads in each only wait for each other. Compiled tests are kept.
test test-full mutants: export OPENBLAS_NUM_THREADS := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: reports test test-full lint bench mutants lab lock clean

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

reports: $(VENV)/.installed
	$(BIN)/pkp run

test: $(VENV)/.installed
	$(BIN)/python -m pytest -p no:nbval -n 2 --dist worksteal -m "not slow"

test-full: $(VENV)/.installed
	$(BIN)/python -m pytest

lint: $(VENV)/.installed
	$(BIN)/ruff check pkp_analysis tests
	$(BIN)/ruff format --check pkp_analysis tests

# Plants 200 faults, one at a time, in a copy of the project: at least 90 % must be noticed by the module's tests.
mutants: $(VENV)/.installed
	$(BIN)/python -m tests.mutants --jobs 2

bench: $(VENV)/.installed
	$(BIN)/python -m tests.benchmarks

# A notebook that was run shows no change in git; cells tagged keep_output (04) keep theirs. Without .venv it is left as it is.
lab: $(VENV)/.installed
	-git config filter.pkp-notebooks.clean "test ! -x '$(abspath $(BIN)/python)' && cat || '$(abspath $(BIN)/python)' -m pkp_analysis.lab.stripped"
	$(BIN)/pkp lab

# Needs uv; run after changing the dependencies in pyproject.toml.
lock:
	uv pip compile pyproject.toml --all-extras --generate-hashes --universal --no-annotate --no-header --python-version 3.11 --output-file requirements.lock
	$(BIN)/python -m tests.environment_file > environment.yml

clean:
	rm -rf data/processed/* reports/*
