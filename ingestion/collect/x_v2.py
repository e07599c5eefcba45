"""X API v2: what it sends, cut to facts, and how to ask for it.

In: users, posts and errors in the platform's shape, in its old words (tweet, retweet) or its new ones (post, repost),
of which a server may send either. Out: the same objects, facts only; pages of events. Never: text, names, bios.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingestion.collect.facts import HANDLE, ID, ISO_TIME, LANGUAGE, WORD, Facts, domain, identity, instant, member
from ingestion.collect.http import Answer
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.page import Ask, Context, Page, PlatformStopped, Unit, UnitFailed
from ingestion.events import Event

USER_SCHEMA = "x/v2/user"
POST_SCHEMA = "x/v2/post"
ERROR_SCHEMA = "x/v2/error"
FOLLOWS_SCHEMA = "x/v2/following"
COUNTS_SCHEMA = "x/v2/counts"
KEY = "TWIPLOMACY_X_BEARER_TOKEN"
REACH = 3_200
"""The newest posts of a timeline that the platform shows; it may end a page short of them."""
MOST_FOLLOWED_PAGES = 10
"""Pages of 1,000 followed accounts that are paid for; who follows more is known in part."""
WINDOW = 15 * 60

_CLIENT = re.compile(r"[^<>\n]{1,80}")
_USER = Facts(
    flags=("protected", "verified"),
    texts=(("created_at", ISO_TIME), ("username", HANDLE), ("verified_type", WORD)),
    known="""id public_metrics affiliation confirmed_email connection_status description entities is_identity_verified
    location most_recent_post_id most_recent_tweet_id name parody pinned_post_id pinned_tweet_id profile_banner_url
    profile_image_url receives_your_dm subscription subscription_type url verified_followers_count withheld""",
)
_USER_COUNTS = Facts(
    counts=("followers_count", "following_count", "listed_count", "tweet_count", "post_count", "media_count"),
    known="like_count",
)
_POST = Facts(
    flags=("possibly_sensitive",),
    texts=(
        ("author_id", ID),
        ("conversation_id", ID),
        ("created_at", ISO_TIME),
        ("in_reply_to_user_id", ID),
        ("lang", LANGUAGE),
        ("source", _CLIENT),
    ),
    known="""id public_metrics referenced_tweets referenced_posts entities attachments text article card_uri
    community_id context_annotations display_text_range edit_controls edit_history_post_ids edit_history_tweet_ids geo
    media_metadata non_public_metrics note_post note_tweet organic_metrics promoted_metrics reply_settings scopes
    suggested_source_links withheld author""",
)
_POST_COUNTS = Facts(
    counts=(
        "retweet_count",
        "repost_count",
        "reply_count",
        "like_count",
        "quote_count",
        "bookmark_count",
        "impression_count",
    )
)
_KINDS = {"3": "photo", "7": "video", "13": "video", "16": "animated_gif"}
"""What the first number of a media key says of the medium (as seen in 2026)."""
_USER_FIELDS = "created_at,protected,public_metrics,verified,verified_type"
_POST_FIELDS = (
    "attachments,author_id,conversation_id,created_at,entities,in_reply_to_user_id,lang,public_metrics,"
    "referenced_tweets,source"
)


def cut_user(user: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a user's facts.

    Raises:
        Refused: the id, the handle or the counts are missing, or a fact is not of its form.
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

    A mention keeps where it starts: a repost's text begins "RT @", so that the mention at 3 is whose post it is.

    Args:
        post: the whole object, or one that is cut already.
        outcome: gets the unknown fields.
        author_id: whose timeline it came in; the platform may leave it out.

    Raises:
        Refused: the id, the author, the time or the counts are missing, or a fact is not of its form.
    """
    _POST.count_unknown(post, outcome)
    kept = _POST.cut(post, ("created_at",))
    instant(kept["created_at"])
    kept["id"] = identity(post.get("id"), "post")
    kept["author_id"] = identity(kept.get("author_id", author_id), "author")
    if author_id and kept["author_id"] != author_id:
        raise Refused("the post is somebody else's")
    kept["public_metrics"] = _counts(post, _POST_COUNTS, ("retweet_count", "repost_count"), outcome, "")
    for name in ("referenced_tweets", "referenced_posts"):
        if post.get(name):
            kept[name] = [
                {"type": WORD.fullmatch(item["type"])[0], "id": identity(item["id"], name)}  # type: ignore[index]
                for item in post[name]
            ]
    if entities := _entities(post.get("entities") or {}):
        kept["entities"] = entities
    if keys := (post.get("attachments") or {}).get("media_keys"):
        kept["attachments"] = {"media_keys": [f"{identity(key.partition('_')[0], 'medium')}_" for key in keys]}
    return kept


