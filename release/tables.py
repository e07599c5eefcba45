"""Tables as files: CSV, Parquet and a DuckDB database that older clients open.

In: a built database and the tables' descriptions. Out: files whose bytes depend on the rows alone (the database's
do not: DuckDB writes a random id into each; its tables are compared by their CSV). Never: rows without an order.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from release.describe import Column, Table

STORAGE = "v1.0.0"
"""Oldest DuckDB that opens the databases written here."""
LEAST_SPACE = 1_000_000
"""Bytes with which a disk is full."""
_CONTROL = r"[\p{Cc}\x{FFFE}\x{FFFF}]"
"""Characters that what was observed may hold, as a hashtag, and that no CSV or XML has a place for."""


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a database for reading, in UTC."""
    connection = duckdb.connect(str(database), read_only=True)
    connection.execute("set timezone = 'UTC'")
    return connection


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Name the file that could not be written: neither DuckDB nor Arrow does so at all times, as on a full disk.

    Raises:
        OSError: with the file's name.
    """
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if shutil.disk_usage(path.parent).free < LEAST_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        if isinstance(error, OSError) and not error.filename:
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise


def write_csv(connection: duckdb.DuckDBPyConnection, table: Table, schema: str, path: Path) -> None:
    """Write a table as CSV: UTF-8, LF, a header, ISO 8601 instants in UTC, empty for null, in the table's order.

    Each control character is written as U+FFFD, so that a row is a line.
    """
    columns = ", ".join(map(_csv_expression, table.columns))
    query = f"select {columns} from {schema}.{table.name}{_where(table)} order by {order_by(table)}"  # noqa: S608
    with writing(path):
        connection.execute(f"copy ({query}) to '{quoted(path)}' (format csv, header true)")


def write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, schema: str, path: Path) -> None:
    """Write a table as Parquet with the described schema, in the table's order.

    By pyarrow, because DuckDB marks a nullable column as required in a year without nulls.
    """
    columns = ", ".join(f'{column.sql} as "{column.name}"' for column in table.columns)
    query = f"select {columns} from {schema}.{table.name}{_where(table)} order by {order_by(table)}"  # noqa: S608
    wanted = table.arrow_schema()
    with writing(path), pq.ParquetWriter(path, wanted, compression="zstd") as writer:
        for batch in connection.sql(query).to_arrow_reader(100_000):
            writer.write_table(pa.Table.from_batches([batch]).cast(wanted))


def write_database(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], path: Path) -> None:
    """Write tables with their descriptions as comments into one DuckDB file, swapped in whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with writing(path):
        _fill(connection, tables, unfinished)
    unfinished.replace(path)


def _fill(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], unfinished: Path) -> None:
    connection.execute(f"attach '{quoted(unfinished)}' as copy_to (read_write, storage_version '{STORAGE}')")
    try:
        for table in tables:
            target = f"copy_to.main.{table.name}"
            connection.execute(f"create table {target} ({', '.join(map(_definition, table.columns))})")
            columns = ", ".join(f'{column.sql} as "{column.name}"' for column in table.columns)
            connection.execute(
                f"insert into {target} select {columns} from marts.{table.name}{_where(table)} "  # noqa: S608
                f"order by {order_by(table)}"
            )
            connection.execute(f"comment on table {target} is '{quoted(table.description)}'")
            for column in table.columns:
                comment = f'comment on column {target}."{column.name}"'
                connection.execute(f"{comment} is '{quoted(column.description)}'")
    finally:
        connection.execute("detach copy_to")


def order_by(table: Table) -> str:
    """Return the terms of a total order of a table's rows: the order in which a person reads them, then the key."""
    return ", ".join([*table.order, *(f'"{name}" nulls first' for name in table.key)])


def quoted(text: str | Path) -> str:
    """Return text as it stands between single quotes in SQL."""
    return str(text).replace("'", "''")


def _definition(column: Column) -> str:
    return f'"{column.name}" {column.data_type}{"" if column.is_nullable else " not null"}'


def _csv_expression(column: Column) -> str:
    value = column.sql
    if column.data_type == "timestamptz":
        value = f"strftime({value}, '%Y-%m-%dT%H:%M:%SZ')"
    if column.data_type == "varchar":
        value = f"regexp_replace({value}, '{_CONTROL}', '\ufffd', 'g')"
    return f'{value} as "{column.name}"'


def _where(table: Table) -> str:
    return f" where {table.rows}" if table.rows else ""
