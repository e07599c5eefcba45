"""Versions of a hand-made sheet: the newest one is its truth, and what it no longer says is withdrawn.

In: what the log holds of a sheet, and what its file says now. Out: the events that bring the one to the other.
Never: an event changed or removed.

An example: a row says 52000, then 520, then 52000 again. Version 1 states 52000. Version 2 states 520 and withdraws the
first statement. Version 3 withdraws 520 and states 52000 anew, as an event that names version 3, because the first
statement stays withdrawn.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger

EMPTY = hashlib.sha256(b"").hexdigest()
"""The hash of a sheet that is gone from its folder: it says nothing any more."""


@dataclass
class Sheet:
    """What the log holds of one sheet.

    Attributes:
        position: ledger position of its newest version; 0 before its first.
        sha256: hash (hex) of that version's input, as the ledger has it.
        stated: id of a plain statement -> the event that states it now, which may be a restatement.
        withdrawn: ids of plain statements that were taken back at some time.
    """

    position: int = 0
    sha256: str = ""
    stated: dict[str, Event] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)


def held(ledger: Ledger, source_id: str) -> dict[str, Sheet]:
    """Return the sheets of a source by name, as the log has them."""
    sheets: dict[str, Sheet] = {}
    for entry in ledger.current():
        if entry.source == source_id and entry.rows:
            *events, finished = segments.read(ledger.segments / entry.name)
            sheet = sheets.setdefault(finished.data["input"]["name"], Sheet())
            sheet.position, sheet.sha256 = entry.position, entry.input
            _follow(sheet, events)
    return sheets


def _follow(sheet: Sheet, events: Iterable[Event]) -> None:
    plain_ids = {event.id: plain for plain, event in sheet.stated.items()}
    for event in events:
        if event.type == "observation.withdrawn":
            plain = plain_ids[event.data["event_id"]]
            sheet.withdrawn.add(plain)
            del sheet.stated[plain]
        else:
            sheet.stated[_plain(event).id] = event


def follow(sheet: Sheet, said: Iterable[Event], version: Mapping[str, Any], recorded_at: str) -> Iterator[Event]:
    """Yield all that a new version states, then what it withdraws.

    Args:
        sheet: what the log holds of the sheet.
        said: the statements of the file, each once.
        version: what names the version: the file's ``sha256`` and ``previous``, the position of the version before it.
        recorded_at: the day the file was carried over, as an instant.
    """
    kept = set()
    for event in said:
        kept.add(event.id)
        if event.id in sheet.stated:
            yield sheet.stated[event.id]
        elif event.id in sheet.withdrawn:
            yield _restated(event, version)
        else:
            yield event
    for plain, event in sheet.stated.items():
        if plain not in kept:
            yield Event(
                source=event.source,
                type="observation.withdrawn",
                subject=event.subject,
                time=recorded_at,
                dataschema="observation/withdrawn/1",
                data={"event_id": event.id, "version": version},
                recorded_at=recorded_at,
            )


def _restated(event: Event, version: Mapping[str, Any]) -> Event:
    shape = f"{event.dataschema.rpartition('/')[0]}/2"
    data = {**event.data, "version": version}
    return Event(event.source, event.type, event.subject, event.time, shape, data, event.recorded_at)


def _plain(event: Event) -> Event:
    """Return a statement as it was made first, without the version that a restatement names."""
    if "version" not in event.data:
        return event
    shape = f"{event.dataschema.rpartition('/')[0]}/1"
    data = {name: value for name, value in event.data.items() if name != "version"}
    return Event(event.source, event.type, event.subject, event.time, shape, data, event.recorded_at)
