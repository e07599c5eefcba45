"""Cases by chance, the same one for the same seed, with every date and instant at which a rule turns.

In: seeds. Out: cases that the roster takes. Never: one that no roster or archive could hold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.support.reference.cases import (
    FIXED,
    VERSIONS,
    Case,
    Line,
    Link,
    Listing,
    Place,
    Post,
    Profile,
    Term,
    is_right,
)

DAYS = """2014-03-01 2015-06-30 2015-12-31 2016-01-01 2016-02-28 2016-02-29 2016-03-01 2016-06-30 2016-07-01 2016-12-31
    2017-01-01 2017-06-30""".split()
TURNS = ("00:00:00", "06:00:00", "11:59:59", "12:00:00", "23:59:59")
INSTANTS = [f"{day}T{hour}Z" for day in DAYS[1:] for hour in TURNS]
KINDS = ("original", "repost", "own_repost", "reply", "self_reply", "quote")
CATEGORIES = ("head_of_state", "head_of_government", "foreign_minister")
MISSED = ("2016-09-01T00:00:00Z", "2017-06-01T00:00:00Z", "2019-01-01T00:00:00Z")
CREATED = ("", "2013-01-01T00:00:00Z", "2016-05-01T12:00:00Z")
LISTED = ("2014-01-01", "2016-04-30", "2016-05-01", "2016-11-01", "2016-11-02", "2017-03-01")
"""Some lie 92 and some 93 days before or after a profile that was seen on 1 August 2016."""
PLACES = [
    *(Place(source_id) for source_id in FIXED if source_id != "pages"),
    Place("late", 2),
    Place("texts"),  # twice as likely, because only it leaves replies out
    Place("pages", 1, "2014-05-01T00:00:00Z"),
    Place("pages", 1, "2015-08-01T00:00:00Z"),
    Place("pages", 1, "2016-08-01T10:00:00Z"),
    Place("pages", 1, "2016-08-01T20:00:00Z"),
    Place("pages", 2, "2016-08-01T10:00:00Z"),
    Place("pages", 2, "2016-06-30T09:00:00Z"),
    Place("pages", 1, "2016-12-31T18:00:00Z"),
    Place("pages", 2, "2018-03-01T00:00:00Z"),
]


def cases(seeds: Iterable[int]) -> list[Case]:
    """Return the cases of the seeds, each once, but for those that no roster takes."""
    drawn = dict.fromkeys(case(Random(seed)) for seed in sorted(seeds))  # noqa: S311
    return [each for each in drawn if is_right(each)]


def case(chance: Random) -> Case:
    """Draw a small roster and what was seen of its accounts; in every third, one holder has them all the time."""
    offices = [(chance.choice(CATEGORIES), chance.randrange(2)) for _ in range(chance.randint(1, 2))]
    terms = [term for office in range(len(offices)) for term in _chain(chance, office)]
    holders = sorted({term.holder for term in terms})
    terms = [replace(term, holder=holders.index(term.holder)) for term in terms]
    kinds = ["person"] * len(holders)
    created = [chance.choice(CREATED) for _ in range(chance.randint(1, 3))]
    if chance.random() < 1 / 3:
        offices, kinds, terms = offices[:1], ["person"], [Term(0, 0, "2014-03-01")]
        links = [Link(account, 0) for account in range(len(created))]
    else:
        if chance.random() < 0.2:
            offices.append(("institution", 0))
            terms.append(Term(len(offices) - 1, len(kinds)))
            kinds.append("institution")
        links = [link for account in range(len(created)) for link in _links(chance, account, len(kinds))]
    posts = [_post(chance, len(created)) for _ in range(chance.randint(0, 8))]
    possible = [post for post in posts if not created[post.account] or post.posted_at > created[post.account]]
    profiles = dict.fromkeys(_profile(chance, len(created)) for _ in range(chance.randint(0, 8)))
    sheet = dict.fromkeys(_line(chance, len(created)) for _ in range(chance.randint(0, 3)))
    listed = [
        Listing(account, chance.choice(LISTED), chance.random() < 0.8)
        for account in range(len(created))
        if chance.random() < 0.3
    ]
    drawn = (offices, kinds, created, terms, links, possible, profiles, sheet, listed)
    return Case(*(tuple(part) for part in drawn))


def smaller(whole: Case) -> Iterator[Case]:
    """Yield the case without each of its parts, as far as the roster takes that."""
    for name in ("terms", "links", "posts", "profiles", "sheet", "listed"):
        parts = getattr(whole, name)
        for place in range(len(parts)):
            lesser = replace(whole, **{name: (*parts[:place], *parts[place + 1 :])})
            if {term.holder for term in lesser.terms} == set(range(len(whole.holders))) and is_right(lesser):
                yield lesser
    for place, post in enumerate(whole.posts):
        for name in ("seen", "missed_at"):
            seen = getattr(post, name)
            for gone in range(len(seen) if name == "missed_at" else len(seen) * (len(seen) > 1)):
                lesser_post = replace(post, **{name: (*seen[:gone], *seen[gone + 1 :])})
                yield replace(whole, posts=(*whole.posts[:place], lesser_post, *whole.posts[place + 1 :]))


def _chain(chance: Random, office: int) -> list[Term]:
    """Draw who held an office one after the other: sharing a day, without a day between, or with a gap."""
    starts = sorted(chance.sample(DAYS[:-1], chance.randint(1, 3)))
    terms = []
    for start, following in zip(starts, [*starts[1:], ""], strict=True):
        if following:
            before = str(date.fromisoformat(following) - timedelta(1))
            end = chance.choice([following, following, before, *(day for day in DAYS if start <= day < following)])
        else:
            end = chance.choice(["", *(day for day in DAYS if day >= start)])
        start_at = f"{start}T{chance.choice(TURNS[1:4])}Z" if chance.random() < 0.3 else ""
        terms.append(Term(office, chance.randrange(3), start, end, start_at))
    return terms


def _links(chance: Random, account: int, holders: int) -> list[Link]:
    """Draw who speaks through an account: one holder, or one after the other."""
    first, *rest = chance.sample(range(holders), min(holders, chance.randint(1, 2)))
    day = chance.choice(["", *DAYS])
    if not rest:
        return [Link(account, first, day, chance.choice(["", *(other for other in DAYS if day and other >= day)]))]
    after = str(date.fromisoformat(day) + timedelta(chance.randrange(2))) if day else ""
    end, start = chance.choice([(day, after), ("", ""), (day, ""), ("", after)])
    return [Link(account, first, "", end), Link(account, rest[0], start, "")]


def _profile(chance: Random, accounts: int) -> Profile:
    followers, posts = chance.choice([None, 0, 3, 1024]), chance.choice([None, 0, 1, 2, 3, 4])
    return Profile(chance.randrange(accounts), chance.choice(PLACES), followers, posts, chance.choice([0, 0, 1, 2]))


def _line(chance: Random, accounts: int) -> Line:
    """Draw a row of the sheet that comes and goes."""
    precision = chance.choice(["day", "month", "year"])
    day = (
        chance.choice(DAYS)[: {"day": 10, "month": 7, "year": 4}[precision]]
        + {"day": "", "month": "-01", "year": "-01-01"}[precision]
    )
    versions = tuple(number for number in range(1, VERSIONS + 1) if chance.random() < 0.6)
    return Line(chance.randrange(accounts), day, chance.choice([0, 5, 2048]), precision, versions)


def _post(chance: Random, accounts: int) -> Post:
    seen = [
        (place, chance.randrange(4), chance.choice([None, 0, 1, 2]))
        for place in chance.choices(PLACES, k=chance.randint(1, 3))
    ]
    missed = chance.sample(MISSED, chance.choice([0, 0, 0, 1, 2]))
    account, posted_at, kind = chance.randrange(accounts), chance.choice(INSTANTS), chance.choice(KINDS)
    return Post(account, posted_at, kind, tuple(seen), tuple(missed))
