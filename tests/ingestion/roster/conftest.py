"""Two rosters without a fault: the real one, and a small one."""

import shutil

import pytest

from tests.conftest import PROJECT
from twiplomacy.synthetic.worlds import write_roster


@pytest.fixture
def real(tmp_path):
    return shutil.copytree(PROJECT / "roster", tmp_path / "roster", ignore=shutil.ignore_patterns("observations"))


@pytest.fixture
def folder(tmp_path):
    """Write a small roster without a fault: two holders of one office, one after the other, each on an account."""
    return write_roster(
        tmp_path / "roster",
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "one"}, {"holder_id": "two"}],
        terms=[
            {"office_code": "AAA-head", "holder_id": "one", "start_date": "2012-01-01", "end_date": "2014-06-30"},
            {"office_code": "AAA-head", "holder_id": "two", "start_date": "2014-06-30"},
        ],
        accounts=[
            {"account_id": "x:1", "country_code": "AAA", "handle": "One"},
            {"account_id": "x:2", "country_code": "BBB", "handle": "Two"},
        ],
        assignments=[{"account_id": "x:1", "holder_id": "one"}, {"account_id": "x:2", "holder_id": "two"}],
    )
