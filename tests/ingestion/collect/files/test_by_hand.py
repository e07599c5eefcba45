"""The hand-recorded CSV: every row an event, a duplicate or in quarantine, a wrong file named."""

import csv
import re
import textwrap
from datetime import date

import pytest

from ingestion.collect.files import by_hand, collect
from ingestion.collect.outcome import Outcome, SourceError
from ingestion.log.ledger import Ledger
from ingestion.roster.files import read_roster
from ingestion.roster.sources import Source
from tests.conftest import PROJECT
from twiplomacy.synthetic.worlds import SOURCES, write_csv, write_figures, write_presence, write_roster

GOOD = {
    "country_code": "AAA",
    "account_type_code": "personal",
    "outcome_code": "active",
    "first_active_month": "2014-05",
}
NONE = {"country_code": "BBB", "account_type_code": "personal", "outcome_code": "none_found"}


LOOK = {
    "country_code": "AAA",
    "platform_code": "x",
    "account_type_code": "personal",
    "looked_date": "2019-12-31",
    "evidence_url": "https://example.org",
}


def write_looks(folder, rows):
    path = folder / "observations" / "looks" / "looks.csv"
    write_csv(path, list(by_hand.Search.model_fields), ({**LOOK, **row} for row in rows))
    return path


@pytest.fixture
def folder(tmp_path):
    return write_roster(tmp_path / "roster")


def read(folder, rows):
    entries, outcome = read_roster(folder), Outcome()
    source = entries.observed_sources[0]
    return list(by_hand.read(write_presence(folder, rows), "looks.csv", source, entries, outcome)), outcome


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
        ({"first_active_month": ""}, "give first_active_month if, and only if"),
        ({"outcome_code": "none_found"}, "give first_active_month if, and only if"),
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
    entries, outcome = read_roster(folder), Outcome()
    assert list(by_hand.read(path, path.name, entries.observed_sources[0], entries, outcome)) == []
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
    entries = read_roster(folder)
    with pytest.raises(SourceError, match=message) as caught:
        list(by_hand.read(path, path.name, entries.observed_sources[0], entries, Outcome()))
    assert str(path) in str(caught.value)


SEEN = {"account_id": "x:1", "audience_count": "43700000", "rounding_code": "rounded", "observed_date": "2014-06-24"}


def read_figures(folder, rows):
    entries, outcome = read_roster(folder), Outcome()
    source = entries.observed_sources[0]
    return list(by_hand.read(write_figures(folder, rows, "looks"), "figures.csv", source, entries, outcome)), outcome


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


@pytest.mark.parametrize("write", [write_presence, write_looks])
def test_a_look_needs_a_scope(tmp_path, write):
    folder = write_roster(tmp_path / "roster", sources=[SOURCES[0] | {"scope": ""}])
    entries = read_roster(folder)
    with pytest.raises(SourceError, match=r"looks needs a scope in roster/sources\.csv"):
        list(by_hand.read(write(folder, []), "looks.csv", entries.observed_sources[0], entries, Outcome()))


FOUND = {
    "outcome_code": "found",
    "account_id": "x:1",
    "handle": "user1",
    "audience_code": "followers",
    "audience_count": "52000",
    "following_count": "0",
    "rounding_code": "rounded",
}
NONE_FOUND = {"outcome_code": "none_found"}


def read_looks(folder, rows):
    entries, outcome = read_roster(folder), Outcome()
    source = entries.observed_sources[0]
    events = list(by_hand.read(write_looks(folder, rows), "2019/looks.csv", source, entries, outcome))
    assert outcome.rows == len(events) + outcome.duplicates + len(outcome.quarantined)
    return events, outcome


def test_a_look_is_one_event_of_the_account_found_or_of_what_was_looked_for(folder):
    (found, none), outcome = read_looks(folder, [FOUND, NONE_FOUND])
    assert (found.type, found.subject) == ("account.observed", "x:1")
    assert (none.type, none.subject) == ("account.unavailable", "AAA/x/personal")
    assert found.dataschema == none.dataschema == "by-hand/look/1"
    assert found.time == none.time == "2019-12-31T00:00:00Z"
    assert found.recorded_at == "2020-01-01T00:00:00Z"
    assert found.data == LOOK | FOUND | {"audience_count": 52000, "following_count": 0}
    assert none.data == LOOK | NONE_FOUND
    assert outcome.quarantined == []


def test_what_an_account_does_not_show_is_unknown_and_not_zero(folder):
    (event,), _ = read_looks(folder, [NONE_FOUND | {"outcome_code": "found", "account_id": "x:1"}])
    assert event.data == LOOK | {"outcome_code": "found", "account_id": "x:1"}


