"""entries: missions sit somewhere, and a gender is stated somewhere."""

import pytest

from ingestion import roster
from ingestion.roster import RosterError
from tests.worlds import write_roster

EMBASSY = {"office_code": "AAA-embassy-bbb", "country_code": "AAA", "category_code": "embassy"}
HOSTED = {**EMBASSY, "host_country_code": "BBB", "host_name": "Beeville"}
STATED = {"gender_code": "other", "gender_evidence_url": "https://example.org"}


def read(folder, office=HOSTED, **holder):
    """Read a roster of one office and its holder."""
    return roster.read(
        write_roster(
            folder / "roster",
            offices=[office],
            holders=[{"holder_id": "one", **holder}],
            terms=[{"office_code": office["office_code"], "holder_id": "one", "start_date": "2016-01-01"}],
        )
    )


@pytest.mark.parametrize("category", ["embassy", "consulate", "permanent_mission", "head_of_mission"])
def test_a_mission_needs_the_country_it_sits_in(tmp_path, category):
    read(tmp_path, {**HOSTED, "category_code": category})
    with pytest.raises(RosterError, match=rf"offices\.csv, line 2: row: {category} needs host_country_code, the"):
        read(tmp_path, {**EMBASSY, "category_code": category})


@pytest.mark.parametrize(
    "category",
    [
        "head_of_state_and_government",
        "head_of_state",
        "head_of_government",
        "foreign_minister",
        "deputy_head_of_government",
        "head_of_international_organisation",
        "foreign_ministry",
        "institution",
        "international_organisation",
    ],
)
def test_all_other_offices_have_no_host(tmp_path, category):
    read(tmp_path, {**EMBASSY, "category_code": category})
    for column in ("host_country_code", "host_name"):
        with pytest.raises(RosterError, match=rf"offices\.csv, line 2: row: {category} has no host; only consulate"):
            read(tmp_path, {**EMBASSY, "category_code": category, column: HOSTED[column]})


def test_a_host_is_a_country_of_the_roster(tmp_path):
    with pytest.raises(RosterError, match=r"offices\.csv, line 2: host_country_code 'QQQ' is not in countries\.csv"):
        read(tmp_path, {**HOSTED, "host_country_code": "QQQ"})


def test_what_is_not_entered_is_not_in_the_event(tmp_path):
    entries = read(tmp_path, {**EMBASSY, "category_code": "institution"})
    data = {event.dataschema: event.data for event in roster.changes(entries, {})}
    assert data["roster/offices/1"].keys().isdisjoint({"host_country_code", "host_name"})
    assert data["roster/holders/1"].keys().isdisjoint({"gender_code", "gender_evidence_url"})


def test_a_gender_has_evidence(tmp_path):
    assert read(tmp_path, **STATED).entries["holders"]["one"].gender_code == "other"
    for column, value in STATED.items():
        with pytest.raises(RosterError, match=r"holders\.csv, line 2: row: gender_code and gender_evidence_url, where"):
            read(tmp_path, **{column: value})


def test_an_institution_has_no_gender(tmp_path):
    with pytest.raises(RosterError, match=r"line 2: row: a holder of kind institution has no gender_code"):
        read(tmp_path, holder_kind_code="institution", **STATED)
