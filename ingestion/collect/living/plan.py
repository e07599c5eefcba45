"""What is due on a platform, from the roster and the log, and what asking for it would cost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ingestion.collect.facts import native_id
from ingestion.collect.living import history
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.platform import Context, Endpoint
from ingestion.collect.living.workload import Job, Records, RunRequest, Workload, units
from ingestion.log.events import instant
from ingestion.roster import account_ids
from ingestion.roster.tenures import accounts_in_office

POSTS_PER_DAY = 4
"""How many posts a plan expects of an account: the studies' average of 2014 and 2015."""
FOLLOWED = 1_000
"""How many accounts a plan expects an account to follow."""
NO_ID = "their id is not known yet; by their handle only profiles are asked for"


@dataclass(frozen=True)
class Estimate:
    """What one part of a run would take."""

    platform_code: str
    part: str
    subjects: int
    requests: int
    cost: Cost


def prepare(records: Records, endpoint: Endpoint, request: RunRequest, now: datetime) -> tuple[Job, str]:
    """Return what a run that began at ``now`` has to do, and the end of the last run in the log that lies ahead of it.

    That end is empty if no run lies ahead. One does only where a clock was wrong.

    Raises:
        SourceError: the roster does not know the platform.
    """
    platform, source = endpoint.platform, records.source(endpoint.adapter)
    accounts = {
        identity: entry for identity, entry in records.roster.accounts.items() if entry.platform_code == platform.code
    }
    asked, skipped = _asked(records, platform.code, accounts, now)
    listed = [entry.listed_date for identity, entry in accounts.items() if account_ids.handle(identity)]
    past = history.read(records.ledger, source.source_id, now, platform.posted_at, listed, records.clock.now())
    known = {identity: past.id_of(identity, entry.listed_date) for identity, entry in accounts.items()}
    ids = {by_handle: account_id for by_handle, account_id in known.items() if account_id}
    unseen = [identity for identity in asked if account_ids.handle(identity) and identity not in ids]
    parts = [part for part in request.parts if part in platform.parts]
    if unseen and not {"accounts", "ages"}.issuperset(parts):
        skipped[NO_ID] = len(unseen)
    year = f"{now.year}-01-01T00:00:00Z"
    if records.terms(platform.code).retention_days_count:
        past.until.clear()  # what earlier runs saw is erased: each run collects the complete year
    workload = Workload(
        accounts=asked,
        skipped=skipped,
        since={ids.get(one, one): past.until.get(ids.get(one, one), year) for one in asked},
        posts=past.due(now),
        day=request.day,
        ids=ids,
    )
    # a row of the id itself says more than one of its handle
    by_id = {ids.get(identity, identity): entry for identity, entry in accounts.items()} | accounts
    by_id = {account_id: entry for account_id, entry in by_id.items() if not account_ids.handle(account_id)}
    context = Context(source.source_id, by_id, frozenset(map(native_id, by_id)), records.exclusions)
    return Job(platform, context, workload, parts, instant(now)), past.ahead


def _asked(records: Records, code: str, accounts: Iterable[str], now: datetime) -> tuple[list[str], dict[str, int]]:
    """Return the accounts to ask for, and for each reason how many are not asked for."""
    in_office = accounts_in_office(records.roster, date(now.year, 1, 1), now.date())
    asked: list[str] = []
    skipped: Counter[str] = Counter()
    for identity in sorted(accounts):
        reason = _refusal(records, code, identity) if identity in in_office else "no holder was in office this year"
        if reason:
            skipped[reason] += 1
        else:
            asked.append(identity)
    return asked, dict(skipped)


def _refusal(records: Records, code: str, account_id: str) -> str:
    """Return why the terms do not let us ask for an account; empty if they do."""
    terms = records.terms(code)
    if terms.collection_code == "by_hand":
        return "the platform's terms allow looks by hand only"
    if terms.collection_code == "api":
        return ""
    server = records.roster.servers.get(account_id.rpartition("@")[2])
    if server is None:
        return "nobody has read the terms of its server (roster/servers.csv)"
    return "" if server.is_allowed else "the terms of its server do not allow it"


def estimates(records: Records, endpoint: Endpoint, request: RunRequest) -> Iterator[Estimate]:
    """Yield what each part of a run would ask and cost, from the roster, the log and the price table; ask nothing."""
    job, _ = prepare(records, endpoint, request, records.clock.now())
    platform, prices = job.platform, records.prices(endpoint.code, request.day)
    for part in job.parts:
        rows = [rows for unit in units(job) if unit.part == part for rows in _expected(unit.part, unit.since, job)]
        size = platform.page_rows if part == "posts" else 0
        requests = sum(max(1, -(-count // size)) if size else 1 for count in rows)
        requests *= platform.requests_per_page.get(part, 1)
        subjects = len(job.workload.subjects(part))
        resources = sum(rows) if part in ("posts", "follows") else subjects
        cost = prices.of(platform.operations[part], requests, resources)
        yield Estimate(platform.code, part, subjects, requests, cost)


def _expected(part: str, since: str, job: Job) -> Iterator[int]:
    """Yield how many rows the pages of one unit may bring."""
    days = max(1, (datetime.fromisoformat(job.started_at) - datetime.fromisoformat(since)).days) if since else 0
    if part == "volume":
        yield from [0] * -(-days // 31)
    else:
        yield {"posts": days * POSTS_PER_DAY, "follows": FOLLOWED}.get(part, 0)


def plan_lines(estimates: Sequence[Estimate]) -> Iterator[str]:
    """Yield a plan as a person reads it: a head, a line for each estimate, the sum, and what the estimates assume."""
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
