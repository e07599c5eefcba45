"""The roster: who holds which office, on which accounts, on what evidence.

In: the CSV files people edit under ``roster/``. Out: checked entries, and the events that bring the log from the
roster it holds to the roster in the files. Never: a file that is only partly right; all faults are named at once.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingestion.log.events import Event
from ingestion.roster.cells import Entry, said, unfit
from ingestion.roster.checks import Lost, Row, Rows, faults, notes
from ingestion.roster.models import FILES, Assignment, Source, Term
from ingestion.shown import shown

SOURCE_ID = "roster"
ENCODING = "utf-8-sig"
"""UTF-8, with or without the byte order mark that spreadsheets write."""

MOST_SHOWN = 1_000
"""Faults that are named at once."""


class RosterError(Exception):
    """The roster's files are not right; the message lists every fault with file and line."""


@dataclass(frozen=True)
class Roster:
    """All entries of all files, checked.

    Attributes:
        entries: file name without ``.csv`` -> identity -> entry, in file order.
        sha256: hash (hex) of the files' bytes.
    """

    entries: Mapping[str, Mapping[str, Entry]]
    sha256: str

    @property
    def country_codes(self) -> frozenset[str]:
        """ISO 3166-1 alpha-3 codes of the roster's countries."""
        return frozenset(self.entries["countries"])

    @property
    def platform_codes(self) -> frozenset[str]:
        """Codes of the roster's platforms."""
        return frozenset(self.entries["platforms"])

    @property
    def years(self) -> list[int]:
        """Years that have an edition, ascending."""
        return sorted(int(identity) for identity in self.entries["editions"])

    @property
    def observed_sources(self) -> list[Source]:
        """The sources that have observation files, in file order."""
        return [
            entry
            for entry in self.entries["sources"].values()
            if isinstance(entry, Source) and entry.adapter and not entry.is_living
        ]


def read(folder: Path) -> Roster:
    """Read and check every file of the roster.

    Raises:
        RosterError: lists each fault as ``file, line: what is wrong``.
    """
    rows, found = _read_rows(folder)
    if found:
        more = [f"and {len(found) - MOST_SHOWN:,} more"] if len(found) > MOST_SHOWN else []
        lines = "\n  ".join(found[:MOST_SHOWN] + more)
        raise RosterError(f"the roster has faults; nothing of it was collected:\n  {lines}")
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / f"{name}.csv").read_bytes())
    return Roster({name: {row.entry.identity: row.entry for row in rows[name]} for name in FILES}, digest.hexdigest())


def check(folder: Path) -> list[str]:
    """Return what is allowed in the roster's files and still worth a look, as ``file, line: what, and what to do``.

    Raises:
        RosterError: lists each fault.
    """
    read(folder)
    return list(notes(_read_rows(folder)[0]))


def in_office(roster: Roster, first: date, last: date) -> frozenset[str]:
    """Return the accounts through which somebody in office spoke on a day from ``first`` to ``last``."""
    terms: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for term in roster.entries["terms"].values():
        if isinstance(term, Term):
            terms[term.holder_id].append((term.start_date or date.min, term.end_date or date.max))
    return frozenset(
        entry.account_id
        for entry in roster.entries["assignments"].values()
        if isinstance(entry, Assignment)
        for start, end in terms[entry.holder_id]
        if max(start, entry.start_date or date.min, first) <= min(end, entry.end_date or date.max, last)
    )


def changes(roster: Roster, state: Mapping[str, Mapping[str, Any]]) -> Iterator[Event]:
    """Yield the events that turn the log's roster into the files' roster.

    Args:
        roster: what the files say.
        state: what the log says, as ``fold`` returns it.
    """
    wanted = {
        f"{SOURCE_ID}/{name}/{identity}": (name, entry.model_dump(mode="json", exclude_none=True))
        for name, rows in roster.entries.items()
        for identity, entry in rows.items()
    }
    for subject, (name, data) in wanted.items():
        if subject not in state:
            yield _event("roster.entry_added", subject, name, data)
        elif state[subject] != data:
            yield _event("roster.entry_changed", subject, name, data)
    last_checked = max((data["checked_date"] for _, data in wanted.values()), default="1970-01-01")
    for subject in sorted(state.keys() - wanted.keys()):
        name = subject.split("/")[1]
        yield _event("roster.entry_ended", subject, name, {**state[subject], "checked_date": last_checked})


def fold(events: Iterable[Event], state: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Mapping[str, Any]]:
    """Return the roster that a sequence of events leaves, starting from ``state``: subject -> data.

    A pure left fold: ``fold(a + b) == fold(b, fold(a))``.
    """
    entries = dict(state or {})
    for event in events:
        if event.type in ("roster.entry_added", "roster.entry_changed"):
            entries[event.subject] = event.data
        elif event.type == "roster.entry_ended":
            entries.pop(event.subject, None)
    return entries


def reason(error: ValidationError) -> str:
    """Return a validation error as one line: each column and what is expected of it, without what it holds."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'row'}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors()
    )


def _event(kind: str, subject: str, name: str, data: Mapping[str, Any]) -> Event:
    checked = f"{data['checked_date']}T00:00:00Z"
    return Event(SOURCE_ID, kind, subject, checked, f"roster/{name}/1", data, checked)


def _read_rows(folder: Path) -> tuple[Rows, list[str]]:
    broken: list[str] = []
    lost: Lost = {}
    rows = {name: list(_read_file(folder / f"{name}.csv", model, broken, lost)) for name, model in FILES.items()}
    return rows, [*broken, *faults(rows, lost)]


def _read_file(path: Path, model: type[Entry], broken: list[str], lost: Lost) -> Iterator[Row]:
    """Yield the rows that are right; ``broken`` gets the faults of the others, and ``lost`` their cells."""
    columns = [*(name for name in model.model_fields if name != "checked_date"), "checked_date"]
    needed = [name for name in columns if name not in model.may_lack]
    refused: list[Mapping[str, Any]] = []
    lost[path.stem] = None  # until it is read to its end
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            header = list(reader.fieldnames or [])
            if [name for name in header if name not in model.may_lack] != needed or len(header) > len(set(header)):
                broken.append(f"{path}, line 1: the header is {shown(str(header))}; expected {','.join(columns)}")
                return
            for row in reader:
                where = f"{path}, line {reader.line_num}"
                try:
                    entry = model(**said(row))
                except ValidationError as error:
                    fault = reason(error)
                else:
                    fault = unfit(row)
                if fault:
                    broken.append(f"{where}: {fault}")
                    refused.append(row)
                else:
                    yield Row(where, entry)
            lost[path.stem] = refused
    except FileNotFoundError:
        broken.append(f"{path} is missing; a file without rows holds its header: {','.join(columns)}")
    except (UnicodeDecodeError, csv.Error) as error:
        broken.append(f"{path} is not a UTF-8 CSV file: {error}")
    except OSError as error:
        broken.append(f"{path} cannot be read: {error.strerror}")
