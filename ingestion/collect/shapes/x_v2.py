"""The shape of X API v2: its users, posts and errors, cut to facts.

A server may use the platform's old words (tweet, retweet) or its new ones (post, repost); the facts keep its words.
"""

from collections.abc import Mapping
from typing import Any

from ingestion.collect import facts
from ingestion.collect.facts import Whitelist, domain, identity, instant, member
from ingestion.collect.outcome import Outcome, Refused

USER_SCHEMA = "x/v2/user"
POST_SCHEMA = "x/v2/post/2"
ERROR_SCHEMA = "x/v2/error"
FOLLOWS_SCHEMA = "x/v2/following"
COUNTS_SCHEMA = "x/v2/counts"

_USER = Whitelist(
    flags=("protected", "verified"),
    texts=(("created_at", facts.ISO_TIME), ("username", facts.HANDLE), ("verified_type", facts.WORD)),
    known="""id public_metrics affiliation confirmed_email connection_status description entities is_identity_verified
    location most_recent_post_id most_recent_tweet_id name parody pinned_post_id pinned_tweet_id profile_banner_url
    profile_image_url receives_your_dm subscription subscription_type url verified_followers_count withheld""",
)
_USER_COUNTS = Whitelist(
    counts=("followers_count", "following_count", "listed_count", "tweet_count", "post_count", "media_count"),
    known="like_count",
)
_POST = Whitelist(
    spared_flags=("possibly_sensitive",),
    texts=(
        ("author_id", facts.ID),
        ("conversation_id", facts.ID),
        ("created_at", facts.ISO_TIME),
        ("in_reply_to_user_id", facts.ID),
        ("lang", facts.LANGUAGE),
        ("source", facts.CLIENT),
    ),
    known="""id public_metrics referenced_tweets referenced_posts entities attachments text article card_uri
    community_id context_annotations display_text_range edit_controls edit_history_post_ids edit_history_tweet_ids geo
    media_metadata non_public_metrics note_post note_tweet organic_metrics promoted_metrics reply_settings scopes
    suggested_source_links withheld author is_whole""",
)
_POST_COUNTS = Whitelist(
    counts=tuple(f"{what}_count" for what in "retweet repost reply like quote bookmark impression".split())
)
_HASHTAG = Whitelist(texts=(("tag", facts.HASHTAG),))
_START = Whitelist(counts=("start",))


