"""Building: ``dbt build``, and the SQL that dbt compiled, run in DuckDB without dbt."""

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
    """Build one small seed, which measures dbt's start-up and parsing."""
    database = _copied(landed, folder)
    dbt.ask(database, YEAR, cut)

    def work() -> int:
        arguments = ["build", "--select", SEED]
        if dbt._dbt(arguments, database, _work(folder), threads, lambda _: None):
            raise dbt.BuildError(f"dbt could not build the seed; see {_work(folder) / 'dbt.log'}")
        return 0

    return work


def build(landed: str, folder: str, threads: int, cut: int, year: int = YEAR, memory: str = "") -> Callable[[], int]:
    """Build the panel up to a year as the flow does, with nothing staged; ``memory`` is DuckDB's limit, e.g. 1GB."""
    database = _copied(landed, folder)
    if memory:
        os.environ["TWIPLOMACY_MEMORY"] = memory

    def work() -> int:
        stamp = dbt.Stamp(year, cut, "synthetic", "synthetic")
        dbt.build(database, _work(folder), stamp, threads, lambda _: None)
        with duckdb.connect(str(database)) as connection:
            return _rows(connection)

    return work


def plain(landed: str, folder: str, made: str, threads: int, cut: int, year: int = YEAR) -> Callable[[], int]:
    """Run the seeds, models and data tests as dbt compiled them for the panel in ``made``, in one connection."""
    database = _copied(landed, folder)
    dbt.ask(database, year, cut)

    def work() -> int:
        if failed := replay(Path(made), database, threads):
            raise dbt.BuildError(f"these tests fail: {', '.join(failed)}")
        with duckdb.connect(str(database)) as connection:
            return _rows(connection)

    return work


def _rows(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of rows in all marts."""
    names = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    return sum(connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for (name,) in names)


def _copied(landed: str, folder: str) -> Path:
    database = Path(folder) / "twiplomacy.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(landed, database)
    return database


def _work(folder: str) -> Path:
    return Path(folder) / "dbt"
