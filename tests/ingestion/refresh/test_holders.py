"""holders: matched by item, account or name; one holder is never two people."""

import pytest

from ingestion.refresh import names
from tests.support.stated import ITEMS, ROSTER, account, gender, office, proposed, term

TOPIC = "Holders that cannot be told apart: "
OFFICES = {"offices": ITEMS["offices"]}
ENDED = [ROSTER["terms"][0], {**ROSTER["terms"][1], "end_date": "2011-01-01"}]


def test_a_holder_is_known_by_their_item(tmp_path):
    assert (
        proposed(tmp_path, office(), term(name="Somebody"), account("9", "x"), **ITEMS)[0]
        .keys()
        .isdisjoint({"holders", "terms"})
    )


def test_a_holder_is_known_by_a_personal_account(tmp_path):
    found, notes = proposed(tmp_path, office(), term(name="A. Alpha-Beta"), account("1"), **OFFICES)
    assert found == {"holders": {"anna": {"wikidata_id": "Q1"}}}
    assert notes == []


def test_an_account_of_an_office_is_passed_on_and_identifies_nobody(tmp_path):
    institutional = [{**ROSTER["accounts"][0], "account_type_code": "institutional"}]
    facts = [office(), term("2011-01-01", name="Ben Beta"), account("1")]
    found, _ = proposed(tmp_path, *facts, accounts=institutional, terms=ENDED, **OFFICES)
    assert set(found["holders"]) == {"ben-beta"}


def test_a_holder_is_known_by_the_name_in_the_same_office(tmp_path):
    found, _ = proposed(tmp_path, office(), term(name="anna ALPHA"), **OFFICES)
    assert found == {"holders": {"anna": {"wikidata_id": "Q1"}}}


def test_the_same_name_in_another_office_may_be_another_person(tmp_path):
    holders = [{"holder_id": "anna-alpha", "holder_name": "Anna Alpha"}, ROSTER["holders"][1]]
    own = {
        "holders": holders,
        "terms": [ROSTER["terms"][0], {**ROSTER["terms"][1], "holder_id": "anna-alpha"}],
        "assignments": [{"account_id": "x:1", "holder_id": "anna-alpha"}],
    }
    facts = [office("Q20", name="Chief of Bbb", country="BBB"), term(item="Q20")]
    found, (note,) = proposed(tmp_path, *facts, **own)
    assert (found, note.startswith(f"{TOPIC}Q1 (Anna Alpha) may be anna-alpha")) == ({}, True)
    holders[0] = {**holders[0], "wikidata_id": "Q2"}
    found, _ = proposed(tmp_path, *facts, **own)
    assert set(found["holders"]) == {"anna-alpha-q1"}


def test_a_new_holder_comes_with_the_first_term(tmp_path):
    facts = [office(), term(), term("2018-01-01", person="Q2", name="Łucja Ødegård-O'Neill")]
    vague = term("2017", "2018", "Q3", "Cleo Gamma")
    found, _ = proposed(tmp_path, *facts, vague, **{**ITEMS, "terms": ENDED})
    assert found["holders"] == {
        "lucja-odegard-o-neill": {
            "holder_id": "lucja-odegard-o-neill",
            "holder_name": "Łucja Ødegård-O'Neill",
            "holder_kind_code": "person",
            "wikidata_id": "Q2",
        }
    }


def test_two_new_people_of_one_name_are_two(tmp_path):
    facts = [office(), office("Q20", country="BBB"), term("2016-01-01", None, "Q2", "Ben Beta")]
    other = term("2016-01-01", None, "Q3", "Ben Beta", "Q20")
    found, _ = proposed(tmp_path, *facts, other, **{**ITEMS, "terms": ENDED})
    assert set(found["holders"]) == {"ben-beta-q2", "ben-beta-q3"}


def test_a_name_without_a_latin_letter_has_the_item_for_a_code(tmp_path):
    found, _ = proposed(tmp_path, office(), term("2012-01-01", person="Q2", name="Берт"), **{**ITEMS, "terms": ENDED})
    assert set(found["holders"]) == {"q2"}


