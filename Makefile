# The open Twiplomacy dataset. `make help` lists the targets; each sets up all it needs by itself.

YEAR ?=
SEED ?= 1
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help release synthetic test pytest types sql test-faults test-servers verify serve bench setup lock sbom clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

release: setup ## build, check and release every edition through Airflow (YEAR=2014: those up to 2014)
	@$(BIN)/python -m twiplomacy.airflow release $(if $(YEAR),--year $(YEAR))

synthetic: setup ## make a made-up world and release it, into data/synthetic (SEED=1); asks no platform
	@$(BIN)/python -m twiplomacy.synthetic --seed $(SEED)

test: setup ## lint, types and all tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(MAKE) --no-print-directory --jobs=3 types sql pytest

pytest:
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

types:
	@$(BIN)/mypy

sql:
	@PYTHONWARNINGS=ignore::UserWarning $(BIN)/sqlfluff lint --quiet --processes 2 dbt_project

test-faults: setup ## try each attack of tests/faults 30 times as often (some minutes); prints tries and survivors
	@TWIPLOMACY_FAULT_FACTOR=$${TWIPLOMACY_FAULT_FACTOR:-30} $(BIN)/python -m pytest -n auto --dist load tests/faults

test-servers: setup ## test against real servers, installed into .servers (5 minutes the first time; Debian)
	@$(BIN)/python -m tests.support.servers.install
	@TWIPLOMACY_TEST_SERVERS=1 $(BIN)/python -m pytest tests/servers

verify: setup ## check the log and make every release again from it
	@$(BIN)/twiplomacy verify

serve: setup ## start Airflow's server and scheduler on http://127.0.0.1:8080
	@$(BIN)/python -m twiplomacy.airflow serve

bench: setup ## measure the flow against plain DuckDB and dlt (about 10 minutes; docs/performance.md)
	@$(BIN)/python -m benchmarks

setup: ## install the locked packages into .venv
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is missing; install Python 3.11"; exit 1; }
	@$(PYTHON) bootstrap.py

lock: setup ## resolve the dependencies anew into requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade \
		--custom-compile-command "make lock" --extra dev pyproject.toml --output-file requirements.lock

sbom: setup ## write what the project is made of, with licences, to data/sbom.cdx.json (CycloneDX)
	@$(BIN)/python sbom.py "$${TWIPLOMACY_DATA:-data}/sbom.cdx.json"

clean: ## remove what can be made again from the log (not the log, not the releases)
	@cd "$${TWIPLOMACY_DATA:-data}" && rm -rf twiplomacy.duckdb report.duckdb dbt gate verify airflow
