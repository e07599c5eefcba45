"""Landing: ``land``, and DuckDB's ``read_ndjson`` of the same segments into the columns that ``raw`` has."""

import shutil
from pathlib import Path

import duckdb

from benchmarks.steps import measured
from ingestion.log.land import land
from ingestion.log.ledger import Ledger

_TABLES = ("account_snapshots", "post_snapshots", "roster_entries", "collections")
_PLAIN = """
    create table plain as
    select id, source, type, subject, "time", recorded_at, dataschema, data
    from read_ndjson($paths, compression = 'zstd', columns = {
        id: 'varchar', source: 'varchar', type: 'varchar', subject: 'varchar', "time": 'timestamptz',
        recorded_at: 'timestamptz', dataschema: 'varchar', data: 'json'
    })
"""


def first(log: str, database: str) -> int:
    """Land a log into a new database."""
    Path(database).unlink(missing_ok=True)
    return _land(log, database)


def again(log: str, database: str) -> int:
    """Land a log into a database that already holds all of it."""
    return _land(log, database)


def onto(log: str, held: str, database: str) -> int:
    """Land the segments that a copy of the database ``held`` lacks."""
    shutil.copyfile(held, database)
    return _land(log, database)


def plain(log: str, database: str) -> int:
    """Read the segments of a log into one table with one statement, unchecked."""
    Path(database).unlink(missing_ok=True)
    ledger = Ledger(Path(log))
    paths = [str(ledger.segments / entry.name) for entry in ledger.lines()]
    with measured(), duckdb.connect(database) as connection:
        connection.execute(_PLAIN, {"paths": paths})
        return len(connection.table("plain"))


def _land(log: str, database: str) -> int:
    with measured():
        land(Ledger(Path(log)), Path(database), lambda _: None)
        with duckdb.connect(database) as connection:
            return sum(len(connection.table(f"raw.{name}")) for name in _TABLES)
