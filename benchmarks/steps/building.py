"""Building: ``dbt build`` and the SQL that it compiled, run by DuckDB alone.

In: a landed database. Out: the work to time. Never: SQL of our own: the plain run takes all from dbt.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.replay import replay
from dbt_project import build as dbt

YEAR = 2016
SEED = "profile_addresses"


def fixed(landed: str, folder: str, threads: int, cut: int) -> Callable[[], int]:
    """Run dbt for one seed: its start, its parsing, and next to no work."""
    database = _copied(landed, folder)
    dbt.ask(database, YEAR, cut)

    def work() -> int:
        arguments = ["build", "--select", SEED]
        if dbt._dbt(arguments, database, _work(folder), threads, lambda _: None):
            raise dbt.BuildError(f"dbt could not build the seed; see {_work(folder) / 'dbt.log'}")
        return 0

    return work


def build(landed: str, folder: str, threads: int, cut: int, year: int = YEAR, memory: str = "") -> Callable[[], int]:
    """Build the panel up to a year as the flow does, from nothing staged; ``memory`` is DuckDB's limit, e.g. 1GB."""
    database = _copied(landed, folder)
    if memory:
        os.environ["TWIPLOMACY_MEMORY"] = memory

    def work() -> int:
        stamp = dbt.Stamp(year, cut, "synthetic", "synthetic")
        dbt.build(database, _work(folder), stamp, threads, lambda _: None)
        with duckdb.connect(str(database)) as connection:
            return _rows(connection)

    return work


def plain(landed: str, folder: str, made: str, threads: int, cut: int) -> Callable[[], int]:
    """Run what dbt compiled for the panel in ``made``: seeds, models and data tests, in one connection."""
    database = _copied(landed, folder)
    dbt.ask(database, YEAR, cut)

    def work() -> int:
        if failed := replay(Path(made), database, threads):
            raise dbt.BuildError(f"these tests fail: {', '.join(failed)}")
        with duckdb.connect(str(database)) as connection:
            return _rows(connection)

    return work


def _rows(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the rows of all marts together."""
    names = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    return sum(connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for (name,) in names)


def _copied(landed: str, folder: str) -> Path:
    database = Path(folder) / "twiplomacy.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(landed, database)
    return database


def _work(folder: str) -> Path:
    return Path(folder) / "dbt"
