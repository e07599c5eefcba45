"""The registry holds every metric of the catalogue, and says truly where each stands."""

import csv

import pytest

from release.describe import tables
from tests.conftest import PROJECT

CATALOGUE = {"C": 14, "A": 15, "T": 17, "V": 6, "E": 13, "N": 9, "M": 5}
"""Letter of the metrics of each kind -> how many there are."""


@pytest.fixture(scope="module")
def registry() -> list[dict[str, str]]:
    with (PROJECT / "dbt_project" / "seeds" / "metrics_registry.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def marts(built) -> dict[str, set[str]]:
    found = tables(built(2014).path / "dbt" / "manifest.json")
    return {table.name: {column.name for column in table.columns} for table in found}


def test_every_metric_of_the_catalogue_has_a_row(registry):
    catalogue = {f"{letter}{number:02}" for letter, count in CATALOGUE.items() for number in range(1, count + 1)}
    assert len(catalogue) == 79
    assert {row["base_metric_id"].split("_")[0] for row in registry} == catalogue
    assert catalogue <= {row["metric_id"] for row in registry}


def test_every_value_stands_where_the_registry_says(registry, marts):
    places = {place for row in registry for place in row["found_in"].split()}
    known = set(marts) | {f"{table}.{column}" for table, columns in marts.items() for column in columns}
    assert places <= known
    assert len(places) > 30


def test_every_metric_of_a_table_is_registered_there(built, registry, marts):
    found_in = {row["metric_id"]: row["found_in"] for row in registry}
    checked = set()
    for table, columns in marts.items():
        if "metric_id" not in columns or table == "metrics":
            continue
        used = {metric for (metric,) in built(2014).query(f"select distinct metric_id from marts.{table}")}
        assert {metric for metric in used if f"{table}." not in found_in[metric]} == set()
        checked.add(table)
    assert checked >= {"headline_yearly", "rankings_yearly"}


def test_platforms_are_those_of_the_roster(registry):
    with (PROJECT / "roster" / "platforms.csv").open(encoding="utf-8") as file:
        known = {row["platform_code"] for row in csv.DictReader(file)} | {"all"}
    assert {code for row in registry for code in row["platform_codes"].split()} <= known


def test_formulas_and_reasons_are_sentences_of_their_own(registry):
    for column in ("formula", "reason"):
        texts = [row[column] for row in registry if row[column]]
        assert len(texts) == len(set(texts))
