"""The shape of Twitter API v1.1: its tweets, users and deletions, cut to facts.

An object that is cut already stays as it is, so a cut file gives the events of the original one.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from ingestion.collect import facts
from ingestion.collect.facts import Whitelist, domain, identity, member
from ingestion.collect.outcome import Outcome, Refused

TWEET_SCHEMA = "x/v1.1/tweet"
EXTENDED_SCHEMA = "x/v1.1/tweet/2"
"""A tweet that a stream cut at 140 characters; ``extended_tweet`` has the facts of the complete one."""
USER_SCHEMA = "x/v1.1/user"
DELETE_SCHEMA = "x/v1.1/delete"

TIME = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d \+0000 \d{4}", re.ASCII
)
MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
MEDIA_TYPES = frozenset({"animated_gif", "photo", "video"})
LONGEST_SOURCE = 1_000
"""Characters of the longest link to a client."""

_TWEET_FACTS = Whitelist(
    counts=("favorite_count", "reply_count", "retweet_count"),
    spared_flags=("is_quote_status", "truncated"),
    texts=(
        ("created_at", TIME),
        ("in_reply_to_status_id_str", facts.ID),
        ("in_reply_to_user_id_str", facts.ID),
        ("lang", facts.LANGUAGE),
        ("quoted_status_id_str", facts.ID),
    ),
    known="""contributors coordinates display_text_range entities extended_entities extended_tweet favorited full_text
    geo id id_str in_reply_to_screen_name in_reply_to_status_id in_reply_to_user_id is_typed_repost place
    possibly_sensitive quoted_status quoted_status_id retweeted retweeted_status source text user withheld_copyright
    withheld_in_countries withheld_scope""",
)
_USER_FACTS = Whitelist(
    counts=("favourites_count", "followers_count", "friends_count", "listed_count", "statuses_count"),
    flags=("protected", "verified"),
    texts=(("created_at", TIME), ("lang", facts.LANGUAGE), ("screen_name", facts.HANDLE)),
    known="""contributors_enabled default_profile default_profile_image description entities follow_request_sent
    following geo_enabled has_extended_profile id id_str is_translation_enabled is_translator location name
    notifications profile_background_color profile_background_image_url profile_background_image_url_https
    profile_background_tile profile_banner_url profile_image_url profile_image_url_https profile_link_color
    profile_sidebar_border_color profile_sidebar_fill_color profile_text_color profile_use_background_image
    status time_zone translator_type url utc_offset""",
)
_HANDLE_ONLY = Whitelist(texts=(("screen_name", facts.HANDLE),))
_HASHTAG = Whitelist(texts=(("text", facts.HASHTAG),))
_REQUIRED = ("created_at", "favorite_count", "retweet_count")
_TAG = re.compile(r"<[^>]*>")


def cut_tweet(tweet: dict[str, Any], outcome: Outcome, author: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a tweet's facts, with ids as strings and without nulls.

    Two facts from dropped parts are added: ``is_typed_repost`` (the text starts with "RT @" though the platform says it
    is no repost) and the ``domain`` of each link. The unknown fields of an ``author`` that is cut already are not
    counted again.

    Raises:
        Refused: an id, the author, the creation time or a count is missing or of the wrong type.
    """
    _TWEET_FACTS.count_unknown(tweet, outcome)
    kept = _TWEET_FACTS.cut(tweet, _REQUIRED)
    instant(kept["created_at"])
    kept["id_str"] = _id(tweet, "tweet")
    kept["user"] = author or cut_user(member(tweet, "user"), outcome)
    if source := tweet.get("source"):
        if client := _client(source) if isinstance(source, str) and len(source) <= LONGEST_SOURCE else "":
            kept["source"] = client
        else:
            outcome.unknown_fields["source of another form"] += 1
    try:
        kept |= _cut_parts(tweet)
        if tweet.get("extended_tweet"):
            kept["extended_tweet"] = _cut_parts(member(tweet, "extended_tweet"))
    except (AttributeError, KeyError, Refused, TypeError):
        outcome.unknown_fields["entities of another form"] += 1
        kept.pop("truncated", None)  # without it, missing parts count as unknown, not as none
    for name in ("retweeted_status", "quoted_status"):
        if tweet.get(name):
            kept[name] = _cut_original(member(tweet, name), name)
    if tweet.get("is_typed_repost") or (
        "retweeted_status" not in kept and str(tweet.get("text", "")).startswith("RT @")
    ):
        kept["is_typed_repost"] = True
    return kept


