"""The log under faults: a full disk, a flipped byte, a lost end, a lost log."""

import shutil
import threading
from pathlib import Path
from random import Random

import pytest

from ingestion.collect.living.journal import Journal
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from tests.ingestion.log.test_land import quiet, rows
from tests.ingestion.log.test_ledger import erase, filled
from tests.ingestion.log.test_segments import events
from tests.support.disk import room_for

HEAD = {"platform_code": "x", "started_at": "2026-03-01T12:00:00Z"}
MADE = events(40)


def pages(journal: Journal) -> list[bytes]:
    """All lines of a journal; each must be an event."""
    journal.open(HEAD)
    lines = list(journal.lines())
    assert all(Event.decode(line).encode() == line for line in lines)
    return lines


def test_a_disk_that_is_full_while_threads_write(attack, tmp_path):
    def one(chances: Random) -> None:
        path = tmp_path / "x.jsonl"
        path.unlink(missing_ok=True)
        journal, failed = Journal(path), []
        journal.open(HEAD)

        def write(number: int) -> None:
            try:
                for page in range(5):
                    journal.append(MADE[page * 8 + number * 2 :][:2], {"number": number, "page": page})
            except OSError as error:
                failed.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        with room_for(chances.randrange(200, 9_000)):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert all(str(path) in str(error) for error in failed)
        with pytest.raises(OSError, match=r"x\.jsonl"):
            journal.append(MADE[:1], {"number": "after"})  # whoever comes later fails too
        before = pages(Journal(path))
        assert len(before) < 40
        again = Journal(path)
        again.open(HEAD)
        again.append(MADE[:1], {"number": "next"})
        assert pages(Journal(path)) == [*before, MADE[0].encode()]

    attack(20, one)


def test_a_flipped_byte_in_a_journal(attack, tmp_path):
    path = tmp_path / "x.jsonl"
    journal = Journal(path)
    journal.open(HEAD)
    for page in range(10):
        journal.append(MADE[page * 4 :][:4], {"page": page})
    whole, content = pages(Journal(path)), path.read_bytes()

    def one(chances: Random) -> None:
        flipped = bytearray(content)
        place = chances.randrange(len(flipped))
        flipped[place] ^= 1 << chances.randrange(8)
        path.write_bytes(flipped)
        try:
            found = pages(Journal(path))
        except LogError as error:
            assert str(path) in str(error)  # noqa: PT017
        else:
            assert found == whole[: len(found)]

    attack(50, one)


def test_a_flipped_byte_in_a_log(attack, tmp_path):
    ledger = filled(tmp_path / "log", (20, 30, 5))
    erase(ledger, 2)
    kept = {path: path.read_bytes() for path in [ledger.path, *ledger.segments.iterdir()]}
    lines = {entry.name: list(segments.lines(ledger.segments / entry.name)) for entry in ledger.current() if entry.rows}

    def one(chances: Random) -> None:
        path = chances.choice(list(kept))
        flipped = bytearray(kept[path])
        flipped[chances.randrange(len(flipped))] ^= 1 << chances.randrange(8)
        path.chmod(0o644)
        path.write_bytes(flipped)
        try:
            ledger.verify()
        except LogError as error:
            assert path.name in str(error)  # noqa: PT017
        else:  # a few bits of a zstd frame carry nothing
            assert list(segments.lines(path)) == lines[path.name]
        finally:
            path.write_bytes(kept[path])

    attack(60, one)


def test_a_log_that_lost_something_and_a_database_that_has_it(attack, tmp_path):
    whole = filled(tmp_path / "whole", (3, 1, 4, 1, 5))
    database = tmp_path / "x.duckdb"
    land(whole, database, quiet)
    before = rows(database)

    def one(chances: Random) -> None:
        lost = tmp_path / "lost"
        shutil.rmtree(lost, ignore_errors=True)
        shutil.copytree(whole.path.parent, lost)
        kept = chances.randrange(5)
        lines = whole.path.read_bytes().splitlines(keepends=True)
        Ledger(lost).path.write_bytes(b"".join(lines[:kept]))
        if chances.random() < 0.5:
            for entry in whole.lines()[kept:]:
                (lost / "segments" / entry.name).unlink()
        if not kept and chances.random() < 0.5:
            shutil.rmtree(lost)
        with pytest.raises(LogError, match="may be the last copy"):
            land(Ledger(lost), database, quiet)
        assert rows(database) == before

    attack(10, one)


def test_a_segment_on_a_disk_that_is_full(attack, tmp_path):
    def one(chances: Random) -> None:
        folder = tmp_path / "segments"
        unsorted = [chances.randbytes(200).hex().encode() + b"\n" for _ in range(300)]
        with room_for(chances.randrange(50_000)), pytest.raises(OSError, match=r"\.unfinished"):
            segments.write_lines(folder, "tweets", unsorted)
        assert list(folder.iterdir()) == []

    attack(10, one)


def test_a_ledger_on_a_disk_that_is_full(attack, tmp_path):
    ledger = filled(tmp_path / "log", (2, 3))
    before = ledger.path.read_bytes()

    def one(chances: Random) -> None:
        segment = segments.write(ledger.segments, "tweets", MADE[10 : 11 + chances.randrange(9)])
        with room_for(chances.randrange(len(before))), pytest.raises(OSError, match=r"ledger\.jsonl\.unfinished"):
            ledger.append(segment, "tweets", "input")
        assert ledger.path.read_bytes() == before
        Path(ledger.segments / segment.name).unlink()
        assert ledger.verify() == 5

    attack(10, one)
