"""Export: a table as the release writes it, and DuckDB's ``COPY`` of the same rows in the same order."""

from pathlib import Path

from benchmarks.steps import measured
from release.describe import Table, tables
from release.tables import connect, order_by, write_csv, write_parquet

TABLE = "posts_yearly"
_OPTIONS = {"csv": "format csv, header true", "parquet": "format parquet, compression zstd"}
_WRITERS = {"csv": write_csv, "parquet": write_parquet}


def ours(database: str, manifest: str, path: str, form: str) -> int:
    """Write the table as the release does."""
    connection, table = connect(Path(database)), _table(manifest)
    with measured():
        _WRITERS[form](connection, table, "marts", Path(path))
        return len(connection.table(f"marts.{TABLE}"))


def plain(database: str, manifest: str, path: str, form: str) -> int:
    """Write the table with one ``COPY``."""
    connection, table = connect(Path(database)), _table(manifest)
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with measured():
        query = f"select {columns} from marts.{TABLE} order by {order_by(table)}"
        connection.execute(f"copy ({query}) to '{path}' ({_OPTIONS[form]})")
        return len(connection.table(f"marts.{TABLE}"))


def _table(manifest: str) -> Table:
    return next(table.public() for table in tables(Path(manifest)) if table.name == TABLE)
