"""The cut: all that decides the tables of a release, so that it can be made again.

In: folders of code and the ledger's head. Out: hashes and the data of ``cut.json``. Never: a clock, a user, a path.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SUFFIXES = frozenset({".csv", ".j2", ".lock", ".md", ".py", ".sql", ".yml"})


@dataclass(frozen=True, slots=True)
class Cut:
    """What a release was made from.

    Attributes:
        is_synthetic: whether anything in the log is made up; then all that is made from it says so.
        year: the edition.
        position: last ledger position that counts.
        chain: the ledger's hash chain there, which fixes every event before it.
        events: number of events up to it.
        recorded_date: day (UTC) the newest of them was carried into the project; the release's date.
        code: SHA-256 (hex) over the code and the lock file that decide the figures.
    """

    is_synthetic: bool
    year: int
    position: int
    chain: str
    events: int
    recorded_date: str
    code: str

    def as_json(self) -> dict[str, Any]:
        """Return the cut as plain data."""
        return asdict(self)


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
