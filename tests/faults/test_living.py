"""Platforms that answer anything: what they really sent with parts of it changed, cut, packed, delayed or said back."""

import gzip
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

import pytest
from pydantic import SecretStr

from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.page import PARTS
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms import client
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from ingestion.roster.platforms import PLATFORMS
from tests.support.recorded import body
from twiplomacy import cli, collecting
from twiplomacy.synthetic.loopback import NOON, Reply, Request, StillClock, serving
from twiplomacy.synthetic.worlds import write_roster
from twiplomacy.synthetic.x_api import XServer, post, user

PRESIDENT_ID, CHANNEL_ID = "109000000000000001", "UCpresidentpresidentpre_"
DID = f"did:plc:{'president'.ljust(24, 'a')}"
ACCOUNTS = {
    "x": ("x:100", "x:200", "x:300", "x:@palace"),
    "bluesky": (f"bluesky:{DID}", "bluesky:did:web:ministry.example"),
    "mastodon": (f"mastodon:{PRESIDENT_ID}@social.example", "mastodon:109000000000000002@social.example"),
    "youtube": (f"youtube:{CHANNEL_ID}", "youtube:UCministryministryminis-"),
}
KEY = "AAAAthe-key%2Bof+nobody/at=all"
KEYS = (KEY, quote(KEY, safe=""), unquote(KEY), b64encode(KEY.encode()).decode())
"""The key in forms in which a server may say it back."""
SHOWS_KEY = ("the-key", KEYS[3][4:24])
"""What is in each of them."""


def roster_folder(folder: Path, retention: Mapping[str, str] = MappingProxyType({})) -> Path:
    """Accounts of one holder on all platforms; what is got of some may be kept for some days only."""
    accounts = [(code, one) for code, ids in ACCOUNTS.items() for one in ids]
    adapters = {code: platform.adapter for code, platform in PLATFORMS.items()}
    return write_roster(
        folder,
        editions=[{"year": "2026"}],
        sources=[{"source_id": adapter, "adapter": adapter} for adapter in adapters.values()],
        platforms=[
            {
                "platform_code": code,
                "collection_code": "api_opt_in" if code == "mastodon" else "api",
                "retention_days_count": retention.get(code, ""),
            }
            for code in PLATFORMS
        ],
        servers=[{"server_name": "social.example", "platform_code": "mastodon", "is_allowed": "true"}],
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "now"}],
        terms=[{"office_code": "AAA-head", "holder_id": "now", "start_date": "2020-01-01"}],
        accounts=[
            {"account_id": one, "platform_code": code, "country_code": "AAA", "source_id": adapters[code]}
            for code, one in accounts
        ],
        assignments=[{"account_id": one, "holder_id": "now"} for _, one in accounts],
    )


def x(request: Request) -> Reply:
    posts = [post(number, 100, f"2026-02-2{number}T00:00:00") for number in range(1, 6)]
    server = XServer([user(100), user(200)], posts)
    server.follows, server.suspended = {"100": ["200", "7"]}, {"300"}
    server.counts = {"100": [{"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z", "tweet_count": 3}]}
    return server.answer(replace(request, headers={"authorization": "Bearer the-key"}))


def bluesky(request: Request) -> Reply:
    name = {
        "getProfiles": "profiles",
        "getAuthorFeed": "feed_last" if "cursor" in request.query else "feed_first",
        "getPosts": "posts",
        "getFollows": "follows_last" if "cursor" in request.query else "follows_first",
    }.get(request.path.rpartition(".")[2])
    return Reply(body("bluesky", name)) if name else Reply(body("bluesky", "errors")["taken_down"], 400)


def mastodon(request: Request) -> Reply:
    path = request.path.partition("/api/v1/")[2].split("/")
    if path[1] != PRESIDENT_ID or path[0] != "accounts":
        return Reply({"error": "Record not found"}, 404)
    if len(path) == 2:
        return Reply(body("mastodon", "account"))
    link = '<https://social.example/api/v1/x?max_id=1>; rel="next"'
    links = {} if "max_id" in request.query else {"Link": link}
    return Reply(body("mastodon", path[2]), headers=links)


def youtube(request: Request) -> Reply:
    name = request.path.strip("/")
    uploads = "uploads_last" if "pageToken" in request.query else "uploads_first"
    whole = body("youtube", uploads if name == "playlistItems" else name)
    if name == "playlistItems" and request.query["playlistId"] != f"UU{CHANNEL_ID[2:]}":
        return Reply(body("youtube", "errors")["no_playlist"], 404)
    if name == "videos":
        whole["items"] = [item for item in whole["items"] if item["id"] in request.query["id"]]
    return Reply(whole)


