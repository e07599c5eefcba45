"""Ask the living platforms: which there are, what is due on each, what it would cost, and one run over each.

In: the roster, the log, ways to ask. Out: one segment a platform, or a plan. Never: a platform asked without its key,
against its terms or beyond the budget; a past day's stock; what a clock that servers contradict would record or erase.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import SecretStr

from ingestion.clock import MOST_APART, Clock
from ingestion.collect.facts import native_id
from ingestion.collect.living import history
from ingestion.collect.living.budget import Budget, Cost, Prices
from ingestion.collect.living.http import FIRST_PAUSE, Http
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import Client, Context, Platform, Workload
from ingestion.collect.living.run import Job, Pages, Run, finish, units
from ingestion.collect.outcome import SourceError, summed
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger, LedgerLine, whole
from ingestion.roster import account_ids
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import read_roster
from ingestion.roster.models import PlatformTerms, Source
from ingestion.roster.tenures import accounts_in_office

THREADS = 8
"""Questions under way at once on one platform."""
POSTS_PER_DAY = 4
"""What an account is taken to post in a plan: the studies' average of 2014 and 2015."""
FOLLOWED = 1_000
"""How many accounts one is taken to follow in a plan."""

WITNESSES = 5
"""Servers that are asked for the time, where a platform has many, until one says the same as the clock."""
WITNESS_TRIES = 3
"""How often each of them is asked if none answers."""
LOUD_SHARE = 20
"""One row of so many may be refused; more are said loudly."""
MOST_REASONS = 20
"""Reasons why something is undone that are said."""

