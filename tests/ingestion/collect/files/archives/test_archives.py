"""Archives: every row an event, a duplicate or in the quarantine, in memory that does not grow with the file."""

import gzip
import hashlib
import json
import tracemalloc

import pytest
import zstandard

from ingestion.collect.files import archives, collect
from ingestion.collect.files.archives import Part, Shape, lines
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from ingestion.roster.sources import Source
from twiplomacy.synthetic.worlds import tweet, write_roster

NOON = "Thu Jan 02 12:00:00 +0000 2014"


def archive_source(adapter, observed_at="2026-03-01T00:00:00Z"):
    return Source(
        source_id="tweets",
        title="t",
        citation="c",
        url="https://example.org",
        licence_name="facts only",
        adapter=adapter,
        class_code="observed",
        observed_at=observed_at,
        observed_precision_code="day",
        checked_date="2026-03-02",
    )


def read_archive(shape, path, things, source):
    """Write one archive, objects as JSON and text as it is, and read it."""
    path.write_text("".join((thing if isinstance(thing, str) else json.dumps(thing)) + "\n" for thing in things))
    outcome = Outcome()
    return list(archives.read(path, path.name, shape(source, outcome), outcome)), outcome


class Numbers(Shape):
    """A shape without a platform: a list of numbers a line, and one that stands beside them."""

    noun = "number"

    def parts(self, line):
        if "refused" in line:
            raise Refused("nothing in it can be read")
        beside = [Part("beside", line["beside"], self._make, is_beside=True)] if "beside" in line else []
        return [*(Part(f"numbers[{at}]", number, self._make) for at, number in enumerate(line["numbers"])), *beside]

    def _make(self, number):
        if number < 0:
            raise Refused("below zero")
        return [self.observed("post.observed", f"x:1/{number}", "x/1", {"id": number})]


SOURCE = archive_source("x-v2-archive")


def read(path, things):
    return read_archive(Numbers, path, things, SOURCE)


def test_rows_are_events_duplicates_and_quarantine(tmp_path):
    things = [{"numbers": [1, 2, 2]}, {"numbers": [3, -4, "five"]}, {"refused": 1}, "{", {"numbers": []}]
    events, outcome = read(tmp_path / "a.jsonl", things)
    assert [event.data["id"] for event in events] == [1, 2, 3]
    assert (outcome.rows, outcome.duplicates, len(outcome.quarantined)) == (8, 1, 4)
    assert outcome.rows == len(events) + outcome.duplicates + outcome.left_out + len(outcome.quarantined)
    assert [(fault["line"], fault["reason"]) for fault in outcome.quarantined] == [
        (2, "numbers[1]: below zero"),
        (2, "numbers[2]: a part has an unexpected shape (TypeError)"),
        (3, "nothing in it can be read"),
        (4, "not JSON"),
    ]
    assert {len(fault["sha256"]) for fault in outcome.quarantined} == {64}
    assert outcome.quarantined[0]["sha256"] == outcome.quarantined[1]["sha256"] != outcome.quarantined[2]["sha256"]


def test_what_stands_beside_the_rows_is_no_row_unless_it_is_refused(tmp_path):
    things = [{"numbers": [1], "beside": 100}, {"numbers": [2], "beside": 100}, {"numbers": [3], "beside": -1}]
    events, outcome = read(tmp_path / "a.jsonl", things)
    assert [event.data["id"] for event in events] == [1, 100, 2, 3]
    assert (outcome.rows, outcome.duplicates) == (4, 0)
    assert [fault["reason"] for fault in outcome.quarantined] == ["beside: below zero"]


def test_what_stands_beside_no_row_that_is_read_is_not_read_either(tmp_path):
    things = [{"numbers": [-1], "beside": 100}, {"numbers": [], "beside": -1}, {"numbers": [-1, 2], "beside": 200}]
    events, outcome = read(tmp_path / "a.jsonl", things)
    assert [event.data["id"] for event in events] == [2, 200]
    assert [fault["reason"] for fault in outcome.quarantined] == ["numbers[0]: below zero"] * 2
    assert outcome.rows == 3


