"""accounts: added by the platform's id, with who speaks through them; noted if that is not clear."""

import pytest

from tests.support.stated import ITEMS, ROSTER, account, office, proposed, term
from twiplomacy.synthetic.worlds import SOURCES

NO_ID = "Accounts without the platform's own id, or of a platform the roster does not have: "
TWO_CLAIMS = "Accounts that several claim: "
UNCLEAR = "Accounts whose dates, handle or country are not clear: "
OPEN = [office(), term()]


def accounts_of(folder, *facts, **rows):
    found, notes = proposed(folder, *OPEN, *facts, **{**ITEMS, **rows})
    return found, notes


def test_an_account_comes_with_its_holder_and_its_source(tmp_path):
    found, notes = accounts_of(tmp_path, account("2", "Anna_2", start="2012-05-01", end="2014-05-31"))
    assert found.pop("sources")["wikidata"]["licence_name"] == "CC0 1.0"
    assert found == {
        "accounts": {
            "x:2": {
                "account_id": "x:2",
                "platform_code": "x",
                "handle": "Anna_2",
                "country_code": "AAA",
                "account_type_code": "personal",
                "listed_date": "2020-03-01",
                "source_id": "wikidata",
            }
        },
        "assignments": {
            "x:2/anna/2012-05-01": {
                "account_id": "x:2",
                "holder_id": "anna",
                "start_date": "2012-05-01",
                "end_date": "2014-05-31",
                "evidence_title": "Wikidata (P2002)",
                "evidence_url": "https://www.wikidata.org/wiki/Q1#P2002",
            }
        },
    }
    assert notes == []


def test_an_offices_account_is_the_institutions(tmp_path):
    found, _ = accounts_of(tmp_path, account("2", "Presidency", item="Q10"))
    assert found["accounts"]["x:2"]["account_type_code"] == "institutional"
    assert set(found["assignments"]) == {"x:2/state/"}


def test_an_institution_with_an_item_of_its_own_has_accounts(tmp_path):
    holders = [ITEMS["holders"][0], {**ITEMS["holders"][1], "wikidata_id": "Q5"}]
    found, _ = accounts_of(tmp_path, account("2", "State", item="Q5"), holders=holders)
    assert found["accounts"]["x:2"]["account_type_code"] == "institutional"
    assert set(found["assignments"]) == {"x:2/state/"}


def test_an_offices_account_is_nobodys_without_an_institution(tmp_path):
    rows = {"offices": ITEMS["offices"][1:], "holders": ITEMS["holders"][:1], "terms": ROSTER["terms"][1:]}
    assert accounts_of(tmp_path, account("2", "Presidency", item="Q10"), **rows) == ({}, [])


def test_an_offices_account_is_nobodys_among_two_institutions(tmp_path):
    court = {"office_code": "AAA-court", "country_code": "AAA", "category_code": "institution"}
    rows = {
        "offices": [*ITEMS["offices"], court],
        "holders": [*ITEMS["holders"], {"holder_id": "court", "holder_kind_code": "institution"}],
        "terms": [*ROSTER["terms"], {"office_code": "AAA-court", "holder_id": "court"}],
    }
    assert accounts_of(tmp_path, account("2", "Presidency", item="Q10"), **rows) == ({}, [])


def test_a_vacancy_is_no_institution_of_an_office(tmp_path):
    court = {"office_code": "AAA-court", "country_code": "AAA", "category_code": "institution"}
    rows = {
        "offices": [*ITEMS["offices"], court],
        "holders": [*ITEMS["holders"], {"holder_id": "vacant", "holder_kind_code": "vacancy", "wikidata_id": "Q9"}],
        "terms": [*ROSTER["terms"], {"office_code": "AAA-court", "holder_id": "vacant", "start_date": "2010-01-01"}],
    }
    found, notes = accounts_of(tmp_path, account("2", "Presidency", item="Q10"), account("3", item="Q9"), **rows)
    assert set(found["assignments"]) == {"x:2/state/"}
    assert notes == []


def test_the_source_is_added_once(tmp_path):
    rows = {"sources": [*SOURCES, {"source_id": "wikidata"}]}
    found, _ = accounts_of(tmp_path, account("2", "two"), **rows)
    assert set(found) == {"accounts", "assignments"}


def test_a_handle_that_changed_is_listed_anew(tmp_path):
    found, notes = accounts_of(tmp_path, account("1", "NewAnna"), account("1", "Old", end="2015-01-01"))
    assert found["accounts"] == {
        "x:1": {"handle": "NewAnna", "listed_date": "2020-03-01", "source_id": "wikidata"},
    }
    assert set(found) == {"accounts", "sources"}
    assert notes == []


NOTHING = {
    "the same": account("1", "Anna"),
    "the same in other letters": account("1", "aNNa"),
    "an earlier handle": account("1", "before", end="2015-01-01"),
    "without an id, under the same handle": account("", "ANNA"),
    "an item nobody in the register is": account("9", item="Q77"),
}


