"""Reading the roster's files: every fault is named with its place and what to do."""

import pytest

from ingestion.roster.changes import changes
from ingestion.roster.files import RosterError, check_roster, read_roster
from ingestion.roster.tables import FILES
from twiplomacy.synthetic.worlds import SOURCES, write_roster


def test_the_roster_in_the_repository_is_right(real):
    assert all("has no holder" in note for note in check_roster(real))
    entries = read_roster(real)
    assert len(entries.countries) == 195
    assert entries.years == [2012, 2013, 2014, 2015, 2016, 2017]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("terms", "2012-01-01", "2012-01-32", r"terms\.csv, line 2: start_date: "),
        (
            "terms",
            "AAA-head,one",
            "AAA-king,one",
            r"terms\.csv, line 2: office_code 'AAA-king' is not in offices\.csv; ",
        ),
        ("terms", "https://example.org", "", r"terms\.csv, line 2: evidence_url: Field required"),
        ("terms", "2014-06-30", "2014-07-01", r"terms\.csv, line 3: .* overlaps AAA-head/one/.* \(.*line 2\)"),
        ("terms", "2014-06-30", "", r"terms\.csv, line 3: .* overlaps "),
        ("terms", "2012-01-01", "2014-06-30", r"terms\.csv, line 3: .* overlaps AAA-head/one"),
        ("terms", "2012-01-01", "", r"terms\.csv, line 2: a person's term needs a start_date, the day it began"),
        ("terms", "2014-06-30", "2011-01-01", r"start_date 2012-01-01 is after end_date 2011-01-01"),
        ("holders", "person", "robot", r"holders\.csv, line 2: holder_kind_code"),
        (
            "holders",
            "person",
            "vacancy",
            r"assignments\.csv, line 2: one is a vacancy, and nobody speaks through x:1 for",
        ),
        ("holders", "two,", "three,", r"holders\.csv, line 3: three has no office; add the term to terms\.csv"),
        ("holders", "two,", "three,", r"assignments\.csv, line 3: holder_id 'two' is not in holders\.csv"),
        ("accounts", "x:1,", "1,", r"accounts\.csv, line 2: account_id"),
        ("accounts", "x:2,", "x:1,", r"accounts\.csv, line 3: x:1 is there twice, first in line 2; remove one"),
        (
            "accounts",
            ",BBB,",
            ",QQQ,",
            r"accounts\.csv, line 3: country_code 'QQQ' is not in countries\.csv; correct it",
        ),
        ("accounts", ",tweets,", ",,", r"accounts\.csv, line 2: source_id: Field required"),
        ("accounts", ",tweets,", ",rumour,", r"accounts\.csv, line 2: source_id 'rumour' is not in sources\.csv"),
        ("accounts", ",Two,", ",ONE,", r"line 3: the handle ONE is listed for x:1 \(.*line 2\) as of the same day"),
        ("assignments", "https://example.org", "", r"assignments\.csv, line 2: evidence_url: Field required"),
        ("countries", "country_name", "name", r"countries\.csv, line 1: the header is .*; expected country_code,"),
        ("sources", "2016-08-01T00:00:00Z", "", r"line 2: row: a source whose adapter reads files needs observed_at"),
        ("sources", ",observed,", ",,", r"line 2: row: a source with an adapter needs .*class_code"),
        ("editions", "2016,", "twelve,", r"editions\.csv, line 2: year"),
        ("editions", "2016,", "9007199254740993,", r"line 2: year: Input should be less than or equal to 2999"),
        ("editions", "2016,", "+2016,", r"editions\.csv, line 2: year: write digits only"),
        ("platforms", ",5,", ",9007199254740993,", r"platforms\.csv, line 2: timeline_reach_count"),
        ("accounts", "x:1,", "x:One,", r"accounts\.csv, line 2: account_id: 'x:One' is not .* should be a number, e"),
        ("assignments", "x:1,", "x:One,", r"assignments\.csv, line 2: account_id: 'x:One' is not the account's id"),
        ("accounts", "x:1,x,", "x:1,weibo,", r"accounts\.csv, line 2: row: account_id does not begin with platform_"),
        (
            "accounts",
            ",One,",
            ",O\x0bne,",
            r"line 2: handle: it holds the control character U\+000B as its char",
        ),
        ("holders", ",Holder,", ",Hol\x00der,", r"line 2: holder_name: it holds the control character U\+0000 as its"),
        ("holders", ",Holder,", ',"Hol\nder",', r"line 3: holder_name: it holds the control character U\+000A as its"),
        ("holders", ",Holder,", ",Hol\x85der,", r"line 2: holder_name: it holds the control character U\+0085 as its"),
        (
            "terms",
            "2012-01-01",
            "1325376000",
            r"terms\.csv, line 2: start_date: write the day as YYYY-MM-DD, e\.g\. 2026",
        ),
        ("terms", "2012-01-01", "2012-01-01T00:00:00Z", r"terms\.csv, line 2: start_date: write the day as YYYY-MM-DD"),
        (
            "sources",
            "2016-08-01T00:00:00Z",
            "2016-08-01T00:00:00",
            r"line 2: observed_at: names no time zone; wr",
        ),
        ("sources", "2016-08-01T00:00:00Z", "0001-01-01", r"sources\.csv, line 2: observed_at: is not a time; write"),
        ("sources", "2016-08-01T00:00:00Z", "0001-01-01T00:00:00+01:00", r"line 2: observed_at: is no real time"),
        (
            "sources",
            ",,2016-08",
            ",Tallinn,2016-08",
            r"line 2: time_zone: 'Tallinn' is no time zone; write its IANA name",
        ),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(folder, file, old, new, message):
    path = folder / f"{file}.csv"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RosterError, match=message):
        check_roster(folder)


