"""The journal: whole pages or none, whatever is cut off where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.journal import Journal
from ingestion.log import LogError
from tests.ingestion.test_log import events

HEAD = {"platform_code": "x", "started_at": "2026-03-01T12:00:00Z"}


def encoded(count):
    return [event.encode() for event in events(count)]


def filled(path):
    journal = Journal(path)
    journal.open(HEAD)
    for number, event in enumerate(events(3)):
        journal.append([event], {"number": number})
    return journal


def test_what_is_appended_is_found_again(tmp_path):
    filled(tmp_path / "x.jsonl")
    head, pages = Journal(tmp_path / "x.jsonl").open({"started_at": "later"})
    assert head == HEAD
    assert pages == [{"number": 0}, {"number": 1}, {"number": 2}]
    assert list(Journal(tmp_path / "x.jsonl").lines()) == encoded(3)


@given(st.data())
def test_cut_off_anywhere_it_has_the_pages_that_are_whole(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("cut") / "x.jsonl"
    whole = filled(path).path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    journal = Journal(path)
    head, pages = journal.open(HEAD)
    assert head == HEAD
    assert list(journal.lines()) == encoded(3)[: len(pages)]
    journal.append([events(3)[2]], {"number": "next"})
    assert list(journal.lines()) == [*encoded(3)[: len(pages)], encoded(3)[2]]


def test_a_file_that_is_no_journal_is_named_and_kept(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"run": {}}\nsomething\n{"page":broken}\n')
    with pytest.raises(LogError, match=r"x\.jsonl, line 3 is damaged; move the file away"):
        Journal(path).open(HEAD)
    assert path.exists()
