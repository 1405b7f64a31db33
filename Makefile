# hoplon: `make study` runs the bundled study, `make test` runs every check. `make help` lists the rest.
# Needs make and Python >= 3.11 and a package index; no compiler. uv is used when it is there.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done)
UV ?= $(shell command -v uv 2>/dev/null)
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

BIN := .venv/bin
SOURCES := $(shell find src/hoplon -type f -not -path '*/__pycache__/*')
NPM ?= $(shell command -v npm)
STATIC := src/hoplon/web/static
CHECKED := src tests benchmarks examples $(wildcard tools)

# On a build server a missing browser is an error; elsewhere the browser tests are left out, and that is said.
ifneq ($(CHROMIUM)$(filter true,$(CI)),)
SELECT :=
VERDICT := make test: every check passed.
else
SELECT := -m "not browser"
VERDICT := make test: every check that ran passed. NOT RUN: the browser tests, for no Chromium was found; install it, call make again.
endif

.PHONY: help setup setup-dev study test beside-the-tests quick lint types layers unit docs examples wheel web web-check validate bench bench-smoke line-coverage fuzz clean

help:
	@echo "make study   set up .venv, run the bundled study nato-europe into study/ (report: study/report.html)"
	@echo "make test    every check: lint, format, types, layers, tests, docs, examples, benchmarks once through"
	@echo "make quick   the fast part of make test"
	@echo "make bench   the benchmarks, measured"
	@echo "make fuzz    100,000 nearly right scenarios, 10,000 argument lists, 50 kills of each long command: about an hour"
	@echo "make line-coverage  which lines of src the tests run, kernels as Python: the best part of an hour"
	@echo "make docs    the manual, into site/"
	@echo "make validate  every outside case computed anew: VALIDATION.md, its page of the manual, the packaged record"
	@echo "make wheel   sdist and wheel, installed in empty environments with the newest and the lowest versions, and tried"
	@echo "make web     build the page of hoplon serve, with npm, into $(STATIC)"
	@echo "make clean   remove everything that make made"

# --- environment -------------------------------------------------------------------------------------------------

ifneq ($(UV),)
PIP = $(UV) pip
INSTALL = $(PIP) install --quiet --python $(BIN)/python
else
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install --quiet
endif

.venv/made:
	@test -n "$(PYTHON)" || { echo "hoplon needs Python 3.11 or newer; none was found. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@rm -rf .venv
ifneq ($(UV),)
	$(UV) venv --quiet --python $(PYTHON) .venv
else
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is incomplete here (on Debian: apt-get install python3-venv)." >&2; exit 1; }
endif
	@touch $@

.venv/ready: .venv/made requirements.txt pyproject.toml
	$(INSTALL) --only-binary :all: -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(INSTALL) --only-binary :all: -r requirements-dev.txt
	@touch $@

setup: .venv/ready
setup-dev: .venv/ready-dev

# --- the study ---------------------------------------------------------------------------------------------------

study: study/report.html
	@echo "The report is study/report.html"

study/report.html: .venv/ready $(SOURCES)
	$(BIN)/hoplon study nato-europe -o study
	@touch $@

# --- checks ------------------------------------------------------------------------------------------------------

test: beside-the-tests unit
	@echo "$(VERDICT)"

# These are of one process each: two at a time.
beside-the-tests: .venv/ready-dev
	@+$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types layers web-check docs examples bench-smoke wheel

quick: lint types layers .venv/ready-dev
	$(BIN)/python -m pytest -x -q -m "not slow and not browser"

lint: .venv/ready-dev
	$(PIP) check $(if $(UV),--python $(BIN)/python)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)

types: .venv/ready-dev
	$(BIN)/mypy

layers: .venv/ready-dev
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/unit/test_layout.py

unit: .venv/ready-dev
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations 20 $(SELECT)

docs: .venv/ready-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

examples: .venv/ready-dev
	@set -e; for example in examples/*.py; do echo "$$example"; \
		MPLBACKEND=agg $(BIN)/python -W error $$example > /dev/null; done

# On a build server, where the suite compiles and studies enough, a smoke test.
wheel: .venv/ready-dev
	$(BIN)/python tools/check_wheel.py $(if $(CI),--smoke) $(if $(WHEEL_PYTHON),--python $(WHEEL_PYTHON))

# The page is served as it is committed, without Node. Where npm is, its sources are checked, and a rebuild must give the
# same bytes; elsewhere that is left out, and said; on a build server it is an error.
web/node_modules/ready: web/package.json web/package-lock.json
	cd web && $(NPM) install --no-save --silent
	@touch $@

web: web/node_modules/ready
	cd web && $(NPM) run --silent build

ifneq ($(NPM)$(filter true,$(CI)),)
web-check: web/node_modules/ready
	cd web && $(NPM) run --silent lint && $(NPM) run --silent test
	@rm -rf build/web && cd web && $(NPM) run --silent build -- --outDir ../build/web
	diff -r build/web $(STATIC)
else
web-check:
	@echo "NOT RUN: the check of the page's sources, for there is no npm."
endif

validate: .venv/ready
	$(BIN)/hoplon validate -o VALIDATION.md -o docs/validation.md -o src/hoplon/validation/record.csv

bench-smoke: .venv/ready-dev
	$(BIN)/python -m benchmarks --once

# --- measuring, tidying ---------------------------------------------------------------------------------

fuzz: .venv/ready-dev
	$(BIN)/python -m tests.fuzz --scenarios 100000 --arguments 10000
	$(BIN)/python -m tests.kills --times 50

# The lines of a compiled kernel are not seen: the tests of kernels run once more as Python, too slow to end all of them.
# The first run says whether tests pass; of the second only the lines are wanted.
COVER := COVERAGE_FILE=$(CURDIR)/build/coverage/lines $(BIN)/python -m coverage
AS_PYTHON := $(addprefix tests/verification/test_, arc_nodes.py detection.py dynamic.py filters_look_by_look.py flight.py \
	flyout_on_a_dense_grid.py horizon.py intersection.py kill_chain.py lethality.py picture.py raid.py \
	raid_against_engagement.py shared_magazine.py shots_on_every_second.py track_information.py) \
	$(addprefix tests/properties/test_, engagement_properties.py margin_properties.py raid_association.py raid_fallback.py \
	raid_handlers.py raid_links.py) \
	$(addprefix tests/unit/test_, federation_events.py hitting_sets.py kill_chain.py perfect_command.py \
	picture_measures.py powered.py raid_assignment.py raid_ways.py stability_speeds.py study_track.py subsets.py \
	survivability_and_attribution.py)

line-coverage: .venv/ready-dev
	$(INSTALL) coverage==7.17.5
	@rm -rf build/coverage && mkdir -p build/coverage
	$(COVER) run -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m "not browser"
	-PYTHONPATH=tests NUMBA_DISABLE_JIT=1 $(COVER) run -m pytest -q -n auto --maxprocesses 4 --dist loadfile -p cut_off \
		-W ignore::RuntimeWarning $(AS_PYTHON)
	$(COVER) combine --quiet
	$(COVER) report --skip-covered --sort=-miss --fail-under=92

bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv web/node_modules study site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks build dist
	find src tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} +
