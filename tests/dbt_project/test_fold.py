"""The marts equal a fold of the same log in plain Python, row for row: on thousands of small worlds at once.

Where they differ, the smallest world that shows it is printed, with what the rules say and what the SQL says.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Home
from tests.support.reference import chance, every
from tests.support.reference.cases import EDITIONS, Case, landed
from tests.support.reference.fold import fold, mean_posts_per_day
from tests.support.reference.marts import GROUPS, MARTS, rows_of

WORLDS_EACH = 500  # a log costs seconds, a world in it hardly anything
KEYS = {
    "posts_yearly": ("post_id", "account_id", "office_code"),
    "tenures_yearly": ("account_id", "holder_id", "term_start_date"),
    "accounts_yearly": ("account_id",),
    "people_yearly": ("holder_id", "platform_code"),
}
Row = dict[str, Any]


class Difference(NamedTuple):
    """What is told differently of one case, in which edition and how many segments before the last."""

    case: Case
    year: int
    back: int
    text: str


def differences(folder: Path, made: Path, cases: Sequence[Case], cuts: Sequence[int]) -> list[Difference]:
    """Return every row of an edition that the SQL and the fold tell differently, that of the smallest case first.

    ``cuts`` says how many segments before the last each of them is.
    """
    database, log = landed(folder, cases)
    last = max(position for position, _ in log)
    found = []
    for back in cuts:
        panel = rows_of(made, database, max(EDITIONS), last - back)
        for year in EDITIONS:
            by_rules = fold(log, year, last - back)._asdict()
            for name in MARTS:
                in_sql = [row for row in panel[name] if row["year"] == year]
                assert by_rules[name] or not in_sql
                for number, text in _differing(name, by_rules[name], in_sql):
                    found.append(Difference(cases[number], year, back, f"{name} {text}"))
            if not found:
                of_all = (row for row in panel[GROUPS] if (row["year"], row["group_code"]) == (year, "all"))
                means = {row["platform_code"]: row["mean_posts_per_day"] for row in of_all}
                assert means == mean_posts_per_day(by_rules["tenures_yearly"])
    return sorted(found, key=lambda difference: difference.case.size)


def report(folder: Path, made: Path, found: Sequence[Difference]) -> str:
    """Say what differs in the first case, after all has been taken away that the difference does not need."""
    least = found[0]
    for number in count():  # all tries of a round fit into one log
        tries = list(chance.smaller(least.case))
        smaller = differences(folder / f"try-{number}", made, tries, [least.back]) if tries else []
        if not smaller:
            break
        least = smaller[0]
    return f"{len(found)} rows differ; {least.year}, cut {-least.back}: {least.text}\n{least.case}"


def _differing(name: str, by_rules: list[Row], in_sql: list[Row]) -> Iterator[tuple[int, str]]:
    """Yield the case and the difference of every row; the columns that the fold leaves out are not compared."""
    columns = by_rules[0].keys() if by_rules else ()
    one, two = (
        _by_key(name, [{column: row[column] for column in columns} for row in rows]) for rows in (by_rules, in_sql)
    )
    for key in one.keys() | two.keys():
        ours, theirs = one.get(key, []), two.get(key, [])
        if ours != theirs:
            yield _number(name, (ours or theirs)[0]), f"{key}: {_told(ours, theirs)}"


def _by_key(name: str, rows: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in KEYS[name]), []).append(row)
    return {key: sorted(each, key=repr) for key, each in groups.items()}


def _number(name: str, row: Row) -> int:
    """Return which case a row is of: its number is in every key."""
    if name == "people_yearly":
        return int(row["holder_id"][1:].partition("-")[0])
    return int(row["account_id"].removeprefix("x:").removeprefix("@user")) // 10 - 1


def _told(ours: list[Row], theirs: list[Row]) -> str:
    if len(ours) != 1 or len(theirs) != 1:
        return f"{len(ours)} rows by the rules, {len(theirs)} in SQL"
    one, two = ours[0], theirs[0]
    return ", ".join(
        f"{name} {one[name]!s} by the rules, {two[name]!s} in SQL" for name in one if one[name] != two[name]
    )


# Hypothesis chooses the worlds; what is left of one that shows a difference, `report` finds out, many at a time.
@settings(max_examples=2, phases=[Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.sets(st.integers(0, 2**32), min_size=WORLDS_EACH, max_size=WORLDS_EACH))
def test_worlds_by_chance(built: Home, tmp_path_factory: pytest.TempPathFactory, seeds: set[int]) -> None:
    folder = tmp_path_factory.mktemp("worlds")
    cases = chance.cases(seeds)
    assert len(cases) > WORLDS_EACH / 2
    found = differences(folder, built.path, cases, [0, 3])
    assert not found, report(folder, built.path, found)


def test_every_case_of_a_few_events_in_every_order(built: Home, tmp_path: Path) -> None:
    cases = every.cases()
    assert len(cases) == 5_384
    found = differences(tmp_path, built.path, cases, [0])
    assert not found, report(tmp_path, built.path, found)


def test_every_sequence_of_observations_at_every_cut(built: Home, tmp_path: Path) -> None:
    cases = list(every.observations(3))
    found = differences(tmp_path, built.path, cases, [0, 1, 5, 6, 7])
    assert not found, report(tmp_path, built.path, found)
