# Needs only Python and make; everything else is installed into .venv.
# Stamp files in .venv record what is installed, so that a second make starts at once.
# All paths are relative: make splits paths at spaces, and the checkout's folder may have one in its name.

PYTHON ?= python3
QUICKSTART := notebooks/01_quickstart.ipynb
CHECKED := intercom_nb tests tools benchmarks docs notebooks binder
BINDER_EXTRAS := lab charts data
LAB_PACKAGES := .[lab,charts,data,dask,agents]
FAST := "not browser and not notebook and not slow"

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
# uv installs on all cores; pip is for whoever has a mirror that only pip's configuration names.
UV_INSTALL := $(PY) -m uv pip install --quiet --python $(PY) --compile-bytecode
INSTALL = $(UV_INSTALL) --constraint constraints.txt --editable $(1) 2>/dev/null || \
  $(PIP) install --constraint constraints.txt --editable $(1)
# JupyterLab refuses to run as root by default, and containers run as root.
LAB_ARGS ?= $(if $(filter 0,$(shell id -u)),--allow-root)

# Where it is set, each run would compile the package and its tests anew: 5 s of CPU.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help lab demo test check lint lint-js lowest rehearse bench soak docs links lite lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

lab: .venv/.lab ## set up .venv and open JupyterLab on the quickstart notebook
	.venv/bin/jupyter lab $(LAB_ARGS) $(QUICKSTART)

demo: .venv/.lab ## run the quickstart notebook without a browser and print its last table
	@$(PY) tools/run_notebook.py $(QUICKSTART)

test: lint ## run every check and test (browser tests if a Chromium is installed)
	$(PY) -m pytest -n 3 --no-loadscope-reorder --durations 40 --ignore tests/project/test_binder_rehearsal.py

# The test tools stay current: only what users install is held at its lowest version.
lowest: .venv/.dev ## run the fast tests with the lowest versions that pyproject.toml allows
	$(PY) -m uv venv --quiet --clear --python $(PY) build/lowest
	$(PY) -m uv pip compile pyproject.toml --quiet --all-extras --resolution lowest-direct --python $(PY) \
	  --no-annotate --output-file build/lowest.txt
	$(PY) -m uv pip install --quiet --python build/lowest --editable . --requirements build/lowest.txt --group test
	build/lowest/bin/python -m pytest -n 2 -m $(FAST)

rehearse: .venv/.dev ## build the Binder environment in a clean folder and run every notebook in it
	$(PY) -m pytest tests/project/test_binder_rehearsal.py

# One process: each further one would import everything again. `times` prints the CPU time of both.
check: .venv/.dev ## run linters and the fast tests (at most 60 s of CPU): no browser, no notebooks
	@$(MAKE) --no-print-directory lint && $(PY) -m pytest -m $(FAST) --durations 5 --durations-min 0.3 && \
	echo "CPU time, user and system (first line: the shell, second: its programs):" && times

lint: .venv/.dev lint-js ## check style, types and layers
	$(PY) -m ruff check $(CHECKED)
	$(PY) -m ruff format --check $(CHECKED)
	$(PY) -m mypy
	.venv/bin/lint-imports

# Only the checks of the forms' JavaScript need Node; .ci/run installs it.
lint-js:
	@if command -v npm >/dev/null; then \
	  test -x node_modules/.bin/biome || npm install --silent --no-audit --no-fund --no-package-lock; \
	  node_modules/.bin/biome ci . && npm test --silent; \
	else echo "SKIPPED: npm is not installed, so the JavaScript is not checked"; fi

bench: .venv/.dev ## measure speed and memory beside other clients; write the tables in the guide
	$(PY) -m benchmarks --write

soak: .venv/.dev ## extract amid faults, changes and kills, and compare (SECONDS=180, SEED= to repeat)
	$(PY) -m benchmarks.soak --seconds $(or $(SECONDS),180) $(if $(SEED),--seed $(SEED))

docs: .venv/.dev ## build the guide into build/docs (fails on broken links)
	$(PY) -m sphinx -W --keep-going -q -b html -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

links: .venv/.dev ## check the external links of the guide (needs the network)
	$(PY) -m sphinx -q -b linkcheck -d build/doctrees docs build/links

lite: .venv/.dev ## experimental: build a JupyterLite site of the notebooks into build/lite
	$(PY) -m uv venv --quiet --clear --python $(PY) build/lite-env
	$(PY) -m uv pip install --quiet --python build/lite-env --constraint constraints.txt --group lite
	$(PY) tools/build_lite.py $(if $(PYODIDE),--pyodide "$(PYODIDE)")

# One version of each package for every platform and Python: `make`, CI, pip and uv read the same file.
COMPILE := $(PY) -m uv pip compile pyproject.toml --quiet --upgrade --no-annotate --python-version 3.11 \
  --custom-compile-command "make lock"

lock: .venv/.dev ## update constraints.txt and binder/packages.txt
	$(COMPILE) --all-extras --group dev --universal --fork-strategy fewest --output-file constraints.txt
	$(COMPILE) $(addprefix --extra ,$(BINDER_EXTRAS)) --python-platform linux \
	  --constraint constraints.txt --output-file binder/packages.txt

clean: ## remove .venv and everything generated
	rm -rf .venv build dist test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find intercom_nb tests tools -name __pycache__ -prune -exec rm -rf {} +

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "intercom_nb needs Python 3.11 or newer, and \`$(PYTHON)\` is: $$($(PYTHON) --version 2>&1 | head -n 1)"; \
	  echo "Name another one, as in: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv and pip. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up .venv: a minute or two, once."
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PIP) install --constraint constraints.txt --upgrade pip uv
	@touch $@

.venv/.lab: .venv/.python pyproject.toml constraints.txt
	@$(call INSTALL,"$(LAB_PACKAGES)")
	@touch $@

.venv/.dev: .venv/.python pyproject.toml constraints.txt
	@$(call INSTALL,".[all]" --group dev)
	@touch .venv/.lab $@
