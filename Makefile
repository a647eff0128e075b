# Everything that a clean clone needs: git, make, and Python 3.11, 3.12 or 3.13. The rest is installed into $(VENV).
#
#   make demo                        the founding case, solved into out/
#   make test                        the whole suite
#   make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
OUT ?= out
TRIPLES ?= 10000
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test lint types generated pytest readers agree format docs wheel clean

help: ## List the targets.
	@echo "make TARGET [PYTHON=$(PYTHON)] [VENV=$(VENV)] [OUT=$(OUT)]"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-10s %s\n", $$1, $$2 }'

demo: $(VENV)/.installed ## Solve the founding case: print the timetable, write out/.
	@$(PY) -m unsched demo --out $(OUT)

test: lint types generated pytest ## Run everything that must pass: lint, types, generated files, tests, coverage.

lint: $(VENV)/.installed-dev ## Check the style of all Python files.
	@echo "lint: ruff"
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m ruff format --check --quiet .

types: $(VENV)/.installed-dev ## Check the types of all Python files.
	@echo "types: mypy --strict"
	@$(PY) -m mypy --no-error-summary

generated: $(VENV)/.installed-dev ## Check that generated pages and schemas are up to date.
	@echo "generated: docs and schemas"
	@$(PY) docs/generate.py --check

pytest: $(VENV)/.installed-dev $(VENV)/.readers ## Run the tests, the doctests and the examples of the docs, with coverage.
	@echo "pytest: unit and property tests, doctests, documents, the built wheel"
	@$(PY) -m pytest --quiet --cov --numprocesses auto --dist loadfile

readers: $(VENV)/.readers ## Install the readers of calendars that come from npm (node itself is a wheel).

agree: $(VENV)/.installed-dev ## Hold what each rule tells the solver against what it checks, on 10,000 random triples.
	@echo "agree: $(TRIPLES) triples of a rule, a problem and a schedule"
	@UNSCHED_TRIPLES=$(TRIPLES) $(PY) -m pytest --quiet --numprocesses auto --dist load tests/test_agree.py

format: $(VENV)/.installed-dev ## Format all Python files, and mend what can be mended.
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

docs: $(VENV)/.installed-dev ## Write the generated pages and schemas anew.
	@$(PY) docs/generate.py

wheel: $(VENV)/.installed-dev ## Build the sdist, and from it the wheel, into dist/.
	@$(PY) -m build --outdir dist

clean: ## Remove what the other targets made, the environment included.
	@rm -rf .venv .venv-* out build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the environment -------------------------------------------------------------------------------------------------
# A stamp says that a step came to its end, so that an interrupted one is done again.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "unsched needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not there)." >&2; \
	  echo "  Maybe another: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "'$(PYTHON) -m venv' failed. Debian and Ubuntu have it in the package python3-venv." >&2; exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1'  # the first to know dependency groups
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@echo "installing unsched and what it runs on (the solver is some 30 MB)"
	@$(PIP) install --editable '.[html]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.made
	@echo "installing unsched and what its tests need"
	@$(PIP) install --editable . --group dev
	@touch $@ $(VENV)/.installed

# npm's lock file says what these are, to the byte. Without npm's registry, the tests that need them are skipped, and say
# so; with UNSCHED_ALL_READERS=1 they fail instead.
$(VENV)/.readers: tests/calendar/readers/package.json tests/calendar/readers/package-lock.json $(VENV)/.installed-dev
	@echo "installing readers of calendars from npm"
	@mkdir -p $(VENV)/readers
	@cp tests/calendar/readers/package.json tests/calendar/readers/package-lock.json $(VENV)/readers/
	@if PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --prefix $(VENV)/readers --ignore-scripts --no-audit --no-fund \
	  --fetch-retries=1 --fetch-timeout=20000 \
	  --loglevel=error >/dev/null; then touch $@; \
	elif [ -n "$$UNSCHED_ALL_READERS" ]; then echo "npm's registry cannot be reached." >&2; exit 1; \
	else echo "npm's registry cannot be reached: ical.js, node-ical and ts-ics are left out of the tests." >&2; fi
