"""Ask the living platforms: one run over each, which leaves one segment in the log.

A platform is never asked without its key, against its terms or beyond the budget. Stocks are collected on their day
only. Nothing is recorded or erased by a clock that a server contradicts.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import SecretStr

from ingestion.clock import MOST_APART, Clock
from ingestion.collect.finished import RunFinished
from ingestion.collect.living.budget import Budget
from ingestion.collect.living.http import FIRST_PAUSE, Http
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.plan import Estimate, estimates, prepare
from ingestion.collect.living.platform import Client, Endpoint
from ingestion.collect.living.retention import expire
from ingestion.collect.living.run import Run
from ingestion.collect.living.summary import report
from ingestion.collect.living.workload import Records, RunRequest, units
from ingestion.collect.outcome import SourceError
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import read_roster

THREADS = 8
"""Requests under way at once on one platform."""
WITNESSES = 5
"""Servers that are asked for the time at most, where a platform has many."""
TRIES = 3
"""How often each of them is asked if none answers."""

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Given a title and a number of steps, returns what shows them; the value inside is called after each step."""


class WrongClockError(SourceError):
    """This machine's clock and a server's do not agree on what time it is; nothing was recorded."""


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
        self.records = Records(read_roster(folder), ledger, clock, exclusions)
        self.ledger, self.clock, self.say = ledger, clock, say
        self._contact, self._threads, self._keys = contact, threads, list(keys)
        self._journals = ledger.path.parent.parent / "collecting"

    def plan(self, endpoint: Endpoint, request: RunRequest) -> Iterator[Estimate]:
        """Yield what each part of a run would ask and cost; ask nothing."""
        return estimates(self.records, endpoint, request)

    def expire(self, endpoints: Iterable[Endpoint]) -> None:
        """Erase from the log what the platforms' terms let us keep for some days only, as ``retention.expire`` says."""
        expire(self.records, endpoints, self._confirm, self.say)

    def run(self, endpoint: Endpoint, request: RunRequest, progress: Progress) -> None:
        """Collect from one platform; first go on with the run that was interrupted, if there is one.

        Raises:
            SourceError: the platform stopped the run, or nothing could be collected; what was got is in the log. Or the
                clock is wrong; then nothing was recorded.
        """
        code = endpoint.code
        journal = Journal(self._journals / f"{code}.jsonl")
        journal.path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(journal.path.with_suffix(".lock"))
        try:
            held = lock.acquire(timeout=0)
        except Timeout as error:
            raise SourceError(f"another process is collecting from {code}; wait for it to end") from error
        with held:
            if journal.path.exists() and journal.sha256() in {line.input for line in self.ledger.lines()}:
                journal.close()  # killed after it was sealed
            self._collect(endpoint, request, journal, progress)

    def _collect(self, endpoint: Endpoint, request: RunRequest, journal: Journal, progress: Progress) -> None:
        if request.day != self.clock.now().date():
            self._confirm(endpoint)
            reason = f"stocks of {request.day} can be seen on that day only"
            self._close_unasked(endpoint, request, "not_collectable", reason)
            return
        if endpoint.missing_key:
            self._close_unasked(endpoint, request, "skipped", f"there is no key in {endpoint.missing_key}")
            return
        begun = _begun(journal, request)
        if is_other := not _is_same(begun, request):
            self.say(
                f"collect: {endpoint.code}: first comes the rest of an interrupted run, {','.join(begun.parts)} of "
                f"{begun.day}; then a run over {','.join(request.parts)} of {request.day}"
            )
        finished = self._run(endpoint, begun, journal, progress)
        try:
            for line in report(finished):
                self.say(line)
        finally:
            if is_other:
                self._collect(endpoint, request, journal, progress)

    def _run(self, endpoint: Endpoint, request: RunRequest, journal: Journal, progress: Progress) -> RunFinished:
        code, now = endpoint.code, self.clock.now()
        wanted = {"day": request.day.isoformat(), "parts": list(request.parts)}
        head, pages = journal.open({"platform_code": code, "started_at": instant(now), **wanted})
        started_at = head["started_at"]
        if started_at > instant(now + MOST_APART):
            raise SourceError(
                f"{journal.path} is of a run that began at {started_at}, and this machine's clock says {instant(now)}: "
                f"set the clock, or if it is right move the file away; nothing was recorded of {code}"
            )
        if pages:
            self.say(f"collect: {code}: going on with the run of {started_at}; it has {len(pages)} pages")
        job, ahead = prepare(self.records, endpoint, request, datetime.fromisoformat(started_at))
        budget = Budget(self.records.prices(code, request.day), request.budget)
        client = Client(self._http(endpoint), budget, endpoint.base, endpoint.headers())
        run = Run(job, client, journal, self.clock, pages)
        try:
            self._work(run, endpoint, ahead, progress)
        except WrongClockError:
            if not pages:
                journal.close()
            raise
        return run.seal(self.ledger, self.say)

    def _work(self, run: Run, endpoint: Endpoint, ahead: str, progress: Progress) -> None:
        """Ask for all that is due and not in the journal, unless this machine's clock is wrong."""
        code, todo, http = endpoint.code, units(run.job, run.pages), run.client.http
        is_confirmed = bool(todo) and self._confirm(endpoint)
        if ahead and todo and not is_confirmed:
            raise WrongClockError(
                f"the log has a run over {code} of {ahead}, this machine's clock says {instant(self.clock.now())}, and "
                f"no server says what time it is: set the clock and run again; nothing was recorded of {code}"
            )
        if ahead:
            self.say(f"collect: {code}: runs of up to {ahead}, which lies ahead, are PASSED OVER: a clock was wrong")
        for reason, count in run.job.workload.skipped.items():
            self.say(f"collect: {code}: {count} accounts are not asked for: {reason}")
        with progress(f"collect: {code}", len(todo)) as step:
            run.work(self._threads, lambda _: step())
        if http.contradiction and not (is_confirmed or http.is_confirmed):
            raise _wrong_clock(code, http)

    def _close_unasked(self, endpoint: Endpoint, request: RunRequest, outcome: str, reason: str) -> None:
        """Record that nothing was asked, and why; say so loudly."""
        source_id, now = self.records.source(endpoint.adapter).source_id, instant(self.clock.now())
        event = RunFinished(
            outcome=outcome,
            reason=reason,
            platform_code=endpoint.code,
            started_at=now,
            finished_at=now,
            day=request.day.isoformat(),
        ).event(source_id, now, now)
        with self.ledger.writing(self.say):
            self.ledger.append(segments.write(self.ledger.segments, source_id, [event]), source_id, event.id)
        self.say(f"collect: {endpoint.code}: NOT ASKED: {reason}")

    def _http(self, endpoint: Endpoint) -> Http:
        keys = [key.get_secret_value() for key in (*self._keys, endpoint.key)]
        return Http(self.clock, self._contact, keys)

    def _confirm(self, endpoint: Endpoint) -> bool:
        """Ask servers of a platform for the time, and return whether one of them says the same as this machine's clock.

        Raises:
            WrongClockError: those that say what time it is say another time.
        """
        http, addresses = self._http(endpoint), [endpoint.base]
        if "{server}" in endpoint.base:
            names = sorted(one.server_name for one in self.records.roster.servers.values() if one.is_allowed)
            addresses = list(dict.fromkeys(endpoint.base.replace("{server}", name) for name in names))[:WITNESSES]
        for attempt in range(TRIES):
            if attempt:
                self.clock.sleep(FIRST_PAUSE)
            has_answered = False
            for address in addresses:
                has_answered |= http.ask_time(address)
                if http.is_confirmed:
                    return True
            if has_answered:
                break
        if http.contradiction:
            raise _wrong_clock(endpoint.code, http)
        return False


def _begun(journal: Journal, request: RunRequest) -> RunRequest:
    """Return what the interrupted run was asked for; the present request if there is none, or its head does not say.

    A journal of another request that has no page yet is removed.
    """
    head = journal.head() or {}
    if not {"day", "parts"} <= head.keys():
        return request
    begun = replace(request, day=date.fromisoformat(head["day"]), parts=head["parts"])
    if _is_same(begun, request) or journal.has_pages():
        return begun
    journal.close()
    return request


def _is_same(begun: RunRequest, request: RunRequest) -> bool:
    return (begun.day, set(begun.parts)) == (request.day, set(request.parts))


def _wrong_clock(code: str, http: Http) -> WrongClockError:
    return WrongClockError(f"{http.contradiction}: set the clock and run again; nothing was recorded of {code}")
