"""An account's own history: marks and silences, on a small world that enters through collect."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Home, read_yaml
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_tweets

YEAR = 2016
LAST = "Sun Mar 01 12:00:00 +0000 2015"  # 365 days later is 29 February 2016
LEAP_DAY = date(2016, 2, 29)
CAPTURES = {"early": "2015-06-01", "leap": "2016-02-29", "spring": "2016-04-01", "autumn": "2016-10-01"}

FELL, BACK, ALMOST, BARELY, LACKING, SHORT, GAP, UNHEARD, REPOSTS, HUSHED = range(301, 311)
MARKED, UNMARKED, UNTOLD, FIRST = range(311, 315)
ACCOUNTS = range(FELL, FIRST + 1)
ROSTER = {
    "sources": [
        SOURCES[1],
        *(
            {"source_id": name, "adapter": "x-v1.1-archive", "observed_at": f"{day}T00:00:00Z"}
            for name, day in CAPTURES.items()
        ),
        {
            "source_id": "texts",
            "adapter": "x-v1.1-archive",
            "observed_at": "2018-03-01T00:00:00Z",
            "excludes_replies": "true",
        },
    ],
    "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}],
    "countries": [{"country_code": "DDD"}],
    "offices": [{"office_code": f"DDD-{account}", "country_code": "DDD"} for account in ACCOUNTS],
    "holders": [{"holder_id": f"holder-{account}"} for account in ACCOUNTS],
    "terms": [
        {"office_code": f"DDD-{account}", "holder_id": f"holder-{account}", "start_date": "2014-01-01"}
        for account in ACCOUNTS
    ],
    "accounts": [{"account_id": f"x:{account}", "country_code": "DDD"} for account in ACCOUNTS],
    "assignments": [{"account_id": f"x:{account}", "holder_id": f"holder-{account}"} for account in ACCOUNTS],
}


def observe(folder: Path) -> None:
    newest_five = [
        tweet(10 * account + number, account, f"Thu Sep 0{1 + number} 12:00:00 +0000 2016")
        for account in (GAP, UNHEARD)
        for number in range(5)
    ]
    whole = {
        FELL: [LAST],
        BACK: [LAST, "Mon May 02 12:00:00 +0000 2016"],
        ALMOST: [LAST, "Mon Feb 29 23:59:59 +0000 2016"],
        BARELY: [LAST, "Tue Mar 01 00:00:00 +0000 2016"],
        REPOSTS: [LAST, "Tue Dec 01 12:00:00 +0000 2015"],
    }
    write_tweets(
        folder,
        [
            *(
                tweet(10 * account + number, account, at, user=user(account, statuses_count=len(times)))
                | ({"retweeted_status": tweet(9, 9, LAST)} if account == REPOSTS and number else {})
                for account, times in whole.items()
                for number, at in enumerate(times)
            ),
            tweet(10 * LACKING, LACKING, LAST, user=user(LACKING, statuses_count=4)),
            *newest_five,
        ],
        "changes.jsonl",
    )
    for account, source in ((SHORT, "leap"), (GAP, "early"), (UNHEARD, "spring"), (HUSHED, "texts")):
        write_tweets(folder, [tweet(10 * account + 9, account, LAST)], f"{account}.jsonl", source)
    marks = {MARKED: (False, True, True), UNMARKED: (True, True, False), UNTOLD: (False, None, True)}
    for number, source in enumerate(("early", "spring", "autumn")):
        profiles = [profile(account, seen[number]) for account, seen in marks.items()]
        profiles += [profile(FIRST, True)] if source == "spring" else []
        path = folder / "observations" / source / "profiles.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(item) + "\n" for item in profiles), encoding="utf-8")


def profile(account: int, is_verified: bool | None) -> dict[str, Any]:
    return {name: value for name, value in user(account, verified=is_verified).items() if value is not None}


def changes(more_worlds: Home, account: int) -> list[tuple]:
    return more_worlds.query(
        "select change_code, not_before_date, not_after_date from marts.account_changes_yearly"
        f" where account_id = 'x:{account}' order by not_after_date"
    )


def test_an_account_is_quiet_after_365_whole_days_without_a_post(more_worlds):
    assert changes(more_worlds, FELL) == [("quiet", LEAP_DAY, LEAP_DAY)]
    assert changes(more_worlds, ALMOST) == []  # a post in the last second of the last day


def test_it_speaks_again_with_its_next_post(more_worlds):
    quiet = ("quiet", LEAP_DAY, LEAP_DAY)
    assert changes(more_worlds, BACK) == [quiet, ("spoke_again", date(2016, 5, 2), date(2016, 5, 2))]
    assert changes(more_worlds, BARELY) == [quiet, ("spoke_again", date(2016, 3, 1), date(2016, 3, 1))]


def test_where_nobody_listened_for_a_while_the_end_of_a_silence_lies_between_two_days(more_worlds):
    assert changes(more_worlds, UNHEARD) == [
        ("quiet", LEAP_DAY, LEAP_DAY),
        ("spoke_again", date(2016, 4, 1), date(2016, 9, 1)),
    ]


def test_who_reposts_is_not_quiet(more_worlds):
    assert changes(more_worlds, REPOSTS) == [("quiet", date(2016, 11, 30), date(2016, 11, 30))]


@pytest.mark.parametrize("account", [LACKING, SHORT, GAP, HUSHED])
def test_silence_is_never_read_from_what_was_not_collected(more_worlds, account):
    """A capture that lacks posts, one that ended within the last day, none in between, and one without replies."""
    assert more_worlds.query(
        f"select count(*) from intermediate.int_collected_spans where account_id = 'x:{account}'"
    ) != [(0,)]
    assert changes(more_worlds, account) == []


def test_marks_come_and_go_between_two_looks(more_worlds):
    early, spring, autumn = date(2015, 6, 1), date(2016, 4, 1), date(2016, 10, 1)
    assert changes(more_worlds, MARKED) == [("verified", early, spring)]
    assert changes(more_worlds, UNMARKED) == [("unverified", spring, autumn)]
    assert changes(more_worlds, UNTOLD) == [("verified", early, autumn)]  # in spring nothing was said of marks
    assert changes(more_worlds, FIRST) == []


def test_every_reason_why_an_account_is_not_shown_is_a_change():
    models = PROJECT / "dbt_project" / "models"
    staged = "".join(path.read_text(encoding="utf-8") for path in models.rglob("stg_*__unavailable.sql"))
    reasons = set(re.findall(r"(?:then|else) '(\w+)'", staged))
    (table,) = read_yaml(models / "marts" / "account_changes_yearly.yml")["models"]
    (column,) = (column for column in table["columns"] if column["name"] == "change_code")
    (accepted,) = column["data_tests"]
    assert {"suspended", "other"} <= reasons <= set(accepted["accepted_values"]["arguments"]["values"])
