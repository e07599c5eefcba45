"""changes.csv: one row per difference between the tables of a release and those of the release before it.

The CSV files are compared as text, in which an empty cell is null. Memory does not grow with the tables.
"""

import csv
import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from release import stored
from release.describe import Column, Table
from release.package import sha256
from release.tables import quoted, writing

YEAR = "year"
"""The column that says to which edition a row belongs."""

NUMBERS = frozenset({"bigint", "decimal(38,9)", "integer"})
"""Types of columns whose cells can be subtracted."""
LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB", "threads": 4}
"""Each thread needs memory of its own; beyond the limit DuckDB writes to disk."""


def _column(name: str, description: str, is_nullable: bool = True) -> Column:
    return Column(name, "varchar", description, is_nullable, is_public=True)


TABLE = Table(
    name="changes",
    description=(
        "What differs from the release before? This table compares the tables of this release with those of the "
        "version before it, which manifest.json names, cell by cell as text. It compares the editions that both "
        "releases hold, and all rows of a table without the column year. A row or column that was added or removed "
        "is one row here; its cells are in the tables. The rows of an edition that only one of the two releases "
        "holds are one row per table. If rows of a table can be withdrawn, e.g. posts, the number of removed rows is "
        "given, not which they were. A table whose key changed counts as removed and added. Descriptions are not "
        "compared. One row per difference."
    ),
    key=("compared_with", "table_name", "row_key", "column_name", "change_code"),
    columns=(
        _column("compared_with", "Version of the release before.", is_nullable=False),
        _column("table_name", "The table that differs.", is_nullable=False),
        _column(
            "row_key",
            "The row: its key as name=value; name=value; for an edition year=value; null: the table or a column.",
        ),
        _column("column_name", "The column that differs; null: the complete row or table."),
        _column(
            "change_code",
            "table_added, table_removed, edition_added, edition_removed, column_added, column_removed, row_added, "
            "row_removed, rows_removed or value_changed.",
            is_nullable=False,
        ),
        _column(
            "value_before", "The cell before, or how many rows were removed; null: it was empty, or another change."
        ),
        _column(
            "value_after",
            "The cell in this release, or how many rows of an edition were added; null: it is empty, or another "
            "change.",
        ),
        _column("difference", "The cell in this release minus the cell before, exact; null: not both are numbers."),
    ),
)
NAME = f"{TABLE.name}.csv"


