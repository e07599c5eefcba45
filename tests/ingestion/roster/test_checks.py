"""Checks across rows: every contradiction, overlap and broken reference is named with its place."""

import pytest

from ingestion.roster.files import RosterError, check_roster, read_roster
from twiplomacy.synthetic.worlds import SOURCES, write_roster


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


def test_accounts_without_a_holder_and_handles_that_changed_hands_are_noted(folder):
    accounts = folder / "accounts.csv"
    row = accounts.read_text(encoding="utf-8").splitlines()[2]
    later = row.replace("x:2,", "x:3,").replace(",Two,", ",two,").replace("2014-01-01", "2015-01-01")
    accounts.write_text(accounts.read_text(encoding="utf-8") + later + "\n", encoding="utf-8")
    unassigned, changed = check_roster(folder)
    assert "accounts.csv, line 4: x:3 (two) has no holder" in unassigned
    assert "line 4: the handle two changed hands: until 2015-01-01 it is listed for x:2" in changed


def test_a_scope_has_one_source(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[*SOURCES, SOURCES[0] | {"source_id": "again"}])
    with pytest.raises(RosterError, match=r"line 4: again has the scope of looks; .* give it another"):
        read_roster(folder)