COUNT = count()
RICH = Cost(Decimal(1_000), 100_000)
ANSWERS = {"x": x, "bluesky": bluesky, "mastodon": mastodon, "youtube": youtube}


@dataclass
class World:
    """A server on loopback for all tries, who answers as the try wants, and a roster."""

    roster: Path
    url: str = ""
    answer: Callable[[Request], Reply] = lambda _: Reply({}, 404)
    clock: StillClock = field(default_factory=StillClock)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    made = World(roster_folder(tmp_path_factory.mktemp("living") / "roster"))
    with serving(lambda request: made.answer(request), lambda: made.clock.now()) as loopback:  # noqa: PLW0108
        made.url = loopback.url
        yield made


@dataclass
class Outcome:
    """What a try left: all that somebody could read of it, and the data of what ended its run, if it was sealed."""

    everything: str
    fault: str
    finished: dict[str, Any] | None
    counts: dict[str, int]


def collected(world: World, folder: Path, code: str, answer: Callable[[Request], Reply], threads: int = 1) -> Outcome:
    """Collect from one platform; a run may end in nothing but its seal or a clean error."""
    said: list[str] = []
    folder = folder / str(next(COUNT))
    world.answer, world.clock = answer, StillClock()
    ledger = Ledger(folder / "data" / "log")
    collection = Collection(
        world.roster, ledger, world.clock, "someone@example.org", said.append, threads, [SecretStr(KEY)]
    )
    address = f"{world.url}/{{server}}" if code == "mastodon" else world.url
    fault = ""
    try:
        endpoint = Endpoint(client(code), address, SecretStr(KEY))
        collection.run(endpoint, RunRequest(PARTS, RICH, NOON.date()), lambda *_: _silent())
    except SourceError as error:
        fault = str(error)
    finished, counts, lines = None, dict[str, int](), []
    for entry in ledger.lines():
        for event in segments.read(ledger.segments / entry.name):
            lines.append(event.encode().decode())
            counts[event.type] = counts.get(event.type, 0) + 1
            finished = dict(event.data) if event.type == "collection.finished" else None
    if ledger.lines():
        assert ledger.verify() == len(lines)
    files = [path.read_text("utf-8", "replace") for path in (folder / "data").rglob("*") if path.is_file()]
    return Outcome("\n".join([*said, fault, *lines, *files]), fault, finished, counts)


class _silent:  # noqa: N801
    def __enter__(self) -> Callable[[], None]:
        return lambda: None

    def __exit__(self, *_: object) -> None:
        return None


def require(left: Outcome, *, is_sealed: bool = True) -> None:
    """Hold what a run left against the law of all runs."""
    leaked = [key for key in SHOWS_KEY if key in left.everything]
    assert not leaked, f"a key leaks: {leaked}"
    assert "Canary" not in left.everything
    if left.finished is None:
        assert not is_sealed, left.fault
        return
    data = left.finished
    counts = {name: count for name, count in left.counts.items() if name != "collection.finished"}
    assert data["events"] == counts
    refused = len(data["quarantined"]) + sum(data.get("unlisted", {}).values())
    assert data["rows"] == sum(counts.values()) + data["duplicates"] + data["left_out"] + refused
    undone = {part: set[str]() for part in data["parts"]}
    for item in data["undone"]:
        undone[item["part"]].update(item["subjects"])
    for part, told_of in data["parts"].items():
        assert told_of["asked"] == told_of["got"] + told_of["unavailable"] + told_of["undone"], (part, told_of)
        assert told_of["undone"] == len(undone[part])
    answered = sum(part["got"] + part["unavailable"] for part in data["parts"].values())
    assert (data["outcome"] in ("failed", "stopped")) == bool(left.fault), (data["outcome"], left.fault)
    assert data["outcome"] != "failed" or not answered
    assert data["outcome"] != "complete" or not (data["undone"] or refused)
    assert len(left.everything) < 1_000_000


def deep(levels: int) -> Any:
    nested: Any = []
    for _ in range(levels):
        nested = [nested]
    return nested


def junk(chances: Random) -> Any:
    """Return what no platform sends where it stands."""
    keyed = chances.choice(KEYS)
    return chances.choice(
        [
            None,
            True,
            0,
            -1,
            1.5,
            10**30,
            2**60,
            "",
            " ",
            "\0",
            "a" * 5_000,
            "2026-02-30T00:00:00Z",
            "9" * 5_000,
            [],
            {},
            [None],
            [[]],
            [{}],
            {"a": 1},
            deep(200),
            deep(400),
            keyed,
            f"https://a.example/?key={keyed}",
            [keyed],
            {keyed: keyed},
            {f"unknown{number}": 1 for number in range(2_000)},
            [1] * 3_000,
        ]
    )


