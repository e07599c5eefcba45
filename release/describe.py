"""Tables and columns as the YAML of dbt describes them, read from dbt's ``manifest.json``.

Parquet schemas, the codebook and ``datapackage.json`` are made from these descriptions; there are no others.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

TYPES = {
    "bigint": (pa.int64(), "integer"),
    "boolean": (pa.bool_(), "boolean"),
    "date": (pa.date32(), "date"),
    "decimal(38,9)": (pa.decimal128(38, 9), "number"),
    "integer": (pa.int32(), "integer"),
    "timestamptz": (pa.timestamp("us", tz="UTC"), "datetime"),
    "varchar": (pa.string(), "string"),
}
"""SQL type of a column -> its type in Arrow, and in Frictionless data packages."""
CLASSES = ("open", "ids_only", "aggregate_only", "not_released")
"""How much a platform's terms let us pass on, the most first."""
SYNTHETIC = "Synthetic data: made up by a program, of no real state, person, account or post."
"""The notice in everything that is made from a log with a synthetic source."""


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
        public_if: SQL predicate of the rows whose value may be public, e.g. for ids of single posts; empty for all.
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
        """SQL expression of the column's value."""
        return f'case when {self.public_if} then "{self.name}" end' if self.is_masked else f'"{self.name}"'


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its description, whose last sentence is the grain, its key and its columns in order.

    Attributes:
        order: SQL expressions of public columns: the order for readers; the key decides between equal rows.
        rows: SQL predicate of the rows of the table; empty for all.
        public_rows: the same for the rows that everyone may see.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    rows: str = ""
    public_rows: str = ""

    def public(self) -> "Table":
        """Return the table as everyone may see it: without the columns, rows and values kept for the authors."""
        columns = (replace(c, is_masked=bool(c.public_if)) for c in self.columns if c.is_public)
        return replace(self, columns=tuple(columns), rows=self.public_rows)

    def released(self) -> "Table":
        """Return the table as a release's own database has it, in which all rows and values are public."""
        return replace(self, columns=tuple(c for c in self.columns if c.is_public))

    def as_synthetic(self) -> "Table":
        """Return the table with the notice that its rows are made up; the description goes wherever the table goes."""
        return replace(self, description=f"{SYNTHETIC} {self.description}")

    def select(self, schema: str = "marts", values: Iterable[str] = ()) -> str:
        """Return the query of the table's rows.

        Args:
            schema: where the table is.
            values: SQL terms of its columns; by default the values as they are.
        """
        terms = ", ".join(values or (f'{column.sql} as "{column.name}"' for column in self.columns))
        where = f" where {self.rows}" if self.rows else ""
        return f"select {terms} from {schema}.{self.name}{where}"  # noqa: S608

    def arrow_schema(self) -> pa.Schema:
        """Return the Arrow schema. Nullability is declared, so it does not depend on the rows of one year."""
        fields = [
            pa.field(c.name, TYPES[c.data_type][0], c.is_nullable, {"description": c.description}) for c in self.columns
        ]
        return pa.schema(fields, {"description": self.description})


def unwrapped(text: str) -> str:
    """Return a description with each paragraph and each item of a list on one line."""
    return re.sub(r"(?<=\S)\n *(?!\s|- )", " ", text.strip())


def tables(manifest: Path) -> list[Table]:
    """Read every mart from dbt's manifest, sorted by name.

    Raises:
        DescriptionError: a mart has no key, a column has no type or description, or the file was changed since
            ``build``.
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
        if column["data_type"] not in TYPES or not column["description"]:
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
    order, public_rows = tuple(meta.get("order", ())), _public_rows(name, meta)
    return Table(name, unwrapped(node["description"]), key, tuple(columns), order, public_rows=public_rows)


def _public_rows(name: str, meta: Mapping[str, Any]) -> str:
    """Return the predicate of a mart's public rows: its own, and that the terms of the row's platform allow them."""
    allowed = _allowed(name, meta, meta.get("least_class", "aggregate_only")) if "platform" in meta else ""
    return " and ".join(filter(None, (allowed, meta.get("public_rows", ""))))


def _allowed(name: str, meta: Mapping[str, Any], least: str | None) -> str:
    """Return the predicate of rows of platforms whose terms allow at least a class; empty if no class is given."""
    if least is None:
        return ""
    if least not in CLASSES:
        raise DescriptionError(f"{name}: config.meta.least_class is {least!r}; expected one of {', '.join(CLASSES)}")
    forbidden = ", ".join(f"'{code}'" for code in CLASSES[CLASSES.index(least) + 1 :])
    platforms = f"select platform_code from marts.platforms where redistribution_code in ({forbidden})"  # noqa: S608
    return f"({meta['platform']}) not in ({platforms})"
