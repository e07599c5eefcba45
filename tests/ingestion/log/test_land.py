"""land: the log's events as rows, exactly once, whatever the split into segments."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.land import TABLES, land
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from tests.ingestion.log.test_events import event
from tests.ingestion.log.test_ledger import erase, filled

KINDS = [kind for kinds in TABLES.values() for kind in kinds]


def quiet(_: str) -> None:
    pass


def rows(database) -> list[tuple]:
    """All landed rows without their position."""
    with duckdb.connect(str(database), read_only=True) as connection:
        union = " union all ".join(f"select '{table}' as landed_in, * from raw.{table}" for table in TABLES)
        return connection.execute(f"select * exclude (ledger_position) from ({union}) order by all").fetchall()


def append(ledger: Ledger, events: list[Event]) -> None:
    with ledger.writing(quiet):
        ledger.append(segments.write(ledger.segments, "tweets", events), "tweets", str(len(ledger.lines())))


log_of_all_types = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 9)).map(
        lambda pair: event({"id_str": str(pair[1])}, type=pair[0], subject=f"x:1/{pair[1]}")
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25)
@given(log_of_all_types, st.data())
def test_how_the_log_is_split_into_segments_does_not_matter(tmp_path_factory, events, data):
    folder = tmp_path_factory.mktemp("split")
    split = data.draw(st.integers(0, len(events)))
    one, two = Ledger(folder / "one"), Ledger(folder / "two")
    append(one, events)
    for part in (events[:split], events[split:]):
        append(two, part)
    land(one, folder / "one.duckdb", quiet)
    land(two, folder / "two.duckdb", quiet)
    assert rows(folder / "one.duckdb") == rows(folder / "two.duckdb")
    assert len(rows(folder / "one.duckdb")) == len(events)


def test_every_field_of_the_envelope_lands(tmp_path):
    ledger = Ledger(tmp_path / "log")
    made = event({"id_str": "2", "n": 1, "tags": ["é"]})
    append(ledger, [made])
    land(ledger, tmp_path / "x.duckdb", quiet)
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        (row,) = connection.execute(
            "select * replace (observed_at::text as observed_at, recorded_at::text as recorded_at)"
            " from raw.post_snapshots"
        ).fetchall()
    assert row == (
        1,
        made.id,
        "tweets",
        "post.observed",
        "x:1/2",
        "2017-10-03 00:00:00+00",
        "2026-01-01 00:00:00+00",
        "x/v1.1/tweet",
        '{"id_str":"2","n":1,"tags":["é"]}',
    )


def test_landing_again_adds_nothing_and_says_so(tmp_path):
    ledger, database, said = filled(tmp_path / "log"), tmp_path / "x.duckdb", []
    land(ledger, database, quiet)
    before = rows(database)
    assert len(before) == 6
    land(ledger, database, said.append)
    assert said == ["land: all 3 segments are landed already"]
    assert rows(database) == before


def test_a_deleted_database_comes_back_the_same(tmp_path):
    ledger, database = filled(tmp_path / "log"), tmp_path / "x.duckdb"
    land(ledger, database, quiet)
    before = rows(database)
    database.unlink()
    land(ledger, database, quiet)
    assert rows(database) == before


@pytest.mark.parametrize(
    ("sizes", "what"),
    [((1, 1), "has another segment 1"), ((), "has only 0 segments"), ((2, 3), "has only 2 segments")],
)
def test_a_database_that_holds_what_the_log_does_not_is_left_alone(tmp_path, sizes, what):
    database = tmp_path / "x.duckdb"
    land(filled(tmp_path / "one"), database, quiet)
    before = rows(database)
    with pytest.raises(LogError, match=rf"{what}.*restore it from its backup; the database may be the last copy"):
        land(filled(tmp_path / "two", sizes), database, quiet)
    assert rows(database) == before


def test_a_tampered_segment_does_not_land_and_what_landed_stays(tmp_path):
    ledger, database = filled(tmp_path / "log"), tmp_path / "x.duckdb"
    last = ledger.segments / ledger.lines()[-1].name
    content = last.read_bytes()
    last.chmod(0o644)
    last.write_bytes(segments.zstandard.compress(event().encode()))
    with pytest.raises(LogError, match=f"{last.name} is not what the ledger says"):
        land(ledger, database, quiet)
    assert len(rows(database)) == 5
    last.write_bytes(content)
    land(ledger, database, quiet)
    assert len(rows(database)) == 6


def test_an_event_that_no_table_holds_stops_the_landing(tmp_path, monkeypatch):
    ledger = filled(tmp_path / "log", (2,))
    monkeypatch.delitem(TABLES, "post_snapshots")
    with pytest.raises(LogError, match="2 events are of a type that no raw table holds"):
        land(ledger, tmp_path / "x.duckdb", quiet)


@pytest.mark.parametrize("is_landed_before", [True, False])
def test_an_erased_segment_is_in_no_table_whether_or_not_it_had_landed(tmp_path, is_landed_before):
    ledger, database = filled(tmp_path / "log"), tmp_path / "x.duckdb"
    if is_landed_before:
        land(ledger, database, quiet)
        assert len(rows(database)) == 6
    erase(ledger, 2)
    said = []
    land(ledger, database, said.append)
    assert len(rows(database)) == 4
    assert ("land: something was erased from the log since; making the database anew" in said) == is_landed_before
    with duckdb.connect(str(database), read_only=True) as connection:
        segments = connection.execute("select position, rows from raw.segments order by all").fetchall()
    assert segments == [(1, 2), (2, 0), (3, 1), (4, 1)]
    land(ledger, database, said.append)
    assert said[-1] == "land: all 4 segments are landed already"


def test_what_was_built_from_an_erased_segment_is_not_taken_for_built(tmp_path):
    ledger, database = filled(tmp_path / "log"), tmp_path / "x.duckdb"
    land(ledger, database, quiet)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table build_stamp (year integer)")
    erase(ledger, 2)
    land(ledger, database, quiet)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select 1 from duckdb_tables() where table_name = 'build_stamp'").fetchall() == []