def test_a_roster_without_a_fault_has_nothing_to_say(folder):
    assert check_roster(folder) == []


def test_a_file_may_have_no_row(tmp_path):
    folder = write_roster(tmp_path / "roster", **dict.fromkeys(FILES, ()))
    assert check_roster(folder) == []
    assert list(changes(read_roster(folder), {})) == []


@pytest.mark.parametrize(
    ("observed_at", "time_zone"),
    [
        ("2016-08-01T00:00:00Z", ""),
        ("2016-08-01T03:00:00.750+03:00", ""),
        ("2016-08-01T03:00:00", "Europe/Tallinn"),
        ("2016-08-01 00:00:00Z", "Europe/Tallinn"),
    ],
)
def test_all_ways_to_write_an_instant_are_one(tmp_path, observed_at, time_zone):
    source = SOURCES[0] | {"observed_at": observed_at, "time_zone": time_zone}
    entries = read_roster(write_roster(tmp_path / "roster", sources=[source, SOURCES[1]]))
    (data,) = [event.data for event in changes(entries, {}) if event.subject == "roster/sources/looks"]
    assert data["observed_at"] == "2016-08-01T00:00:00Z"
    assert entries.observed_sources[0].observed_instant == "2016-08-01T00:00:00Z"


def test_a_byte_order_mark_is_no_part_of_the_header(folder):
    expected = {name: list(rows) for name, rows in read_roster(folder).by_file.items()}
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert {name: list(rows) for name, rows in read_roster(folder).by_file.items()} == expected


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content",
    [None, "folder", b"\xff", b"a;b\n", "a,b\n".encode("utf-16"), b'"a', b"x" * 200_000, b"\x1b[2J\0\n", b""],
    ids=["missing", "folder", "no UTF-8", "header", "UTF-16", "quote", "long", "escape", "empty"],
)
def test_a_file_that_cannot_be_read_has_one_fault(folder, name, content):
    path = folder / f"{name}.csv"
    path.unlink()
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(RosterError) as caught:
        read_roster(folder)
    (_, fault) = str(caught.value).splitlines()
    assert f"{name}.csv" in fault
    assert fault.isprintable()
    assert len(fault) < 2_000


def test_only_the_first_thousand_faults_are_named(folder):
    with (folder / "countries.csv").open("a") as file:
        file.write("".join(f"A,{number},2020-01-01\n" for number in range(2_000)))
    with pytest.raises(RosterError) as caught:
        read_roster(folder)
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (1_002, "  and 1,000 more")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("terms", "2012-01-01", "2012-01-32"), ("accounts", "x:1,x,One,", "x:1,x,,"), ("holders", "person", "robot")],
)
def test_a_row_that_is_refused_has_one_fault(folder, file, old, new):
    path = folder / f"{file}.csv"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        read_roster(folder)
    (_, fault) = str(caught.value).splitlines()
    assert f"{file}.csv, line 2: " in fault


def test_a_column_that_a_file_may_lack_may_stand_anywhere(folder):
    path = folder / "sources.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    needed = [at for at, name in enumerate(rows[0]) if name not in FILES["sources"].may_lack]
    without = [",".join(row[at] for at in needed) for row in rows]
    assert len(needed) == len(rows[0]) - 4
    path.write_text("\n".join([*without, ""]), encoding="utf-8")
    assert check_roster(folder) == []
    last = [f"{without[0]},time_zone", *(f"{line}," for line in without[1:]), ""]
    path.write_text("\n".join(last), encoding="utf-8")
    assert check_roster(folder) == []
    path.write_text("\n".join([f"{last[0]},time_zone", *(f"{line}," for line in last[1:-1]), ""]), encoding="utf-8")
    with pytest.raises(RosterError, match=r"sources\.csv, line 1: the header is"):
        check_roster(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named_with_what_it_would_hold(folder, name):
    path = folder / f"{name}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.unlink()
    with pytest.raises(RosterError, match=rf"{name}\.csv is missing; a file without rows holds its header: {header}"):
        read_roster(folder)


def test_all_faults_are_named_at_once(real):
    (real / "offices.csv").unlink()
    (real / "holders.csv").write_bytes(b"\xff")
    with pytest.raises(RosterError, match=r"(?s)offices\.csv is missing.*holders\.csv is not a UTF-8 CSV file"):
        read_roster(real)
