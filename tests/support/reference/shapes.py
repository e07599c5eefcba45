"""What an event says, read by hand: the platform's own words in plain Python.

In: decoded events with their ledger positions. Out: posts, profiles and posts not shown. Never: SQL, or a rule that
needs a second event.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ingestion.log.events import Event

Log = Iterable[tuple[int, Event]]


class Order(NamedTuple):
    """Which of two observations is the later one: when, then where in the ledger, then which event."""

    at: datetime
    position: int
    event_id: str


@dataclass(frozen=True)
class Post:
    """One observation of one post; None: it does not say."""

    order: Order
    source_id: str
    post_id: str
    account_id: str
    posted_at: datetime
    is_repost: bool | None
    is_own_repost: bool | None
    is_reply: bool | None
    replied_to_id: str | None
    is_quote: bool | None
    reposts: int | None
    likes: int | None
    replies: int | None
    quotes: int | None
    views: int | None


@dataclass(frozen=True)
class Profile:
    """One observation of one account."""

    order: Order
    source_id: str
    account_id: str
    handle: str | None
    created_at: datetime | None
    followers: int | None
    posts: int | None
    precision: str = ""  # of the day; empty where the source says it of all its rows


def instant(text: str) -> datetime:
    """Read ``2016-06-30T12:00:00Z`` or any other ISO time with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def twitter_time(text: str) -> datetime:
    """Read ``Thu Jun 30 12:00:00 +0000 2016``."""
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)


def once(log: Log, kind: str) -> Iterator[tuple[Order, Event]]:
    """Yield the events of one type, each once: the same observation read twice is one event, the first."""
    seen = set()
    for position, event in log:
        if event.type == kind and event.id not in seen:
            seen.add(event.id)
            yield Order(instant(event.time), position, event.id), event


def posts(log: Log, excluding: Set[str]) -> list[Post]:
    """Return the posts seen; of the sources ``excluding`` replies none is known to answer somebody or not."""
    readers = {"x/v1.1/tweet": _tweet, "x/v2/post": _post, "x/v2/post/2": _post}
    seen = [readers[event.dataschema](order, event) for order, event in once(log, "post.observed")]
    return [_bounded(replace(post, is_reply=None) if post.source_id in excluding else post, COUNTS) for post in seen]


def completed(seen: list[Post]) -> Post:
    """Return a post with each fact and each count as last known, whatever a later observation leaves out."""
    seen = sorted(seen, key=lambda post: post.order)
    last = {name: [getattr(post, name) for post in seen if getattr(post, name) is not None] for name in FACTS}
    facts = {name: values[-1] if values else None for name, values in last.items()}
    reposts = [post for post in seen if post.is_repost is not None] or seen
    answers = [post for post in seen if post.is_reply is not None] or seen
    counted = [post for post in seen if any(getattr(post, name) is not None for name in COUNTS)] or seen
    return replace(
        seen[-1],
        **facts,
        is_own_repost=reposts[-1].is_own_repost,
        replied_to_id=answers[-1].replied_to_id,
        order=counted[-1].order,
    )


MOST = 1_000_000_000_000
COUNTS = ("reposts", "likes", "replies", "quotes", "views")
FACTS = ("is_repost", "is_reply", "is_quote", *COUNTS)


def standing(log: Log, sources: Iterable[Mapping[str, Any]]) -> Log:
    """Return the log without what was taken back: of sources as a whole, and of sheets row by row."""
    withdrawn = {row["source_id"] for row in sources if "withdrawn_date" in row}
    names = {position: event.data["input"]["name"] for position, event in log if "input" in event.data}
    taken_back = {
        (event.data["event_id"], names[position]) for position, event in log if event.type == "observation.withdrawn"
    }
    return [
        (position, event)
        for position, event in log
        if event.source not in withdrawn and (event.id, names.get(position)) not in taken_back
    ]


def sheets(log: Log) -> list[Profile]:
    """Return the counts that hand-made sheets state."""
    return [_line(order, event) for order, event in once(log, "account.observed") if event.source == "sheet"]


