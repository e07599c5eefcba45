"""A release: the same bytes anywhere, complete, readable by others, and refused when tampered with."""

import contextlib
import csv
import gzip
import io
import json
import shutil
import subprocess
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package, system

from dbt_project.build import seal
from ingestion.log import segments
from release.package import checksums, sha256
from tests.conftest import PROJECT, Home, replayed
from twiplomacy.synthetic.worlds import tweet, user

YEARS = [2012, 2013, 2014, 2015, 2016, 2017]
TABLES = [
    "account_changes_yearly",
    "accounts_yearly",
    "audiences",
    "backtest",
    "campaigns_yearly",
    "content_yearly",
    "coverage_yearly",
    "data_issues_yearly",
    "engagement_yearly",
    "figures",
    "follows_yearly",
    "groups_yearly",
    "known_holders_yearly",
    "memberships_yearly",
    "mentions_yearly",
    "metrics",
    "missions_yearly",
    "network_nodes_yearly",
    "networks_yearly",
    "offices_yearly",
    "people_yearly",
    "platforms",
    "posts_yearly",
    "question_sessions_yearly",
    "sources",
    "states_yearly",
    "tenures_yearly",
]
NOT_ENTERED = {"follows_yearly", "campaigns_yearly", "missions_yearly", "question_sessions_yearly"}
"""Nobody was asked whom they follow, and the roster has no campaigns, sessions and missions yet."""


@pytest.fixture(scope="module")
def folder(released):
    return released.releases / "2017.0.0"


