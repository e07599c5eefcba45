"""Tombstones: what was taken out of the log, when and why.

An erasure writes each segment again without the events that go, or removes the segment completely. For each it adds a
tombstone, a ``segment.erased`` event. The tombstones of one erasure are a segment of their own, so the ledger's chain
holds them like any other events.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from ingestion.log import segments
from ingestion.log.chain import LedgerLine
from ingestion.log.events import Event
from ingestion.log.segments import RESTORE, LogError, Segment

ERASURES = "erasures"
"""The source of the segments that hold tombstones."""
SCHEMA = "segment/erased/1"
_NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True))
class Erasure:
    """The tombstone of one segment.

    Attributes:
        position: of the segment's ledger line.
        sha256: hash (hex) of the uncompressed bytes that were there.
        rows: how many events they were.
        kept_name: the file that holds what is left; empty if nothing is.
        kept_sha256: hash (hex) of its uncompressed bytes.
        kept_rows: how many events are left.
        input: SHA-256 (hex) of the file that the segment was made from, as that file is now.
        subject_sha256: hash (hex) of what was erased, as ``roster/exclusions.csv`` has it; empty if no subject was.
        reason: why, in words.
    """

    position: int
    sha256: str
    rows: int
    kept_name: str
    kept_sha256: str
    kept_rows: int
    input: str
    subject_sha256: str
    reason: str


def whole(line: LedgerLine, reason: str) -> Erasure:
    """Return the tombstone of a segment that is removed completely, given its ledger line after earlier erasures."""
    return Erasure(
        position=line.position,
        sha256=line.sha256,
        rows=line.rows,
        kept_name="",
        kept_sha256=_NOTHING,
        kept_rows=0,
        input=line.input,
        subject_sha256="",
        reason=reason,
    )


def write(folder: Path, erasures: Iterable[Erasure], erased_at: str) -> Segment:
    """Write the tombstones of one erasure as a segment."""
    events = (
        Event(ERASURES, "segment.erased", f"segment/{one.position}", erased_at, SCHEMA, asdict(one), erased_at)
        for one in erasures
    )
    return segments.write(folder, ERASURES, events)


def read(folder: Path, lines: Sequence[LedgerLine]) -> Iterator[tuple[int, Erasure]]:
    """Yield each tombstone in a ledger with the position of the segment that holds it, oldest first.

    Raises:
        LogError: a tombstone was changed, or does not follow from what was at its position before.
    """
    standing = {line.position: (line.sha256, line.rows) for line in lines}
    for line in lines:
        if line.source != ERASURES:
            continue
        path = folder / line.name
        if segments.digest(path) != (line.sha256, line.rows):
            raise LogError(f"{path} was changed: it holds the tombstones of an erasure; {RESTORE}")
        for event in segments.read(path):
            erasure = _tombstone(event)
            there = standing.get(erasure.position) if erasure and erasure.position < line.position else None
            if not erasure or there != (erasure.sha256, erasure.rows):
                raise LogError(f"{path}: {event.subject} is no tombstone of this log; {RESTORE}")
            standing[erasure.position] = (erasure.kept_sha256, erasure.kept_rows)
            yield line.position, erasure


def _tombstone(event: Event) -> Erasure | None:
    try:
        return Erasure(**event.data)
    except (TypeError, ValidationError):
        return None
