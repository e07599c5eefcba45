"""collect: the log follows the roster's files, each input once, faults beside good rows."""

import os

import pytest

from ingestion.collect.files import collect
from ingestion.collect.outcome import SourceError
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from ingestion.roster.files import RosterError
from tests.ingestion.collect.files.test_by_hand import GOOD, NONE
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_presence, write_roster, write_tweets

METRICS = {"followers_count": 1, "following_count": 1, "tweet_count": 1, "listed_count": 1}
NOON = "Thu Jan 02 12:00:00 +0000 2014"


@pytest.fixture
def folder(tmp_path):
    folder = write_roster(tmp_path / "roster")
    write_presence(folder, [GOOD, NONE])
    write_tweets(folder, [tweet(1, 100, NOON)])
    return folder


def events(ledger):
    return [event for entry in ledger.lines() for event in segments.read(ledger.segments / entry.name)]


def run(folder, ledger):
    said = []
    collect(folder, ledger, said.append)
    return said


def test_each_input_is_one_segment_that_ends_in_its_sum(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    assert [entry.source for entry in ledger.lines()] == ["roster", "looks", "tweets"]
    *_, finished = segments.read(ledger.segments / ledger.lines()[1].name)
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
    assert [entry.source for entry in ledger.lines()] == ["roster", "looks", "tweets", "tweets"]


def test_roster_entries_are_added_changed_and_ended(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    write_roster(folder, countries=[{"country_code": "AAA", "country_name": "New name"}, {"country_code": "CCC"}])
    run(folder, ledger)
    *_, last = (entry for entry in ledger.lines() if entry.source == "roster")
    changes = [(event.type, event.subject) for event in segments.read(ledger.segments / last.name)]
    assert changes[:-1] == [
        ("roster.entry_changed", "roster/countries/AAA"),
        ("roster.entry_added", "roster/countries/CCC"),
        ("roster.entry_ended", "roster/countries/BBB"),
    ]
    assert run(folder, ledger)[0] == "collect: the roster is in the log already"


def test_a_letter_that_is_written_in_two_ways_is_one(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    for name in ("Jose\u0301", "Jos\u00e9", "Jose\u0301"):
        write_roster(folder, countries=[{"country_code": "AAA", "country_name": name}, {"country_code": "BBB"}])
        write_presence(folder, [GOOD, NONE], f"{name}.csv")
        write_presence(folder, [GOOD, NONE]).unlink()
        said = run(folder, ledger)
        (folder / "observations" / "looks" / f"{name}.csv").unlink()
    assert said == [
        "collect: the roster is in the log already",
        "collect: looks/Jos\u00e9.csv is in the log already",
        "collect: tweets/tweets.jsonl is in the log already",
    ]


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
    assert [entry.source for entry in ledger.lines()] == ["roster", "tweets"]
    write_presence(folder, [GOOD])
    run(folder, ledger)
    assert [entry.source for entry in ledger.lines()] == ["roster", "tweets", "looks"]


def test_a_source_without_its_files_is_named_and_the_others_are_collected(folder, tmp_path):
    write_presence(folder, []).unlink()
    with pytest.raises(SourceError, match=r"observations/looks has no \*\.csv file"):
        run(folder, Ledger(tmp_path / "log"))
    assert [entry.source for entry in Ledger(tmp_path / "log").lines()] == ["roster", "tweets"]


def test_names_in_capital_letters_are_read_too(folder, tmp_path):
    (folder / "observations" / "looks" / "looks.csv").rename(folder / "observations" / "looks" / "Looks.CSV")
    for number, name in enumerate(["b.ndjson", "c.JSONL", "d.Json"], start=2):
        write_tweets(folder, [tweet(number, 100, NOON)], name)
    ledger = Ledger(tmp_path / "log")
    run(folder, ledger)
    names = [event.data["input"]["name"] for event in events(ledger) if event.type == "collection.finished"]
    assert names == ["roster", "Looks.CSV", "b.ndjson", "c.JSONL", "d.Json", "tweets.jsonl"]


def test_a_file_that_is_not_read_is_named_with_what_to_do(folder, tmp_path):
    top = folder / "observations" / "looks"
    companions = ["NOTE.md", "carry_over.py", "LICENSE", "README.txt", ".DS_Store", "._looks.csv", "SHA256SUMS"]
    companions += ["__pycache__/carry_over.pyc", ".git/config"]
    for name in [*companions, "looks.xlsx", "more/tweets.jsonl"]:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_bytes(b"\0")
    said = run(folder, Ledger(tmp_path / "log"))
    what = "IS NOT READ: the adapter by-hand reads *.csv; unpack it, save it or rename it as such, or move it elsewhere"
    assert [line for line in said if "NOT READ" in line] == [
        f"collect: looks/looks.xlsx {what}",
        f"collect: looks/more/tweets.jsonl {what}",
    ]


def test_a_name_that_is_not_utf8_stops_nothing(folder, tmp_path):
    top = folder / "observations" / "looks"
    (top / "looks.csv").rename(top / os.fsdecode(b"pr\xe9sidence.csv"))
    (top / os.fsdecode(b"\xe9.xlsx")).touch()
    write_presence(folder, [GOOD])
    ledger, said = Ledger(tmp_path / "log"), []
    with pytest.raises(SourceError, match=r"looks/pr\\udce9sidence\.csv: its name is not UTF-8; rename it"):
        collect(folder, ledger, said.append)
    assert [entry.source for entry in ledger.lines()] == ["roster", "looks", "tweets"]
    assert any(r"looks/\udce9.xlsx IS NOT READ" in line for line in said)
    assert all(line.encode() for line in said)


def test_equal_refusals_are_one_line_on_screen_and_each_is_in_the_log(folder, tmp_path):
    ledger = Ledger(tmp_path / "log")
    write_presence(folder, [GOOD | {"country_code": "QQQ"}, GOOD, *[GOOD | {"country_code": "RRR"}] * 1_234])
    said = run(folder, ledger)
    assert [line for line in said if "quarantined:" in line] == [
        "  quarantined: looks.csv: 1,235 rows: country_code is not in roster/countries.csv, first line 2"
    ]
    (finished,) = (event for event in events(ledger) if event.subject == "looks/looks.csv" and "rows" in event.data)
    assert [fault["line"] for fault in finished.data["quarantined"]] == [2, *range(4, 1_238)]


def test_a_file_refused_for_its_times_comes_in_once_the_zone_is_stated(tmp_path):
    source = SOURCES[1] | {"adapter": "x-v2-archive"}
    folder = write_roster(tmp_path / "roster", sources=[source])
    user = {"id": "100", "username": "u", "created_at": "2010-07-01T00:00:00", "public_metrics": METRICS}
    write_tweets(folder, [user])
    ledger = Ledger(tmp_path / "log")
    (line,) = [line for line in run(folder, ledger) if "quarantined:" in line]
    assert "tweets.jsonl, line 1: created_at names no time zone; write it in UTC, e.g. " in line
    write_roster(folder, sources=[source | {"time_zone": "Europe/Tallinn"}])
    run(folder, ledger)
    (seen,) = [event for event in events(ledger) if event.type == "account.observed"]
    assert seen.data["created_at"] == "2010-06-30T21:00:00Z"
    assert all(line.endswith("is in the log already") for line in run(folder, ledger))


def test_one_instant_written_in_several_ways_is_one_log(folder, tmp_path):
    chains = set()
    for number, observed_at in enumerate(["2018-03-01T00:00:00Z", "2018-03-01T02:00:00.5+02:00"]):
        write_roster(folder, sources=[SOURCES[0], SOURCES[1] | {"observed_at": observed_at}])
        ledger = Ledger(tmp_path / str(number))
        run(folder, ledger)
        run(folder, ledger)
        chains.add(tuple(entry.sha256 for entry in ledger.lines()[1:]))
    assert len(chains) == 1


def test_a_faulty_roster_stops_everything(folder, tmp_path):
    (folder / "countries.csv").write_text("country_code,country_name,checked_date\nA,n,2020-01-01\n")
    with pytest.raises(RosterError, match=r"countries\.csv, line 2: country_code"):
        run(folder, Ledger(tmp_path / "log"))
    assert Ledger(tmp_path / "log").lines() == []


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


@pytest.mark.parametrize(
    ("lines", "schema", "beside"),
    [
        ([tweet(1, 100, NOON), tweet(2, 100, NOON)], "collection/1", None),  # a profile beside posts, as ever
        ([user(100), user(101)], "collection/1", None),
        ([tweet(1, 100, NOON), user(101)], "collection/4", 1),
        ([user(100), tweet(1, 100, NOON)], "collection/4", 0),
    ],
)
def test_it_is_said_which_profiles_are_rows_if_the_counts_do_not_say_it(folder, tmp_path, lines, schema, beside):
    ledger = Ledger(tmp_path / "log")
    write_tweets(folder, lines)
    run(folder, ledger)
    *_, finished = segments.read(ledger.segments / ledger.lines()[-1].name)
    assert (finished.dataschema, finished.data.get("beside")) == (schema, beside)
