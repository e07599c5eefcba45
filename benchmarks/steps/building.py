"""Building: ``dbt build``, and the SQL that dbt compiled, run in DuckDB without dbt."""

import os
import shutil
from pathlib import Path

import duckdb

from benchmarks.replay import replay
from benchmarks.steps import measured
from dbt_project import build as dbt

YEAR = 2016
SEED = "profile_addresses"
THREADS = int(os.environ.get("TWIPLOMACY_THREADS") or os.cpu_count() or 1)


def fixed(landed: str, folder: str) -> int:
    """Build one small seed, which measures dbt's start-up and parsing."""
    database, cut = _copied(landed, folder)
    dbt.ask(database, YEAR, cut)
    target = Path(folder) / "dbt"
    with measured():
        if dbt._dbt(["build", "--select", SEED], database, target, dbt.Limits(THREADS), lambda _: None):
            raise dbt.BuildError(f"dbt could not build the seed; see {target / 'dbt.log'}")
        return 0


def build(landed: str, folder: str, year: int = YEAR, memory: str = "") -> int:
    """Build the panel up to a year as the flow does, with nothing staged; ``memory`` is DuckDB's limit, e.g. 1GB."""
    database, cut = _copied(landed, folder)
    with measured():
        stamp = dbt.Stamp(year, cut, "synthetic", "synthetic")
        dbt.build(database, Path(folder) / "dbt", stamp, dbt.Limits(THREADS, memory), lambda _: None)
        return _rows(database)


def plain(landed: str, folder: str, made: str, year: int = YEAR) -> int:
    """Run the seeds, models and data tests as dbt compiled them for the panel in ``made``, in one connection."""
    database, cut = _copied(landed, folder)
    dbt.ask(database, year, cut)
    with measured():
        if failed := replay(Path(made), database, THREADS):
            raise dbt.BuildError(f"these tests fail: {', '.join(failed)}")
        return _rows(database)


def _copied(landed: str, folder: str) -> tuple[Path, int]:
    """Copy a landed database into a folder; return the copy and the log's end."""
    database = Path(folder) / "twiplomacy.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(landed, database)
    with duckdb.connect(str(database)) as connection:
        ((end,),) = connection.execute("select max(position) from raw.segments").fetchall()
    return database, end


def _rows(database: Path) -> int:
    """Return the number of rows in all marts."""
    with duckdb.connect(str(database)) as connection:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return sum(len(connection.table(f"marts.{name}")) for (name,) in names)
