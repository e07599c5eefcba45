"""A synthetic world: a thousand accounts, each with a change of holder in mid-year, and their posts.

It is written as a roster folder with archives of complete v1.1 tweets, or as a log of events. The same arguments always
give the same world.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import orjson

from ingestion.collect.files import collect
from ingestion.collect.outcome import Outcome
from ingestion.collect.shapes.x_v11 import TWEET_SCHEMA, USER_SCHEMA, cut_tweet
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic import worlds

YEAR = 2016
ACCOUNTS = 1_000
ARCHIVE_ROWS = 3_200
SOURCE = "tweets"
OBSERVED, OBSERVED_AGAIN = "2017-02-01T00:00:00Z", "2018-03-01T00:00:00Z"
RECORDED = "2020-01-01T00:00:00Z"

_SEED = 20161231
_OFFICES_A_COUNTRY = 5
_OUTSIDE, _AGAIN, _REPOST, _REPLY, _QUOTE = 0.05, 0.10, 0.20, 0.15, 0.05
_HANDOVER = f"{YEAR}-07-01"
_LANGUAGES = ("en", "es", "fr", "ar", "pt", "ru")
_WORDS = tuple("".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=3 + n % 9)) for n in range(2_000))  # noqa: S311


def write_archive(folder: Path, rows: int) -> Callable[[], int]:
    """Write a small roster and archives of complete tweets, each one timeline of the length that the platform shows."""

    def work() -> int:
        worlds.write_roster(folder, sources=[{**worlds.SOURCES[1], "title": "synthetic"}])
        archives = Path(folder) / "observations" / SOURCE
        archives.mkdir(parents=True)
        for first in range(0, rows, ARCHIVE_ROWS):
            with (archives / f"synthetic-{first:09}.jsonl").open("wb") as file:
                for number, dice in _dice(first, min(ARCHIVE_ROWS, rows - first)):
                    file.write(
                        orjson.dumps(
                            _whole_tweet(number, dice, first // ARCHIVE_ROWS), option=orjson.OPT_APPEND_NEWLINE
                        )
                    )
        return rows

    folder = Path(folder)
    return work


def write_log(folder: str, count: int, segment_rows: int, editions: int = 1) -> Callable[[], int]:
    """Write a log: the roster, a check of each state, then segments of posts, each ending with its collection event.

    Args:
        folder: folder of the log; the roster is written beside it.
        count: number of segments of posts.
        segment_rows: posts in each segment.
        editions: number of years, each an edition, over which the posts are spread; the last is ``YEAR``.
    """

    def work() -> int:
        ledger = Ledger(Path(folder))
        collect(_write_roster(Path(folder).parent / "roster", editions), ledger, _quiet)
        with ledger.writing(_quiet):
            for number in range(count):
                events = _segment(number, segment_rows, editions)
                ledger.append(segments.write(ledger.segments, SOURCE, events), SOURCE, f"{number:064x}")
        return count * segment_rows

    return work


def view_log(folder: str, view: str, posts: list[int]) -> Callable[[], int]:
    """Make a log of the roster and some post segments of another log.

    Args:
        folder: folder of the other log.
        view: folder of the new log; it links to the other's segments.
        posts: number of the first segment, and how many; a view that does not start at 0 leaves the roster out.
    """

    def work() -> int:
        whole, part = Ledger(Path(folder)), Ledger(Path(view))
        part.path.parent.mkdir(parents=True)
        part.segments.symlink_to(whole.segments)
        entries = whole.lines()
        head = [entry for entry in entries if entry.source != SOURCE]
        first, count = len(head) + posts[0], posts[1]
        chosen = entries[first : first + count] if posts[0] else [*head, *entries[first : first + count]]
        for entry in chosen:
            part.append(segments.Segment(entry.name, entry.sha256, entry.rows), entry.source, entry.input)
        return sum(entry.rows for entry in chosen)

    return work


def _write_roster(folder: Path, editions: int) -> Path:
    countries = ["".join((a, b, "Z")) for a in ascii_uppercase for b in ascii_uppercase]
    countries = countries[: ACCOUNTS // _OFFICES_A_COUNTRY]
    offices, holders, terms, accounts, assignments = [], [], [], [], []
    for number in range(ACCOUNTS):
        country = countries[number // _OFFICES_A_COUNTRY]
        office, account = f"{country}-office-{number}", f"x:{_account(number)}"
        offices.append({"office_code": office, "country_code": country})
        accounts.append({"account_id": account, "country_code": country, "handle": f"synthetic{number}"})
        for holder, start, end in ((f"first-{number}", "2010-01-01", _HANDOVER), (f"second-{number}", _HANDOVER, "")):
            holders.append({"holder_id": holder})
            terms.append({"office_code": office, "holder_id": holder, "start_date": start, "end_date": end})
            assignments.append({"account_id": account, "holder_id": holder, "start_date": start, "end_date": end})
    tweets = {"source_id": SOURCE, "observed_at": OBSERVED_AGAIN}
    worlds.write_roster(
        folder,
        editions=[{"year": str(YEAR - back)} for back in range(editions)],
        sources=[{**source, "title": "synthetic"} for source in (worlds.SOURCES[0], tweets)],
        countries=[{"country_code": country} for country in countries],
        offices=offices,
        holders=holders,
        terms=terms,
        accounts=accounts,
        assignments=assignments,
    )
    worlds.write_presence(
        folder,
        [
            {"country_code": country, "account_type_code": kind, "first_active_month": "2012-01"}
            for country in countries
            for kind in ("personal", "institutional")
        ],
    )
    return folder


def _segment(number: int, rows: int, editions: int) -> Iterator[Event]:
    counts = {"post.observed": rows}
    if number == 0:
        counts["account.observed"] = ACCOUNTS
        for account in range(ACCOUNTS):
            user = cut_tweet(_whole_tweet(account, random.Random(account), account), Outcome())["user"]  # noqa: S311
            yield _event("account.observed", f"x:{user['id_str']}", OBSERVED_AGAIN, USER_SCHEMA, user)
    first = round(rows / (1 + _AGAIN))
    for post, dice in _dice(number * rows, first):
        yield _post(_cut(post, dice, editions), OBSERVED)
    for post, dice in _dice(number * rows, rows - first):
        tweet = _cut(post, dice, editions)
        yield _post({**tweet, "retweet_count": tweet["retweet_count"] + 1}, OBSERVED_AGAIN)
    finish = {"outcome": "complete", "rows": rows, "events": counts, "duplicates": 0, "quarantined": []}
    name = f"synthetic-{number:05}.jsonl"
    finish["input"] = {"name": name, "sha256": f"{number:064x}"}
    yield _event("collection.finished", f"{SOURCE}/{name}", RECORDED, "collection/1", finish)


def _post(tweet: dict[str, Any], observed: str) -> Event:
    return _event("post.observed", f"x:{tweet['user']['id_str']}/{tweet['id_str']}", observed, TWEET_SCHEMA, tweet)


def _event(kind: str, subject: str, time: str, dataschema: str, data: dict[str, Any]) -> Event:
    return Event(SOURCE, kind, subject, time, dataschema, data, RECORDED)


def _dice(first: int, count: int) -> Iterator[tuple[int, random.Random]]:
    """Yield each post's number with random numbers seeded by it, so that any post can be made again by itself."""
    dice = random.Random()  # noqa: S311
    for number in range(first, first + count):
        dice.seed(_SEED + number)
        yield number, dice