@pytest.mark.parametrize(
    ("row", "change", "reason"),
    [
        (FOUND, {"country_code": "QQQ"}, "country_code is not in roster/countries.csv"),
        (FOUND, {"platform_code": "orkut", "account_id": "orkut:1"}, "platform_code is not in roster/platforms.csv"),
        (NONE_FOUND, {"country_code": ""}, "country_code: Field required"),
        (NONE_FOUND, {"platform_code": "orkut"}, "platform_code is not in roster/platforms.csv"),
        (FOUND, {"account_type_code": "pet"}, "account_type_code: Input should be 'personal' or 'institutional'"),
        (FOUND, {"outcome_code": "active"}, "outcome_code: Input should be 'found' or 'none_found'"),
        (FOUND, {"account_id": ""}, "row: account_id is missing though one was found"),
        (FOUND, {"account_id": "user1"}, "account_id: String should match"),
        (FOUND, {"account_id": "x:user1"}, "account_id: 'x:user1' is not the account's id but should be a number"),
        (FOUND, {"handle": "user\x001"}, "handle: it holds the control character U+0000 as its character 5; take it"),
        (FOUND, {"evidence_url": "https://example.org/\x7f"}, "evidence_url: it holds the control character U+007F"),
        (FOUND, {"account_id": "xx:1"}, "row: account_id does not begin with platform_code and a colon"),
        (NONE_FOUND, {"account_id": "x:1"}, "row: account_id is given though none was found"),
        (NONE_FOUND, {"handle": "user1"}, "row: handle is given though none was found"),
        (NONE_FOUND, {"audience_code": "followers"}, "row: audience_code is given though none was found"),
        (NONE_FOUND, {"following_count": "0"}, "row: following_count is given though none was found"),
        (NONE_FOUND, {"rounding_code": "exact"}, "row: rounding_code is given though none was found"),
        (FOUND, {"handle": "a whole sentence"}, "handle: String should match"),
        (FOUND, {"handle": "@user1"}, "handle: String should match"),
        (FOUND, {"audience_code": ""}, "row: give audience_code if, and only if, you give audience_count"),
        (FOUND, {"audience_count": ""}, "row: give audience_code if, and only if, you give audience_count"),
        (FOUND, {"audience_code": "fans"}, "audience_code: Input should be 'followers', 'page_likes' or 'subscribers'"),
        (FOUND, {"lifetime_posts_count": str(10**12 + 1)}, "lifetime_posts_count: Input should be less than or equal"),
        (FOUND, {"rounding_code": ""}, "row: give rounding_code if, and only if, you give a count"),
        (FOUND, {"rounding_code": "about"}, "rounding_code: Input should be"),
        (FOUND, {"looked_date": ""}, "looked_date: Field required"),
        (FOUND, {"looked_date": "2019-02-29"}, "looked_date: Input should be a valid date"),
        (FOUND, {"looked_date": "2016-07-31"}, "looked_date is before 2016-08-01, the observed_at of looks"),
        (NONE_FOUND, {"looked_date": "0001-01-01"}, "looked_date: its year is not between 1000 and 2999; correct it"),
        (FOUND, {"looked_date": "2020-01-02"}, "looked_date is after 2020-01-01, the checked_date of looks"),
        (NONE_FOUND, {"looked_date": "2020-01-02"}, "looked_date is after 2020-01-01, the checked_date of looks"),
        (NONE_FOUND, {"evidence_url": ""}, "evidence_url: Field required"),
        (FOUND, {"evidence_url": "seen on TV"}, "evidence_url: String should match"),
    ],
)
def test_a_faulty_look_is_quarantined_and_the_rest_goes_on(folder, row, change, reason):
    events, outcome = read_looks(folder, [NONE_FOUND, row | change, FOUND])
    assert len(events) == 2
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("2019/looks.csv", 3)
    assert fault["reason"].startswith(reason)


@pytest.mark.parametrize(
    "text", ["52K", "1.2K", "52.000", "52,000", "52 000", "52\u00a0000", "1_000", "+5", "-1", "0.0", "1e3", "\u0661"]
)
def test_a_count_is_digits_only(folder, text):
    _, outcome = read_looks(folder, [FOUND | {"audience_count": text, "following_count": text}])
    (fault,) = outcome.quarantined
    assert fault["reason"] == "; ".join(
        f"{name}: write digits only, e.g. 52000" for name in ("audience_count", "following_count")
    )
    assert read_figures(folder, [SEEN | {"listed_count": text}])[1].quarantined[0]["reason"].startswith("listed_count:")