def cut_user(user: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a user's facts.

    Raises:
        Refused: the id, the handle or the counts are missing, or a fact has another form.
    """
    _USER.count_unknown(user, outcome, "user.")
    kept = _USER.cut(user, ("username",))
    if "created_at" in kept:
        instant(kept["created_at"])
    kept["id"] = identity(user.get("id"), "user")
    kept["public_metrics"] = _counts(user, _USER_COUNTS, ("tweet_count", "post_count"), outcome, "user.")
    return kept


def cut_post(post: dict[str, Any], outcome: Outcome, author_id: str = "") -> dict[str, Any]:
    """Return a post's facts.

    A mention keeps its start: the text of a repost begins "RT @", so its mention at 3 names the author of the original.
    A post of more than 280 characters has all its hashtags, mentions and links in ``note_tweet``, and the first ones in
    ``entities`` too. ``is_whole`` says that the language was requested, and so the other fields were: a missing field
    is empty, not unknown. An edited post keeps the ids of all its versions, the first version first.

    Args:
        post: the complete object, or one that is cut already; a referenced post may have its ``author_id``.
        outcome: gets the unknown fields.
        author_id: the account whose timeline it came in, because the platform may leave out the author.

    Raises:
        Refused: the id, the author, the time or the counts are missing, or a fact has another form.
    """
    _POST.count_unknown(post, outcome)
    kept = _POST.cut(post, ("created_at",))
    instant(kept["created_at"])
    kept["id"] = identity(post.get("id"), "post")
    author = kept.get("author_id") or identity(author_id, "author")
    if author_id and author != author_id:
        raise Refused("the post is somebody else's")
    kept["author_id"] = author
    kept["public_metrics"] = _counts(post, _POST_COUNTS, ("retweet_count", "repost_count"), outcome, "")
    if "lang" in post or "is_whole" in post:
        kept["is_whole"] = post.get("is_whole") is not False
    for name in ("referenced_tweets", "referenced_posts"):
        if post.get(name):
            kept[name] = [_reference(item, name) for item in post[name]]
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        if len(versions := post.get(name) or ()) > 1:
            kept[name] = [identity(version, "version") for version in versions]
    try:
        kept |= _parts(post)
    except (AttributeError, KeyError, Refused, TypeError):
        outcome.unknown_fields["entities of another form"] += 1
        kept["is_whole"] = False  # so that missing parts count as unknown, not as none
    return kept


def cut_problem(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kind of an error, and whether it says that its subject is suspended."""
    kind = str(problem.get("type", "")).rpartition("/")[2]
    return {
        "type": kind if not kind or facts.WORD.fullmatch(kind) else "another reason",
        "is_suspended": "suspended" in str(problem.get("detail", "")).lower(),
    }


def posted_at(data: Mapping[str, Any]) -> str:
    """Return when a post was made, from its event's data; empty for a repost, whose counts are the original's."""
    references = data.get("referenced_tweets") or data.get("referenced_posts") or ()
    is_repost = any(item["type"] in ("retweeted", "reposted") for item in references)
    return "" if is_repost else instant(data["created_at"])


def _parts(post: Mapping[str, Any]) -> dict[str, Any]:
    """Return hashtags, mentions and links of a post's text, and the kinds of its media."""
    kept: dict[str, Any] = {}
    note = post.get("note_tweet") or post.get("note_post") or {}
    if entities := _entities((post.get("entities") or {}) | (note.get("entities") or {})):
        kept["entities"] = entities
    if keys := (post.get("attachments") or {}).get("media_keys"):
        kept["attachments"] = {"media_keys": [f"{identity(key.partition('_')[0], 'medium')}_" for key in keys]}
    return kept


def _reference(item: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return how a post refers to another one, which one, and whose it is if that is known."""
    if not facts.WORD.fullmatch(item["type"]):
        raise Refused(f"{name} has a type that is no word")
    author = {"author_id": identity(item["author_id"], f"{name}.author")} if item.get("author_id") else {}
    return {"type": item["type"], "id": identity(item["id"], name), **author}


def _entities(entities: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    kept: dict[str, list[dict[str, Any]]] = {}
    if tags := entities.get("hashtags"):
        kept["hashtags"] = [_HASHTAG.cut(item, ("tag",)) for item in tags]
    if mentions := [item for item in entities.get("mentions", ()) if "id" in item]:
        kept["mentions"] = [
            {"id": identity(item["id"], "mention"), **_START.cut(item, ("start",))} for item in mentions
        ]
    # The platform lists a photo or video of the post as a link to itself.
    if links := [item for item in entities.get("urls", ()) if "media_key" not in item]:
        kept["urls"] = [
            {"domain": domain(f"//{item['domain']}" if item.get("domain") else _address(item))} for item in links
        ]
    return kept


def _address(link: Mapping[str, Any]) -> str:
    return link.get("unwound_url") or link.get("expanded_url") or ""


def _counts(
    thing: dict[str, Any], whitelist: Whitelist, either: tuple[str, str], outcome: Outcome, prefix: str
) -> dict[str, int]:
    metrics = member(thing, "public_metrics")
    whitelist.count_unknown(metrics, outcome, f"{prefix}public_metrics.")
    kept = whitelist.cut(metrics)
    if either[0] not in kept and either[1] not in kept:
        raise Refused(f"public_metrics has neither {either[0]} nor {either[1]}")
    return kept
