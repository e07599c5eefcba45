"""Over which days the posts of an account were all seen.

In: the observations of one account's posts and profile, and a tenure. Out: captures, and what they cover of it.
Never: a day that no capture vouches for.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.reference.roster import Tenure, days_between
from tests.support.reference.shapes import Post, Profile

WHOLE_TIMELINE = Fraction(9, 10)
"""A capture with fewer posts than this share of the profile's own count is not the whole timeline."""


@dataclass(frozen=True)
class Capture:
    """What one source saw of one timeline on one day: all posts from ``start`` (None: ever) to ``end``."""

    source: Mapping[str, Any]
    start: datetime | None
    end: datetime
    created_at: datetime | None
    limit: str | None


def captures(
    posts: list[Post], profiles: list[Profile], sources: Mapping[str, Any], reach: int | None
) -> list[Capture]:
    """Return over which time an account's posts were all seen, capture by capture.

    From the account's creation on, or from the oldest post seen where older ones are missing because the platform shows
    no more than its newest ``reach`` posts. With clearly fewer posts than the profile counts and the platform shows, a
    capture is a sample, which has no time.
    """
    seen: dict[tuple[str, date], list[Post]] = defaultdict(list)
    for post in posts:
        seen[post.source_id, post.order.at.date()].append(post)
    created_at = min((profile.created_at for profile in profiles if profile.created_at), default=None)
    found = []
    for (source_id, day), each in seen.items():
        beside = [p for p in profiles if (p.source_id, p.order.at.date()) == (source_id, day)]
        count = len({post.post_id for post in each})
        lifetime = max((p.posts for p in beside if p.posts is not None), default=None)
        shown = [number for number in (lifetime, reach) if number is not None]
        limit = None
        if not shown or count < min(shown) * WHOLE_TIMELINE:
            limit = "incomplete_capture"
        elif lifetime is None or count < lifetime * WHOLE_TIMELINE or max(count, lifetime) >= (reach or count + 1):
            limit = "reach_limit"
        end = max(post.order.at for post in each)
        created = created_at if created_at and created_at <= end else None  # a day after it was seen is wrong
        start = min(post.posted_at for post in each) if limit else created
        start = max(start, created) if start and created else start
        found.append(Capture(sources[source_id], start, end, created, limit))
    return found


class Cover(NamedTuple):
    """What captures tell of a tenure: themselves, how many days they cover, why days or replies are missing."""

    captures: list[Capture]
    days_count: int | None
    reasons: str

    @property
    def are_replies_known(self) -> bool:
        return "source_excludes_replies" not in self.reasons

    @property
    def last(self) -> Capture:
        return max(self.captures, key=lambda capture: (capture.end, capture.source["source_id"]))


def cover(captures: list[Capture], tenure: Tenure, has_posts: bool) -> Cover | None:
    """Return how a tenure is covered; None if nobody looked: that is no days, not zero days.

    A sample covers no day, and tells of a tenure only if a post of it is known.
    """
    own: list[Capture] = []
    days: dict[date, bool] = {}
    for capture in captures:
        first = max(tenure.first_day, capture.start.date() if capture.start else tenure.first_day)
        covered = days_between(first, min(tenure.last_day, capture.end.date()))
        is_sample = capture.limit == "incomplete_capture"
        if covered and (has_posts or not is_sample):
            own.append(capture)
        for day in () if is_sample else covered:
            days[day] = days.get(day, True) and capture.source.get("excludes_replies", False)
    if not own:
        return None
    end = max(capture.end.date() for capture in own)
    created = min((c.created_at.date() for c in own if c.created_at), default=tenure.first_day)
    possible = days_between(max(tenure.first_day, created), min(tenure.last_day, end))
    limits = {capture.limit for capture in own if capture.limit}
    lacks_days = not days.keys() >= set(possible)
    lacks_replies = any(days.values()) if days else any(c.source.get("excludes_replies", False) for c in own)
    reasons = {
        "reach_limit" if "reach_limit" in limits else "incomplete_capture": lacks_days,
        "capture_ended": end < tenure.last_day,
        "source_excludes_replies": lacks_replies,
    }
    is_counted = days and not (lacks_days and "incomplete_capture" in limits)
    return Cover(own, len(days) if is_counted else None, " ".join(name for name, applies in reasons.items() if applies))
