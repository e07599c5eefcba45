"""A release in a few lines for a terminal: the world in its newest edition, from the release's own tables."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from release import stored
from release.describe import SYNTHETIC
from release.tables import read_csv

WORLD = "world"
"""The grain of figures of all states together."""


def headlines(folder: Path) -> Iterator[str]:
    """Yield lines on the release: its editions, the figures of the world, the known office holders, the back-test."""
    manifest = stored.manifest(folder)
    if manifest.is_synthetic:
        yield SYNTHETIC
    years = [str(year) for year in manifest.editions]
    noun = "editions" if len(years) > 1 else "edition"
    yield f"{manifest.version} holds the {noun} of {', '.join(years)}; the world in {years[-1]}:"
    yield f"{'platform':<10}{'metric':<46}{'value':>14}{'known for':>11}  {'scope':<18}as of"
    for row in read_csv(folder / "figures.csv"):
        if (row["year"], row["grain_code"]) == (years[-1], WORLD):
            yield (
                f"{row['platform_code']:<10}{row['metric_name']:<46}{_readable(row['value'], row['unit']):>14}"
                f"{row['n']:>11}  {row['scope']:<18}{row['as_of']}"
            )
    for row in read_csv(folder / "known_holders_yearly.csv"):
        if row["year"] == years[-1]:
            office = {"head": "head of state or of government"}.get(code := row["leading_office_code"], code)
            yield (
                f"{office.replace('_', ' ')}: the holder at the end of {row['year']} is known for "
                f"{row['known_at_end_count']} of {row['un_members_count']} members of the United Nations"
            )
    yield from backtest(folder)


def backtest(folder: Path) -> Iterator[str]:
    """Yield lines on the printed figures and how many of them test our own data; nothing if there are none."""
    verdicts: Counter[str] = Counter()
    figures: dict[str, bool] = {}
    for row in read_csv(folder / "backtest.csv"):
        verdict = row["verdict"]
        is_printed = verdict in ("match", "inconsistent_source") and row["comparison_code"] == "published"
        verdicts["printed" if is_printed else verdict] += 1
        figures[row["figure_id"]] = figures.get(row["figure_id"], False) or verdict != "not_comparable"
    if not figures:
        return
    tested = verdicts["match"] + verdicts["differs"]
    yield (
        f"back-test: {len(figures)} figures were printed; {sum(figures.values())} are compared, in "
        f"{verdicts.total() - verdicts['not_comparable']} comparisons:"
    )
    yield f"{verdicts['same_source']:>6}  have the same source and prove nothing"
    yield f"{tested:>6}  test our own data: {verdicts['match']} match, {verdicts['differs']} differ"
    yield f"{verdicts['scope_differs']:>6}  mean something else than ours"
    yield f"{verdicts['printed']:>6}  compare two printed figures, and test what was printed only"
    yield f"{len(figures) - sum(figures.values()):>6}  figures can not be compared; the table says why of each"


def _readable(value: str, unit: str) -> str:
    if not value:
        return "not collected"
    return f"{Decimal(value):.2%}" if unit == "ratio" else f"{Decimal(value).normalize():f}"
