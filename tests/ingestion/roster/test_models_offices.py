"""Offices, holders and terms: missions have a host, a gender has evidence, and a hand-over is an instant of its day."""

import pytest

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


@pytest.mark.parametrize("kind", ["institution", "vacancy"])
def test_only_a_person_has_a_gender(tmp_path, kind):
    with pytest.raises(RosterError, match=rf"line 2: row: a holder of kind {kind} has no gender_code"):
        read(tmp_path, holder_kind_code=kind, **STATED)


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
