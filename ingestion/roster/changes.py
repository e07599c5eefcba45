"""The roster as events: what brings the log from the roster it holds to the roster in the files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingestion.log.events import Event
from ingestion.roster.tables import Roster

SOURCE_ID = "roster"


def changes(roster: Roster, state: Mapping[str, Mapping[str, Any]]) -> Iterator[Event]:
    """Yield the events that turn the log's roster (``state``, as ``fold`` returns it) into the files' roster."""
    wanted = {
        f"{SOURCE_ID}/{file}/{identity}": (file, entry.model_dump(mode="json", exclude_none=True))
        for file, table in roster.by_file.items()
        for identity, entry in table.items()
    }
    for subject, (file, data) in wanted.items():
        if subject not in state:
            yield _event("roster.entry_added", subject, file, data)
        elif state[subject] != data:
            yield _event("roster.entry_changed", subject, file, data)
    last_checked = max((data["checked_date"] for _, data in wanted.values()), default="1970-01-01")
    for subject in sorted(state.keys() - wanted.keys()):
        file = subject.split("/")[1]
        yield _event("roster.entry_ended", subject, file, {**state[subject], "checked_date": last_checked})


def fold(events: Iterable[Event], state: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Mapping[str, Any]]:
    """Return the roster, subject -> data, that events leave of ``state``; they may be folded in parts."""
    entries = dict(state or {})
    for event in events:
        if event.type in ("roster.entry_added", "roster.entry_changed"):
            entries[event.subject] = event.data
        elif event.type == "roster.entry_ended":
            entries.pop(event.subject, None)
    return entries


def _event(kind: str, subject: str, file: str, data: Mapping[str, Any]) -> Event:
    checked = f"{data['checked_date']}T00:00:00Z"
    return Event(SOURCE_ID, kind, subject, checked, f"roster/{file}/1", data, checked)
