"""The benchmarks run, small and without dlt: the tests check what is compared and that both did the same work."""

import tempfile
from dataclasses import replace

import pytest

from benchmarks.__main__ import HEADER, main, table
from benchmarks.measure import Comparison, Demand, MeasureError, Sample, Step, cpu, require_rows, wall
from benchmarks.steps import world
from ingestion.collect.outcome import Outcome
from ingestion.collect.shapes.x_v11 import cut_tweet

MEASURED = [
    ("collect 16 pages", "120 pages a second"),
    ("collect 160 pages", "10 times 16"),
    ("collect and land 2,000 tweets", "dlt"),
    ("read 2,000 tweets", "json alone"),
    ("build 2,000 as 15 editions", "as one"),
    ("land 2,000", "DuckDB read_ndjson"),
    ("land 2,000 again", "its first landing"),
    ("land 1,000 onto 2,000", "the same onto none"),
    ("build 2,000 less start", "the SQL alone"),
    ("export 1,726 as csv", "COPY"),
    ("export 1,726 as parquet", "COPY"),
]


def sample(seconds, rows=1):
    return Sample(wall=seconds, cpu=seconds * 2, peak=10, rows=rows)


@pytest.fixture
def replayed_editions(built, monkeypatch):
    """Let the builds of the part "editions" run what dbt compiled; the part "build" starts dbt."""
    run = Step.run

    def run_quickly(step):
        if "year" in step.arguments:
            step = replace(step, function="building:plain", arguments={**step.arguments, "made": built.path})
        return run(step)

    monkeypatch.setattr(Step, "run", run_quickly)


@pytest.fixture
def folder(built, tmp_path, monkeypatch):
    """Make a folder for temporary files, also of the processes that are measured."""
    for name, value in {**built.environment(), "TMPDIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", None)
    # Where it is set, no process leaves bytecode: dbt must leave none where it is not set.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    return tmp_path


@pytest.mark.usefixtures("replayed_editions")
def test_everything_is_measured_and_nothing_is_left_behind(folder, capfd):
    assert main(["--rows", "2000", "--rounds", "1", "--no-dlt"]) == 0
    header, _, *rows = (
        [cell.strip() for cell in line.split("|")[1:-1]] for line in capfd.readouterr().out.splitlines()
    )
    assert tuple(header) == HEADER
    assert [(row[0], row[1]) for row in rows] == MEASURED
    for row in rows:
        found = dict(zip(HEADER, row, strict=True))
        assert float(found["MiB"]) > 0
        if found["against"] == "dlt":
            assert (found["n"], found["ratio"], found["demand"]) == ("0", "", ">= 4.00")
            assert found["met?"] == "not measured: dlt was left out"
        else:
            assert found["n"] == "1"
            assert float(found["its MiB"]) > 0 or found["against"] == "120 pages a second"
            assert found["met?"] in ("yes", "MISSED")
            float(found["ratio"]), float(found["CPU ratio"])
    assert list(folder.iterdir()) == []


def test_a_ratio_is_the_median_of_the_rounds():
    ours, reference = [sample(2), sample(3), sample(50)], [sample(2), sample(6), sample(50)]
    assert Comparison("a", "b", Demand(">=", 0.6), ours, reference).ratio(wall) == 1
    assert Comparison("a", "b", Demand("<=", 1.3), ours, reference).ratio(cpu) == 1


def test_a_fixed_start_is_taken_off_ours_alone():
    one = Comparison("a", "b", Demand("<=", 1.5), [sample(10)], [sample(4)], [sample(4)])
    assert one.ratio(wall) == 1.5
    assert one.is_met


@pytest.mark.parametrize(("demand", "seconds", "met"), [(Demand(">=", 4), 1, True), (Demand(">=", 4), 2, False)])
def test_a_missed_demand_says_so(demand, seconds, met):
    row = table([Comparison("a", "b", demand, [sample(seconds)], [sample(4)])])[-1]
    assert ("MISSED" in row) is not met


def test_other_rows_are_other_work():
    with pytest.raises(MeasureError, match="not the same work"):
        require_rows([sample(1, rows=2)], [sample(1, rows=3)])


def test_synthetic_posts_are_the_same_every_time_and_hold_facts_alone():
    once, twice = ([world._cut(number, dice, 1) for number, dice in world._dice(0, 200)] for _ in range(2))
    assert once == twice
    assert once == [cut_tweet(post, Outcome()) for post in once]
