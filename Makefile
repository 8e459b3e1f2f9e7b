# All that a checkout needs goes into .venv; nothing else has to be installed but Python and make.
# Stamp files in .venv remember what was set up, so that a second make starts at once.
# (make splits paths at spaces: a checkout whose own folder name holds a space is fine, since all paths here are relative.)

PYTHON ?= python3
QUICKSTART := notebooks/01_quickstart.ipynb
CHECKED := intercom_nb tests tools benchmarks docs notebooks
BINDER_EXTRAS := lab charts data

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
# JupyterLab refuses to run as root unless told; in containers root is who one is.
LAB_ARGS ?= $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.PHONY: rehearse help lab demo test check lint docs links lock clean bench soak
.DELETE_ON_ERROR:

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

lab: .venv/.lab ## set up, and open JupyterLab on the quickstart notebook
	.venv/bin/jupyter lab $(LAB_ARGS) $(QUICKSTART)

demo: .venv/.lab ## the same notebook without a screen: run it, print its last table
	@$(PY) tools/run_notebook.py $(QUICKSTART)

test: lint ## set up, and run every check and test (browser tests where a Chromium is found)
	$(PY) -m pytest -n 2 --no-loadscope-reorder --ignore tests/project/test_binder_rehearsal.py

rehearse: .venv/.dev ## build the Binder environment in a clean folder and run every notebook in it
	$(PY) -m pytest tests/project/test_binder_rehearsal.py

check: lint ## the fast part of it: no browser, no notebooks
	$(PY) -m pytest -n 2 -m "not browser and not notebook and not slow"

lint: .venv/.dev ## style, types and layers only
	$(PY) -m ruff check $(CHECKED)
	$(PY) -m ruff format --check $(CHECKED)
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: .venv/.dev ## measure speed and memory, beside other clients and what bounds them: one table
	$(PY) -m benchmarks

soak: .venv/.dev ## extract amid faults, changes and kills, and compare (SECONDS=180, SEED= to repeat)
	$(PY) -m benchmarks.soak --seconds $(or $(SECONDS),180) $(if $(SEED),--seed $(SEED))

docs: .venv/.dev ## build the guide into build/docs (a broken link fails it)
	$(PY) -m sphinx -W --keep-going -q -b html -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

links: .venv/.dev ## ask every external link of the guide whether it is there (needs the network)
	$(PY) -m sphinx -q -b linkcheck -d build/doctrees docs build/links

# One version of each package for every platform and Python: `make`, CI, pip and uv read the same file.
COMPILE := $(PY) -m uv pip compile pyproject.toml --quiet --upgrade --no-annotate --python-version 3.11 \
  --custom-compile-command "make lock"

lock: .venv/.dev ## renew constraints.txt and binder/requirements.txt
	$(COMPILE) --all-extras --group dev --universal --fork-strategy fewest --output-file constraints.txt
	$(COMPILE) $(addprefix --extra ,$(BINDER_EXTRAS)) --python-platform linux \
	  --constraint constraints.txt --output-file binder/requirements.txt

clean: ## remove .venv and everything that was made
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
	@$(PIP) install --constraint constraints.txt --upgrade pip
	@touch $@

.venv/.lab: .venv/.python pyproject.toml constraints.txt
	@$(PIP) install --constraint constraints.txt --editable ".[lab,charts,data,dask,agents]"
	@touch $@

.venv/.dev: .venv/.python pyproject.toml constraints.txt
	@$(PIP) install --constraint constraints.txt --editable ".[all]" --group dev
	@touch .venv/.lab $@
