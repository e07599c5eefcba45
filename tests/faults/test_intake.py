"""Files from anywhere: nothing in them ends in a traceback, is lost, hangs, swells or comes out as something else."""

import contextlib
import csv
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
import zstandard
from pydantic import TypeAdapter, ValidationError

from ingestion.collect.files import archives, by_hand, collect
from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.outcome import LISTED_BYTES, MOST_NAMES, Outcome, SourceError
from ingestion.log import segments
from ingestion.log.events import LARGEST_COUNT, LONGEST_EVENT, Event, EventError
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.roster.cells import UNSEEN, Count, Day, Month, Url, UsDollars, Year
from ingestion.roster.changes import changes
from ingestion.roster.files import RosterError, read_roster
from tests.conftest import Home
from tests.ingestion.collect.files.archives.test_archives import archive_source
from tests.ingestion.collect.files.archives.test_mastodon import account, status
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_figures, write_roster, write_tweets
from twiplomacy.synthetic.x_api import PROBLEM, post
from twiplomacy.synthetic.x_api import user as v2_user

NOON = "Thu Jan 02 12:00:00 +0000 2014"
V2_NOON = "2014-01-02T12:00:00"
END = "2026-03-01T00:00:00Z"
SOURCE = {
    XV11Archive: archive_source("x-v1.1-archive"),
    XV2Archive: archive_source("x-v2-archive"),
    MastodonArchive: archive_source("mastodon-archive"),
}
EXTENDED = {"entities": {"hashtags": [{"text": "Whole"}]}, "full_text": "canary"}
V2_POST = post(
    1,
    100,
    V2_NOON,
    source="App",
    entities={
        "hashtags": [{"tag": "Peace"}],
        "mentions": [{"id": "7", "start": 3}],
        "urls": [
            {"expanded_url": "https://www.example.org/a", "unwound_url": "https://example.org/b"},
            {"domain": "a.b"},
        ],
    },
    attachments={"media_keys": ["3_9"]},
    referenced_tweets=[{"type": "retweeted", "id": "5"}],
)
POSTS: dict[type, list[dict[str, Any]]] = {
    XV11Archive: [
        tweet(1, 100, NOON),
        tweet(2, 100, NOON, retweeted_status=tweet(5, 200, NOON), extended_tweet=EXTENDED),
        {"delete": {"status": {"id": 1, "id_str": "1", "user_id": 29, "user_id_str": "29"}}},
    ],
    XV2Archive: [
        {
            "data": [V2_POST, post(2, 100, V2_NOON)],
            "includes": {"users": [v2_user(100)], "tweets": [post(5, 200, V2_NOON)]},
            "errors": [{"type": f"{PROBLEM}resource-not-found", "resource_type": "tweet", "resource_id": "2006"}],
            "__twarc": {"retrieved_at": "2026-02-01T00:00:00+00:00"},
        },
        V2_POST | {"author": v2_user(100)},
    ],
    MastodonArchive: [
        status(1),
        status(2, reblog=status(5), application={"name": "App"}, quote={"state": "accepted"}, in_reply_to_id="9"),
    ],
}
PROFILES: dict[type, list[dict[str, Any]]] = {
    XV11Archive: [user(100)],
    XV2Archive: [v2_user(100), {"data": [v2_user(100)], "meta": {}}],
    MastodonArchive: [account(100), account(101, suspended=True)],
}
TEXTS = [
    *("", " ", "\0", "\x1b[2J", "\x85", "\u202eevil", "\u2066", "\ufeff", "a\nb", "=1+1", "+5", "-5", "@cmd", "<b>"),
    *("' or 1=1 --", "é", "e\u0301", "٥٢", "🇬🇭", "x" * 141, "x" * 100_000, "<" * 50_000, "9" * 5_000, "1e5", "NaN"),
    *("null", "true", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "2014-01-02T24:00:00Z"),
    *("2014-01-02T12:00:00", "2014-01-02T12:00:00.5+02:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("Thu Feb 30 12:00:00 +0000 2014", "https://=cmd|x/", "http://[", "https://президент.рф/x", "//", "data:x"),
]
THINGS = [None, True, False, 0, -1, 1.5, 1e300, 2**53, 2**64, 10**12, 10**12 + 1, 10**400, [], {}, [[]], {"": ""}]
RAW = ["NaN", "Infinity", "-0", "1" + "0" * 5_000, '"\\ud800"', '"\\udc00\\ud83d"', "[" * 700 + "]" * 700]
RAW += ['{"a":' * 700 + "1" + "}" * 700, '{"id": "1", "id": "2"}', '"\\u0000"', "[" * 5_000 + "]" * 5_000]
NAMES = ["", "mood", "a sentence that is no name", "\ud800", "\x1b", "=1", "x" * 65, "<script>", "__proto__", "id_str"]
MARK = "MARK-OF-A-RAW-VALUE"


def places(thing: Any, path: tuple = ()) -> Iterator[tuple]:
    """Yield where something stands in a thing, as the keys that lead there."""
    for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


def mutated(line: dict[str, Any], chances: Random) -> str:
    """Return a line with some values changed, taken out, nested or added, as text."""
    line, raw = deepcopy(line), "null"
    for _ in range(chances.choice((1, 1, 1, 2, 3, 8))):
        if not (every := list(places(line))):
            break
        *path, key = chances.choice(every)
        parent: Any = line
        for step in path:
            parent = parent[step]
        value, change = deepcopy(parent[key]), chances.randrange(7)
        if change == 0:
            del parent[key]
        elif change == 1:
            parent[key], raw = MARK, chances.choice(RAW)
        elif change == 2 and isinstance(parent, dict):
            parent[chances.choice(NAMES)] = value
        elif change == 3:
            parent[key] = [value, deepcopy(value)][: chances.randrange(1, 3)]
        elif change == 4:
            parent[key] = {"text": value, "id": deepcopy(value)}
        else:
            parent[key] = deepcopy(chances.choice(TEXTS if change == 5 else THINGS))
    text = json.dumps(line).replace(f'"{MARK}"', raw)
    return text if chances.random() > 0.05 else text[: chances.randrange(len(text))].rstrip("[")  # else it is indented


def texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ():
        yield from texts(key)
        yield from texts(value)


def named(thing: Any, name: Any = "") -> Iterator[str]:
    """Yield the texts that a release may show: of clients, hashtags, domains and handles.

    A handle of Mastodon may begin with a minus; of letters, digits and dots nothing can be reckoned out.
    """
    assert not isinstance(thing, str) or name != "start"
    if isinstance(thing, str) and name in ("source", "text", "tag", "name", "domain", "screen_name"):
        assert name not in ("text", "tag") or len(thing) <= 140
        yield thing
    for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ():
        yield from named(value, key if isinstance(thing, dict) else name)


def hold(events: list[Event], outcome: Outcome, types: tuple[str, ...]) -> None:
    """Hold what came of a file against the laws of the intake; ``types``: of events that are rows."""
    made = sum(event.type.startswith(types) for event in events)
    assert made == len(events) - outcome.beside
    assert outcome.rows == made + outcome.duplicates + outcome.left_out + outcome.quarantined_count
    for event in events:
        assert Event.decode(event.encode()) == event
        every = [event.subject, *texts(event.data)]
        assert not any(UNSEEN.search(text) for text in every), every
        assert max(map(len, every)) <= 510
        assert max(map(len, named(event.data)), default=0) <= 253
        assert not any(text.startswith(("=", "+", "-", "@")) or "<" in text for text in named(event.data))
    for text in [*texts(outcome.quarantined), *outcome.unknown_fields]:
        assert text.isprintable()
        assert len(text) <= 3_000


WHOLE = {
    (XV11Archive, True): {"x:100/1"},
    (XV11Archive, False): {"x:100"},
    (XV2Archive, True): {"x:100/1", "x:100/2", "x:/2006"},
    (XV2Archive, False): {"x:100"},
    (MastodonArchive, True): {"mastodon:100@gov.example/1"},
    (MastodonArchive, False): {"mastodon:100@gov.example"},
}
"""What the first line of each gives, whatever stands before it."""


@pytest.mark.parametrize("shape", POSTS, ids=lambda shape: shape.__name__)
def test_a_line_in_which_anything_changed(attack, tmp_path, shape):
    ledger, kept = Ledger(tmp_path / "log"), list[Event]()

    def one(chances: Random) -> None:
        is_posts = chances.random() < 0.7
        known = (POSTS if is_posts else PROFILES)[shape]
        path, outcome = tmp_path / "a.jsonl", Outcome()
        written = [mutated(chances.choice(known), chances) for _ in range(4)]
        path.write_text("\n".join([*written, json.dumps(known[0])]), encoding="utf-8")
        events = list(archives.read(path, path.name, shape(SOURCE[shape], outcome), outcome))
        hold(events, outcome, ("post.", "account.unavailable") if is_posts else ("account.",))
        assert {event.subject for event in events} >= WHOLE[shape, is_posts]
        if len(kept) < 2_000:
            kept.extend(events)

    attack(120, one)
    landed_are(kept, ledger, tmp_path / "x.duckdb")


def landed_are(events: list[Event], ledger: Ledger, database: Path) -> None:
    with ledger.writing(print):
        ledger.append(segments.write(ledger.segments, "tweets", events), "tweets", "0" * 64)
    land(ledger, database, print)
    with duckdb.connect(str(database)) as connection:
        both = "select event_id from raw.post_snapshots union all select event_id from raw.account_snapshots"
        assert sorted(connection.execute(both).fetchall()) == sorted((event.id,) for event in events)


SEEN = {
    "account_id": "x:1",
    "audience_code": "followers",
    "audience_count": "52000",
    "following_count": "7",
    "listed_count": "",
    "lifetime_posts_count": "12",
    "rounding_code": "exact",
    "observed_date": "2016-06-01",
    "observed_precision_code": "day",
    "evidence_url": "https://example.org",
}
LOOK = {
    "country_code": "AAA",
    "platform_code": "x",
    "account_type_code": "personal",
    "outcome_code": "found",
    "account_id": "x:1",
    "handle": "one",
    "audience_code": "followers",
    "audience_count": "52000",
    "following_count": "",
    "lifetime_posts_count": "",
    "rounding_code": "rounded",
    "looked_date": "2019-06-01",
    "evidence_url": "https://example.org",
}
CELLS = [
    "52.000",
    "52,000",
    "1_000",
    "+5",
    "-0",
    "0.0",
    "5e3",
    "５２",
    "86400",
    "2016-6-1",
    "2016-06-01T00:00:00Z",
    " 7",
]
CELLS += [
    "0000-01-01",
    "9999-12-31",
    str(LARGEST_COUNT),
    str(LARGEST_COUNT + 1),
    "x:٥",
    "x:" + "9" * 40,
    '"',
    ",",
    "\r",
]


def test_a_cell_of_a_sheet_in_which_anything_stands(attack, tmp_path):
    folder = write_roster(tmp_path / "roster", platforms=[{"platform_code": "x"}])
    entries = read_roster(folder)
    source = entries.sources["looks"]

    def one(chances: Random) -> None:
        row, path, outcome = chances.choice((SEEN, LOOK)), tmp_path / "a.csv", Outcome()
        rows = []
        for _ in range(3):
            changed = {
                chances.choice(list(row)): chances.choice(CELLS + TEXTS) for _ in range(chances.choice((1, 1, 4)))
            }
            cells = [*(row | changed).values()]
            rows.append([*cells, "more"] if chances.random() < 0.05 else cells[: chances.choice((99, 99, 99, 3))])
        written = ["\0" if chances.random() < 0.01 else ",".join(map(quoted, cells)) for cells in rows]
        content = "\r\n".join([",".join(row), *written, ",".join(map(quoted, row.values()))]).encode()
        if chances.random() < 0.1:
            place = chances.randrange(len(content))
            content = (
                content[:place] + chances.choice((b'"', b"\0", b"\xff", b"\n", b"\x1b", b"")) + content[place + 1 :]
            )
        path.write_bytes(chances.choice((b"", b"\xef\xbb\xbf")) + content)
        try:
            events = list(by_hand.read(path, path.name, source, entries, outcome))
            with path.open(newline="", encoding="utf-8-sig") as file:
                said = {int(cell) for row in csv.reader(file) for cell in row if re.fullmatch("[0-9]{1,99}", cell)}
        except SourceError:
            return
        hold(events, outcome, ("account.",))
        said.add(None)
        for event in events:
            for name in ("audience_count", "following_count", "lifetime_posts_count"):
                assert event.data.get(name) in said

    attack(300, one)


def quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if set(cell) & set(',"\r\n') else cell


FORMS: dict[Any, Any] = {Count: int, Year: int, Day: str, Month: str, UsDollars: Decimal, Url: str}
PIECES = [
    *"0123456789" * 3,
    *"--::..TZ+ _e,\t\n٥２²",
    "2016-",
    "-01",
    "2016-01-01",
    "T00:00:00",
    "https://",
    "a.b",
]


@pytest.mark.parametrize("form", FORMS, ids=["count", "year", "day", "month", "price", "address"])
def test_a_text_is_taken_for_what_it_says_or_for_nothing(attack, form):
    adapter, said = TypeAdapter(form), FORMS[form]

    def one(chances: Random) -> None:
        text = "".join(chances.choices(PIECES, k=chances.choice((1, 2, 3, 4, 6, 10))))
        try:
            value = adapter.validate_python(text)
        except ValidationError:
            return
        assert (str(value) if said is str else value) == said(text)
        assert form is Url or (text.isascii() and not set(text) & set("+_ e\t\n"))

    attack(1_000, one)


@pytest.mark.parametrize("name", ["sources", "terms", "prices", "accounts", "countries"])
def test_a_file_of_the_roster_in_which_anything_changed(attack, tmp_path, name):
    folder = write_roster(
        tmp_path / "roster",
        prices=[{"platform_code": "x", "operation_code": "post", "price_usd": "0.005"}],
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "one"}],
        terms=[{"office_code": "AAA-head", "holder_id": "one", "start_date": "2012-01-01"}],
        accounts=[{"account_id": "x:1", "country_code": "AAA"}],
    )
    path = folder / f"{name}.csv"
    right = path.read_bytes()

    def one(chances: Random) -> None:
        content = bytearray(right)
        for _ in range(chances.choice((1, 1, 3))):
            place = chances.randrange(len(content))
            content[place : place + chances.choice((0, 1, 5))] = chances.choice(JUNK)
        path.write_bytes(
            bytes(content) if chances.random() < 0.97 else content.decode("utf-8", "replace").encode("utf-16")
        )
        try:
            read = read_roster(folder)
        except RosterError as error:
            message = str(error)
        else:
            message = ""
        assert all(line.isprintable() for line in message.splitlines())
        assert len(message) < 30_000
        for event in [] if message else changes(read, {}):
            assert Event.decode(event.encode()) == event
            assert not any(UNSEEN.search(text) for text in texts(event.data))

    attack(60, one)


