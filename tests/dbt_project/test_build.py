"""build: once per stamp, clear when it fails, never half done."""

import gzip
import json
import os
import select
import subprocess
import sys

import pytest

from dbt_project.build import _WITH_PARENT, PROJECT, BuildError, Limits, build, read_stamp
from tests.conftest import Home, read_yaml
from twiplomacy.synthetic.worlds import tweet, write_presence, write_roster, write_tweets


def test_a_second_build_does_nothing_and_says_so(built, capsys):
    for arguments in (["build", "--year", "2017"], ["build"]):
        assert built.run(*arguments) == 0
        assert "build: 2017 at cut 14 is built already" in capsys.readouterr().out


def test_a_failed_test_is_named_and_the_stamp_is_gone(built, tmp_path, capsys):
    home = built.copy(tmp_path / "data")
    home.execute("delete from build_stamp")
    home.execute("update raw.post_snapshots set payload = json_merge_patch(payload, '{\"created_at\": null}')")
    assert home.run("build", "--year", "2014") == 1
    error = capsys.readouterr().err
    assert "error: dbt could not build 2014:" in error
    assert "holds_int_post_observations_" in error
    assert "Got 11546 results" in error
    assert "posted_at=None" in error
    assert "post_id=x:" in error
    assert "Traceback" not in error
    assert read_stamp(home.database) is None
    assert home.run("gate", "--year", "2014") == 1
    assert "run: twiplomacy build --year 2014" in capsys.readouterr().err


def test_a_cut_archive_is_partial_until_it_is_mended(tmp_path):
    folder = write_roster(
        tmp_path / "roster",
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "one"}],
        terms=[{"office_code": "AAA-head", "holder_id": "one", "start_date": "2016-01-01"}],
        accounts=[{"account_id": "x:1", "country_code": "AAA"}],
        assignments=[{"account_id": "x:1", "holder_id": "one"}],
        platforms=[{"platform_code": "x"}],
    )
    write_presence(folder, [])
    noon = "Mon May 02 12:00:00 +0000 2016"
    plain = write_tweets(folder, (tweet(1000 + number, 1, noon, retweet_count=number) for number in range(500)))
    archive = gzip.compress(plain.read_bytes())
    plain.unlink()
    home = Home(tmp_path / "data", folder)
    figures = "select posts_count, partial_reason, posts_per_day > 1.5 from marts.accounts_yearly"
    (plain.parent / "tweets.jsonl.gz").write_bytes(archive[: len(archive) // 2])
    home.build(2016)
    ((count, reason, _),) = home.query(figures)
    assert 0 < count < 500
    assert reason == "incomplete_capture"
    (plain.parent / "tweets.jsonl.gz").write_bytes(archive)
    home.build(2016)
    assert home.query(figures) == [(500, None, False)]  # 500 / 366 days


def test_dbt_that_cannot_start_is_a_clear_error(built, tmp_path, monkeypatch):
    home = built.copy(tmp_path / "data")
    stamp = read_stamp(home.database)
    monkeypatch.setattr("dbt_project.build.PROJECT", tmp_path)
    (home.path / "dbt" / "manifest.json").unlink()
    with pytest.raises(BuildError, match=r"and names no model that failed; see .*dbt\.log"):
        build(home.database, home.path / "dbt", stamp, Limits(1), print)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems leave it running")
def test_what_runs_dbt_ends_with_whoever_started_it():
    child = f"{_WITH_PARENT}; import os, signal; print(os.getpid(), flush=True); signal.pause()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child_ended = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
        assert select.select([child_ended], [], [], 20)[0]
        os.close(child_ended)


def test_the_years_do_not_mix(built, tmp_path, capsys):
    home = built.copy(tmp_path / "data")
    assert home.run("gate", "--year", "2013") == 1
    assert "does not hold 2013" in capsys.readouterr().err


def test_every_model_and_column_is_described(built):
    manifest = json.loads((built.path / "dbt" / "manifest.json").read_text())
    columns: dict[str, set[str]] = {}
    for table, column in built.query("select schema_name || '.' || table_name, column_name from duckdb_columns()"):
        columns.setdefault(table, set()).add(column)
    described = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    assert {
        node["name"]: columns[f"{node['schema']}.{node['name']}"] ^ set(node["columns"])
        for node in described
        if columns[f"{node['schema']}.{node['name']}"] != set(node["columns"])
    } == {}
    for node in described:
        assert node["description"], node["name"]
        assert all(column["description"] for column in node["columns"].values()), node["name"]
        if node["resource_type"] == "model":
            assert "One " in node["description"].split(". ")[-1], f"{node['name']}: the description ends with the grain"


def test_a_yaml_file_stands_beside_every_model():
    models = [path for ending in ("sql", "py") for path in (PROJECT / "models").rglob(f"*.{ending}")]
    assert len(models) > 100
    for path in models:
        (model,) = read_yaml(path.with_suffix(".yml"))["models"]
        assert model["name"] == path.stem
        names = [column["name"] for column in model["columns"]]
        assert len(names) == len(set(names)), model["name"]
