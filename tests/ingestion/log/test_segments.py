"""Segments: complete or not there, and every damaged byte is seen."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.log import segments
from ingestion.log.segments import LogError
from tests.ingestion.log.test_events import event


def events(count: int):
    return [event({"id_str": str(number)}, subject=f"x:1/{number}") for number in range(count)]


@given(st.integers(0, 30))
def test_reading_gives_back_what_was_written(tmp_path_factory, count):
    folder = tmp_path_factory.mktemp("segments")
    segment = segments.write(folder, "tweets", events(count))
    assert list(segments.read(folder / segment.name)) == events(count)
    assert segments.digest(folder / segment.name) == (segment.sha256, count)


def test_the_same_events_give_the_same_file(tmp_path):
    one = segments.write(tmp_path / "a", "tweets", events(3))
    two = segments.write(tmp_path / "b", "tweets", events(3))
    assert one == two
    assert (tmp_path / "a" / one.name).read_bytes() == (tmp_path / "b" / two.name).read_bytes()


def test_a_segment_is_read_only(tmp_path):
    segment = segments.write(tmp_path, "tweets", events(1))
    assert stat.S_IMODE((tmp_path / segment.name).stat().st_mode) == 0o444


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch, step):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else segments.Path, step, full)
    with pytest.raises(OSError, match="No space"):
        segments.write(tmp_path, "tweets", events(3))
    assert list(tmp_path.iterdir()) == []


def test_events_that_fail_midway_leave_nothing(tmp_path):
    def broken():
        yield from events(2)
        raise ValueError("midway")

    with pytest.raises(ValueError, match="midway"):
        segments.write(tmp_path, "tweets", broken())
    assert list(tmp_path.iterdir()) == []


def test_a_missing_segment_is_named(tmp_path):
    with pytest.raises(LogError, match=r"gone\.jsonl\.zst is missing; restore it"):
        segments.digest(tmp_path / "gone.jsonl.zst")


def test_a_line_that_is_no_event_is_named(tmp_path):
    path = tmp_path / "bad.jsonl.zst"
    path.write_bytes(segments.zstandard.compress(events(1)[0].encode() + b"{}\n"))
    with pytest.raises(LogError, match="line 2"):
        list(segments.read(path))
