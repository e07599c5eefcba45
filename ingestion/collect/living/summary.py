"""What a run saw, from what its journal keeps of each page: as an event, and as lines for a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from ingestion.collect.finished import RunFinished
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.page import Page, Unit
from ingestion.collect.living.workload import Job, Pages
from ingestion.collect.outcome import MOST_REASONS, OTHER_NAMES, OTHER_REASONS, SourceError, summed

MOST_LISTED = 1_000
"""Refused rows, and names of unknown fields, that ``collection.finished`` lists; the others are counted together."""
SHOWN = 5
"""Reasons in one sentence, and refused rows in one report."""
LOUD_SHARE = 20
"""One row of so many may be refused; a larger share is reported in capitals."""
MOST_UNDONE = 20
"""Reasons for undone subjects that are reported."""
_NO_WORD = (
    "the platform answered and said nothing of it; check its account_id in roster/accounts.csv, and that the answer is "
    "not of another one"
)


def summary(
    job: Job,
    pages: Pages,
    undone: Sequence[Mapping[str, Any]],
    reason: str,
    events: Mapping[str, int],
    finished_at: str,
) -> RunFinished:
    """Return what a run saw; requests and costs are not in its pages.

    Its outcome is ``stopped`` if the platform or the budget ended it, ``failed`` if it asked and got no answer,
    ``partial`` if something is undone or refused, else ``complete``.
    """
    quarantined = [fault for page in pages for fault in page["quarantined"]]
    quarantined.sort(key=lambda fault: (fault["file"], fault["line"], fault["sha256"]))
    undone = [*undone, *(item for page in pages for item in _missing(page))]
    unlisted = Counter(fault["reason"] for fault in quarantined[MOST_LISTED:])
    unknown: Counter[str] = Counter()
    for page in pages:
        unlisted.update(page.get("unlisted", {}))
        unknown.update(page["unknown_fields"])
    parts = {part: _part(part, pages, undone) for part in job.parts}
    has_answer = any(counts["got"] + counts["unavailable"] for counts in parts.values())
    outcome = "partial" if undone or quarantined else "complete"
    if undone and not has_answer:
        outcome = "failed"
    return RunFinished(
        outcome="stopped" if reason else outcome,
        reason=reason,
        platform_code=job.platform.code,
        started_at=job.started_at,
        finished_at=finished_at,
        day=job.workload.day.isoformat(),
        parts=parts,
        skipped=dict(job.workload.skipped),
        ids={listed: seen for page in pages for listed, seen in page.get("ids", {}).items()} or None,
        undone=sorted(undone, key=lambda item: (item["part"], item["subjects"])),
        timelines=_timelines(pages),
        rows=sum(page["rows"] for page in pages),
        events=dict(events),
        duplicates=sum(page["duplicates"] for page in pages),
        left_out=sum(page["left_out"] for page in pages),
        quarantined=quarantined[:MOST_LISTED],
        unlisted=capped(unlisted, MOST_REASONS, OTHER_REASONS) if unlisted else None,
        unknown_fields=capped(unknown, MOST_LISTED, OTHER_NAMES),
    )


def capped(counts: Mapping[str, int], most: int, others: str) -> dict[str, int]:
    """Return counts by name, in the order of the names; the rarest of too many names are counted as ``others``."""
    if len(counts) <= most:
        return dict(sorted(counts.items()))
    ranked = sorted(counts.items(), key=lambda item: (item[0] == others, -item[1], item[0]))
    return {**dict(sorted(ranked[: most - 1])), others: sum(count for _, count in ranked[most - 1 :])}


def count_answered(unit: Unit, page: Page) -> list[str]:
    """Count the subjects of a unit that its last page answers, and return those that it leaves open.

    Each subject asked for is searched for, because the answer may be of others. An account that was asked for by its
    handle is answered by the event of the id that the platform showed under the handle.
    """
    if page.cursor is not None:
        return []
    if unit.part in ("accounts", "ages"):
        is_gone = {event.subject: event.type.endswith(".unavailable") for event in page.events}
        known = {subject: page.ids.get(subject, subject) for subject in unit.subjects}
        answered = [is_gone[account_id] for account_id in known.values() if account_id in is_gone]
        page.unavailable = sum(answered)
        page.got = len(answered) - page.unavailable
        return [subject for subject, account_id in known.items() if account_id not in is_gone]
    return [] if page.got or page.unavailable else list(unit.subjects)


def _missing(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the subjects that a page was asked for and left open, as undone."""
    if subjects := page.get("missing"):  # journals of earlier versions do not have it
        refused = sorted({fault["reason"] for fault in page["quarantined"]})
        reason = f"its answer cannot be read: {'; '.join(refused[:SHOWN])}" if refused else _NO_WORD
        if page.get("limit_code") == "unreadable":
            reason = "where its next page starts cannot be read"
        yield {"part": page["part"], "subjects": list(subjects), "reason": reason}


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
    """Return for each timeline between which instants it was seen, and why not further back."""
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


def report(run: RunFinished) -> Iterator[str]:
    """Yield the lines of a run.

    Raises:
        SourceError: after the last line, if the run was stopped or got no answer; what was got is in the log.
    """
    code, parts, undone, spent = run.platform_code, run.parts or {}, run.undone or (), run.spent or {}
    events = ", ".join(f"{count} {kind}" for kind, count in sorted(run.events.items()))
    cost = Cost(Decimal(spent["usd"]), spent["quota_units"])
    yield f"collect: {code}: {run.outcome}: {events or 'no event'}; {run.requests} requests, {cost} spent"
    for part, counts in parts.items():
        yield f"  {part}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
        if counts["undone"] and not counts["got"] + counts["unavailable"]:
            own = [item for item in undone if item["part"] == part]
            yield f"  {part}: NOTHING WAS GOT: mostly {_commonest(own)}"
    for listed, account_id in (run.ids or {}).items():
        yield f"  {listed} is {account_id}: if that is the holder's, write the id into roster/accounts.csv"
    for reason, count in islice(_reasons(undone).items(), MOST_UNDONE):
        yield f"  undone: {count}: {reason}"
    refused = len(run.quarantined) + sum((run.unlisted or {}).values())
    if refused * LOUD_SHARE > run.rows:
        yield f"  {refused} OF {run.rows} ROWS CANNOT BE READ"
    for fault in islice(summed(run.quarantined, "item"), SHOWN):
        yield f"  quarantined: {fault}"
    if run.outcome == "stopped":
        raise SourceError(f"{code} was collected in part: {run.reason}")
    if run.outcome == "failed":
        asked = ", ".join(f"{counts['asked']} {part}" for part, counts in parts.items() if counts["asked"])
        raise SourceError(f"{code} was asked for {asked} and answered nothing: mostly {_commonest(undone)}")


def _reasons(undone: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return each reason -> how many subjects are undone for it, in the order in which the reasons come."""
    reasons: Counter[str] = Counter()
    for item in undone:
        reasons[item["reason"]] += len(item["subjects"])
    return reasons


def _commonest(undone: Iterable[Mapping[str, Any]]) -> str:
    return _reasons(undone).most_common(1)[0][0]
