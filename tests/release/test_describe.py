"""Descriptions come from the dbt YAML, and a gap in it is an error."""

import json

import pytest

from release.describe import DescriptionError, tables


def test_every_mart_is_described(built):
    found = tables(built(2014).path / "dbt" / "manifest.json")
    assert [table.name for table in found][:2] == ["account_changes_yearly", "accounts_yearly"]
    accounts = found[1]
    assert accounts.key == ("year", "account_id", "holder_id", "term_start_date")
    by_name = {column.name: column for column in accounts.columns}
    assert not by_name["account_id"].is_nullable
    assert by_name["reply_share"].is_nullable


@pytest.mark.parametrize("gap", ["description", "data_type", "key"])
def test_a_gap_is_named(built, tmp_path, gap):
    manifest = json.loads((built(2014).path / "dbt" / "manifest.json").read_text())
    node = manifest["nodes"]["model.twiplomacy.coverage_yearly"]
    if gap == "key":
        node["config"]["meta"] = {}
    else:
        node["columns"]["status"][gap] = ""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    with pytest.raises(DescriptionError, match=r"coverage_yearly\.yml: coverage_yearly(\.status)? needs"):
        tables(path)
