"""What is asked for at once, a unit, and what one answer brings, a page of events."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.collect.outcome import Outcome, Refused
from ingestion.log.events import Event, EventError

PARTS = ("accounts", "posts", "ages", "follows", "volume")
"""What a run can collect: profiles, timelines, posts measured again at fixed ages, who of the roster follows whom, and
the number of posts a day where a platform counts them for less than it sells them."""
UNREADABLE = "\0"
"""The cursor of a page whose answer names a next page in a form that cannot be asked for."""
MOST_ITEMS = 10_000
"""On one page; the largest page of any platform has a thousand."""
LONGEST_CURSOR = 2_000
"""Characters; the cursors of the platforms have a few dozen."""


class PlatformStopped(Exception):
    """The platform refuses any further request of this run: its key, or its quota. The message says which."""


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
        """Make an event of each item of an answer; an item that cannot be read goes to the quarantine under ``name``.

        ``make`` returns None for an item that is somebody else's.

        Raises:
            UnitFailed: the items are not a list, or too many.
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
        """Put one item of an answer into the quarantine."""
        self.outcome.rows += 1
        self.outcome.refuse(name, number, item, reason)

    def add(self, event: Event) -> None:
        """Add the event of an answer that is not a list, or of a subject that a list leaves out."""
        self.outcome.rows += 1
        self._take(event)

    def add_follows(self, event: Event, unit: Unit, most_pages: int) -> None:
        """Add the event of one page of an account's follows; the list ends after ``most_pages`` pages."""
        self.add(event)
        if self.cursor is not None and unit.seen_count + 1 >= most_pages:
            self.cursor, self.limit_code = None, "reach_limit"
        self.got = int(self.cursor is None and not self.unavailable)

    def count_subjects(self) -> None:
        """Count the subjects that the events show, and those that the platform says it does not show."""
        self.unavailable = sum(event.type.endswith(".unavailable") for event in self.events)
        self.got = len(self.events) - self.unavailable

    def seal_cursor(self) -> None:
        """End a page whose cursor is not a short text, because its next page cannot be asked for."""
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


def code_word(word: Any, known: Collection[str] = ()) -> str:
    """Return a code word of a platform as it is, and a fixed phrase in the place of any other text.

    ``known`` are texts of several words that are code words too.
    """
    if word is None or word == "":
        return "without a word"
    return word if isinstance(word, str) and (word in known or _CODE_WORD.fullmatch(word)) else "another reason"


_CODE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
