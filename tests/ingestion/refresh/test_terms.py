"""terms: ends and terms known to the day are proposed; the rest and contradictions are noted."""

import pytest

from tests.support.stated import ITEMS, ROSTER, office, proposed, term

IMPRECISE = "Terms not known to the day: AAA-president: "
AMBIGUOUS = "Dates that contradict each other: AAA-president: "
TWO_HOLDERS = "Two holders of one office on the same days: AAA-president: "


def terms_of(folder, *facts, end="", **rows):
    """Return the terms that would be new or changed, and the notes, for an office Anna held from 2010 to ``end``."""
    own = [ROSTER["terms"][0], {**ROSTER["terms"][1], "end_date": end}]
    found, notes = proposed(folder, office(), *facts, **{**ITEMS, "terms": own, **rows})
    return found.get("terms", {}), notes


def test_an_end_is_filled_in_with_its_evidence(tmp_path):
    found, notes = terms_of(tmp_path, term("2010-01-01", "2015-06-30"))
    assert found == {
        "AAA-president/anna/2010-01-01": {
            "end_date": "2015-06-30",
            "end_precision_code": "day",
            "evidence_title": "t; end: https://www.wikidata.org/wiki/Q1#P39",
        }
    }
    assert notes == []


def test_mandates_that_follow_each_other_are_one_term(tmp_path):
    facts = [term("2014-01-01", "2018-06-30"), term("2010-01-01", "2013-12-31")]
    found, notes = terms_of(tmp_path, *facts)
    assert found["AAA-president/anna/2010-01-01"]["end_date"] == "2018-06-30"
    assert notes == []


def test_a_new_term_names_its_page(tmp_path):
    found, _ = terms_of(tmp_path, term("2015-06-30", "2019-01-31", "Q2", "Ben Beta"), end="2015-06-30")
    assert found == {
        "AAA-president/ben-beta/2015-06-30": {
            "office_code": "AAA-president",
            "holder_id": "ben-beta",
            "start_date": "2015-06-30",
            "start_precision_code": "day",
            "end_date": "2019-01-31",
            "end_precision_code": "day",
            "evidence_title": "Wikidata (P39, Q10)",
            "evidence_url": "https://www.wikidata.org/wiki/Q2#P39",
        }
    }


def test_a_holder_during_a_vacancy_is_noted(tmp_path):
    own = [*ROSTER["terms"], {"office_code": "AAA-president", "holder_id": "vacant", "start_date": "2015-06-30"}]
    own[1] = {**own[1], "end_date": "2015-06-30"}
    rows = {"terms": own, "holders": [*ITEMS["holders"], {"holder_id": "vacant", "holder_kind_code": "vacancy"}]}
    found, notes = terms_of(tmp_path, term("2016-01-01", None, "Q2", "Ben Beta"), **rows)
    assert found == {}
    assert notes == [f"{TWO_HOLDERS}ben-beta from 2016-01-01, but also vacant from 2015-06-30"]
    own[2] |= {"end_date": "2016-01-01"}
    found, notes = terms_of(tmp_path, term("2016-01-01", None, "Q2", "Ben Beta"), **rows)
    assert set(found) == {"AAA-president/ben-beta/2016-01-01"}
    assert notes == []


def test_who_came_back_has_two_terms(tmp_path):
    facts = [term("2010-01-01", "2012-12-31"), term("2016-01-01", None), term("2014-01-01", "2016-01-01", "Q2", "Ben")]
    found, notes = terms_of(tmp_path, *facts)
    assert set(found) == {f"AAA-president/{key}" for key in ("anna/2010-01-01", "anna/2016-01-01", "ben/2014-01-01")}
    assert notes == []


def test_who_left_before_the_first_edition_is_not_added(tmp_path):
    assert terms_of(tmp_path, term("2004-01-01", "2008-12-31"), end="2015-01-01") == ({}, [])


NOTHING = {
    "the same days": [term("2010-01-01", "2015-06-30")],
    "the same start, no end": [term("2010-01-01", None)],
    "the same start to the month": [term("2010-01", None)],
    "the same days to the year": [term("2010", "2015")],
    "the same start, an end nobody knows": [term("2010-01-01", "?")],
    "the same start twice, once without end": [term("2010-01-01", None), term("2010-01-01", "2015-06-30")],
    "a mandate amid the term": [term("2011-01-01", "2013-01-01")],
    "the same and without any date": [term("2010-01-01", "2015-06-30"), term(None, None)],
}


@pytest.mark.parametrize("facts", NOTHING.values(), ids=NOTHING)
def test_what_the_roster_has_is_nothing_new(tmp_path, facts):
    assert terms_of(tmp_path, *facts, end="2015-06-30") == ({}, [])


