"""A release of synthetic data says so wherever it is opened, and is never taken for a real one or compared with it."""

import csv
import json
import shutil

import duckdb
import pyarrow.parquet as pq
import pytest

from release.describe import SYNTHETIC
from release.verify import VerifyError, verify_version
from tests.conftest import Home, replayed
from twiplomacy.synthetic.worlds import SOURCES, tweet, write_presence, write_roster, write_tweets

VERBS = ("gate", "release")


@pytest.fixture(scope="module")
def folder(synthetic):
    return synthetic.releases / "2028.0.0-synthetic"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Home:
    """Give a panel of a real source and a synthetic one, of one edition of which nobody printed a figure."""
    root = tmp_path_factory.mktemp("mixed")
    looks, tweets = (source | {"observed_at": "2022-03-01T00:00:00Z"} for source in SOURCES)
    roster = write_roster(
        root / "roster",
        editions=[{"year": "2021"}],
        sources=[looks, tweets | {"is_synthetic": "true"}],
        offices=[{"office_code": "AAA-president", "country_code": "AAA"}],
        holders=[{"holder_id": "someone"}],
        terms=[{"office_code": "AAA-president", "holder_id": "someone", "start_date": "2020-01-01"}],
        accounts=[{"account_id": "x:1", "country_code": "AAA"}],
        assignments=[{"account_id": "x:1", "holder_id": "someone"}],
    )
    look = {"country_code": "AAA", "account_type_code": "personal", "looked_until_date": "2021-12-31"}
    write_presence(roster, [look | {"outcome_code": "active", "first_active_month": "2012-01"}])
    write_tweets(roster, [tweet(1, 1, "Thu Jul 01 12:00:00 +0000 2021")])
    home = Home(root / "data", roster)
    home.build(2021)
    return home


def test_the_panel_is_released_under_a_synthetic_version(synthetic, folder):
    assert [path.name for path in synthetic.releases.iterdir()] == ["2028.0.0-synthetic"]
    assert json.loads((folder / "manifest.json").read_text())["editions"] == [2027, 2028]


def test_every_file_that_a_person_reads_says_so_in_its_first_lines(folder):
    for path in folder.iterdir():
        if path.suffix not in (".csv", ".parquet", ".duckdb") and path.name != "SHA256SUMS":
            first_lines = path.read_text(encoding="utf-8").splitlines()[:3]
            assert any("ynthetic data" in line or '"is_synthetic": true' in line for line in first_lines), path.name


def test_the_files_that_a_program_reads_say_so(folder, synthetic):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["is_synthetic"], manifest["version"]) == (True, "2028.0.0-synthetic")
    assert json.loads((folder / "datapackage.json").read_text())["title"] == (
        "Synthetic data in the form of The open Twiplomacy dataset, 2027 to 2028"
    )
    assert pq.read_schema(folder / "accounts_yearly.parquet").metadata[b"description"].startswith(SYNTHETIC.encode())
    for database in (folder / "twiplomacy.duckdb", synthetic.path / "report.duckdb"):
        with duckdb.connect(str(database), read_only=True) as connection:
            comments = {comment for (comment,) in connection.execute("select comment from duckdb_tables()").fetchall()}
            assert connection.execute("select bool_and(is_synthetic) from sources").fetchall() == [(True,)]
        assert all(comment.startswith(SYNTHETIC) for comment in comments)


def test_the_command_says_so_before_any_figure(synthetic, tmp_path, capsys):
    home = synthetic.copy(tmp_path / "data")
    assert home.run("release") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == SYNTHETIC
    assert lines[-1].endswith("2028.0.0-synthetic")


def test_a_real_release_says_nothing_of_it(released):
    folder = released.releases / "2017.0.0"
    assert json.loads((folder / "manifest.json").read_text())["is_synthetic"] is False
    for name in ("codebook.md", "CITATION.cff", "LICENSE", "LICENSE-DATA", "datapackage.json"):
        assert "Synthetic data" not in (folder / name).read_text(), name


def test_each_network_has_a_graph_of_each_edition_in_which_it_was_seen(folder):
    assert {"network_follows_2028.graphml", "network_mentions_2028.graphml"} <= {
        path.name for path in folder.glob("*.graphml")
    }


