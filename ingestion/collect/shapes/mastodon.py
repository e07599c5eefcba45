"""The shape of the API of Mastodon and of servers that imitate it: its accounts and statuses, cut to facts.

Objects come from the account's home server. A hidden count is left out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ingestion.collect import facts
from ingestion.collect.facts import InWords, Whitelist, domain, identity, instant, member
from ingestion.collect.outcome import Outcome, Refused
from ingestion.roster.cells import UNSEEN_CLASS

ACCOUNT_SCHEMA = "mastodon/account"
STATUS_SCHEMA = "mastodon/status/2"
ERROR_SCHEMA = "mastodon/error"
FOLLOWING_SCHEMA = "mastodon/following"
NATIVE = re.compile(r"[\w-]{1,64}", re.ASCII)
_USERNAME = re.compile(r"(?!-)[\w.~-]{1,64}")
_ACCT = re.compile(rf"(?!-)[\w.~-]{{1,64}}(@[^\s@/?#<>:{UNSEEN_CLASS}]{{1,253}}(:\d{{1,5}})?)?")
_URI = InWords("an address", re.compile(rf"[a-z]+:[^\s<>{UNSEEN_CLASS}]{{1,500}}").fullmatch)
_DATE = re.compile(rf"\d{{4}}-\d\d-\d\d|{facts.ISO_TIME.pattern}", re.ASCII)
_ACCOUNT = Whitelist(
    counts=("followers_count", "following_count", "statuses_count"),
    flags=("bot", "group", "hide_collections", "limited", "locked", "suspended"),
    texts=(("acct", _ACCT), ("created_at", facts.ISO_TIME), ("last_status_at", _DATE), ("username", _USERNAME)),
    known="""id moved avatar avatar_description avatar_static discoverable display_name emojis feature_approval fields
    header header_description header_static indexable memorial noindex note roles show_featured show_media
    show_media_replies uri url""",
)
_STATUS = Whitelist(
    counts=("favourites_count", "quotes_count", "reblogs_count", "replies_count"),
    spared_flags=("sensitive",),
    texts=(
        ("created_at", facts.ISO_TIME),
        ("edited_at", facts.ISO_TIME),
        ("language", facts.LANGUAGE),
        ("uri", _URI),
        ("visibility", facts.WORD),
    ),
    known="""id account application card in_reply_to_account_id in_reply_to_id media_attachments mentions quote reblog
    tags bookmarked content emojis favourited filtered muted pinned poll quote_approval reactions reblogged spoiler_text
    tagged_collections text url""",
)
_AUTHOR = Whitelist(texts=(("acct", _ACCT), ("username", _USERNAME)))
_REBLOGGED = Whitelist(texts=(("uri", _URI),))
_REBLOGGED_AUTHOR = Whitelist(texts=(("acct", _ACCT),))
_APPLICATION = Whitelist(texts=(("name", facts.CLIENT),))
_MENTION = Whitelist()
_MEDIUM = Whitelist(texts=(("type", facts.WORD),))
_QUOTE = Whitelist(texts=(("state", facts.WORD),))
_TAG = Whitelist(texts=(("name", facts.HASHTAG),))


def cut_account(account: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return an account's facts.

    Raises:
        Refused: the id or the handle is missing, or a fact has another form.
    """
    _ACCOUNT.count_unknown(account, outcome, "account.")
    # glitch-soc and related servers write -1 for a hidden count
    kept = _ACCOUNT.cut({name: value for name, value in account.items() if value != -1}, ("username",))
    if "created_at" in kept:
        instant(kept["created_at"])
    kept["id"] = identity(account.get("id"), "account", NATIVE)
    if account.get("moved"):
        kept["moved"] = {"id": identity(member(account, "moved").get("id"), "moved account", NATIVE)}
    return kept


def cut_status(status: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a status's facts, and the id and the author of a status that it reblogs.

    Optional parts are kept if they are empty (null, []), so that a missing part stays unknown.

    Raises:
        Refused: the id, the author or the time is missing, or a fact has another form.
    """
    _STATUS.count_unknown(status, outcome)
    kept = _STATUS.cut(status, ("created_at",))
    instant(kept["created_at"])
    kept["id"] = identity(status.get("id"), "status", NATIVE)
    kept["account"] = _with_id(member(status, "account"), _AUTHOR, "author")
    for name, cut in _PARTS.items():  # in this order, so that the same one of two faults is named each time
        if name not in status:
            continue
        try:
            kept[name] = cut(status[name]) if status[name] else _EMPTY[name]
        except (AttributeError, Refused, TypeError):
            if name not in _DESCRIPTIONS:
                raise
            outcome.unknown_fields[f"{name} of another form"] += 1
    if application := status.get("application"):
        kept["application"] = _APPLICATION.cut(application if isinstance(application, dict) else {})
        if "name" not in kept["application"]:
            outcome.unknown_fields["application of another form"] += 1
    return kept


def _cut_reblog(reblog: dict[str, Any]) -> dict[str, Any]:
    author = _with_id(member(reblog, "account"), _REBLOGGED_AUTHOR, "reblogged author")
    return _with_id(reblog, _REBLOGGED, "reblogged status") | {"account": author}


_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "in_reply_to_id": lambda native: identity(native, "in_reply_to_id", NATIVE),
    "in_reply_to_account_id": lambda native: identity(native, "in_reply_to_account_id", NATIVE),
    "reblog": _cut_reblog,
    "quote": _QUOTE.cut,
    "card": lambda card: {"domain": domain(card.get("url") or "")},
    "media_attachments": lambda items: [_MEDIUM.cut(item, ("type",)) for item in items],
    "mentions": lambda items: [_with_id(item, _MENTION, "mention") for item in items],
    "tags": lambda items: [_TAG.cut(item, ("name",)) for item in items],
}
"""Optional part of a status -> how it is cut."""
_DESCRIPTIONS = frozenset({"card", "media_attachments", "tags"})
"""Parts that are unknown if they have another form, and the status stays."""
_EMPTY: Mapping[str, Any] = {**dict.fromkeys(_PARTS), "media_attachments": [], "mentions": [], "tags": []}


def own_status(status: dict[str, Any], native: str) -> dict[str, Any] | None:
    """Return the account's own status or boost in a row of its timeline; None if there is none.

    If somebody boosted a status, snac 2.75 shows their boost of it in the author's timeline too (2026-11).
    """
    for shown in (status, status.get("reblog")):
        if shown and identity(member(shown, "account").get("id"), "author", NATIVE) == native:
            return dict(shown)
    return None


def hides_follows(account: Mapping[str, Any]) -> bool:
    """Return whether an empty list of follows leaves open whom the account follows.

    A server that dates the last status but counts 0 statuses does not count: its 0 means unknown (snac 2.75, 2026-11).
    """
    counts_nothing = account.get("statuses_count") == 0 and "last_status_at" in account
    return account.get("following_count") != 0 or bool(account.get("hide_collections")) or counts_nothing


def posted_at(data: Mapping[str, Any]) -> str:
    """Return when a post was made, from its event's data; empty for a boost, which has no counts of its own."""
    return "" if data.get("reblog") else instant(data["created_at"])


def _with_id(thing: Mapping[str, Any], whitelist: Whitelist, what: str) -> dict[str, Any]:
    return {**whitelist.cut(thing), "id": identity(thing.get("id"), what, NATIVE)}