JUNK = [b"\0", b'"', b",", b"\n", b"\r\n", b"\xff", b"\x1b[2J", "\u202e".encode(), b"=1", b"9" * 30, b"", b"0001-01-01"]
JUNK += [b"x" * 150_000, "٥".encode(), b"\xef\xbb\xbf", b" ", b"'", b"9999-12-31", b"NaN", b",,,,", b"1e5"]


LONG = ["<", "a", "-a", ".", "9", "@"]


@pytest.mark.parametrize("shape", POSTS, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("is_long", [False, True], ids=["odd", "very long"])
def test_any_text_in_any_field_is_a_fact_or_none_and_hangs_nothing(tmp_path, shape, is_long):
    instead = [piece * 100_000 + "!" for piece in LONG] if is_long else [text for text in TEXTS if len(text) < 1_000]
    instead.append("en" + "-abcdefgh" * 100)
    lines = [(line, known is POSTS) for known in (POSTS, PROFILES) for line in known[shape]]
    for line, is_posts in lines:
        for *path, key in [*places(line)]:
            written = []
            for text in instead:
                changed = deepcopy(line)
                parent: Any = changed
                for step in path:
                    parent = parent[step]
                if isinstance(parent[key], dict | list):
                    break
                parent[key] = f"https://{text}" if "ur" in str(key) and text[:1] not in "h/" else text
                written.append(json.dumps(changed))
            (tmp_path / "a.jsonl").write_text("\n".join(written), encoding="utf-8")
            outcome = Outcome()
            events = list(archives.read(tmp_path / "a.jsonl", "a", shape(SOURCE[shape], outcome), outcome))
            hold(events, outcome, ("post.", "account.unavailable") if is_posts else ("account.",))


def test_a_client_of_three_million_brackets_hangs_nothing(tmp_path):
    path, outcome = tmp_path / "a.jsonl", Outcome()
    path.write_text(json.dumps(tweet(1, 100, NOON, source="<" * 3_000_000)), encoding="utf-8")
    _, seen = archives.read(path, "a", XV11Archive(SOURCE[XV11Archive], outcome), outcome)
    assert "source" not in seen.data
    assert outcome.unknown_fields == {"source of another form": 1}


def test_very_many_refused_rows_and_unknown_names_swell_nothing():
    outcome = Outcome()
    for number in range(60_000):
        outcome.quarantine("a.jsonl", number, b"", f"data[{number}]: not JSON" if number % 2 else f"\x1b {number}")
        outcome.count_field("user.", f"name{number}" if number % 2 else f"a sentence of {number} words")
    assert outcome.quarantined_count == 60_000
    assert outcome.quarantined[0] == {"file": "a.jsonl", "line": 0, "reason": "\\x1b 0"} | {"sha256": NOTHING}
    assert len(outcome.quarantined) < 30_000
    assert sum(len(json.dumps(fault)) for fault in outcome.quarantined) < LISTED_BYTES
    assert len(outcome.unlisted) <= 101
    assert outcome.unlisted["data[]: not JSON"] > 10_000
    assert len(outcome.unknown_fields) <= MOST_NAMES + 1
    assert outcome.unknown_fields.total() == 60_000
    assert outcome.unknown_fields["user.(no name)"] == 30_000


NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_longest_event_is_landed_and_a_longer_one_is_none(tmp_path):
    def event(length: int) -> Event:
        return Event("tweets", "post.observed", "x:1/1", END, "x/1", {"id": "x" * length}, END)

    longest = LONGEST_EVENT - len(event(0).encode())
    with pytest.raises(EventError, match="longer than 16,000,000 bytes"):
        event(longest + 1)
    events = [event(9_000_000), event(longest), event(1), event(longest - 1)]
    assert len(events[1].encode()) == LONGEST_EVENT
    landed_are(events, Ledger(tmp_path / "log"), tmp_path / "x.duckdb")


def test_a_line_that_would_be_too_long_an_event_is_refused_and_the_rest_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("ingestion.log.events.LONGEST_EVENT", 5_000)
    long = tweet(1, 100, NOON, entities={"user_mentions": [{"id_str": "1234567890"}] * 1_000})
    path, outcome = tmp_path / "a.jsonl", Outcome()
    path.write_text(f"{json.dumps(long)}\n{json.dumps(tweet(2, 100, NOON))}\n", encoding="utf-8")
    events = list(archives.read(path, path.name, XV11Archive(SOURCE[XV11Archive], outcome), outcome))
    assert {event.subject for event in events} == {"x:100", "x:100/2"}
    assert [fault["reason"] for fault in outcome.quarantined] == ["it is longer than 5,000 bytes"]


ADAPTERS = {"x-v1.1-archive": XV11Archive, "x-v2-archive": XV2Archive, "mastodon-archive": MastodonArchive}
PACKED = {".jsonl": bytes, ".json": bytes, ".jsonl.gz": gzip.compress, ".jsonl.zst": zstandard.compress}


def test_a_folder_of_damaged_files_is_collected_once(attack, tmp_path):
    sources = [{"source_id": name.replace(".", "-"), "adapter": name, "observed_at": END} for name in ADAPTERS]
    sources.append(SOURCES[0])

    def damaged(content: bytes, chances: Random) -> bytes:
        changed = bytearray(content)
        for _ in range(chances.choice((0, 1, 5))):
            changed[chances.randrange(len(changed))] = chances.randrange(256)
        return bytes(changed[: chances.randrange(len(changed)) if chances.random() < 0.2 else None])

    def one(chances: Random) -> None:
        folder = write_roster(tmp_path / str(chances.random()), sources=sources)
        write_figures(folder, [SEEN, SEEN | {"account_id": "x:2"}], "looks")
        sheet = folder / "observations" / "looks" / "figures.csv"
        sheet.write_bytes(damaged(sheet.read_bytes(), chances))
        for name, shape in ADAPTERS.items():
            (top := folder / "observations" / name.replace(".", "-")).mkdir()
            for number, known in enumerate((POSTS[shape], PROFILES[shape])):
                written = [mutated(chances.choice(known), chances) for _ in range(4)]
                array = f"[{','.join(written)}]" if chances.random() < 0.3 else "\n".join(written)
                suffix, pack = chances.choice([*PACKED.items()])
                (top / f"{number}{suffix}").write_bytes(damaged(pack(array.encode()), chances))
        ledger, states = Ledger(folder / "log"), []
        for _ in range(2):
            with contextlib.suppress(SourceError):
                collect(folder, ledger, str)
            states.append(ledger.path.read_bytes())
        assert states[0] == states[1]
        for entry in ledger.lines():
            *events, finished = segments.read(ledger.segments / entry.name)
            if entry.source != "roster" and "beside" in finished.data:
                sums = Counter(finished.data)
                made = len(events) - sums["beside"] + sums["duplicates"] + sums["left_out"]
                assert sums["rows"] == made + len(finished.data["quarantined"])

    attack(12, one)


def empty(path: Path) -> None:
    path.touch()


def folder_of_that_name(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


def nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def not_utf8(path: Path) -> None:
    os.link(path.parent / "good.csv", os.fsdecode(os.fsencode(path.parent) + b"/\xff.csv"))


def unseen(path: Path) -> None:
    os.link(path.parent / "good.csv", path.parent / "\x1b[2J\u202e.csv")


def same_name(path: Path) -> None:
    for name in ("e\u0301.csv", "é.csv"):
        os.link(path.parent / "good.csv", path.parent / name)


def locked(path: Path) -> None:
    os.link(path.parent / "good.csv", path)


@pytest.mark.parametrize(
    "makes", [empty, folder_of_that_name, loop, nowhere, pipe, not_utf8, unseen, same_name, locked]
)
@pytest.mark.parametrize("moment", ["at once", "later"])
def test_one_bad_file_keeps_no_other_from_being_collected(tmp_path, monkeypatch, makes, moment):
    folder = write_roster(tmp_path / "roster")
    write_figures(folder, [SEEN], "looks", "good.csv")
    write_figures(folder, [SEEN], "looks", "zz.csv")
    write_tweets(folder, [tweet(1, 100, NOON)])
    bad, ledger = folder / "observations" / "looks" / "bad.csv", Ledger(tmp_path / "log")
    if moment == "later":
        collect(folder, ledger, print)
    makes(bad)
    if makes is locked:
        opened = Path.open

        def refuse(path: Path, *given: Any, **more: Any) -> Any:
            if path == bad:
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *given, **more)

        monkeypatch.setattr(Path, "open", refuse)
    said: list[str] = []
    try:
        collect(folder, ledger, said.append)
    except SourceError as error:
        said += str(error).splitlines()
    else:
        assert makes is folder_of_that_name
    assert all(line.isprintable() for line in said)
    names = [list(segments.read(ledger.segments / entry.name))[-1].subject for entry in ledger.lines()]
    assert {"roster/roster", "looks/good.csv", "looks/zz.csv", "tweets/tweets.jsonl"} <= set(names)
    assert len(names) == 4 + (makes is same_name)
    before = ledger.path.read_bytes()
    for _ in range(2):
        with pytest.raises(SourceError) if makes is not folder_of_that_name else contextlib.nullcontext():
            collect(folder, ledger, said.append)
    assert ledger.path.read_bytes() == before


@pytest.mark.parametrize("how", ["vanishes", "gets a name that cannot be read"])
def test_a_sheet_that_cannot_be_read_is_not_withdrawn(tmp_path, monkeypatch, how):
    folder = write_roster(tmp_path / "roster")
    write_tweets(folder, [tweet(1, 100, NOON)])
    write_figures(folder, [SEEN], "looks", "good.csv")
    path = write_figures(folder, [SEEN], "looks", "bad.csv")
    ledger = Ledger(tmp_path / "log")
    collect(folder, ledger, print)
    if how == "vanishes":
        write_figures(folder, [SEEN, SEEN | {"account_id": "x:2"}], "looks", "bad.csv")
        before = by_hand.held_against

        def vanish(sheet: Path, *given: Any) -> bytes:
            said = before(sheet, *given)
            if sheet == path:
                sheet.unlink()
            return said

        monkeypatch.setattr(by_hand, "held_against", vanish)
    else:
        path.rename(os.fsdecode(os.fsencode(path.parent) + b"/\xff.csv"))
    with pytest.raises(SourceError, match=r"bad\.csv cannot be read: No such file|its name is not UTF-8; rename it"):
        collect(folder, ledger, print)
    assert not any(
        event.type == "observation.withdrawn"
        for entry in ledger.lines()
        for event in segments.read(ledger.segments / entry.name)
    )


@pytest.mark.parametrize("name", ["TWIPLOMACY_DATA", "TWIPLOMACY_ROSTER", "TWIPLOMACY_RELEASES"])
def test_a_folder_whose_path_cannot_be_written_is_a_clear_error(home, tmp_path, capsys, monkeypatch, name):
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b")
    monkeypatch.setattr(Home, "environment", lambda _: {name: folder})
    assert home.run("collect") == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: {name} is ")
    assert error.rstrip("\n").isprintable()


MOST = {"retweet_count": LARGEST_COUNT, "favorite_count": LARGEST_COUNT, "reply_count": LARGEST_COUNT}
PROFILE = {f"{name}_count": LARGEST_COUNT for name in ("followers", "friends", "listed", "statuses", "favourites")}
FIRST = "Fri Jan 01 00:00:00 +0000 2016"
PEOPLE = [str(number) for number in range(1, 7)]


def test_the_largest_counts_and_very_many_refused_rows_are_built(tmp_path, monkeypatch):
    monkeypatch.setattr("ingestion.collect.outcome.LISTED_BYTES", 1_000)
    home = Home(tmp_path / "data", tmp_path / "roster")
    write_roster(
        home.roster,
        offices=[{"office_code": f"AAA-{name}", "country_code": "AAA"} for name in PEOPLE],
        holders=[{"holder_id": name} for name in PEOPLE],
        terms=[{"office_code": f"AAA-{name}", "holder_id": name, "start_date": "2015-01-01"} for name in PEOPLE],
        accounts=[{"account_id": f"x:{name}", "country_code": "AAA"} for name in PEOPLE],
        assignments=[{"account_id": f"x:{name}", "holder_id": name} for name in PEOPLE],
    )
    tweets = [
        tweet(100 * int(name) + day, int(name), f"Fri Jan {day:02} 12:00:00 +0000 2016", **MOST)
        | {"user": user(int(name), **PROFILE)}
        for name in PEOPLE
        for day in range(1, 29)
    ]
    early, late = f"{FIRST[:-4]}0001", f"{FIRST[:-4]}9999"
    none = dict.fromkeys(MOST, 0)
    tweets += [tweet(900, 1, early, **none), tweet(901, 2, FIRST, user=user(2, created_at=early), **none)]
    tweets += [tweet(902, 3, FIRST, user=user(3, created_at=late), **none)]
    write_tweets(home.roster, [*tweets, *({"user": name} for name in PEOPLE for _ in range(5))])
    figures = [SEEN | {"account_id": f"x:{name}", "audience_count": str(LARGEST_COUNT)} for name in PEOPLE]
    write_figures(home.roster, figures, "looks")
    home.build(2016)
    sums = home.query(
        """select max(reposts_received_count), max(likes_received_count), max(audience_count)
        from marts.groups_yearly where year = 2016"""
    )
    counts = "rows_count, post_events_count, quarantined_count from staging.stg_collections where source_id = 'tweets'"
    assert home.query(f"select {counts}") == [(28 * 6 + 33, 28 * 6 + 3, 30)]
    assert sums == [(28 * 6 * LARGEST_COUNT, 28 * 6 * LARGEST_COUNT, 6 * LARGEST_COUNT)]
