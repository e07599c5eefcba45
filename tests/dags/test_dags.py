"""The DAGs: light to parse, described, strict about the year, and green or red as their verbs are."""

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from types import ModuleType

import pytest

from ingestion.log import segments
from ingestion.log.ledger import Ledger
from tests.conftest import PROJECT, Home
from twiplomacy.synthetic.worlds import write_roster

DAGS = {
    "collect": ["collect", "land"],
    "living": ["collect_x", "collect_bluesky", "collect_mastodon", "collect_youtube", "land", "all_asked"],
    "build": ["land", "build", "gate"],
    "release": ["collect", "land", "build", "gate", "release"],
}
LIVING = [
    {"source_id": f"{code}-api", "adapter": adapter}
    for code, adapter in (
        ("x", "x-v2-api"),
        ("bluesky", "bluesky-api"),
        ("mastodon", "mastodon-api"),
        ("youtube", "youtube-api"),
    )
]
PLATFORMS = [{"platform_code": code} for code in ("x", "bluesky", "mastodon", "youtube")]
HEAVY = {"duckdb", "dbt", "great_expectations", "pandas", "pyarrow"}


def load(name: str) -> ModuleType:
    """Load one file of dags/ under a name of its own, as Airflow does; a package of ours is called release too."""
    spec = importlib.util.spec_from_file_location(f"dag_{name}", PROJECT / "dags" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory) -> Iterator[Home]:
    """An Airflow of this project's own, in this process, over an empty data folder."""
    home = Home(tmp_path_factory.mktemp("airflow") / "data")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in home.environment().items():
            patch.setenv(name, value)
        (home.path / "airflow").mkdir(parents=True)
        runner = import_module("twiplomacy.airflow.__main__")
        runner.set_up(home.path / "airflow")
        for name, value in runner.environment(home.path / "airflow").items():
            patch.setenv(name, value)
        patch.syspath_prepend(PROJECT / "dags")
        yield home


@pytest.fixture(scope="module")
def dags(airflow_home) -> dict:  # noqa: ARG001
    return {name: getattr(load(name), name)() for name in DAGS}


def test_nothing_heavy_is_loaded_at_parse(airflow_home):  # noqa: ARG001
    code = f"import sys, build, collect, living, release; sys.exit(str({HEAVY!r} & set(sys.modules) or ''))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT / "dags",
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1:] in ([], [""]), done.stderr


def test_each_dag_runs_its_verbs_in_the_order_of_the_flow(dags):
    found = {name: [task.task_id for task in dag.topological_sort()] for name, dag in dags.items()}
    assert found == DAGS


@pytest.mark.parametrize("name", DAGS)
def test_each_dag_says_what_to_do_when_it_is_red(dags, name):
    assert "**If it is red**" in dags[name].doc_md


def test_one_writer_and_retries_where_they_help(dags):
    tasks = [task for name, dag in dags.items() if name != "living" for task in dag.tasks]
    assert {task.pool for task in tasks} == {"writer"}
    assert all(task.retries == (0 if task.task_id in ("gate", "release") else 1) for task in tasks)


def test_every_pool_that_a_task_names_is_set_up(dags, airflow_home):
    with closing(sqlite3.connect(airflow_home.path / "airflow" / "airflow.db")) as connection:
        pools = dict(connection.execute("select pool, slots from slot_pool").fetchall())
    assert {task.pool for dag in dags.values() for task in dag.tasks} <= pools.keys()
    assert (pools["writer"], pools["platforms"]) == (1, 4)


def test_platforms_are_asked_at_once_and_never_paid_twice(dags):
    asked = [task for task in dags["living"].tasks if task.task_id.startswith("collect_")]
    assert {(task.pool, task.retries) for task in asked} == {("platforms", 0)}
    assert dags["living"].get_task("land").trigger_rule == "all_done"


def test_platforms_without_a_key_are_skipped_and_a_key_of_a_connection_is_used(dags, airflow_home, monkeypatch):
    """Over a roster without accounts on living platforms nothing is asked, whoever has a key."""
    (airflow_home.path / "empty").mkdir()
    monkeypatch.setenv(
        "TWIPLOMACY_ROSTER", str(write_roster(airflow_home.path / "empty", sources=LIVING, platforms=PLATFORMS))
    )
    monkeypatch.setenv("TWIPLOMACY_DATA", str(airflow_home.path / "of-living"))
    monkeypatch.setenv("TWIPLOMACY_CONTACT", "someone@example.org")
    monkeypatch.setenv("AIRFLOW_CONN_TWIPLOMACY_X", json.dumps({"conn_type": "http", "password": "the-secret-key"}))
    run = dags["living"].test()
    assert run.state == "success"
    ledger = Ledger(airflow_home.path / "of-living" / "log")
    runs = {
        event.source: event.data
        for entry in ledger.lines()
        for event in segments.read(ledger.segments / entry.name)
        if event.dataschema.startswith("collection/run/")
    }
    assert {source: data["outcome"] for source, data in runs.items()} == {
        "x-api": "complete",
        "bluesky-api": "complete",
        "mastodon-api": "complete",
        "youtube-api": "skipped",
    }
    assert runs["youtube-api"]["reason"] == "there is no key in TWIPLOMACY_YOUTUBE_API_KEY"
    logs = b"".join(path.read_bytes() for path in airflow_home.path.rglob("*") if path.is_file())
    assert b"the-secret-key" not in logs


