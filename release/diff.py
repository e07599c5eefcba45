"""Which version a release gets, from what differs between it and the one before.

In: hashes and columns of two sets of tables. Out: the next version or none. Never: a version for equal tables.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

_VERSION = re.compile(r"(\d{4})\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """``YEAR.MINOR.PATCH``: a table or column added raises MINOR, a value changed raises PATCH."""

    year: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a version; None if the text is not one."""
        found = _VERSION.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None

    def __str__(self) -> str:
        return f"{self.year}.{self.minor}.{self.patch}"


def latest(names: Iterable[str], year: int) -> Version | None:
    """Return the newest version of a year among directory names."""
    versions = (Version.parse(name) for name in names)
    return max((version for version in versions if version and version.year == year), default=None)


def next_version(
    previous: Version | None,
    year: int,
    columns: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
    hashes: tuple[Mapping[str, str], Mapping[str, str]],
) -> Version | None:
    """Return the version of new tables, or None if they equal the previous release's.

    Args:
        previous: the newest version of the year, if there is one.
        year: the edition.
        columns: table -> column names, of the previous and of the new tables.
        hashes: table -> SHA-256 of its CSV, of the previous and of the new tables.
    """
    if previous is None:
        return Version(year, 0, 0)
    if columns[0] != columns[1]:
        return Version(year, previous.minor + 1, 0)
    if hashes[0] != hashes[1]:
        return Version(year, previous.minor, previous.patch + 1)
    return None
