"""Which years have an edition. No DAG here, and no Airflow."""

import csv
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def years() -> list[int]:
    """Return the years of ``roster/editions.csv``, ascending."""
    roster = Path(os.environ.get("TWIPLOMACY_ROSTER") or PROJECT / "roster")
    with (roster / "editions.csv").open(encoding="utf-8", newline="") as file:
        return sorted(int(row["year"]) for row in csv.DictReader(file))
