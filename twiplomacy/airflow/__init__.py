"""Airflow: the task that runs a verb, and a runner with an Airflow of this project's own.

Every parsing of the DAGs reads this module, so that it imports nothing heavy.
"""

import csv

from twiplomacy.settings import Settings


def years() -> list[int]:
    """Return the years of ``roster/editions.csv``, ascending."""
    with (Settings.load().roster / "editions.csv").open(encoding="utf-8", newline="") as file:
        return sorted(int(row["year"]) for row in csv.DictReader(file))
