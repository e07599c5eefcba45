"""Archives: from complete v1.1 tweets to landed rows."""

import os
import shutil
from pathlib import Path

import duckdb

from benchmarks.steps import measured
from ingestion.collect.files import collect
from ingestion.log.land import land
from ingestion.log.ledger import Ledger


def collect_and_land(roster: str, data: str) -> int:
    """Collect the roster and its archives into a new log, and land it."""
    shutil.rmtree(data, ignore_errors=True)
    ledger, database = Ledger(Path(data) / "log"), Path(data) / "twiplomacy.duckdb"
    with measured():
        collect(Path(roster), ledger, lambda _: None, os.cpu_count() or 1)
        land(ledger, database, lambda _: None)
        with duckdb.connect(str(database)) as connection:
            return len(connection.table("raw.post_snapshots"))
