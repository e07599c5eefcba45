"""One run over one platform: what is due, asked for in bounded threads, kept page by page, sealed as one segment.

In: what is due, a platform's module and a way to ask it. Out: one segment that ends in ``collection.finished``, which
says what was asked, got, unavailable, skipped and left undone, and what it cost. Never: DuckDB, or a question whose
answer the journal has.
"""

import gc
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from ingestion.clock import Clock, Stopped
from ingestion.collect.living.budget import BudgetReached, Cost
from ingestion.collect.living.http import HttpError
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import (
    Client,
    Context,
    Page,
    Platform,
    PlatformStopped,
    SubjectRefused,
    Unit,
    UnitFailed,
    Workload,
    code_word,
)
from ingestion.collect.outcome import MOST_REASONS, OTHER_NAMES, OTHER_REASONS, Refused
from ingestion.log import segments
from ingestion.log.events import Event, event_type, instant
from ingestion.log.ledger import Ledger
from ingestion.roster import account_ids

SCHEMA = "collection/run/1"
SCHEMA_WITH_IDS = "collection/run/2"
SCHEMA_WITH_UNLISTED = "collection/run/3"
"""It counts the refused rows that are not in the list, and may have ids."""
MOST_LISTED = 1_000
"""Refused rows, and names of unknown fields, that a run's sum has by themselves; it counts the others together."""
MOST_PAGES = 2_500
"""Pages of one unit in one run. At the 40 posts that a page of Mastodon has, the smallest, these are 100,000 posts."""
SHOWN = 5
"""Reasons that stand in one sentence."""
Pages = Sequence[Mapping[str, Any]]
"""What the journal keeps of each page besides its events."""


@dataclass(frozen=True)
class Job:
    """One run: on which platform, what is due, which parts of it, since when it runs."""

    platform: Platform
    context: Context
    workload: Workload
    parts: Sequence[str]
    started_at: str


def units(job: Job, pages: Pages = ()) -> list[Unit]:
    """Return what is still to be asked for, in order: what the pages do not answer yet.

    Args:
        job: the run.
        pages: those the journal has.
    """
    done = {(page["part"], subject) for page in pages if page["cursor"] is None for subject in page["subjects"]}
    begun = {(page["part"], page["subjects"][0]): page["cursor"] for page in pages}
    rows = Counter[tuple[str, str]]()
    for page in pages:
        rows[page["part"], page["subjects"][0]] += page["rows"]
    todo = []
    for part in job.parts:
        left = [subject for subject in job.workload.subjects(part) if (part, subject) not in done]
        for batch in _batches(part, left, job.platform):
            key = (part, batch[0])
            unit = Unit(part, batch, job.workload.since[batch[0]] if part in ("posts", "volume") else "")
            todo.append(replace(unit, cursor=begun[key], seen_count=rows[key]) if key in begun else unit)
    return todo


def _batches(part: str, subjects: Sequence[str], platform: Platform) -> Iterator[tuple[str, ...]]:
    """Yield the subjects that are asked for together: those known by their id, then those by their handle."""
    by_id = [subject for subject in subjects if part == "ages" or not account_ids.handle(subject)]
    by_handle = [subject for subject in subjects if part != "ages" and account_ids.handle(subject)]
    for alike, size in ((by_id, platform.parts[part]), (by_handle, platform.handles if by_handle else 1)):
        for first in range(0, len(alike), size):
            yield tuple(alike[first : first + size])


