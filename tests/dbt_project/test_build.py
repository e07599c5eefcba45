"""build: once per stamp, clear when it fails, never half done."""

import json

import pytest
import yaml

from dbt_project.build import PROJECT, BuildError, build, read_stamp


def test_a_second_build_does_nothing_and_says_so(built, capsys):
    assert built(2014).run("build", "--year", "2014") == 0
    assert "build: 2014 at cut 9 is built already" in capsys.readouterr().out


def test_a_failed_test_is_named_and_the_stamp_is_gone(built, tmp_path, capsys):
    home = built(2014).copy(tmp_path / "data")
    home.execute("delete from build_stamp")
    home.execute("update raw.post_snapshots set payload = json_merge_patch(payload, '{\"created_at\": null}')")
    home.execute("drop table staging.stg_x__posts")
    assert home.run("build", "--year", "2014") == 1
    error = capsys.readouterr().err
    assert "error: dbt could not build 2014:" in error
    assert "holds_stg_x__posts_" in error
    assert "Got 5107 results" in error
    assert "posted_at=None" in error
    assert "post_id=x:" in error
    assert "Traceback" not in error
    assert read_stamp(home.database) is None
    assert home.run("gate", "--year", "2014") == 1
    assert "run: twiplomacy build --year 2014" in capsys.readouterr().err


def test_dbt_that_cannot_start_is_a_clear_error(built, tmp_path, monkeypatch):
    home = built(2014).copy(tmp_path / "data")
    stamp = read_stamp(home.database)
    monkeypatch.setattr("dbt_project.build.PROJECT", tmp_path)
    (home.path / "dbt" / "manifest.json").unlink()
    with pytest.raises(BuildError, match=r"before it ran anything; see .*dbt\.log"):
        build(home.database, home.path / "dbt", stamp, 1, print)


def test_the_years_do_not_mix(built, tmp_path, capsys):
    home = built(2014).copy(tmp_path / "data")
    assert home.run("gate", "--year", "2013") == 1
    assert "does not hold 2013" in capsys.readouterr().err


def test_every_model_and_column_is_described(built):
    manifest = json.loads((built(2014).path / "dbt" / "manifest.json").read_text())
    for node in manifest["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            assert node["description"], node["name"]
            found = {
                name
                for (name,) in built(2014).query(f"select column_name from (describe {node['schema']}.{node['name']})")
            }
            assert found == set(node["columns"]), node["name"]
            assert all(column["description"] for column in node["columns"].values()), node["name"]
        if node["resource_type"] == "model":
            assert "One " in node["description"].split(". ")[-1], f"{node['name']}: the description ends with the grain"


def test_a_yaml_file_stands_beside_every_model():
    for sql in (PROJECT / "models").rglob("*.sql"):
        (model,) = yaml.safe_load(sql.with_suffix(".yml").read_text())["models"]
        assert model["name"] == sql.stem


SUFFIXES = {
    "_count": ("BIGINT", "INTEGER"),
    "_share": ("DECIMAL(38,9)",),
    "_date": ("DATE",),
    "_at": ("TIMESTAMP WITH TIME ZONE",),
    "_month": ("VARCHAR",),
    "_id": ("VARCHAR",),
    "_code": ("VARCHAR",),
    "_name": ("VARCHAR",),
    "_url": ("VARCHAR",),
}


def test_a_columns_suffix_tells_its_type(built):
    columns = built(2014).query(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'marts'"
    )
    assert columns
    for table, column, kind in columns:
        for suffix, kinds in SUFFIXES.items():
            if column.endswith(suffix):
                assert kind in kinds, f"{table}.{column} is {kind}"
        if kind == "BOOLEAN":
            assert column.startswith(("is_", "has_")), f"{table}.{column}"
        assert kind not in {"DOUBLE", "FLOAT"}, f"{table}.{column}"