def test_a_synthetic_panel_is_compared_with_the_synthetic_one_before_it(synthetic, released, folder, tmp_path):
    """An edition is the same whatever comes after it."""
    home = synthetic.copy(tmp_path / "data")
    home.releases.rename(tmp_path / "once")
    shutil.copytree(released.releases / "2017.0.0", home.releases / "2027.0.0")
    for year in (2027, 2028):
        home.build_collected(year)
        for verb in VERBS:
            assert home.run(verb, "--year", str(year)) == 0
    made = home.releases / "2028.0.0-synthetic"
    compared_with = json.loads((made / "manifest.json").read_text())["compared_with"]
    assert [other["version"] for other in compared_with] == ["2027.0.0-synthetic"]
    with (made / "changes.csv").open(newline="") as file:
        found = [row for row in csv.DictReader(file) if row["row_key"].startswith("year=")]
    assert {(row["row_key"], row["change_code"]) for row in found} == {("year=2028", "edition_added")}
    assert (made / "figures.csv").read_bytes() == (folder / "figures.csv").read_bytes()


def test_one_synthetic_source_makes_all_of_a_release_synthetic_and_no_part_of_the_real_sequence(
    mixed, released, tmp_path
):
    home = mixed.copy(tmp_path / "data")
    for version in ("2020.0.0", "2021.4.0"):
        shutil.copytree(released.releases / "2017.0.0", home.releases / version)
    for verb in VERBS:
        assert home.run(verb) == 0
    made = home.releases / "2021.0.0-synthetic"
    manifest = json.loads((made / "manifest.json").read_text())
    assert (manifest["is_synthetic"], manifest["compared_with"]) == (True, [])
    assert (made / "changes.csv").read_text().count("\n") == 1
    with (made / "sources.csv").open(newline="") as file:
        assert {row["source_id"]: row["is_synthetic"] for row in csv.DictReader(file)} == {
            "looks": "false",
            "tweets": "true",
        }


def test_what_was_synthetic_once_stays_so_whatever_the_roster_says_later(mixed, tmp_path):
    home = Home(shutil.copytree(mixed.path, tmp_path / "data"), shutil.copytree(mixed.roster, tmp_path / "roster"))
    sources = home.roster / "sources.csv"
    sources.write_text(sources.read_text().replace(",true,", ",,"))
    home.build(2021)
    for verb in VERBS:
        assert home.run(verb) == 0
    assert [path.name for path in home.releases.iterdir()] == ["2021.0.0-synthetic"]
    assert home.query("select is_synthetic from marts.sources where source_id = 'tweets'") == [(True,)]


def test_a_real_release_does_not_follow_a_synthetic_one(released, folder, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    shutil.copytree(folder, home.releases / "2017.9.0-synthetic")
    shutil.copytree(folder, home.releases / "2016.0.0-synthetic")
    assert home.run("release") == 0
    assert f"no value or description changed since {home.releases / '2017.0.0'}\n" in capsys.readouterr().out


def test_the_gate_refuses_sources_that_do_not_say_that_they_are_synthetic(mixed, tmp_path, capsys):
    home = mixed.copy(tmp_path / "data")
    home.execute("update marts.sources set is_synthetic = false")
    assert home.run(VERBS[0]) == 1
    error = capsys.readouterr().err
    assert "critical: sources: every source that the log ever marked as synthetic is still marked so; 1 of 1" in error
    assert home.run(VERBS[1]) == 1
    assert not home.releases.exists()


def test_verify_makes_it_again(synthetic, folder, capsys):
    with replayed():
        assert synthetic.run("verify", str(folder)) == 0
    assert "verify: 2028.0.0-synthetic equals what the log gives" in capsys.readouterr().out


def test_verify_refuses_it_under_a_real_name(synthetic, folder, tmp_path, capsys):
    renamed = shutil.copytree(folder, tmp_path / "2028.0.0")
    assert synthetic.run("verify", str(renamed)) == 1
    assert f"{renamed} is 2028.0.0-synthetic, under another version's name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "is_synthetic"), [("2028.0.0", True), ("2028.0.0-synthetic", False), ("new", True)]
)
def test_verify_refuses_a_version_that_hides_what_the_log_is(tmp_path, version, is_synthetic):
    with pytest.raises(
        VerifyError, match=f"says it is {version}; its log is {'synthetic' if is_synthetic else 'real'}"
    ):
        verify_version(tmp_path, version, is_synthetic)
