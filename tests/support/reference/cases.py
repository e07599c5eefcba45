"""Cases: small worlds that know nothing of each other, so that any number of them fits into one log.

In: cases as plain values. Out: roster rows and archive lines in the sources' own shapes, and the log that the real
``collect`` makes of them. Never: an event written by hand, but for posts that a living platform did not show.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from pathlib import Path
from typing import Any

from ingestion.collect.files import collect
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.roster.checks import faults
from ingestion.roster.tables import FILES, Roster, Table
from twiplomacy.synthetic import worlds
from twiplomacy.synthetic import x_api as x_server

SOURCES = [  # in the order in which they land
    {"source_id": "sheet", "adapter": "by-hand", "observed_at": "2014-01-01T00:00:00Z"},
    {"source_id": "mistaken", "adapter": "x-v1.1-archive", "observed_at": "2017-03-01T00:00:00Z"},
    {"source_id": "late", "adapter": "x-v1.1-archive", "observed_at": "2018-03-01T00:00:00Z"},
    {"source_id": "pages", "adapter": "x-v2-archive", "observed_at": "2018-06-01T00:00:00Z"},
    {"source_id": "texts", "adapter": "x-v1.1-archive", "observed_at": "2017-02-01T00:00:00Z"}
    | {"excludes_replies": "true"},
    {"source_id": "early", "adapter": "x-v1.1-archive", "observed_at": "2016-10-01T00:00:00Z"},
    {"source_id": "month", "adapter": "x-v1.1-archive", "observed_at": "2016-02-10T00:00:00Z"}
    | {"observed_precision_code": "month"},
    {"source_id": "printed", "adapter": "x-v1.1-archive", "observed_at": "2016-12-01T00:00:00Z"}
    | {"class_code": "published"},
    {"source_id": "asked", "adapter": "x-v2-api"},
]
WITHDRAWN = {"withdrawn_date": "2019-01-01", "withdrawn_reason": "of somebody else"}
"""Of the source ``mistaken``, from the last segment on."""
VERSIONS = 3
"""How often the sheet is handed in, if it has a row."""
EDITIONS = (2015, 2016, 2017)
FIXED = {row["source_id"]: row["observed_at"] for row in SOURCES if row["adapter"].endswith("-archive")}


@dataclass(frozen=True)
class Place:
    """Where something was seen: the source, its file and, for pages of v2, the instant."""

    source_id: str
    file: int = 1
    at: str = ""

    @property
    def time(self) -> str:
        return self.at or FIXED[self.source_id]


@dataclass(frozen=True)
class Term:
    office: int
    holder: int
    start: str = ""
    end: str = ""
    start_at: str = ""


@dataclass(frozen=True)
class Link:
    account: int
    holder: int
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Profile:
    """An account seen in one place; None: the platform does not say; handle 2 is the first one of account 0."""

    account: int
    place: Place
    followers: int | None = 100
    posts: int | None = None
    handle: int = 0


@dataclass(frozen=True)
class Listing:
    """An account that the roster has by its first handle, and who speaks through it too; or also by its id."""

    account: int
    day: str
    is_alone: bool = True


@dataclass(frozen=True)
class Post:
    """A post and all that was seen of it: where, with how many reposts and likes; None: no count of likes."""

    account: int
    posted_at: str
    kind: str
    seen: tuple[tuple[Place, int, int | None], ...]
    missed_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A row of the sheet: an account's followers on a day, and in which versions of the sheet it stands."""

    account: int
    day: str
    followers: int
    precision: str = "day"
    versions: tuple[int, ...] = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """One small world; offices are (category, country), holders person or institution, accounts their creation."""

    offices: tuple[tuple[str, int], ...]
    holders: tuple[str, ...]
    accounts: tuple[str, ...]
    terms: tuple[Term, ...]
    links: tuple[Link, ...]
    posts: tuple[Post, ...] = ()
    profiles: tuple[Profile, ...] = ()
    sheet: tuple[Line, ...] = ()
    listed: tuple[Listing, ...] = ()

    @property
    def size(self) -> int:
        return len(str(self))

    @property
    def places(self) -> Iterator[Place]:
        """Where its posts and profiles were seen."""
        yield from (place for post in self.posts for place, *_ in post.seen)
        yield from (profile.place for profile in self.profiles)


Rows = dict[str, list[dict[str, str]]]