class Run:
    """Works through the units of a job; what each page brought goes to the journal at once."""

    def __init__(self, job: Job, client: Client, journal: Journal, clock: Clock, pages: Pages) -> None:
        self.job = job
        self.pages = list(pages)
        self.undone: list[dict[str, Any]] = []
        self.reason = ""
        self._is_stopped = False
        self._ask, self._journal, self._clock = client, journal, clock
        self._lock = threading.Lock()
        client.resume(
            max((Cost(Decimal(page["usd"]), page["quota_units"]) for page in pages), key=_size, default=Cost()),
            max((page["requests"] for page in pages), default=0),
        )

    def work(self, threads: int, step: Callable[[Unit], None]) -> None:
        """Ask for everything that is left; call ``step`` after each unit.

        Raises:
            KeyboardInterrupt: as it came; what was got stays in the journal.
        """
        todo = units(self.job, self.pages)
        with _collecting_garbage_seldom(), ThreadPoolExecutor(max_workers=threads) as pool:
            futures = [pool.submit(self._collect, unit, step) for unit in todo]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self._clock.stop()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _collect(self, unit: Unit, step: Callable[[Unit], None]) -> None:
        try:
            self._ask_for(unit)
        except BaseException:  # such as of a full disk: whoever asks on in other threads could keep no answer
            self._is_stopped = True
            raise
        step(unit)

    def _ask_for(self, unit: Unit) -> None:
        cursors, before = {unit.cursor}, set[str]()
        while True:
            if self._is_stopped:
                self._leave(unit, self.reason)
                break
            try:
                page = self.job.platform.fetch(unit, self._ask, self.job.context)
                page.seal_cursor()
            except PlatformStopped as error:
                self.reason, self._is_stopped = str(error), True
                continue
            except BudgetReached as error:  # what costs less may still be asked
                self.reason = self.reason or str(error)
                self._leave(unit, str(error))
                break
            except SubjectRefused as error:
                if len(unit.subjects) == 1:
                    self._leave(unit, str(error))
                    break
                middle = len(unit.subjects) // 2
                self._ask_for(replace(unit, subjects=unit.subjects[:middle]))
                unit = replace(unit, subjects=unit.subjects[middle:])
                continue
            except (HttpError, UnitFailed) as error:
                self._leave(unit, str(error))
                break
            except Stopped:
                return
            except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
                self._leave(unit, f"the answer has an unexpected shape ({_said(error)})")
                break
            subjects = {event.subject for event in page.events}
            is_same = unit.part == "posts" and bool(subjects) and subjects <= before
            if page.cursor in cursors or is_same:  # the platform's paging is at fault
                page.outcome.duplicates += sum(event.subject in before for event in page.events)
                page.events = [event for event in page.events if event.subject not in before]
                page.cursor, page.limit_code, page.got = None, "repeating", int(not page.unavailable)
            self._keep(unit, page)
            if page.cursor is None:
                break
            if len(cursors) == MOST_PAGES:
                self._leave(unit, f"it does not end after {MOST_PAGES:,} pages")
                break
            cursors.add(page.cursor)
            before = subjects
            unit = replace(unit, cursor=page.cursor, seen_count=unit.seen_count + page.outcome.rows)

    def _keep(self, unit: Unit, page: Page) -> None:
        missing = _count(unit, page)
        admitted = [left for event in page.events if (left := self.job.context.exclusions.admit(event))]
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
            "unknown_fields": _capped(page.outcome.unknown_fields, MOST_LISTED, OTHER_NAMES),
            "requests": self._ask.requests_count,
            "usd": str(self._ask.spent.usd),
            "quota_units": self._ask.spent.units,
        }
        self._journal.append(page.events, closing)
        with self._lock:
            self.pages.append(closing)

    def _leave(self, unit: Unit, reason: str) -> None:
        with self._lock:
            self.undone.append({"part": unit.part, "subjects": list(unit.subjects), "reason": reason})

    def seal(self, ledger: Ledger, say: Callable[[str], None]) -> Mapping[str, Any]:
        """Write the journal's events and the run's sum as one segment, and remove the journal.

        Returns:
            The data of ``collection.finished``.
        """
        counts: Counter[str] = Counter()
        finished_at = instant(self._clock.now())
        sums: dict[str, Any] = {}

        def lines() -> Iterator[bytes]:
            held = self._journal.lines()
            while batch := list(islice(held, segments.BATCH)):
                counts.update(map(event_type, batch))
                yield from batch
            sums.update(summary(self.job, self.pages, self.undone, self.reason, counts))
            sums["finished_at"] = finished_at
            sums["requests"] = self._ask.requests_count
            sums["spent"] = {"usd": str(self._ask.spent.usd), "quota_units": self._ask.spent.units}
            yield finish(self.job.context.source_id, self.job.started_at, finished_at, sums).encode()

        source_id, made_of = self.job.context.source_id, self._journal.sha256()
        with ledger.writing(say):
            ledger.sweep()
            ledger.append(segments.write_lines(ledger.segments, source_id, lines()), source_id, made_of)
        self._journal.close()
        return sums


