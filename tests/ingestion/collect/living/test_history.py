"""What earlier runs left: how far timelines are known, which posts are due again."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.living.history import AGES, JOIN_DAYS, History, read
from ingestion.log import segments
from ingestion.log.events import Event, instant
from ingestion.log.ledger import Ledger
from tests.conftest import PROJECT, read_yaml
from tests.ingestion.log.test_ledger import erase
from twiplomacy.synthetic.loopback import NOON


def at(days: float) -> str:
    """The instant so many days before noon of the day."""
    return instant(NOON - timedelta(days=days))


def observed(subject: str, posted: str, seen: str) -> Event:
    return Event("x-api", "post.observed", subject, seen, "x/v2/post", {"created_at": posted}, seen)


def add_run(ledger: Ledger, when: str, events=(), timelines=(), source="x-api", **said) -> None:
    listed = [{"account_id": account, "until": until, "limit_code": code} for account, until, code in timelines]
    data = {"timelines": listed, **said}
    closing = Event(source, "collection.finished", f"{source}/{when}", when, "collection/run/1", data, when)
    with ledger.writing(print):
        segment = segments.write(ledger.segments, source, [*events, closing])
        ledger.append(segment, source, f"{when}{len(ledger.lines())}")


def history(ledger: Ledger, listed=()) -> History:
    return read(ledger, "x-api", NOON, lambda data: data["created_at"], listed)


def test_an_empty_log_knows_nothing(tmp_path):
    assert history(Ledger(tmp_path)) == History()


def test_the_newest_whole_timeline_counts(tmp_path):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(3), timelines=[("x:1", at(3), ""), ("x:2", at(3), ""), ("x:3", at(3), "")])
    add_run(ledger, at(2), timelines=[("x:1", at(2), ""), ("x:2", at(2), "undone"), ("x:3", at(2), "reach_limit")])
    add_run(ledger, at(1), timelines=[("x:9", at(1), "")], source="another")
    assert history(ledger).until == {"x:1": at(2), "x:2": at(3), "x:3": at(2)}


def test_a_run_of_long_ago_is_read_if_it_is_the_last(tmp_path):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(700), timelines=[("x:1", at(700), "")])
    add_run(ledger, at(400), timelines=[("x:1", at(400), "")])
    assert history(ledger).until == {"x:1": at(400)}


def test_ids_are_read_since_the_first_listing_by_a_handle_and_timelines_of_the_year(tmp_path):
    ledger = Ledger(tmp_path)
    days = [(NOON - timedelta(days=days)).date() for days in (700, 400, 300, 1)]
    for before, seen in ((700, "x:1"), (400, "x:2"), (300, "x:2"), (1, "x:2")):
        add_run(ledger, at(before), timelines=[(f"x:{before}", at(before), "")], ids={"x:@palace": seen})
    assert history(ledger).ids == {"x:@palace": {"x:2": [days[3], days[2]]}}
    found = history(ledger, listed=[NOON.date() - timedelta(days=260)])
    assert found.ids == {"x:@palace": {"x:2": [days[3], days[2], days[1]]}}
    assert set(found.until) == {"x:1", "x:300"}
    assert [found.id_of("x:@palace", day) for day in (NOON.date(), date(2020, 1, 1))] == ["x:2", ""]
    everything = history(ledger, listed=[date(2015, 1, 1)])
    assert set(everything.ids["x:@palace"]) == {"x:1", "x:2"}
    assert everything.id_of("x:@palace", NOON.date()) == ""


def test_a_run_that_lies_ahead_is_passed_over_and_named(tmp_path):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(3), timelines=[("x:1", at(3), "")], ids={"x:@palace": "x:1"})
    ahead = [observed("x:1/1", at(1.5), at(-40))]
    add_run(ledger, at(-40), ahead, timelines=[("x:1", at(-40), "")], ids={"x:@palace": "x:2"})
    found = history(ledger, listed=[NOON.date()])
    assert (found.until, set(found.ids["x:@palace"]), found.posts) == ({"x:1": at(3)}, {"x:1"}, {})
    assert found.ahead == at(-40)
    add_run(ledger, at(-0.005), timelines=[("x:1", at(-0.005), "")])  # seven minutes are no matter
    assert history(ledger).until == {"x:1": at(-0.005)}


def test_an_erased_segment_is_passed_over(tmp_path):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(3), timelines=[("x:1", at(3), "")])
    add_run(ledger, at(2), timelines=[("x:1", at(2), "")])
    erase(ledger, 2)
    assert history(ledger).until == {"x:1": at(3)}


@pytest.mark.parametrize(
    ("posted", "seen", "is_due"),
    [
        (0.5, 0.4, False),  # not a day old yet
        (1.5, 1.4, True),
        (1.5, 0.3, False),  # seen since it was a day old
        (2.5, 2.4, False),  # its day is over: a later count would not be of its first day
        (7.5, 6.9, True),
        (7.5, 0.2, False),
        (8.5, 6.9, False),
        (30.5, 20, True),
        (31.5, 20, False),
    ],
)
def test_a_post_is_due_within_the_day_after_an_age_unless_it_was_seen_then(tmp_path, posted, seen, is_due):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(seen), [observed("x:1/1", at(posted), at(seen))])
    assert history(ledger).due(NOON) == ["x:1/1"] * is_due


def test_what_is_never_measured_again_is_not_due(tmp_path):
    ledger = Ledger(tmp_path)
    add_run(ledger, at(1.4), [observed("x:1/1", "", at(1.4))])
    assert history(ledger).due(NOON) == []


@given(st.integers(0, 23))
def test_daily_runs_measure_a_post_once_at_each_age(hour):
    posted = NOON - timedelta(days=40)
    history = History(posts={"x:1/1": (instant(posted), instant(posted))})
    measured = []
    for day in range(45):
        now = posted + timedelta(days=day, hours=hour)
        if history.due(now):
            measured.append(now)
            history.posts["x:1/1"] = (instant(posted), instant(now))
    ages = [(moment - posted).days for moment in measured]
    assert ages == list(AGES)
    assert all(isinstance(moment, datetime) for moment in measured)


def test_a_run_and_the_tables_know_an_id_within_the_same_days():
    project = read_yaml(PROJECT / "dbt_project" / "dbt_project.yml")
    assert project["vars"]["join_days"] == JOIN_DAYS
