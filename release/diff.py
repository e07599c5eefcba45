"""Which version a release gets, from what differs between it and the one before.

In: hashes and columns of two sets of tables. Out: the next version or none. Never: a version for equal tables.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

_VERSION = re.compile(r"(\d{4})\.(\d+)\.(\d+)(-synthetic)?")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """``YEAR.MINOR.PATCH``: a table or column added raises MINOR, a value changed raises PATCH.

    Synthetic versions end in ``-synthetic`` and count for themselves: none is before or after a real one.
    """

    year: int
    minor: int
    patch: int
    is_synthetic: bool = False

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a version; None if the text is not one."""
        found = _VERSION.fullmatch(text)
        return cls(int(found[1]), int(found[2]), int(found[3]), bool(found[4])) if found else None

    def __str__(self) -> str:
        return f"{self.year}.{self.minor}.{self.patch}{'-synthetic' if self.is_synthetic else ''}"


def latest(names: Iterable[str], year: int, is_synthetic: bool) -> Version | None:
    """Return the newest version of a year among directory names, real or synthetic."""
    versions = (version for version in map(Version.parse, names) if version)
    return max((one for one in versions if (one.year, one.is_synthetic) == (year, is_synthetic)), default=None)


def next_version(
    previous: Version | None,
    first: Version,
    columns: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
    hashes: tuple[Mapping[str, str], Mapping[str, str]],
) -> Version | None:
    """Return the version of new tables, or None if they equal the previous release's.

    Args:
        previous: the newest version of the year, if there is one.
        first: what it is if there is none.
        columns: table -> column names, of the previous and of the new tables.
        hashes: table -> SHA-256 of its CSV, of the previous and of the new tables.
    """
    if previous is None:
        return first
    if columns[0] != columns[1]:
        return replace(previous, minor=previous.minor + 1, patch=0)
    if hashes[0] != hashes[1]:
        return replace(previous, patch=previous.patch + 1)
    return None
