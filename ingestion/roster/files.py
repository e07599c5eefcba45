"""Read and check the CSV files that people edit under ``roster/``; all faults are named at once."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingestion.roster.cells import parse_row
from ingestion.roster.checks import faults, notes
from ingestion.roster.entry import Entry
from ingestion.roster.tables import FILES, Roster, Row, Table
from ingestion.shown import shown

ENCODING = "utf-8-sig"
"""UTF-8, with or without the byte order mark that spreadsheets write."""
MOST_SHOWN = 1_000
"""Faults that are named at once."""


class RosterError(Exception):
    """The roster's files have faults; the message lists each with file and line."""


def read_roster(folder: Path) -> Roster:
    """Read and check every file of the roster.

    Raises:
        RosterError: lists each fault as ``file, line: what is wrong``.
    """
    broken: list[str] = []
    tables: dict[str, Table[Any]] = {
        file: _read_file(folder / f"{file}.csv", model, broken) for file, model in FILES.items()
    }
    content = b"" if broken else b"".join((folder / f"{file}.csv").read_bytes() for file in FILES)
    roster = Roster(**tables, sha256=hashlib.sha256(content).hexdigest())
    if found := [*broken, *faults(roster)]:
        more = [f"and {len(found) - MOST_SHOWN:,} more"] if len(found) > MOST_SHOWN else []
        lines = "\n  ".join(found[:MOST_SHOWN] + more)
        raise RosterError(f"the roster has faults; nothing of it was collected:\n  {lines}")
    return roster


def check_roster(folder: Path) -> list[str]:
    """Return notes on what is allowed in the roster and may still be wrong; raise ``RosterError`` if it has faults."""
    return list(notes(read_roster(folder)))


def _read_file(path: Path, model: type[Row], broken: list[str]) -> Table[Row]:
    """Read one file; ``broken`` gets its faults."""
    rows: list[Row] = []
    refused: list[Mapping[str, Any]] = []
    try:
        for where, row in _cells(path, model):
            try:
                rows.append(parse_row(model, row, where))
            except ValueError as error:
                broken.append(f"{where}: {error}")
                refused.append(row)
    except RosterError as error:
        broken.append(str(error))
        return Table(rows, None)
    return Table(rows, refused)


def _cells(path: Path, model: type[Entry]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each row of a file: where it is, and column -> cell."""
    columns = [*(name for name in model.model_fields if name != "checked_date"), "checked_date"]
    needed = [name for name in columns if name not in model.may_lack]
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            header = list(reader.fieldnames or [])
            if [name for name in header if name not in model.may_lack] != needed or len(header) > len(set(header)):
                found = shown(str(header))
                raise RosterError(f"{path}, line 1: the header is {found}; expected {','.join(columns)}")
            for row in reader:
                yield f"{path}, line {reader.line_num}", row
    except FileNotFoundError as error:
        raise RosterError(f"{path} is missing; a file without rows holds its header: {','.join(columns)}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RosterError(f"{path} is not a UTF-8 CSV file: {error}") from error
    except OSError as error:
        raise RosterError(f"{path} cannot be read: {error.strerror}") from error
