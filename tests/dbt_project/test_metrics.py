"""The registry holds every metric of the catalogue, and says truly where each stands and of what it has figures."""

import csv
import re

import pytest

from release.describe import tables
from tests.conftest import PROJECT, read_yaml

CATALOGUE = {"C": 14, "A": 15, "T": 17, "V": 6, "E": 13, "N": 9, "M": 5}
"""Letter of the metrics of each kind -> how many there are."""
FAMILIES = {
    "C": "figures_coverage",
    "A": "figures_audience",
    "T": "figures_activity",
    "V": "figures_conversation",
    "E": "figures_engagement",
    "N": "figures_networks",
    "M": "figures_missions",
}
"""Letter -> the model that computes the figures of its metrics, and describes all of them."""


@pytest.fixture(scope="module")
def columns(built) -> list[str]:
    return [name for (name,) in built.query("select column_name from (describe marts.metrics)")]


@pytest.fixture(scope="module")
def registry(built, columns) -> list[dict]:
    """Give the rows of the table, empty text where it is null."""
    rows = built.query("from marts.metrics order by metric_id")
    return [dict(zip(columns, ("" if cell is None else cell for cell in row), strict=True)) for row in rows]


@pytest.fixture(scope="module")
def marts(built) -> dict[str, set[str]]:
    found = tables(built.path / "dbt" / "manifest.json")
    return {table.name: {column.name for column in table.columns} for table in found}


def test_every_metric_of_the_catalogue_has_a_row(registry):
    catalogue = {f"{letter}{number:02}" for letter, count in CATALOGUE.items() for number in range(1, count + 1)}
    assert len(catalogue) == 79
    assert {row["base_metric_id"].split("_")[0] for row in registry} == catalogue
    assert catalogue <= {row["metric_id"] for row in registry}


def test_the_table_is_what_the_files_of_the_families_say(registry, columns):
    said = {}
    for path in (PROJECT / "dbt_project" / "models").rglob("*.yml"):
        for model in read_yaml(path).get("models", ()):
            for metric in model.get("config", {}).get("meta", {}).get("metrics", ()):
                assert model["name"] == FAMILIES[metric["metric_id"][0]], metric["metric_id"]
                assert metric.keys() <= set(columns), metric["metric_id"]
                assert metric["metric_id"] not in said
                said[metric["metric_id"]] = {"base_metric_id": metric["metric_id"], **metric}
    found = {row["metric_id"]: {name: cell for name, cell in row.items() if cell != ""} for row in registry}
    for row in found.values():
        row.pop("computed_in", None)
    assert found == said


def test_a_metric_is_computed_in_the_model_of_its_family(built, synthetic, registry):
    computed = {row["metric_id"]: row["computed_in"] for row in registry}
    for row in registry:
        family = FAMILIES[row["metric_id"][0]]
        assert row["computed_in"] == (family if row["status_code"] == "computed" else ""), row["metric_id"]
    for family in FAMILIES.values():
        asked = f"select distinct metric_id from reports.{family}"
        made = {metric for home in (built, synthetic) for (metric,) in home.query(asked)}
        assert made, family
        assert {metric for metric in made if computed[metric] != family} == set()


def test_every_value_stands_where_the_registry_says(registry, marts):
    places = {place for row in registry for place in row["found_in"].split()}
    known = set(marts) | {f"{table}.{column}" for table, columns in marts.items() for column in columns}
    assert places <= known
    assert len(places) > 30


def test_every_metric_of_a_table_is_registered_there(built, synthetic, registry, marts):
    found_in = {row["metric_id"]: row["found_in"] for row in registry}
    checked = set()
    for table, columns in marts.items():
        if "metric_id" not in columns or table == "metrics":
            continue
        for home in (built, synthetic):
            used = {metric for (metric,) in home.query(f"select distinct metric_id from marts.{table}")}
            assert {metric for metric in used if f"{table}." not in found_in[metric]} == set()
        checked.add(table)
    assert checked >= {"figures"}


def test_a_metric_has_figures_of_the_kinds_it_says(built, synthetic, registry):
    found: dict[str, set[str]] = {}
    for home in (built, synthetic):
        for metric, grain in home.query("select distinct metric_id, grain_code from marts.figures"):
            found.setdefault(metric, set()).add(grain)
    assert len(found) > 40
    said = {row["metric_id"]: row["grain_codes"].split() for row in registry}
    assert {metric: sorted(grains) for metric, grains in found.items()} == {
        metric: sorted(said[metric]) for metric in found
    }
    assert {metric for metric, row in said.items() if not row} == set()
    placed = {row["metric_id"]: row["caveats"] for row in registry if "figures." in row["found_in"]}
    assert found.keys() <= placed.keys()
    carried = {metric: re.findall(r"metric_id = '(\w+)'", placed[metric]) for metric in placed.keys() - found.keys()}
    assert {metric for metric, ids in carried.items() if not ids or not found.keys() >= set(ids)} == set()


def test_a_kind_of_subject_is_a_kind_of_the_figures_or_a_pair(registry):
    order = ["world", "group", "state", "person", "account", "account_group", "mission", "post", "edge"]
    for row in registry:
        grains = row["grain_codes"].split()
        assert grains == sorted(set(grains), key=order.index), row["metric_id"]


def test_platforms_are_those_of_the_roster(registry):
    with (PROJECT / "roster" / "platforms.csv").open(encoding="utf-8") as file:
        known = {row["platform_code"] for row in csv.DictReader(file)} | {"all"}
    assert {code for row in registry for code in row["platform_codes"].split()} <= known


def test_formulas_and_reasons_are_sentences_of_their_own(registry):
    for column in ("formula", "reason"):
        texts = [row[column] for row in registry if row[column]]
        assert len(texts) == len(set(texts))
