"""Where things are, and how to write a file so that nobody ever finds half of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the project's code."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one dataset.

    Attributes:
        roster: the files that people edit.
        data: the log (``data/log``, the only thing to back up), unfinished collections, and everything made from both.
        releases: one folder per released version.
    """

    roster: Path
    data: Path
    releases: Path

    @property
    def log(self) -> Path:
        """The folder of the ledger and its segments."""
        return self.data / "log"

    @property
    def collecting(self) -> Path:
        """The folder of the journals of unfinished collections."""
        return self.data / "collecting"

    @property
    def database(self) -> Path:
        """The database that is built; while one process writes it, no other reads it."""
        return self.data / "twiplomacy.duckdb"

    @property
    def report(self) -> Path:
        """The report authors' copy, replaced after each build."""
        return self.data / "report.duckdb"


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the file's name to an ``OSError`` that has none, e.g. that of a disk which became full during a write."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def write_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a small file under another name, sync it, rename it: a killed process leaves the old or the new file.

    Args:
        path: its folder exists.
        content: all of it.
        mode: permissions of the file, e.g. ``0o600``; by default those of a new file.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    with naming(unfinished):
        with unfinished.open("wb") as file:
            if mode is not None:
                unfinished.chmod(mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the names of the files in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