def changed(whole: Any, chances: Random) -> Any:
    """Return a body with a part of it changed: of another type, gone, doubled, or with more beside it."""
    whole = deepcopy(whole)
    if chances.random() < 0.1:
        return junk(chances)
    for _ in range(chances.choice((1, 1, 1, 3))):
        place = _place(whole, chances)
        if place is None:
            return junk(chances)
        parent, key = place
        endpoint = chances.choice(("junk", "junk", "gone", "more", "twice"))
        if endpoint == "junk":
            parent[key] = junk(chances)
        elif endpoint == "gone":
            del parent[key]
        elif endpoint == "more" and isinstance(parent, dict):
            parent[chances.choice((*KEYS, "x" * 3_000, "", "a b", "unknown"))] = junk(chances)
        elif isinstance(parent, list):
            parent.append(deepcopy(parent[key]))
    return whole


def _place(whole: Any, chances: Random) -> tuple[Any, Any] | None:
    """Return where something stands in a body: what holds it and its name there; what stands outside comes oftener."""
    found, value = None, whole
    while isinstance(value, dict | list) and value and (found is None or chances.random() < 0.7):
        key = chances.choice(list(value) if isinstance(value, dict) else range(len(value)))
        found, value = (value, key), value[key]
    return found


STATUSES = (200, 204, 206, 301, 302, 307, 400, 401, 402, 403, 404, 405, 408, 410, 418, 422, 429, 451, 500, 503, 999)


OVERFLOW = "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"


def junk_headers(chances: Random) -> dict[str, str]:
    """Return a head that says what it should not."""
    keyed = chances.choice(KEYS)
    number = chances.choice(("1" + "0" * 400, "nan", "-inf", "-7", "0", "x", "1e300", "", keyed, "12", OVERFLOW))
    day = format_datetime(NOON + timedelta(days=chances.choice((-1, 0, 1, 40))), usegmt=True)
    return dict(
        chances.sample(
            [
                ("Retry-After", number),
                ("x-rate-limit-remaining", chances.choice(("0", number))),
                ("x-rate-limit-reset", number),
                ("RateLimit-Reset", number),
                ("X-RateLimit-Reset", day),
                ("Link", chances.choice(('<https://[>; rel="next"', "<>;;;=", f'<//a/?max_id={keyed}>; rel="next"'))),
                ("Link", f'<https://elsewhere.example/?max_id={"9" * chances.choice((1, 5_000))}>; rel="next"'),
                ("Content-Encoding", chances.choice(("gzip", "br", "zstd", "deflate", "aws-chunked", keyed))),
                ("Content-Type", chances.choice(("text/html", keyed, f"text/{keyed}", ""))),
                ("Location", f"https://elsewhere.example/{keyed}"),
                ("Date", chances.choice((day, number))),
                ("Age", number),
                ("Set-Cookie", f"a={keyed}"),
                ("X-Long", "a" * chances.choice((10, 70_000))),
            ],
            chances.randint(1, 4),
        )
    )


def broken(content: bytes, chances: Random) -> bytes:
    """Return a body that came otherwise than it was sent."""
    place = chances.randrange(len(content) + 1)
    return chances.choice(
        [
            content[:place],
            content[:place] + bytes([chances.randrange(256)]) + content[place + 1 :],
            b"",
            b"\xef\xbb\xbf" + content,
            b"<html>Maintenance " + KEY.encode() + b"</html>",
            b"[" * 100_000 + b"]" * 100_000,
            b'{"data": "\\ud800"}',
            b'{"data": 1e999}',
            b'"' + KEY.encode() + b'"',
            gzip.compress(content)[: 10 + place],
            content.decode("utf-8", "replace").encode("utf-16"),
        ]
    )