NO_ID = "their id is not known yet; by their handle only profiles are asked for"

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Given a title and a number of steps, returns what shows them; the value inside is called after each step."""


@dataclass(frozen=True)
class Endpoint:
    """How to reach one platform.

    Attributes:
        platform: its module.
        base: its address; for one of many servers a pattern with ``{server}``.
        key: the key; never printed.
    """

    platform: Platform
    base: str
    key: SecretStr

    def headers(self) -> dict[str, str]:
        """Return the headers that show the key."""
        name, prefix = self.platform.key_header
        return {name: prefix + self.key.get_secret_value()} if self.platform.key_name else {}


@dataclass(frozen=True)
class RunRequest:
    """What somebody asks of a run.

    Attributes:
        parts: those of ``PARTS`` that are wanted; a platform that has none of them is left alone.
        budget: what one run on one platform may cost.
        day: the day (UTC) whose stocks are wanted.
    """

    parts: Sequence[str]
    budget: Cost
    day: date


@dataclass(frozen=True)
class Estimate:
    """What one part of a run would take."""

    platform_code: str
    part: str
    subjects: int
    requests: int
    cost: Cost


class Collection:
    """Runs over platforms, on one roster and one log; with one thread the log's order is that of the roster."""

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        clock: Clock,
        contact: str,
        say: Callable[[str], None],
        threads: int = THREADS,
        keys: Iterable[SecretStr] = (),
        exclusions: Exclusions = Exclusions(),  # noqa: B008
    ) -> None:
        self.roster = read_roster(folder)
        self.ledger, self.clock, self.contact, self.say = ledger, clock, contact, say
        self._threads, self._keys, self._exclusions = threads, list(keys), exclusions
        self._journals = ledger.path.parent.parent / "collecting"

    def expire(self, endpoints: Iterable[Endpoint]) -> None:
        """Erase from the log what the platforms' terms let us keep for some days only.

        The clock alone erases nothing: a server of the platform is asked for the time, once something seems due.

        Raises:
            SourceError: a server contradicts the clock, or none says what time it is, so that something is still there.
        """
        by_adapter = {endpoint.platform.adapter: endpoint for endpoint in endpoints}
        sources = self.roster.sources.values()
        asked = {one.source_id: by_adapter[one.adapter] for one in sources if one.adapter in by_adapter}
        faults: dict[str, str] = {}
        for source_id in sorted({entry.source for entry, _ in self._expired(asked)}):
            try:
                if not self._confirm(asked[source_id]):
                    faults[source_id] = "no server could be asked what time it is; run again when one can"
            except SourceError as error:
                faults[source_id] = str(error)
        with self.ledger.writing(self.say):
            kept = [(entry, limit) for entry, limit in self._expired(asked) if entry.source not in faults]
            erasures = [whole(entry, f"kept for {limit} days, as the platform's terms want") for entry, limit in kept]
            for (entry, _), erasure in zip(kept, erasures, strict=True):
                self.say(f"collect: segment {entry.position} of {entry.source} was erased: {erasure.reason}")
            if erasures:
                self.ledger.erase(erasures, instant(self.clock.now()))
        if faults:
            said = "; ".join(f"{source_id}: {fault}" for source_id, fault in faults.items())
            raise SourceError(f"the log keeps what by this machine's clock is to be erased: {said}")

    def _expired(self, endpoints: Mapping[str, Endpoint]) -> Iterator[tuple[LedgerLine, int]]:
        """Yield the segments that are older, by the clock, than may be kept, and for how many days that is.

        Args:
            endpoints: ``source_id`` -> the platform of its segments.
        """
        now = self.clock.now()
        for entry in self.ledger.current():
            endpoint = endpoints.get(entry.source)
            terms = self.roster.platforms.get(endpoint.platform.code) if endpoint else None
            limit = terms.retention_days_count if terms else None
            if limit and entry.rows:
                oldest = next(segments.read(self.ledger.segments / entry.name)).time
                if oldest < instant(now - timedelta(days=limit)):
                    yield entry, limit

    def _confirm(self, endpoint: Endpoint) -> bool:
        """Return whether a server of the platform says the same time as this machine's clock.

        Raises:
            SourceError: those that say what time it is say another.
        """
        http = self._http(endpoint)
        has_answered = False
        for attempt in range(WITNESS_TRIES):
            if has_answered:
                break
            if attempt:
                self.clock.sleep(FIRST_PAUSE)
            for address in self._hosts(endpoint):
                has_answered |= http.ask_time(address)
                if http.is_confirmed:
                    return True
        if http.contradiction:
            raise _wrong_clock(endpoint, http)
        return False

    def _hosts(self, endpoint: Endpoint) -> list[str]:
        """Return the addresses of a platform's servers; where it has many, of the first that may be asked."""
        if "{server}" not in endpoint.base:
            return [endpoint.base]
        names = [name for name, server in sorted(self.roster.servers.items()) if server.is_allowed]
        return list(dict.fromkeys(endpoint.base.replace("{server}", name) for name in names))[:WITNESSES]

    def _http(self, endpoint: Endpoint) -> Http:
        keys = [key.get_secret_value() for key in (*self._keys, endpoint.key)]
        return Http(self.clock, self.contact, keys)

    def plan(self, endpoint: Endpoint, request: RunRequest) -> Iterator[Estimate]:
        """Yield what a run would ask and cost, from the roster, the log and the price table; asks nothing."""
        (job, _), prices = self._job(endpoint, request, self.clock.now()), self._prices(endpoint, request.day)
        for part in job.parts:
            rows = [rows for unit in units(job) if unit.part == part for rows in _expected(unit.part, unit.since, job)]
            size = job.platform.page_rows if part == "posts" else 0
            requests = sum(max(1, -(-count // size)) if size else 1 for count in rows)
            requests *= job.platform.requests_per_page.get(part, 1)
            operation = job.platform.operation(part)
            subjects = len(job.workload.subjects(part))
            resources = sum(rows) if part in ("posts", "follows") else subjects
            yield Estimate(endpoint.platform.code, part, subjects, requests, prices.of(operation, requests, resources))

    def run(self, endpoint: Endpoint, request: RunRequest, progress: Progress) -> None:
        """Collect from one platform; go on with the run that was interrupted, if there is one.

        Raises:
            SourceError: the platform stopped the run, or nothing could be collected; what was got is in the log. Or the
                clock is wrong; then nothing is.
        """
        code = endpoint.platform.code
        journal = Journal(self._journals / f"{code}.jsonl")
        journal.path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(journal.path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise SourceError(f"another process is collecting from {code}; wait for it to end") from error
        with lock:
            if request.day != self.clock.now().date():
                self._confirm(endpoint)
                self._close_unasked(
                    endpoint, request, "not_collectable", f"stocks of {request.day} can be seen on that day only"
                )
            elif endpoint.platform.key_name and not endpoint.key.get_secret_value():
                self._close_unasked(endpoint, request, "skipped", f"there is no key in {endpoint.platform.key_name}")
            else:
                self._ask(endpoint, request, journal, progress)

    def _ask(self, endpoint: Endpoint, request: RunRequest, journal: Journal, progress: Progress) -> None:
        code = endpoint.platform.code
        if journal.path.exists() and journal.sha256() in {entry.input for entry in self.ledger.lines()}:
            journal.close()  # killed after it was sealed
        now = self.clock.now()
        head, pages = journal.open({"platform_code": code, "started_at": instant(now)})
        started_at = head["started_at"]
        if started_at > instant(now + MOST_APART):
            raise SourceError(
                f"{journal.path} is of a run that began at {started_at}, and this machine's clock says {instant(now)}: "
                f"set the clock, or if it is right move the file away; nothing was recorded of {code}"
            )
        try:
            sums = self._work(endpoint, request, journal, progress, started_at, pages)
        except _WrongClockError:
            if not pages:
                journal.close()
            raise
        for line in _report(code, sums):
            self.say(line)
        if sums["outcome"] == "stopped":
            raise SourceError(f"{code} was collected in part: {sums['reason']}")
        if sums["outcome"] == "failed":
            asked = ", ".join(f"{part['asked']} {name}" for name, part in sums["parts"].items() if part["asked"])
            raise SourceError(f"{code} was asked for {asked} and answered nothing: mostly {_commonest(sums['undone'])}")

    def _work(
        self,
        endpoint: Endpoint,
        request: RunRequest,
        journal: Journal,
        progress: Progress,
        started_at: str,
        pages: Pages,
    ) -> Mapping[str, Any]:
        """Ask for all that is due and not in the journal's pages, seal it, and return its sum.

        Raises:
            _WrongClockError: nothing was recorded.
        """
        code = endpoint.platform.code
        if pages:
            self.say(f"collect: {code}: going on with the run of {started_at}; it has {len(pages)} pages")
        job, ahead = self._job(endpoint, request, datetime.fromisoformat(started_at))
        todo = units(job, pages)
        is_confirmed = bool(todo) and self._confirm(endpoint)
        if ahead and todo and not is_confirmed:
            raise _WrongClockError(
                f"the log has a run over {code} of {ahead}, this machine's clock says {instant(self.clock.now())}, and "
                f"no server says what time it is: set the clock and run again; nothing was recorded of {code}"
            )
        if ahead:
            self.say(f"collect: {code}: runs of up to {ahead}, which lies ahead, are PASSED OVER: a clock was wrong")
        for reason, count in job.workload.skipped.items():
            self.say(f"collect: {code}: {count} accounts are not asked for: {reason}")
        guard, http = Budget(self._prices(endpoint, request.day), request.budget), self._http(endpoint)
        run = Run(job, Client(http, guard, endpoint.base, endpoint.headers()), journal, self.clock, pages)
        with progress(f"collect: {code}", len(todo)) as step:
            run.work(self._threads, lambda _: step())
        if http.contradiction and not (is_confirmed or http.is_confirmed):
            raise _wrong_clock(endpoint, http)
        return run.seal(self.ledger, self.say)

    def _close_unasked(self, endpoint: Endpoint, request: RunRequest, outcome: str, reason: str) -> None:
        """Record that nothing was asked, and why; say so loudly."""
        source, now = self._source(endpoint), instant(self.clock.now())
        data = {
            "outcome": outcome,
            "reason": reason,
            "platform_code": endpoint.platform.code,
            "started_at": now,
            "finished_at": now,
            "day": request.day.isoformat(),
            "rows": 0,
            "events": {},
            "duplicates": 0,
            "left_out": 0,
            "quarantined": [],
            "unknown_fields": {},
            "requests": 0,
        }
        event = finish(source.source_id, now, now, data)
        with self.ledger.writing(self.say):
            self.ledger.append(
                segments.write(self.ledger.segments, source.source_id, [event]), source.source_id, event.id
            )
        self.say(f"collect: {endpoint.platform.code}: NOT ASKED: {reason}")

    def _job(self, endpoint: Endpoint, request: RunRequest, now: datetime) -> tuple[Job, str]:
        """Return what a run has to do, and when the last of the runs was that lie ahead; empty if none does."""
        platform, source = endpoint.platform, self._source(endpoint)
        accounts = {
            identity: entry for identity, entry in self.roster.accounts.items() if entry.platform_code == platform.code
        }
        in_office = accounts_in_office(self.roster, date(now.year, 1, 1), now.date())
        asked: list[str] = []
        skipped: dict[str, int] = {}
        for identity in sorted(accounts):
            reason = "" if identity in in_office else "no holder was in office this year"
            reason = reason or self._refusal(platform.code, identity)
            if reason:
                skipped[reason] = skipped.get(reason, 0) + 1
            else:
                asked.append(identity)
        listed = [entry.listed_date for identity, entry in accounts.items() if account_ids.handle(identity)]
        past = history.read(self.ledger, source.source_id, now, platform.posted_at, listed, self.clock.now())
        known = {identity: past.id_of(identity, entry.listed_date) for identity, entry in accounts.items()}
        ids = {listed: account_id for listed, account_id in known.items() if account_id}
        unseen = [identity for identity in asked if account_ids.handle(identity) and identity not in ids]
        parts = [part for part in request.parts if part in platform.parts]
        if unseen and not {"accounts", "ages"}.issuperset(parts):
            skipped[NO_ID] = len(unseen)
        year = f"{now.year}-01-01T00:00:00Z"
        if self._terms(platform.code).retention_days_count:
            past.until.clear()  # what earlier runs saw goes; each sees the whole year
        workload = Workload(
            accounts=asked,
            skipped=skipped,
            since={ids.get(one, one): past.until.get(ids.get(one, one), year) for one in asked},
            posts=past.due(now),
            day=request.day,
            ids=ids,
        )
        # a row of the id itself says more than one of its handle
        by_id = {ids.get(listed, listed): entry for listed, entry in accounts.items()} | accounts
        by_id = {account_id: entry for account_id, entry in by_id.items() if not account_ids.handle(account_id)}
        peers = frozenset(map(native_id, by_id))
        context = Context(source.source_id, by_id, peers, self._exclusions)
        return Job(platform, context, workload, parts, instant(now)), past.ahead

    def _refusal(self, platform_code: str, account_id: str) -> str:
        """Return why the terms do not let us ask for an account; empty if they do."""
        terms = self._terms(platform_code)
        if terms.collection_code == "by_hand":
            return "the platform's terms allow looks by hand only"
        if terms.collection_code == "api":
            return ""
        server = self.roster.servers.get(account_id.rpartition("@")[2])
        if not server:
            return "nobody has read the terms of its server (roster/servers.csv)"
        return "" if server.is_allowed else "the terms of its server do not allow it"

    def _terms(self, platform_code: str) -> PlatformTerms:
        if terms := self.roster.platforms.get(platform_code):
            return terms
        raise SourceError(f"roster/platforms.csv has no row for {platform_code}; read its terms and add one")

    def _source(self, endpoint: Endpoint) -> Source:
        for entry in self.roster.sources.values():
            if entry.adapter == endpoint.platform.adapter:
                return entry
        raise SourceError(f"roster/sources.csv has no source with the adapter {endpoint.platform.adapter}; add its row")

    def _prices(self, endpoint: Endpoint, day: date) -> Prices:
        return Prices(self.roster.prices.values(), endpoint.platform.code, day)


class _WrongClockError(SourceError):
    """This machine's clock and others do not agree on what time it is; nothing was recorded."""


def _wrong_clock(endpoint: Endpoint, http: Http) -> _WrongClockError:
    code = endpoint.platform.code
    return _WrongClockError(f"{http.contradiction}: set the clock and run again; nothing was recorded of {code}")


def plan_lines(estimates: Sequence[Estimate]) -> Iterator[str]:
    """Yield a plan as a person reads it: a head, a line an estimate, the sum, and what it rests on."""
    yield f"{'platform':<10}{'part':<10}{'subjects':>10}{'requests':>10}{'units':>10}{'US dollars':>12}"
    total = Cost()
    for one in estimates:
        total += one.cost
        yield (
            f"{one.platform_code:<10}{one.part:<10}{one.subjects:>10,}{one.requests:>10,}"
            f"{one.cost.units:>10,}{one.cost.usd:>12,.3f}"
        )
    yield f"{'in all':<40}{total.units:>10,}{total.usd:>12,.3f}"
    yield f"estimated: {POSTS_PER_DAY} posts a day, {FOLLOWED:,} accounts followed; prices of roster/prices.csv"


def _expected(part: str, since: str, job: Job) -> Iterator[int]:
    """Yield how many rows the pages of one unit may bring."""
    days = max(1, (datetime.fromisoformat(job.started_at) - datetime.fromisoformat(since)).days) if since else 0
    if part == "volume":
        yield from [0] * -(-days // 31)
    else:
        yield {"posts": days * POSTS_PER_DAY, "follows": FOLLOWED}.get(part, 0)


def _report(code: str, sums: Mapping[str, Any]) -> Iterator[str]:
    events = ", ".join(f"{count} {kind}" for kind, count in sorted(sums["events"].items()))
    cost = Cost(Decimal(sums["spent"]["usd"]), sums["spent"]["quota_units"])
    yield f"collect: {code}: {sums['outcome']}: {events or 'no event'}; {sums['requests']} requests, {cost} spent"
    for part, counts in sums["parts"].items():
        yield f"  {part}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
        if counts["undone"] and not counts["got"] + counts["unavailable"]:
            own = [item for item in sums["undone"] if item["part"] == part]
            yield f"  {part}: NOTHING WAS GOT: mostly {_commonest(own)}"
    for listed, account_id in sums.get("ids", {}).items():
        yield f"  {listed} is {account_id}: if that is the holder's, write the id into roster/accounts.csv"
    for reason, count in islice(_reasons(sums["undone"]).items(), MOST_REASONS):
        yield f"  undone: {count}: {reason}"
    refused = len(sums["quarantined"]) + sum(sums.get("unlisted", {}).values())
    if refused * LOUD_SHARE > sums["rows"]:
        yield f"  {refused} OF {sums['rows']} ROWS CANNOT BE READ"
    for fault in islice(summed(sums["quarantined"], "item"), 5):
        yield f"  quarantined: {fault}"


def _reasons(undone: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return why things are undone -> how many of them, as they come."""
    reasons: dict[str, int] = {}
    for item in undone:
        reasons[item["reason"]] = reasons.get(item["reason"], 0) + len(item["subjects"])
    return reasons


def _commonest(undone: Iterable[Mapping[str, Any]]) -> str:
    reasons = _reasons(undone)
    return max(reasons, key=lambda reason: reasons[reason])
