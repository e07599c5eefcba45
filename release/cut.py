"""The cut: all that decides the tables of a release, so that it can be made again (``cut.json``)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from release.tables import connect

SUFFIXES = frozenset({".csv", ".j2", ".lock", ".md", ".py", ".sql", ".yml"})
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Cut(BaseModel, frozen=True, strict=True):
    """What a release was made from: the content of its ``cut.json``.

    Attributes:
        is_synthetic: whether anything in the log is made up; then every file of the release says so.
        year: the newest edition of the panel.
        editions: every edition of the panel, ascending; a release of the former form names none.
        position: last ledger position that counts.
        chain: the ledger's hash chain there, which fixes every event before it.
        events: number of events up to it.
        recorded_date: day (UTC) on which the newest of them was carried into the project; the release's date.
        code: SHA-256 (hex) over the code and the lock file that decide the figures.
    """

    is_synthetic: bool = False
    year: int
    editions: tuple[int, ...] = ()
    position: Annotated[int, Field(ge=1)]
    chain: Sha256
    events: int
    recorded_date: str
    code: Sha256

    @property
    def years(self) -> str:
        """The first and the last edition in words."""
        first, last = self.editions[0], self.editions[-1]
        return f"{first} to {last}" if first != last else str(last)


def editions(database: Path) -> tuple[int, ...]:
    """Return the editions of the panel that a database holds, ascending."""
    with connect(database) as connection:
        rows = connection.execute("select year from intermediate.int_editions order by year").fetchall()
    return tuple(year for (year,) in rows)


def code_sha256(root: Path, parts: Iterable[str]) -> str:
    """Hash files and folders below ``root`` by their relative names and bytes.

    Only source files count (``SUFFIXES``), so that caches and build output do not change the hash.
    """
    digest = hashlib.sha256()
    for path in _sources(root, parts):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(root: Path, parts: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for part in parts:
        path = root / part
        found += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and p.suffix in SUFFIXES]
    return sorted(found)
