"""collect: bring the log up to date with the roster and its observation files.

It adds one segment for the roster's changes, one for each archive that the log does not hold yet, and one for each
hand-made sheet that has changed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingestion.collect.files import archives, by_hand, sheets
from ingestion.collect.files.inputs import Input, new_inputs
from ingestion.collect.files.workers import in_order
from ingestion.collect.finished import FileFinished
from ingestion.collect.outcome import Outcome, SourceError, summed
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.roster.changes import SOURCE_ID, changes, fold
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import RosterError, read_roster
from ingestion.roster.tables import Roster

EXCLUDED = ("account_id", "holder_id", "holder_name", "wikidata_id")
"""Columns of the roster that name somebody who may have been erased."""


def collect(
    folder: Path,
    ledger: Ledger,
    say: Callable[[str], None],
    workers: int = 1,
    exclusions: Exclusions = Exclusions(),  # noqa: B008
) -> None:
    """Collect the roster's changes and each new input.

    An archive is read once, and a hand-made sheet again only when it changed, so a second run appends nothing. What
    a sheet no longer states is withdrawn.

    Args:
        folder: the roster's folder.
        ledger: the log.
        say: gets one line of progress per file.
        workers: files read at once, each in a process of its own; the log does not depend on it.
        exclusions: who must not come in.

    Raises:
        RosterError: the roster has faults; nothing was collected.
        SourceError: some files could not be read; all others were collected.
        WorkerError: a process was killed; what was collected before stays.
    """
    entries = read_roster(folder)
    broken: list[str] = []
    _refuse_excluded(entries, exclusions)
    if exclusions.is_blind:
        say(
            f"collect: {len(exclusions.hashes)} exclusions CANNOT BE TOLD: set TWIPLOMACY_EXCLUSION_SALT, or make "
            f"sure that nothing comes in that somebody had erased"
        )
    with ledger.writing(say):
        ledger.sweep()
        _collect_roster(entries, ledger, say)
        inputs = list(new_inputs(folder, entries, ledger, broken, say))
        results = in_order(partial(_write, ledger.segments, entries, exclusions), inputs, workers)
        for item, result in zip(inputs, results, strict=True):
            if result.segment is None:
                broken.append(result.fault)
            else:
                ledger.append(result.segment, item.source.source_id, item.sha256)
            for line in result.lines:
                say(line)
    if broken:
        raise SourceError("all other files were collected, but not:\n  " + "\n  ".join(broken))


def _collect_roster(entries: Roster, ledger: Ledger, say: Callable[[str], None]) -> None:
    held = ledger.current()
    own = [line for line in held if line.source == SOURCE_ID and line.rows]
    events = (event for line in own for event in segments.read(ledger.segments / line.name))
    state = fold(events)
    _refuse_redating(entries, state, {line.source for line in held})
    changed = list(changes(entries, state))
    if not changed:
        say("collect: the roster is in the log already")
        return
    recorded = max(event.recorded_at for event in changed)
    outcome = Outcome(rows=len(changed))
    finished = _with_finish(changed, outcome, SOURCE_ID, "roster", entries.sha256, recorded)
    ledger.append(segments.write(ledger.segments, SOURCE_ID, finished), SOURCE_ID, entries.sha256)
    say(f"collect: roster: {len(changed)} changes")


def _refuse_redating(entries: Roster, state: Mapping[str, Mapping[str, Any]], collected: set[str]) -> None:
    """Refuse a new ``observed_at`` for a source in the log: its events carry the old one and are never edited."""
    for source in entries.observed_sources:
        known = state.get(f"{SOURCE_ID}/sources/{source.source_id}", {}).get("observed_at")
        if source.source_id in collected and known != source.observed_instant:
            raise RosterError(
                f"roster/sources.csv: {source.source_id} is in the log as observed at {known}; "
                f"give files observed at another time a source_id of their own"
            )


def _refuse_excluded(entries: Roster, exclusions: Exclusions) -> None:
    """Refuse rows about an account or a holder that was erased."""
    for name, rows in entries.by_file.items():
        for identity, entry in rows.items():
            if any(exclusions.names(str(getattr(entry, key, ""))) for key in EXCLUDED):
                raise RosterError(f"roster/{name}.csv: {identity} was erased and must stay out; remove the row")


@dataclass(frozen=True, slots=True)
class _Collected:
    """The result of one input: its segment, or why it could not be read, and lines of progress."""

    segment: segments.Segment | None
    fault: str
    lines: list[str]


def _write(folder: Path, entries: Roster, exclusions: Exclusions, item: Input) -> _Collected:
    """Write the segment of one input into a folder; the ledger does not list it yet."""
    outcome, source = Outcome(exclusions=exclusions), item.source
    version: Mapping[str, Any] = {}
    if item.sheet is None:
        events = archives.read(item.path, item.name, archives.ARCHIVES[source.adapter or ""](source, outcome), outcome)
    else:
        is_there = item.sha256 != sheets.EMPTY
        events = by_hand.read(item.path, item.name, source, entries, outcome) if is_there else iter(())
        if item.sheet.position:
            sha256 = _file_sha256(item.path) if is_there else sheets.EMPTY
            version = {"sha256": sha256, "previous": item.sheet.position}
            events = sheets.follow(item.sheet, events, version, source.recorded_instant)
    finished = _with_finish(events, outcome, source.source_id, item.name, item.sha256, source.recorded_instant, version)
    try:
        segment = segments.write(folder, source.source_id, finished)
    except SourceError as error:
        return _Collected(None, str(error), [])
    made = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.events.items()))
    lines = [
        f"collect: {source.source_id}/{item.name}: {outcome.rows} rows: {made or 'no event'}, "
        f"{outcome.duplicates} duplicates, {outcome.quarantined_count} quarantined",
        *(f"  quarantined: {fault}" for fault in summed(outcome.quarantined, "line", outcome.unlisted)),
    ]
    return _Collected(segment, "", lines)


def _file_sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _with_finish(
    events: Iterable[Event],
    outcome: Outcome,
    source_id: str,
    name: str,
    sha256: str,
    recorded_at: str,
    version: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Event]:
    """Yield the events, then the ``collection.finished`` that sums them up and names a sheet's later version."""
    for event in events:
        outcome.events[event.type] += 1
        yield event
    yield FileFinished(
        outcome="cut_short" if outcome.is_cut_short else "partial" if outcome.quarantined else "complete",
        input={"name": name, "sha256": sha256},
        rows=outcome.rows,
        events=dict(outcome.events),
        duplicates=outcome.duplicates,
        left_out=outcome.left_out or None,
        beside=outcome.beside if _is_mixed(outcome) else None,
        quarantined=outcome.quarantined,
        unlisted=dict(outcome.unlisted) or None,
        unknown_fields=dict(outcome.unknown_fields),
        version=version or None,
    ).event(source_id, name, recorded_at)


def _is_mixed(outcome: Outcome) -> bool:
    """Return whether the counts do not say by themselves which events are rows: usually posts are, or else all are."""
    posts = outcome.events["post.observed"]
    return outcome.beside != (outcome.events["account.observed"] if posts else 0)