@pytest.mark.parametrize(
    "text", ["31.12.2019", "2019-12-3", "20191231", "43830", "1577750400", "2019-12-31T00:00:00Z", "2019-12-31 "]
)
def test_a_day_is_written_in_one_way(folder, text):
    _, outcome = read_looks(folder, [FOUND | {"looked_date": text}])
    assert outcome.quarantined[0]["reason"] == "looked_date: write the day as YYYY-MM-DD, e.g. 2026-03-02"
    faults = [
        read(folder, [GOOD | {"looked_from_date": text}])[1].quarantined[0],
        read_figures(folder, [SEEN | {"observed_date": text}])[1].quarantined[0],
    ]
    assert all("_date: write the day as YYYY-MM-DD" in fault["reason"] for fault in faults)


def test_a_look_on_the_first_day_of_looking_counts(folder):
    (event,), _ = read_looks(folder, [FOUND | {"looked_date": "2016-08-01"}])
    assert event.time == "2016-08-01T00:00:00Z"


def test_a_count_without_any_other_needs_its_rounding_too(folder):
    events, outcome = read_looks(folder, [FOUND | {"audience_code": "", "audience_count": "", "rounding_code": ""}])
    assert events == []
    assert "give rounding_code if, and only if, you give a count" in outcome.quarantined[0]["reason"]


def test_a_look_on_the_day_it_is_handed_in_counts(folder):
    (event,), _ = read_looks(folder, [FOUND | {"looked_date": "2020-01-01"}])
    assert event.time == event.recorded_at == "2020-01-01T00:00:00Z"


def test_a_look_that_is_there_twice_is_one_event_and_a_duplicate(folder):
    events, outcome = read_looks(folder, [FOUND, NONE_FOUND, FOUND, NONE_FOUND, FOUND | {"looked_date": "2019-12-30"}])
    assert (len(events), outcome.rows, outcome.duplicates) == (3, 5, 2)


def test_a_sheet_may_be_as_a_spreadsheet_writes_it(folder):
    path = write_looks(folder, [FOUND, NONE_FOUND])
    expected, _ = read_looks(folder, [FOUND, NONE_FOUND])
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in path.read_text().splitlines()]
    path.write_text("\ufeff" + "\r\n".join(quoted) + "\r\n", encoding="utf-8", newline="")
    entries = read_roster(folder)
    source = entries.observed_sources[0]
    assert list(by_hand.read(path, "looks.csv", source, entries, Outcome())) == expected
    assert b"2020-01-01" in by_hand.held_against(path, source, entries)


def test_only_what_is_held_against_the_day_it_was_handed_in_is_read_again_for_it(folder):
    entries = read_roster(folder)
    source = entries.observed_sources[0]
    later = source.model_copy(update={"checked_date": date(2020, 1, 2)})
    for path, depends in ((write_presence(folder, [GOOD], "panel.csv"), False), (write_looks(folder, [FOUND]), True)):
        against = by_hand.held_against(path, source, entries)
        assert (against != by_hand.held_against(path, later, entries)) == depends
        assert against.startswith(b"AAA BBB x")


def test_a_look_refused_for_its_day_comes_in_once_the_source_is_checked_later(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    write_looks(folder, [FOUND | {"looked_date": "2020-01-02"}])
    sources = [SOURCES[0], SOURCES[0] | {"checked_date": "2020-01-02"}]
    said = []
    for source in sources:
        write_roster(folder, sources=[source])
        collect(folder, ledger, said.append)
        collect(folder, ledger, said.append)
    assert [line for line in said if "rows" in line] == [
        "collect: looks/looks.csv: 1 rows: no event, 0 duplicates, 1 quarantined",
        "collect: looks/looks.csv: 1 rows: 1 account.observed, 0 duplicates, 0 quarantined",
    ]


def test_the_example_for_those_who_fill_in_the_sheet_is_right(tmp_path):
    text = (PROJECT / "docs" / "by_hand.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```text\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    example, sources = (textwrap.dedent(block) for block in blocks)
    assert all(line.count("https://example.org/") == 1 for line in example.splitlines()[1:])
    path, outcome = tmp_path / "example.csv", Outcome()
    path.write_text(example, encoding="utf-8")
    entries = read_roster(PROJECT / "roster")
    (row,) = csv.DictReader(sources.splitlines())
    source = Source(**{name: text for name, text in row.items() if text})
    events = list(by_hand.read(path, path.name, source, entries, outcome))
    assert outcome.quarantined == []
    assert [event.type for event in events] == [*["account.observed"] * 2, "account.unavailable", "account.observed"]