def test_a_second_release_writes_nothing_and_says_so(released, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    before = sorted(path.stat().st_mtime_ns for path in home.releases.rglob("*"))
    assert home.run("release") == 0
    output = capsys.readouterr().out
    assert output.startswith("2017.0.0 holds the editions of 2012, 2013, 2014, 2015, 2016, 2017; the world in 2017:\n")
    assert "release: nothing written, no value or description changed since" in output
    assert "gate: passed" in output
    assert sorted(path.stat().st_mtime_ns for path in home.releases.rglob("*")) == before


def test_it_holds_every_edition(folder):
    for name in ("manifest.json", "cut.json"):
        assert json.loads((folder / name).read_text())["editions"] == YEARS
    assert json.loads((folder / "datapackage.json").read_text())["title"].endswith(", 2012 to 2017")
    schemas = {table: pq.read_schema(folder / f"{table}.parquet") for table in TABLES}
    yearly = {table for table, schema in schemas.items() if schema.names[0] == "year"}
    assert yearly >= {table for table in TABLES if table.endswith("_yearly")}
    assert all("year" not in schema.names for table, schema in schemas.items() if table not in yearly)
    assert set(pq.read_table(folder / "coverage_yearly.parquet")["year"].to_pylist()) == set(YEARS)


def test_it_holds_what_a_release_holds(folder):
    expected = {f"{table}.{kind}" for table in TABLES for kind in ("csv", "parquet")}
    expected |= {"twiplomacy.duckdb", "codebook.md", "datapackage.json", "manifest.json", "SHA256SUMS", "cut.json"}
    expected |= {"gate.json", "CITATION.cff", "LICENSE", "LICENSE-DATA", "changes.csv"}
    graphs = {path.name for path in folder.glob("network_*_????.graphml")}
    assert {path.name for path in folder.iterdir()} == expected | graphs


def plain(value):
    """A CSV cell as Parquet would say it, by its text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:.9f}"
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "hour") else str(value)


@pytest.mark.parametrize("table", TABLES)
def test_csv_parquet_and_database_hold_the_same_rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    parquet = pq.read_table(folder / f"{table}.parquet")
    assert parquet.column_names == header
    assert [[plain(cell) for cell in row.values()] for row in parquet.to_pylist()] == rows
    with duckdb.connect(str(folder / "twiplomacy.duckdb"), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        stored = [tuple(row.values()) for row in parquet.to_pylist()]
        assert [tuple(map(plain, row)) for row in connection.execute(f"from {table}").fetchall()] == [
            tuple(map(plain, row)) for row in stored
        ]
    assert rows or table in NOT_ENTERED
    assert not (folder / f"{table}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r" not in (folder / f"{table}.csv").read_bytes()


def test_parquet_schemas_do_not_depend_on_the_rows(folder, synthetic):
    """The synthetic world has other rows; only what is said of its tables is marked."""
    for table in TABLES:
        places = (folder, synthetic.releases / "2028.0.0-synthetic")
        one, other = (pq.read_schema(place / f"{table}.parquet") for place in places)
        assert one.remove_metadata().equals(other.remove_metadata(), check_metadata=True)
        assert b"description" in one.metadata
        assert all(field.metadata[b"description"] for field in one)
    assert pq.read_schema(folder / "accounts_yearly.parquet").field("reply_share").type == pa.decimal128(38, 9)


def test_older_duckdb_opens_the_database(folder):
    # Storage version 64 is the one of DuckDB 0.9 to 1.x; it stands after the checksum and the four letters DUCK.
    header = (folder / "twiplomacy.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64


def test_the_database_describes_itself(folder):
    with duckdb.connect(str(folder / "twiplomacy.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from duckdb_tables() where comment is null").fetchall() == [(0,)]
        assert connection.execute(
            "select count(*) from duckdb_columns() where comment is null and not internal"
        ).fetchall() == [(0,)]


def test_posts_are_ids_and_flags_in_public_and_whole_in_the_authors_copy(folder, released):
    with (folder / "posts_yearly.csv").open() as file:
        public = next(csv.reader(file))
    with duckdb.connect(str(released.path / "report.duckdb"), read_only=True) as connection:
        authors = [row[0] for row in connection.execute("describe posts_yearly").fetchall()]
    kept_back = """posted_at reposts_received_count likes_received_count replies_received_count quotes_received_count
        views_received_count engagement_observed_at is_unavailable unavailable_at""".split()
    assert [name for name in authors if name not in public] == kept_back


def validate(folder):
    with system.use_context(trusted=True):
        return Package(str(folder / "datapackage.json")).validate()


def test_frictionless_accepts_it(folder):
    report = validate(folder)
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == 2 * len(TABLES) + 1 + len(list(folder.glob("*.graphml")))


def writable_copy(folder, target):
    shutil.copytree(folder, target)
    for path in target.iterdir():
        path.chmod(0o644)
    return target


def flip_a_digit(path):
    content = bytearray(path.read_bytes())
    place = content.rindex(b"142.000000000") if b"142.000000000" in content else len(content) // 2
    content[place] = content[place] ^ 1
    path.write_bytes(content)


def fix_checksums(folder):
    sums = folder / "SHA256SUMS"
    names = [line.split("  ")[1] for line in sums.read_text().splitlines()]
    sums.write_text("".join(f"{sha256(folder / name)}  {name}\n" for name in names))


def changes_of(folder):
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("name", ["figures.csv", "figures.parquet"])
def test_frictionless_refuses_one_flipped_digit(folder, tmp_path, name):
    copy = writable_copy(folder, tmp_path / "copy")
    flip_a_digit(copy / name)
    report = validate(copy)
    assert not report.valid
    assert "hash-count" in {row[0] for row in report.flatten(["type"])}


def test_sha256sums_is_the_tools_own_form(folder):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def verified(released, folder, following, tmp_path_factory) -> tuple[int, str, str]:
    """Give the exit code, the output and the errors of one run that verifies good and bad releases of one cut.

    All of them are compared with one panel, which is made once.
    """
    places = tmp_path_factory.mktemp("verified")
    download = shutil.copytree(folder, places / "download")
    tampered = writable_copy(folder, places / "tampered")
    flip_a_digit(tampered / "figures.csv")
    with duckdb.connect(str(tampered / "twiplomacy.duckdb")) as connection:
        connection.execute("update sources set title = 'other'")
        connection.execute("create table extra as select 'text' as post_text")
    graph = tampered / "network_mentions_2014.graphml"
    graph.write_text(graph.read_text().replace('target="x:813286"', 'target="x:56443222"'))
    fix_checksums(tampered)
    alone = shutil.copytree(following.releases / "2017.0.0", places / "alone" / "2017.0.0")
    beside = writable_copy(following.releases / "2017.0.0", places / "beside" / "2017.0.0")
    shutil.copytree(following.releases / "2016.0.0", places / "beside" / "2016.0.0")
    text = (beside / "changes.csv").read_text()
    (beside / "changes.csv").write_text(text.replace("edition_added", "edition_removed", 1))
    fix_checksums(beside)
    streams = io.StringIO(), io.StringIO()
    with replayed(), contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        code = released.run("verify", *map(str, (folder, download, tampered, alone, beside)))
    return code, *(stream.getvalue() for stream in streams)


def test_verify_makes_it_again_and_agrees_however_the_folder_is_called(verified):
    code, output, _ = verified
    assert code == 1  # as others fail
    assert output.count("verify: 2017.0.0 equals what the log gives at cut 14") == len(("folder", "download", "alone"))
    assert output.count("build: 2017 at cut 14") == 1


@pytest.mark.parametrize("name", ["figures.csv", "posts_yearly.parquet", "twiplomacy.duckdb", "gate.json"])
def test_verify_fails_on_a_changed_file(released, folder, tmp_path, capsys, name):
    copy = writable_copy(folder, tmp_path / "2017.0.0")
    flip_a_digit(copy / name)
    assert released.run("verify", str(copy)) == 1
    assert f"{name} was changed: its SHA-256 is not the one in SHA256SUMS" in capsys.readouterr().err


def test_verify_fails_on_a_missing_and_on_a_foreign_file(released, folder, tmp_path, capsys):
    copy = writable_copy(folder, tmp_path / "2017.0.0")
    (copy / "LICENSE").unlink()
    (copy / "extra.csv").touch()
    assert released.run("verify", str(copy)) == 1
    error = capsys.readouterr().err
    assert "LICENSE is missing" in error
    assert "extra.csv does not belong to the release" in error


def test_verify_fails_on_a_change_that_fixed_its_own_checksums(verified):
    _, _, errors = verified
    assert "tampered fails" in errors
    assert "network_mentions_2014.graphml is not what the log gives at this cut" in errors
    assert "figures.csv is not what the log gives at this cut" in errors
    assert "twiplomacy.duckdb: table sources does not equal sources.csv" in errors
    assert "twiplomacy.duckdb has other tables, columns or descriptions" in errors


def test_verify_fails_with_another_log(released, folder, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    ledger = home.path / "log" / "ledger.jsonl"
    kept = ledger.read_text().splitlines(keepends=True)[:5]
    ledger.write_text("".join(kept))
    for path in (home.path / "log" / "segments").iterdir():
        if path.name not in "".join(kept):
            path.unlink()
    assert home.run("verify", str(folder)) == 1
    error = capsys.readouterr().err
    assert f"has 5 segments, and {folder} was made from 14: the log has lost its end; restore" in error


@pytest.mark.parametrize("verb", ["verify", "verify log", "release"])
def test_a_log_that_lost_its_newest_segment_is_noticed_by_the_release_beside_it(released, tmp_path, capsys, verb):
    home = released.copy(tmp_path / "data")
    ledger = home.path / "log" / "ledger.jsonl"
    *kept, last = ledger.read_text().splitlines(keepends=True)
    ledger.write_text("".join(kept))
    (home.path / "log" / "segments" / json.loads(last)["name"]).unlink()
    assert home.run(*verb.split()) == 1
    error = capsys.readouterr().err
    assert error.count("has 13 segments, and ") == 1
    assert (
        f"{home.releases / '2017.0.0'} was made from 14: the log has lost its end; restore {home.path / 'log'}" in error
    )


def test_a_release_of_another_log_stops_the_next_one_until_it_is_withdrawn(released, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    folder = writable_copy(released.releases / "2017.0.0", home.releases / "2016.0.0")
    cut = json.loads((folder / "cut.json").read_text())
    (folder / "cut.json").write_text(json.dumps({**cut, "chain": "0" * 64}))
    fix_checksums(folder)
    assert home.run("release") == 1
    assert "2016.0.0 was made from another log than" in capsys.readouterr().err
    assert home.run("withdraw", str(folder), "--reason", "made from another log") == 0
    assert home.run("release") == 0


def test_verify_of_damaged_checksums_is_a_clear_error(released, folder, tmp_path, capsys):
    copy = writable_copy(folder, tmp_path / "2017.0.0")
    (copy / "SHA256SUMS").write_bytes(b"\xff garbage")
    assert released.run("verify", str(copy)) == 1
    assert "is not a list of hashes and file names" in capsys.readouterr().err


def test_verify_of_what_is_no_release_is_a_clear_error(released, tmp_path, capsys):
    assert released.run("verify", str(tmp_path)) == 1
    assert "is not a release: it has no SHA256SUMS" in capsys.readouterr().err


def test_a_changed_value_raises_patch_and_an_added_column_minor(released, tmp_path):
    home = released.copy(tmp_path / "data")
    home.execute("update marts.sources set title = 'Another title' where source_id = 'un-m49'")
    assert home.run("release") == 0
    assert sorted(path.name for path in home.releases.iterdir()) == ["2017.0.0", "2017.0.1"]
    (changed,) = changes_of(home.releases / "2017.0.1")
    assert changed[:5] == ["2017.0.0", "sources", "source_id=un-m49", "title", "value_changed"]
    assert changed[6:] == ["Another title", ""]
    manifest = json.loads((home.path / "dbt" / "manifest.json").read_text())
    node = manifest["nodes"]["model.twiplomacy.sources"]
    node["columns"]["added_code"] = {**node["columns"]["title"], "name": "added_code"}
    (home.path / "dbt" / "manifest.json").write_text(json.dumps(manifest))
    seal(home.path / "dbt" / "manifest.json")
    home.execute("alter table marts.sources add column added_code varchar default 'x'")
    assert home.run("release") == 0
    assert sorted(path.name for path in home.releases.iterdir()) == ["2017.0.0", "2017.0.1", "2017.1.0"]
    assert changes_of(home.releases / "2017.1.0") == [
        ["2017.0.1", "sources", "", "added_code", "column_added", "", "", ""]
    ]
    assert home.run("release") == 0
    assert len(list(home.releases.iterdir())) == 3


def test_another_description_alone_raises_patch(released, tmp_path):
    home = released.copy(tmp_path / "data")
    path = home.path / "dbt" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["nodes"]["model.twiplomacy.sources"]["columns"]["title"]["description"] = "Said in other words."
    path.write_text(json.dumps(manifest))
    seal(path)
    assert home.run("release") == 0
    assert sorted(path.name for path in home.releases.iterdir()) == ["2017.0.0", "2017.0.1"]
    assert changes_of(home.releases / "2017.0.1") == []
    assert "Said in other words." in (home.releases / "2017.0.1" / "codebook.md").read_text()


def test_a_release_of_before_changes_csv_is_one_to_compare_with(released, tmp_path):
    home = released.copy(tmp_path / "data")
    (home.releases / "2017.0.0" / "changes.csv").unlink()
    (home.releases / "2017.0.0" / "SHA256SUMS").chmod(0o644)
    (home.releases / "2017.0.0" / "SHA256SUMS").write_text(checksums(home.releases / "2017.0.0"))
    assert home.run("release") == 0
    assert [path.name for path in home.releases.iterdir()] == ["2017.0.0"]
    home.execute("delete from marts.sources where source_id = 'un-m49'")
    assert home.run("release") == 0
    assert changes_of(home.releases / "2017.0.1") == [
        ["2017.0.0", "sources", "source_id=un-m49", "", "row_removed", "", "", ""]
    ]


@pytest.fixture(scope="module")
def following(released, built, tmp_path_factory):
    """Give the panel of 2017, released beside that of 2016. Do not write to it."""
    earlier = built.copy(tmp_path_factory.mktemp("earlier") / "data")
    earlier.build(2016)
    for verb in ("gate", "release"):
        assert earlier.run(verb, "--year", "2016") == 0
    home = released.copy(tmp_path_factory.mktemp("following") / "data")
    shutil.rmtree(home.releases)
    shutil.copytree(earlier.releases, home.releases)
    assert home.run("release") == 0
    return home


def test_a_panel_is_compared_with_the_one_before_it(following, folder):
    """An edition is the same whatever comes after it; what is added is one row per table."""
    release = following.releases / "2017.0.0"
    yearly = {table for table in TABLES if pq.read_schema(folder / f"{table}.parquet").names[0] == "year"}
    found = changes_of(release)
    assert {row[0] for row in found} == {"2016.0.0"}
    added = {(row[1], *row[2:6]) for row in found if row[1] in yearly}
    assert ("backtest", "year=2017", "", "edition_added", "85") in added  # printed figures wait for their edition
    assert {row[1:] for row in added if row[0] != "backtest"} == {("year=2017", "", "edition_added", "")}
    (coverage,) = (row for row in found if row[1] == "coverage_yearly")
    years = pq.read_table(folder / "coverage_yearly.parquet")["year"].to_pylist()
    assert coverage[6:] == [str(years.count(2017)), ""]
    for table in TABLES:
        assert sha256(release / f"{table}.csv") == sha256(folder / f"{table}.csv")
    manifest = json.loads((release / "manifest.json").read_text())
    assert [other["version"] for other in manifest["compared_with"]] == ["2016.0.0"]
    assert "changes.csv" in {file["path"] for file in manifest["files"]}
    assert "## changes" in (release / "codebook.md").read_text()
    assert validate(release).valid


def test_verify_fails_on_changed_changes_if_what_they_were_compared_with_lies_beside(verified):
    _, _, errors = verified
    assert "beside/2017.0.0 fails:\n  changes.csv is not what the log gives" in errors


def test_verify_says_if_what_changes_were_compared_with_is_not_there(verified):
    _, output, errors = verified
    assert output.count("releases that it compares with are not beside it: 2016.0.0\n") == 1
    assert "alone" not in errors


def test_without_a_verdict_nothing_is_released(built, tmp_path, capsys):
    home = built.copy(tmp_path / "data")
    assert home.run("release") == 1
    assert "has not been through the gate as it is; run: twiplomacy gate --year 2017" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_release(released, tmp_path, monkeypatch, capsys):
    home = released.copy(tmp_path / "data")
    shutil.rmtree(home.releases)

    def full(*_, **__):
        raise OSError(28, "No space left on device", "codebook.md")

    monkeypatch.setattr("release.release.write_papers", full)
    assert home.run("release") == 1
    assert "error: No space left on device: codebook.md: free some space, and run" in capsys.readouterr().err
    assert [path.name for path in home.releases.iterdir()] == [".unfinished"]
    monkeypatch.undo()
    assert home.run("release") == 0
    assert [path.name for path in home.releases.iterdir()] == ["2017.0.0"]


@pytest.fixture(scope="module")
def learned_later(released, tmp_path_factory) -> Home:
    """Give the real panel with a post that came in later, released as 2017.0.1."""
    folder = tmp_path_factory.mktemp("later")
    roster = shutil.copytree(PROJECT / "roster", folder / "roster")
    home = Home(shutil.copytree(released.path, folder / "data"), roster)
    late = tweet(1, 726748106, "Thu Jan 02 12:00:00 +0000 2014", user=user(726748106), retweet_count=5)
    (roster / "observations" / "world-leader-vis-2017" / "late.jsonl").write_text(json.dumps(late) + "\n")
    home.build(2017)
    for verb in ("gate", "release"):
        assert home.run(verb) == 0
    return home


def test_what_is_learned_later_makes_a_new_version_and_leaves_the_old_one_true(learned_later, capsys):
    home = learned_later
    assert sorted(path.name for path in home.releases.iterdir()) == ["2017.0.0", "2017.0.1"]
    with (home.releases / "2017.0.1" / "accounts_yearly.csv").open() as file:
        mine = [row for row in csv.DictReader(file) if row["account_id"] == "x:726748106"]
    (mahama,) = (row for row in mine if row["year"] == "2014")
    assert (mahama["posts_count"], mahama["reposts_received_count"]) == ("192", "12450")
    changed = [row[3:] for row in changes_of(home.releases / "2017.0.1") if row[2].startswith("year=2014; ")]
    assert ["posts_count", "value_changed", "191", "192", "1"] in changed
    capsys.readouterr()
    with replayed():
        assert home.run("verify") == 0
    output = capsys.readouterr().out
    for version, cut in (("2017.0.0", 14), ("2017.0.1", 15)):
        assert f"verify: {version} equals what the log gives at cut {cut}" in output
    assert "checksum only" not in output


def test_after_an_erasure_the_next_release_names_nobody_and_those_before_differ_by_it(
    learned_later, tmp_path, capsys, monkeypatch
):
    """Of an account of which the register has an audience, and 1,055 posts in an archive of their own."""
    roster = shutil.copytree(learned_later.roster, tmp_path / "roster")
    home = Home(shutil.copytree(learned_later.path, tmp_path / "data"), roster)
    monkeypatch.setenv("TWIPLOMACY_EXCLUSION_SALT", "a secret of some length")
    assert home.run("erase", "x:726748106", "--reason", "asked on a day") == 0
    withdrawn = json.loads((home.releases / "withdrawn.json").read_text())
    assert {name: (one["reason"], one["erasure"]) for name, one in withdrawn.items()} == {
        "2017.0.0": ("erasure 16: asked on a day", 16),
        "2017.0.1": ("erasure 16: asked on a day", 16),
    }
    home.build(2017)
    assert len(home.query("from raw.segments")) == 16  # so nothing was collected again
    for verb in ("gate", "release"):
        assert home.run(verb) == 0
    output = capsys.readouterr().out
    assert "warning: figures: the baselines are newer than the last erasure; 1 of 1" in output
    folders = [home.releases / "2017.0.2", home.path / "log", home.path / "gate", home.roster]
    for path in [path for folder in folders for path in folder.rglob("*") if path.is_file()]:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if path.suffix == ".zst":
            content = b"".join(segments.lines(path))
        assert b"726748106" not in content, path
    with replayed():
        assert home.run("verify", *(str(home.releases / name) for name in ("2017.0.1", "2017.0.2"))) == 0
    output = capsys.readouterr().out
    assert "verify: 2017.0.1 is withdrawn: erasure 16: asked on a day" in output
    assert "verify: 2017.0.1 differs by erasure 16 (asked on a day)" in output
    assert "verify: 2017.0.2 equals what the log gives at cut 16" in output
    (home.releases / "2017 by hand").mkdir()
    marked = (home.releases / "withdrawn.json").read_bytes()
    assert home.run("erase", "x:726748106", "--reason", "asked again") == 0  # there is nothing left to erase
    assert (home.releases / "withdrawn.json").read_bytes() == marked
