"""The roster: every fault with its place, and the fold's laws."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.log.events import Event
from ingestion.roster.changes import changes, fold
from ingestion.roster.files import RosterError, check_roster, read_roster
from ingestion.roster.tables import FILES
from tests.conftest import PROJECT
from twiplomacy.synthetic.worlds import SOURCES, write_roster

KINDS = ["roster.entry_added", "roster.entry_changed", "roster.entry_ended"]


def entry_event(kind: str, name: str, value: int) -> Event:
    stamp = "2020-01-01T00:00:00Z"
    return Event("roster", kind, f"roster/countries/{name}", stamp, "roster/countries/1", {"value": value}, stamp)


events = st.lists(
    st.builds(entry_event, st.sampled_from(KINDS), st.sampled_from(["A", "B", "C"]), st.integers(0, 3)), max_size=12
)


@given(events, st.data())
def test_folding_in_two_parts_is_folding_at_once(log, data):
    split = data.draw(st.integers(0, len(log)))
    assert fold(log[split:], fold(log[:split])) == fold(log)


@given(events)
def test_a_log_read_twice_says_the_same(log):
    assert fold(log + log) == fold(log)


@given(events, events)
def test_segments_about_different_subjects_may_come_in_any_order(one, two):
    other = [entry_event(event.type, f"other-{event.subject[-1]}", event.data["value"]) for event in two]
    assert fold(one + other) == fold(other + one)


@given(events)
def test_changes_bring_any_log_to_the_files(tmp_path_factory, log):
    entries = read_roster(write_roster(tmp_path_factory.mktemp("roster")))
    state = fold(log)
    after = fold(changes(entries, state), state)
    assert list(changes(entries, after)) == []
    assert set(after) == {f"roster/{name}/{key}" for name, rows in entries.by_file.items() for key in rows}


@pytest.fixture
def real(tmp_path):
    return shutil.copytree(PROJECT / "roster", tmp_path / "roster", ignore=shutil.ignore_patterns("observations"))


def test_the_roster_in_the_repository_is_right(real):
    assert all("has no holder" in note for note in check_roster(real))
    entries = read_roster(real)
    assert len(entries.countries) == 195
    assert entries.years == [2012, 2013, 2014, 2015, 2016, 2017]


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


def test_an_account_speaks_for_one_holder_at_a_time(folder):
    path = folder / "terms.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("AAA-head,two", "AAA-deputy,two"), encoding="utf-8")
    offices = folder / "offices.csv"
    rows = offices.read_text(encoding="utf-8")
    offices.write_text(rows + rows.splitlines()[1].replace("AAA-head", "AAA-deputy") + "\n", encoding="utf-8")
    assignments = folder / "assignments.csv"
    text = assignments.read_text(encoding="utf-8")
    assignments.write_text(text.replace("x:2,two", "x:1,two"), encoding="utf-8")
    assert "x:2 (Two) has no holder" in check_roster(folder)[0]  # one after the other is no fault
    path.write_text(path.read_text(encoding="utf-8").replace("two,2014-06-30", "two,2013-01-01"), encoding="utf-8")
    with pytest.raises(
        RosterError, match=r"line 3: two and one \(.*line 2\) both speak through x:1 from 2013-01-01 on"
    ):
        check_roster(folder)


def test_an_account_is_not_given_away_and_back_within_a_term(folder):
    assignments = folder / "assignments.csv"
    header, *lines = assignments.read_text(encoding="utf-8").splitlines()
    names = header.split(",")
    (own,) = (line.split(",") for line in lines if line.startswith("x:1,one,"))
    until, after = own.copy(), own.copy()
    until[names.index("end_date")], after[names.index("start_date")] = "2012-03-31", "2012-09-01"
    others = [line for line in lines if not line.startswith("x:1,one,")]
    assignments.write_text("\n".join([header, ",".join(until), ",".join(after), *others, ""]), encoding="utf-8")
    with pytest.raises(RosterError, match=r"line 3: one has x:1 twice in one term, also by .*line 2; make it one row"):
        check_roster(folder)


@pytest.fixture
def listed(tmp_path):
    """Return a function that checks a roster with accounts of one holder each, some listed by their handle alone."""

    def check(accounts, holders):
        folder = write_roster(
            tmp_path / "roster",
            offices=[{"office_code": f"AAA-{name}", "country_code": "AAA"} for name in ("one", "two")],
            holders=[{"holder_id": name} for name in ("one", "two")],
            terms=[
                {"office_code": f"AAA-{name}", "holder_id": name, "start_date": "2012-01-01"} for name in ("one", "two")
            ],
            accounts=[{"country_code": "AAA", **account} for account in accounts],
            assignments=[
                {"account_id": account["account_id"], "holder_id": holder}
                for account, holder in zip(accounts, holders, strict=True)
                if holder
            ],
        )
        return check_roster(folder)

    return check


LISTED, KEYED = {"account_id": "x:@palace", "handle": "Palace"}, {"account_id": "x:1", "handle": "PALACE"}


@pytest.mark.parametrize(
    ("accounts", "holders"),
    [
        ([LISTED], ["one"]),
        ([LISTED, KEYED], ["one", "one"]),  # said twice, of one account
        ([LISTED, KEYED], ["one", ""]),
        ([LISTED, {**KEYED, "handle": "castle"}], ["one", "two"]),
        ([LISTED, KEYED, {**KEYED, "account_id": "x:2", "listed_date": "2015-01-01"}], ["one", "two", "two"]),
    ],
    ids=["alone", "with its id", "with its id that nobody speaks through", "another", "with two ids"],
)
def test_an_account_may_be_listed_by_its_handle(listed, accounts, holders):
    assert [note for note in listed(accounts, holders) if "changed hands" not in note] == []


@pytest.mark.parametrize(
    ("accounts", "holders", "message"),
    [
        ([LISTED, KEYED], ["one", "two"], r"both speak through x:1 from 2012-01-01 on"),
        ([{**LISTED, "handle": "castle"}], ["one"], r"accounts\.csv, line 2: .*another handle .* would be x:@castle"),
        ([{**LISTED, "account_id": "x:@Palace"}], ["one"], r"accounts\.csv, line 2: account_id: .*letters: x:@palace"),
        ([{**LISTED, "listed_date": ""}], ["one"], r"accounts\.csv, line 2: listed_date"),
    ],
)
def test_a_handle_in_the_ids_place_is_that_of_its_row_at_a_date(listed, accounts, holders, message):
    with pytest.raises(RosterError, match=message):
        listed(accounts, holders)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (
            [
                ("AAA-head", "one", "2012-01-01", "2016-12-31"),
                ("AAA-deputy", "one", "2012-01-01", "2013-12-31"),
                ("BBB-head", "two", "2014-06-30", ""),
            ],
            "both speak through x:1 from 2014-06-30 on",
        ),
        (
            [("AAA-head", "one", "2014-06-30", "2014-06-30"), ("BBB-head", "two", "2014-06-30", "")],
            "both speak through x:1 from 2014-06-30 on",
        ),
    ],
    ids=["a shorter term of the first between them", "both come on the same day"],
)
def test_no_two_holders_of_an_account_are_overlooked(tmp_path, terms, fault):
    names = ("office_code", "holder_id", "start_date", "end_date")
    codes = ("AAA-head", "AAA-deputy", "BBB-head")
    roster_folder = write_roster(
        tmp_path / "roster",
        offices=[{"office_code": code, "country_code": code[:3]} for code in codes],
        holders=[{"holder_id": "one"}, {"holder_id": "two"}],
        terms=[dict(zip(names, term, strict=True)) for term in terms],
        accounts=[{"account_id": "x:1", "country_code": "AAA"}],
        assignments=[{"account_id": "x:1", "holder_id": holder} for holder in ("one", "two")],
    )
    with pytest.raises(RosterError, match=fault):
        check_roster(roster_folder)


@pytest.fixture
def vacant(tmp_path):
    """Return a function that checks a roster of two offices held by persons, and an institution, with a vacancy."""

    def check(*terms, **holder):
        names = ("office_code", "holder_id", "start_date", "end_date")
        codes = ("AAA-head", "AAA-deputy", "AAA-institution")
        held = [("AAA-head", "one", "2012-01-01", "2014-06-30"), ("AAA-head", "two", "2015-01-01", "")]
        held += [("AAA-institution", "state", "", "")]
        folder = write_roster(
            tmp_path / "roster",
            offices=[{"office_code": code, "country_code": "AAA"} for code in codes],
            holders=[
                {"holder_id": "one"},
                {"holder_id": "two"},
                {"holder_id": "state", "holder_kind_code": "institution"},
                {"holder_id": "vacant", "holder_name": "Vacant", "holder_kind_code": "vacancy", **holder},
            ],
            terms=[dict(zip(names, term, strict=True)) for term in (*held, *terms)],
        )
        return check_roster(folder)

    return check


def test_a_vacancy_may_be_in_several_offices_at_once(vacant):
    between = ("AAA-head", "vacant", "2014-06-30", "2015-01-01")  # it shares the days of both hand-overs
    assert vacant(between, ("AAA-deputy", "vacant", "2012-01-01", "")) == []
    before = ("AAA-head", "vacant", "2011-01-01", "2011-12-31")
    assert vacant(before, between, ("AAA-deputy", "vacant", "2014-06-30", "2014-06-30")) == []


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (
            ("AAA-head", "vacant", "2014-06-29", "2014-12-31"),
            r"line 5: AAA-head/vacant/2014-06-29 overlaps AAA-head/one/",
        ),
        (
            ("AAA-head", "vacant", "2014-07-01", "2015-01-02"),
            r"line 3: AAA-head/two/.* overlaps AAA-head/vacant/.*line 5",
        ),
        (("AAA-head", "vacant", "2014-07-01", ""), r"line 3: AAA-head/two/2015-01-01 overlaps AAA-head/vacant/"),
        (("AAA-head", "vacant", "2012-01-01", "2012-01-01"), r"overlaps AAA-head/"),
        (
            ("AAA-institution", "vacant", "2014-01-01", "2014-12-31"),
            r"line 5: AAA-institution/vacant/.* overlaps .*state",
        ),
        (("AAA-deputy", "vacant", "", "2014-12-31"), r"line 5: a vacancy needs a start_date, the day it began"),
    ],
    ids=[
        "begins a day too early",
        "ends a day too late",
        "has no end",
        "begins with a term",
        "an institution without dates is there",
        "has no first day",
    ],
)
def test_a_vacancy_is_when_nobody_holds_the_office(vacant, term, message):
    with pytest.raises(RosterError, match=message):
        vacant(term)


def test_a_vacancy_has_no_gender(vacant):
    with pytest.raises(RosterError, match=r"line 5: row: a holder of kind vacancy has no gender_code"):
        vacant(gender_code="other", gender_evidence_url="https://example.org")


def test_what_is_allowed_and_worth_a_look_is_noted(folder):
    accounts = folder / "accounts.csv"
    row = accounts.read_text(encoding="utf-8").splitlines()[2]
    later = row.replace("x:2,", "x:3,").replace(",Two,", ",two,").replace("2014-01-01", "2015-01-01")
    accounts.write_text(accounts.read_text(encoding="utf-8") + later + "\n", encoding="utf-8")
    unassigned, changed = check_roster(folder)
    assert "accounts.csv, line 4: x:3 (two) has no holder" in unassigned
    assert "line 4: the handle two changed hands: until 2015-01-01 it is listed for x:2" in changed


@pytest.mark.parametrize(
    ("start_at", "fault"),
    [
        ("2014-06-30T12:00:00", "start_at: write the instant in UTC, e.g. 2017-10-03T22:06:31Z"),
        ("1404129600", "start_at: write the instant in UTC, e.g. 2017-10-03T22:06:31Z"),
        ("0001-01-01T00:00:00+01:00", "start_at: write the instant in UTC, e.g. 2017-10-03T22:06:31Z"),
        ("2014-07-01T00:00:00Z", "row: start_at is not an instant of start_date"),
        ("2014-06-30T23:00:00-02:00", "row: start_at is not an instant of start_date"),
    ],
)
def test_a_hand_over_is_an_instant_of_its_day(folder, start_at, fault):
    path = folder / "terms.csv"
    head, one, two = path.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(head.split(","), two.split(","), strict=True)) | {"start_at": start_at}
    path.write_text("\n".join([head, one, ",".join(cells.values()), ""]), encoding="utf-8")
    with pytest.raises(RosterError, match=f"line 3: {fault}"):
        read_roster(folder)


def test_a_scope_has_one_source(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[*SOURCES, SOURCES[0] | {"source_id": "again"}])
    with pytest.raises(RosterError, match=r"line 4: again has the scope of looks; .* give it another"):
        read_roster(folder)


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
def test_of_a_file_that_is_not_read_only_that_is_said(folder, name, content):
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


def test_of_very_many_faults_the_first_are_named(folder):
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
def test_of_a_row_that_is_not_right_only_that_is_said(folder, file, old, new):
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
