"""The figures of one edition once more, from the rules and not from the SQL.

In: the decoded events of a log with their ledger positions, the year, the cut. Out: the rows of ``posts_yearly``,
``tenures_yearly``, ``accounts_yearly`` and ``people_yearly``, a value per column. Never: SQL, DuckDB or dbt; floating
point.

Of accounts and posts it reads the shapes of X, v1.1 and v2; of captures, archives.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.reference.roster import Tenure
from tests.support.reference.shapes import Log, Post, Profile
from tests.support.reference.world import Held, World, class_of, handle, precision, read, stock

Row = dict[str, Any]


class Edition(NamedTuple):
    """The rows of four marts."""

    posts_yearly: list[Row]
    tenures_yearly: list[Row]
    accounts_yearly: list[Row]
    people_yearly: list[Row]


def fold(log: Log, year: int, cut: int) -> Edition:
    """Return one edition's rows."""
    world = read([(position, event) for position, event in log if position <= cut], year)
    tenures = [_tenure_row(world, held) for each in world.held.values() for held in each]
    accounts = [_account_row(world, each) for each in world.held.values() if each]
    posts = [row for each in world.posts.values() for post in each for row in _post_rows(world, post)]
    people: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for each in world.held.values():
        for held in each:
            if held.tenure.holder["holder_kind_code"] == "person":
                people[held.tenure.holder["holder_id"], held.tenure.account["platform_code"]].append(held)
    return Edition(posts, tenures, accounts, [_person_row(world, each) for each in people.values()])


def ratio(numerator: int | None, denominator: int | None) -> Decimal | None:
    """Divide exactly, then round half-even to nine decimals; nothing is known of n / 0."""
    if numerator is None or not denominator:
        return None
    return Decimal(round(Fraction(numerator * 10**9, denominator))).scaleb(-9)


def mean_posts_per_day(tenures: Iterable[Row]) -> dict[str, Decimal | None]:
    """Return the mean of each platform, over the tenures whose posts per day are known; those of a sample are not."""
    known: dict[str, list[Decimal]] = {}
    for row in tenures:
        rates = known.setdefault(row["platform_code"], [])
        rates += [] if row["posts_per_day"] is None else [row["posts_per_day"]]
    return {
        platform: ratio(int(sum(rates).scaleb(9)), len(rates) * 10**9) if rates else None
        for platform, rates in known.items()
    }


def total(values: Iterable[int | None]) -> int | None:
    """Add up; one that is not known makes the sum unknown, and none is zero."""
    known = list(values)
    return None if None in known else sum(value for value in known if value is not None)


def _is_reply_to_other(post: Post) -> bool | None:
    """Say whether a post answers somebody else."""
    if post.is_repost:
        return False
    return post.replied_to_id != post.account_id if post.is_reply else post.is_reply


def _is_original(post: Post) -> bool | None:
    return None if post.is_repost is None else not post.is_repost


def _post_rows(world: World, post: Post) -> list[Row]:
    """Return a post's row for each office held when it was posted, or its only one without office."""
    offices = [held.tenure for held in world.held[post.account_id] if post in held.posts] or [None]
    return [
        {
            "year": world.year,
            "post_id": post.post_id,
            "account_id": post.account_id,
            "posted_at": post.posted_at,
            "is_original": _is_original(post),
            "is_repost": post.is_repost,
            "is_own_repost": None if post.is_repost is None else post.is_own_repost,
            "is_reply_to_other": _is_reply_to_other(post),
            "is_quote": post.is_quote,
            "is_in_office": tenure is not None,
            "holder_id": tenure and tenure.holder["holder_id"],
            "office_code": tenure and tenure.office["office_code"],
            "term_start_date": tenure and _date(tenure.term.get("start_date")),
            "reposts_received_count": post.reposts,
            "likes_received_count": post.likes,
            "replies_received_count": post.replies,
            "quotes_received_count": post.quotes,
            "views_received_count": post.views,
            "engagement_observed_at": post.order.at,
            "is_unavailable": post.post_id in world.missing,
            "unavailable_at": world.missing.get(post.post_id),
            "source_id": post.source_id,
        }
        for tenure in offices
    ]


def _tenure_row(world: World, held: Held) -> Row:
    tenure = held.tenure
    account, term = tenure.account, tenure.term
    return {
        "year": world.year,
        "account_id": account["account_id"],
        "platform_code": account["platform_code"],
        "handle": handle(world, account["account_id"]),
        "country_code": tenure.office["country_code"],
        "holder_id": tenure.holder["holder_id"],
        "holder_name": tenure.holder["holder_name"],
        "office_code": tenure.office["office_code"],
        "account_type_code": account["account_type_code"],
        "term_start_date": _date(term.get("start_date")),
        "term_end_date": _date(term.get("end_date")),
        "term_evidence_url": term["evidence_url"],
        "counts_from_date": tenure.first_day,
        "counts_until_date": tenure.last_day,
        **_audience(world, tenure),
        **_activity(world, held),
    }


def _account_row(world: World, own: list[Held]) -> Row:
    """Return an account's row: its tenure that ended last in the year; of equals the one begun last, then by name."""
    last = min(own, key=lambda held: (-held.tenure.end.timestamp(), -held.tenure.start.timestamp(), _name(held.tenure)))
    row = {name: value for name, value in _tenure_row(world, last).items() if name not in TENURE_ONLY}
    return row | {"is_current": last.tenure.end == datetime(world.year + 1, 1, 1, tzinfo=UTC)}


TENURE_ONLY = ("term_end_date", "term_evidence_url")
"""What the row of a tenure tells and that of an account does not."""