TWO = {
    "holders": [*ROSTER["holders"], {"holder_id": "ben", "holder_name": "Ben Beta"}],
    "terms": [
        *ENDED,
        {"office_code": "AAA-president", "holder_id": "ben", "start_date": "2011-01-01", "end_date": "2011-06-30"},
    ],
    "accounts": [*ROSTER["accounts"], {"account_id": "x:2", "country_code": "AAA"}],
    "assignments": [*ROSTER["assignments"], {"account_id": "x:2", "holder_id": "ben"}],
}


@pytest.mark.parametrize(
    ("facts", "rows"),
    [
        pytest.param([term(name="A"), account("1"), account("2", "b")], TWO, id="one person, accounts of two holders"),
        pytest.param([term(), term(person="Q2", name="A"), account("1", item="Q2")], {}, id="two people, one holder"),
        pytest.param(
            [term(person="Q2"), account("1", item="Q2")], {"holders": ITEMS["holders"]}, id="another item's account"
        ),
        pytest.param(
            [term("2016-01-01", person="Q2")], {"holders": ITEMS["holders"], "terms": ENDED}, id="another item's name"
        ),
        pytest.param([term("2012-01-01", person="Q2", name="")], {"terms": ENDED}, id="no name"),
    ],
)
def test_a_holder_who_cannot_be_matched_is_left_out_with_their_terms(tmp_path, facts, rows):
    found, notes = proposed(tmp_path, office(), *facts, **{**OFFICES, **rows})
    assert found == {}
    assert any(note.startswith(TOPIC) for note in notes)


FEMALE = {"gender_code": "female", "gender_evidence_url": "https://www.wikidata.org/wiki/Q1#P21"}


def test_the_gender_of_a_known_holder_is_filled_in(tmp_path):
    found, notes = proposed(tmp_path, gender(), gender("male", "Q7"), **ITEMS)
    assert (found, notes) == ({"holders": {"anna": FEMALE}}, [])


def test_a_holder_gets_item_and_gender_in_one_row(tmp_path):
    found, _ = proposed(tmp_path, office(), term(), gender(), **OFFICES)
    assert found == {"holders": {"anna": {"wikidata_id": "Q1", **FEMALE}}}


def test_a_new_holder_comes_with_the_gender(tmp_path):
    facts = [office(), term(), term("2018-01-01", person="Q2", name="Ben Beta"), gender("other", "Q2")]
    found, _ = proposed(tmp_path, *facts, **{**ITEMS, "terms": ENDED})
    assert found["holders"]["ben-beta"]["gender_code"] == "other"
    assert found["holders"]["ben-beta"]["gender_evidence_url"].endswith("/Q2#P21")


@pytest.mark.parametrize(
    ("codes", "own", "text"),
    [
        (["male", "female"], {}, "female and male"),
        (["male"], {**FEMALE, "gender_evidence_url": "https://example.org"}, "the roster has female, Wikidata male"),
    ],
)
def test_a_gender_that_contradicts_another_is_noted(tmp_path, codes, own, text):
    holders = [{**ITEMS["holders"][0], **own}, ITEMS["holders"][1]]
    found, notes = proposed(tmp_path, *map(gender, codes), **{**ITEMS, "holders": holders})
    assert (found, notes) == ({}, [f"Genders that contradict each other: anna (Q1): {text}"])


def test_a_gender_that_the_roster_has_stays_with_its_source(tmp_path):
    holders = [{**ITEMS["holders"][0], **FEMALE, "gender_evidence_url": "https://example.org"}, ITEMS["holders"][1]]
    assert proposed(tmp_path, gender(), **{**ITEMS, "holders": holders}) == ({}, [])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Dési Bouterse", "desi-bouterse"),
        ("Nguyễn Phú Trọng", "nguyen-phu-trong"),
        ("Þórður Æ.", "thordur-ae"),
        ("—", ""),
    ],
)
def test_a_name_becomes_a_code(name, code):
    assert names.code(name) == code
