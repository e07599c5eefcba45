"""The marts' SQL as dbt compiled it, run by DuckDB alone.

In: a landed database, the newest year, the cut. Out: the rows of the marts. Never: SQL of our own, or dbt for
every cut.
"""

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.replay import replay
from dbt_project.build import ask

MARTS = ("posts_yearly", "tenures_yearly", "accounts_yearly", "people_yearly")
GROUPS = "groups_yearly"
"""Its rows are of all worlds in the log together, so they belong to none of the cases."""
Row = dict[str, Any]


def rows_of(made: Path, database: Path, year: int, cut: int) -> dict[str, list[Row]]:
    """Run all models of the editions up to a year, as dbt compiled them in ``made``; return the rows of the marts."""
    ask(database, year, cut)
    replay(made, database, 2, (*MARTS, GROUPS))
    with duckdb.connect(str(database)) as connection:
        connection.execute("set timezone = 'UTC'")
        return {name: _rows(connection.execute(f"from marts.{name}")) for name in (*MARTS, GROUPS)}


def _rows(result: duckdb.DuckDBPyConnection) -> list[Row]:
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
