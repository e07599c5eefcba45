"""The shape of Bluesky's AppView (``app.bsky`` lexicons): its profiles, feeds, posts and errors, cut to facts.

Subjects are named by DID, because handles change and the DID does not.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingestion.collect import facts
from ingestion.collect.facts import Whitelist, domain, instant, member, native_id
from ingestion.collect.outcome import Outcome, Refused
from ingestion.roster.cells import FORMULA, UNSEEN_CLASS

PROFILE_SCHEMA = "bluesky/profile"
POST_SCHEMA = "bluesky/feed-post"
POST_SCHEMA_WITHOUT_TAGS = "bluesky/feed-post/2"
"""A post some of whose tags are left out for their form, so that not all are known."""
ERROR_SCHEMA = "bluesky/error"
FOLLOWS_SCHEMA = "bluesky/follows"

DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,256}")
AT_URI = re.compile(r"at://[A-Za-z0-9._:%-]{1,256}/[A-Za-z][A-Za-z0-9.-]{0,252}/[A-Za-z0-9._:~-]{1,512}")
"""The owner, the collection and the key of a record."""
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_TAG = re.compile(rf"(?![{FORMULA}])[^\s<>{UNSEEN_CLASS}]{{1,140}}")
_FACET = "app.bsky.richtext.facet#"
_REPOST = "app.bsky.feed.defs#reasonRepost"

_WHO = Whitelist(texts=(("did", DID),))
_AUTHOR = Whitelist(texts=(("did", DID), ("handle", _HANDLE)))
_ACTOR = Whitelist(
    counts=("followersCount", "followsCount", "postsCount"),
    texts=(("did", DID), ("handle", _HANDLE), ("createdAt", facts.ISO_TIME), ("indexedAt", facts.ISO_TIME)),
    known="""associated avatar banner debug description displayName joinedViaStarterPack labels pinnedPost pronouns
    status verification viewer website""",
)
_VERIFICATION = Whitelist(texts=(("verifiedStatus", facts.WORD), ("trustedVerifierStatus", facts.WORD)))
_ITEM = Whitelist(known="post reason reply feedContext reqId opThreadPostCount opThreadPostIndex")
_POST = Whitelist(
    counts=("likeCount", "repostCount", "replyCount", "quoteCount", "bookmarkCount"),
    texts=(("uri", AT_URI), ("indexedAt", facts.ISO_TIME)),
    known="author cid debug embed labels record threadgate viewer",
)
_RECORD = Whitelist(
    texts=(("createdAt", facts.ISO_TIME),), known="$type embed entities facets labels langs reply tags text via"
)
_REPOSTED = Whitelist(texts=(("uri", AT_URI), ("indexedAt", facts.ISO_TIME)))
_REFERENCE = Whitelist(texts=(("uri", AT_URI),))
_KIND = Whitelist(texts=(("$type", facts.WORD),))
_ERROR = Whitelist(texts=(("error", facts.WORD),))


def cut_profile(profile: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a profile's facts.

    Raises:
        Refused: the DID or the handle is missing, or a fact has another form.
    """
    _ACTOR.count_unknown(profile, outcome, "profile.")
    kept = _ACTOR.cut(profile, ("did", "handle"))
    for name in kept.keys() & {"createdAt", "indexedAt"}:
        instant(kept[name])
    if profile.get("verification"):
        kept["verification"] = _VERIFICATION.cut(member(profile, "verification"))
    return kept


def cut_item(item: dict[str, Any], did: str, at: str, outcome: Outcome) -> dict[str, Any] | None:
    """Return the facts of one item of an account's feed; None if neither the post nor a repost of it is the account's.

    ``did`` names the account, and ``at`` is the time of the answer.

    Raises:
        Refused: an id or the time is missing, or a fact has another form.
    """
    _ITEM.count_unknown(item, outcome, "feed.")
    post, reason = member(item, "post"), item.get("reason") or {}
    author = _WHO.cut(member(post, "author"), ("did",))
    if reason.get("$type") == _REPOST and member(reason, "by").get("did") == did:
        reposted = _REPOSTED.cut(reason, ("uri", "indexedAt"))
        _refuse_later(reposted, "indexedAt", at)
        return {
            "post": {**_REFERENCE.cut(post, ("uri",)), "author": author},
            "reason": {**reposted, "by": {"did": did}},
        }
    return {"post": cut_post(post, at, outcome)} if author["did"] == did else None


def schema_of(item: Mapping[str, Any]) -> str:
    """Return the ``dataschema`` of an item that ``cut_item`` returned."""
    is_lacking = item["post"].get("record", {}).get("has_unread_tags")
    return POST_SCHEMA_WITHOUT_TAGS if is_lacking else POST_SCHEMA


