"""What every platform's module is given and gives back: a unit of work, a way to ask, a page of events.

In: nothing. Out: types. Never: a platform's name or shape.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from ingestion.collect.living.budget import Budget, Cost
from ingestion.collect.living.http import Answer, Bucket, Http
from ingestion.collect.outcome import Outcome, Refused
from ingestion.log.events import Event, EventError
from ingestion.roster import account_ids
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.models import Account

PARTS = ("accounts", "posts", "ages", "follows", "volume")
"""What a run can collect: profiles, timelines, posts measured again at fixed ages, edges inside the roster, and the
number of posts a day where a platform counts them for less than it sells them."""


UNREADABLE = "\0"
"""The cursor of a page that says there is a next one, but not so that it can be asked for."""
MOST_ITEMS = 10_000
"""On one page; the largest of any platform has a thousand."""
LONGEST_CURSOR = 2_000
"""Characters; those of the platforms have a few dozen."""


class PlatformStopped(Exception):
    """The platform lets this run go no further: a key it refuses, a quota that is used up. The message says which."""


class UnitFailed(Exception):
    """One unit cannot be collected, others can; the message says why."""


class SubjectRefused(UnitFailed):
    """A unit is refused because of one of its subjects; the others may be asked for without it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Some subjects of one part, asked for together.

    Attributes:
        part: one of ``PARTS``.
        subjects: account ids, in ``accounts`` also accounts listed by their handle, in units of their own; for
            ``ages`` post subjects (``account_id/post``).
        since: for timelines and volumes, the instant back to which to ask.
        cursor: where the next page starts; empty for the first.
        seen_count: rows the earlier pages of this unit brought.
    """

    part: str
    subjects: tuple[str, ...]
    since: str = ""
    cursor: str = ""
    seen_count: int = 0


@dataclass
class Page:
    """One answer as events.

    Attributes:
        at: when the answer came.
        events: in the answer's order.
        outcome: rows, duplicates, refused rows, unknown fields. Rows of others that a feed shows are ``left_out``.
        got: subjects answered; for timelines counted once, with the last page.
        unavailable: subjects the platform says it does not show.
        cursor: where the next page starts; None if this is the last.
        limit_code: why a timeline ended before ``since``; empty if it did not.
        oldest_at: creation time of the oldest post on the page, whether or not it is kept.
        ids: account as listed by its handle -> its id, as the platform showed it under that handle.
    """

    at: str
    events: list[Event] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
    got: int = 0
    unavailable: int = 0
    cursor: str | None = None
    limit_code: str = ""
    oldest_at: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set, repr=False)

    def read(self, name: str, items: Sequence[Any], make: Callable[[Any], Event | None]) -> None:
        """Make an event of each item of an answer; an item that cannot be read goes to the quarantine.

        Args:
            name: of the answer, as it will stand in the quarantine.
            items: as the platform sent them.
            make: returns the event, or None for what is not the subject's own.

        Raises:
            UnitFailed: the items are no list.
        """
        if not isinstance(items, list | tuple):
            raise UnitFailed(f"the platform sent something else than a list of {name}")
        if len(items) > MOST_ITEMS:
            raise UnitFailed(f"the platform sent {len(items):,} {name} on one page")
        for number, item in enumerate(items, start=1):
            self.outcome.rows += 1
            try:
                event = make(item)
            except (Refused, EventError) as error:
                self.outcome.refuse(name, number, item, str(error))
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                self.outcome.refuse(name, number, item, f"a part has an unexpected shape ({type(error).__name__})")
            else:
                self._take(event)

    def refuse(self, name: str, number: int, item: Any, reason: str) -> None:
        """Note one item of an answer that cannot be read."""
        self.outcome.rows += 1
        self.outcome.refuse(name, number, item, reason)

    def add(self, event: Event) -> None:
        """Add the event of an answer that is no list, or of a subject that a list leaves out."""
        self.outcome.rows += 1
        self._take(event)

    def add_follows(self, event: Event, unit: Unit, most_pages: int) -> None:
        """Add the event of one page of an account's follows, which ends the list after ``most_pages`` of them."""
        self.add(event)
        if self.cursor is not None and unit.seen_count + 1 >= most_pages:
            self.cursor, self.limit_code = None, "reach_limit"
        self.got = int(self.cursor is None and not self.unavailable)

    def count_subjects(self) -> None:
        """Count the subjects asked for one by one: those its events show, and those they say are not shown."""
        self.unavailable = sum(event.type.endswith(".unavailable") for event in self.events)
        self.got = len(self.events) - self.unavailable

    def seal_cursor(self) -> None:
        """End a page whose next one cannot be asked for, because where it starts is no short text."""
        cursor: Any = self.cursor
        is_readable = isinstance(cursor, str) and len(cursor) <= LONGEST_CURSOR and cursor.isprintable()
        if cursor is not None and not is_readable:
            self.cursor, self.limit_code, self.got = None, "unreadable", 0

    def _take(self, event: Event | None) -> None:
        if event is None:
            self.outcome.left_out += 1
        elif event.id in self._seen:
            self.outcome.duplicates += 1
        else:
            self._seen.add(event.id)
            self.events.append(event)


