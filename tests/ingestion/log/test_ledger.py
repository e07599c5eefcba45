"""The ledger's laws: append only, one writer, any tampering named."""

import json
import multiprocessing
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.log import segments
from ingestion.log.erasures import ERASURES, SCHEMA, Erasure, whole
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from tests.ingestion.log.test_segments import events


def filled(folder: Path, sizes=(2, 3, 1)) -> Ledger:
    """A ledger with one segment per size."""
    ledger = Ledger(folder)
    start = 0
    for number, size in enumerate(sizes):
        segment = segments.write(ledger.segments, "tweets", events(start + size)[start:])
        with ledger.writing(print):
            ledger.append(segment, "tweets", f"input{number}")
        start += size
    return ledger


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory) -> Ledger:
    return filled(tmp_path_factory.mktemp("whole"))


def test_entries_count_up_and_chain(unharmed):
    entries = unharmed.lines()
    assert [entry.position for entry in entries] == [1, 2, 3]
    assert len({entry.chain for entry in entries}) == 3
    assert unharmed.verify() == 6


def test_no_log_is_not_a_whole_log(tmp_path):
    with pytest.raises(LogError, match="holds no log; restore it from a backup"):
        Ledger(tmp_path).verify()


def test_appending_never_changes_what_stands(tmp_path):
    ledger = filled(tmp_path, (2,))
    before = ledger.path.read_bytes()
    filled_again = filled(tmp_path, (2, 3))
    assert filled_again.path.read_bytes().startswith(before)


