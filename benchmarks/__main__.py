"""Measure the flow and print a table of ratios: ``python -m benchmarks`` or ``make bench``.

The table goes to standard output, progress to standard error.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import Comparison, MeasureError, cpu, peak, wall
from benchmarks.plan import PARTS, Plan

HEADER = ("measured", "against", "n", "ratio", "CPU ratio", "demand", "met?", "s", "its s", "MiB", "its MiB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Return 0 even if a demand is missed, 1 if a step failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[100_000, 1_000_000], help="post observations (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="interleaved rounds (above 1,000,000 rows, landings and builds run once)"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure (default: all)")
    parser.add_argument("--no-dlt", action="store_true", help="do not install or measure dlt")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="twiplomacy-synthetic-") as folder:
        plan = Plan(
            rows=tuple(sorted(set(options.rows))),
            rounds=options.rounds,
            parts=frozenset(options.only),
            with_dlt=not options.no_dlt,
            folder=Path(folder),
        )
        try:
            comparisons = list(plan.comparisons())
        except MeasureError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    for line in table(comparisons):
        print(line)
    return 0


def table(comparisons: Sequence[Comparison]) -> list[str]:
    """Format the comparisons as the lines of a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *map(_row, comparisons)]
    return [f"| {' | '.join(row)} |" for row in rows]


def _row(one: Comparison) -> tuple[str, ...]:
    ratios, verdict = ("", ""), f"not measured: {one.reason}"
    if one.reference:
        ratios, verdict = (f"{one.ratio(wall):.2f}", f"{one.ratio(cpu):.2f}"), "yes" if one.is_met else "MISSED"
    seconds = [f"{median(map(wall, samples)):.2f}" if samples else "" for samples in (one.ours, one.reference)]
    peaks = [f"{max(map(peak, samples)):.0f}" if samples else "" for samples in (one.ours, one.reference)]
    return (one.what, one.against, str(len(one.reference)), *ratios, str(one.demand), verdict, *seconds, *peaks)


if __name__ == "__main__":
    sys.exit(main())