def _name(tenure: Tenure) -> str:
    """Return what tells the tenures of an account apart, in the order of their keys."""
    parts = (tenure.office["office_code"], tenure.holder["holder_id"], tenure.term.get("start_date"))
    return "/".join(part for part in parts if part)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _activity(world: World, held: Held) -> Row:
    """Return what was posted in office and how it was received; nothing where nobody looked, zeros if nobody posted."""
    seen, posts = held.cover, held.posts
    if seen is None:
        return dict.fromkeys(ACTIVITY)
    shown = [p for p in posts if p.is_repost is False and p.post_id not in world.missing and p.reposts is not None]
    top = min(shown, key=lambda post: (-(post.reposts or 0), post.posted_at, post.post_id), default=None)
    return {
        **_counts(posts, seen.are_replies_known),
        "reposts_made_count": total(post.is_repost for post in posts),
        "posts_per_day": ratio(len(posts), seen.days_count),
        "days_count": seen.days_count,
        "unavailable_posts_count": sum(post.post_id in world.missing for post in posts),
        "top_post_id": top and top.post_id,
        "top_post_reposts_count": top and top.reposts,
        "engagement_observed_at": max((post.order.at for post in posts), default=seen.last.end),
        "is_partial": bool(seen.reasons),
        "partial_reason": seen.reasons or None,
        "source_id": seen.last.source["source_id"],
    }


ACTIVITY = """posts_count original_posts_count reposts_made_count replies_to_others_count reply_share
    reposts_received_count likes_received_count reposts_per_original_post likes_per_original_post posts_per_day
    days_count unavailable_posts_count top_post_id top_post_reposts_count engagement_observed_at is_partial
    partial_reason source_id""".split()


def _counts(posts: list[Post], are_replies_known: bool) -> Row:
    """Return the figures that accounts and people share; engagement is of original posts only."""
    original = [post for post in posts if post.is_repost is not True]
    originals = total(_is_original(post) for post in posts)
    answers = [_is_reply_to_other(post) for post in posts]
    replies = total(answers) if are_replies_known else None
    reposts, likes = (
        None if originals is None else total(getattr(post, name) for post in original) for name in ("reposts", "likes")
    )
    return {
        "posts_count": len(posts),
        "original_posts_count": originals,
        "replies_to_others_count": replies,
        "reply_share": ratio(replies, len(posts)),
        "reposts_received_count": reposts,
        "likes_received_count": likes,
        "reposts_per_original_post": ratio(reposts, originals),
        "likes_per_original_post": ratio(likes, originals),
    }


def _audience(world: World, tenure: Tenure) -> Row:
    now, before = stock(world, tenure, world.year), stock(world, tenure, world.year - 1)
    grown = ratio(now.followers, before.followers) if now and before else None
    return {
        "audience_code": now and "followers",
        "audience_count": now and now.followers,
        "audience_at": now and now.order.at,
        "audience_precision_code": now and precision(world.sources, now),
        "audience_rounding_code": now and "exact",
        "audience_class_code": now and class_of(world, now),
        "audience_source_id": now and now.source_id,
        "previous_audience_count": before and before.followers,
        "previous_audience_at": before and before.order.at,
        "previous_audience_class_code": before and class_of(world, before),
        "previous_audience_source_id": before and before.source_id,
        "audience_growth_share": None if grown is None else grown - 1,
        "audience_growth_days_count": None
        if grown is None or now is None or before is None
        else (now.order.at.date() - before.order.at.date()).days,
    }


def _person_row(world: World, own: list[Held]) -> Row:
    """Return what a person did on a platform over all offices and accounts; a day, a post, an account counts once."""
    holder = own[0].tenure.holder
    terms = world.terms[holder["holder_id"]]
    days = {day for _, each in terms for day in each}
    accounts: dict[str, list[Held]] = defaultdict(list)
    for held in own:
        accounts[held.tenure.account["account_id"]].append(held)
    collected = [held for each in accounts.values() if any(held.cover for held in each) for held in each]
    counts = _counts(
        list({post.post_id: post for held in collected for post in held.posts}.values()),
        all(held.cover.are_replies_known for held in collected if held.cover),
    )
    stocks = [stock for each in accounts.values() if (stock := _last_stock(world, each))]
    return {
        "year": world.year,
        "holder_id": holder["holder_id"],
        "platform_code": own[0].tenure.account["platform_code"],
        "holder_name": holder["holder_name"],
        "wikidata_id": holder.get("wikidata_id"),
        "country_codes": " ".join(sorted({office["country_code"] for office, _ in terms})),
        "office_codes": " ".join(sorted({office["office_code"] for office, _ in terms})),
        "first_date": min(days),
        "last_date": max(days),
        "days_in_office_count": len(days),
        "account_ids": " ".join(sorted(accounts)),
        "accounts_count": len(accounts),
        "collected_accounts_count": len({held.tenure.account["account_id"] for held in collected}),
        **(counts if collected else dict.fromkeys(counts)),
        "audience_code": "followers" if stocks else None,
        "audience_accounts_count": len(stocks),
        "audience_count": sum(stock.followers or 0 for stock in stocks) if stocks else None,
        "audience_at": max((stock.order.at for stock in stocks), default=None),
        # A term that nobody collected is missing days, as is a part of one.
        "is_partial": any(not held.cover or bool(held.cover.reasons) for held in collected) if collected else None,
    }


def _last_stock(world: World, own: list[Held]) -> Profile | None:
    """Return an account's audience as last observed in office; what was printed stays out."""
    stocks = [found for held in own if (found := stock(world, held.tenure, world.year))]
    observed = [found for found in stocks if class_of(world, found) == "observed"]
    return max(observed, key=lambda found: found.order, default=None)
