"""The roster: every fault with its place, and the fold's laws."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import roster
from ingestion.events import Event
from ingestion.roster import RosterError
from tests.conftest import PROJECT
from tests.worlds import SOURCES, write_roster

KINDS = ["roster.entry_added", "roster.entry_changed", "roster.entry_ended"]


def entry_event(kind: str, name: str, value: int) -> Event:
    stamp = "2020-01-01T00:00:00Z"
    return Event("roster", kind, f"roster/countries/{name}", stamp, "roster/countries/1", {"value": value}, stamp)


events = st.lists(
    st.builds(entry_event, st.sampled_from(KINDS), st.sampled_from(["A", "B", "C"]), st.integers(0, 3)), max_size=12
)


@given(events, st.data())
def test_folding_in_two_parts_is_folding_at_once(log, data):
    split = data.draw(st.integers(0, len(log)))
    assert roster.fold(log[split:], roster.fold(log[:split])) == roster.fold(log)


@given(events)
def test_a_log_read_twice_says_the_same(log):
    assert roster.fold(log + log) == roster.fold(log)


@given(events, events)
def test_segments_about_different_subjects_may_come_in_any_order(one, two):
    other = [entry_event(event.type, f"other-{event.subject[-1]}", event.data["value"]) for event in two]
    assert roster.fold(one + other) == roster.fold(other + one)


@given(events)
def test_changes_bring_any_log_to_the_files(tmp_path_factory, log):
    entries = roster.read(write_roster(tmp_path_factory.mktemp("roster")))
    state = roster.fold(log)
    after = roster.fold(roster.changes(entries, state), state)
    assert list(roster.changes(entries, after)) == []
    assert set(after) == {f"roster/{name}/{key}" for name, rows in entries.entries.items() for key in rows}


@pytest.fixture
def real(tmp_path):
    return shutil.copytree(PROJECT / "roster", tmp_path / "roster", ignore=shutil.ignore_patterns("observations"))


def test_the_roster_in_the_repository_is_right(real):
    entries = roster.read(real)
    assert len(entries.country_codes) == 195
    assert entries.years == [2012, 2013, 2014, 2015, 2016, 2017]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("terms", "2012-07-24", "2012-07-32", r"terms\.csv, line 2: start_date: "),
        (
            "terms",
            "GHA-president,john",
            "GHA-king,john",
            r"terms\.csv, line 2: office_code 'GHA-king' is not in offices\.csv",
        ),
        ("holders", "person", "robot", r"holders\.csv, line 2: holder_kind_code"),
        ("accounts", "x:153810519,", "153810519,", r"accounts\.csv, line 2: account_id"),
        ("accounts", "x:277096408,", "x:153810519,", r"accounts\.csv, line 3: x:153810519 is there twice"),
        ("accounts", ",HND,", ",QQQ,", r"accounts\.csv, line 3: country_code 'QQQ' is not in countries\.csv"),
        ("assignments", "porfirio-lobo", "nobody", r"holder_id 'nobody' is not in holders\.csv"),
        ("countries", "country_name", "name", r"countries\.csv, line 1: the header is .*; expected country_code,"),
        (
            "sources",
            "2015-08-01T00:00:00Z",
            "",
            r"sources\.csv, line 2: row: a source with an adapter needs observed_at",
        ),
        ("editions", "2012,", "twelve,", r"editions\.csv, line 2: year"),
    ],
)
def test_a_fault_is_named_with_its_place(real, file, old, new, message):
    path = real / f"{file}.csv"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RosterError, match=message):
        roster.read(real)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("one", "2014-01-02", "2014-01-01")], "start_date 2014-01-02 is after end_date 2014-01-01"),
        ([("one", "", "")], "a person's term needs a start_date"),
        ([("one", "2014-01-01", "2014-06-30"), ("two", "2014-06-29", "")], "overlap by more than the day of hand-over"),
        ([("one", "2014-01-01", ""), ("two", "2014-06-29", "")], "overlap by more than the day of hand-over"),
    ],
)
def test_terms_that_cannot_be_are_refused(tmp_path, rows, message):
    terms = [
        {"office_code": "AAA-head", "holder_id": holder, "start_date": start, "end_date": end}
        for holder, start, end in rows
    ]
    folder = write_roster(
        tmp_path / "roster",
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "one"}, {"holder_id": "two"}],
        terms=terms,
    )
    with pytest.raises(RosterError, match=message):
        roster.read(folder)


def test_a_hand_over_on_one_day_is_no_overlap(tmp_path):
    office = {"office_code": "AAA-head"}
    folder = write_roster(
        tmp_path / "roster",
        offices=[office | {"country_code": "AAA"}],
        holders=[{"holder_id": "one"}],
        terms=[
            office | {"holder_id": "one", "start_date": "2012-01-01", "end_date": "2014-06-30"},
            office | {"holder_id": "one", "start_date": "2014-06-30"},
        ],
    )
    assert len(roster.read(folder).entries["terms"]) == 2


def test_a_scope_has_one_source(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[*SOURCES, SOURCES[0] | {"source_id": "again"}])
    with pytest.raises(RosterError, match="again has the scope of looks; a scope has one source"):
        roster.read(folder)


def test_all_faults_are_named_at_once(real):
    (real / "offices.csv").unlink()
    (real / "holders.csv").write_bytes(b"\xff")
    with pytest.raises(RosterError, match=r"(?s)offices\.csv is missing.*holders\.csv is not a UTF-8 CSV file"):
        roster.read(real)