def cut_user(user: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a profile's facts, with the id as a string and without nulls.

    Raises:
        Refused: the id is missing, or a fact has another form.
    """
    _USER_FACTS.count_unknown(user, outcome, "user.")
    kept = _USER_FACTS.cut(user)
    if "created_at" in kept:
        instant(kept["created_at"])
    return {**kept, "id_str": _id(user, "user")}


def _cut_original(original: dict[str, Any], name: str) -> dict[str, Any]:
    """Return which post is reposted or quoted, and whose it is; some sources know only its author's handle."""
    author = member(original, "user")
    if original.keys() == {"user"} and "screen_name" in author:
        return {"user": _HANDLE_ONLY.cut(author)}
    return {"id_str": _id(original, name), "user": {"id_str": _id(author, f"{name}.user")}}


@lru_cache(maxsize=1_000)
def _client(source: str) -> str:
    """Return the client's name without its link; empty if it has another form."""
    name = _TAG.sub("", source)
    return name if facts.CLIENT.fullmatch(name) else ""


def instant(created_at: str) -> str:
    """Return Twitter's time, e.g. "Tue Sep 12 09:37:54 +0000 2017", as an instant.

    ``strptime`` takes ten times as long, and reads the names in the machine's language.
    """
    return f"{_day(created_at[4:10], created_at[26:])}T{created_at[11:19]}Z"


@lru_cache(maxsize=1_000)
def _day(month_and_day: str, year: str) -> str:
    try:
        return date(int(year), MONTHS[month_and_day[:3]], int(month_and_day[4:])).isoformat()
    except (KeyError, ValueError) as error:
        raise Refused("created_at is no real time") from error


def cut_delete(message: dict[str, Any]) -> dict[str, Any]:
    """Return which tweet a message of a stream calls deleted, and whose it is.

    Raises:
        Refused: an id is missing or not of its form.
    """
    status = member(member(message, "delete"), "status")
    return {
        "id_str": _id(status, "tweet"),
        "user_id_str": identity(status.get("user_id_str", status.get("user_id")), "user"),
    }


def schema(tweet: dict[str, Any]) -> str:
    """Return the ``dataschema`` of a tweet that is cut."""
    return EXTENDED_SCHEMA if "extended_tweet" in tweet else TWEET_SCHEMA


def _cut_parts(tweet: dict[str, Any]) -> dict[str, Any]:
    """Return hashtags, mentions and links of a tweet's text, and the kinds of its media."""
    kept: dict[str, Any] = {}
    if entities := _cut_entities(tweet.get("entities") or {}):
        kept["entities"] = entities
    if media := (tweet.get("extended_entities") or tweet.get("entities") or {}).get("media"):
        kinds = (item["type"] if item["type"] in MEDIA_TYPES else "other" for item in media)
        kept["extended_entities"] = {"media": [{"type": kind} for kind in kinds]}
    return kept


def _cut_entities(entities: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    kept = {}
    if tags := [_HASHTAG.cut(tag, ("text",)) for tag in entities.get("hashtags", ())]:
        kept["hashtags"] = tags
    ids = [user.get("id_str") or _number(user.get("id")) for user in entities.get("user_mentions", ())]
    if mentions := [{"id_str": text} for text in ids if isinstance(text, str) and facts.ID.fullmatch(text)]:
        kept["user_mentions"] = mentions
    if domains := [{"domain": _domain(link)} for link in entities.get("urls", ())]:
        kept["urls"] = domains
    return kept


def _number(value: Any) -> str | None:
    """Return a whole number as text; a float has lost digits."""
    return str(value) if type(value) is int else None


def _domain(link: dict[str, Any]) -> str:
    return domain(f"//{link['domain']}" if "domain" in link else link.get("expanded_url") or link.get("url") or "")


def _id(thing: dict[str, Any], what: str) -> str:
    return identity(thing.get("id_str", thing.get("id")), what)
