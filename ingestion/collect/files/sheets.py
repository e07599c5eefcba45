"""Versions of a hand-made sheet: a newer version withdraws what it no longer states.

The events of earlier versions stay in the log; new events say what changed. An example: a row says 52000, then 520,
then 52000 again. Version 1 states 52000. Version 2 states 520 and withdraws the first statement. Version 3 withdraws
520 and states 52000 anew, as an event that names version 3, because the first statement stays withdrawn.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger

EMPTY = hashlib.sha256(b"").hexdigest()
"""The hash of a sheet that is gone from its folder, which states nothing any more."""


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
    for line in ledger.current():
        if line.source == source_id and line.rows:
            *events, finished = segments.read(ledger.segments / line.name)
            sheet = sheets.setdefault(finished.data["input"]["name"], Sheet())
            sheet.position, sheet.sha256 = line.position, line.input
            _apply(sheet, events)
    return sheets


def _apply(sheet: Sheet, events: Iterable[Event]) -> None:
    plain_ids = {event.id: plain for plain, event in sheet.stated.items()}
    for event in events:
        if event.type == "observation.withdrawn":
            plain = plain_ids[event.data["event_id"]]
            sheet.withdrawn.add(plain)
            del sheet.stated[plain]
        else:
            sheet.stated[_plain(event).id] = event


def follow(sheet: Sheet, stated: Iterable[Event], version: Mapping[str, Any], recorded_at: str) -> Iterator[Event]:
    """Yield all that a new version states, then its withdrawals.

    Args:
        sheet: what the log holds of the sheet.
        stated: the statements of the file, each once.
        version: names the version: the file's ``sha256``, and ``previous``, the position of the version before it.
        recorded_at: the day the file was carried over, as an instant.
    """
    kept = set()
    for event in stated:
        kept.add(event.id)
        if event.id in sheet.stated:
            yield sheet.stated[event.id]
        elif event.id in sheet.withdrawn:
            yield _restated(event, version)
        else:
            yield event
    for plain, event in sheet.stated.items():
        if plain not in kept:
            yield replace(
                event,
                type="observation.withdrawn",
                time=recorded_at,
                dataschema="observation/withdrawn/1",
                data={"event_id": event.id, "version": version},
                recorded_at=recorded_at,
            )


def _restated(event: Event, version: Mapping[str, Any]) -> Event:
    """Return a withdrawn statement as a new one that names the version."""
    shape = f"{event.dataschema.rpartition('/')[0]}/2"
    return replace(event, dataschema=shape, data={**event.data, "version": version})


def _plain(event: Event) -> Event:
    """Return a statement as it was made first: without the version that a restatement names."""
    if "version" not in event.data:
        return event
    shape = f"{event.dataschema.rpartition('/')[0]}/1"
    data = {name: value for name, value in event.data.items() if name != "version"}
    return replace(event, dataschema=shape, data=data)
