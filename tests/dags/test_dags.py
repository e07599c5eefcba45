"""The DAGs: light to parse, described, strict about the year, and green or red as their verbs are."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Home

DAGS = {
    "collect": ["collect", "land"],
    "build": ["land", "build", "gate"],
    "release": ["collect", "land", "build", "gate", "release"],
}
HEAVY = {"duckdb", "dbt", "great_expectations", "pandas", "pyarrow"}


def python(code: str, home: Path) -> str:
    """Run code in a process of its own with this project's Airflow; return what it prints."""
    spec = importlib.util.spec_from_file_location("runner", PROJECT / "dags" / "__main__.py")
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=runner.environment(home),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def parsed(tmp_path_factory) -> dict:
    code = f"""
import json, sys
sys.path.insert(0, {str(PROJECT / "dags")!r})
import build, collect, release
heavy = sorted({HEAVY!r} & set(sys.modules))
dags = {{}}
for dag in (build.build(), collect.collect(), release.release()):
    dags[dag.dag_id] = {{
        "tasks": [task.task_id for task in dag.topological_sort()],
        "doc": dag.doc_md,
        "params": {{name: dag.params.get_param(name).schema for name in dag.params}},
        "pools": sorted({{task.pool for task in dag.tasks}}),
        "retries": {{task.task_id: task.retries for task in dag.tasks}},
    }}
print(json.dumps({{"heavy": heavy, "dags": dags}}))
"""
    return json.loads(python(code, tmp_path_factory.mktemp("parse") / "airflow").splitlines()[-1])


def test_nothing_heavy_is_loaded_at_parse(parsed):
    assert parsed["heavy"] == []


def test_each_dag_runs_its_verbs_in_the_order_of_the_flow(parsed):
    assert {name: dag["tasks"] for name, dag in parsed["dags"].items()} == DAGS


@pytest.mark.parametrize("name", DAGS)
def test_each_dag_says_what_to_do_when_it_is_red(parsed, name):
    assert "**If it is red**" in parsed["dags"][name]["doc"]


def test_one_writer_and_retries_where_they_help(parsed):
    for dag in parsed["dags"].values():
        assert dag["pools"] == ["writer"]
        assert all(retries == (0 if task in ("gate", "release") else 2) for task, retries in dag["retries"].items())


def test_the_year_is_one_of_the_editions(parsed):
    years = [2012, 2013, 2014, 2015, 2016, 2017]
    assert parsed["dags"]["collect"]["params"] == {}
    for name in ("build", "release"):
        assert parsed["dags"][name]["params"]["year"]["enum"] == years


def run(home: Home, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "dags", *arguments],
        env=os.environ | home.environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_release_dag_releases_and_a_second_run_writes_nothing(tmp_path):
    home = Home(tmp_path / "data")
    first = run(home, "release", "--year", "2014")
    assert first.returncode == 0, first.stdout
    last = first.stdout.splitlines()[-2:]
    assert last[0].startswith("gate: passed")
    assert last[1] == f"release: wrote {home.releases / '2014.0.0'}"
    assert "Countries present" in first.stdout
    second = run(home, "release", "--year", "2014")
    assert second.returncode == 0
    assert "release: nothing written" in second.stdout.splitlines()[-1]
    assert [path.name for path in home.releases.iterdir()] == ["2014.0.0"]


def test_a_failed_gate_makes_the_run_red(built, tmp_path):
    home = built(2014).copy(tmp_path / "data")
    home.execute("delete from marts.coverage_yearly where country_code = 'GHA'")
    done = run(home, "release", "--year", "2014")
    assert done.returncode == 1
    assert "critical: coverage_yearly: every scope and platform has every country of the roster" in done.stdout
    assert "Traceback" not in done.stdout
    assert "airflow: the DAG release failed" in done.stdout
    assert not home.releases.exists()


def test_a_wrong_year_is_refused_before_anything_runs(tmp_path):
    home = Home(tmp_path / "data")
    done = run(home, "release", "--year", "1999")
    assert done.returncode == 1
    assert "error: Invalid input for param year: 1999 is not one of" in done.stdout
    assert not (home.path / "log").exists()


def test_a_year_is_asked_for(tmp_path):
    done = run(Home(tmp_path / "data"), "release")
    assert done.returncode == 2
    assert "release needs --year" in done.stderr
