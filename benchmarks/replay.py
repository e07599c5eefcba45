"""Build a panel without dbt: run the SQL that dbt compiled for one panel on another database, in DuckDB.

The benchmarks take it as the reference for ``dbt build``; most tests use it because dbt is slow to start.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

Node = Mapping[str, Any]


def replay(made: Path, database: Path, threads: int, wanted: Sequence[str] = ()) -> list[str]:
    """Make the models in ``database`` and return the names of the data tests that fail.

    Args:
        made: data folder in which dbt built the complete project in a new database.
        database: database that ``land`` filled and in which ``ask`` set the panel.
        threads: threads of DuckDB.
        wanted: names of models: only they and the models they read are made, without data tests. Default: all.
    """
    failed = []
    with duckdb.connect(str(database), config={"threads": threads}) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{made / 'twiplomacy.duckdb'}' as made (read_only)")
        for node in _nodes(made / "dbt" / "manifest.json", tuple(wanted)):
            if node["resource_type"] == "test":
                ((faults,),) = connection.execute(f"select count(*) from ({node['compiled_code']})").fetchall()
                failed += [node["name"]] if faults else []
            else:
                connection.execute(f"create schema if not exists {node['schema']}")
                _make(connection, node)
        connection.execute("detach made")
    return failed


def _make(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    name = f"{node['schema']}.{node['name']}"
    if node["resource_type"] == "seed":
        connection.execute(f"create or replace table {name} as from made.{name}")
    elif node["language"] == "python":
        connection.register("rows", _rows(connection, node))
        connection.execute(f"create or replace table {name} as from rows")
        connection.unregister("rows")
    elif node["config"]["materialized"] == "view":
        connection.execute(f"create or replace view {name} as {node['compiled_code']}")
    elif node["config"]["contract"]["enforced"]:
        connection.execute(f"create or replace table {name} ({', '.join(_columns(node))})")
        connection.execute(f"insert into {name} by name {node['compiled_code']}")
    else:
        connection.execute(f"create or replace table {name} as {node['compiled_code']}")


def _columns(node: Node) -> Iterator[str]:
    for column in node["columns"].values():
        constraints = " ".join(constraint["type"].replace("_", " ") for constraint in column["constraints"])
        yield f"{column['name']} {column['data_type']} {constraints}"


def _rows(connection: duckdb.DuckDBPyConnection, node: Node) -> Any:
    """Call a Python model as dbt does, through the ``dbtObj`` that dbt appends to its compiled code."""
    module: dict[str, Any] = {"__name__": node["name"]}
    exec(node["compiled_code"], module)  # noqa: S102
    return module["model"](module["dbtObj"](lambda name: connection.query(f"from {name}")), connection)


@lru_cache
def _nodes(manifest: Path, wanted: tuple[str, ...]) -> list[Node]:
    """Return seeds, models and data tests, each after those that it reads."""
    nodes = {
        name: node
        for name, node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].items()
        if node["resource_type"] in ("seed", "model", "test")
    }
    parents = {name: set(node["depends_on"].get("nodes", ())) & nodes.keys() for name, node in nodes.items()}
    order = list(TopologicalSorter(parents).static_order())
    needed = {f"model.twiplomacy.{name}" for name in wanted} or set(nodes)
    for name in reversed(order):
        if name in needed:
            needed |= parents[name]
    return [nodes[name] for name in order if name in needed]
