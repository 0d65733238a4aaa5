# Two commands on a fresh machine: `make run` and `make test`. All that they make lies in .venv/ and var/.
# Needs Python 3.11 or newer with venv, and make; nothing else has to be installed first.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
# Processes that the tests are spread over.
TEST_PROCESSES ?= auto
UV_VERSION = 0.13.9

BIN = .venv/bin
UV_SYNC = UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --locked --inexact
# Consumers' links in the demo point to where it is served.
DEMO_ENV = DEMO=1 PUBLIC_URL=$${PUBLIC_URL:-http://$(HOST):$(PORT)}

.PHONY: help run test chaos bench check format messages demo-reset clean

help:
	@echo "make run         the demo: both sites and the worker on http://$(HOST):$(PORT) (PORT=8001 for another port)"
	@echo "make test        all tests (DATABASE_URL=postgres://… for PostgreSQL)"
	@echo "make chaos       fifty at work while workers are killed and the database is knocked over (ARGS=--help)"
	@echo "make bench       a million requests, and how long pages take beside their floor (ARGS=\"1000000=postgres://… 100000=sqlite:////…\", databases of its own)"
	@echo "make check       lint, format, migrations, deployment settings, diagrams"
	@echo "make format      puts the code into its format"
	@echo "make messages    collects and compiles the texts of the screens (needs gettext)"
	@echo "make demo-reset  the demo data anew, as of now"
	@echo "make clean       removes .venv, var and caches"

run: .venv/.synced
	@$(BIN)/python manage.py migrate --no-input --verbosity 0
	@$(DEMO_ENV) $(BIN)/python manage.py demo
	@$(DEMO_ENV) exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

test: .venv/.synced-dev
	$(BIN)/pytest -n $(TEST_PROCESSES) $(ARGS)

chaos: .venv/.synced-dev
	LEDGER_ACTS=10000 $(BIN)/python -m pytest -p no:xdist tests/shop_cs/test_ledger_races.py
	$(BIN)/python -m tests.chaos $(ARGS)

bench: .venv/.synced-dev
	$(BIN)/python -m tests.bench $(ARGS)

check: .venv/.synced-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=1 ALLOWED_HOSTS=example.org SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py diagrams --check

format: .venv/.synced-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: .venv/.synced-dev
	$(BIN)/python manage.py makemessages -l zh_Hans --no-obsolete --no-location --no-wrap --ignore .venv --ignore var --ignore tests
	$(BIN)/python manage.py compilemessages --ignore .venv

demo-reset: .venv/.synced
	@test -z "$$DATABASE_URL" || { echo "DATABASE_URL is set: demo-reset only empties the local SQLite database." >&2; exit 1; }
	rm -rf var/shop_cs.sqlite3 var/shop_cs.sqlite3-wal var/shop_cs.sqlite3-shm var/evidence
	@$(BIN)/python manage.py migrate --no-input --verbosity 0
	@$(DEMO_ENV) $(BIN)/python manage.py demo

clean:
	rm -rf .venv var .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: the second time nothing is installed, until the lock changes. --inexact: one does not undo the other.
.venv/.synced: uv.lock pyproject.toml | .venv/.uv-$(UV_VERSION)
	@echo "Installing what the lock names …"
	@$(UV_SYNC) --no-dev
	@touch $@

.venv/.synced-dev: uv.lock pyproject.toml | .venv/.uv-$(UV_VERSION)
	@echo "Installing what the lock names, and what the tests need …"
	@$(UV_SYNC) --group dev
	@touch .venv/.synced $@

.venv/.uv-$(UV_VERSION): | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is not. Name another: make run PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python has no venv here. On Debian: apt-get install python3-venv, then again." >&2; exit 1; }
