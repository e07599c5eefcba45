"""The shape of Twitter API v1.1: its tweets and users, cut to facts.

In: whole or already cut objects. Out: the same objects in the platform's own field names, facts only. Never: text,
names, bios, media addresses, or a mapping to our columns.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ingestion.collect.outcome import Outcome, Refused

TWEET_SCHEMA = "x/v1.1/tweet"
USER_SCHEMA = "x/v1.1/user"

ID = re.compile(r"\d{1,20}", re.ASCII)
HANDLE = re.compile(r"\w{1,20}", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TIME = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d \+0000 \d{4}", re.ASCII
)
MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
MEDIA_TYPES = frozenset({"animated_gif", "photo", "video"})
LONGEST_CLIENT = 80
"""Characters of a client's name; more is not a name."""


@dataclass(frozen=True)
class Facts:
    """Which fields are kept, by what they must look like: text only where its form leaves no room for content."""

    counts: tuple[str, ...]
    flags: tuple[str, ...]
    texts: tuple[tuple[str, re.Pattern[str]], ...]

    @property
    def names(self) -> set[str]:
        """The names of all of them."""
        return {*self.counts, *self.flags, *(name for name, _ in self.texts)}


# The same cut applied twice changes nothing, so a cut file gives the events of the whole file.
_TWEET_FACTS = Facts(
    counts=("favorite_count", "reply_count", "retweet_count"),
    flags=("is_quote_status", "truncated"),
    texts=(
        ("created_at", TIME),
        ("in_reply_to_status_id_str", ID),
        ("in_reply_to_user_id_str", ID),
        ("lang", LANGUAGE),
        ("quoted_status_id_str", ID),
    ),
)
_USER_FACTS = Facts(
    counts=("favourites_count", "followers_count", "friends_count", "listed_count", "statuses_count"),
    flags=("protected", "verified"),
    texts=(("created_at", TIME), ("lang", LANGUAGE), ("screen_name", HANDLE)),
)
_HANDLE_ONLY = Facts((), (), (("screen_name", HANDLE),))
_REQUIRED = ("created_at", "favorite_count", "retweet_count")
# What else the platform is known to send, dropped or cut below. Any other name is counted as unknown, never kept.
_TWEET_KNOWN = frozenset(
    """contributors coordinates display_text_range entities extended_entities favorited full_text geo id id_str
    in_reply_to_screen_name in_reply_to_status_id in_reply_to_user_id is_typed_repost place possibly_sensitive
    quoted_status quoted_status_id retweeted retweeted_status source text user withheld_copyright
    withheld_in_countries withheld_scope""".split()
)
_USER_KNOWN = frozenset(
    """contributors_enabled default_profile default_profile_image description entities follow_request_sent
    following geo_enabled has_extended_profile id id_str is_translation_enabled is_translator location name
    notifications profile_background_color profile_background_image_url profile_background_image_url_https
    profile_background_tile profile_banner_url profile_image_url profile_image_url_https profile_link_color
    profile_sidebar_border_color profile_sidebar_fill_color profile_text_color profile_use_background_image
    status time_zone translator_type url utc_offset""".split()
)
_TWEET_NAMES, _USER_NAMES = _TWEET_KNOWN | _TWEET_FACTS.names, _USER_KNOWN | _USER_FACTS.names
_TAG = re.compile(r"<[^>]*>")
_PLAIN_ADDRESS = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#][^\[\]]*)?", re.ASCII)


