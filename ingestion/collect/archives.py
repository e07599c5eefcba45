"""Archives of Twitter API v1.1: user timelines and lists of profiles as JSON Lines in, events out.

In: one tweet or user object a line, whole or already cut, plain or gzip. Out: ``post.observed`` and
``account.observed`` events. Never: a line that is only partly right.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.x_v11 import TWEET_SCHEMA, USER_SCHEMA, cut_tweet, cut_user, instant
from ingestion.entries import Source
from ingestion.events import Event, EventError

MOST_REMEMBERED = 10_000
"""Profiles kept in memory to know them again; an archive may hold any number."""


def read(path: Path, source: Source, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one archive; lines that make none go to the outcome's quarantine.

    Args:
        path: JSON Lines, plain or gzip.
        source: says when the counts were observed and when the file was carried over.
        outcome: gets the number of lines, the unknown fields, the duplicates and the quarantine.
    """
    seen: set[str] = set()
    profiles: dict[str, tuple[Any, dict[str, Any]]] = {}
    for number, line in _lines(path, outcome):
        try:
            events = _events(_parse(line), source, profiles, outcome)
        except (Refused, EventError) as error:
            outcome.quarantine(path.name, number, line, str(error))
            continue
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            outcome.quarantine(path.name, number, line, f"a part has an unexpected shape ({type(error).__name__})")
            continue
        for event in events:
            if event.id not in seen:
                seen.add(event.id)
                yield event
            elif event is events[-1]:
                outcome.duplicates += 1


def _events(
    thing: dict[str, Any], source: Source, profiles: dict[str, tuple[Any, dict[str, Any]]], outcome: Outcome
) -> list[Event]:
    """Return the events of one line, the line's own last: a tweet also shows its author's profile.

    Nearly every line repeats its author's profile as an earlier one has it. ``profiles`` remembers the last one of each
    account, whole and cut: the same again is not cut again and makes no event.
    """
    if "user" not in thing and "screen_name" in thing:
        return [_account(cut_user(thing, outcome), source)]
    user = thing.get("user")
    whole, author = profiles.get(user.get("id_str", ""), (None, None)) if isinstance(user, dict) else (None, None)
    if author and whole == user:
        return [_post(cut_tweet(thing, outcome, author), source)]
    tweet = cut_tweet(thing, outcome)
    post = _post(tweet, source)  # first, because a refused line shows no profile: a later one must
    if len(profiles) == MOST_REMEMBERED:
        profiles.clear()
    profiles[tweet["user"]["id_str"]] = (user, tweet["user"])
    return [post] if tweet["user"] == author else [_account(tweet["user"], source), post]


def _account(user: dict[str, Any], source: Source) -> Event:
    return Event(
        source=source.source_id,
        type="account.observed",
        subject=f"x:{user['id_str']}",
        time=source.observed_instant,
        dataschema=USER_SCHEMA,
        data=user,
        recorded_at=source.recorded_instant,
    )


def _post(tweet: dict[str, Any], source: Source) -> Event:
    observed = source.observed_instant
    if instant(tweet["created_at"]) > observed:
        raise Refused("created_at is after the archive was observed")
    user = tweet["user"]
    author = {name: user[name] for name in ("id_str", "screen_name") if name in user}
    return Event(
        source=source.source_id,
        type="post.observed",
        subject=f"x:{author['id_str']}/{tweet['id_str']}",
        time=observed,
        dataschema=TWEET_SCHEMA,
        data={**tweet, "user": author},
        recorded_at=source.recorded_instant,
    )


def _lines(path: Path, outcome: Outcome) -> Iterator[tuple[int, bytes]]:
    number = 0
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        try:
            for number, line in enumerate(file, start=1):
                outcome.rows += 1
                yield number, line
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            outcome.rows += 1
            outcome.is_cut_short = True
            outcome.quarantine(path.name, number + 1, b"", f"the archive is cut short or damaged from here: {error}")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        tweet = orjson.loads(line)
    except orjson.JSONDecodeError:
        tweet = _parse_leniently(line)
    if not isinstance(tweet, dict):
        raise Refused(f"a {type(tweet).__name__}, not a tweet object")
    return tweet


def _parse_leniently(line: bytes) -> Any:
    """Read what only orjson refuses: half a surrogate pair, as in a text that was cut; the text is dropped anyway."""
    try:
        return json.loads(line)
    except ValueError as error:
        raise Refused("not JSON") from error
