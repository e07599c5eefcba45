"""One run over one platform: units asked for in threads, kept page by page, sealed as one segment.

The segment ends in ``collection.finished``, which says what was asked for, got, unavailable, skipped and left undone,
and what it cost. What the journal has is not asked for again.
"""

import gc
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any

from ingestion.clock import Clock, Stopped
from ingestion.collect.finished import RunFinished
from ingestion.collect.living.budget import BudgetReached, Cost
from ingestion.collect.living.http import HttpError
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import Page, PlatformStopped, SubjectRefused, Unit, UnitFailed, code_word
from ingestion.collect.living.platform import Client
from ingestion.collect.living.summary import MOST_LISTED, capped, count_answered, summary
from ingestion.collect.living.workload import Job, Pages, units
from ingestion.collect.outcome import OTHER_NAMES, Refused
from ingestion.log import segments
from ingestion.log.events import event_type, instant
from ingestion.log.ledger import Ledger

MOST_PAGES = 2_500
"""Pages of one unit in one run. Mastodon has the smallest pages, 40 posts; these are 100,000 posts."""


class Run:
    """Works through the units of a job and keeps what each page brought in the journal at once."""

    def __init__(self, job: Job, client: Client, journal: Journal, clock: Clock, pages: Pages) -> None:
        self.job = job
        self.pages = list(pages)
        self.undone: list[dict[str, Any]] = []
        self.reason = ""
        self._is_stopped = False
        self.client, self._journal, self._clock = client, journal, clock
        self._lock = threading.Lock()
        spent = (Cost(Decimal(page["usd"]), page["quota_units"]) for page in pages)
        client.resume(
            max(spent, key=lambda cost: (cost.usd, cost.units), default=Cost()),
            max((page["requests"] for page in pages), default=0),
        )

    def work(self, threads: int, step: Callable[[Unit], None]) -> None:
        """Ask for everything that is left; call ``step`` after each unit.

        Raises:
            KeyboardInterrupt: somebody interrupted the run; what was got stays in the journal.
        """
        todo = units(self.job, self.pages)
        with _rare_garbage_collection(), ThreadPoolExecutor(max_workers=threads) as pool:
            futures = [pool.submit(self._collect, unit, step) for unit in todo]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self._clock.stop()
                pool.shutdown(wait=True, cancel_futures=True)
                self._clock.go_on()  # the runs over other platforms wait by the same clock
                raise

    def _collect(self, unit: Unit, step: Callable[[Unit], None]) -> None:
        try:
            self._ask_for(unit)
        except BaseException:  # e.g. of a full disk: other threads could keep no answer either
            self._is_stopped = True
            raise
        step(unit)

    def _ask_for(self, unit: Unit) -> None:
        """Ask for one page after the other and keep each, to the unit's last page."""
        cursors, before = {unit.cursor}, set[str]()
        while page := self._fetch(unit):
            subjects = {event.subject for event in page.events}
            is_same = unit.part == "posts" and bool(subjects) and subjects <= before
            if page.cursor in cursors or is_same:  # the platform's paging is at fault
                page.outcome.duplicates += sum(event.subject in before for event in page.events)
                page.events = [event for event in page.events if event.subject not in before]
                page.cursor, page.limit_code, page.got = None, "repeating", int(not page.unavailable)
            self._keep(unit, page)
            if page.cursor is None:
                return
            if len(cursors) == MOST_PAGES:
                self._leave(unit, f"it does not end after {MOST_PAGES:,} pages")
                return
            cursors.add(page.cursor)
            before = subjects
            unit = replace(unit, cursor=page.cursor, seen_count=unit.seen_count + page.outcome.rows)

    def _fetch(self, unit: Unit) -> Page | None:
        """Ask for one page; where there is none, note what is undone and why.

        A unit that is refused because of one of its subjects is asked for in two halves.
        """
        if self._is_stopped:
            self._leave(unit, self.reason)
            return None
        try:
            page = self.job.platform.fetch(unit, self.client, self.job.context)
            page.seal_cursor()
        except PlatformStopped as error:
            self.reason, self._is_stopped = str(error), True
            self._leave(unit, self.reason)
        except BudgetReached as error:  # cheaper requests may still be covered
            self.reason = self.reason or str(error)
            self._leave(unit, str(error))
        except SubjectRefused as error:
            if len(unit.subjects) == 1:
                self._leave(unit, str(error))
            else:
                middle = len(unit.subjects) // 2
                for half in (unit.subjects[:middle], unit.subjects[middle:]):
                    self._ask_for(replace(unit, subjects=half))
        except (HttpError, UnitFailed) as error:
            self._leave(unit, str(error))
        except Stopped:
            self._leave(unit, "the run was ended while it waited")
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            self._leave(unit, f"the answer has an unexpected shape ({_kind(error)})")
        else:
            return page
        return None

    def _keep(self, unit: Unit, page: Page) -> None:
        missing = count_answered(unit, page)
        admitted = [kept for event in page.events if (kept := self.job.context.exclusions.admit(event))]
        page.outcome.left_out += len(page.events) - len(admitted)
        page.events = admitted
        closing = {
            "part": unit.part,
            "subjects": unit.subjects,
            "since": unit.since,
            "cursor": page.cursor,
            "at": page.at,
            "oldest_at": page.oldest_at,
            "limit_code": page.limit_code,
            "got": page.got,
            "unavailable": page.unavailable,
            "missing": missing,
            "ids": page.ids,
            "rows": page.outcome.rows,
            "duplicates": page.outcome.duplicates,
            "left_out": page.outcome.left_out,
            "quarantined": page.outcome.quarantined,
            **({"unlisted": dict(page.outcome.unlisted)} if page.outcome.unlisted else {}),
            "unknown_fields": capped(page.outcome.unknown_fields, MOST_LISTED, OTHER_NAMES),
            "requests": self.client.requests_count,
            "usd": str(self.client.spent.usd),
            "quota_units": self.client.spent.units,
        }
        self._journal.append(page.events, closing)
        with self._lock:
            self.pages.append(closing)

    def _leave(self, unit: Unit, reason: str) -> None:
        with self._lock:
            self.undone.append({"part": unit.part, "subjects": list(unit.subjects), "reason": reason})

    def seal(self, ledger: Ledger, say: Callable[[str], None]) -> RunFinished:
        """Write the journal's events and what became of the run as one segment, and remove the journal."""
        source_id, made_of = self.job.context.source_id, self._journal.sha256()
        finished_at = instant(self._clock.now())
        counts: Counter[str] = Counter()
        closing: list[RunFinished] = []

        def lines() -> Iterator[bytes]:
            held = self._journal.lines()
            while batch := list(islice(held, segments.BATCH)):
                counts.update(map(event_type, batch))
                yield from batch
            finished = summary(self.job, self.pages, self.undone, self.reason, counts, finished_at)
            finished.requests = self.client.requests_count
            finished.spent = {"usd": str(self.client.spent.usd), "quota_units": self.client.spent.units}
            closing.append(finished)
            yield finished.event(source_id, self.job.started_at, finished_at).encode()

        with ledger.writing(say):
            ledger.sweep()
            ledger.append(segments.write_lines(ledger.segments, source_id, lines()), source_id, made_of)
        self._journal.close()
        return closing[0]


def _kind(error: Exception) -> str:
    """Return the kind of an error and the name that it misses; never any other word of the answer."""
    if isinstance(error, Refused):
        return str(error)
    missing = error.args[0] if isinstance(error, KeyError) and error.args else ""
    return type(error).__name__ + (f": {missing}" if code_word(missing) == missing else "")


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Let Python search for reference cycles seldom.

    A page is thousands of objects without a cycle; searching them takes a tenth of a run.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
