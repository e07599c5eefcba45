"""verify: check that a release is unchanged, and that its log gives the same release again.

Every difference is named; nothing is repaired.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from ingestion.shown import shown
from release import changes
from release.describe import Table
from release.diff import Version
from release.package import sha256
from release.stored import Compared
from release.tables import connect, write_csv

DATABASE = "twiplomacy.duckdb"
_LISTED = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<name>[^/]+)")


class VerifyError(Exception):
    """The release differs; the message names each file and how."""


def verify_files(folder: Path) -> None:
    """Check a release against its own checksums, as ``sha256sum -c`` does, and its list of files.

    Raises:
        VerifyError: a file is missing, changed or not listed.
    """
    sums = folder / "SHA256SUMS"
    if not folder.is_dir():
        raise VerifyError(f"{folder} is not a release: it is {'no folder' if folder.exists() else 'not there'}")
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise VerifyError(f"{folder} has a name that is not UTF-8; rename it") from error
    if sums.is_symlink() or not sums.is_file():
        raise VerifyError(f"{folder} is not a release: it has no SHA256SUMS")
    try:
        text = sums.read_bytes().decode("utf-8", "backslashreplace")
    except OSError as error:
        raise VerifyError(f"{sums} cannot be read: {error.strerror}") from error
    lines = [_LISTED.fullmatch(line) for line in text.splitlines()]
    listed = {line["name"]: line["digest"] for line in lines if line}
    if len(listed) != len(lines) or not text.endswith("\n"):
        raise VerifyError(f"{sums} is not a list of hashes and file names")
    present = {path.name for path in folder.iterdir()} - {sums.name}
    faults = [f"{shown(name)} is missing" for name in sorted(listed.keys() - present)]
    faults += [f"{shown(name)} does not belong to the release" for name in sorted(present - listed.keys())]
    for name in sorted(listed.keys() & present):
        faults += _differs(folder / name, listed[name])
    _raise(folder, faults)


def _differs(path: Path, digest: str) -> list[str]:
    """Return a list with what is wrong with a file of a release; empty if nothing is."""
    if path.is_symlink() or not path.is_file():
        return [f"{path.name} is no file of its own"]
    try:
        is_same = sha256(path) == digest
    except OSError as error:
        return [f"{path.name} cannot be read: {error.strerror}"]
    return [] if is_same else [f"{path.name} was changed: its SHA-256 is not the one in SHA256SUMS"]


def verify_version(folder: Path, text: str, is_synthetic: bool) -> None:
    """Check the version of a release: synthetic if its log is, and equal to the folder's name.

    Args:
        folder: the release; a name that is no version is not compared.
        text: the version in its files.
        is_synthetic: whether the log it was made from holds anything made up.

    Raises:
        VerifyError: the version does not fit the log or the folder's name.
    """
    version = Version.parse(text)
    if version is None or version.is_synthetic != is_synthetic:
        raise VerifyError(f"{folder} says it is {text}; its log is {'synthetic' if is_synthetic else 'real'}")
    if Version.parse(folder.name) not in (None, version):
        raise VerifyError(f"{folder} is {text}, under another version's name; rename it to {text}")


def remake_changes(
    folder: Path, again: Path, tables: Sequence[Table], years: Iterable[int], compared_with: Sequence[Compared]
) -> list[str]:
    """Make ``changes.csv`` again if the release that it was compared with is beside ``folder``; else copy the file.

    Returns:
        The version of the other release, if it is missing or has other tables than it had.
    """
    other = None
    for release in compared_with:  # one at most
        other = folder.parent / release.version
        if changes.tables_sha256(other) != release.tables_sha256:
            shutil.copyfile(folder / changes.NAME, again / changes.NAME)
            return [release.version]
    changes.write(again, tables, years, other)
    return []


def verify_rebuilt(folder: Path, again: Path, tables: list[Table]) -> None:
    """Compare a release with the same release made again.

    Every file must have the same bytes, except ``twiplomacy.duckdb``, whose tables are compared row by row, and
    ``SHA256SUMS``, which holds that file's hash.

    Raises:
        VerifyError: names each file that differs.
    """
    names = {path.name for path in folder.iterdir()} | {path.name for path in again.iterdir()}
    faults = []
    for name in sorted(names - {DATABASE, "SHA256SUMS"}):
        if not (folder / name).exists() or not (again / name).exists():
            faults.append(f"{name} is only in {'the log' if (again / name).exists() else 'the release'}")
        elif sha256(folder / name) != sha256(again / name):
            faults.append(f"{name} is not what the log gives at this cut")
    try:
        shape, unequal = _shape(folder / DATABASE), list(_unequal_tables(folder, tables, again.parent))
    except duckdb.Error as error:
        _raise(folder, [*faults, f"{DATABASE} cannot be read: {str(error).splitlines()[0]}"])
        return
    faults += [f"{DATABASE}: table {name} does not equal {name}.csv" for name in unequal]
    if shape != _shape(again / DATABASE):
        faults.append(f"{DATABASE} has other tables, columns or descriptions than the log gives")
    _raise(folder, faults)


def _shape(database: Path) -> list[tuple[object, ...]]:
    """Return everything in a database but its rows: each object with its definition and comment."""
    with connect(database) as connection:
        return connection.execute(
            """select 'table', table_name, sql, comment from duckdb_tables() where not internal
            union all select 'column', table_name || '.' || column_name, data_type, comment from duckdb_columns()
            where not internal
            union all select 'view', view_name, sql, comment from duckdb_views() where not internal
            order by all"""
        ).fetchall()


def _unequal_tables(folder: Path, tables: list[Table], scratch_of: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=scratch_of) as scratch, connect(folder / DATABASE) as connection:
        for table in tables:
            exported = Path(scratch) / f"{table.name}.csv"
            with suppress(duckdb.Error):
                write_csv(connection, table.released(), "main", exported)
                if sha256(exported) == sha256(folder / exported.name):
                    continue
            yield table.name


def _raise(folder: Path, faults: list[str]) -> None:
    if faults:
        raise VerifyError(f"{folder} fails:\n  " + "\n  ".join(faults))