KNOWN = "the roster has anna from 2010-01-01 to 2015-06-30, Wikidata anna from "
DIFFERENT = {
    "another start": ([term("2010-01-02", "2015-06-30")], f"{KNOWN}2010-01-02 to 2015-06-30"),
    "another end": ([term("2010-01-01", "2015-07-01")], f"{KNOWN}2010-01-01 to 2015-07-01"),
    "an earlier end": ([term("2010-01-01", "2012-07-01")], f"{KNOWN}2010-01-01 to 2012-07-01"),
    "two ends": (
        [term("2010-01-01", "2015-06-30"), term("2010-01-01", "2016-06-30")],
        "anna from 2010-01-01 to 2015-06-30 or 2016-06-30",
    ),
    "an end before the start": (
        [term("2017-01-01", "2016-06-30")],
        "anna from 2017-01-01 to 2016-06-30: the end is before the start",
    ),
    "no end, and later again": (
        [term("2016-01-01", None), term("2018-01-01", "2019-01-01")],
        "anna from 2016-01-01 has no end, but anna from 2018-01-01 to 2019-01-01 begins later",
    ),
}


@pytest.mark.parametrize(("facts", "note"), DIFFERENT.values(), ids=DIFFERENT)
def test_dates_that_contradict_each_other_are_noted(tmp_path, facts, note):
    assert terms_of(tmp_path, *facts, end="2015-06-30") == ({}, [f"{AMBIGUOUS}{note}"])


VAGUE = {
    "a start known to the month": (term("2016-03", "2019-01-31"), "start 2016-03 (month), end 2019-01-31"),
    "an end known to the year": (term("2016-03-01", "2019"), "start 2016-03-01, end 2019 (year)"),
    "an end nobody knows": (term("2016-03-01", "?"), "start 2016-03-01, end unknown"),
    "an end only": (term(None, "2019-01-31"), "start no day given, end 2019-01-31"),
}


@pytest.mark.parametrize(("fact", "note"), VAGUE.values(), ids=VAGUE)
def test_a_term_not_known_to_the_day_is_noted_as_well_as_it_is_known(tmp_path, fact, note):
    assert terms_of(tmp_path, fact, end="2015-06-30") == ({}, [f"{IMPRECISE}anna: {note}"])


def test_those_without_any_date_are_noted_in_one_line(tmp_path):
    facts = [term(None, None), term(None, None, "Q2", "Ben")]
    assert terms_of(tmp_path, *facts) == ({}, ["Holders without any day: AAA-president: anna, ben"])


@pytest.mark.parametrize("after", ["2014", "2013-12", "?"])
def test_an_end_that_another_statement_may_outlast_is_not_filled_in(tmp_path, after):
    found, notes = terms_of(tmp_path, term("2010-01-01", "2013-12-31"), term(after, None))
    assert found == {}
    assert f"{AMBIGUOUS}the roster has anna from 2010-01-01, Wikidata anna from 2010-01-01 to 2013-12-31" in notes


ANNA = "anna from 2010-01-01"
AL = "al from 2017-01-01 to 2017-01-01"
BEN = "ben from 2017-01-01"
CLEO = "cleo from 2018-01-01 to 2018-02-01"
BENS = term("2017-01-01", None, "Q2", "Ben")
OVERLAPS = {
    "with the roster": ("", [BENS], [f"{BEN}, but also {ANNA}"]),
    "with the roster, days before the end": ("2017-01-03", [BENS], [f"{BEN}, but also {ANNA} to 2017-01-03"]),
    "with each other": (
        "2015-01-01",
        [BENS, term("2018-01-01", "2018-02-01", "Q3", "Cleo")],
        [f"{BEN}, but also {CLEO}", f"{CLEO}, but also {BEN}"],
    ),
    "from the same day": (
        "2015-01-01",
        [term("2017-01-01", "2017-01-01", "Q3", "Al"), BENS],
        [f"{AL}, but also {BEN}", f"{BEN}, but also {AL}"],
    ),
}


@pytest.mark.parametrize(("end", "facts", "notes"), OVERLAPS.values(), ids=OVERLAPS)
def test_two_holders_on_the_same_days_are_noted_both(tmp_path, end, facts, notes):
    assert terms_of(tmp_path, *facts, end=end) == ({}, [f"{TWO_HOLDERS}{note}" for note in notes])


def test_an_end_makes_room_for_the_next(tmp_path):
    facts = [term("2010-01-01", "2017-01-01"), term("2017-01-01", None, "Q2", "Ben")]
    found, notes = terms_of(tmp_path, *facts)
    assert (len(found), notes) == (2, [])