@pytest.mark.parametrize("fact", NOTHING.values(), ids=NOTHING)
def test_what_the_roster_has_or_leaves_out_is_nothing_new(tmp_path, fact):
    assert accounts_of(tmp_path, fact) == ({}, [])


def test_an_id_for_a_handle_is_no_other_handle(tmp_path):
    own = {
        "account_id": "youtube:UCannannannannannannanna",
        "platform_code": "youtube",
        "country_code": "AAA",
        "handle": "anna",
    }
    assigned = {"account_id": "youtube:UCannannannannannannanna", "holder_id": "anna"}
    fact = account("UCannannannannannannanna", "UCannannannannannannanna", platform="youtube")
    assert accounts_of(tmp_path, fact, accounts=[own], assignments=[assigned]) == ({}, [])


def test_an_account_without_a_holder_gets_one(tmp_path):
    found, notes = accounts_of(tmp_path, account("1"), assignments=[])
    assert set(found) == {"assignments"}
    assert set(found["assignments"]) == {"x:1/anna/"}
    assert notes == []


def test_a_start_that_is_not_known_to_the_day_is_left_open(tmp_path):
    found, _ = accounts_of(tmp_path, account("2", "two", start="2012-05"))
    assert set(found["assignments"]) == {"x:2/anna/"}


NOTES = {
    "no id": ([account("", "two")], f"{NO_ID}anna: x two"),
    "a platform the roster does not have": ([account("2", "two", platform="weibo")], f"{NO_ID}anna: weibo two"),
    "a platform entered by hand": ([account("", "two", platform="facebook")], f"{NO_ID}anna: facebook two"),
    "two items": ([account("2", "two"), account("2", "two", item="Q10")], f"{TWO_CLAIMS}x:2 (two): anna, state"),
    "an item nobody in the register is": (
        [account("2", "two"), account("2", "two", item="Q77")],
        f"{TWO_CLAIMS}x:2 (two): Q77, anna",
    ),
    "another holder in the roster": ([account("1", item="Q10")], f"{TWO_CLAIMS}x:1 (anna): anna, state"),
}


@pytest.mark.parametrize(("facts", "note"), NOTES.values(), ids=NOTES)
def test_what_cannot_be_an_account_is_noted(tmp_path, facts, note):
    assert accounts_of(tmp_path, *facts) == ({}, [note])


NOT_CLEAR = {
    "two handles": ([account("2", "two"), account("2", "too")], "its handle is too or two"),
    "several periods": (
        [account("2", "two", start="2012-01-01"), account("2", "two", start="2014-01-01")],
        "it is stated for several periods",
    ),
    "an end nobody knows": ([account("2", "two", end="?")], "it ended at a day that is not known: unknown"),
    "an end known to the month": (
        [account("2", "two", end="2014-05")],
        "it ended at a day that is not known: 2014-05 (month)",
    ),
    "an end before the start": (
        [account("2", "two", start="2014-05-01", end="2014-04-01")],
        "it ended on 2014-04-01, before it began on 2014-05-01",
    ),
}


@pytest.mark.parametrize(("facts", "note"), NOT_CLEAR.values(), ids=NOT_CLEAR)
def test_what_is_not_clear_is_noted(tmp_path, facts, note):
    assert accounts_of(tmp_path, *facts) == ({}, [f"{UNCLEAR}x:2 (two), anna: {note}"])


def test_two_handles_of_a_known_account_are_noted(tmp_path):
    facts = [account("1", "a"), account("1", "b")]
    assert accounts_of(tmp_path, *facts) == ({}, [f"{UNCLEAR}x:1 (a), anna: its handle is a or b"])


def test_one_handle_is_not_listed_for_two_accounts_on_one_day(tmp_path):
    found, notes = accounts_of(tmp_path, account("2", "two"), account("3", "TWO"), account("4", "four"))
    assert set(found["accounts"]) == {"x:4"}
    assert notes == [f"{UNCLEAR}x:{number}: another account has this handle" for number in ("2 (two)", "3 (TWO)")]
    today = [{**ROSTER["accounts"][0], "listed_date": "2020-03-01"}]
    _, notes = accounts_of(tmp_path, account("2", "ANNA"), accounts=today)
    assert notes == [f"{UNCLEAR}x:2 (ANNA): another account has this handle"]


def test_who_holds_offices_of_two_countries_has_accounts_of_none(tmp_path):
    abroad = [office("Q20", name="President of Bbb", country="BBB"), term("2011-01-01", item="Q20")]
    _, notes = accounts_of(tmp_path, *abroad, account("2", "two"))
    assert notes == [f"{UNCLEAR}x:2 (two), anna: its holder has offices in AAA, BBB"]


def test_who_is_not_added_has_no_accounts(tmp_path):
    facts = [term("2012", None, "Q2", "Ben"), account("2", "ben", item="Q2")]
    found, notes = accounts_of(tmp_path, *facts)
    assert (found, len(notes)) == ({}, 1)
    assert "AAA-president: ben: start 2012 (year)" in notes[0]