@contextmanager
def _collecting_garbage_seldom() -> Iterator[None]:
    """Let Python look for cycles seldom.

    A page is thousands of objects without a cycle; to look at them takes a tenth of a run.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def summary(
    job: Job, pages: Pages, undone: Sequence[Mapping[str, Any]], reason: str, events: Mapping[str, int]
) -> dict[str, Any]:
    """Return what a run saw, as the data of ``collection.finished`` has it; a pure function of its pages.

    Its outcome is ``stopped`` if the platform or the budget let it go no further, ``failed`` if it asked and nothing of
    what it asked for was answered, ``partial`` if something was not, else ``complete``.
    """
    quarantined = [fault for page in pages for fault in page["quarantined"]]
    undone = [*undone, *(item for page in pages for item in _missing(page))]
    ids = {listed: seen for page in pages for listed, seen in page.get("ids", {}).items()}
    unknown: Counter[str] = Counter()
    for page in pages:
        unknown.update(page["unknown_fields"])
    parts = {part: _part(part, pages, undone) for part in job.parts}
    has_failed = bool(undone) and not any(counts["got"] + counts["unavailable"] for counts in parts.values())
    quarantined.sort(key=lambda fault: (fault["file"], fault["line"], fault["sha256"]))
    unlisted = Counter(fault["reason"] for fault in quarantined[MOST_LISTED:])
    for page in pages:
        unlisted.update(page.get("unlisted", {}))
    return {
        "outcome": "stopped"
        if reason
        else "failed"
        if has_failed
        else "partial"
        if undone or quarantined
        else "complete",
        "reason": reason,
        "platform_code": job.platform.code,
        "started_at": job.started_at,
        "day": job.workload.day.isoformat(),
        "parts": parts,
        "skipped": dict(job.workload.skipped),
        **({"ids": ids} if ids else {}),
        "undone": sorted(undone, key=lambda item: (item["part"], item["subjects"])),
        "timelines": _timelines(pages),
        "rows": sum(page["rows"] for page in pages),
        "events": dict(events),
        "duplicates": sum(page["duplicates"] for page in pages),
        "left_out": sum(page["left_out"] for page in pages),
        "quarantined": quarantined[:MOST_LISTED],
        **({"unlisted": _capped(unlisted, MOST_REASONS, OTHER_REASONS)} if unlisted else {}),
        "unknown_fields": _capped(unknown, MOST_LISTED, OTHER_NAMES),
    }


def _capped(counts: Mapping[str, int], most: int, others: str) -> dict[str, int]:
    """Return counts by name, in the order of the names; of too many names the rarest as one."""
    if len(counts) <= most:
        return dict(sorted(counts.items()))
    ranked = sorted(counts.items(), key=lambda item: (item[0] == others, -item[1], item[0]))
    return {**dict(sorted(ranked[: most - 1])), others: sum(count for _, count in ranked[most - 1 :])}


def _said(error: Exception) -> str:
    """Return the kind of an error, and what it misses; never a word of the answer that is no name."""
    if isinstance(error, Refused):
        return str(error)
    missing = error.args[0] if isinstance(error, KeyError) and error.args else ""
    return type(error).__name__ + (f": {missing}" if code_word(missing) == missing else "")


def _count(unit: Unit, page: Page) -> list[str]:
    """Count the subjects of a unit that its last page answers, and return those that it leaves open.

    Of subjects asked for together each is looked for: what came may be of others than were asked for. Who is asked for
    by a handle is answered by the event of the id that the platform showed under it.
    """
    if page.cursor is not None:
        return []
    if unit.part in ("accounts", "ages"):
        said = {event.subject: event.type.endswith(".unavailable") for event in page.events}
        known = {subject: page.ids.get(subject, subject) for subject in unit.subjects}
        answered = [said[account_id] for account_id in known.values() if account_id in said]
        page.unavailable = sum(answered)
        page.got = len(answered) - page.unavailable
        return [subject for subject, account_id in known.items() if account_id not in said]
    return [] if page.got or page.unavailable else list(unit.subjects)


def _missing(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a page was asked for and left open, as something undone."""
    if subjects := page.get("missing"):  # journals of earlier versions do not have it
        refused = sorted({fault["reason"] for fault in page["quarantined"]})
        reason = f"its answer cannot be read: {'; '.join(refused[:SHOWN])}" if refused else _NO_WORD
        if page.get("limit_code") == "unreadable":
            reason = "where its next page starts cannot be read"
        yield {"part": page["part"], "subjects": list(subjects), "reason": reason}


_NO_WORD = (
    "the platform answered and said nothing of it; check its account_id in roster/accounts.csv, and that the answer is "
    "not of another one"
)


def finish(source_id: str, started_at: str, finished_at: str, data: Mapping[str, Any]) -> Event:
    """Return the event that closes a run."""
    return Event(
        source=source_id,
        type="collection.finished",
        subject=f"{source_id}/{started_at}",
        time=finished_at,
        dataschema=SCHEMA_WITH_UNLISTED if "unlisted" in data else SCHEMA_WITH_IDS if "ids" in data else SCHEMA,
        data=data,
        recorded_at=finished_at,
    )


def _part(part: str, pages: Pages, undone: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    own = [page for page in pages if page["part"] == part]
    left = set(chain.from_iterable(item["subjects"] for item in undone if item["part"] == part))
    return {
        "asked": len(set(chain.from_iterable(page["subjects"] for page in own)) | left),
        "got": sum(page["got"] for page in own),
        "unavailable": sum(page["unavailable"] for page in own),
        "undone": len(left),
    }


def _timelines(pages: Pages) -> list[dict[str, str]]:
    """Return between which instants each timeline was seen, and why not further back."""
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for page in pages:
        if page["part"] == "posts" and not page["unavailable"]:
            grouped[page["subjects"][0]].append(page)
    timelines = []
    for account_id, own in sorted(grouped.items()):
        is_done = own[-1]["cursor"] is None
        limit = own[-1]["limit_code"] if is_done else "undone"
        until = own[0]["at"]
        oldest = min((page["oldest_at"] for page in own if page["oldest_at"]), default=until)
        timelines.append(
            {
                "account_id": account_id,
                "since": own[0]["since"],
                "from": max(oldest, own[0]["since"]) if limit else own[0]["since"],
                "until": until,
                "limit_code": limit,
            }
        )
    return timelines


def _size(cost: Cost) -> tuple[Decimal, int]:
    return cost.usd, cost.units
