"""release: write one immutable directory per version, from marts that passed the gate.

The directory ``YEAR.MINOR.PATCH/`` is written under another name and then renamed. Nothing is written if neither a
value nor a description changed. Synthetic and real releases are never compared with each other.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.files import PROJECT, sync
from release import changes, diff, graph, package, stored, withdrawn
from release.cut import Cut
from release.describe import Table
from release.stored import Compared
from release.tables import connect, read_csv, write_csv, write_database, write_parquet
from release.verify import VerifyError, verify_files

LICENCES = ("LICENSE", "LICENSE-DATA")
READ = ("metrics", "sources", "network_nodes_yearly", *(network.table for network in graph.NETWORKS))
"""The tables whose rows are in the documents and the graphs."""


class ReleaseError(Exception):
    """The release cannot be written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk.

    Attributes:
        path: its directory.
        is_new: whether this run wrote it.
    """

    path: Path
    is_new: bool


def release(database: Path, tables: Sequence[Table], cut: Cut, verdict: Mapping[str, Any], releases: Path) -> Release:
    """Write the next version of a panel, unless it equals the newest one of its year.

    Args:
        database: DuckDB file with the built marts; read only.
        tables: the marts, described.
        cut: what they were built from.
        verdict: the gate's verdict on them, as plain data.
        releases: folder with one directory per version.

    Raises:
        ReleaseError: the gate did not pass these marts, or a release to compare with is damaged.
    """
    if verdict["verdict"] != "passed":
        raise ReleaseError(f"the gate did not pass {cut.year}; nothing was released")
    releases.mkdir(parents=True, exist_ok=True)
    unfinished = releases / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    public = [table.public() for table in tables]
    write_tables(database, public, unfinished)
    taken = diff.versions((path.name for path in releases.iterdir()), cut.is_synthetic)
    previous = _newest_panel(releases, (version for version in taken if version.year == cut.year))
    version = diff.next_version(
        diff.Version(cut.year, 0, 0, cut.is_synthetic),
        taken,
        _content(releases / str(previous), stored.descriptions(releases / str(previous))) if previous else None,
        _content(unfinished, package.described([*public, changes.TABLE])),
    )
    if version is None:
        shutil.rmtree(unfinished)
        return Release(releases / str(previous), is_new=False)
    # a comparison with a release that names an erased subject would name it again
    gone = {name for name, withdrawal in withdrawn.read(releases).items() if withdrawal.erasure}
    before = _newest_panel(releases, (panel for panel in taken if panel < version and str(panel) not in gone))
    other = releases / str(before) if before else None
    changes.write(unfinished, public, cut.editions, other)
    write_papers(unfinished, public, cut, verdict, str(version), changes.compared_with(other))
    target = releases / str(version)
    _make_durable(unfinished)
    unfinished.rename(target)
    sync(releases)
    return Release(target, is_new=True)


def _newest_panel(releases: Path, versions: Iterable[diff.Version]) -> diff.Version | None:
    """Return the newest panel among versions, after a check of its files.

    A withdrawn release may be damaged; then the one before it is taken.
    """
    gone = withdrawn.read(releases)
    for version in sorted(versions, reverse=True):
        folder = releases / str(version)
        try:
            verify_files(folder)
            editions = stored.manifest(folder).editions
        except (VerifyError, stored.StoredError) as error:
            if str(version) in gone:
                continue
            raise ReleaseError(
                f"{error}\nNothing was released, because it would be compared with that. Restore the release from a "
                f"copy of it; if there is none, run: twiplomacy withdraw {version} --reason 'its files are damaged'"
            ) from error
        if editions:
            return version
    return None


def write_tables(database: Path, tables: Sequence[Table], folder: Path) -> None:
    """Write every table as CSV, Parquet and into ``twiplomacy.duckdb``."""
    with connect(database) as connection:
        for table in tables:
            write_csv(connection, table, "marts", folder / f"{table.name}.csv")
            write_parquet(connection, table, "marts", folder / f"{table.name}.parquet")
        write_database(connection, tables, folder / "twiplomacy.duckdb")


def write_papers(
    folder: Path,
    tables: Sequence[Table],
    cut: Cut,
    verdict: Mapping[str, Any],
    version: str,
    compared_with: Sequence[Compared],
) -> None:
    """Write the documents and the graphs beside the tables and ``changes.csv``; the checksums come last."""
    rows = {name: list(read_csv(folder / f"{name}.csv")) for name in READ}
    counts, named = _counts(folder, tables)
    sources = [row for row in rows["sources"] if row["source_id"] in named]
    graphs = list(graph.graphs(rows, cut.is_synthetic))
    described = [*tables, changes.TABLE]
    texts = {
        "codebook.md": package.marked(package.codebook(described, graphs, rows["metrics"], cut, version), cut),
        "CITATION.cff": package.marked(package.citation(cut, version), cut, comment="# "),
        "cut.json": package.dump(cut.model_dump()),
        "gate.json": package.dump({**({"is_synthetic": True} if cut.is_synthetic else {}), **verdict}),
        **{each.file_name: each.text for each in graphs},
        **{name: package.marked((PROJECT / name).read_text(encoding="utf-8"), cut) for name in LICENCES},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    listed = package.datapackage(described, graphs, sources, folder, cut, version)
    (folder / "datapackage.json").write_text(package.dump(listed), encoding="utf-8")
    listed = package.manifest(folder, tables, counts, cut, version, compared_with)
    (folder / "manifest.json").write_text(package.dump(listed), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(package.checksums(folder), encoding="utf-8")


def _content(folder: Path, descriptions: Mapping[str, Any]) -> diff.Content:
    return diff.Content(changes.columns(folder), changes.hashes(folder), descriptions)


def _counts(folder: Path, tables: Sequence[Table]) -> tuple[dict[str, int], set[str]]:
    """Return the number of rows of each table, and each source that a table other than ``sources`` names."""
    counts: dict[str, int] = {}
    named: set[str] = set()
    with connect(folder / "twiplomacy.duckdb") as connection:
        for table in tables:
            ((counts[table.name],),) = connection.execute(f"select count(*) from {table.name}").fetchall()  # noqa: S608
            if table.name != "sources" and any(column.name == "source_id" for column in table.columns):
                found = connection.execute(f"select distinct source_id from {table.name}").fetchall()  # noqa: S608
                named |= {source for (value,) in found if value for source in value.split()}
    return counts, named


def _make_durable(folder: Path) -> None:
    for path in folder.iterdir():
        sync(path)
        path.chmod(0o444)
    sync(folder)
