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
from release.graph import NETWORKS

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


def codebook(tables: Sequence[Table], metrics: Sequence[Mapping[str, Any]], version: str) -> str:
    """Return the codebook: every table, key, column and metric in words (Markdown)."""
    lines = [f"# Codebook of {TITLE}, {version}", ""]
    lines += ["An empty cell is unknown or not applicable, never zero. Times are UTC; ids are text.", ""]
    for table in tables:
        lines += [f"## {table.name}", "", table.description, "", f"Key: {', '.join(table.key)}", ""]
        lines += ["| column | type | empty? | meaning |", "|---|---|---|---|"]
        lines += [
            f"| {c.name} | {c.data_type} | {'may be' if c.is_nullable else 'never'} | {c.description} |"
            for c in table.columns
        ]
        lines += [""]
    lines += ["## Graphs (GraphML)", "", *(f"- {each.file_name}: {each.description}" for each in NETWORKS), ""]
    lines += ["## Metrics", "", "| metric_id | name | unit | version | formula | where it stands, or why it does not |"]
    lines += ["|---|---|---|---|---|---|"]
    lines += [
        f"| {m['metric_id']} | {m['metric_name']} | {m['unit']} | {m['method_version']} | {m['formula']} | "
        f"{m['found_in'] or m['reason']} |"
        for m in metrics
    ]
    return "\n".join(lines) + "\n"


def datapackage(
    tables: Sequence[Table], sources: Sequence[Mapping[str, Any]], folder: Path, cut: Cut, version: str
) -> dict[str, Any]:
    """Return a Frictionless data package: CSV files as tables, Parquet files and graphs as plain files.

    Parquet carries its own schema; validators that read it through pandas take a null integer for a fault.
    """
    resources: list[dict[str, Any]] = []
    for table in tables:
        resources.append(
            {
                "name": table.name.replace("_", "-"),
                "type": "table",
                **_file(folder / f"{table.name}.csv"),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "description": table.description,
                "schema": {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)},
            }
        )
        if not (folder / f"{table.name}.parquet").exists():  # changes.csv: text in every cell
            continue
        resources.append(
            {
                "name": f"{table.name.replace('_', '-')}-parquet",
                "type": "file",
                **_file(folder / f"{table.name}.parquet"),
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "description": f"The same rows as {table.name}.csv.",
            }
        )
    resources += [
        {
            "name": network.file_name.removesuffix(".graphml").replace("_", "-"),
            "type": "file",
            **_file(folder / network.file_name),
            "format": "graphml",
            "mediatype": "application/graphml+xml",
            "description": network.description,
        }
        for network in NETWORKS
    ]
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
        "resources": resources,
    }


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
    """Return what the release holds: version, cut, tables with rows, and files with bytes and hashes.

    ``compared_with`` names the releases of ``changes.csv``, which the log alone does not give.

    ``twiplomacy.duckdb`` is listed by the tables in it: each equals the CSV file of its name.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix != ".duckdb")
    return {
        "version": version,
        "is_synthetic": cut.is_synthetic,
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


def _title(cut: Cut) -> str:
    return f"{'Synthetic data in the form of ' if cut.is_synthetic else ''}{TITLE}, {cut.year} edition"


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
