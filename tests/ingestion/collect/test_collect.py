"""collect: the log follows the roster's files, each input once, faults beside good rows."""

import pytest

from ingestion import log
from ingestion.collect import collect
from ingestion.collect.outcome import SourceError
from ingestion.ledger import Ledger
from ingestion.roster import RosterError
from tests.ingestion.collect.test_by_hand import GOOD, NONE
from tests.worlds import SOURCES, tweet, write_presence, write_roster, write_tweets

NOON = "Thu Jan 02 12:00:00 +0000 2014"


@pytest.fixture
def folder(tmp_path):
    folder = write_roster(tmp_path / "roster")
    write_presence(folder, [GOOD, NONE])
    write_tweets(folder, [tweet(1, 100, NOON)])
    return folder


def events(ledger):
    return [event for entry in ledger.entries() for event in log.read(ledger.segments / entry.name)]


def run(folder, ledger):
    said = []
    collect(folder, ledger, said.append)
    return said


def test_each_input_is_one_segment_that_ends_in_its_sum(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    assert [entry.source for entry in ledger.entries()] == ["roster", "looks", "tweets"]
    *_, finished = log.read(ledger.segments / ledger.entries()[1].name)
    assert finished.type == "collection.finished"
    assert finished.data["outcome"] == "complete"
    assert finished.data["rows"] == 2
    assert finished.data["events"] == {"account.observed": 1, "account.unavailable": 1}


def test_a_second_run_appends_nothing_and_says_so(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    before = ledger.path.read_bytes()
    assert all(line.endswith("is in the log already") for line in run(folder, ledger))
    assert ledger.path.read_bytes() == before


def test_two_places_give_the_same_log(folder, tmp_path):
    one, two = Ledger(tmp_path / "one"), Ledger(tmp_path / "two")
    run(folder, one)
    run(folder, two)
    assert one.path.read_bytes() == two.path.read_bytes()


def test_a_new_file_is_added_and_the_others_are_not_read_again(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    write_tweets(folder, [tweet(2, 100, NOON)], "more.jsonl")
    run(folder, ledger)
    assert [entry.source for entry in ledger.entries()] == ["roster", "looks", "tweets", "tweets"]


def test_roster_entries_are_added_changed_and_ended(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    write_roster(folder, countries=[{"country_code": "AAA", "country_name": "New name"}, {"country_code": "CCC"}])
    run(folder, ledger)
    *_, last = (entry for entry in ledger.entries() if entry.source == "roster")
    changes = [(event.type, event.subject) for event in log.read(ledger.segments / last.name)]
    assert changes[:-1] == [
        ("roster.entry_changed", "roster/countries/AAA"),
        ("roster.entry_added", "roster/countries/CCC"),
        ("roster.entry_ended", "roster/countries/BBB"),
    ]
    assert run(folder, ledger)[0] == "collect: the roster is in the log already"


def test_a_faulty_row_is_named_in_the_log_and_on_screen_but_not_kept(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    write_presence(folder, [GOOD, GOOD | {"country_code": "QQQ"}])
    said = run(folder, ledger)
    (finished,) = (event for event in events(ledger) if event.subject == "looks/looks.csv" and "rows" in event.data)
    assert finished.data["outcome"] == "partial"
    (fault,) = finished.data["quarantined"]
    assert (fault["file"], fault["line"]) == ("looks.csv", 3)
    assert len(fault["sha256"]) == 64
    assert any("quarantined: looks.csv, line 3: country_code is not in" in line for line in said)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    write_presence(folder, []).write_text("wrong,header\n")
    with pytest.raises(SourceError, match=r"all other files were collected, but not:\n.*looks\.csv, line 1"):
        run(folder, ledger)
    assert [entry.source for entry in ledger.entries()] == ["roster", "tweets"]
    write_presence(folder, [GOOD])
    run(folder, ledger)
    assert [entry.source for entry in ledger.entries()] == ["roster", "tweets", "looks"]


def test_a_source_without_its_files_is_named_and_the_others_are_collected(folder, tmp_path):
    write_presence(folder, []).unlink()
    with pytest.raises(SourceError, match=r"observations/looks has no \*\.csv file"):
        run(folder, Ledger(tmp_path / "log"))
    assert [entry.source for entry in Ledger(tmp_path / "log").entries()] == ["roster", "tweets"]


def test_a_faulty_roster_stops_everything(folder, tmp_path):
    (folder / "countries.csv").write_text("country_code,country_name,checked_date\nA,n,2020-01-01\n")
    with pytest.raises(RosterError, match=r"countries\.csv, line 2: country_code"):
        run(folder, Ledger(tmp_path / "log"))
    assert Ledger(tmp_path / "log").entries() == []


def test_rows_refused_for_an_unknown_country_come_in_once_it_is_known(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    write_presence(folder, [GOOD, GOOD | {"country_code": "CCC"}])
    run(folder, ledger)
    write_roster(folder, countries=[{"country_code": code} for code in ("AAA", "BBB", "CCC")])
    run(folder, ledger)
    assert "CCC/x/personal" in {event.subject for event in events(ledger)}
    assert all(line.endswith("is in the log already") for line in run(folder, ledger))


def test_a_source_in_the_log_cannot_be_dated_anew(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    write_roster(folder, sources=[SOURCES[0], SOURCES[1] | {"observed_at": "2018-04-01T00:00:00Z"}])
    with pytest.raises(RosterError, match="tweets is in the log as observed at 2018-03-01T00:00:00Z; give files"):
        run(folder, ledger)