def test_the_year_is_one_of_the_editions_unless_told_the_newest(dags):
    assert list(dags["collect"].params) == []
    for name in ("build", "release"):
        year = dags[name].params.get_param("year")
        assert (year.schema["type"], year.schema["enum"]) == ("integer", [2012, 2013, 2014, 2015, 2016, 2017])
        assert year.value == 2017


def test_collect_and_build_run_green_in_process(dags, airflow_home, built):
    """The panel that the DAG builds is there already, if the DAG asks for that year and no other."""
    assert dags["collect"].test().state == "success"
    assert airflow_home.query("select count(*) from raw.post_snapshots") == [(11546,)]
    shutil.copyfile(built.database, airflow_home.database)
    shutil.copytree(built.path / "dbt", airflow_home.path / "dbt")
    airflow_home.execute("update build_stamp set year = 2014")
    assert dags["build"].test(run_conf={"year": 2014}).state == "success"
    assert airflow_home.query("select year from build_stamp") == [(2014,)]


def test_a_year_without_an_edition_is_refused(dags):
    with pytest.raises(Exception, match="Invalid input for param year: 1999 is not one of"):
        dags["release"].test(run_conf={"year": 1999})


@pytest.fixture
def run(airflow_home):
    """Return a function that runs Airflow's runner over a data folder, with an Airflow that is set up."""

    def run_dags(home: Home, *arguments: str) -> subprocess.CompletedProcess:
        if not (home.path / "airflow").exists():
            (home.path / "airflow").mkdir(parents=True)
            for name in ("airflow.db", ".ready"):
                shutil.copyfile(airflow_home.path / "airflow" / name, home.path / "airflow" / name)
        return _run(home, *arguments)

    return run_dags


def _run(home: Home, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "twiplomacy.airflow", *arguments],
        env=os.environ | home.environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_editions_are_released_in_one_go_and_a_red_run_after_it_releases_nothing_and_says_why(run, tmp_path):
    home = Home(tmp_path / "data", shutil.copytree(PROJECT / "roster", tmp_path / "roster"))
    (home.roster / "editions.csv").write_text("year,checked_date\n2014,2026-11-23\n2013,2026-11-23\n")
    first = run(home, "release")
    assert first.returncode == 0, first.stdout
    last = first.stdout.splitlines()[-2:]
    assert last[0].startswith("gate: passed")
    assert last[1] == f"release: wrote {home.releases / '2014.0.0'}"
    assert "2014.0.0 holds the editions of 2013, 2014; the world in 2014:" in first.stdout
    assert "Countries present" in first.stdout
    manifest = json.loads((home.releases / "2014.0.0" / "manifest.json").read_text())
    assert (manifest["editions"], manifest["compared_with"]) == ([2013, 2014], [])

    home.execute("delete from marts.coverage_yearly where country_code = 'GHA'")
    red = run(home, "release", "--year", "2014")
    assert red.returncode == 1
    assert "critical: coverage_yearly: the United Nations have 193 members since 2011-07-14" in red.stdout
    assert "Traceback" not in red.stdout
    assert "airflow: the DAG release failed; its complete output is in" in red.stdout
    assert [path.name for path in home.releases.iterdir()] == ["2014.0.0"]
    with closing(sqlite3.connect(home.path / "airflow" / "airflow.db")) as connection:
        rows = connection.execute("select task_id, state from task_instance order by start_date").fetchall()
    states = dict(rows)
    assert (states["build"], states["gate"], states["release"]) == ("success", "failed", "upstream_failed")


def test_a_wrong_year_is_refused_before_anything_runs(run, tmp_path):
    home = Home(tmp_path / "data")
    done = run(home, "release", "--year", "1999")
    assert done.returncode == 2
    assert "error: 1999 is no edition; roster/editions.csv has 2012, 2013, 2014, 2015, 2016, 2017" in done.stderr
    assert not (home.path / "log").exists()


def test_a_year_that_is_no_number_is_refused(tmp_path):
    done = _run(Home(tmp_path / "data"), "release", "--year", "all")
    assert done.returncode == 2
    assert "argument --year: invalid int value: 'all'" in done.stderr


def test_editions_that_cannot_be_read_are_a_clear_error(tmp_path):
    home = Home(tmp_path / "data", tmp_path / "roster")
    home.roster.mkdir()
    (home.roster / "editions.csv").write_text("year,checked_date\n")
    done = _run(home, "build")
    assert done.returncode == 2
    assert "roster/editions.csv cannot be read" in done.stderr
    assert "run: twiplomacy roster check" in done.stderr
