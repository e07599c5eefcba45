"""Which files of a source's folder, ``roster/observations/<source_id>/``, are read."""

import os
import stat
import unicodedata
from collections.abc import Container, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ingestion.collect.files.archives import ARCHIVES
from ingestion.roster.cells import UNSEEN
from ingestion.roster.sources import Source
from ingestion.shown import shown

PATTERNS = {"by-hand": ("*.csv",), **dict.fromkeys(ARCHIVES, ("*.json*", "*.ndjson*"))}
"""Adapter -> names of the files that it reads, in small or capital letters, in the source's folder or below it."""
LONGEST_NAME = 500
"""Bytes of the path of a file below its source's folder."""
COMPANIONS = (".*", "*.md", "*.py", "*.cff", "licen[cs]e*", "readme*", "sha256sums*")
"""Names of files that may lie beside them and hold no observations."""


class Found(NamedTuple):
    """The files of a source by their path below its folder, the paths of others, and what cannot be read and why."""

    files: dict[str, Path]
    unread: list[str]
    faults: list[str]


def files(folder: Path, source: Source) -> list[Path]:
    """Return the observation files of a source that is collected, in order."""
    return list(find(folder, source).files.values())


def find(folder: Path, source: Source) -> Found:
    """Return what is in a source's folder.

    Names are in NFC, like all text of the log: file systems differ in how they write a name, and in whether they tell
    its spellings apart.
    """
    top = folder / "observations" / source.source_id
    found = Found({}, [], [])
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