def cut_post(post: dict[str, Any], at: str, outcome: Outcome) -> dict[str, Any]:
    """Return a post's facts; ``at`` is the time of the answer.

    Raises:
        Refused: the id, the author or the time is missing, or a fact has another form.
    """
    _POST.count_unknown(post, outcome, "post.")
    author = member(post, "author")
    _ACTOR.count_unknown(author, outcome, "author.")
    return {
        **_POST.cut(post, ("uri",)),
        "author": _AUTHOR.cut(author, ("did",)),
        "record": _cut_record(member(post, "record"), at, outcome),
    }


def _cut_record(record: dict[str, Any], at: str, outcome: Outcome) -> dict[str, Any]:
    _RECORD.count_unknown(record, outcome, "record.")
    kept = _RECORD.cut(record, ("createdAt",))
    _refuse_later(kept, "createdAt", at)
    if reply := record.get("reply"):
        kept["reply"] = {name: _REFERENCE.cut(reply[name], ("uri",)) for name in ("root", "parent")}
    if record.get("embed"):
        kept["embed"] = _cut_embed(member(record, "embed"))
    facets = record.get("facets") or ()
    features = [feature for facet in facets for feature in facet["features"]]
    tags = [*(record.get("tags") or ()), *(one["tag"] for one in features if one.get("$type") == f"{_FACET}tag")]
    if unread := sum(not _TAG.fullmatch(tag) for tag in tags):
        outcome.unknown_fields["record.tags of another form"] += unread
        kept["has_unread_tags"] = True
    lists = {
        "langs": [language for language in record.get("langs") or () if facts.LANGUAGE.fullmatch(language)],
        "tags": [tag for tag in record.get("tags") or () if _TAG.fullmatch(tag)],
        "facets": [
            {"features": features}
            for facet in facets
            if (features := [fact for feature in facet["features"] if (fact := _cut_feature(feature))])
        ],
    }
    return kept | {name: items for name, items in lists.items() if items}


def _cut_embed(embed: dict[str, Any]) -> dict[str, Any]:
    """Return the kind of an embed and the record that it quotes, if it quotes one."""
    kept: dict[str, Any] = _KIND.cut(embed, ("$type",))
    if kept["$type"] == "app.bsky.embed.record":
        kept["record"] = _REFERENCE.cut(member(embed, "record"), ("uri",))
    elif kept["$type"] == "app.bsky.embed.recordWithMedia":
        kept["record"] = {"record": _REFERENCE.cut(member(member(embed, "record"), "record"), ("uri",))}
        kept["media"] = _KIND.cut(member(embed, "media"), ("$type",))
    return kept


def _cut_feature(feature: dict[str, Any]) -> dict[str, Any] | None:
    """Return the kind of a feature and the account, tag or domain that it names; None for another kind."""
    kind = feature.get("$type")
    if kind == f"{_FACET}mention":
        return {"$type": kind, **_WHO.cut(feature, ("did",))}
    if kind == f"{_FACET}link":
        return {"$type": kind, "domain": domain(feature["uri"])}
    if kind == f"{_FACET}tag" and _TAG.fullmatch(feature["tag"]):
        return {"$type": kind, "tag": feature["tag"]}
    return None


def _refuse_later(kept: Mapping[str, str], name: str, at: str) -> None:
    """Refuse a time after the answer: clients set the times of their posts, some of them wrong."""
    if instant(kept[name]) > at:
        raise Refused(f"{name} lies after the answer")


def cut_error(body: Any) -> dict[str, Any]:
    """Return the code of an error, and whether it says "not found"; empty if it has no code.

    Raises:
        Refused: the code is no word.
    """
    kept = _ERROR.cut(body if isinstance(body, dict) else {})
    return kept and {**kept, "is_not_found": "not found" in str(body.get("message")).lower()}


def made_at(data: Mapping[str, Any]) -> str:
    """Return when a post or a repost was made, from its event's data."""
    return instant(data["reason"]["indexedAt"] if "reason" in data else data["post"]["record"]["createdAt"])


def posted_at(data: Mapping[str, Any]) -> str:
    """Return when a post was made, from its event's data; empty for a repost, which has no counts of its own."""
    return "" if "reason" in data else made_at(data)


def uri_of(subject: str) -> str:
    """Return the URI of a post by its subject."""
    account_id, _, key = subject.partition("/")
    return f"at://{native_id(account_id)}/app.bsky.feed.post/{key}"


def subject_of(uri: str, did: str) -> str:
    """Return the subject of an account's record by its URI.

    Raises:
        Refused: the record is another account's.
    """
    owner, _, key = uri.removeprefix("at://").split("/")
    if owner != did:
        raise Refused("the uri is not its author's")
    return f"bluesky:{did}/{key}"
