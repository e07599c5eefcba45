"""Descriptions come from the dbt YAML, and a gap in it is an error."""

import json

import pytest

from dbt_project.build import seal
from release.describe import DescriptionError, tables, unwrapped


def test_every_mart_is_described(built):
    found = tables(built.path / "dbt" / "manifest.json")
    assert [table.name for table in found][:2] == ["account_changes_yearly", "accounts_yearly"]
    accounts = found[1]
    assert accounts.key == ("year", "account_id")
    by_name = {column.name: column for column in accounts.columns}
    assert not by_name["account_id"].is_nullable
    assert by_name["reply_share"].is_nullable


def node(**meta) -> dict:
    """A mart as dbt describes it; meta is what its YAML says besides."""
    column = {"data_type": "integer", "description": "A  column.", "constraints": [], "config": {"meta": {}}}
    return {
        "resource_type": "model",
        "schema": "marts",
        "name": "things",
        "patch_path": "things.yml",
        "description": "Which things?\nOne row per thing.",
        "columns": {name: {**column, "name": name} for name in ("year", "rank", "thing_id")},
        "config": {"meta": {"key": ["year", "thing_id"], **meta}},
    }


@pytest.mark.parametrize("order", [[], ["year", "rank nulls last"]])
def test_the_order_of_the_rows_is_the_models_own(tmp_path, order):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": {"things": node(**({"order": order} if order else {}))}}))
    seal(path)
    (table,) = tables(path)
    assert (table.key, table.order) == (("year", "thing_id"), tuple(order))
    assert table.description == "Which things? One row per thing."


def test_a_list_keeps_its_lines():
    text = "Which\ncodes?\n\n- one: the\n  first.\n- two: the second.\n\nOne row\nper code.\n"
    assert unwrapped(text) == "Which codes?\n\n- one: the first.\n- two: the second.\n\nOne row per code."


@pytest.mark.parametrize("gap", ["description", "data_type", "key"])
def test_a_gap_is_named(built, tmp_path, gap):
    manifest = json.loads((built.path / "dbt" / "manifest.json").read_text())
    node = manifest["nodes"]["model.twiplomacy.coverage_yearly"]
    if gap == "key":
        node["config"]["meta"] = {}
    else:
        node["columns"]["status"][gap] = ""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    seal(path)
    with pytest.raises(DescriptionError, match=r"coverage_yearly\.yml: coverage_yearly(\.status)? needs"):
        tables(path)
