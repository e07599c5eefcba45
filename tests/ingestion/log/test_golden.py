"""The golden log: one event of each type and shape ever written. It only grows; all of it stays readable for ever."""

import re

from ingestion.log.events import TYPES, Event
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from tests.conftest import PROJECT
from tests.ingestion.log.test_land import append, quiet, rows

LINES = (PROJECT / "tests" / "golden" / "log.jsonl").read_bytes().splitlines(keepends=True)
EVENTS = [Event.decode(line) for line in LINES]


def test_every_line_is_still_the_event_it_was():
    assert [event.encode() for event in EVENTS] == LINES


def test_it_holds_every_type():
    assert {event.type for event in EVENTS} == TYPES


def test_every_shape_in_it_is_staged_and_every_staged_shape_is_in_it():
    sql = "".join(path.read_text() for path in (PROJECT / "dbt_project" / "models" / "staging").rglob("*.sql"))
    assert set(re.findall(r"dataschema = '([^']+)'", sql)) == {event.dataschema for event in EVENTS}


def test_it_lands(tmp_path):
    ledger = Ledger(tmp_path / "log")
    append(ledger, EVENTS)
    land(ledger, tmp_path / "x.duckdb", quiet)
    assert len(rows(tmp_path / "x.duckdb")) == len(EVENTS)