def cut_tweet(tweet: dict[str, Any], outcome: Outcome, author: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the tweet's facts in the platform's own shape, ids as strings, nulls left out.

    ``author`` is the author's profile where it is cut already; its unknown fields are then not counted again.

    Two things only the dropped parts tell are added: ``is_typed_repost`` (the text starts with "RT @" though the
    platform says it is no repost) and each link's ``domain``.

    Raises:
        Refused: an id, the author, the creation time or a count is missing or of the wrong type.
    """
    if not tweet.keys() <= _TWEET_NAMES:
        outcome.unknown_fields.update(tweet.keys() - _TWEET_NAMES)
    kept = _facts(tweet, _TWEET_FACTS)
    if missing := [name for name in _REQUIRED if name not in kept]:
        raise Refused(f"{', '.join(missing)} is missing")
    kept["id_str"] = _id(tweet, "tweet")
    kept["user"] = author or cut_user(_object(tweet, "user"), outcome)
    if client := _client(tweet.get("source") or ""):
        kept["source"] = client
    if entities := _cut_entities(tweet.get("entities") or {}):
        kept["entities"] = entities
    media = (tweet.get("extended_entities") or tweet.get("entities") or {}).get("media")
    if media:
        kinds = (item["type"] if item["type"] in MEDIA_TYPES else "other" for item in media)
        kept["extended_entities"] = {"media": [{"type": kind} for kind in kinds]}
    for name in ("retweeted_status", "quoted_status"):
        if tweet.get(name):
            kept[name] = _cut_original(_object(tweet, name), name)
    if tweet.get("is_typed_repost") or (
        "retweeted_status" not in kept and str(tweet.get("text", "")).startswith("RT @")
    ):
        kept["is_typed_repost"] = True
    return kept


def cut_user(user: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return the profile's facts in the platform's own shape, the id as a string, nulls left out.

    Raises:
        Refused: the id is missing, or a fact is of the wrong form.
    """
    if not user.keys() <= _USER_NAMES:
        outcome.unknown_fields.update(f"user.{name}" for name in user.keys() - _USER_NAMES)
    return {**_facts(user, _USER_FACTS), "id_str": _id(user, "user")}


def _cut_original(original: dict[str, Any], name: str) -> dict[str, Any]:
    """Return which post is reposted or quoted; a source of texts tells no more than its author's handle."""
    author = _object(original, "user")
    if original.keys() == {"user"} and "screen_name" in author:
        return {"user": _facts(author, _HANDLE_ONLY)}
    return {"id_str": _id(original, name), "user": {"id_str": _id(author, f"{name}.user")}}


def _facts(thing: dict[str, Any], wanted: Facts) -> dict[str, Any]:
    """Return the wanted facts that are there, each of its form, times real."""
    facts: dict[str, Any] = {}
    for name in wanted.counts:
        if (value := thing.get(name)) is not None:
            if type(value) is not int or value < 0:
                raise Refused(f"{name} is not a count")
            facts[name] = value
    for name in wanted.flags:
        if (value := thing.get(name)) is not None:
            if type(value) is not bool:
                raise Refused(f"{name} is not true or false")
            facts[name] = value
    for name, form in wanted.texts:
        if (value := thing.get(name)) is not None:
            if type(value) is not str or not form.fullmatch(value):
                raise Refused(f"{name} does not look like {form.pattern}")
            facts[name] = value
    if "created_at" in facts:
        instant(facts["created_at"])
    return facts


@lru_cache(maxsize=1_000)
def _client(source: str) -> str:
    """Return the client's name from the link it comes in."""
    return _TAG.sub("", source)[:LONGEST_CLIENT]


def instant(created_at: str) -> str:
    """Return Twitter's time, e.g. "Tue Sep 12 09:37:54 +0000 2017", as an instant.

    Not by ``strptime``, which takes ten times as long and reads the names in the machine's language.
    """
    return f"{_day(created_at[4:10], created_at[26:])}T{created_at[11:19]}Z"


@lru_cache(maxsize=1_000)
def _day(month_and_day: str, year: str) -> date:
    try:
        return date(int(year), MONTHS[month_and_day[:3]], int(month_and_day[4:]))
    except (KeyError, ValueError) as error:
        raise Refused("created_at is no real time") from error


def _cut_entities(entities: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    lists = {
        "hashtags": [{"text": tag["text"]} for tag in entities.get("hashtags", [])],
        "user_mentions": [
            {"id_str": user["id_str"]}
            for user in entities.get("user_mentions", [])
            if isinstance(user.get("id_str"), str) and ID.fullmatch(user["id_str"])
        ],
        "urls": [{"domain": _domain(link)} for link in entities.get("urls", [])],
    }
    return {name: items for name, items in lists.items() if items}


def _domain(link: dict[str, Any]) -> str:
    address = f"//{link['domain']}" if "domain" in link else link.get("expanded_url") or link.get("url") or ""
    if plain := _PLAIN_ADDRESS.fullmatch(address):
        return plain[1].removeprefix("www.")
    try:
        return (urlsplit(address).hostname or "unknown").removeprefix("www.")
    except ValueError:
        return "unknown"


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    if not isinstance(value, dict):
        raise Refused(f"{name} is missing or not an object")
    return value


def _id(thing: dict[str, Any], what: str) -> str:
    value = thing.get("id_str", thing.get("id"))
    if isinstance(value, float):
        raise Refused(f"the {what}'s id is a number with lost digits")
    if value is None or isinstance(value, bool) or not ID.fullmatch(str(value)):
        raise Refused(f"the {what}'s id is missing or is not digits")
    return str(value)
