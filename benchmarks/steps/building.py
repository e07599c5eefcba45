"""Building: ``dbt build`` and the SQL that it compiled, run by DuckDB alone.

In: a landed database. Out: the work to time. Never: SQL of our own: the plain run takes each statement from dbt, and
the Python models too.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from dbt_project import build as dbt

YEAR = 2016
SEED = "profile_addresses"
Node = Mapping[str, Any]


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
    os.environ["TWIPLOMACY_MEMORY"] = memory

    def work() -> int:
        stamp = dbt.Stamp(year, cut, "synthetic", "synthetic")
        dbt.build(database, _work(folder), stamp, threads, lambda _: None)
        with duckdb.connect(str(database)) as connection:
            return _rows(connection)

    return work


def plain(landed: str, folder: str, compiled: str, threads: int, cut: int) -> Callable[[], int]:
    """Run the seeds, the models and the data tests of a manifest in one connection."""
    database = _copied(landed, folder)
    dbt.ask(database, YEAR, cut)
    nodes: dict[str, Node] = json.loads((Path(compiled) / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    order = [
        nodes[name]
        for name in TopologicalSorter(
            {
                name: [part for part in node["depends_on"].get("nodes", ()) if part in nodes]
                for name, node in nodes.items()
            }
        ).static_order()
    ]

    def work() -> int:
        with duckdb.connect(str(database), config={"threads": threads}) as connection:
            connection.execute("set timezone = 'UTC'")
            for node in order:
                _run(connection, node)
            return _rows(connection)

    return work


def _run(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    if node["resource_type"] == "test":
        broken = connection.execute(f"select count(*) from ({node['compiled_code']}) as broken").fetchall()[0][0]
        if broken:
            raise dbt.BuildError(f"{node['name']}: {broken} rows")
        return
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    connection.execute(f"create schema if not exists {node['schema']}")
    if node["resource_type"] == "seed":
        sql = f"from read_csv('{Path(node['root_path']) / node['original_file_path']}')"
    elif node["language"] == "python":
        connection.register("model_rows", _model_rows(connection, node))
        sql = "from model_rows"
    else:
        sql = node["compiled_code"]
    connection.execute(f"create {kind} {node['schema']}.{node['name']} as ({sql})")


def _model_rows(connection: duckdb.DuckDBPyConnection, node: Node) -> Any:
    """Call a Python model as dbt does, with what dbt wrote below it to find the tables it asks for."""
    module: dict[str, Any] = {"__name__": node["name"]}
    exec(node["compiled_code"], module)  # noqa: S102
    return module["model"](module["dbtObj"](lambda name: connection.query(f"from {name}")), connection)


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
