"""Archives through dlt: load the same lines, with the fastest of the dlt settings that were measured.

Import no package of this project here but the benchmarks: the module runs in dlt's environment.
"""

import fileinput
import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

os.environ |= {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "NORMALIZE__WORKERS": "1",
}

import dlt
import duckdb
import orjson

from benchmarks.steps import measured

PAGE = 1_000


def load(archives: str, folder: str) -> int:
    """Load archives into a new DuckDB database: parse with orjson, 1,000 a page, keep nested parts as JSON."""
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    os.chdir(folder)
    database = Path(folder) / "dlt.duckdb"

    @dlt.resource(name="posts", max_table_nesting=0, write_disposition="append")
    def posts() -> Iterator[list[dict[str, Any]]]:
        with fileinput.input(sorted(Path(archives).iterdir()), mode="rb") as lines:
            while page := [orjson.loads(line) for line in islice(lines, PAGE)]:
                yield page

    with measured():
        destination = dlt.destinations.duckdb(credentials=str(database))
        pipeline = dlt.pipeline("benchmark", pipelines_dir=folder, destination=destination, dataset_name="peer")
        pipeline.run(posts(), loader_file_format="parquet")
        with duckdb.connect(str(database)) as connection:
            return len(connection.table("peer.posts"))