def roster_rows(case: Case, number: int) -> Rows:
    """Return the rows of one case; its number is in every key."""
    countries = [_country(2 * number), _country(2 * number + 1)]
    handles = {listing.account: f"x:@user{_native(number, listing.account)}" for listing in case.listed}
    hidden = {listing.account for listing in case.listed if listing.is_alone}
    codes = [f"{countries[country]}-o{place}" for place, (_, country) in enumerate(case.offices)]
    return {
        "countries": [{"country_code": code} for code in countries],
        "offices": [
            {"office_code": code, "country_code": code[:3], "category_code": category}
            for code, (category, _) in zip(codes, case.offices, strict=True)
        ],
        "holders": [
            {"holder_id": f"c{number}-h{place}", "holder_kind_code": kind} for place, kind in enumerate(case.holders)
        ],
        "terms": [
            {
                "office_code": codes[term.office],
                "holder_id": f"c{number}-h{term.holder}",
                "start_date": term.start,
                "start_at": term.start_at,
                "end_date": term.end,
            }
            for term in case.terms
        ],
        "accounts": [
            {"account_id": f"x:{_native(number, place)}", "country_code": countries[0], "source_id": "late"}
            for place in range(len(case.accounts))
            if place not in hidden
        ]
        + [
            {"account_id": handles[listing.account], "country_code": countries[1], "source_id": "late"}
            | {"listed_date": listing.day}
            for listing in case.listed
        ],
        "assignments": [
            {
                "account_id": handles.get(link.account, f"x:{_native(number, link.account)}"),
                "holder_id": f"c{number}-h{link.holder}",
                "start_date": link.start,
                "end_date": link.end,
            }
            for link in case.links
        ],
    }


def is_right(case: Case) -> bool:
    """Say whether the roster takes the case as it is."""
    rows: dict[str, list[Any]] = {name: [] for name in FILES}
    for name, own in roster_rows(case, 0).items():
        for row in own:
            cells = {**worlds.defaults(name, row), **row}
            rows[name].append(FILES[name](**{key: cell for key, cell in cells.items() if cell}))
    roster = Roster(**{name: Table(own) for name, own in rows.items()})
    # The sources and the platform are the same for all cases.
    return all("not in sources.csv" in fault or "not in platforms.csv" in fault for fault in faults(roster))


