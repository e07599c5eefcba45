"""What a person reads on the screen: lines of progress, errors, and what to do about them."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.build import BuildError
from ingestion.collect.outcome import SourceError
from ingestion.log.segments import LogError
from ingestion.shown import inert
from release.stored import StoredError
from release.verify import VerifyError

_FULL = "No space left on device"
_DAMAGED = (
    "Corrupt database file",
    "Could not read enough bytes",
    "INTERNAL Error",
    "Serialization Error",
    "WAL file",
    "not a valid DuckDB database",
    "storage version",
)
"""What DuckDB says about a file that is not as DuckDB wrote it."""


def say(line: str) -> None:
    """Print one line of progress."""
    print(inert(line), flush=True)


def fail(message: str) -> int:
    """Print one error; return the exit code of a verb that failed."""
    print(f"error: {inert(message)}", file=sys.stderr, flush=True)
    return 1


def quiet(_: str) -> None:
    """Print nothing."""


@contextmanager
def noted(faults: list[str]) -> Iterator[None]:
    """Add what is wrong with one release, cut or platform to ``faults``, and go on with the others."""
    try:
        yield
    except (BuildError, LogError, SourceError, StoredError, VerifyError) as error:
        faults.append(str(error))
    except PermissionError as error:
        faults.append(f"{error.strerror}: {error.filename}")


def of_database(message: str, database: Path) -> str:
    """Return an error of DuckDB with what to do about a full disk or a damaged database."""
    if _FULL in message:
        return f"DuckDB: {message}; free some space, and run the same command again"
    if any(words in message for words in _DAMAGED):
        return f"{database} is damaged (DuckDB: {message}); delete it and {database.name}.wal, and run: twiplomacy land"
    return f"DuckDB: {message}"


def of_file(error: OSError, data: Path) -> str:
    """Return an error of the system with what to do about a full disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{_FULL}: {error.filename or data}: free some space, and run the same command again"
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)