def test_an_event_takes_its_times_from_the_source_unless_it_has_its_own():
    numbers = Numbers(SOURCE, Outcome())
    event = numbers.observed("post.observed", "x:1/2", "x/1", {})
    assert (event.source, event.time, event.recorded_at) == ("tweets", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
    assert numbers.observed("post.observed", "x:1/2", "x/1", {}, "2025-01-01T00:00:00Z").time == "2025-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "a list, not a number object"),
        ("[" * 100_000, "not JSON"),
        ('{"numbers": {"a": 1}', "not JSON"),
        ('{"numbers": 5}', "a part has an unexpected shape (TypeError)"),
        ("x" * 1_000, "longer than 999 bytes; the hash is that of its beginning"),
    ],
)
def test_a_faulty_line_is_quarantined_and_the_rest_goes_on(tmp_path, monkeypatch, line, reason):
    monkeypatch.setattr(lines, "LONGEST_LINE", 999 if line.startswith("x") else 10**6)
    events, outcome = read(tmp_path / "a.jsonl", [{"numbers": [1]}, line, {"numbers": [2]}])
    assert [event.data["id"] for event in events] == [1, 2]
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"], fault["reason"]) == ("a.jsonl", 2, reason)
    assert outcome.rows == 3


@pytest.mark.parametrize("text", ["\\ud83d", "\\udc00\\ud83d", "\\ud83d\\ude00 \\ud83d"])
def test_half_a_surrogate_pair_is_read(tmp_path, text):
    line = f'{{"numbers": [1], "text": "{text}", "{text}": 1}}'
    events, outcome = read(tmp_path / "a.jsonl", [line, {"numbers": [2]}])
    assert (len(events), outcome.quarantined) == (2, [])


def test_half_a_surrogate_pair_in_a_fields_name_costs_nothing(folder, tmp_path):
    put(folder, "a.jsonl", json.dumps({**tweet(1, 100, NOON), "\ud800": "\udc00"}).encode())
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    *events, finished = segments.read(ledger.segments / ledger.lines()[-1].name)
    assert len(events) == 2
    assert finished.data["unknown_fields"] == {"(no name)": 1}


@pytest.mark.parametrize("blank", ["", " ", "\t\r"])
def test_a_blank_line_that_kept_a_connection_alive_is_no_row(tmp_path, blank):
    events, outcome = read(tmp_path / "a.jsonl", [blank, {"numbers": [1]}, blank, {"numbers": [-1]}, blank])
    assert (len(events), outcome.rows) == (1, 2)
    assert [fault["line"] for fault in outcome.quarantined] == [4]


INDENTED = json.dumps({"numbers": [1], "text": 'a "{" \\ in a text'}, indent=2)


@pytest.mark.parametrize(
    "text",
    [
        f"{INDENTED}\n{INDENTED.replace('1', '2')}",
        f"[\n{INDENTED},\n{INDENTED.replace('1', '2')}\n]",
        json.dumps([{"numbers": [1]}, {"numbers": [2]}]),
        json.dumps([{"numbers": [1]}, {"numbers": [2]}], indent=1),
        json.dumps([[{"numbers": [1]}], [{"numbers": [2]}]], indent=0),
        '[{"numbers": [1]},\n{"numbers": [2]}]',
        '[{"numbers": [1]}]\n[{"numbers": [2]}]',
        '{"numbers": [1]},\n{"numbers": [2]},',
        '\ufeff[{"numbers": [1]}, {"numbers": [2]}]',
        '\ufeff{"numbers": [1]}\r\n{"numbers": [2]}\r\n',
        '{"numbers": [\n1]}\n{"numbers": [\n2]}',
    ],
)
def test_indented_objects_and_arrays_are_read_too(tmp_path, text):
    events, outcome = read(tmp_path / "a.json", [text])
    assert [event.data["id"] for event in events] == [1, 2]
    assert (outcome.rows, outcome.quarantined) == (2, [])


