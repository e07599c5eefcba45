"""The command line: help with examples, clear errors, and a flow that survives being killed anywhere."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from dbt_project.build import BuildError
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.workload import RunRequest
from release.package import sha256
from tests.conftest import PROJECT, Home
from twiplomacy import cli

VERBS = ("collect", "land", "build", "gate", "release", "verify", "withdraw", "erase")
NOT_BY_BYTES = {"twiplomacy.duckdb", "SHA256SUMS"}


def test_help_shows_examples(capsys):
    assert cli.main(["--help"]) == 0
    output = capsys.readouterr().out
    assert "  twiplomacy build --year 2014         build those of the editions up to 2014\n" in output
    assert "releases/2017.0.0" in output
    for verb in VERBS:
        assert f"\n  {verb} " in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["collect", "facebook"], "'facebook' cannot be asked; these can: x, bluesky, mastodon, youtube"),
        (["collect", "x", "--parts", "posts,likes"], "choose from accounts, posts, ages, follows, volume"),
        (["collect", "x", "--budget", "much"], "'much' is no number of US dollars"),
        (["collect", "x", "--budget", "-1"], "'-1' is no number of US dollars"),
        (["collect", "x", "--budget", "nan"], "'nan' is no number of US dollars"),
        (["collect", "x", "--day", "2026-02-30"], "'2026-02-30' is no day; expected YYYY-MM-DD"),
        (["build", "--year", "all"], "Invalid value for '--year'"),
        (["roster", "mend"], "No such command 'mend'"),
        (["publish"], "No such command 'publish'"),
    ],
)
def test_a_wrong_argument_is_named(capsys, arguments, message):
    assert cli.main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("verb", [*VERBS, "roster check", "roster refresh"])
def test_every_verb_has_its_help(capsys, verb):
    assert cli.main([*verb.split(), "--help"]) == 0
    output = capsys.readouterr().out
    assert output.startswith(f"Usage: twiplomacy {verb}")
    assert "..." not in output.splitlines()[2]


def test_collecting_asks_nobody_by_default(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(cli.collecting, "collect_all", lambda _, *arguments: asked.append(arguments))
    assert cli.main(["collect", "--day", "2026-03-02"]) == 0, capsys.readouterr().err
    assert cli.main(["collect", "x", "--parts", "posts,posts", "--budget", "2.5", "--day", "2026-03-02"]) == 0
    day = date(2026, 3, 2)
    assert asked == [
        ((), RunRequest(("accounts", "posts", "ages"), Cost(Decimal(0), 10_000), day)),
        (["x"], RunRequest(("posts",), Cost(Decimal("2.5"), 10_000), day)),
    ]


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


def test_verify_checks_the_log_though_no_release_is_whole(home, capsys):
    (home.releases / "2017.0.0").mkdir(parents=True)
    for arguments in ([], ["log", str(home.releases / "2017.0.0")]):
        assert home.run("verify", *arguments) == 1
        error = capsys.readouterr().err
        assert "2017.0.0 is not a release: it has no SHA256SUMS" in error
        assert "holds no log" in error


def test_a_setting_that_is_no_number_is_a_clear_error(home, capsys, monkeypatch):
    monkeypatch.setattr(Home, "environment", lambda _: {"TWIPLOMACY_THREADS": "two"})
    assert home.run("collect") == 1
    assert (
        capsys.readouterr().err
        == "error: TWIPLOMACY_THREADS is 'two': Input should be a valid integer, unable to parse string as an integer\n"
    )


@pytest.mark.parametrize(("in_environment", "memory"), [("", "2GB"), ("3GB", "3GB")])
def test_a_build_has_the_memory_that_the_environment_or_else_a_file_sets(
    built, tmp_path, monkeypatch, in_environment, memory
):
    (tmp_path / "settings.env").write_text("TWIPLOMACY_MEMORY=2GB\n")
    monkeypatch.setenv("TWIPLOMACY_ENV_FILE", str(tmp_path / "settings.env"))
    monkeypatch.setenv("TWIPLOMACY_MEMORY", in_environment)
    home, given = built.copy(tmp_path / "data"), []
    home.execute("delete from build_stamp")

    def start_dbt(*_: object, env: dict[str, str], **__: object) -> None:
        given.append(env["TWIPLOMACY_MEMORY"])
        raise BuildError("not started")

    monkeypatch.setattr(subprocess, "Popen", start_dbt)
    assert home.run("build") == 1
    assert given == [memory]


@pytest.mark.parametrize("verb", ["collect", "land", "build", "gate", "release", "verify"])
@pytest.mark.parametrize(
    ("name", "message"),
    [("file", "which is a file; expected a folder"), ("\udcff", "which is not UTF-8; choose another")],
)
def test_a_folder_that_cannot_be_one_is_a_clear_error(tmp_path, capsys, verb, name, message):
    (tmp_path / "file").touch()
    assert Home(tmp_path / name).run(verb) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: TWIPLOMACY_DATA is {tmp_path}/")
    assert message in error


def test_what_is_printed_does_nothing_to_a_terminal(capsys):
    assert cli.main(["verify", "a\x1b[2J\u202eb\x00\udcff"]) == 1
    assert "/a\\x1b[2J\\u202eb\\x00\\udcff is not a release" in capsys.readouterr().err


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("name", [None, "codebook.md"])
def test_a_full_disk_is_named_with_what_to_do(home, capsys, monkeypatch, code, name):
    def full(*_: object) -> None:
        raise OSError(code, os.strerror(code), name)

    monkeypatch.setattr(cli, "land", full)
    assert home.run("land") == 1
    assert capsys.readouterr().err == (
        f"error: No space left on device: {name or home.path}: free some space, and run the same command again\n"
    )


def test_a_full_disk_that_duckdb_notices_is_named_too(home, capsys, monkeypatch):
    def full(*_: object) -> None:
        raise duckdb.IOException('Could not write file "/a/twiplomacy.duckdb.wal": No space left on device')

    monkeypatch.setattr(cli, "land", full)
    assert home.run("land") == 1
    error = capsys.readouterr().err
    assert '"/a/twiplomacy.duckdb.wal": No space left on device; free some space' in error


def test_a_database_that_is_damaged_says_what_to_do(home, capsys):
    home.path.mkdir()
    home.database.write_bytes(b"garbage" * 1000)
    assert home.run("land") == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: {home.database} is damaged (DuckDB: ")
    assert error.endswith("; delete it and twiplomacy.duckdb.wal, and run: twiplomacy land\n")


def test_a_database_that_someone_has_open_is_a_clear_error(built, tmp_path):
    home = built.copy(tmp_path / "data")
    with duckdb.connect(str(home.database)):
        done = subprocess.run(
            [sys.executable, "-m", "twiplomacy.cli", "gate"],
            env=os.environ | home.environment(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: DuckDB: IO Error: Could not set lock on file")
    assert "Traceback" not in done.stderr


KILLED_AFTER = {"collect": 4, "land": 2, "build": 8, "release": 0}
"""Verb -> lines after which it is killed; `release` says nothing before it is done, so that its folder is awaited."""


def start(home: Home, verb: str) -> subprocess.Popen:
    """Start a verb in another time zone and with another number of threads than the other tests have."""
    return subprocess.Popen(
        [sys.executable, "-m", "twiplomacy.cli", verb],
        env={"PATH": "/usr/bin:/bin", "TZ": "Pacific/Auckland", **home.environment(threads=2)},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def kill(home: Home, verb: str) -> None:
    """Kill a verb in the middle, with all that it started."""
    with start(home, verb) as process:
        for _ in range(KILLED_AFTER[verb]):
            process.stdout.readline()
        while verb == "release" and process.poll() is None and not (home.releases / ".unfinished").exists():
            pass
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)


def test_another_place_time_zone_and_number_of_threads_and_a_kill_in_every_verb_give_the_same_bytes(released, tmp_path):
    home = Home(tmp_path / "elsewhere")
    for verb in ("collect", "land", "build", "gate", "release"):
        if verb in KILLED_AFTER:
            kill(home, verb)
        with start(home, verb) as process:
            process.stdout.read()
        assert process.returncode == 0
    before, after = (place.releases / "2017.0.0" for place in (released, home))
    assert [path.name for path in home.releases.iterdir()] == ["2017.0.0"]
    assert sorted(path.name for path in after.iterdir()) == sorted(path.name for path in before.iterdir())
    for path in before.iterdir():
        if path.name not in NOT_BY_BYTES:
            assert sha256(after / path.name) == sha256(path), path.name
