"""The journal: whole pages or none, whatever is cut off where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.living.journal import Journal
from ingestion.log.segments import LogError
from tests.ingestion.log.test_segments import events
from tests.support.disk import room_for

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


@pytest.mark.parametrize("head", ["", '{"run": {}}', '{"run": []}', '{"run": {"started_at": 1}}', "junk", "[]"])
def test_a_file_that_is_no_journal_is_named_and_kept(tmp_path, head):
    path = tmp_path / "x.jsonl"
    path.write_text(f"{head}\nsomething\n")
    with pytest.raises(LogError, match=r"x\.jsonl, line 1 is damaged: .*; move the file away, and the"):
        Journal(path).open(HEAD)
    assert path.exists()


@given(st.data())
def test_a_byte_flipped_anywhere_is_noticed(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("flipped") / "x.jsonl"
    content = bytearray(filled(path).path.read_bytes())
    head = content.index(b"\n")
    place = data.draw(st.integers(head + 1, len(content) - 2))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        _, pages = Journal(path).open(HEAD)
    except LogError:
        return
    # a flipped line break ends a page too soon: the last one is then half a page, which is asked for again
    assert pages == [{"number": number} for number in range(len(pages))]
    assert list(Journal(path).lines()) == encoded(3)[: len(pages)]


def test_a_line_that_is_no_event_is_not_sealed(tmp_path):
    class Wrong:
        def encode(self):
            return events(1)[0].encode().replace(b'"id_str":"0"', b'"id_str":"9"')

    journal = Journal(tmp_path / "x.jsonl")
    journal.open(HEAD)
    journal.append([Wrong()], {"number": 0})
    with pytest.raises(LogError, match=r"holds a line that is no event: id .* does not match the content"):
        list(journal.lines())


def test_after_a_failed_write_nobody_writes_and_whole_pages_stay(tmp_path):
    journal = filled(tmp_path / "x.jsonl")
    before = journal.path.read_bytes()
    with room_for(len(before) + 100), pytest.raises(OSError, match=r"x\.jsonl"):
        journal.append(events(1), {"number": "half"})
    assert journal.path.read_bytes() == before
    with pytest.raises(OSError, match=r"x\.jsonl"):
        journal.append(events(1), {"number": "room again"})
    assert journal.path.read_bytes() == before
    again = Journal(journal.path)
    again.open(HEAD)
    again.append(events(1), {"number": "next"})
    assert list(again.lines()) == [*encoded(3), *encoded(1)]
