"""Take a subject out of the log: each segment that names it is written anew, and its tombstone says so."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingestion.log import segments
from ingestion.log.erasures import ERASURES, Erasure, whole
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.roster.traces import Traces, restated


def rewrite(
    ledger: Ledger, traces: Traces, inputs: Mapping[str, str], reason: str, subject_sha256: str
) -> Iterator[Erasure]:
    """Write each segment that names the subject without it; yield the tombstones, which the ledger does not have yet.

    ``inputs``: SHA-256 (hex) of an observation file that named the subject -> the one it has without it.
    ``subject_sha256``: hash (hex) of the subject, as ``roster/exclusions.csv`` has it.
    """
    masked: dict[str, str] = {}
    for line in ledger.current():
        if line.source == ERASURES or not line.rows:
            continue
        path = ledger.segments / line.name
        tombstone = replace(
            whole(line, reason), subject_sha256=subject_sha256, input=inputs.get(line.input, line.input)
        )
        if any(_cut(event, traces, masked) is not event for event in segments.read(path)):
            left = (_cut(event, traces, masked) for event in segments.read(path))
            kept = segments.write(ledger.segments, line.source, filter(None, left))
            if not kept.rows:
                (ledger.segments / kept.name).unlink()
                yield tombstone
            else:
                yield replace(tombstone, kept_name=kept.name, kept_sha256=kept.sha256, kept_rows=kept.rows)
        elif line.input in inputs:  # the file names the subject in something that no event holds
            yield replace(tombstone, kept_name=line.name, kept_sha256=line.sha256, kept_rows=line.rows)


def _cut(event: Event, traces: Traces, masked: dict[str, str]) -> Event | None:
    """Return what is left of an event; ``masked`` maps the ids of events that changed to their new ids."""
    left = traces.cut(event)
    if left and left.data.get("event_id") in masked:
        left = restated(left, left.subject, {**left.data, "event_id": masked[left.data["event_id"]]})
    if left and left.id != event.id:
        masked[event.id] = left.id
    return left
