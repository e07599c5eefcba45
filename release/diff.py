"""Which version a release gets, from its differences to the one before; equal releases get none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

_VERSION = re.compile(r"([0-9]{4})\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-synthetic)?")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """``YEAR.MINOR.PATCH``: YEAR is the newest edition; a table or column added or removed raises MINOR.

    A changed value or description raises PATCH. Synthetic versions end in ``-synthetic`` and are numbered separately;
    none is before or after a real version.
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


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of a release that are compared with the one before it.

    Attributes:
        columns: table -> column names.
        hashes: table -> SHA-256 of its CSV.
        descriptions: table -> its description and those of its columns.
    """

    columns: Mapping[str, list[str]]
    hashes: Mapping[str, str]
    descriptions: Mapping[str, Any]


def versions(names: Iterable[str], is_synthetic: bool) -> list[Version]:
    """Return the versions among directory names, real or synthetic, ascending."""
    return sorted(one for one in map(Version.parse, names) if one and one.is_synthetic == is_synthetic)


def next_version(first: Version, taken: Iterable[Version], previous: Content | None, new: Content) -> Version | None:
    """Return the version of a new release, or None if it equals the previous one of its year.

    Args:
        first: the version if the year has none yet.
        taken: the versions that exist.
        previous: content of the previous release of the year; None if there is none to compare with.
        new: content of the new release.
    """
    newest = max((one for one in taken if one.year == first.year), default=None)
    if newest is None:
        return first
    if previous is None or previous.columns != new.columns:
        return replace(newest, minor=newest.minor + 1, patch=0)
    if previous != new:
        return replace(newest, patch=newest.patch + 1)
    return None
