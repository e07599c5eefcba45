"""Groups of accounts, hashtags of campaigns, platforms of sessions: each fault is named with its place."""

import pytest

from ingestion.roster.changes import changes, fold
from ingestion.roster.files import RosterError, read_roster
from twiplomacy.synthetic.worlds import write_roster

GROUPS = [
    {"account_group_id": "pair", "account_id": "x:1", "end_date": "2015-12-31"},
    {"account_group_id": "pair", "account_id": "x:2"},
    {"account_group_id": "other", "account_group_name": "Other", "account_id": "x:1", "start_date": "2016-01-01"},
]
CAMPAIGNS = [
    {"campaign_id": "peace", "hashtag": "Peace"},
    {"campaign_id": "peace", "hashtag": "Paix"},
    {"campaign_id": "war", "campaign_name": "War", "hashtag": "peace", "start_date": "2014-01-01"},
]
SESSION = {
    "session_id": "hour",
    "office_code": "AAA-head",
    "platform_codes": "x weibo",
    "questions_count": "5500",
    "questions_rounding_code": "at_least",
}


def read(folder, groups=GROUPS, campaigns=CAMPAIGNS, session=SESSION):
    return read_roster(
        write_roster(
            folder / "roster",
            platforms=[{"platform_code": "x"}, {"platform_code": "weibo"}],
            offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
            accounts=[{"account_id": f"x:{number}", "country_code": "AAA"} for number in (1, 2)],
            account_groups=groups,
            campaigns=campaigns,
            question_sessions=[session],
        )
    )


def changed(rows, line, **cells):
    """Return rows of which the one on ``line`` of the file says something else."""
    return [{**row, **cells} if number == line else row for number, row in enumerate(rows, 2)]


def test_without_a_fault_each_row_is_an_event(tmp_path):
    events = list(changes(read(tmp_path), {}))
    subjects = {event.subject for event in events}
    assert {
        "roster/account_groups/pair/x:1/",
        "roster/account_groups/other/x:1/2016-01-01",
        "roster/campaigns/peace/peace",
        "roster/question_sessions/hour",
    } <= subjects
    (session,) = [event.data for event in events if event.dataschema == "roster/question_sessions/1"]
    assert session["start_at"] == "2016-05-02T12:00:00Z"
    assert session["platform_codes"] == "x weibo"


def test_the_same_files_again_are_no_change(tmp_path):
    campaigns = [{"campaign_id": "peace", "hashtag": "Cafe\u0301"}]  # an accent of its own
    entries = read(tmp_path, campaigns=campaigns)
    assert list(changes(entries, fold(changes(entries, {})))) == []
    assert "peace/caf\u00e9" in entries.campaigns


@pytest.mark.parametrize(
    ("line", "cells", "message"),
    [
        (
            3,
            {"policy_code": "separate"},
            r"line 3: policy_code is separate, but sum in .*line 2; rows of one account_g",
        ),
        (3, {"account_group_name": "Duo"}, r"line 3: account_group_name is Duo, but Group in .*line 2; rows of one"),
        (3, {"account_id": "x:9"}, r"line 3: account_id 'x:9' is not in accounts\.csv"),
        (3, {"account_id": "x:1"}, r"line 3: pair/x:1/ is there twice, first in line 2"),
        (3, {"account_id": "x:1", "start_date": "2015-12-31"}, r"line 3: x:1 is in pair, and still in pair \(.*line 2"),
        (2, {"end_date": "2016-01-01"}, r"line 4: x:1 is in other, and still in pair \(.*line 2\), and both are sums"),
        (2, {"end_date": ""}, r"line 4: x:1 is in other, and still in pair"),
        (
            4,
            {"start_date": ""},
            r"line 4: x:1 is in other, and still in pair|line 2: x:1 is in pair, and still in other",
        ),
        (2, {"policy_code": "mean"}, r"line 2: policy_code: "),
        (2, {"evidence_url": "a book"}, r"line 2: evidence_url: "),
        (2, {"start_date": "2016-01-01"}, r"line 2: row: start_date 2016-01-01 is after end_date 2015-12-31"),
    ],
)
def test_faults_of_groups(tmp_path, line, cells, message):
    with pytest.raises(RosterError, match=r"account_groups\.csv, " + message):
        read(tmp_path, groups=changed(GROUPS, line, **cells))


def test_an_account_that_is_not_summed_may_be_in_two_groups(tmp_path):
    groups = changed(GROUPS, 4, policy_code="separate", start_date="2015-01-01")
    assert len(read(tmp_path, groups=groups).account_groups) == 3


@pytest.mark.parametrize(
    ("line", "cells", "message"),
    [
        (
            3,
            {"start_date": "2016-01-02"},
            r"line 3: start_date is 2016-01-02, but 2016-01-01 in .*line 2; rows of one c",
        ),
        (3, {"end_date": "2016-12-31"}, r"line 3: end_date is 2016-12-31, but empty in .*line 2; rows of one campaign"),
        (
            3,
            {"campaign_name": "Pax"},
            r"line 3: campaign_name is Pax, but Campaign in .*line 2; rows of one campaign_id",
        ),
        (3, {"hashtag": "PEACE"}, r"line 3: peace/peace is there twice, first in line 2"),
        (3, {"hashtag": "#Paix"}, r"line 3: hashtag: write the hashtag without '#' and spaces, one in a row"),
        (3, {"hashtag": "Paix Peace"}, r"line 3: hashtag: write the hashtag without"),
        (2, {"start_date": ""}, r"line 2: start_date: Field required"),
    ],
)
def test_faults_of_campaigns(tmp_path, line, cells, message):
    with pytest.raises(RosterError, match=r"campaigns\.csv, " + message):
        read(tmp_path, campaigns=changed(CAMPAIGNS, line, **cells))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"platform_codes": "x myspace"}, r"platform_codes 'myspace' is not in platforms\.csv; correct it"),
        ({"platform_codes": "x  weibo"}, r"platform_codes: "),
        ({"platform_codes": "x,weibo"}, r"platform_codes: "),
        ({"platform_codes": "x x"}, r"row: platform_codes names a platform twice"),
        ({"office_code": "AAA-king"}, r"office_code 'AAA-king' is not in offices\.csv"),
        ({"end_at": "2016-05-02T12:00:00Z"}, r"row: end_at is not after start_at"),
        ({"start_at": "2016-05-02T12:00:00"}, r"start_at: write the instant in UTC, e\.g\. 2017-"),
        ({"end_at": "2016-05-02T14:00:00+02:00"}, r"row: end_at is not after start_at"),
        ({"end_at": "1462190400"}, r"end_at: write the instant in UTC, e\.g\. 2017-"),
        ({"questions_count": ""}, r"row: fill questions_count if, and only if, you fill"),
        (
            {"questions_rounding_code": ""},
            r"row: fill questions_count if, and only if, you fill",
        ),
        ({"questions_count": "-1"}, r"questions_count: "),
        ({"evidence_title": ""}, r"evidence_title: Field required"),
    ],
)
def test_faults_of_sessions(tmp_path, cells, message):
    with pytest.raises(RosterError, match=r"question_sessions\.csv, line 2: " + message):
        read(tmp_path, session={**SESSION, **cells})