def _cut(number: int, dice: random.Random, editions: int) -> dict[str, Any]:
    """Return a post as ``cut_tweet`` would; it is made directly, because this runs millions of times."""
    author = dice.randrange(ACCOUNTS)
    tweet = {
        "id_str": _post_id(number),
        "created_at": _created_at(dice, editions),
        "user": {"id_str": _account(author), "screen_name": f"synthetic{author}"},
        **_flags(dice),
    }
    if dice.random() < _REPOST:
        original = {"id_str": str(dice.randrange(10**17, 10**18)), "user": {"id_str": str(dice.randrange(10**9))}}
        tweet["retweeted_status"] = original
    drawn = _entities(dice)
    entities = {
        "hashtags": [{"text": tag} for tag in drawn["hashtags"]],
        "user_mentions": [{"id_str": mention} for mention in drawn["mentions"]],
        "urls": [{"domain": f"{word}.example"} for word in drawn["links"]],
    }
    if entities := {name: items for name, items in entities.items() if items}:
        tweet["entities"] = entities
    return tweet


def _whole_tweet(number: int, dice: random.Random, author: int | None = None) -> dict[str, Any]:
    drawn = dice.randrange(ACCOUNTS)
    author = drawn if author is None else author
    created_at, flags = _created_at(dice, 1), _flags(dice)
    user = worlds.user(
        int(_account(author)),
        screen_name=f"synthetic{author}",
        description=_text(random.Random(author), 12),  # noqa: S311
        statuses_count=3_000,
        followers_count=author * 37,
    )
    changes: dict[str, Any] = {**flags, "user": user, "text": _text(dice, 15)}
    if dice.random() < _REPOST:
        original = dice.randrange(10**17, 10**18)
        changes["retweeted_status"] = worlds.tweet(original, dice.randrange(1, 10**9), created_at, text=changes["text"])
    entities = _entities(dice)
    changes["entities"] = {
        "hashtags": [{"text": tag, "indices": [0, 9]} for tag in entities["hashtags"]],
        "user_mentions": [
            {"id": int(mention), "id_str": mention, "screen_name": f"m{mention}", "name": "m", "indices": [0, 9]}
            for mention in entities["mentions"]
        ],
        "urls": [
            {"url": f"https://t.co/{word}", "expanded_url": f"https://{word}.example/{word}", "indices": [0, 9]}
            for word in entities["links"]
        ],
    }
    return worlds.tweet(int(_post_id(number)), int(_account(author)), created_at, **changes)


