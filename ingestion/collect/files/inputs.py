"""Which observation files are in a source's folder, ``roster/observations/<source_id>/``, and which of them are new."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ingestion.collect.files import by_hand, sheets
from ingestion.collect.files.archives import ARCHIVES
from ingestion.log.ledger import Ledger
from ingestion.roster.cells import UNSEEN
from ingestion.roster.sources import Source
from ingestion.roster.tables import Roster
from ingestion.shown import shown

PATTERNS = {"by-hand": ("*.csv",), **dict.fromkeys(ARCHIVES, ("*.json*", "*.ndjson*"))}
"""Adapter -> names of the files that it reads, in small or capital letters, in the source's folder or below it."""
LONGEST_NAME = 500
"""Bytes of the path of a file below its source's folder."""
COMPANIONS = (".*", "*.md", "*.py", "*.cff", "licen[cs]e*", "readme*", "sha256sums*")
"""Names of files that may lie beside them and hold no observations."""


@dataclass(frozen=True, slots=True)
class Input:
    """One observation file that the log does not hold.

    Attributes:
        path: the file; a hand-made sheet that was collected before may be gone.
        name: its path below its source's folder.
        sha256: hash (hex) of what decides its events.
        source: whose file it is.
        sheet: what the log holds of it, if it is a hand-made sheet.
    """

    path: Path
    name: str
    sha256: str
    source: Source
    sheet: sheets.Sheet | None = None


def new_inputs(
    folder: Path, entries: Roster, ledger: Ledger, broken: list[str], say: Callable[[str], None]
) -> Iterator[Input]:
    """Yield archives that the log does not hold, and sheets that differ from their newest version in it.

    ``broken`` gets each file that cannot be read, and why. A sheet that is gone has the hash of nothing.
    """
    for source in entries.observed_sources:
        patterns = " or ".join(PATTERNS[source.adapter or ""])
        files, unread, faults = _find(folder, source)
        broken += faults
        for name in unread:
            say(
                f"collect: {source.source_id}/{name} IS NOT READ: the adapter {source.adapter} reads {patterns}; "
                f"unpack it, save it or rename it as such, or move it elsewhere"
            )
        if not files:
            if not faults:
                broken.append(f"{folder / 'observations' / source.source_id} has no {patterns} file")
            continue
        hashes: dict[str, str] = {}
        for name, path in files.items():
            try:
                hashes[name] = input_sha256(path, source, entries)
            except OSError as error:
                broken.append(f"{path} cannot be read: {error.strerror}")
        is_by_hand = source.adapter == "by-hand"
        held = sheets.held(ledger, source.source_id) if is_by_hand else {}
        if not faults:  # else a sheet that is not found may be the file that cannot be read
            hashes |= dict.fromkeys(held.keys() - files.keys(), sheets.EMPTY)
        archives = {line.input for line in ledger.current() if line.source == source.source_id}
        for name, sha256 in sorted(hashes.items()):
            sheet = held.get(name, sheets.Sheet()) if is_by_hand else None
            if sha256 == sheet.sha256 if sheet else sha256 in archives:
                say(f"collect: {source.source_id}/{name} is in the log already")
            else:
                archives.add(sha256)
                yield Input(files.get(name, Path(name)), name, sha256, source, sheet)


def input_sha256(path: Path, source: Source, entries: Roster) -> str:
    """Hash what decides the events of a file: its bytes, its time zone, and what hand-made rows are checked against."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256")
    if source.adapter == "by-hand":
        sha256.update(by_hand.held_against(path, source, entries))
    elif source.time_zone:
        sha256.update(source.time_zone.encode())
    return sha256.hexdigest()


class _Found(NamedTuple):
    """The files of a source by their path below its folder, the paths of others, and what cannot be read and why."""

    files: dict[str, Path]
    unread: list[str]
    faults: list[str]


def files(folder: Path, source: Source) -> list[Path]:
    """Return the observation files of a source that is collected, in order."""
    return list(_find(folder, source).files.values())


def _find(folder: Path, source: Source) -> _Found:
    """Return what is in a source's folder.

    Names are in NFC, like all text of the log: file systems differ in how they write a name, and in whether they tell
    its spellings apart.
    """
    top = folder / "observations" / source.source_id
    found = _Found({}, [], [])
    for path in sorted(top.rglob("*")):
        parts = path.relative_to(top).parts
        name = unicodedata.normalize("NFC", "/".join(parts))
        is_folder, fault = _inspect(path)
        if is_folder and not path.is_symlink():
            if fault:
                found.faults.append(f"{source.source_id}/{shown(name)}: {fault}")
        elif not is_folder and _fits(path.name, PATTERNS[source.adapter or ""]) and not path.name.startswith("._"):
            if fault := fault or _name_fault(name, found.files):
                found.faults.append(f"{source.source_id}/{shown(name)}: {fault}")
            else:
                found.files[name] = path
        elif not _fits(path.name, COMPANIONS) and not any(part.startswith((".", "__")) for part in parts[:-1]):
            found.unread.append(shown(name))
    return found._replace(files=dict(sorted(found.files.items())))


def _inspect(path: Path) -> tuple[bool, str]:
    """Return whether a path is a folder, and why it cannot be read; empty if it can."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return False, f"it cannot be read: {error.strerror}"
    if stat.S_ISDIR(mode):
        return True, "" if os.access(path, os.R_OK | os.X_OK) else "the folder cannot be read: Permission denied"
    return False, "" if stat.S_ISREG(mode) else "it is no file; move it elsewhere"


def _name_fault(name: str, others: Container[str]) -> str:
    """Return why a file cannot have a name; empty if it can."""
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return "its name is not UTF-8; rename it"
    if UNSEEN.search(name):
        return "its name holds a character that cannot be seen; rename it"
    if length > LONGEST_NAME:
        return f"its name and those of its folders are longer than {LONGEST_NAME} bytes; rename it"
    return "its name is that of another file, written in another way; rename one" if name in others else ""


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)
