"""The files that explain a release: codebook, data package, citation, manifest and checksums."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from release.cut import Cut
from release.describe import SYNTHETIC, TYPES, Column, Table
from release.graph import NETWORKS, Graph
from release.stored import Compared

TITLE = "The open Twiplomacy dataset"


def marked(text: str, cut: Cut, comment: str = "") -> str:
    """Return a text; that of a synthetic release begins with the notice."""
    return f"{comment}{SYNTHETIC}\n\n{text}" if cut.is_synthetic else text


def codebook(
    tables: Sequence[Table], graphs: Sequence[Graph], metrics: Sequence[Mapping[str, Any]], cut: Cut, version: str
) -> str:
    """Return the codebook: every table, key, column, graph and metric in words (Markdown)."""
    environment = Environment(  # noqa: S701 - Markdown, whose text ``plain`` escapes
        loader=FileSystemLoader(Path(__file__).parent),
        keep_trailing_newline=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["plain"] = _plain
    networks = [(network, [graph.file_name for graph in graphs if graph.network == network]) for network in NETWORKS]
    return environment.get_template("codebook.md.j2").render(
        title=TITLE, years=cut.years, version=version, tables=tables, networks=networks, metrics=metrics
    )


def datapackage(
    tables: Sequence[Table],
    graphs: Sequence[Graph],
    sources: Sequence[Mapping[str, Any]],
    folder: Path,
    cut: Cut,
    version: str,
) -> dict[str, Any]:
    """Return a Frictionless data package: CSV files as tables, Parquet files and graphs as plain files.

    Parquet carries its own schema; validators that read it through pandas report null integers as faults.
    """
    resources: list[dict[str, Any]] = []
    for table in tables:
        resources.append(_csv(table))
        if (folder / f"{table.name}.parquet").exists():  # changes.csv has none: text in every cell
            same = f"The same rows as {table.name}.csv."
            path, name = f"{table.name}.parquet", f"{table.name}-parquet"
            resources.append(_resource(path, "application/vnd.apache.parquet", name, description=same))
    resources += [_resource(g.file_name, "application/graphml+xml", description=g.description) for g in graphs]
    return {
        "name": "twiplomacy-synthetic" if cut.is_synthetic else "twiplomacy",
        "title": _title(cut),
        **({"description": SYNTHETIC} if cut.is_synthetic else {}),
        "version": version,
        "created": f"{cut.recorded_date}T00:00:00Z",
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
        ],
        "sources": [{"title": s["citation"], "path": s["url"]} for s in sources],
        "resources": [resource | _file(folder / resource["path"]) for resource in resources],
    }


def described(tables: Iterable[Table]) -> dict[str, Any]:
    """Return file name -> descriptions of the table and its columns, as a data package has them."""
    return {
        f"{table.name}.csv": (table.description, {column.name: column.description for column in table.columns})
        for table in tables
    }


def citation(cut: Cut, version: str) -> str:
    """Return ``CITATION.cff`` for one release."""
    content = {
        "cff-version": "1.2.0",
        "message": "Please cite this dataset with its version.",
        "type": "dataset",
        "title": _title(cut),
        "authors": [{"name": "The open Twiplomacy dataset contributors"}],
        "version": version,
        "date-released": cut.recorded_date,
        "license": "CC-BY-4.0",
    }
    return yaml.safe_dump(content, sort_keys=False)


def manifest(
    folder: Path,
    tables: Sequence[Table],
    rows: Mapping[str, int],
    cut: Cut,
    version: str,
    compared_with: Sequence[Compared],
) -> dict[str, Any]:
    """Return ``manifest.json``: version, editions, cut, tables with rows, and files with bytes and hashes.

    ``compared_with`` names the release that ``changes.csv`` compares with; the log alone does not give it.
    ``twiplomacy.duckdb`` is listed by its tables, each of which equals the CSV file of its name.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix != ".duckdb")
    return {
        "version": version,
        "is_synthetic": cut.is_synthetic,
        "editions": list(cut.editions),
        "cut": cut.model_dump(),
        "compared_with": [other.model_dump() for other in compared_with],
        "tables": {table.name: {"rows": rows[table.name], "columns": len(table.columns)} for table in tables},
        "files": [_file(path) for path in files],
        "database": {"path": "twiplomacy.duckdb", "tables": [table.name for table in tables]},
    }


def checksums(folder: Path) -> str:
    """Return ``SHA256SUMS`` of every other file, in the form that ``sha256sum -c`` reads."""
    paths = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{sha256(path)}  {path.name}\n" for path in paths)


def sha256(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dump(data: Any) -> str:
    """Return data as indented JSON with a final newline, in the order given."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _plain(text: str | None) -> str:
    """Return text that Markdown shows as it is: without tags, and without ends of a table's cell."""
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def _title(cut: Cut) -> str:
    return f"{'Synthetic data in the form of ' if cut.is_synthetic else ''}{TITLE}, {cut.years}"


def _csv(table: Table) -> dict[str, Any]:
    schema = {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)}
    return _resource(f"{table.name}.csv", "text/csv", encoding="utf-8", description=table.description, schema=schema)


def _resource(path: str, mediatype: str, name: str = "", **more: Any) -> dict[str, Any]:
    stem, _, suffix = path.partition(".")
    return {
        "name": (name or stem).replace("_", "-"),
        "type": "table" if suffix == "csv" else "file",
        "path": path,
        "format": suffix,
        "mediatype": mediatype,
        **more,
    }


def _file(path: Path) -> dict[str, Any]:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.data_type][1], "description": column.description}
    return field if column.is_nullable else {**field, "constraints": {"required": True}}