def _flags(dice: random.Random) -> dict[str, Any]:
    flags: dict[str, Any] = {
        "favorite_count": int(dice.paretovariate(0.9)) % 100_000,
        "retweet_count": int(dice.paretovariate(1.0)) % 100_000,
        "lang": dice.choice(_LANGUAGES),
        "source": "Synthetic Client",
        "truncated": False,
        "is_quote_status": dice.random() < _QUOTE,
    }
    if dice.random() < _REPLY:
        flags["in_reply_to_status_id_str"] = str(dice.randrange(10**17, 10**18))
        flags["in_reply_to_user_id_str"] = str(dice.randrange(1, 10**9))
    return flags


def _entities(dice: random.Random) -> dict[str, list[str]]:
    return {
        "hashtags": dice.choices(_WORDS, k=dice.randrange(3)),
        "mentions": [str(dice.randrange(1, 10**9)) for _ in range(dice.randrange(3))],
        "links": dice.choices(_WORDS, k=dice.randrange(2)),
    }


def _created_at(dice: random.Random, editions: int) -> str:
    first, close = datetime(YEAR - editions + 1, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    days = dice.uniform(-30, 0) if dice.random() < _OUTSIDE else dice.uniform(0, (close - first).days)
    return (first + timedelta(days=days)).strftime("%a %b %d %H:%M:%S +0000 %Y")


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS, k=words))


def _account(number: int) -> str:
    return str(700_000_000 + number * 7_919)


def _post_id(number: int) -> str:
    return str(680_000_000_000_000_000 + number * 3_571_428_571)


def _quiet(_: str) -> None:
    """Say nothing."""
