"""Attacks: what breaks in the field, tried a few times in ``make test``, many thousand times by ``make test-faults``.

A test here names one fault and tries it again and again, each time with other chances from a seed. A try *survives* if
the product did not hold: a traceback, a wrong number, something lost. ``make test-faults`` ends in a table of them.
"""

import os
from collections.abc import Callable
from random import Random

import pytest

FACTOR = int(os.environ.get("TWIPLOMACY_FAULT_FACTOR") or 1)
"""How many times as often as in ``make test`` everything is tried."""
SHOWN = 3
"""How many survivors a failure shows."""

Attack = Callable[[int, Callable[[Random], None]], None]


@pytest.fixture
def attack(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Attack:
    """Return a function that tries one fault ``tries`` times, with ``one(chances)``, and fails if any survives."""

    def run(tries: int, one: Callable[[Random], None]) -> None:
        survivors = []
        for number in range(tries * FACTOR):
            try:
                one(Random(f"{request.node.nodeid}/{number}"))  # noqa: S311
            except Exception as error:
                survivors.append(f"try {number}: {type(error).__name__}: {error}")
        record_property("tries", tries * FACTOR)
        record_property("survivors", len(survivors))
        if survivors:
            shown = "\n".join(survivors[:SHOWN])
            pytest.fail(f"{len(survivors)} of {tries * FACTOR} survive:\n{shown}", pytrace=False)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every attack with its tries and survivors."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = sorted(
        (report.nodeid.partition("tests/faults/")[2], dict(report.user_properties))
        for report in reports
        if report.when == "call" and "tries" in dict(report.user_properties)
    )
    if FACTOR == 1 or not lines:
        return
    terminalreporter.section("attacks")
    for name, found in lines:
        terminalreporter.line(f"{found['tries']:>9,} tries {found['survivors']:>5,} survivors  {name}")
    tries, survivors = (sum(found[key] for _, found in lines) for key in ("tries", "survivors"))
    terminalreporter.line(f"{tries:>9,} tries {survivors:>5,} survivors  in all")
