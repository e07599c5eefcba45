"""Every case there is of a few events: no rule that turns on them is left to chance.

In: nothing. Out: cases on one roster, in which an office and its account pass at noon. Never: a case by chance.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement, product

from tests.support.reference.cases import Case, Link, Place, Post, Profile, Term

KINDS = ("original", "repost", "own_repost", "reply", "self_reply")
INSTANTS = (
    "2015-12-31T23:59:59Z",
    "2016-01-01T00:00:00Z",
    "2016-06-30T11:59:59Z",
    "2016-06-30T12:00:00Z",
    "2016-12-31T23:59:59Z",
    "2017-01-01T00:00:00Z",
)
LIKES = (None, 1)
LATE = Place("pages", 1, "2018-03-01T00:00:00Z")
BEFORE, NOW = Place("pages", 1, "2015-08-01T00:00:00Z"), Place("pages", 1, "2016-03-01T00:00:00Z")
TIMES = ("2016-08-01T00:00:00Z", "2018-03-01T00:00:00Z")
MISSED = ((), ("2016-07-01T00:00:00Z",), ("2017-06-01T00:00:00Z", "2019-01-01T00:00:00Z"))


def cases() -> list[Case]:
    """Return all of them, each once."""
    return list(dict.fromkeys([*posts(), *observations(), *audiences()]))


def _case(posts: tuple[Post, ...], *profiles: Profile) -> Case:
    terms = (Term(0, 0, "2014-01-01", "2016-06-30"), Term(0, 1, "2016-06-30", "", "2016-06-30T12:00:00Z"))
    links = (Link(0, 0, "", "2016-06-30"), Link(0, 1, "2016-06-30", ""))
    seen = (Profile(0, LATE, 100, 3), *profiles)
    return Case((("head_of_state", 0),), ("person", "person"), ("2013-01-01T00:00:00Z",), terms, links, posts, seen)


def posts() -> Iterator[Case]:
    """Yield all sets of up to two posts by kind, instant and what is known of their likes; of three, fewer kinds."""
    few = ("original", "repost", "reply")
    for number, kinds, instants in ((1, KINDS, INSTANTS), (2, KINDS, INSTANTS), (3, few, INSTANTS[2:4])):
        for chosen in combinations_with_replacement(list(product(kinds, instants, LIKES)), number):
            yield _case(tuple(Post(0, at, kind, ((LATE, 2, likes),)) for kind, at, likes in chosen))


def observations(most: int = 4) -> Iterator[Case]:
    """Yield all sequences of up to so many observations of one post, each landed after the one before."""
    seen = list(product(TIMES, ((1, None), (2, 1))))
    for number in range(most + 1):
        for chosen in product(seen, repeat=number):
            landed = tuple((Place("pages", file, at), *counts) for file, (at, counts) in enumerate(chosen, 1))
            for kind, missed in product(("original", "reply", "repost"), MISSED):
                yield _case((Post(0, "2016-06-30T11:59:59Z", kind, landed, missed),))


def audiences() -> Iterator[Case]:
    """Yield a year's audience after each of the year before; some grow to a tie in the tenth decimal."""
    counts = (None, 0, 1, 3, 5, 7, 1024, 3072)
    for before, now in product(counts, repeat=2):
        yield _case((), Profile(0, BEFORE, before, 0), Profile(0, NOW, now, 0))