@given(st.data())
def test_any_byte_flipped_anywhere_is_noticed(unharmed, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("tampered") / "log"
    shutil.copytree(unharmed.path.parent, folder)
    target = data.draw(st.sampled_from(["ledger.jsonl", *(entry.name for entry in unharmed.lines())]))
    path = next(folder.rglob(target))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.chmod(0o644)
    path.write_bytes(content)
    try:
        Ledger(folder).verify()
    except LogError:
        return
    # A few bits of a zstd frame carry nothing; then the events are what they were.
    tampered = Ledger(folder)
    for entry in unharmed.lines():
        assert list(segments.read(tampered.segments / entry.name)) == list(
            segments.read(unharmed.segments / entry.name)
        )


@pytest.mark.parametrize("change", ["drop", "swap"])
def test_a_line_dropped_or_moved_is_noticed(tmp_path, change):
    ledger = filled(tmp_path)
    lines = ledger.path.read_text().splitlines(keepends=True)
    lines = lines[1:] if change == "drop" else [lines[1], lines[0], lines[2]]
    ledger.path.write_text("".join(lines))
    with pytest.raises(LogError, match=r"ledger\.jsonl, line 1 was changed, dropped or moved"):
        ledger.lines()


@pytest.mark.parametrize("kept", [0, 2])
def test_a_ledger_that_lost_its_end_is_noticed(tmp_path, kept):
    ledger = filled(tmp_path)
    lost = ledger.lines()[-1].name
    lines = ledger.path.read_text().splitlines(keepends=True)
    ledger.path.write_text("".join(lines[:kept]))
    with pytest.raises(LogError, match=rf"does not list .*{lost}.*restore it"):
        ledger.verify()


def test_a_segment_swapped_for_another_is_noticed(tmp_path):
    ledger = filled(tmp_path)
    one, two, _ = (ledger.segments / entry.name for entry in ledger.lines())
    one.unlink()
    shutil.copy(two, one)
    with pytest.raises(LogError, match=f"{one.name}.*position 1.*was changed"):
        ledger.verify()


@pytest.mark.parametrize("missing", [1, 20])
def test_a_last_line_cut_short_is_noticed(tmp_path, missing):
    ledger = filled(tmp_path)
    ledger.path.write_bytes(ledger.path.read_bytes()[:-missing])
    with pytest.raises(LogError, match=r"ledger\.jsonl, line 3"):
        ledger.lines()


def test_an_append_that_is_killed_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    ledger = filled(tmp_path)
    before = ledger.path.read_bytes()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ingestion.log.segments.os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        ledger.append(segments.Segment("x", "y", 1), "tweets", "z")
    assert ledger.path.read_bytes() == before
    assert ledger.verify() == 6


def test_a_log_of_a_newer_version_is_refused(tmp_path, monkeypatch):
    ledger = filled(tmp_path, (1,))
    monkeypatch.setattr("ingestion.log.ledger.ENVELOPE", 0)
    with pytest.raises(LogError, match="newer version"):
        ledger.lines()


def test_a_cut_beyond_the_end_is_refused(unharmed):
    assert unharmed.at(3).position == 3
    for cut in (0, 4):
        with pytest.raises(LogError, match=f"no cut {cut}"):
            unharmed.at(cut)


def _append_many(folder: Path, first: int) -> None:
    ledger = Ledger(folder)
    for number in range(first, first + 5):
        with ledger.writing(print):
            ledger.append(segments.write(ledger.segments, "tweets", events(number + 1)[number:]), "tweets", str(number))


def test_two_writers_at_once_never_fork_the_chain(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(tmp_path, first)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(Ledger(tmp_path).lines()) == 10
    assert Ledger(tmp_path).verify() == 10


def test_a_second_writer_says_that_it_waits(tmp_path):
    first, second, said = Ledger(tmp_path), Ledger(tmp_path), []
    held = first.writing(print)
    held.__enter__()

    def say(line: str) -> None:
        said.append(line)
        held.__exit__(None, None, None)

    with second.writing(say):
        pass
    assert said == [f"another process is writing below {tmp_path}; waiting for it"]


def erase(ledger: Ledger, position: int) -> None:
    """Take a segment out unharmed."""
    with ledger.writing(print):
        ledger.erase([whole(ledger.current()[position - 1], "expired")], "2026-01-01T00:00:00Z")


def test_an_erased_segment_leaves_its_tombstone_and_the_chain_still_verifies(tmp_path):
    ledger = filled(tmp_path)
    before = ledger.path.read_bytes()
    erase(ledger, 2)
    assert ledger.path.read_bytes().startswith(before)
    assert ledger.verify() == 4  # three events and the tombstone
    assert not (ledger.segments / ledger.lines()[1].name).exists()
    ((erasure,),) = ledger.erasures().values()
    assert (erasure.position, erasure.rows, erasure.kept_rows, erasure.reason) == (2, 3, 0, "expired")
    assert erasure.sha256 == ledger.lines()[1].sha256
    assert [(entry.position, entry.rows) for entry in ledger.current()] == [(1, 2), (2, 0), (3, 1), (4, 1)]


def part(ledger: Ledger, position: int, keep: int) -> Erasure:
    """Write what is left of a segment of which only the first events are kept; return its tombstone."""
    entry = ledger.current()[position - 1]
    kept = segments.write(ledger.segments, entry.source, list(segments.read(ledger.segments / entry.name))[:keep])
    return replace(whole(entry, "asked"), kept_name=kept.name, kept_sha256=kept.sha256, kept_rows=kept.rows)


def test_a_segment_loses_a_part_then_another_then_all(tmp_path):
    ledger = filled(tmp_path)
    for keep in (2, 1):
        ledger.erase([part(ledger, 2, keep)], "2026-01-01T00:00:00Z")
        assert ledger.current()[1].rows == keep
        ledger.verify()
    erase(ledger, 2)
    assert ledger.verify() == 2 + 0 + 1 + 3
    assert len(list(ledger.segments.iterdir())) == 5


def test_killed_between_tombstone_and_removal_an_erasure_is_finished_the_next_time(tmp_path, monkeypatch):
    ledger = filled(tmp_path)
    path = ledger.segments / ledger.lines()[1].name
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "sweep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(ledger, 2)
    with pytest.raises(LogError, match="was erased and is there again; run: twiplomacy collect"):
        ledger.verify()
    ledger.sweep()
    assert not path.exists()
    assert ledger.verify() == 4


def test_a_tombstone_that_was_dropped_or_does_not_follow_is_named(tmp_path):
    ledger = filled(tmp_path)
    erase(ledger, 2)
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LogError, match="does not list erasures-"):
        ledger.verify()
    ledger.path.write_bytes(b"".join(lines))
    again = whole(ledger.lines()[1], "forged")  # of what was there, not of what is
    segment = segments.write(ledger.segments, ERASURES, [tombstone(again)])
    ledger.append(segment, ERASURES, "forged")
    with pytest.raises(LogError, match="segment/2 is no tombstone of this log"):
        ledger.verify()


def tombstone(erasure: Erasure) -> Event:
    at = "2026-01-01T00:00:00Z"
    return Event(ERASURES, "segment.erased", f"segment/{erasure.position}", at, SCHEMA, asdict(erasure), at)


def test_tombstones_of_a_file_of_their_own_become_part_of_the_log(tmp_path):
    ledger = filled(tmp_path)
    entry = ledger.lines()[1]
    (ledger.segments / entry.name).unlink()
    old = {"position": 2, "sha256": entry.sha256, "rows": 3, "reason": "old", "erased_at": "2025-01-01T00:00:00Z"}
    path = tmp_path / "erasures.jsonl"
    path.write_text(json.dumps(old) + "\n")
    ledger.sweep()
    assert ledger.verify() == 4
    assert [(erasure.position, erasure.reason) for one in ledger.erasures().values() for erasure in one] == [(2, "old")]
    assert not path.exists()
    path.write_text("junk\n")
    with pytest.raises(LogError, match=r"erasures\.jsonl is not a list of tombstones"):
        ledger.sweep()


def test_a_segment_whose_hash_is_right_and_whose_event_is_none_is_named(tmp_path):
    ledger = Ledger(tmp_path)
    line = events(1)[0].encode().replace(b'"id_str":"0"', b'"id_str":"9"')
    segment = segments.write_lines(ledger.segments, "tweets", [line])
    ledger.append(segment, "tweets", "input")
    with pytest.raises(LogError, match=f"{segment.name}, line 1: id .* does not match the content"):
        ledger.verify()


@pytest.mark.parametrize("line", ["1", "[]", "{}", '{"position":"1"}', "\xff"])
def test_a_line_of_another_form_is_no_entry(tmp_path, line):
    Ledger(tmp_path).path.write_bytes(line.encode("latin-1") + b"\n")
    with pytest.raises(LogError, match=r"ledger\.jsonl, line 1 is not a ledger entry; restore it"):
        Ledger(tmp_path).lines()
