"""The hand-recorded CSV: every row an event or in quarantine, a wrong file named."""

import pytest

from ingestion import roster
from ingestion.collect import by_hand
from ingestion.collect.outcome import Outcome, SourceError
from tests.worlds import SOURCES, write_figures, write_presence, write_roster

GOOD = {
    "country_code": "AAA",
    "account_type_code": "personal",
    "outcome_code": "active",
    "first_active_month": "2014-05",
}
NONE = {"country_code": "BBB", "account_type_code": "personal", "outcome_code": "none_found"}


@pytest.fixture
def folder(tmp_path):
    return write_roster(tmp_path / "roster")


def read(folder, rows):
    entries, outcome = roster.read(folder), Outcome()
    source = entries.observed_sources[0]
    return list(by_hand.read(write_presence(folder, rows), source, entries, outcome)), outcome


def test_a_find_and_a_look_that_found_none_are_two_kinds_of_event(folder):
    (found, none), outcome = read(folder, [GOOD, NONE])
    assert (found.type, found.subject) == ("account.observed", "AAA/x/personal")
    assert (none.type, none.subject) == ("account.unavailable", "BBB/x/personal")
    assert found.time == none.time == "2016-12-31T00:00:00Z"
    assert found.data["first_active_month"] == "2014-05"
    assert "first_active_month" not in none.data
    assert (outcome.rows, outcome.quarantined) == (2, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"country_code": "QQQ"}, "country_code is not in roster/countries.csv"),
        ({"platform_code": "orkut"}, "platform_code is not in roster/platforms.csv"),
        ({"account_type_code": "pet"}, "account_type_code: Input should be 'personal' or 'institutional'"),
        ({"first_active_month": "2014-13"}, "first_active_month"),
        ({"first_active_month": ""}, "first_active_month is given exactly when"),
        ({"outcome_code": "none_found"}, "first_active_month is given exactly when"),
        ({"looked_until_date": "2014-02-30"}, "looked_until_date"),
        ({"looked_until_date": "2014-02-01"}, "first_active_month is after looked_until_date"),
        ({"looked_from_date": "2017-01-01"}, "looked_from_date is after looked_until_date"),
    ],
)
def test_a_faulty_row_is_quarantined_and_the_rest_goes_on(folder, change, reason):
    events, outcome = read(folder, [NONE, GOOD | change, GOOD])
    assert len(events) == 2
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("looks.csv", 3)
    assert reason in fault["reason"]


def test_a_row_that_is_there_twice_is_one_event_and_a_duplicate(folder):
    events, outcome = read(folder, [GOOD, GOOD])
    assert (len(events), outcome.rows, outcome.duplicates) == (1, 2, 1)


def test_too_many_cells_are_quarantined(folder):
    path = write_presence(folder, [GOOD])
    path.write_text(path.read_text().rstrip("\n") + ",surplus\n")
    entries, outcome = roster.read(folder), Outcome()
    assert list(by_hand.read(path, entries.observed_sources[0], entries, outcome)) == []
    assert "too many cells" in outcome.quarantined[0]["reason"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"country,platform\nAAA,x\n", "line 1: the header is"),
        (b"", r"line 1: the header is \[\]; expected country_code,.* or account_id,"),
        (b"\xff\xfe\x00", "is not a UTF-8 CSV file"),
    ],
)
def test_a_file_that_is_not_the_format_is_named(folder, content, message):
    path = write_presence(folder, [])
    path.write_bytes(content)
    entries = roster.read(folder)
    with pytest.raises(SourceError, match=message) as caught:
        list(by_hand.read(path, entries.observed_sources[0], entries, Outcome()))
    assert str(path) in str(caught.value)


SEEN = {"account_id": "x:1", "audience_count": "43700000", "rounding_code": "rounded", "observed_date": "2014-06-24"}


def read_figures(folder, rows):
    entries, outcome = roster.read(folder), Outcome()
    source = entries.observed_sources[0]
    return list(by_hand.read(write_figures(folder, rows, "looks"), source, entries, outcome)), outcome


def test_figures_of_an_account_are_one_event_dated_as_they_were_seen(folder):
    (event,), outcome = read_figures(folder, [SEEN | {"listed_count": "0"}])
    assert (event.type, event.subject, event.dataschema) == ("account.observed", "x:1", "by-hand/account/1")
    assert event.time == "2014-06-24T00:00:00Z"
    assert event.data["audience_count"] == 43700000
    assert event.data["listed_count"] == 0
    assert "following_count" not in event.data
    assert (outcome.rows, outcome.quarantined) == (1, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"account_id": "BarackObama"}, "account_id"),
        ({"account_id": "orkut:1"}, "the platform of account_id is not in roster/platforms.csv"),
        ({"audience_count": "43.7m"}, "audience_count"),
        ({"audience_count": "-1"}, "audience_count"),
        ({"audience_count": ""}, "no count is given"),
        ({"rounding_code": "about"}, "rounding_code"),
        ({"observed_precision_code": "month"}, "observed_date is not the first day of its month or year"),
        ({"observed_precision_code": "year", "observed_date": "2014-06-01"}, "not the first day of its month or year"),
        ({"evidence_url": "a press release"}, "evidence_url"),
    ],
)
def test_faulty_figures_are_quarantined_and_the_rest_goes_on(folder, change, reason):
    events, outcome = read_figures(folder, [SEEN | change, SEEN])
    assert len(events) == 1
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("figures.csv", 2)
    assert reason in fault["reason"]


def test_a_look_needs_a_scope(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[SOURCES[0] | {"scope": ""}])
    entries = roster.read(folder)
    with pytest.raises(SourceError, match=r"looks needs a scope in roster/sources\.csv"):
        list(by_hand.read(write_presence(folder, [GOOD]), entries.observed_sources[0], entries, Outcome()))
