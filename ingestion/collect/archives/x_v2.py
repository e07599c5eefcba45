"""Archives of X API v2, as twarc writes them.

In: a response page a line, or one post or user a line (posts flattened: their author's profile inside). Out: the posts
of the answer and every profile that stands beside them. Never: a post that is only quoted, reposted or answered there,
or an error.

A line that says when it was retrieved dates its own events. A profile that cannot be read costs no post.
"""

from functools import partial
from typing import Any

from ingestion.collect.archives import Part, in_utc, observed
from ingestion.collect.facts import ISO_TIME
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.x_v2 import POST_SCHEMA, USER_SCHEMA, cut_post, cut_user
from ingestion.entries import Source
from ingestion.events import Event

_PAGE = frozenset({"data", "errors", "includes", "meta"})
"""What only a page has, one of them at least."""
_ADDED = frozenset({"__twarc", "in_reply_to_user", "pinned_post", "pinned_tweet"})
"""What flattening puts into an object that the platform does not."""


class XV2Archive:
    """Reads one file."""

    noun = "post"

    def __init__(self, source: Source, outcome: Outcome) -> None:
        self._source, self._outcome = source, outcome

    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return the posts of a line, or the users that were asked for, and the profiles beside them.

        Raises:
            Refused: it says when it was retrieved, in no time with an offset.
        """
        at = self._retrieved_at(line)
        account, either = partial(self._account, at), partial(self._account_or_post, at)
        if not _PAGE & line.keys():
            author = [Part("author", line["author"], account, is_beside=True)] if line.get("author") else []
            return [Part("", line, either), *author]
        users = (line.get("includes") or {}).get("users") or []
        data = line.get("data") or []
        things = data if isinstance(data, list) else [data]
        authors = {thing.get("author_id") for thing in things if isinstance(thing, dict)}
        return [
            *(Part(f"data[{place}]", thing, either) for place, thing in enumerate(things)),
            *(
                Part(f"includes.users[{place}]", user, account, is_beside=True)
                for place, user in enumerate(users)
                if not isinstance(user, dict) or user.get("id") in authors  # not of everybody who is mentioned
            ),
        ]

    def _retrieved_at(self, line: dict[str, Any]) -> str:
        at = in_utc(line.get("__twarc") or {}, self._source, "retrieved_at").get("retrieved_at")
        if at is None:
            return self._source.observed_instant
        if not ISO_TIME.fullmatch(at):
            raise Refused(f"retrieved_at does not look like {ISO_TIME.pattern}")
        return str(at)

    def _account_or_post(self, at: str, thing: dict[str, Any]) -> list[Event]:
        return self._account(at, thing) if "username" in thing else self._post(at, thing)

    def _account(self, at: str, user: dict[str, Any]) -> list[Event]:
        kept = cut_user(self._as_sent(user), self._outcome)
        return [observed(self._source, "account.observed", f"x:{kept['id']}", USER_SCHEMA, kept, at)]

    def _post(self, at: str, post: dict[str, Any]) -> list[Event]:
        kept = cut_post(self._as_sent(post), self._outcome)
        if kept["created_at"] > at:
            raise Refused("created_at is after the post was observed")
        subject = f"x:{kept['author_id']}/{kept['id']}"
        return [observed(self._source, "post.observed", subject, POST_SCHEMA, kept, at)]

    def _as_sent(self, thing: dict[str, Any]) -> dict[str, Any]:
        sent = {name: value for name, value in thing.items() if name not in _ADDED}
        return in_utc(sent, self._source, "created_at")
