"""dbt's unit tests: each holds one rule that decides a figure, on the few rows that show it."""

import json
import shutil

from dbt_project import build as dbt
from tests.conftest import read_yaml

FILES = sorted((dbt.PROJECT / "models").rglob("unit_tests.yml"))


def test_every_rule_holds(built, tmp_path, monkeypatch):
    monkeypatch.setenv("DBT_PARTIAL_PARSE_FILE_PATH", str(built.path / "dbt" / "partial_parse.msgpack"))
    rules = [rule for path in FILES for rule in read_yaml(path)["unit_tests"]]
    database = tmp_path / "twiplomacy.duckdb"
    shutil.copyfile(built.database, database)  # dbt takes the types of the columns from its tables
    code = dbt._dbt(["test", "--select", "test_type:unit"], database, tmp_path / "dbt", dbt.Limits(1), print)
    found = tmp_path / "dbt" / "run_results.json"
    assert found.exists(), f"dbt ended with exit code {code} before it ran anything"
    results = {
        result["unique_id"].split(".")[-1]: result
        for result in json.loads(found.read_text())["results"]
        if result["unique_id"].startswith("unit_test.")
    }
    broken = [f"{name}: {result['message']}" for name, result in results.items() if result["status"] != "pass"]
    assert not broken, "\n\n".join(broken)
    assert code == 0
    assert sorted(results) == sorted(rule["name"] for rule in rules)
    assert all(rule["description"].endswith(".") for rule in rules)


def test_a_build_leaves_them_out(built):
    results = json.loads((built.path / "dbt" / "run_results.json").read_text())["results"]
    manifest = json.loads((built.path / "dbt" / "manifest.json").read_text())
    assert manifest["unit_tests"]
    assert not manifest["unit_tests"].keys() & {result["unique_id"] for result in results}
