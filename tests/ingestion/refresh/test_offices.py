"""offices: matched by item, name or category; none is chosen if two fit."""

import pytest

from tests.support.stated import ITEMS, ROSTER, office, proposed, term

TOPIC = "Offices that cannot be told apart: "
KING = {"office_code": "AAA-king", "country_code": "AAA", "office_name": "King of Aaa"}


def test_an_office_is_known_by_its_item_whatever_wikidata_calls_it(tmp_path):
    assert proposed(tmp_path, office("Q10", "head_of_government", "Chief", "BBB"), term(), **ITEMS) == ({}, [])


def test_an_office_is_known_as_the_only_one_of_its_kind(tmp_path):
    found, _ = proposed(tmp_path, office(), term())
    assert found["offices"] == {"AAA-president": {"wikidata_id": "Q10"}}


def test_an_office_is_known_by_its_name_among_several(tmp_path):
    own = {"offices": [*ROSTER["offices"], KING]}
    found, _ = proposed(tmp_path, office("Q11", name="KING of Aaa"), term(item="Q11"), **own)
    assert found["offices"] == {"AAA-king": {"wikidata_id": "Q11"}}
    found, notes = proposed(tmp_path, office("Q11", name="Queen of Aaa"), term(item="Q11"), **own)
    assert found == {}
    help_ = "enter the right item as wikidata_id in offices.csv, and refresh again"
    assert notes == [f"{TOPIC}AAA: Q11 (Queen of Aaa), head_of_state; {help_}"]


def test_a_new_office_comes_with_its_first_term(tmp_path):
    heads = [office("Q20", role, "President of the Bbb", "BBB") for role in ("head_of_state", "head_of_government")]
    minister = office("Q21", "foreign_minister", "Secretary of External Things of Bbb", "BBB")
    nobody = office("Q22", "foreign_minister", "Minister without anybody", "AAA")
    vague = office("Q23", "head_of_government", "Chief of Aaa")
    found, _ = proposed(
        tmp_path, *heads, minister, nobody, vague, term(item="Q20"), term(item="Q21"), term("2014", item="Q23"), **ITEMS
    )
    assert found["offices"] == {
        "BBB-president": {
            "office_code": "BBB-president",
            "office_name": "President of the Bbb",
            "country_code": "BBB",
            "category_code": "head_of_state_and_government",
            "wikidata_id": "Q20",
        },
        "BBB-foreign-minister": {
            "office_code": "BBB-foreign-minister",
            "office_name": "Secretary of External Things of Bbb",
            "country_code": "BBB",
            "category_code": "foreign_minister",
            "wikidata_id": "Q21",
        },
    }


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([office(name="King"), office("Q11", name="Queen"), term(item="Q11")], id="two of one kind"),
        pytest.param([office(name="King"), office(name="King", country="BBB")], id="an item of two countries"),
        pytest.param([office(name="King"), office(role="head_of_government")], id="of a wider kind"),
        pytest.param([office(name="", country="BBB")], id="without a name"),
        pytest.param([office(role="head_of_government", name="Institution of Aaa")], id="a code that is taken"),
    ],
)
def test_an_office_that_cannot_be_matched_is_left_out_with_its_holders(tmp_path, facts):
    found, notes = proposed(tmp_path, *facts, term("2012-01-01"))
    assert found == {}
    assert notes
    assert all(note.startswith(TOPIC) for note in notes)


def test_an_item_that_nobody_held_on_any_day_is_no_office(tmp_path):
    assert proposed(tmp_path, office(), office("Q11"), term(), term(None, item="Q11"), **ITEMS) == ({}, [])
