"""Write one input as a segment that ends in ``collection.finished``."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingestion.collect.files import archives, by_hand, sheets
from ingestion.collect.files.inputs import Input
from ingestion.collect.finished import FileFinished
from ingestion.collect.outcome import Outcome, SourceError, summed
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.tables import Roster


@dataclass(frozen=True, slots=True)
class Collected:
    """The result of one input: its segment, or why it could not be read, and lines of progress."""

    segment: segments.Segment | None
    fault: str
    lines: list[str]


def write(folder: Path, entries: Roster, exclusions: Exclusions, item: Input) -> Collected:
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
    finished = with_finish(events, outcome, source.source_id, item.name, item.sha256, source.recorded_instant, version)
    try:
        segment = segments.write(folder, source.source_id, finished)
    except SourceError as error:
        return Collected(None, str(error), [])
    made = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.events.items()))
    lines = [
        f"collect: {source.source_id}/{item.name}: {outcome.rows} rows: {made or 'no event'}, "
        f"{outcome.duplicates} duplicates, {outcome.quarantined_count} quarantined",
        *(f"  quarantined: {fault}" for fault in summed(outcome.quarantined, "line", outcome.unlisted)),
    ]
    return Collected(segment, "", lines)


def _file_sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def with_finish(
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
