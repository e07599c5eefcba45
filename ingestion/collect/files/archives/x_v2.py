"""Archives of X API v2, as twarc writes them: a response page a line, or one post or user a line.

A page gives its posts, the profiles of their authors, and the posts and accounts that an error calls unavailable. A
post that is only quoted, reposted or answered on the page gives nothing. A flattened post has its author inside.

A line that says when it was retrieved dates its own events. An unreadable profile costs no post.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ingestion.collect.facts import ID, ISO_TIME
from ingestion.collect.files.archives.reading import Part, Shape
from ingestion.collect.outcome import Refused
from ingestion.collect.shapes.x_v2 import ERROR_SCHEMA, POST_SCHEMA, USER_SCHEMA, cut_post, cut_problem, cut_user
from ingestion.log.events import Event

_PAGE = frozenset({"data", "errors", "includes", "meta"})
"""Fields that only a page has; each page has at least one."""
_ADDED = frozenset({"__twarc", "in_reply_to_user", "pinned_post", "pinned_tweet"})
"""Fields that flattening adds to the platform's object."""
_RESOURCES = {"user": "account", "tweet": "post", "post": "post"}
"""What an error is about: the platform's word -> ours."""


class XV2Archive(Shape):
    """Reads one file."""

    noun = "post"

    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return the posts of a line, or the users that were requested, and the profiles beside them.

        Raises:
            Refused: ``retrieved_at`` is not a time with an offset, or the line holds only errors about something else.
        """
        at = self._retrieved_at(line)
        account, either = partial(self._account, at), partial(self._account_or_post, at, {})
        if not _PAGE & line.keys():
            author = [Part("author", line["author"], account, is_beside=True)] if line.get("author") else []
            return [Part("", line, either), *author]
        includes = line.get("includes") or {}
        users, things = _several(includes.get("users")), _several(line.get("data"))
        authors = {thing.get("author_id") for thing in things if isinstance(thing, dict)}
        either = partial(self._account_or_post, at, _authors(includes))
        said = line.get("errors") or []
        errors = [_resource(error) for error in said] if isinstance(said, list) else []
        if said and not any(errors) and not things:
            raise Refused("an error that names no post and no account")
        return [
            *(Part(f"data[{place}]", thing, either) for place, thing in enumerate(things)),
            *(
                Part(f"errors[{place}]", said[place], partial(self._unavailable, at, *about))
                for place, about in enumerate(errors)
                if about
            ),
            *(
                Part(f"includes.users[{place}]", user, account, is_beside=True)
                for place, user in enumerate(users)
                if not isinstance(user, dict) or user.get("id") in authors  # mentioned users are there too
            ),
        ]

    def _retrieved_at(self, line: dict[str, Any]) -> str:
        at = self.in_utc(line.get("__twarc") or {}, "retrieved_at").get("retrieved_at")
        if at is None:
            return self._source.observed_instant
        if not ISO_TIME.fullmatch(at):
            raise Refused(f"retrieved_at does not look like {ISO_TIME.pattern}")
        return str(at)

    def _account_or_post(self, at: str, authors: Mapping[str, str], thing: dict[str, Any]) -> list[Event]:
        return self._account(at, thing) if "username" in thing else self._post(at, authors, thing)

    def _account(self, at: str, user: dict[str, Any]) -> list[Event]:
        kept = cut_user(self._as_sent(user), self._outcome)
        return [self.observed("account.observed", f"x:{kept['id']}", USER_SCHEMA, kept, at)]

    def _post(self, at: str, authors: Mapping[str, str], post: dict[str, Any]) -> list[Event]:
        sent = self._as_sent(post)
        for name in ("referenced_tweets", "referenced_posts"):
            if sent.get(name) and authors:
                sent[name] = [{"author_id": authors.get(item["id"]), **item} for item in sent[name]]
        kept = cut_post(sent, self._outcome)
        if kept["created_at"] > at:
            raise Refused("created_at is after the post was observed")
        subject = f"x:{kept['author_id']}/{kept['id']}"
        return [self.observed("post.observed", subject, POST_SCHEMA, kept, at)]

    def _unavailable(self, at: str, kind: str, native: str, error: dict[str, Any]) -> list[Event]:
        """Return that a post or an account is unavailable; an error does not say whose post it was."""
        subject = f"x:/{native}" if kind == "post" else f"x:{native}"
        data = {"id": native, **cut_problem(error)}
        return [self.observed(f"{kind}.unavailable", subject, ERROR_SCHEMA, data, at)]

    def _as_sent(self, thing: dict[str, Any]) -> dict[str, Any]:
        sent = {name: value for name, value in thing.items() if name not in _ADDED}
        return self.in_utc(sent, "created_at")


def _several(things: Any) -> list[Any]:
    """Return a list, a single thing or nothing as a list."""
    return things if isinstance(things, list) else [things] if things else []


def _authors(includes: Mapping[str, Any]) -> dict[str, str]:
    """Return post id -> author id of the posts that the page's own posts refer to."""
    posts = [*(includes.get("tweets") or ()), *(includes.get("posts") or ())]
    return {
        post["id"]: post["author_id"] for post in posts if isinstance(post, dict) and {"id", "author_id"} <= post.keys()
    }


def _resource(error: Any) -> tuple[str, str] | None:
    """Return what an error is about (``post`` or ``account``) and its id; None if it is about something else."""
    if not isinstance(error, dict):
        return None
    kind, native = _RESOURCES.get(str(error.get("resource_type"))), str(error.get("resource_id") or error.get("value"))
    return (kind, native) if kind and ID.fullmatch(native) else None
