"""Lines of files: the same however they are packed, complete or not given, never too long for memory."""

import gzip
import tracemalloc

import pytest
import zstandard

from ingestion.collect.files.archives import lines
from ingestion.collect.outcome import SourceError

PLAIN = [b"%d %s\n" % (number, bytes(str(number) * (number % 50), "ascii")) for number in range(5_000)]
NAMES = ["a.json", "a.jsonl", "a.NDJSON", "a.jsonl.gz", "a.JSONL.GZ", "a.json.zst"]


def pack(name, content):
    if name.lower().endswith(".gz"):
        return gzip.compress(content)
    return zstandard.compress(content) if name.endswith(".zst") else content


def read(path):
    """Lines until the file ends or is found to be damaged, and the damage."""
    given = []
    try:
        for line in lines.read(path):
            given.append(line)  # noqa: PERF402 -- what came before the damage counts
    except lines.Damaged as damage:
        return given, str(damage)
    return given, ""


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_the_same_however_they_are_packed(tmp_path, name):
    (tmp_path / name).write_bytes(pack(name, b"".join(PLAIN)))
    assert read(tmp_path / name) == (PLAIN, "")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_file_has_no_lines_and_a_last_line_needs_no_end(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert read(tmp_path / name) == ([], "")
    (tmp_path / name).write_bytes(pack(name, b""))
    assert read(tmp_path / name) == ([], "")
    (tmp_path / name).write_bytes(pack(name, b"one\n\ntwo"))
    assert read(tmp_path / name) == ([b"one\n", b"\n", b"two"], "")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_file_of_many_frames_is_read_to_its_end(tmp_path, name):
    frames = [pack(name, b"".join(some)) for some in (PLAIN[at : at + 7] for at in range(0, len(PLAIN), 7))]
    split = pack(name, b"half a ") + pack(name, b"") + pack(name, b"line\n")
    (tmp_path / name).write_bytes(b"".join(frames) + split)
    assert read(tmp_path / name) == ([*PLAIN, b"half a line\n"], "")


def test_a_file_that_looks_back_two_gib_is_read(tmp_path):
    window = bytes([21 << 3])  # an exponent of 10 more: 2 to the power of 31
    block = (len(b"one\n") << 3 | 1).to_bytes(3, "little") + b"one\n"
    (tmp_path / "a.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd\0" + window + block)
    assert read(tmp_path / "a.jsonl.zst") == ([b"one\n"], "")


def test_a_frame_that_zstandard_says_to_skip_is_skipped(tmp_path):
    skipped = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345"
    (tmp_path / "a.jsonl.zst").write_bytes(skipped + zstandard.compress(b"one\n") + skipped)
    assert read(tmp_path / "a.jsonl.zst") == ([b"one\n"], "")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_wherever_a_file_is_cut_short_it_says_so_and_keeps_whole_lines(tmp_path, name):
    first, others = pack(name, PLAIN[0]), pack(name, b"".join(PLAIN[1:40]))
    for length in range(len(first + others)):
        (tmp_path / name).write_bytes((first + others)[:length])
        given, damage = read(tmp_path / name)
        assert bool(damage) == (length not in (0, len(first))), length
        assert given == PLAIN[: len(given)]
        assert given or length < len(first)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_damage_in_the_middle_or_after_the_end_keeps_what_came_before(tmp_path, name):
    content = pack(name, b"".join(PLAIN))
    (tmp_path / name).write_bytes(content + b"no frame at all")
    given, damage = read(tmp_path / name)
    assert given == PLAIN
    assert damage
    middle = len(content) // 2
    (tmp_path / name).write_bytes(content[:middle] + bytes(100) + content[middle + 100 :])
    given, damage = read(tmp_path / name)
    assert damage


def test_a_name_that_does_not_say_how_the_file_is_packed_is_refused(tmp_path):
    (tmp_path / "a.jsonl.bz2").write_bytes(b"BZh9")
    with pytest.raises(
        SourceError, match=r"a\.jsonl\.bz2: the name ends in none of \.json, \.jsonl, \.ndjson, \.gz, \.zst; unp"
    ):
        read(tmp_path / "a.jsonl.bz2")


@pytest.mark.parametrize("name", NAMES)
def test_of_a_line_that_is_too_long_only_the_beginning_is_given(tmp_path, monkeypatch, name):
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    content = b"123456789\n" + b"1234567890\n" + b"x" * 100_000 + b"\n" + b"after\n" + b"y" * 50_000
    (tmp_path / name).write_bytes(pack(name, content))
    given, damage = read(tmp_path / name)
    assert damage == ""
    assert given == [b"123456789\n", b"1234567890\n", b"x" * 11, b"after\n", b"y" * 11]
    assert [len(line) > lines.LONGEST_LINE for line in given] == [False, True, True, False, True]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_a_line_that_is_too_long_is_never_whole_in_memory(tmp_path, monkeypatch, name):
    monkeypatch.setattr(lines, "LONGEST_LINE", 2**20)
    size = 2**26  # as zstandard it takes 2 KiB
    (tmp_path / name).write_bytes(pack(name, bytes(size)))
    tracemalloc.start()
    try:
        assert sum(len(line) for line in lines.read(tmp_path / name)) == 2**20 + 1
        assert tracemalloc.get_traced_memory()[1] < size / 2
    finally:
        tracemalloc.stop()
