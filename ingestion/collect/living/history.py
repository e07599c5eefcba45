"""What earlier runs over one platform left in the log: how far each timeline is known, which posts are due again.

Segments are read backwards, as far as the year, the last age and the first listing by a handle need. Runs that lie
ahead of now are passed over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from ingestion.clock import MOST_APART
from ingestion.log import segments
from ingestion.log.events import Event, EventError, instant
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError

AGES = (1, 7, 30)
"""Days after which a post is measured again: within the day that follows, or not at all."""

JOIN_DAYS = 92
"""Days before or after its listing within which a handle must be seen; later it may be somebody else's."""

_TRUSTED_LIMITS = ("", "reach_limit")
"""Limits of a timeline beyond which the next run need not go back."""


@dataclass
class History:
    """What the log holds of one platform's runs.

    Attributes:
        until: account id -> instant up to which its timeline was last collected completely.
        ids: account listed by its handle -> each id that it was seen with -> the days (UTC) of the runs.
        posts: post subject -> when it was made and when it was last seen.
        ahead: when the last run that lies ahead of now ended; empty if none does.
    """

    until: dict[str, str] = field(default_factory=dict)
    ids: dict[str, dict[str, list[date]]] = field(default_factory=dict)
    posts: dict[str, tuple[str, str]] = field(default_factory=dict)
    ahead: str = ""

    def id_of(self, listed: str, listed_date: date) -> str:
        """Return the id of an account listed by its handle; empty if no id was seen in time, or more than one id."""
        seen = self.ids.get(listed, {})
        in_time = [
            account_id
            for account_id, days in seen.items()
            if any(abs((day - listed_date).days) <= JOIN_DAYS for day in days)
        ]
        return in_time[0] if len(seen) == 1 and in_time else ""

    def due(self, now: datetime) -> list[str]:
        """Return the posts that reached an age within the last day and were not seen since, in order."""
        windows = [(instant(now - timedelta(days=age + 1)), instant(now - timedelta(days=age)), age) for age in AGES]
        return sorted(
            subject
            for subject, (posted, seen) in self.posts.items()
            for after, before, age in windows
            if after < posted <= before and seen < _later(posted, age)
        )


def read(
    ledger: Ledger,
    source_id: str,
    now: datetime,
    posted_at: Callable[[Mapping[str, Any]], str],
    listed: Sequence[date] = (),
    present: datetime | None = None,
) -> History:
    """Read what the runs of this year and the last month left, and the ids that earlier runs saw.

    Args:
        ledger: the log.
        source_id: the source of the runs.
        now: the instant at which the new run began.
        posted_at: returns when a post was made, from its data; empty if it is never measured again.
        listed: when accounts were listed by their handles; ids are wanted since the first of these days.
        present: what time it is, if the new run began earlier.
    """
    history = History()
    recent = instant(now - timedelta(days=max(AGES) + 2))
    oldest = min(recent, f"{now.year}-01-01T00:00:00Z")
    first = min([oldest, *(str(day - timedelta(days=JOIN_DAYS)) for day in listed)])
    latest = instant((present or now) + MOST_APART)
    is_past = False
    for entry in reversed(ledger.current()):
        if entry.source != source_id or not entry.rows:
            continue
        finished = None
        observed: dict[str, tuple[str, str]] = {}
        for event in _events(ledger, entry.name, recent):
            if event.type == "post.observed":
                posted = posted_at(event.data)
                if posted > recent:
                    known = observed.get(event.subject) or history.posts.get(event.subject) or ("", "")
                    observed[event.subject] = (posted, max(event.time, known[1]))
            elif event.type == "collection.finished":
                finished = event
        if finished and finished.time > latest:
            history.ahead = max(history.ahead, finished.time)
            continue
        history.posts |= observed
        if finished:
            for name, seen in finished.data.get("ids", {}).items():
                day = datetime.fromisoformat(finished.time).date()
                history.ids.setdefault(name, {}).setdefault(seen, []).append(day)
            for timeline in finished.data.get("timelines", ()):
                if timeline["limit_code"] in _TRUSTED_LIMITS and not is_past:
                    history.until.setdefault(timeline["account_id"], timeline["until"])
            is_past = is_past or finished.time < oldest
            if finished.time < first:
                break
    return history


def _events(ledger: Ledger, name: str, recent: str) -> Iterator[Event]:
    """Yield the events of a recent segment, and only the last event, ``collection.finished``, of an older one."""
    last = b""
    path = ledger.segments / name
    try:
        for last in segments.lines(path):
            if orjson.loads(last)["time"] >= recent:
                yield from segments.read(path)
                return
        yield Event.decode(last)
    except (EventError, orjson.JSONDecodeError, KeyError) as error:
        raise LogError(f"{path} is damaged ({error}); restore it from the backup of the log") from error


def _later(moment: str, days: int) -> str:
    return instant(datetime.fromisoformat(moment) + timedelta(days=days))
