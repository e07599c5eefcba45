"""The marts' SQL as dbt compiles it, run by DuckDB alone.

In: a landed database, the newest year, the cut. Out: the rows of the marts. Never: SQL of our own, or dbt for
every cut.
"""

import json
from collections.abc import Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dbt_project import build as dbt

MARTS = ("posts_yearly", "tenures_yearly", "accounts_yearly", "people_yearly")
SEEDS = ("code_names", "profile_addresses")
"""The seeds that they read."""
Row = dict[str, Any]


class Model(NamedTuple):
    """One compiled model: ``schema.name``, whether it is a view, its SQL."""

    name: str
    kind: str
    sql: str


def compiled(folder: Path) -> list[Model]:
    """Compile the marts and all before them, once; return them in the order in which they can run."""
    selected = [f"+{name}" for name in MARTS]
    arguments = ["compile", "--select", *selected]
    folder.mkdir(parents=True)
    assert not dbt._dbt(arguments, folder / "twiplomacy.duckdb", folder / "dbt", 1, lambda _: None)
    nodes = json.loads((folder / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {
        key: node for key, node in nodes.items() if node["resource_type"] == "model" and node.get("compiled_code")
    }
    parents = {key: [name for name in node["depends_on"]["nodes"] if name in models] for key, node in models.items()}
    return [
        Model(
            f"{node['schema']}.{node['name']}",
            "view" if node["config"]["materialized"] == "view" else "table",
            node["compiled_code"],
        )
        for node in map(models.__getitem__, TopologicalSorter(parents).static_order())
    ]


def built(database: Path, models: Sequence[Model], year: int, cut: int) -> dict[str, list[Row]]:
    """Run all models of the editions up to a year; return the rows of the marts."""
    dbt.ask(database, year, cut)
    with duckdb.connect(str(database)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("create schema if not exists seeds")
        for name in SEEDS:
            path = dbt.PROJECT / "seeds" / f"{name}.csv"
            connection.execute(f"create or replace table seeds.{name} as from read_csv('{path}', all_varchar = true)")
        for model in models:
            connection.execute(f"create schema if not exists {model.name.split('.')[0]}")
            connection.execute(f"create or replace {model.kind} {model.name} as ({model.sql})")
        return {name: _rows(connection.execute(f"from marts.{name}")) for name in MARTS}


def _rows(result: duckdb.DuckDBPyConnection) -> list[Row]:
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
