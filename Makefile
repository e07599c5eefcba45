# The open Twiplomacy dataset. Each target first sets up what it needs.

YEAR ?=
SEED ?= 1
PYTHON ?= python3
BIN := .venv/bin
DATA = "$$($(BIN)/python -c 'from twiplomacy.settings import Settings; print(Settings.load().data)')"

.DEFAULT_GOAL := help
.PHONY: help release verify synthetic test docs pytest types sql test-faults test-servers bench serve setup lock sbom clean

help: ## list the targets
	@awk -F ':.*## ' '/^## /{print "\n" substr($$0, 4)} /^[a-z-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' Makefile

## The main job

release: setup ## build, check and release every edition (YEAR=2014: those up to 2014)
	@$(BIN)/python -m twiplomacy.airflow release $(if $(YEAR),--year $(YEAR))

verify: setup ## check the log; make every release again from it and compare
	@$(BIN)/twiplomacy verify

synthetic: setup ## release an invented world into data/synthetic (SEED=1); asks no platform
	@$(BIN)/python -m twiplomacy.synthetic --seed $(SEED)

## Check

test: setup ## run lint, type checks and all tests (six minutes)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(MAKE) --no-print-directory --jobs=3 types sql pytest

pytest:
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

types:
	@$(BIN)/mypy

sql:
	@PYTHONWARNINGS=ignore::UserWarning $(BIN)/sqlfluff lint --quiet --processes 2 dbt_project

test-faults: setup ## run each attack of tests/faults 30 times as often; print tries and survivors
	@TWIPLOMACY_FAULT_FACTOR=$${TWIPLOMACY_FAULT_FACTOR:-30} $(BIN)/python -m pytest -n auto --dist load tests/faults

test-servers: setup ## test against real servers, installed into .servers (Debian; 5 minutes at first)
	@$(BIN)/python -m tests.support.servers.install
	@TWIPLOMACY_TEST_SERVERS=1 $(BIN)/python -m pytest tests/servers

bench: setup ## compare the flow's speed with plain DuckDB and dlt (10 minutes)
	@$(BIN)/python -m benchmarks

## Collect and serve

serve: setup ## start Airflow on http://127.0.0.1:8080, to collect, build and release by DAG
	@$(BIN)/python -m twiplomacy.airflow serve

## Develop

docs: setup ## write the generated pages of docs/, and build the site into data/site
	@$(BIN)/python -m docs.generate
	@data=$(DATA) && $(BIN)/python -m sphinx -W -n -q --keep-going -c docs -b html . "$$data/site"

setup: ## install the locked packages into .venv
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is missing; install Python 3.11"; exit 1; }
	@$(PYTHON) bootstrap.py

lock: setup ## update requirements.lock to the newest allowed versions
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade \
		--custom-compile-command "make lock" --extra dev pyproject.toml --output-file requirements.lock

sbom: setup ## list the packages and their licences in data/sbom.cdx.json (CycloneDX)
	@data=$(DATA) && mkdir -p "$$data" && $(BIN)/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml \
		--output-reproducible -o "$$data/sbom.cdx.json" && echo "sbom: $$data/sbom.cdx.json"

clean: setup ## remove what can be made again from the log (keeps the log and the releases)
	@data=$(DATA) && cd "$$data" && rm -rf twiplomacy.duckdb report.duckdb dbt gate verify airflow
