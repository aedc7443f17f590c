# `make run` starts Khitomer and `make test` tests it. Each makes what it needs in .venv, once; everything else that
# they make lies in var/, or wherever KHITOMER_DATA says. PORT, KHITOMER_DATA, DATABASE_URL and the other settings in
# docs/operations.md pass through from the environment.

VENV := .venv
PY := $(VENV)/bin/python
# Tools look at the settings, which need a data folder: theirs is not yours.
SCRATCH := var/tools

.PHONY: help run test check lint types migrations deploy format bench requirements clean

help:
	@echo "make run           start the site, on 127.0.0.1:8000 unless PORT says otherwise"
	@echo "make test          run every test; ARGS='-k ballot' chooses"
	@echo "make check         lint, types, migrations and deploy, in that order"
	@echo "make lint          what ruff and djlint say of code and templates"
	@echo "make types         what mypy says of rules, actions and access"
	@echo "make migrations    fail when a model has changed and no migration says so"
	@echo "make deploy        Django's own checks of a site that faces the world"
	@echo "make format        let ruff put code in order"
	@echo "make bench         measure how fast pages answer"
	@echo "make requirements  compile requirements*.txt from requirements*.in (UPGRADE=1 takes the newest)"
	@echo "make clean         remove what was made, and keep var/: your data"

run: $(VENV)/installed-run
	@exec $(PY) manage.py serve

test: $(VENV)/installed-dev
	@$(PY) tests/run.py $(ARGS)

check: lint types migrations deploy

lint: $(VENV)/installed-dev
	$(PY) -m ruff check --output-format concise .
	$(PY) -m ruff format --check .
	$(VENV)/bin/djlint templates --lint --quiet

types: $(VENV)/installed-dev
	KHITOMER_DATA=$(SCRATCH) DATABASE_URL= $(VENV)/bin/mypy

migrations: $(VENV)/installed-dev
	KHITOMER_DATA=$(SCRATCH) DATABASE_URL= $(PY) manage.py makemigrations --check --dry-run

# A site on the open internet: HTTPS, a name of its own, no debugging.
deploy: $(VENV)/installed-dev
	KHITOMER_DATA=$(SCRATCH) DATABASE_URL= KHITOMER_DEBUG=0 KHITOMER_HTTPS=1 KHITOMER_ALLOWED_HOSTS=khitomer.example \
	  $(PY) manage.py check --deploy --fail-level WARNING

format: $(VENV)/installed-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/installed-dev
	@$(PY) -m benchmarks $(ARGS)

requirements: $(PY)
	@$(PY) -m pip install --quiet uv
	@for name in requirements requirements-dev; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 $(if $(UPGRADE),--upgrade) \
	    --custom-compile-command 'make requirements' --output-file $$name.txt $$name.in || exit 1; \
	done

clean:
	rm -rf $(VENV) var/tools .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# The stamps are newer than the lists they were installed from, so a second start installs nothing.
$(VENV)/installed-run: requirements.txt | $(PY)
	@echo "Installing what runs Khitomer; this happens once."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what runs and tests Khitomer; this happens once."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# The first Python that is new enough and can make an environment; PYTHON=... names another.
$(PY):
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$("$$python" --version)."; \
	    exec "$$python" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Khitomer needs Python 3.11 or newer with its venv module, and found none." >&2; \
	echo "Install it (Debian and Ubuntu: apt install python3 python3-venv), or name one: make run PYTHON=/path/to/python3" >&2; \
	exit 1
