"""Where things are on this machine.

In: environment variables that start with ``TWIPLOMACY_``. Out: typed paths. Never: a secret in a printable field.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parents[1]


class SettingsError(Exception):
    """An environment variable does not say what it should; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders and limits of one run.

    Attributes:
        roster: the files people edit.
        data: the log (``data/log``, the only thing to back up) and what is made from it.
        releases: one folder per released version.
        threads: how many threads DuckDB and dbt use, and how many inputs are read at once; no figure depends on it.
    """

    roster: Path
    data: Path
    releases: Path
    threads: int

    @classmethod
    def from_environment(cls) -> Self:
        """Read ``TWIPLOMACY_ROSTER``, ``_DATA``, ``_RELEASES`` and ``_THREADS``; each has a default.

        Raises:
            SettingsError: the number of threads is not one.
        """
        read = os.environ.get
        threads = read("TWIPLOMACY_THREADS", str(os.cpu_count() or 1))
        if not (threads.isdecimal() and int(threads)):
            raise SettingsError(f"TWIPLOMACY_THREADS is {threads!r}; expected a number from 1")
        return cls(
            roster=Path(read("TWIPLOMACY_ROSTER", PROJECT / "roster")).absolute(),
            data=Path(read("TWIPLOMACY_DATA", PROJECT / "data")).absolute(),
            releases=Path(read("TWIPLOMACY_RELEASES", PROJECT / "releases")).absolute(),
            threads=int(threads),
        )

    @property
    def log(self) -> Path:
        """The folder of the ledger and its segments."""
        return self.data / "log"

    @property
    def database(self) -> Path:
        """The live projection: one writer, no reader while it builds."""
        return self.data / "twiplomacy.duckdb"

    @property
    def report(self) -> Path:
        """The report authors' copy, swapped in after each build."""
        return self.data / "report.duckdb"
