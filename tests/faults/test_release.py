"""A release, or what a release is made from, of which anything changed: named by ``verify``, refused by ``release``."""

import json
import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

import duckdb
import pytest

from dbt_project.build import _failures, seal
from expectations.gate import KeptError, keep, kept
from ingestion.shown import shown
from release import stored, withdrawn
from release.describe import DescriptionError, tables
from release.release import ReleaseError
from release.stored import StoredError
from tests.release.test_panel import Panel
from twiplomacy import cli

STAMP = {"year": 2014, "cut": 3, "chain": "0" * 64, "code": "1" * 64}
VERDICT = {"year": 2014, "verdict": "passed", "checks": [{"rule": "r", "fix": "f", "passed": True, "examples": []}]}


def damaged(content: bytes, chances: Random) -> bytes:
    """Return other bytes: a bit flipped, the end cut off, something put in, or junk."""
    place = chances.randrange(len(content))
    flipped = content[:place] + bytes([content[place] ^ 1 << chances.randrange(8)]) + content[place + 1 :]
    others = [content[:place], content[:place] + b"\0" + content[place:], chances.randbytes(20), b"[]", b'{"a": 1}']
    return chances.choice([flipped, flipped, *others])


@pytest.fixture(scope="module")
def panel(tmp_path_factory) -> Panel:
    """Give a small panel with a release of it. Do not write to the release; put another one in its place."""
    panel = Panel(tmp_path_factory.mktemp("panel"))
    panel.hold({2013: "120", 2014: "142"})
    panel.release()
    return panel


@pytest.mark.parametrize("kind", ["bytes", "gone", "folder", "link", "other"])
def test_a_file_of_a_release(attack, panel, tmp_path, monkeypatch, capsys, kind):
    whole = panel.releases / "2014.0.0"
    files = sorted(path.name for path in whole.iterdir())
    other = Panel(tmp_path)
    other.database = panel.database
    folder = other.releases / "2014.0.0"
    monkeypatch.setenv("TWIPLOMACY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TWIPLOMACY_RELEASES", str(other.releases))

    def one(chances: Random) -> None:
        shutil.rmtree(other.releases, ignore_errors=True)
        shutil.copytree(whole, folder)
        path = folder / chances.choice(files)
        content = path.read_bytes()
        path.unlink()
        if kind == "bytes":
            path.write_bytes(damaged(content, chances))
        elif kind == "folder":
            path.mkdir()
        elif kind == "link":
            path.symlink_to(whole / path.name)
        elif kind == "other":
            path.write_bytes(content)
            path = folder / chances.choice(["a\nb", "x.csv", "\udcff", "\u202etxt"])
            path.touch()
        assert cli.main(["verify", str(folder)]) == 1
        error = capsys.readouterr().err
        name = shown(path.name)
        assert error.startswith("error: ")
        assert name in error or "SHA256SUMS" in path.name or "SHA256SUMS is not a list" in error, error
        with pytest.raises(ReleaseError, match="Nothing was released"):
            other.release()
        assert other.versions() == [".unfinished", "2014.0.0"]

    attack(6, one)


def test_what_a_release_says_of_itself(attack, panel, tmp_path):
    whole = panel.releases / "2014.0.0"
    readers = {
        "manifest.json": stored.manifest,
        "cut.json": stored.cut,
        "datapackage.json": stored.descriptions,
        withdrawn.NAME: withdrawn.read,
    }

    def one(chances: Random) -> None:
        name = chances.choice(list(readers))
        gone = b'{"2014.0.0": {"reason": "r", "withdrawn_date": "2018-01-01"}}'
        content = gone if name == withdrawn.NAME else (whole / name).read_bytes()
        (tmp_path / name).write_bytes(damaged(content, chances))
        with suppress(StoredError):
            readers[name](tmp_path)

    attack(200, one)


def test_the_verdict_of_the_gate(attack, tmp_path):
    path = tmp_path / "2014.json"
    keep(path, STAMP, VERDICT)
    content = path.read_bytes()

    def one(chances: Random) -> None:
        path.write_bytes(damaged(content, chances))
        with pytest.raises(KeptError, match=r"2014\.json is damaged"):
            kept(path, STAMP)

    assert kept(path, STAMP) == VERDICT
    assert kept(path, {**STAMP, "cut": 4}) is None
    attack(300, one)


def test_what_dbt_left(attack, tmp_path):
    manifest, results = tmp_path / "manifest.json", tmp_path / "run_results.json"
    content = json.dumps({"nodes": {}}).encode()
    failed = {"status": "error", "unique_id": "model.twiplomacy.figures", "message": "why"}
    said = json.dumps({"results": [failed]}).encode()
    manifest.write_bytes(content)
    seal(manifest)

    def one(chances: Random) -> None:
        manifest.write_bytes(damaged(content, chances))
        with pytest.raises(DescriptionError, match=r"manifest\.json is missing or damaged; run: twiplomacy build"):
            tables(manifest)
        results.write_bytes(damaged(said, chances))
        assert list(_failures(Path("none"), tmp_path, 1))

    assert tables(manifest) == []
    attack(200, one)


def test_the_database(attack, tmp_path, monkeypatch, capsys):
    """Of a damaged one each verb says so in a line, with what to do, or needs nothing of what is damaged."""
    path = tmp_path / "twiplomacy.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table build_stamp as select 2014 as year, 3 as cut, 'a' as chain, 'b' as code")
        connection.execute("create schema raw")
        connection.execute("create table raw.segments as select i as position, 'n' as name from range(9000) as r(i)")
    content = path.read_bytes()
    monkeypatch.setenv("TWIPLOMACY_DATA", str(tmp_path))
    remedies = [f"{path} is damaged (DuckDB: ", "does not hold 2017 as this code builds it; run: twiplomacy build"]

    def one(chances: Random) -> None:
        place = chances.choice([chances.randrange(12_288), chances.randrange(len(content))])
        flipped = content[:place] + bytes([content[place] ^ 1 << chances.randrange(8)]) + content[place + 1 :]
        path.write_bytes(chances.choice([flipped, content[:place], content[:place] + b"\0" * 9000, b"junk" * place]))
        for verb in ("gate", "release"):
            assert cli.main([verb]) == 1
            error = capsys.readouterr().err
            assert any(remedy in error for remedy in remedies), error
            assert error.count("\n") == 1

    attack(25, one)


@pytest.mark.parametrize("name", ["2014.0.0", "2014.0.1"])
def test_what_stands_under_a_version_and_is_no_release(panel, tmp_path, monkeypatch, capsys, name):
    other = Panel(tmp_path)
    other.database = panel.database
    monkeypatch.setenv("TWIPLOMACY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TWIPLOMACY_RELEASES", str(other.releases))
    makers = [Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere"), lambda path: path.symlink_to(path)]
    for make in makers:
        shutil.rmtree(other.releases, ignore_errors=True)
        other.releases.mkdir()
        make(other.releases / name)
        with pytest.raises(ReleaseError, match=f"{name} is not a release.*\nNothing was released"):
            other.release()
        assert cli.main(["verify"]) == 1
        assert f"{name} is not a release" in capsys.readouterr().err


def test_names_that_are_no_version_are_none_of_its_business(panel, tmp_path):
    other = Panel(tmp_path)
    other.database = panel.database
    for name in ("2014.0.0.bak", "2014.00.0", "２０１４.0.0", "latest", ".DS_Store", "\udcff", "a\nb", "2014.0.0-real"):
        (other.releases / name).mkdir(parents=True)
    assert other.release().path.name == "2014.0.0"
    assert other.release().is_new is False
