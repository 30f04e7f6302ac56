# Everything one does with the registry. `make` alone lists the targets.
#
# What a machine makes for itself (database, secret key, static files, backups) lies in var/, its
# packages in .venv/. DATABASE_URL names another database than the SQLite file in var/.

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
INSTALLED := .venv/installed
INSTALLED_DEV := .venv/installed-dev
STATIC := var/static/collected
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run password test seed check lint format lock messages backup restore

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s%s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) $(STATIC) ## Serve the registry at 127.0.0.1:$PORT (8000), with the page loaded if it is new
	@exec $(MANAGE) serve --prepare

password: $(INSTALLED) ## Give the user “admin” a new random password, and print it
	@$(MANAGE) ensure_admin --reset

test: $(INSTALLED_DEV) $(STATIC) ## Run every test on SQLite, then on PostgreSQL (ARGS="-k words" chooses)
	env -u DATABASE_URL $(BIN)/python -m pytest -n auto $(ARGS)
	$(BIN)/python -m tests.postgresql $(BIN)/python -m pytest -n auto $(ARGS)

seed: $(INSTALLED) ## Load the fixtures again: shows what that resets, backs up, and asks
	@$(MANAGE) migrate --noinput --verbosity 0
	$(MANAGE) seed

check: $(INSTALLED_DEV) lint ## Check style, migrations and translations without running a test
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) translations --check

lint: $(INSTALLED_DEV) ## Check style and likely mistakes
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(INSTALLED_DEV) ## Bring the code into the house's format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(INSTALLED_DEV) ## Write both requirements from pyproject.toml (UPGRADE=1 takes the newest versions)
	$(COMPILE) --group dev --output-file requirements-dev.txt $(if $(UPGRADE),--upgrade)
	$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt

messages: $(INSTALLED_DEV) ## Extract the texts to translate, derive Traditional Chinese, and compile
	$(MANAGE) translations

backup: $(INSTALLED) ## Write the whole content of the database to var/backups/ (or to FILE=…)
	$(MANAGE) backup $(FILE)

restore: $(INSTALLED) ## Put a backup (FILE=…) in the place of what the database holds; asks first
	@test -n "$(FILE)" || { echo "Which one? make restore FILE=var/backups/….zip" >&2; exit 2; }
	@$(MANAGE) migrate --noinput --verbosity 0
	$(MANAGE) restore --replace $(FILE)

$(INSTALLED): requirements.txt
$(INSTALLED_DEV): requirements-dev.txt
$(INSTALLED) $(INSTALLED_DEV):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or newer; python3 is $$(python3 --version 2>&1)." >&2; exit 1; }
	@echo "Installing the packages of $< into .venv …"
	@python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement $<
	@touch $@

$(STATIC): $(INSTALLED) $(shell find shuangta/static -type f 2>/dev/null)
	@echo "Collecting the static files …"
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@
