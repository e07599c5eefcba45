"""What the tables hold, as the dbt YAML says.

In: dbt's ``manifest.json``. Out: tables with keys, columns, types, units and descriptions; everything else that
describes the data (Parquet schemas, the codebook, ``datapackage.json``) is made from it. Never: a second description.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

ARROW_TYPES = {
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "decimal(38,9)": pa.decimal128(38, 9),
    "integer": pa.int32(),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "varchar": pa.string(),
}


CLASSES = ("open", "ids_only", "aggregate_only", "not_released")
"""What a platform's terms let us pass on, the most first."""

SYNTHETIC = "Synthetic data: made up by a program, of no real state, person, account or post."
"""What everything says that is made from a log with a synthetic source in it."""


class DescriptionError(Exception):
    """A mart is not fully described; the message names the column and the YAML file to mend."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, SQL type, description with unit, whether it may be null and whether it may be public."""

    name: str
    data_type: str
    description: str
    is_nullable: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its description, whose last sentence is the grain, its key and its columns in order.

    Attributes:
        order: SQL terms, over public columns, by which a person reads the rows; the key decides between equal ones.
        rows: SQL predicate of the rows that are in it; empty for all.
        public_rows: the same for what everyone may see.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    rows: str = ""
    public_rows: str = ""

    def public(self) -> "Table":
        """Return the table as everyone may see it, without the columns and the rows kept for the authors."""
        return replace(self, columns=tuple(c for c in self.columns if c.is_public), rows=self.public_rows)

    def as_synthetic(self) -> "Table":
        """Return the table as one whose rows are made up; its description goes wherever the table goes."""
        return replace(self, description=f"{SYNTHETIC} {self.description}")

    def arrow_schema(self) -> pa.Schema:
        """Return the explicit schema, so that nullability never depends on one year's rows."""
        fields = [
            pa.field(c.name, ARROW_TYPES[c.data_type], c.is_nullable, {"description": c.description})
            for c in self.columns
        ]
        return pa.schema(fields, {"description": self.description})


def tables(manifest: Path) -> list[Table]:
    """Read every mart from dbt's manifest, sorted by name.

    Raises:
        DescriptionError: a mart has no key, or a column no type or description.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    marts = (node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts")
    return sorted((_table(node) for node in marts), key=lambda table: table.name)


def _table(node: dict) -> Table:  # type: ignore[type-arg]
    name, where = node["name"], node["patch_path"]
    columns = []
    for column in node["columns"].values():
        if column["data_type"] not in ARROW_TYPES or not column["description"]:
            raise DescriptionError(f"{where}: {name}.{column['name']} needs a known data_type and a description")
        columns.append(
            Column(
                name=column["name"],
                data_type=column["data_type"],
                description=" ".join(column["description"].split()),
                is_nullable=not any(c["type"] == "not_null" for c in column["constraints"]),
                is_public=column["config"]["meta"].get("audience") != "authors",
            )
        )
    meta = node["config"]["meta"]
    key = tuple(meta.get("key", ()))
    if not key or not set(key) <= {column.name for column in columns}:
        raise DescriptionError(f"{where}: {name} needs config.meta.key, a list of its columns")
    description = " ".join(node["description"].split())
    order = tuple(meta.get("order", ()))
    return Table(name, description, key, tuple(columns), order, public_rows=_public_rows(name, meta))


def _public_rows(name: str, meta: Mapping[str, Any]) -> str:
    """Return the predicate of a mart's public rows: those of platforms whose terms allow as much, and its own."""
    own = meta.get("public_rows", "")
    if "platform" not in meta:
        return str(own)
    least = meta.get("least_class", "aggregate_only")
    if least not in CLASSES:
        raise DescriptionError(f"{name}: config.meta.least_class is {least!r}; expected one of {', '.join(CLASSES)}")
    forbidden = ", ".join(f"'{code}'" for code in CLASSES[CLASSES.index(least) + 1 :])
    platforms = f"select platform_code from marts.platforms where redistribution_code in ({forbidden})"  # noqa: S608
    return " and ".join(filter(None, (f"({meta['platform']}) not in ({platforms})", own)))
