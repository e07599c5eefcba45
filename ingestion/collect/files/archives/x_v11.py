"""Archives of Twitter API v1.1: one tweet, user or stream message a line.

A tweet gives a post and its author's profile, or neither if it is refused. A stream's ``delete`` message gives the
deleted tweet. Objects may be complete or already cut to facts.
"""

from typing import Any

import orjson

from ingestion.collect.files.archives.reading import Part, Shape
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.x_v11 import DELETE_SCHEMA, USER_SCHEMA, cut_delete, cut_tweet, cut_user, instant, schema
from ingestion.log.events import Event
from ingestion.roster.sources import Source

MOST_PROFILES = 10_000
"""Profiles kept in memory to recognise repeated ones; an archive may hold any number."""
LARGEST_PROFILE = 20_000
"""Bytes of the largest profile that is kept in memory; the platform's own have some 3,000."""
_OTHER_MESSAGES = frozenset(
    "disconnect event friends friends_str limit scrub_geo status_withheld user_withheld warning".split()
)
"""Other messages of a stream, each an object of its own; they are left out."""


class XV11Archive(Shape):
    """Reads one file."""

    noun = "tweet"

    def __init__(self, source: Source, outcome: Outcome) -> None:
        self._source, self._outcome = source, outcome
        self._profiles: dict[str, tuple[Any, dict[str, Any]]] = {}

    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return the line as one row, or nothing for other messages; the profile in a tweet is no row of its own."""
        if line and line.keys() <= _OTHER_MESSAGES:
            self._outcome.rows += 1
            self._outcome.left_out += 1
            return []
        return [Part("", line, self._delete if "delete" in line else self._events)]

    def _delete(self, message: dict[str, Any]) -> list[Event]:
        """Return the deletion of a tweet, observed when the archive was, like the tweets of the stream."""
        kept = cut_delete(message)
        subject = f"x:{kept['user_id_str']}/{kept['id_str']}"
        return [self.observed("post.unavailable", subject, DELETE_SCHEMA, kept)]

    def _events(self, thing: dict[str, Any]) -> list[Event]:
        """Return the events of one line: a user's profile, or a tweet and its author's profile.

        Nearly every line repeats the profile of an earlier one. ``_profiles`` remembers the last profile of each
        account, as sent and as cut: an equal one is not cut again and makes no event.
        """
        if "user" not in thing and "screen_name" in thing:
            return [self._account(cut_user(thing, self._outcome))]
        user = thing.get("user")
        nobody = (None, None)
        sent, author = self._profiles.get(user.get("id_str", ""), nobody) if isinstance(user, dict) else nobody
        if author and sent == user:
            return [self._post(cut_tweet(thing, self._outcome, author))]
        tweet = cut_tweet(thing, self._outcome)
        post = self._post(tweet)  # first: if it is refused, the profile comes from a later line
        if len(self._profiles) == MOST_PROFILES:
            self._profiles.clear()
        if _is_small(user):
            self._profiles[tweet["user"]["id_str"]] = (user, tweet["user"])
        else:
            self._profiles.pop(tweet["user"]["id_str"], None)
        return [post] if tweet["user"] == author else [self._account(tweet["user"]), post]

    def _account(self, user: dict[str, Any]) -> Event:
        return self.observed("account.observed", f"x:{user['id_str']}", USER_SCHEMA, user)

    def _post(self, tweet: dict[str, Any]) -> Event:
        if instant(tweet["created_at"]) > self._source.observed_instant:
            raise Refused("created_at is after the archive was observed")
        user = tweet["user"]
        author = {name: user[name] for name in ("id_str", "screen_name") if name in user}
        subject = f"x:{author['id_str']}/{tweet['id_str']}"
        return self.observed("post.observed", subject, schema(tweet), {**tweet, "user": author})


def _is_small(user: Any) -> bool:
    try:
        return len(orjson.dumps(user)) <= LARGEST_PROFILE
    except TypeError:  # nested too deep
        return False
