"""Versions of a hand-made sheet: the newest one is its truth, whatever came before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.files import collect, sheets
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic.worlds import write_figures, write_roster

SOURCES = [{"source_id": "figures", "adapter": "by-hand", "observed_at": "2016-01-01T00:00:00Z"}]
BIG, SMALL, OTHER = (
    {"account_id": account, "audience_count": count, "observed_date": "2016-06-01"}
    for account, count in (("x:1", "52000"), ("x:1", "520"), ("x:2", "52000"))
)


@pytest.fixture
def folder(tmp_path):
    return write_roster(tmp_path / "roster", sources=SOURCES)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "log")


def hand_in(folder, ledger, rows, name="figures.csv"):
    """Save a version of the sheet and collect it; return what was said."""
    write_figures(folder, rows, "figures", name)
    said = []
    collect(folder, ledger, said.append)
    return said


def standing(ledger):
    """What the sheets say, as a reader of the log tells: all that was stated and not withdrawn by its own sheet."""
    stated, withdrawn = {}, set()
    for entry in ledger.lines():
        *events, finished = segments.read(ledger.segments / entry.name)
        if entry.source == "figures":
            name = finished.data["input"]["name"]
            for event in events:
                if event.type == "observation.withdrawn":
                    withdrawn.add((name, event.data["event_id"]))
                else:
                    stated[name, event.id] = (event.data["account_id"], str(event.data["audience_count"]))
    return sorted(fact for key, fact in stated.items() if key not in withdrawn)


def newest(ledger):
    """The events of the newest segment, without its sum, and its sum."""
    *events, finished = segments.read(ledger.segments / ledger.lines()[-1].name)
    return events, finished


def test_a_row_taken_out_or_changed_is_withdrawn(folder, ledger):
    hand_in(folder, ledger, [BIG, OTHER])
    said = hand_in(folder, ledger, [SMALL])
    assert standing(ledger) == [("x:1", "520")]
    assert "1 account.observed, 2 observation.withdrawn" in said[-1]


def test_a_row_moved_to_the_right_account_leaves_the_wrong_one(folder, ledger):
    hand_in(folder, ledger, [BIG])
    hand_in(folder, ledger, [OTHER])
    assert standing(ledger) == [("x:2", "52000")]


def test_a_row_that_comes_back_is_stated_anew_and_names_its_version(folder, ledger):
    hand_in(folder, ledger, [BIG])
    first = segments.read(ledger.segments / ledger.lines()[-1].name)
    plain = next(iter(first))
    hand_in(folder, ledger, [SMALL])
    hand_in(folder, ledger, [BIG])
    (again, withdrawn), finished = newest(ledger)
    assert standing(ledger) == [("x:1", "52000")]
    version = finished.data["version"]
    assert version["previous"] == len(ledger.lines()) - 1
    assert (plain.dataschema, again.dataschema) == ("by-hand/account/1", "by-hand/account/2")
    assert again.data == {**plain.data, "version": version}
    assert withdrawn.data["version"] == version
    for rows in ([SMALL], [BIG], [SMALL], [BIG]):  # each time is one of its own
        hand_in(folder, ledger, rows)
    assert standing(ledger) == [("x:1", "52000")]


def test_an_unchanged_sheet_appends_nothing_also_as_an_older_version_was(folder, ledger):
    for rows in ([BIG], [SMALL], [BIG]):
        hand_in(folder, ledger, rows)
    before = ledger.path.read_bytes()
    assert hand_in(folder, ledger, [BIG])[-1] == "collect: figures/figures.csv is in the log already"
    assert ledger.path.read_bytes() == before


def test_a_sheet_that_is_gone_says_nothing_any_more(folder, ledger):
    hand_in(folder, ledger, [BIG], "one.csv")
    hand_in(folder, ledger, [OTHER], "two.csv")
    (folder / "observations" / "figures" / "one.csv").unlink()
    said = []
    collect(folder, ledger, said.append)
    assert standing(ledger) == [("x:2", "52000")]
    assert said[-1].startswith("collect: figures/one.csv: 0 rows: 1 observation.withdrawn")
    before = ledger.path.read_bytes()
    collect(folder, ledger, said.append)
    assert ledger.path.read_bytes() == before


def test_what_two_sheets_state_stands_until_both_have_taken_it_back(folder, ledger):
    hand_in(folder, ledger, [BIG], "one.csv")
    hand_in(folder, ledger, [BIG, OTHER], "two.csv")
    hand_in(folder, ledger, [OTHER], "one.csv")
    assert ("x:1", "52000") in standing(ledger)
    hand_in(folder, ledger, [OTHER], "two.csv")
    assert ("x:1", "52000") not in standing(ledger)


def test_a_first_version_is_written_as_it_always_was(folder, ledger):
    hand_in(folder, ledger, [BIG])
    (event,), finished = newest(ledger)
    assert (event.dataschema, finished.dataschema) == ("by-hand/account/1", "collection/1")
    assert "version" not in finished.data


FACTS = [
    {"account_id": f"x:{account}", "audience_count": str(count), "observed_date": "2016-06-01"}
    for account in (1, 2)
    for count in (5, 50)
]


@given(st.lists(st.lists(st.sampled_from(FACTS), unique_by=str, max_size=4), min_size=1, max_size=6))
def test_whatever_came_before_the_newest_version_is_what_stands(tmp_path_factory, versions):
    place = tmp_path_factory.mktemp("sheets")
    folder, ledger = write_roster(place / "roster", sources=SOURCES), Ledger(place / "log")
    for rows in versions:
        hand_in(folder, ledger, rows)
    said = sorted((row["account_id"], row["audience_count"]) for row in versions[-1])
    assert standing(ledger) == said
    (sheet,) = sheets.held(ledger, "figures").values()
    assert sorted((e.data["account_id"], str(e.data["audience_count"])) for e in sheet.stated.values()) == said
