"""Objects that people often put among archives by mistake, known by their fields, with what to do instead.

An object that only lacks a field of its own shape is not guessed at.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

_LINES = "make a file of them, one a line: jq -c '.{name}[]' FILE > FILE.jsonl"
_ADAPTER = "give it a source of its own with the adapter {adapter}"


class _Kind(NamedTuple):
    """A kind of object: fields that it has, the noun of the shape that reads it (empty: none), and the message."""

    fields: frozenset[str]
    noun: str
    reason: str


def _kind(fields: str, noun: str, reason: str, **words: str) -> _Kind:
    return _Kind(frozenset(fields.split()), noun, reason.format(**words))


_KINDS = (
    _kind("users next_cursor", "", f"a page of users of API v1.1; {_LINES}", name="users"),
    _kind("ids next_cursor", "", "a page of ids of API v1.1, which shows no account; leave it out"),
    _kind("statuses search_metadata", "", f"a page of a search of API v1.1; {_LINES}", name="statuses"),
    _kind("accounts statuses hashtags", "", f"a page of a search of Mastodon's; {_LINES}", name="statuses"),
    _kind(
        "@context type",
        "",
        "of an ActivityPub export (outbox, actor, likes), which lacks the counts and ids of the server's API; save "
        "what https://SERVER/api/v1/accounts/ID/statuses answers instead",
    ),
    _kind("rest_id legacy", "", "of X's own web pages (GraphQL); no adapter reads it: ask the API for the same ids"),
    _kind("tweet", "", "of X's export of one's own data, which does not say who wrote; no adapter reads it"),
    _kind("uri cid author record", "", "a post of Bluesky's API; no adapter reads archives of it: collect bluesky"),
    _kind("kind etag", "", "an answer of YouTube's API; no adapter reads archives of it: collect youtube"),
    _kind("errors", "", "an error of the API that names no post and no account; leave it out"),
    _kind("data meta", "post", f"a page of X API v2; {_ADAPTER}", adapter="x-v2-archive"),
    _kind("data includes", "post", f"a page of X API v2; {_ADAPTER}", adapter="x-v2-archive"),
    _kind("public_metrics", "post", f"a post or user of X API v2; {_ADAPTER}", adapter="x-v2-archive"),
    _kind("id_str user", "tweet", f"a tweet of API v1.1; {_ADAPTER}", adapter="x-v1.1-archive"),
    _kind("id_str screen_name", "tweet", f"a user of API v1.1; {_ADAPTER}", adapter="x-v1.1-archive"),
    _kind("account visibility", "status", f"a status of Mastodon's API; {_ADAPTER}", adapter="mastodon-archive"),
    _kind("acct username", "status", f"an account of Mastodon's API; {_ADAPTER}", adapter="mastodon-archive"),
)
_WITHOUT_AUTHOR = _kind("visibility", "", "a status without its account, which says whose it is; save both")


def what(thing: Mapping[str, Any], noun: str) -> str:
    """Return what an unreadable object is and what to do; empty if it is of that noun's own kind or of none known."""
    found = [kind for kind in _KINDS if kind.fields <= thing.keys()]
    if found:
        return "" if any(kind.noun == noun for kind in found) else found[0].reason
    if noun == "status" and "account" not in thing and _WITHOUT_AUTHOR.fields <= thing.keys():
        return _WITHOUT_AUTHOR.reason
    return ""
