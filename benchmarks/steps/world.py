"""A synthetic world: a thousand accounts, each with a change of holder in mid-year, and their posts.

It is written as a roster folder with archives of complete v1.1 tweets, or as a log of events. The same arguments always
give the same world.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
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
from twiplomacy.say import quiet
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


def write_archive(folder: str, rows: int) -> int:
    """Write a small roster and archives of complete tweets, each one timeline of the length that the platform shows."""
    roster = worlds.write_roster(Path(folder), sources=[{**worlds.SOURCES[1], "title": "synthetic"}])
    archives = roster / "observations" / SOURCE
    archives.mkdir(parents=True)
    for first in range(0, rows, ARCHIVE_ROWS):
        posts = _dice(first, min(ARCHIVE_ROWS, rows - first))
        tweets = (_complete_tweet(number, dice, first // ARCHIVE_ROWS) for number, dice in posts)
        with (archives / f"synthetic-{first:09}.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(tweet, option=orjson.OPT_APPEND_NEWLINE) for tweet in tweets)
    return rows


def write_log(folder: str, count: int, segment_rows: int, editions: int = 1) -> int:
    """Write a log: the roster, a check of each state, then segments of posts, each ending with its collection event.

    The roster is written beside the log. The posts are spread over so many editions; the last is ``YEAR``.
    """
    ledger = Ledger(Path(folder))
    collect(_write_roster(Path(folder).parent / "roster", editions), ledger, quiet)
    with ledger.writing(quiet):
        for number in range(count):
            events = _segment(number, segment_rows, editions)
            ledger.append(segments.write(ledger.segments, SOURCE, events), SOURCE, f"{number:064x}")
    return count * segment_rows


def view_log(folder: str, view: str, posts: list[int]) -> int:
    """Make a log of the roster and some post segments of another log, to whose segments it links.

    ``posts`` is the number of the first segment, and how many; a view that does not start at 0 leaves the roster out.
    """
    whole, part = Ledger(Path(folder)), Ledger(Path(view))
    part.path.parent.mkdir(parents=True)
    part.segments.symlink_to(whole.segments)
    lines = whole.lines()
    roster, first = [line for line in lines if line.source != SOURCE], posts[0]
    chosen = [line for line in lines if line.source == SOURCE][first : first + posts[1]]
    if first == 0:
        chosen = [*roster, *chosen]
    for line in chosen:
        part.append(segments.Segment(line.name, line.sha256, line.rows), line.source, line.input)
    return sum(line.rows for line in chosen)


def _write_roster(folder: Path, editions: int) -> Path:
    countries = [f"{a}{b}Z" for a in ascii_uppercase for b in ascii_uppercase]
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
            user = cut_tweet(_complete_tweet(account, random.Random(account), account), Outcome())["user"]  # noqa: S311
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
    """Return the facts of a post, of its author only who it is."""
    tweet = _complete_tweet(number, dice, editions=editions)
    author = {name: tweet["user"][name] for name in ("id_str", "screen_name")}
    return cut_tweet(tweet, Outcome(), author)


def _complete_tweet(number: int, dice: random.Random, author: int | None = None, editions: int = 1) -> dict[str, Any]:
    """Return a complete v1.1 tweet; by default its author is drawn."""
    drawn = dice.randrange(ACCOUNTS)
    author = drawn if author is None else author
    created_at, changes = _created_at(dice, editions), _flags(dice)
    if dice.random() < _REPOST:
        changes["retweeted_status"] = worlds.tweet(dice.randrange(10**17, 10**18), dice.randrange(10**9), created_at)
    changes["entities"] = _entities(dice)
    changes["text"] = _text(dice, 15)
    if "retweeted_status" in changes:
        changes["retweeted_status"]["text"] = changes["text"]
    return worlds.tweet(_post_id(number), _account(author), created_at, user=_user(author), **changes)


@lru_cache(maxsize=ACCOUNTS)
def _user(author: int) -> dict[str, Any]:
    return worlds.user(
        _account(author),
        screen_name=f"synthetic{author}",
        description=_text(random.Random(author), 12),  # noqa: S311
        statuses_count=3_000,
        followers_count=author * 37,
    )


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


def _entities(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    hashtags = dice.choices(_WORDS, k=dice.randrange(3))
    mentions = [dice.randrange(1, 10**9) for _ in range(dice.randrange(3))]
    links = dice.choices(_WORDS, k=dice.randrange(2))
    return {
        "hashtags": [{"text": tag, "indices": [0, 9]} for tag in hashtags],
        "user_mentions": [
            {"id": mention, "id_str": str(mention), "screen_name": f"m{mention}", "name": "m", "indices": [0, 9]}
            for mention in mentions
        ],
        "urls": [
            {"url": f"https://t.co/{word}", "expanded_url": f"https://{word}.example/{word}", "indices": [0, 9]}
            for word in links
        ],
    }


def _created_at(dice: random.Random, editions: int) -> str:
    first, close = datetime(YEAR - editions + 1, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    days = dice.uniform(-30, 0) if dice.random() < _OUTSIDE else dice.uniform(0, (close - first).days)
    return (first + timedelta(days=days)).strftime("%a %b %d %H:%M:%S +0000 %Y")


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS, k=words))


def _account(number: int) -> int:
    return 700_000_000 + number * 7_919


def _post_id(number: int) -> int:
    return 680_000_000_000_000_000 + number * 3_571_428_571
