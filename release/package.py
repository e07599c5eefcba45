"""The files that explain a release: codebook, data package, citation, licence, manifest and checksums.

In: descriptions, the cut and the data files. Out: texts and JSON. Never: a description of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from release.cut import Cut
from release.describe import SYNTHETIC, Column, Table
from release.graph import NETWORKS, Graph

TITLE = "The open Twiplomacy dataset"
_FIELD_TYPES = {
    "bigint": "integer",
    "boolean": "boolean",
    "date": "date",
    "decimal(38,9)": "number",
    "integer": "integer",
    "timestamptz": "datetime",
    "varchar": "string",
}


def marked(text: str, cut: Cut, comment: str = "") -> str:
    """Return a text, its first line saying so if the release is synthetic."""
    return f"{comment}{SYNTHETIC}\n\n{text}" if cut.is_synthetic else text


def codebook(
    tables: Sequence[Table], graphs: Sequence[Graph], metrics: Sequence[Mapping[str, Any]], cut: Cut, version: str
) -> str:
    """Return the codebook: every table, key, column, graph and metric in words (Markdown)."""
    lines = [f"# Codebook of {TITLE}, {cut.years}, version {version}", ""]
    lines += ["An empty cell is unknown or not applicable, never zero. Times are UTC; ids are text.", ""]
    for table in tables:
        lines += [f"## {table.name}", "", _plain(table.description), "", f"Key: {', '.join(table.key)}", ""]
        lines += ["| column | type | empty? | meaning |", "|---|---|---|---|"]
        lines += [
            f"| {c.name} | {c.data_type} | {'may be' if c.is_nullable else 'never'} | {_plain(c.description)} |"
            for c in table.columns
        ]
        lines += [""]
    lines += ["## Graphs (GraphML)", ""]
    for network in NETWORKS:
        names = [graph.file_name for graph in graphs if graph.network == network]
        lines += [f"- {', '.join(names) or f'{network.code}: no edition has nodes'}: {network.description}"]
    lines += [""]
    lines += ["## Metrics", "", "| metric_id | name | unit | version | formula | where it stands, or why it does not |"]
    lines += ["|---|---|---|---|---|---|"]
    lines += [
        "| "
        + " | ".join(
            _plain(m[name] or "") for name in ("metric_id", "metric_name", "unit", "method_version", "formula")
        )
        + f" | {_plain(m['found_in'] or m['reason'] or '')} |"
        for m in metrics
    ]
    return "\n".join(lines) + "\n"


def datapackage(
    tables: Sequence[Table],
    graphs: Sequence[Graph],
    sources: Sequence[Mapping[str, Any]],
    folder: Path,
    cut: Cut,
    version: str,
) -> dict[str, Any]:
    """Return a Frictionless data package: CSV files as tables, Parquet files and graphs as plain files.

    Parquet carries its own schema; validators that read it through pandas take a null integer for a fault.
    """
    resources: list[dict[str, Any]] = []
    for table in tables:
        resources.append(_csv(table))
        if (folder / f"{table.name}.parquet").exists():  # changes.csv has none: text in every cell
            resources.append(_parquet(table))
    resources += map(_graphml, graphs)
    return {
        "name": "twiplomacy-synthetic" if cut.is_synthetic else "twiplomacy",
        "title": _title(cut),
        **({"description": SYNTHETIC} if cut.is_synthetic else {}),
        "version": version,
        "created": f"{cut.recorded_date}T00:00:00Z",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "CC BY 4.0",
            }
        ],
        "sources": [{"title": s["citation"], "path": s["url"]} for s in sources],
        "resources": [resource | _file(folder / resource["path"]) for resource in resources],
    }


def described(tables: Iterable[Table]) -> dict[str, Any]:
    """Return what a data package will say of each table and column."""
    return dict(map(_described, map(_csv, tables)))


def citation(cut: Cut, version: str) -> str:
    """Return ``CITATION.cff`` for one release."""
    return "\n".join(
        [
            "cff-version: 1.2.0",
            "message: Please cite this dataset with its version.",
            "type: dataset",
            f"title: '{_title(cut)}'",
            "authors:",
            "  - name: The open Twiplomacy dataset contributors",
            f"version: {version}",
            f"date-released: '{cut.recorded_date}'",
            "license: CC-BY-4.0",
            "",
        ]
    )


def manifest(
    folder: Path,
    tables: Sequence[Table],
    rows: Mapping[str, int],
    cut: Cut,
    version: str,
    compared_with: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Return what the release holds: version, editions, cut, tables with rows, and files with bytes and hashes.

    ``compared_with`` names the release of ``changes.csv``, which the log alone does not give.

    ``twiplomacy.duckdb`` is listed by the tables in it: each equals the CSV file of its name.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix != ".duckdb")
    return {
        "version": version,
        "is_synthetic": cut.is_synthetic,
        "editions": list(cut.editions),
        "cut": cut.as_json(),
        "compared_with": list(compared_with),
        "tables": {table.name: {"rows": rows[table.name], "columns": len(table.columns)} for table in tables},
        "files": [_file(path) for path in files],
        "database": {"path": "twiplomacy.duckdb", "tables": [table.name for table in tables]},
    }


def checksums(folder: Path) -> str:
    """Return ``SHA256SUMS`` over every file but itself, in the form that ``sha256sum -c`` reads."""
    paths: Iterable[Path] = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{sha256(path)}  {path.name}\n" for path in paths)


def sha256(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dump(data: Any) -> str:
    """Return data as indented JSON with a final newline, in the order given."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _plain(text: str) -> str:
    """Return text as a page of Markdown shows it: no tag, no cell of a table of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def _title(cut: Cut) -> str:
    return f"{'Synthetic data in the form of ' if cut.is_synthetic else ''}{TITLE}, {cut.years}"


def _csv(table: Table) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "type": "table",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": table.description,
        "schema": {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)},
    }


def _parquet(table: Table) -> dict[str, Any]:
    return {
        "name": f"{table.name.replace('_', '-')}-parquet",
        "type": "file",
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": f"The same rows as {table.name}.csv.",
    }


def _graphml(graph: Graph) -> dict[str, Any]:
    return {
        "name": graph.file_name.removesuffix(".graphml").replace("_", "-"),
        "type": "file",
        "path": graph.file_name,
        "format": "graphml",
        "mediatype": "application/graphml+xml",
        "description": graph.description,
    }


def _described(resource: Mapping[str, Any]) -> tuple[str, Any]:
    fields = resource["schema"]["fields"]
    return resource["path"], (resource["description"], {field["name"]: field["description"] for field in fields})


def _file(path: Path) -> dict[str, Any]:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD_TYPES[column.data_type],
        "description": column.description,
    }
    if not column.is_nullable:
        field["constraints"] = {"required": True}
    return field
