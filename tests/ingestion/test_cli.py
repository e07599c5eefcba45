"""The command line: help with examples, clear errors, and a flow that survives being killed anywhere."""

import os
import shutil
import signal
import subprocess
import sys

import duckdb
import pytest

from ingestion import cli
from release.package import sha256
from tests.conftest import PROJECT, Home
from tests.release.test_release import NOT_BY_BYTES, run_all


def test_help_shows_examples(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    output = capsys.readouterr().out
    assert "twiplomacy build --year 2014" in output
    assert "releases/2017.0.0" in output
    for verb in ("collect", "land", "build", "gate", "release", "verify"):
        assert verb in output


@pytest.mark.parametrize("verb", ["build", "gate", "release"])
def test_a_wrong_year_is_a_clear_error(home, capsys, verb):
    assert home.run(verb, "--year", "1999") == 1
    assert capsys.readouterr().err == (
        "error: 1999 is no edition; roster/editions.csv has 2012, 2013, 2014, 2015, 2016, 2017\n"
    )


def test_a_roster_without_editions_is_a_clear_error(tmp_path, capsys):
    home = Home(tmp_path / "data", shutil.copytree(PROJECT / "roster", tmp_path / "roster"))
    (home.roster / "editions.csv").write_text("year,checked_date\n")
    assert home.run("build") == 1
    assert "is no edition; roster/editions.csv has none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build"], "holds no log; restore it from a backup, or run: twiplomacy collect"),
        (["build", "--year", "2014"], "holds no log; restore it from a backup, or run: twiplomacy collect"),
        (["gate", "--year", "2014"], "does not hold 2014 as this code builds it; run: twiplomacy build --year 2014"),
        (["gate"], "does not hold 2017 as this code builds it; run: twiplomacy build --year 2017"),
        (["release", "--year", "2014"], "does not hold 2014"),
        (["release"], "does not hold 2017"),
        (["verify", "releases/1.2.3"], "is not a release"),
    ],
)
def test_a_verb_out_of_turn_is_a_clear_error(home, capsys, arguments, message):
    assert home.run(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error


def test_a_setting_that_is_no_number_is_a_clear_error(home, capsys, monkeypatch):
    monkeypatch.setattr(Home, "environment", lambda _: {"TWIPLOMACY_THREADS": "two"})
    assert home.run("collect") == 1
    assert capsys.readouterr().err == "error: TWIPLOMACY_THREADS is 'two'; expected a number from 1\n"


def test_a_database_that_is_damaged_says_what_to_do(home, capsys):
    home.path.mkdir()
    home.database.write_bytes(b"garbage" * 1000)
    assert home.run("land") == 1
    assert "delete it and run: twiplomacy land" in capsys.readouterr().err


def test_a_database_that_someone_has_open_is_a_clear_error(built, tmp_path):
    home = built.copy(tmp_path / "data")
    with duckdb.connect(str(home.database)):
        done = subprocess.run(
            [sys.executable, "-m", "ingestion.cli", "gate"],
            env=os.environ | home.environment(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: DuckDB: IO Error: Could not set lock on file")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("verb", "lines"),
    [("collect", 4), ("land", 2), ("build", 20), ("release", 0)],
)
def test_killed_anywhere_and_run_again_gives_the_same_release(built, released, tmp_path, verb, lines):
    home = built.copy(tmp_path / "data") if verb == "release" else Home(tmp_path / "data")
    for name in ("collect", "land", "build", "gate", "release"):
        with subprocess.Popen(
            [sys.executable, "-m", "ingestion.cli", name],
            env=os.environ | home.environment(),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            if name == verb:
                for _ in range(lines):
                    process.stdout.readline()
                while verb == "release" and process.poll() is None and not (home.releases / ".unfinished").exists():
                    pass  # it says nothing before it is done
                assert process.poll() is None
                os.killpg(process.pid, signal.SIGKILL)
                break
            process.stdout.read()
    run_all(home, threads=2)
    before, after = (place.releases / "2017.0.0" for place in (released, home))
    for path in before.iterdir():
        if path.name not in NOT_BY_BYTES:
            assert sha256(after / path.name) == sha256(path), path.name