def mutated(reply: Reply, chances: Random) -> Reply:
    """Return a real answer with something wrong with it."""
    endpoint = chances.choice(("body", "body", "body", "body", "bytes", "status", "headers", "wire"))
    if endpoint == "body":
        reply = replace(reply, body=changed(reply.body, chances))
        if chances.random() < 0.5:
            escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
            reply = replace(reply, body=reply.content().replace(KEY.encode(), escaped.encode()))
    elif endpoint == "bytes":
        reply = replace(reply, body=broken(reply.content(), chances))
    elif endpoint == "status":
        said = {
            "title": junk(chances),
            "detail": KEY,
            "errors": junk(chances),
            "error": chances.choice((KEY, {"errors": junk(chances)}, {"errors": [{"reason": KEY}]}, {"details": 5}, 7)),
            "message": KEY,
        }
        reply = replace(reply, status=chances.choice(STATUSES), body=chances.choice((said, reply.body, b"")))
    elif endpoint == "headers":
        reply = replace(reply, headers={**reply.headers, **junk_headers(chances)})
    else:
        reply = replace(reply, fault=chances.choice(("reset", "short")))
    return reply


@pytest.mark.parametrize("code", ANSWERS)
def test_answers_of_any_form(attack, tmp_path, world, code):
    def one(chances: Random) -> None:
        seed, share = chances.random(), chances.choice((0.2, 0.5, 1))

        def answer(request: Request) -> Reply:
            own = Random(f"{seed}/{request.path}/{sorted(request.pairs)}")  # noqa: S311  # the same each time it is asked
            reply = ANSWERS[code](request)
            return mutated(reply, own) if own.random() < share else reply

        require(collected(world, tmp_path, code, answer))

    attack(30, one)


@pytest.mark.parametrize("code", ANSWERS)
def test_without_a_fault_everything_is_got(tmp_path, world, code):
    left = collected(world, tmp_path, code, ANSWERS[code])
    require(left)
    assert left.finished
    assert left.finished["outcome"] == "complete", left.everything


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_ends_with_its_question(tmp_path, world, part):
    drip = Reply({}, fault=part, between=lambda: world.clock.tick(30))
    # one thread: the clock is everybody's, and a drip would move it while another answer is awaited
    left = collected(world, tmp_path, "bluesky", lambda request: drip if "Feed" in request.path else bluesky(request))
    require(left)
    assert world.clock.ticks() < 30 * 50_000  # a line of a head may have more bytes, and a body anyway
    assert left.finished
    assert left.finished["parts"]["posts"]["got"] == 0
    assert left.finished["parts"]["accounts"]["undone"] == 0
    assert "posts: NOTHING WAS GOT: mostly 127.0.0.1" in left.everything


def test_a_page_that_swells_is_refused(tmp_path, world, monkeypatch):
    """A megabyte that unpacks to a thousand times as much, and as many fields as a page of 64 MiB can have."""
    monkeypatch.setattr("ingestion.collect.living.http.LARGEST_ANSWER", 1 << 20)
    bomb = Reply(gzip.compress(b" " * (32 << 20)), headers={"Content-Encoding": "gzip"})
    fields = {f"field{number}": number for number in range(10_000)}

    def answer(request: Request) -> Reply:
        if request.path == "/2/users":
            return Reply({"data": [user(100, **fields), user(200, **fields)]})
        return bomb if request.path == "/2/users/100/tweets" else x(request)

    left = collected(world, tmp_path, "x", answer)
    assert left.finished
    assert len(left.finished["unknown_fields"]) <= 1_000
    reasons = {item["reason"].partition(" ")[2] for item in left.finished["undone"]}
    assert "sent more than 1 MiB, 1 times" in reasons


DAY = timedelta(days=1)
OFF = (timedelta(0), timedelta(0), timedelta(0), timedelta(minutes=5), 40 * DAY, -40 * DAY, DAY, timedelta(minutes=-30))


