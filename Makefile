# demo: an invented study, end to end.  test: all checks.  Only Python >= 3.11, make and a package index are needed.
PYTHON ?= python3
PYTEST_ARGS ?= -n auto --dist worksteal
VENV := .venv
BIN := $(VENV)/bin
DONE := .make
SQL := $(shell find sql -name '*.sql' -not -path 'sql/ddl/*')
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-full fuzz fuzz-canaries mutate lint format docs pictures bench plans clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: $(DONE)/core ## Make an invented study, load it, link its images, show what to ask
	$(BIN)/harmonize demo --out demo

serve: $(DONE)/test ## Serve the invented study at http://127.0.0.1:8000
	$(BIN)/harmonize serve --data demo/service --demo

# used_statements notes which statements each test reads, for `make mutate`.
test: lint docs ## Style, types, links and all tests
	PYTHONPATH=tests/mutate $(BIN)/python -m pytest -p used_statements $(PYTEST_ARGS)

test-full: lint docs ## The same, golden cases planned as large loads are, every kind of token in every field (an hour)
	HARMONIZE_TESTS=full HARMONIZE_PRIVACY_STUDY=full $(BIN)/python -m pytest $(PYTEST_ARGS)

# docs/tests.md: FUZZ_SECONDS in all, FUZZ_SEED to see a find again, FUZZ_TIMES as many examples, FUZZ_ARGS for pytest.
FUZZ_SECONDS ?= 600
FUZZ_SEED ?=
FUZZ_TIMES ?= 4
FUZZ_ARGS ?= tests

fuzz: $(DONE)/test ## Go on with the random tests, other examples each time, for FUZZ_SECONDS (600)
	HARMONIZE_EXAMPLES=fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) FUZZ_TIMES=$(FUZZ_TIMES) \
	  $(BIN)/python -m pytest -m hypothesis $(FUZZ_ARGS)

fuzz-canaries: $(DONE)/test ## Plant known faults; each must be found (CANARIES="name name": only these)
	$(BIN)/python tests/canaries.py $(CANARIES)

MUTATE_ARGS ?= --seconds 3600

mutate: $(DONE)/test ## Plant faults in sql/, mappings/ and harmonize/ for an hour; would the tests notice? (MUTATE_ARGS)
	$(BIN)/python tests/mutate/mutate.py $(MUTATE_ARGS)

lint: $(DONE)/test $(DONE)/sql ## Style, imports, dependencies, SQL, spelling, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/deptry . benchmarks tests tests/*/ tests/*/*/
	$(BIN)/codespell
	$(BIN)/mypy

format: $(DONE)/test ## Write the code as ruff formats it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The theme's notice about versions of mkdocs that the range in pyproject.toml leaves out is not for those who build here.
docs: $(DONE)/test ## Check the links of the Markdown files, build the documentation site (site/index.html)
	$(BIN)/python docs/check_links.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/python docs/check_site.py

pictures: $(DONE)/test ## Make the pictures of the documentation anew, with the Chromium of the system
	$(BIN)/python docs/make_pictures.py

bench: $(DONE)/test ## Measure, and compare with benchmarks/floors.yaml
	$(BIN)/python benchmarks/run.py

plans: $(DONE)/test ## Compile the shipped schemas and mappings anew, write their pages
	$(BIN)/python -m harmonize.validation.privacy.names_build
	$(BIN)/python -m harmonize.mapping.plans_build
	$(BIN)/python -m harmonize.review.mapping_page
	$(BIN)/python -m harmonize.pipeline.steps.build

clean: ## Remove what was made
	rm -rf $(VENV) $(DONE) .mutate build dist demo site .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON). Name a Python of version 3.11 or later: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed, and $(PYTHON) is $$($(PYTHON) -V). Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv or ensurepip. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(DONE)/core: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@mkdir -p $(DONE) && touch $@

# Tests read DICOM too, compare with pandas, and ask the service; the other extras have no test that needs them.
$(DONE)/test: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[test,dicom,docs,service]'
	@mkdir -p $(DONE) && touch $@ $(DONE)/core

# Only the SQL that has changed: all of it takes a quarter of a minute.
$(DONE)/sql: $(SQL) pyproject.toml | $(DONE)/test
	$(BIN)/sqlfluff lint --processes 2 $(if $(filter pyproject.toml,$?),sql,$?)
	@touch $@
