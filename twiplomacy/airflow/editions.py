"""Which years have an edition; light, because every parsing of the DAGs reads it."""

import csv

from twiplomacy.settings import Settings


def years() -> list[int]:
    """Return the years of ``roster/editions.csv``, ascending."""
    with (Settings.load().roster / "editions.csv").open(encoding="utf-8", newline="") as file:
        return sorted(int(row["year"]) for row in csv.DictReader(file))
