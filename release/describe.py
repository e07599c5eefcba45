"""What the tables hold, as the dbt YAML says.

In: dbt's ``manifest.json``. Out: tables with keys, columns, types, units and descriptions; everything else that
describes the data (Parquet schemas, the codebook, ``datapackage.json``) is made from it. Never: a second description.
"""

import hashlib
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
    """One column.

    Attributes:
        name: its name.
        data_type: its SQL type.
        description: what it holds, with the unit.
        is_nullable: whether it may be null.
        is_public: whether it may be public.
        public_if: SQL predicate of the rows whose value may be public, as that of a single post; empty for all.
        is_masked: whether the value is left out of the other rows.
    """

    name: str
    data_type: str
    description: str
    is_nullable: bool
    is_public: bool
    public_if: str = ""
    is_masked: bool = False

    @property
    def sql(self) -> str:
        """The column's value, as a term of SQL."""
        return f'case when {self.public_if} then "{self.name}" end' if self.is_masked else f'"{self.name}"'


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
        """Return the table as everyone may see it, without the columns, rows and values kept for the authors."""
        columns = (replace(c, is_masked=bool(c.public_if)) for c in self.columns if c.is_public)
        return replace(self, columns=tuple(columns), rows=self.public_rows)

    def released(self) -> "Table":
        """Return the table as a release's own database has it: all its rows and values are public."""
        return replace(self, columns=tuple(c for c in self.columns if c.is_public))

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
        DescriptionError: a mart has no key, or a column no type or description; the file is not as ``build`` left it.
    """
    try:
        content = manifest.read_bytes()
        is_whole = hashlib.sha256(content).hexdigest().encode() == manifest.with_suffix(".sha256").read_bytes()
    except FileNotFoundError:
        is_whole = False
    if not is_whole:
        raise DescriptionError(f"{manifest} is missing or damaged; run: twiplomacy build")
    nodes = json.loads(content)["nodes"].values()
    marts = (node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts")
    return sorted((_table(node) for node in marts), key=lambda table: table.name)


def _table(node: dict) -> Table:  # type: ignore[type-arg]
    name, where, meta = node["name"], node["patch_path"], node["config"]["meta"]
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
                public_if=_allowed(f"{name}.{column['name']}", meta, column["config"]["meta"].get("least_class")),
            )
        )
    key = tuple(meta.get("key", ()))
    if not key or not set(key) <= {column.name for column in columns}:
        raise DescriptionError(f"{where}: {name} needs config.meta.key, a list of its columns")
    description = " ".join(node["description"].split())
    order = tuple(meta.get("order", ()))
    return Table(name, description, key, tuple(columns), order, public_rows=_public_rows(name, meta))


def _public_rows(name: str, meta: Mapping[str, Any]) -> str:
    """Return the predicate of a mart's public rows: those of platforms whose terms allow as much, and its own."""
    allowed = _allowed(name, meta, meta.get("least_class", "aggregate_only")) if "platform" in meta else ""
    return " and ".join(filter(None, (allowed, meta.get("public_rows", ""))))


def _allowed(name: str, meta: Mapping[str, Any], least: str | None) -> str:
    """Return the predicate of rows of platforms whose terms allow a class at least; empty if none is asked for."""
    if least is None:
        return ""
    if least not in CLASSES:
        raise DescriptionError(f"{name}: config.meta.least_class is {least!r}; expected one of {', '.join(CLASSES)}")
    forbidden = ", ".join(f"'{code}'" for code in CLASSES[CLASSES.index(least) + 1 :])
    platforms = f"select platform_code from marts.platforms where redistribution_code in ({forbidden})"  # noqa: S608
    return f"({meta['platform']}) not in ({platforms})"