def columns(folder: Path) -> dict[str, list[str]]:
    """Return the column names of every table of a release."""
    return {path.stem: _header(path) for path in _csvs(folder)}


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 (hex) of the CSV file of every table of a release."""
    return {path.stem: sha256(path) for path in _csvs(folder)}


def tables_sha256(folder: Path) -> str:
    """Return the SHA-256 (hex) over the lines that ``SHA256SUMS`` has for the tables' CSV files."""
    lines = (f"{digest}  {name}.csv\n" for name, digest in hashes(folder).items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def compared_with(other: Path | None) -> list[stored.Compared]:
    """Return the entry of ``manifest.json`` that identifies the release compared with."""
    return [stored.Compared(version=other.name, tables_sha256=tables_sha256(other))] if other else []


def write(folder: Path, tables: Sequence[Table], years: Iterable[int], other: Path | None) -> None:
    """Write ``changes.csv``, ordered by all its columns.

    Args:
        folder: the new release with its tables' CSV files.
        tables: these tables, with the columns that are in the files.
        years: its editions.
        other: directory of the release to compare with, named by its version; None: there is none.
    """
    # In the release's own folder, because a machine's folder for temporary files may be memory.
    with (
        writing(folder / NAME),
        tempfile.TemporaryDirectory(dir=folder) as scratch,
        duckdb.connect(str(Path(scratch) / "changes.duckdb"), config=LIMITS) as connection,
    ):
        definitions = ", ".join(f"{column.name} varchar" for column in TABLE.columns[1:])
        connection.execute(f"create table changes ({definitions})")
        if other:
            before, after = columns(other), {table.name: table for table in tables}
            _insert(connection, [(name, "", "table_removed") for name in before.keys() - after.keys()])
            _insert(connection, [(name, "", "table_added") for name in after.keys() - before.keys()])
            years_before, years_now = set(stored.manifest(other).editions), set(years)
            alone = years_before - years_now, years_now - years_before
            for name in before.keys() & after.keys():
                _compare(connection, after[name], alone, (other, folder))
        version = quoted(other.name if other else "")
        ordered = f"select '{version}' as compared_with, * from changes order by all nulls first"  # noqa: S608
        connection.execute(f"copy ({ordered}) to '{quoted(folder / NAME)}' (format csv, header true)")


def _compare(
    connection: duckdb.DuckDBPyConnection, table: Table, alone: tuple[set[int], set[int]], folders: tuple[Path, Path]
) -> None:
    """Insert every difference between the two files of one table."""
    old, new = _header(folders[0] / f"{table.name}.csv"), [column.name for column in table.columns]
    cells = [column for column in table.columns if column.name in old and column.name not in table.key]
    is_matched = set(table.key) <= set(old)
    if is_matched:
        for side, folder, names in (("before", folders[0], old), ("after", folders[1], new)):
            view = _side(folder / f"{table.name}.csv", names, table.key, [cell.name for cell in cells])
            connection.execute(f"create or replace temp view every_{side} as {view}")
    if not is_matched or _is_ambiguous(connection, len(table.key)):
        _insert(connection, [(table.name, "", "table_removed"), (table.name, "", "table_added")])
        return
    _insert(connection, [(table.name, name, "column_removed") for name in old if name not in new])
    _insert(connection, [(table.name, name, "column_added") for name in new if name not in old])
    _set_apart(connection, table, alone)
    connection.execute(_differences(table.key, cells), [table.name])
    if table.rows:
        _forget(connection, table.name)


def _set_apart(connection: duckdb.DuckDBPyConnection, table: Table, alone: tuple[set[int], set[int]]) -> None:
    """Count the rows of editions that only one release holds; make ``before`` and ``after`` of the other rows.

    A table may hold rows of a year that is no edition yet, e.g. the back-test: then both counts are known.
    """
    is_apart = "false"
    if any(alone) and YEAR in table.key:
        year = f"k{table.key.index(YEAR)}"
        removed, added = (", ".join(f"'{each}'" for each in sorted(years)) or "null" for years in alone)
        is_apart = f"coalesce({year} in ({removed}), false) or coalesce({year} in ({added}), false)"
        counted = "nullif(count_if(is_before), 0), nullif(count_if(not is_before), 0)"
        connection.execute(
            f"""
            insert into changes
            select
                ?, '{YEAR}=' || {year}, null,
                case when {year} in ({removed}) then 'edition_removed' else 'edition_added' end,
                {counted}, nullif(count_if(not is_before), 0) - nullif(count_if(is_before), 0)
            from (
                select {year}, true as is_before from every_before where {is_apart}
                union all
                select {year}, false from every_after where {is_apart}
            )
            group by {year}
            """,  # noqa: S608
            [table.name],
        )
    for side in ("before", "after"):
        connection.execute(f"create or replace temp view {side} as from every_{side} where not ({is_apart})")


def _forget(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Replace the removed rows by their number, so that a change does not make withdrawn rows public again."""
    removed = "from changes where table_name = $table and change_code = 'row_removed'"
    values = "$table, null, null, 'rows_removed', count(*), null, null"
    counted = f"insert into changes select {values} {removed} having count(*) > 0"
    connection.execute(counted, {"table": table})
    connection.execute(f"delete {removed}", {"table": table})


def _side(path: Path, names: Sequence[str], key: Sequence[str], cells: Sequence[str]) -> str:
    """Return the query of one file, with its key as k0, k1 ... and its cells as c0, c1 ..., so that no names clash."""
    described = ", ".join(f"'{quoted(name)}': 'varchar'" for name in names)
    dialect = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
    chosen = [(f"k{place}", name) for place, name in enumerate(key)]
    chosen += [(f"c{place}", name) for place, name in enumerate(cells)]
    # Without nulls, empty and missing are equal, and keys join by plain equality, which DuckDB does on disk.
    values = "".join(f", coalesce({_identifier(name)}, '') as {alias}" for alias, name in chosen)
    return f"select true as here{values} from read_csv('{quoted(path)}', {dialect}, columns = {{{described}}})"  # noqa: S608


def _is_ambiguous(connection: duckdb.DuckDBPyConnection, keys: int) -> bool:
    """Return whether two rows of the release before share a key of today."""
    named = "".join(f", k{place}" for place in range(keys))
    query = f"select count(*){named} from every_before group by all having count(*) > 1 limit 1"  # noqa: S608
    return bool(connection.execute(query).fetchall())


def _differences(key: Sequence[str], cells: Sequence[Column]) -> str:
    """Return the statement that inserts the differences between the rows of ``before`` and ``after``."""
    row_key = " || '; ' || ".join(
        f"'{quoted(name)}=' || coalesce(before.k{place}, after.k{place})" for place, name in enumerate(key)
    )
    found = [
        _difference("after.here and before.here is null", "row_added"),
        _difference("before.here and after.here is null", "row_removed"),
    ]
    found += [
        _difference(f"before.c{place} <> after.c{place}", "value_changed", cell, f"c{place}")
        for place, cell in enumerate(cells)
    ]
    pairs = " and ".join(f"before.k{place} = after.k{place}" for place in range(len(key)))
    changed = "".join(f" or before.c{place} <> after.c{place}" for place in range(len(cells)))
    return f"""
        insert into changes
        select
            ?, row_key, nullif(found.name, ''), found.code, nullif(found.old, ''), nullif(found.new, ''),
            case when found.is_number then rtrim(rtrim(
                try({_number("found.new")} - {_number("found.old")})::varchar, '0'
            ), '.') end
        from (
            select {row_key} as row_key, unnest(list_filter([{", ".join(found)}], lambda x: x.is_so)) as found
            from before full join after on {pairs}
            where before.here is null or after.here is null{changed}
        )"""  # noqa: S608


def _difference(condition: str, code: str, cell: Column | None = None, alias: str = "") -> str:
    name, old, new = (quoted(cell.name), f"before.{alias}", f"after.{alias}") if cell else ("", "''", "''")
    is_number = str(bool(cell and cell.data_type in NUMBERS)).lower()
    return (
        f"{{'is_so': {condition}, 'name': '{name}', 'code': '{code}', 'old': {old}, 'new': {new}, "
        f"'is_number': {is_number}}}"
    )


def _number(text: str) -> str:
    return f"try_cast({text} as decimal(38, 9))"


def _insert(connection: duckdb.DuckDBPyConnection, found: Iterable[tuple[str, str, str]]) -> None:
    for row in found:
        connection.execute("insert into changes values (?, null, nullif(?, ''), ?, null, null, null)", row)


def _csvs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.csv") if path.name != NAME)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