@pytest.mark.parametrize(
    ("text", "found", "faults"),
    [
        ('[{"numbers": [1]}, {"numbers": [-1]}, {"numbers": [2]}]', [1, 2], [(1, "[1].numbers[0]: below zero")]),
        ('[\n{"numbers": [1]},\n{"a" 5},\n{"numbers": [2]}]', [1, 2], [(3, "not JSON")]),
        ('[\n{"numbers": [1]},\n5, "a",\n{"numbers": [2]}]', [1, 2], [(4, "not JSON")]),
        ('[\n{"numbers": [1]},\n{"a": "b\n},\n{"numbers": [2]}]', [1, 2], [(3, "not JSON")]),
        ('[\n{"numbers": [1]}}, {"numbers": [2]}]', [1, 2], [(2, "not JSON")]),
        ("[1, 2]", [], [(2, "not JSON")]),
    ],
)
def test_what_is_at_fault_in_an_array_costs_nothing_beside_it(tmp_path, text, found, faults):
    events, outcome = read(tmp_path / "a.json", [text])
    assert [event.data["id"] for event in events] == found
    assert [(fault["line"], fault["reason"]) for fault in outcome.quarantined] == faults
    assert not outcome.is_cut_short


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[\n{"numbers": [1]},\n{"numbers": [2', 3, "an object that begins here has no end"),
        ('{\n"numbers": [1]}\n{\n"numbers": [2]', 3, "an object that begins here has no end"),
        ('[\n{"numbers": [1]},\n', 4, "the array that the file begins with has no end"),
    ],
)
def test_an_array_or_an_object_without_an_end_is_cut_short(tmp_path, text, line, reason):
    events, outcome = read(tmp_path / "a.json", [text])
    assert [event.data["id"] for event in events] == [1]
    (fault,) = outcome.quarantined
    assert (fault["line"], fault["reason"]) == (line, f"the archive is cut short or damaged from here: {reason}")
    assert outcome.is_cut_short


def test_an_object_that_is_too_long_is_refused_and_the_rest_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 99)
    text = json.dumps([{"numbers": [1]}, {"numbers": [3], "text": "x" * 1_000}, {"numbers": [2]}], indent=1)
    events, outcome = read(tmp_path / "a.json", [text])
    assert [event.data["id"] for event in events] == [1, 2]
    assert [(fault["line"], fault["reason"][:21]) for fault in outcome.quarantined] == [(7, "longer than 99 bytes;")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"numbers": [1]}]'.encode("utf-16"), r"a\.json is UTF-16; write it anew: iconv"),
        (gzip.compress(b"{}"), r"a\.json is packed with gzip though its name does not say so; let it end in \.gz"),
        (zstandard.compress(b"{}"), r"a\.json is packed with zstandard though its name does not say so"),
        (b"PK\x03\x04", r"a\.json is packed; unpack it"),
        (b"<!doctype html>", r"a\.json is HTML or XML, not JSON"),
        (b"window.YTD.tweets.part0 = [ {", r"a\.json is of X's export of one's own data"),
    ],
    ids=["UTF-16", "gzip", "zstandard", "zip", "HTML", "export"],
)
def test_a_file_that_is_something_else_is_named_with_what_to_do(tmp_path, content, message):
    (tmp_path / "a.json").write_bytes(content)
    outcome = Outcome()
    with pytest.raises(SourceError, match=message):
        list(archives.read(tmp_path / "a.json", "a.json", Numbers(SOURCE, outcome), outcome))


def test_a_file_of_another_shape_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(archives.reading, "MOST_REFUSED", 3)
    assert len(read(tmp_path / "a.jsonl", ["{", "{"])[1].quarantined) == 2
    with pytest.raises(
        SourceError, match=r"b\.jsonl: 3 rows are refused up to line 3, this one because not JSON; does"
    ):
        read(tmp_path / "b.jsonl", [{"numbers": [1]}, {"numbers": [-1, -1]}, "{"])


def test_an_event_is_known_again_until_many_others_came(tmp_path, monkeypatch):
    monkeypatch.setattr(archives.reading, "MOST_REMEMBERED", 3)
    near, outcome = read(tmp_path / "near.jsonl", [{"numbers": [1, 2, 3, 4, 5, 1]}])
    assert [event.data["id"] for event in near] == [1, 2, 3, 4, 5]
    assert outcome.duplicates == 1
    far, outcome = read(tmp_path / "far.jsonl", [{"numbers": [1, 2, 3, 4, 5, 6, 1, 6]}])
    assert [event.data["id"] for event in far] == [1, 2, 3, 4, 5, 6, 1]
    assert (outcome.rows, outcome.duplicates) == (8, 1)
    often, outcome = read(tmp_path / "often.jsonl", [{"numbers": [1, number]} for number in range(2, 20)])
    assert [event.data["id"] for event in often] == list(range(1, 20))