def _country(number: int) -> str:
    return "".join(chr(ord("A") + number // 26**place % 26) for place in (2, 1, 0))


def _native(number: int, account: int) -> int:
    return 10 * (number + 1) + account


def write(folder: Path, cases: Sequence[Case], version: int, reach: int = 4, **mistaken: str) -> Path:
    """Write the roster, the archives and one version of the sheet of all cases below ``folder``."""
    rows: Rows = defaultdict(list)
    lines: dict[tuple[str, int], list[str]] = defaultdict(list)
    for number, case in enumerate(cases):
        for name, own in roster_rows(case, number).items():
            rows[name] += own
        for place, line in _lines(case, number):
            lines[place.source_id, place.file].append(dumps(line))
    platforms = [{"platform_code": "x", "timeline_reach_count": str(reach)}]
    editions = [{"year": str(year)} for year in EDITIONS]
    sources = [row | mistaken if row["source_id"] == "mistaken" else row for row in SOURCES]
    worlds.write_roster(folder, editions=editions, sources=sources, platforms=platforms, **rows)
    worlds.write_figures(folder, _sheet(cases, version), "sheet")
    for source_id in FIXED:
        lines[source_id, 1] += []
    for (source_id, file), own in lines.items():
        path = folder / "observations" / source_id / f"{file}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in own), encoding="utf-8")
    return folder


def landed(folder: Path, cases: Sequence[Case]) -> tuple[Path, list[tuple[int, Event]]]:
    """Collect and land all cases; return the database and the log's events with their ledger positions."""
    ledger, database = Ledger(folder / "log"), folder / "twiplomacy.duckdb"
    versions = VERSIONS if any(case.sheet for case in cases) else 1
    for version in range(1, versions + 1):
        collect(write(folder / "roster", cases, version), ledger, lambda _: None)
    missed = [event for number, case in enumerate(cases) for event in _missed(case, number)]
    if missed:
        with ledger.writing(lambda _: None):
            ledger.append(segments.write(ledger.segments, "asked", missed), "asked", "0" * 64)
    if any(place.source_id == "mistaken" for case in cases for place in case.places):
        collect(write(folder / "roster", cases, versions, **WITHDRAWN), ledger, lambda _: None)
    land(ledger, database, lambda _: None)
    events = [
        (entry.position, event) for entry in ledger.lines() for event in segments.read(ledger.segments / entry.name)
    ]
    refused = {fault["reason"] for _, event in events for fault in event.data.get("quarantined", ())}
    assert all("created_at is after" in reason for reason in refused), refused  # a case lost is a case not tested
    return database, events


def _sheet(cases: Sequence[Case], version: int) -> Iterator[dict[str, str]]:
    for number, case in enumerate(cases):
        for line in case.sheet:
            if version in line.versions:
                yield {
                    "account_id": f"x:{_native(number, line.account)}",
                    "audience_count": str(line.followers),
                    "observed_date": line.day,
                    "observed_precision_code": line.precision,
                }


def _missed(case: Case, number: int) -> Iterator[Event]:
    for place, post in enumerate(case.posts):
        author = _native(number, post.account)
        native = str(_post_id(number, place))
        said = {"id": native, "type": "resource-not-found", "is_suspended": False}
        for at in post.missed_at:
            yield Event("asked", "post.unavailable", f"x:{author}/{native}", at, "x/v2/error", said, at)


def _post_id(number: int, place: int) -> int:
    return 100 * (number + 1) + place


def _lines(case: Case, number: int) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the profiles' lines, then those of the posts, which show no profile but their author's id."""
    for profile in case.profiles:
        native, created_at = _native(number, profile.account), case.accounts[profile.account]
        handle = f"user{_native(number, 0)}" if profile.handle == 2 else f"user{native}" + "B" * profile.handle
        yield profile.place, _user(native, profile, created_at, handle)
    for place, post in enumerate(case.posts):
        for seen, reposts, likes in post.seen:
            yield seen, _post(_post_id(number, place), _native(number, post.account), post, seen, reposts, likes)


def _user(native: int, profile: Profile, created_at: str, handle: str) -> dict[str, Any]:
    if profile.place.source_id != "pages":
        created = datetime.fromisoformat(created_at).strftime("%a %b %d %H:%M:%S +0000 %Y") if created_at else None
        changes = {"followers_count": profile.followers, "statuses_count": profile.posts, "created_at": created}
        return worlds.user(native, screen_name=handle, **changes)
    counts = {"followers_count": profile.followers, "tweet_count": profile.posts or 0}
    changes = {"username": handle, "public_metrics": {k: v for k, v in counts.items() if v is not None}}
    changes["created_at"] = created_at or None
    return {**x_server.user(native, **changes), "__twarc": {"retrieved_at": profile.place.time}}


def _post(native: int, author: int, post: Post, seen: Place, reposts: int, likes: int | None) -> dict[str, Any]:
    if seen.source_id == "pages":
        changes = _v2_kind(author, post.kind)
        metrics = {"retweet_count": reposts, "like_count": likes, "impression_count": 7}
        changes["public_metrics"] = {name: count for name, count in metrics.items() if count is not None}
        line = x_server.post(native, author, post.posted_at.removesuffix("Z"), **changes)
        return {**line, "__twarc": {"retrieved_at": seen.time}}
    created_at = datetime.fromisoformat(post.posted_at).strftime("%a %b %d %H:%M:%S +0000 %Y")
    changes = {"retweet_count": reposts, "favorite_count": likes or 0, **_v11_kind(author, post.kind, seen)}
    user = {"id_str": str(author), "screen_name": f"user{author}"}
    return worlds.tweet(native, author, created_at, user=user, **changes)


def _v11_kind(author: int, kind: str, seen: Place) -> dict[str, Any]:
    match kind:
        case "repost" | "own_repost":
            other = 7 if kind == "repost" else author
            if seen.source_id == "texts":
                return {"retweeted_status": {"user": {"screen_name": f"USER{other}"}}}
            return {"retweeted_status": {"id_str": "5", "user": {"id_str": str(other)}}}
        case "reply":
            return {"in_reply_to_user_id_str": "7"}
        case "self_reply":
            return {"in_reply_to_user_id_str": str(author)}
        case "quote":
            return {"is_quote_status": True}
    return {}


def _v2_kind(author: int, kind: str) -> dict[str, Any]:
    match kind:
        case "repost" | "own_repost":
            mentioned = "7" if kind == "repost" else str(author)
            return {
                "referenced_tweets": [{"type": "retweeted", "id": "5"}],
                "entities": {"mentions": [{"id": str(author), "start": 9}, {"id": mentioned, "start": 3}]},
            }
        case "reply":
            return {"in_reply_to_user_id": "7", "referenced_tweets": [{"type": "replied_to", "id": "5"}]}
        case "self_reply":
            return {"in_reply_to_user_id": str(author)}
        case "quote":
            return {"referenced_tweets": [{"type": "quoted", "id": "5"}]}
    return {}