def profiles(log: Log) -> list[Profile]:
    readers = {"x/v1.1/user": _v11_user, "x/v2/user": _v2_user}
    seen = once(log, "account.observed")
    read = (readers[event.dataschema](order, event) for order, event in seen if event.source != "sheet")
    return [_bounded(profile, ("followers", "posts")) for profile in read]


def _bounded(thing: Any, names: Iterable[str]) -> Any:
    """Return a thing of which a count that nobody can have is unknown."""
    return replace(thing, **{name: None for name in names if (getattr(thing, name) or 0) > MOST})


def missed(log: Log) -> list[tuple[str, datetime]]:
    """Return which posts were not shown, and when that was seen; their subject is ``x:author/post``."""
    return [(f"x:{event.subject.partition('/')[2]}", order.at) for order, event in once(log, "post.unavailable")]


def _line(order: Order, event: Event) -> Profile:
    row = event.data
    count, precision = row["audience_count"], row["observed_precision_code"]
    return Profile(order, event.source, row["account_id"], None, None, count, None, precision)


def _tweet(order: Order, event: Event) -> Post:
    tweet = event.data
    author, original = tweet["user"], tweet.get("retweeted_status", {}).get("user", {})
    if "id_str" in original:
        is_own = original["id_str"] == author["id_str"]
    else:  # a source of texts knows the other's handle only
        is_own = original.get("screen_name", "").lower() == author.get("screen_name", " ").lower()
    return Post(
        order=order,
        source_id=event.source,
        post_id=f"x:{tweet['id_str']}",
        account_id=f"x:{author['id_str']}",
        posted_at=twitter_time(tweet["created_at"]),
        is_repost="retweeted_status" in tweet,
        is_own_repost=is_own,
        is_reply="in_reply_to_user_id_str" in tweet or (False if "truncated" in tweet else None),
        replied_to_id=_id(tweet.get("in_reply_to_user_id_str")),
        is_quote=tweet.get("is_quote_status"),
        reposts=tweet.get("retweet_count"),
        likes=tweet.get("favorite_count"),
        replies=tweet.get("reply_count"),
        quotes=None,
        views=None,
    )


def _post(order: Order, event: Event) -> Post:
    post = event.data
    named = post.get("referenced_tweets") or post.get("referenced_posts") or []
    kinds = {item["type"] for item in named}
    counts = post["public_metrics"]
    # A repost's text begins "RT @": whoever is mentioned at 3 wrote the original.
    originals = [item["id"] for item in post.get("entities", {}).get("mentions", []) if item["start"] == 3]
    is_repost = bool(kinds & {"retweeted", "reposted"})
    is_whole = "is_whole" in post or "lang" in post
    return Post(
        order=order,
        source_id=event.source,
        post_id=f"x:{post['id']}",
        account_id=f"x:{post['author_id']}",
        posted_at=instant(post["created_at"]),
        is_repost=is_repost if is_whole or named else None,
        is_own_repost=is_repost and originals[:1] == [post["author_id"]],
        is_reply="in_reply_to_user_id" in post or "replied_to" in kinds or (False if is_whole else None),
        replied_to_id=_id(post.get("in_reply_to_user_id")),
        is_quote="quoted" in kinds if is_whole or named else None,
        reposts=counts.get("retweet_count", counts.get("repost_count")),
        likes=counts.get("like_count"),
        replies=counts.get("reply_count"),
        quotes=counts.get("quote_count"),
        views=counts.get("impression_count"),
    )


def _v11_user(order: Order, event: Event) -> Profile:
    user = event.data
    return Profile(
        order,
        event.source,
        f"x:{user['id_str']}",
        user.get("screen_name"),
        twitter_time(user["created_at"]) if "created_at" in user else None,
        user.get("followers_count"),
        user.get("statuses_count"),
    )


def _v2_user(order: Order, event: Event) -> Profile:
    user: dict[str, Any] = dict(event.data)
    counts = user["public_metrics"]
    return Profile(
        order,
        event.source,
        f"x:{user['id']}",
        user["username"],
        instant(user["created_at"]) if "created_at" in user else None,
        counts.get("followers_count"),
        counts.get("tweet_count", counts.get("post_count")),
    )


def _id(native: str | None) -> str | None:
    return None if native is None else f"x:{native}"
