"""What a log says up to the cut, sorted by whom it is of.

In: decoded events with their ledger positions, the year. Out: a world. Never: a figure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from tests.support.reference import shapes
from tests.support.reference.captures import Cover, captures, cover
from tests.support.reference.roster import (
    Days,
    Tenure,
    days_between,
    entries,
    ids_of_handles,
    tenures,
    terms_within,
    under_ids,
)
from tests.support.reference.shapes import Log, Post, Profile


class Held(NamedTuple):
    """A tenure, how its posts were collected (None: not at all) and the posts that fall into it."""

    tenure: Tenure
    cover: Cover | None
    posts: list[Post]


@dataclass(frozen=True)
class World:
    """What the log says up to the cut, sorted by whom it is of."""

    year: int
    terms: Mapping[str, Days]
    sources: Mapping[str, Mapping[str, Any]]
    held: Mapping[str, list[Held]]
    handles: Mapping[str, list[tuple[datetime, int, str]]]
    stocks: Mapping[str, list[Profile]]
    windows: Mapping[int, tuple[date, date]]
    posts: Mapping[str, list[Post]]
    missing: Mapping[str, datetime]


def read(log: Log, year: int) -> World:
    """Return what the events say of one year."""
    roster = entries(log)
    log = shapes.standing(log, roster["sources"])
    sources = {row["source_id"]: row for row in roster["sources"]}
    posts = shapes.posts(log, {source_id for source_id, row in sources.items() if row.get("excludes_replies")})
    profiles = grouped(shapes.profiles(log))
    sightings = [(p.handle, p.account_id, p.order.at.date()) for each in profiles.values() for p in each if p.handle]
    ids = ids_of_handles(roster, sightings)
    roster = {**roster, **under_ids(roster, ids)}
    reach = {row["platform_code"]: row.get("timeline_reach_count") for row in roster["platforms"]}
    latest = [shapes.completed(each) for each in grouped(posts, "post_id").values()]
    in_year = grouped(post for post in latest if post.posted_at.year == year)
    seen = {
        account_id: captures(each, profiles.get(account_id, []), sources, reach.get(account_id.partition(":")[0]))
        for account_id, each in grouped(posts).items()
    }
    held: dict[str, list[Held]] = {row["account_id"]: [] for row in roster["accounts"]}
    for tenure in tenures(roster, year):
        account_id = tenure.account["account_id"]
        own = [post for post in in_year.get(account_id, []) if tenure.start <= post.posted_at < tenure.end]
        held[account_id].append(Held(tenure, cover(seen.get(account_id, []), tenure, has_posts=bool(own)), own))
    stocks = grouped([*shapes.profiles(log), *shapes.sheets(log)])
    editions = {int(row["year"]) for row in roster["editions"]}
    return World(
        year=year,
        terms=terms_within(roster, year),
        sources=sources,
        held=held,
        handles=_handles(log, profiles, ids),
        stocks=stocks,
        windows={each: _window(roster, stocks, sources, each) for each in editions & {year - 1, year}},
        posts={account_id: each for account_id, each in in_year.items() if account_id in held},
        missing=_missing(log, posts),
    )


def grouped(things: Iterable[Any], name: str = "account_id") -> dict[str, list[Any]]:
    """Return the things by one of their attributes."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for thing in things:
        groups[getattr(thing, name)].append(thing)
    return groups


def _handles(
    log: Log, profiles: Mapping[str, list[Profile]], ids: Mapping[str, str]
) -> dict[str, list[tuple[datetime, int, str]]]:
    """Return when each account was listed or seen under which handle, in order of time; of one day the last listing."""
    listed: dict[tuple[str, datetime], tuple[int, str]] = {}
    for position, event in log:
        if event.dataschema == "roster/accounts/1" and event.type != "roster.entry_ended":
            at = datetime.fromisoformat(event.data["listed_date"]).replace(tzinfo=UTC)
            account_id = event.data["account_id"]
            listed[account_id, at] = max(listed.get((account_id, at), (0, "")), (position, event.data["handle"]))
    seen: dict[str, list[tuple[datetime, int, str]]] = defaultdict(list)
    for (account_id, at), (position, handle) in listed.items():
        seen[ids.get(account_id, account_id)].append((at, position, handle))
    for account_id, each in profiles.items():
        seen[account_id] += [(p.order.at, p.order.position, p.handle) for p in each if p.handle]
    return {account_id: sorted(each) for account_id, each in seen.items()}