@pytest.mark.parametrize("pack", [lambda plain: plain, zstandard.compress], ids=["plain", "zst"])
def test_what_comes_before_damage_is_kept(tmp_path, pack):
    things = [tweet(number, 100, NOON) for number in range(1, 3000)]
    content = pack("".join(json.dumps(thing) + "\n" for thing in things).encode())
    path, outcome = tmp_path / ("a.jsonl" if content.startswith(b"{") else "a.jsonl.zst"), Outcome()
    path.write_bytes(content[: len(content) // 2])
    events = list(archives.read(path, path.name, XV11Archive(archive_source("x-v1.1-archive"), outcome), outcome))
    posts_count = sum(event.type == "post.observed" for event in events)
    assert 0 < posts_count < 2999
    assert outcome.is_cut_short == (path.suffix == ".zst")
    (fault,) = outcome.quarantined
    assert fault["line"] == posts_count + 1
    assert outcome.rows == posts_count + 1


@pytest.mark.parametrize(("suffix", "ends"), [("", "  "), (".zst", "  "), ("", "[]"), (".zst", "[]")])
def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch, suffix, ends):
    monkeypatch.setattr(archives.reading, "MOST_REMEMBERED", 500)
    monkeypatch.setattr(lines, "_CHUNK", 1 << 16)
    small, large = (peak(tmp_path / f"{count}.jsonl{suffix}", count, ends) for count in (1_000, 8_000))
    assert large < 1.2 * small


def peak(path, count, ends):
    """Most memory taken while an archive of so many rows, all of them different, is read; ``[]``: in one array."""
    with path.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
        out = packed if path.suffix == ".zst" else file
        for number in range(count):
            text = hashlib.shake_256(b"%d" % number).hexdigest(1_000)
            comma = ends[0] if number == 0 else "," if ends == "[]" else ""
            out.write(f"{comma}{json.dumps({'numbers': [number], 'text': text})}\n".encode())
        out.write(ends[1].encode())
    outcome = Outcome()
    tracemalloc.start()
    try:
        assert sum(1 for _ in archives.read(path, path.name, Numbers(SOURCE, outcome), outcome)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def folder(tmp_path):
    source = {"source_id": "tweets", "adapter": "x-v1.1-archive", "observed_at": "2018-03-01T00:00:00Z"}
    return write_roster(tmp_path / "roster", sources=[source])


def put(folder, name, content):
    path = folder / "observations" / "tweets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def run(folder, ledger):
    said = []
    collect(folder, ledger, said.append)
    return said


def collected(ledger):
    """Name of each input of the source, in the log's order -> ids of its events."""
    inputs = {}
    for entry in ledger.lines():
        *events, finished = segments.read(ledger.segments / entry.name)
        if entry.source == "tweets":
            inputs[finished.data["input"]["name"]] = [event.id for event in events]
    return inputs


CONTENT = b"".join(json.dumps(tweet(number, 100, NOON)).encode() + b"\n" for number in range(1, 100))


def test_the_same_content_gives_the_same_events_plain_or_packed(folder, tmp_path):
    packed = {"a.json": CONTENT, "b.jsonl": CONTENT + b"\n", "c.jsonl.gz": gzip.compress(CONTENT, mtime=0)}
    packed |= {"d.jsonl.zst": zstandard.compress(CONTENT[:9_000]) + zstandard.compress(CONTENT[9_000:])}
    for name, content in packed.items():
        put(folder, name, content)
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    inputs = collected(ledger)
    assert list(inputs) == list(packed)
    assert len(inputs["a.json"]) == 100
    assert all(ids == inputs["a.json"] for ids in inputs.values())


def test_files_are_read_in_folders_below_too_and_named_by_their_path(folder, tmp_path):
    for number, name in enumerate(["b.jsonl", "2014/05/b.jsonl", "2014/a.jsonl.gz", "c.jsonl/NOTE.md", "NOTE.md"]):
        content = json.dumps(tweet(number, 100, NOON)).encode()
        put(folder, name, gzip.compress(content) if name.endswith(".gz") else content)
    put(folder, "2014/z.jsonl", b"{")
    ledger = Ledger(tmp_path / "log")
    said = run(folder, ledger)
    assert list(collected(ledger)) == ["2014/05/b.jsonl", "2014/a.jsonl.gz", "2014/z.jsonl", "b.jsonl"]
    assert "  quarantined: 2014/z.jsonl, line 1: not JSON" in said


def test_the_same_file_twice_appends_nothing(folder, tmp_path):
    put(folder, "a.jsonl.zst", zstandard.compress(CONTENT))
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    before = ledger.path.read_bytes()
    put(folder, "again/b.jsonl.zst", zstandard.compress(CONTENT))
    assert run(folder, ledger)[1:] == [
        "collect: tweets/a.jsonl.zst is in the log already",
        "collect: tweets/again/b.jsonl.zst is in the log already",
    ]
    assert ledger.path.read_bytes() == before


def test_a_file_that_is_packed_in_another_way_is_named_and_the_others_are_collected(folder, tmp_path):
    put(folder, "a.jsonl.bz2", b"BZh9")
    put(folder, "b.jsonl", CONTENT)
    ledger = Ledger(tmp_path / "log")
    with pytest.raises(SourceError, match=r"a\.jsonl\.bz2: the name ends in none of"):
        run(folder, ledger)
    assert list(collected(ledger)) == ["b.jsonl"]
