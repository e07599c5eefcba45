"""What a release says in a few lines: its headlines as a person reads them in a terminal.

In: a release's directory. Out: lines of text. Never: a figure that is not in its tables.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from release.describe import SYNTHETIC
from release.release import read_rows


def headlines(folder: Path) -> Iterator[str]:
    """Yield a head and one line per headline of a release; before them, whether it is synthetic."""
    if json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["is_synthetic"]:
        yield SYNTHETIC
    metrics = {row["metric_id"]: row for row in read_rows(folder / "metrics.csv")}
    yield f"{'platform':<10}{'metric':<46}{'value':>14}{'known for':>11}  {'scope':<18}as of"
    for row in read_rows(folder / "headline_yearly.csv"):
        metric = metrics[row["metric_id"]]
        yield (
            f"{row['platform_code']:<10}{metric['metric_name']:<46}{_readable(row['value'], metric['unit']):>14}"
            f"{row['n']:>11}  {row['scope']:<18}{row['as_of']}"
        )


def _readable(value: str, unit: str) -> str:
    if not value:
        return "not collected"
    return f"{Decimal(value):.2%}" if unit == "ratio" else value.rstrip("0").rstrip(".")
