"""What every run reads, what one has to do on one platform, and in which units it asks for it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ingestion.clock import Clock
from ingestion.collect.living.budget import Cost, Prices
from ingestion.collect.living.page import Unit
from ingestion.collect.living.platform import Context, Platform
from ingestion.collect.outcome import SourceError
from ingestion.log.ledger import Ledger
from ingestion.roster import account_ids
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.sources import PlatformTerms, Source
from ingestion.roster.tables import Roster

Pages = Sequence[Mapping[str, Any]]
"""What the journal keeps of each page besides its events."""


@dataclass(frozen=True)
class Records:
    """The roster, the log, the clock, and who must not come in."""

    roster: Roster
    ledger: Ledger
    clock: Clock
    exclusions: Exclusions

    def terms(self, code: str) -> PlatformTerms:
        """Return what a platform's terms allow.

        Raises:
            SourceError: nobody has read them.
        """
        if terms := self.roster.platforms.get(code):
            return terms
        raise SourceError(f"roster/platforms.csv has no row for {code}; read its terms and add one")

    def source(self, adapter: str) -> Source:
        """Return the source whose adapter asks a platform.

        Raises:
            SourceError: there is none.
        """
        for source in self.roster.sources.values():
            if source.adapter == adapter:
                return source
        raise SourceError(f"roster/sources.csv has no source with the adapter {adapter}; add its row")

    def prices(self, code: str, day: date) -> Prices:
        """Return what a platform's operations cost on a day."""
        return Prices(self.roster.prices.values(), code, day)


@dataclass(frozen=True)
class RunRequest:
    """What a person or a schedule wants of a run.

    Attributes:
        parts: those of ``PARTS`` that are wanted; of them a platform is asked for those that it has.
        budget: what one run on one platform may cost.
        day: the day (UTC) whose stocks are wanted.
    """

    parts: Sequence[str]
    budget: Cost
    day: date


@dataclass(frozen=True)
class Workload:
    """What a run has to ask for.

    Attributes:
        accounts: the accounts to ask for, as the roster lists them.
        ids: account listed by its handle -> its id, where earlier runs saw it.
        skipped: reason -> how many accounts of the roster are not asked for.
        since: account id -> instant back to which its timeline is not in the log yet.
        posts: post subjects that have reached an age at which they are measured again.
        day: the day (UTC) whose stocks are wanted.
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


@dataclass(frozen=True)
class Job:
    """One run: its platform, its workload, the parts it asks for, and the instant at which it began."""

    platform: Platform
    context: Context
    workload: Workload
    parts: Sequence[str]
    started_at: str


def units(job: Job, pages: Pages = ()) -> list[Unit]:
    """Return the units of a run that its journal's pages do not answer yet, in order."""
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