def code_word(said: Any, known: Collection[str] = ()) -> str:
    """Return a code word of the platform's as it is, and what it is told by if it is any other text.

    Args:
        said: what stands where a platform has its code words.
        known: texts of several words that are some too.
    """
    if said is None or said == "":
        return "without a word"
    return said if isinstance(said, str) and (said in known or _CODE_WORD.fullmatch(said)) else "another reason"


_CODE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)


class Client:
    """One run's way to one platform: its address, its key, its budget."""

    def __init__(self, http: Http, guard: Budget, base: str, headers: Mapping[str, str] | None = None) -> None:
        self.http, self.base = http, base
        self._guard, self._headers = guard, headers
        self._before = 0

    def resume(self, spent: Cost, requests: int) -> None:
        """Count what the run spent and asked before it was interrupted."""
        self._guard.spent, self._before = spent, requests

    @property
    def spent(self) -> Cost:
        """What the run has cost so far."""
        return self._guard.spent

    @property
    def requests_count(self) -> int:
        """How many requests the run has made so far."""
        return self._before + self.http.requests_count

    def __call__(
        self,
        operation: str,
        url: str,
        params: Mapping[str, str | int] | None = None,
        bucket: Bucket | None = None,
        most: int = 0,
        count: Callable[[Any], int] = lambda _: 0,
    ) -> Answer:
        """Ask once, with retries, and book what it cost.

        Args:
            operation: its name in the price table.
            url: a path below the platform's address, or a whole address.
            params: the query.
            bucket: whose turn to wait for.
            most: resources the answer may bring at most.
            count: returns how many a good answer brought.

        Raises:
            BudgetReached: the answer may cost more than is left; nothing was asked.
            HttpError: no usable answer.
        """
        address = url if "://" in url else f"{self.base}{url}"
        reserved = self._guard.reserve(operation, most)
        resources = 0
        try:
            answer = self.http.get(address, params, self._headers, bucket)
            resources = count(answer.body) if answer.is_ok else 0
        finally:
            self._guard.settle(operation, reserved, resources)
        return answer


@dataclass(frozen=True)
class Context:
    """What a unit may need besides its subjects.

    Attributes:
        source_id: the platform's row in ``roster/sources.csv``.
        accounts: account id -> roster entry, of the accounts whose id is known.
        peers: the platform's own ids of the accounts of the roster.
        exclusions: who must not come in.
    """

    source_id: str
    accounts: Mapping[str, Account]
    peers: frozenset[str]
    exclusions: Exclusions = field(default_factory=Exclusions)

    def event(self, answer: Answer, kind: str, subject: str, dataschema: str, data: Mapping[str, Any]) -> Event:
        """Return what an answer shows as an event of the instant at which it came."""
        return Event(self.source_id, kind, subject, answer.at, dataschema, data, answer.at)


class Platform(Protocol):
    """What a platform's module offers."""

    code: str
    adapter: str
    address: str
    """Where it is asked; for one of many servers a pattern with ``{server}``."""
    key_name: str
    """Environment variable of its key; empty if it needs none."""
    key_header: tuple[str, str]
    """The header the key goes into, and the text before it."""
    parts: Mapping[str, int]
    """The parts it can collect -> how many subjects one request takes."""
    handles: int
    """How many accounts one request for profiles takes by their handle."""
    page_rows: int
    """Posts one page of a timeline brings at most."""
    requests_per_page: Mapping[str, int]
    """Parts for whose pages more than one request is needed -> how many."""

    def operation(self, part: str) -> str:
        """Return the name in the price table of what a part asks for."""

    def posted_at(self, data: Mapping[str, Any]) -> str:
        """Return when a post was made, from its event's data; empty if it is never measured again."""

    def fetch(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for one page of one unit.

        Raises:
            UnitFailed, PlatformStopped, HttpError, BudgetReached: as they say.
        """


@dataclass(frozen=True)
class Workload:
    """What a run has to do on one platform.

    Attributes:
        accounts: the accounts to ask for, as the roster lists them.
        ids: account listed by its handle -> its id, where earlier runs saw it.
        skipped: reason -> how many accounts of the roster are not asked for.
        since: account id -> instant back to which its timeline is not in the log yet.
        posts: post subjects that reach an age at which they are measured again.
        day: the day (UTC) for which this is due.
    """

    accounts: Sequence[str]
    skipped: Mapping[str, int]
    since: Mapping[str, str]
    posts: Sequence[str]
    day: date
    ids: Mapping[str, str] = field(default_factory=dict)

    def subjects(self, part: str) -> list[str]:
        """Return what a part asks for: profiles as the roster lists them, all else of accounts whose id is known."""
        if part == "ages":
            return list(self.posts)
        if part == "accounts":
            return list(self.accounts)
        known = (self.ids.get(account_id, account_id) for account_id in self.accounts)
        return list(dict.fromkeys(account_id for account_id in known if not account_ids.handle(account_id)))