def _missing(log: Log, posts: list[Post]) -> dict[str, datetime]:
    """Return when each post was first seen missing after it was last shown."""
    shown = {post_id: max(post.order.at for post in each) for post_id, each in grouped(posts, "post_id").items()}
    missing: dict[str, datetime] = {}
    for post_id, at in shapes.missed(log):
        if post_id in shown and at >= shown[post_id]:
            missing[post_id] = min(at, missing.get(post_id, at))
    return missing


def handle(world: World, account_id: str) -> str:
    """Return the handle as last seen by the year's end, or as first seen later."""
    seen = world.handles[account_id]
    in_time = [handle for at, _, handle in seen if at.year <= world.year]
    return in_time[-1] if in_time else seen[0][2]


def stock(world: World, tenure: Tenure, year: int) -> Profile | None:
    """Return the audience of a year: counted within the list's time rather than before or after it, then the latest."""
    first, last = world.windows.get(year, (date.max, date.min))

    def worth(profile: Profile) -> tuple[bool, bool, shapes.Order]:
        begin, end = span(world.sources, profile)
        return class_of(world, profile) == "observed", first <= begin and end <= last, profile.order

    own = world.stocks.get(tenure.account["account_id"], [])
    return max((each for each in own if _is_of(world.sources, tenure, each, year)), key=worth, default=None)


def _is_of(sources: Mapping[str, Any], tenure: Tenure, profile: Profile, year: int) -> bool:
    """Say whether a count is of a year, and of this holder on every day it may be of."""
    first, last = span(sources, profile)
    begin, end = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (first, last + timedelta(1)))
    is_held = tenure.held_from <= begin and end <= tenure.held_until
    return profile.followers is not None and first.year == last.year == year and is_held


def _window(
    roster: Mapping[str, Any], stocks: Mapping[str, list[Profile]], sources: Mapping[str, Any], year: int
) -> tuple[date, date]:
    """Return the 92 days of a year in which most of the accounts in office at its end were counted; of equals the last.

    Tried day by day: each day is the last one of a window.
    """
    counted: dict[str, set[date]] = defaultdict(set)
    close = datetime(year + 1, 1, 1, tzinfo=UTC)
    for tenure in tenures(roster, year):
        account_id = tenure.account["account_id"]
        for profile in stocks.get(account_id, []) if tenure.end == close else []:
            if _is_of(sources, tenure, profile, year) and sources[profile.source_id]["class_code"] == "observed":
                first, last = span(sources, profile)
                earliest, latest = (
                    max(last, date(year, 1, 1) + timedelta(91)),
                    min(first + timedelta(91), date(year, 12, 31)),
                )
                counted[account_id] |= set(days_between(earliest, latest))
    ends = Counter(day for days in counted.values() for day in days)
    end = max(ends, key=lambda day: (ends[day], day), default=date.min + timedelta(91))
    return end - timedelta(91), end


def class_of(world: World, profile: Profile) -> str:
    """Say whether it was observed on the platform or published by a study."""
    return str(world.sources[profile.source_id]["class_code"])


def precision(sources: Mapping[str, Any], profile: Profile) -> str:
    """Say how well the day is known: as its row says, or all rows of its source."""
    return profile.precision or str(sources[profile.source_id]["observed_precision_code"])


def span(sources: Mapping[str, Any], profile: Profile) -> tuple[date, date]:
    """Return the first and the last day that a count may be of."""
    return _span(profile.order.at.date(), precision(sources, profile))


def _span(day: date, precision: str) -> tuple[date, date]:
    """Return the first and the last day that a date of such precision may mean."""
    if precision == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if precision == "month":
        next_month = (day.replace(day=1) + timedelta(31)).replace(day=1)
        return day.replace(day=1), next_month - timedelta(1)
    return day, day
