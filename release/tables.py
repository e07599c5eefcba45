"""Write tables as CSV, Parquet and a DuckDB database that older clients open.

The bytes of CSV and Parquet files depend on the rows alone. Those of a database do not, because DuckDB writes a random
id into each; its tables are compared by their CSV.
"""

import csv
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
"""The oldest DuckDB that opens the databases written here."""
LEAST_SPACE = 1_000_000
"""A disk with fewer free bytes is full."""
_CONTROL = r"[\p{Cc}\x{FFFE}\x{FFFF}]"
"""Characters that observed text, e.g. a hashtag, may hold and that CSV and XML cannot."""


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a database for reading, in UTC."""
    connection = duckdb.connect(str(database), read_only=True)
    connection.execute("set timezone = 'UTC'")
    return connection


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Add the file's name to an error of writing it: DuckDB and Arrow leave it out, e.g. when the disk is full.

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


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file as text."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_csv(connection: duckdb.DuckDBPyConnection, table: Table, schema: str, path: Path) -> None:
    """Write a table as CSV: UTF-8, LF, a header, ISO 8601 instants in UTC, empty for null, in the table's order.

    Each control character is written as U+FFFD, so that a row is a line.
    """
    query = f"{table.select(schema, map(_csv_value, table.columns))} order by {order_by(table)}"
    with writing(path):
        connection.execute(f"copy ({query}) to '{quoted(path)}' (format csv, header true)")


def write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, schema: str, path: Path) -> None:
    """Write a table as Parquet with the described schema, in the table's order.

    pyarrow writes it, because DuckDB marks a nullable column as required in a year without nulls.
    """
    query = f"{table.select(schema)} order by {order_by(table)}"
    wanted = table.arrow_schema()
    with writing(path), pq.ParquetWriter(path, wanted, compression="zstd") as writer:
        for batch in connection.sql(query).to_arrow_reader(100_000):
            writer.write_table(pa.Table.from_batches([batch]).cast(wanted))


def write_database(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], path: Path) -> None:
    """Write tables with their descriptions as comments into one DuckDB file, which replaces an old one at once."""
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
            connection.execute(f"insert into {target} {table.select()} order by {order_by(table)}")
            connection.execute(f"comment on table {target} is '{quoted(table.description)}'")
            for column in table.columns:
                comment = f'comment on column {target}."{column.name}"'
                connection.execute(f"{comment} is '{quoted(column.description)}'")
    finally:
        connection.execute("detach copy_to")


def order_by(table: Table) -> str:
    """Return the SQL terms of a total order of a table's rows: the order for readers, then the key."""
    return ", ".join([*table.order, *(f'"{name}" nulls first' for name in table.key)])


def quoted(text: str | Path) -> str:
    """Return text for use between single quotes in SQL."""
    return str(text).replace("'", "''")


def _definition(column: Column) -> str:
    return f'"{column.name}" {column.data_type}{"" if column.is_nullable else " not null"}'


def _csv_value(column: Column) -> str:
    value = column.sql
    if column.data_type == "timestamptz":
        value = f"strftime({value}, '%Y-%m-%dT%H:%M:%SZ')"
    if column.data_type == "varchar":
        value = f"regexp_replace({value}, '{_CONTROL}', '\ufffd', 'g')"
    return f'{value} as "{column.name}"'
