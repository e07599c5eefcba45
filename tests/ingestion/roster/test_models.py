"""entries: a cell is taken for what it says; missions sit somewhere, and a gender is stated somewhere."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from ingestion.roster.cells import AccountId, Count, Day, Flag, Instant, Month, Url, UsDollars, WikidataId, Year
from ingestion.roster.changes import changes
from ingestion.roster.files import RosterError, read_roster
from twiplomacy.synthetic.worlds import write_roster

EMBASSY = {"office_code": "AAA-embassy-bbb", "country_code": "AAA", "category_code": "embassy"}
HOSTED = {**EMBASSY, "host_country_code": "BBB", "host_name": "Beeville"}
STATED = {"gender_code": "other", "gender_evidence_url": "https://example.org"}


def read(folder, office=HOSTED, **holder):
    """Read a roster of one office and its holder."""
    return read_roster(
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
    data = {event.dataschema: event.data for event in changes(entries, {})}
    assert data["roster/offices/1"].keys().isdisjoint({"host_country_code", "host_name"})
    assert data["roster/holders/1"].keys().isdisjoint({"gender_code", "gender_evidence_url"})


def test_a_gender_has_evidence(tmp_path):
    assert read(tmp_path, **STATED).holders["one"].gender_code == "other"
    for column, value in STATED.items():
        with pytest.raises(RosterError, match=r"holders\.csv, line 2: row: fill gender_code if, and only if, you fill"):
            read(tmp_path, **{column: value})


def test_an_institution_has_no_gender(tmp_path):
    with pytest.raises(RosterError, match=r"line 2: row: a holder of kind institution has no gender_code"):
        read(tmp_path, holder_kind_code="institution", **STATED)


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (Count, "52000 007 0 1000000000000", "52.000 52,000 1_000 +5 -5 0.0 5e3 52K ٥٢ ５ 1000000000001 NaN 0x10 ²"),
        (Year, "2012 1999", "2012.0 12 0000 9999 ٢٠١٢ +2012 2012-01-01"),
        (Day, "2026-03-02", "86400 2026-3-2 20260302 2026-03-02T00:00:00Z 0000-01-01 9999-12-31 ٢٠٢٦-٠٣-٠٢ 2026-W10-1"),
        (Month, "2020-01", "2020 2020-13 2020-00 ٢٠٢٠-٠١ 2020-1 0000-01"),
        (Instant, "2017-01-20T17:00:00Z 2017-01-20T18:00:00.5+01:00", "86400 2017-01-20T17:00:00 2017-01-20 1e9"),
        (Instant, "2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z 2016-12-31T24:00:00Z 9999-12-31T23:59:59Z"),
        (UsDollars, "0.005 5 12.50", "1e-3 NaN Infinity +5 -0 1_0 .5 5. ٥ 1234567890"),
        (Flag, "true false", "1 0 t yes on True FALSE"),
        (Url, "https://example.org/ä?q=1#x http://[::1]/", "example.org https:// javascript:alert(1) https://a<b"),
        (
            AccountId,
            "facebook:example.gov x:726748106",
            'facebook:<script> facebook:="1 x:٥٥ x:0 facebook:' + "a" * 301,
        ),
        (WikidataId, "Q42", "Q0 Q٤٢ 42 q42 Q" + "9" * 20),
    ],
)
def test_a_cell_is_taken_for_what_it_says_or_for_nothing(form, right, wrong):
    adapter = TypeAdapter(form)
    for text in right.split(" "):
        adapter.validate_python(text)
    for text in [*wrong.split(" "), f" {right.split(' ')[0]}", f"{right.split(' ')[0]} ", f"{right.split(' ')[0]}\n"]:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


@pytest.mark.parametrize("mark", ["\0", "\x1b", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041"])
def test_no_cell_holds_what_nobody_sees(tmp_path, mark):
    with pytest.raises(
        RosterError, match=rf"line 2: holder_name: it holds the control character U\+{ord(mark):04X} as"
    ):
        read(tmp_path, holder_name=f"A{mark}b")


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_begins_like_a_formula(tmp_path, sign):
    with pytest.raises(RosterError, match=rf"line 2: holder_name: it begins with {re.escape(sign)}, which "):
        read(tmp_path, holder_name=f"{sign}cmd|' /C calc'!A0")
    read(tmp_path, holder_name=f"A{sign}b")


def test_no_cell_is_longer_than_a_page(tmp_path):
    read(tmp_path, holder_name="A" * 5_000)
    with pytest.raises(RosterError, match="line 2: holder_name: it is longer than 5,000 characters"):
        read(tmp_path, holder_name="A" * 5_001)