def test_clocks_that_are_wrong_now_and_then(attack, tmp_path, world):
    """Runs and erasures on some days, by a machine whose clock is wrong on some of them."""
    folder = roster_folder(tmp_path / "roster", retention={"x": "30"})

    def one(chances: Random) -> None:
        truth = StillClock()
        machine = StillClock()
        ledger = Ledger(tmp_path / str(next(COUNT)) / "log")
        collection = Collection(folder, ledger, machine, "someone@example.org", lambda _: None, 1)
        endpoint = Endpoint(client("x"), world.url, SecretStr("the-key"))
        asked: list[str] = []

        def answer(request: Request) -> Reply:
            asked.append(request.query.get("start_time", ""))
            return x(request)

        world.answer, world.clock = answer, truth
        recorded: dict[int, datetime] = {}
        for _ in range(chances.randint(3, 8)):
            truth.sleep(chances.choice((1, 5, 20, 31)) * DAY.total_seconds())
            off = chances.choice(OFF)
            machine.sleep((truth.now() + off - machine.now()).total_seconds())
            is_right = abs(off) < timedelta(minutes=10)
            before = ledger.lines()
            with suppress(SourceError):
                collection.expire([endpoint])
            erased = {one.position for written in ledger.erasures().values() for one in written}
            old = {position for position, at in recorded.items() if truth.now() - at > 30 * DAY + OFF[3]}
            young = {position for position, at in recorded.items() if truth.now() - at < 30 * DAY - OFF[3]}
            assert not erased & young, "what may be kept is erased"
            assert is_right or ledger.lines() == before, "a wrong clock erases"
            assert not is_right or erased >= old, "what may not be kept is kept"
            with nullcontext() if is_right else pytest.raises(SourceError, match="set the clock"):
                collection.run(endpoint, RunRequest(PARTS[:2], RICH, machine.now().date()), lambda *_: _silent())
                recorded[len(ledger.lines())] = truth.now()
            runs = {entry.position for entry in ledger.lines() if entry.source == PLATFORMS["x"].adapter}
            assert runs == recorded.keys(), "something is recorded by a wrong clock"
        assert all(start <= instant(truth.now()) for start in asked)

    attack(8, one)


def command(world: World, monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> int:
    """Run the command line against the server; return its exit code."""
    for module in (cli, collecting):
        monkeypatch.setattr(module, "Clock", StillClock)
    monkeypatch.setattr(collecting, "progress", lambda *_: _silent())
    variables = {
        "ROSTER": str(world.roster),
        "DATA": str(folder / "data"),
        "CONTACT": "someone@example.org",
        "X_BEARER_TOKEN": KEY,
        "YOUTUBE_API_KEY": KEY,
        **{f"{code.upper()}_URL": world.url + "/{server}" * (code == "mastodon") for code in ANSWERS},
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"TWIPLOMACY_{name}", value)
    return cli.main(["collect", *arguments, "--budget", "1000", "--quota", "1000"])


def by_way(request: Request) -> str:
    """Return the code of the platform that is asked by such a path."""
    path = request.path
    return "bluesky" if "/xrpc/" in path else "mastodon" if "/api/v1/" in path else "x" if "/2/" in path else "youtube"


@pytest.mark.parametrize("down", [(), ("x",), ("mastodon", "youtube"), tuple(ANSWERS)])
def test_who_answers_nothing_is_red_and_the_others_are_collected(tmp_path, world, monkeypatch, capsys, down):
    def answer(request: Request) -> Reply:
        code = by_way(request)
        return Reply({"error": KEY}, 500) if code in down else ANSWERS[code](request)

    world.answer, world.clock = answer, StillClock()
    code = command(world, monkeypatch, tmp_path, *ANSWERS)
    said = capsys.readouterr()
    assert code == bool(down)
    assert said.err.count("and answered nothing: mostly 127.0.0.1") == len(down)
    for name, accounts in ACCOUNTS.items():
        assert (f"{name} was asked for {len(accounts)} accounts" in said.err) == (name in down)
    ledger = Ledger(tmp_path / "data" / "log")
    outcomes = {}
    for entry in ledger.lines()[1:]:
        *_, finished = segments.read(ledger.segments / entry.name)
        outcomes[finished.data["platform_code"]] = finished.data["outcome"]
    assert outcomes == {name: "failed" if name in down else "complete" for name in ANSWERS}
    assert not any(shown in said.out + said.err for shown in SHOWS_KEY)


def test_a_file_that_cannot_be_read_keeps_no_platform_from_being_asked(tmp_path, world, monkeypatch, capsys):
    def refuse(*_: object) -> None:
        raise SourceError("bad.csv cannot be read")

    world.answer, world.clock = bluesky, StillClock()
    monkeypatch.setattr(collecting, "collect", refuse)
    assert command(world, monkeypatch, tmp_path, "bluesky", "bluesky") == 1
    assert capsys.readouterr().err == "error: bad.csv cannot be read\n"
    assert [line.source for line in Ledger(tmp_path / "data" / "log").lines()] == [PLATFORMS["bluesky"].adapter]


@pytest.mark.parametrize("address", ["http://api.x.com", "http://somebody:the-key@10.0.0.1/", "https://"])
def test_a_key_never_goes_in_clear(world, tmp_path, monkeypatch, capsys, address):
    monkeypatch.setattr(world, "url", address)
    assert command(world, monkeypatch, tmp_path, "x") == 1
    said = capsys.readouterr()
    assert said.err.startswith("error: TWIPLOMACY_")
    assert "_URL does not start with https://" in said.err
    assert "the-key" not in said.err + said.out