def _entities(entities: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    lists = {
        "hashtags": [{"tag": item["tag"]} for item in entities.get("hashtags", [])],
        "mentions": [
            {"id": identity(item["id"], "mention"), "start": item["start"]}
            for item in entities.get("mentions", [])
            if "id" in item
        ],
        "urls": [
            {"domain": item.get("domain") or domain(item.get("unwound_url") or item.get("expanded_url") or "")}
            for item in entities.get("urls", [])
        ],
    }
    return {name: items for name, items in lists.items() if items}


def _counts(
    thing: dict[str, Any], facts: Facts, either: tuple[str, str], outcome: Outcome, prefix: str
) -> dict[str, int]:
    metrics = member(thing, "public_metrics")
    facts.count_unknown(metrics, outcome, f"{prefix}public_metrics.")
    kept = facts.cut(metrics)
    if not kept.keys() & set(either):
        raise Refused(f"public_metrics has neither {either[0]} nor {either[1]}")
    return kept


class X:
    """Asks X API v2."""

    code = "x"
    adapter = "x-v2-api"
    address = "https://api.x.com"
    key_name = KEY
    key_header = ("Authorization", "Bearer ")
    parts: Mapping[str, int] = {"accounts": 100, "posts": 1, "ages": 100, "follows": 1, "volume": 1}
    page_rows = 100
    requests_per_page: Mapping[str, int] = {}
    _operations: Mapping[str, str] = {
        "accounts": "users",
        "posts": "posts",
        "ages": "posts",
        "follows": "following",
        "volume": "counts-all",
    }

    def __init__(self, word: str = "tweet") -> None:
        """Ask for fields by the platform's old word, ``tweet``, or its new one, ``post``."""
        self._fields = {f"{word}.fields": _POST_FIELDS.replace("tweets", f"{word}s")}

    def operation(self, part: str) -> str:
        """Return the name of a part's requests in the price table."""
        return self._operations[part]

    @staticmethod
    def posted_at(data: Mapping[str, Any]) -> str:
        """Return when a post was made; empty for a repost, whose counts are another's."""
        references = data.get("referenced_tweets") or data.get("referenced_posts") or ()
        is_repost = any(item["type"] in ("retweeted", "reposted") for item in references)
        return "" if is_repost else instant(data["created_at"])

    def fetch(self, unit: Unit, ask: Ask, context: Context) -> Page:
        """Ask for one page of one unit."""
        page: Page = getattr(self, f"_{unit.part}")(unit, ask, context)
        return page

    def _accounts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        ids = [_native(subject) for subject in unit.subjects]
        params = {"ids": ",".join(ids), "user.fields": _USER_FIELDS}
        answer = _get(ask, "users", "/2/users", params, (300, WINDOW), len(ids))
        page = Page(answer.at)

        def account(user: dict[str, Any]) -> Event:
            kept = cut_user(user, page.outcome)
            return context.event(answer, "account.observed", f"x:{kept['id']}", USER_SCHEMA, kept)

        page.read("users", answer.body.get("data", []), account)
        page.got = len(page.events)
        self._unavailable(page, answer, context, "account.unavailable", {_native(s): s for s in unit.subjects})
        return page

    def _posts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        author = _native(subject)
        params: dict[str, str | int] = {"max_results": 100, "start_time": unit.since, **self._fields}
        if unit.cursor:
            params["pagination_token"] = unit.cursor
        answer = _get(ask, "posts", f"/2/users/{author}/tweets", params, (10_000, WINDOW), 100)
        page = Page(answer.at)
        items = answer.body.get("data", [])
        page.read(f"posts of {subject}", items, lambda post: self._post(post, answer, page, context, author))
        oldest = min((event.data["created_at"] for event in page.events), default="")
        page.oldest_at = oldest and instant(oldest)
        page.cursor = answer.body.get("meta", {}).get("next_token")
        if page.cursor is None:
            if answer.body.get("errors") and not items and not unit.cursor:
                self._unavailable(page, answer, context, "account.unavailable", {author: subject})
            page.got = 0 if page.unavailable else 1
            if unit.seen_count + len(items) >= REACH - self.page_rows:
                page.limit_code = "reach_limit"
        return page

    def _post(self, post: dict[str, Any], answer: Answer, page: Page, context: Context, author: str = "") -> Event:
        kept = cut_post(post, page.outcome, author)
        return context.event(answer, "post.observed", f"x:{kept['author_id']}/{kept['id']}", POST_SCHEMA, kept)

    def _ages(self, unit: Unit, ask: Ask, context: Context) -> Page:
        subjects = {subject.rpartition("/")[2]: subject for subject in unit.subjects}
        params = {"ids": ",".join(subjects), **self._fields}
        answer = _get(ask, "posts", "/2/tweets", params, (300, WINDOW), len(subjects))
        page = Page(answer.at)
        page.read("posts", answer.body.get("data", []), lambda post: self._post(post, answer, page, context))
        page.got = len(page.events)
        self._unavailable(page, answer, context, "post.unavailable", subjects)
        return page

    def _follows(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        follower = _native(subject)
        params: dict[str, str | int] = {"max_results": 1000}
        if unit.cursor:
            params["pagination_token"] = unit.cursor
        answer = _get(ask, "following", f"/2/users/{follower}/following", params, (300, WINDOW), 1000)
        page = Page(answer.at)
        followed = answer.body.get("data", [])
        page.cursor = answer.body.get("meta", {}).get("next_token")
        is_reach = unit.seen_count + 1 >= MOST_FOLLOWED_PAGES and page.cursor is not None
        peers = [{"id": user["id"]} for user in followed if user["id"] in context.peers]
        if not followed and answer.body.get("errors"):
            self._unavailable(page, answer, context, "account.unavailable", {follower: subject})
            return page
        data = {"id": follower, "follows": peers, "is_last": page.cursor is None}
        page.add(context.event(answer, "follows.observed", subject, FOLLOWS_SCHEMA, data))
        if is_reach:
            page.cursor, page.limit_code = None, "reach_limit"
        page.got = int(page.cursor is None)
        return page

    def _volume(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        params = {"query": f"from:{_native(subject)}", "granularity": "day", "start_time": unit.since}
        if unit.cursor:
            params["next_token"] = unit.cursor
        answer = _get(ask, "counts-all", "/2/tweets/counts/all", params, (300, WINDOW), 0)
        page = Page(answer.at, cursor=answer.body.get("meta", {}).get("next_token"))
        days = []
        for item in answer.body.get("data", []):
            count = item.get("tweet_count", item.get("post_count"))
            if type(count) is not int:
                raise UnitFailed("a day has neither tweet_count nor post_count")
            days.append({"start": instant(item["start"]), "end": instant(item["end"]), "count": count})
        data = {"id": _native(subject), "days": days}
        page.add(context.event(answer, "account.observed", subject, COUNTS_SCHEMA, data))
        page.got = int(page.cursor is None)
        return page

    def _unavailable(
        self, page: Page, answer: Answer, context: Context, kind: str, subjects: Mapping[str, str]
    ) -> None:
        """Add what the platform does not show of the subjects asked for, by its own words where it has some.

        A 200 may be an error in part, and it may leave a subject out without a word.
        """
        shown = {event.subject for event in page.events}
        for error in answer.body.get("errors", []):
            native = str(error.get("resource_id") or error.get("value") or "")
            native = native if native in subjects else next(iter(subjects)) if len(subjects) == 1 else ""
            if native and subjects[native] not in shown:
                shown.add(subjects[native])
                kind_of_error = str(error.get("type", "")).rpartition("/")[2]
                is_suspended = "suspended" in str(error.get("detail", "")).lower()
                self._leave_out(page, answer, context, kind, subjects[native], kind_of_error, is_suspended)
        if not page.outcome.quarantined:  # else a refused item may be the one that is missing
            for subject in subjects.values():
                if subject not in shown:
                    self._leave_out(page, answer, context, kind, subject, "left-out", False)

    @staticmethod
    def _leave_out(
        page: Page, answer: Answer, context: Context, kind: str, subject: str, error: str, is_suspended: bool
    ) -> None:
        data = {"id": re.split("[:/]", subject)[-1], "type": error, "is_suspended": is_suspended}
        page.add(context.event(answer, kind, subject, ERROR_SCHEMA, data))
        page.unavailable += 1


def _native(account_id: str) -> str:
    return account_id.partition(":")[2]


def _get(
    ask: Ask, operation: str, path: str, params: Mapping[str, str | int], rate: tuple[int, int], most: int
) -> Answer:
    """Ask once; ``rate`` is the endpoint's limit in requests and seconds, ``most`` what it may bring.

    Raises:
        PlatformStopped: the key is refused, or the account behind it may not ask more.
        UnitFailed: this question is refused.
    """
    bucket = ask.http.bucket(re.sub(r"\d{2,}", "id", path), *rate)
    answer = ask(operation, path, params, bucket, most, lambda body: len(body.get("data") or []))
    if answer.is_ok:
        return answer
    said = answer.body if isinstance(answer.body, dict) else {}
    title = f"{answer.status} {said.get('title') or 'without a word'}"
    if answer.status in (401, 402, 403):
        raise PlatformStopped(f"X refused the key in {KEY}, or what it may still ask for: {title}")
    hint = "; if it is about the names of fields, set TWIPLOMACY_X_WORD=post" if answer.status == 400 else ""  # noqa: PLR2004
    raise UnitFailed(f"X refused the question: {title}{hint}")
