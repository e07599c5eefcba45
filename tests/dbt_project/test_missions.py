"""Ministries and their missions, on a small world that enters through collect; every figure by hand."""

import json
from decimal import Decimal
from pathlib import Path

from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_tweets

YEAR = 2016
BEFORE, MAY, AUTUMN = (
    "Mon Feb 29 23:59:59 +0000 2016",
    "Mon May 02 12:00:00 +0000 2016",
    "Sat Oct 01 07:00:00 +0000 2016",
)
EMBASSY, CONSULATE, MINISTRY, SPOKESMAN, AMBASSADOR, FIRST, NEXT, PALACE = range(501, 509)
MISSIONS = {
    "embassy-bbb": ("embassy", "BBB", "Capital"),
    "embassy-ccc": ("embassy", "CCC", ""),
    "consulate-north": ("consulate", "BBB", "Harbour"),
    "consulate-south": ("consulate", "BBB", "Harbour"),
    "consulate-closed": ("consulate", "CCC", ""),
    "permanent": ("permanent_mission", "BBB", "United Nations"),
    "ambassador-bbb": ("head_of_mission", "BBB", "Capital"),
    "ambassador-ccc": ("head_of_mission", "CCC", "Capital"),
    "ambassador-late": ("head_of_mission", "CCC", "Harbour"),
    "envoy": ("head_of_mission", "BBB", "United Nations"),
}
PLACES = ["embassy-bbb", "consulate-north", "consulate-closed", "ministry"]
PEOPLE = ["ambassador", "first", "next"]
ROSTER = {
    "sources": [
        SOURCES[1],
        {"source_id": "november", "adapter": "x-v1.1-archive", "observed_at": "2016-11-01T00:00:00Z"},
    ],
    "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}, {"platform_code": "facebook"}],
    "countries": [{"country_code": code} for code in ("AAA", "BBB", "CCC")],
    "offices": [
        {"office_code": "AAA-head", "country_code": "AAA"},
        {"office_code": "AAA-ministry", "country_code": "AAA", "category_code": "foreign_ministry"},
        {"office_code": "BBB-embassy-aaa", "country_code": "BBB", "category_code": "embassy"}
        | {"host_country_code": "AAA"},
        *(
            {"office_code": f"AAA-{name}", "country_code": "AAA", "category_code": category}
            | {"host_country_code": host, "host_name": place}
            for name, (category, host, place) in MISSIONS.items()
        ),
    ],
    "holders": [
        *({"holder_id": name, "holder_kind_code": "institution"} for name in PLACES),
        *({"holder_id": name} for name in PEOPLE),
    ],
    "terms": [
        *({"office_code": f"AAA-{name}", "holder_id": name} for name in PLACES if name != "consulate-closed"),
        {"office_code": "AAA-consulate-closed", "holder_id": "consulate-closed"}
        | {"start_date": "2014-01-01", "end_date": "2015-12-31"},
        # accredited to two states on one day, to one of them not for long
        {"office_code": "AAA-ambassador-bbb", "holder_id": "ambassador", "start_date": "2016-03-01"},
        {"office_code": "AAA-ambassador-ccc", "holder_id": "ambassador", "start_date": "2016-03-01"}
        | {"end_date": "2016-06-30"},
        {"office_code": "AAA-ambassador-late", "holder_id": "ambassador", "start_date": "2016-09-01"},
        {"office_code": "AAA-envoy", "holder_id": "first", "start_date": "2014-01-01", "end_date": "2016-06-30"},
        {"office_code": "AAA-envoy", "holder_id": "next", "start_date": "2016-07-01"},
        {"office_code": "AAA-head", "holder_id": "first", "start_date": "2016-07-01"},
    ],
    "accounts": [
        *({"account_id": f"x:{account}", "country_code": "AAA"} for account in range(EMBASSY, PALACE + 1)),
        {"account_id": "facebook:1", "country_code": "AAA", "platform_code": "facebook"},
    ],
    "assignments": [
        {"account_id": f"x:{EMBASSY}", "holder_id": "embassy-bbb"},
        {"account_id": f"x:{CONSULATE}", "holder_id": "consulate-north"},
        {"account_id": f"x:{MINISTRY}", "holder_id": "ministry"},
        {"account_id": f"x:{SPOKESMAN}", "holder_id": "ministry"},
        {"account_id": "facebook:1", "holder_id": "ministry"},
        {"account_id": f"x:{AMBASSADOR}", "holder_id": "ambassador"},
        {"account_id": f"x:{FIRST}", "holder_id": "first"},
        {"account_id": f"x:{NEXT}", "holder_id": "next"},
        {"account_id": f"x:{PALACE}", "holder_id": "first", "start_date": "2016-07-01"},
    ],
}


def observe(folder: Path) -> None:
    write_tweets(
        folder,
        [
            tweet(501, EMBASSY, MAY),
            tweet(502, EMBASSY, AUTUMN, retweeted_status=tweet(60, 500, MAY)),
            tweet(503, AMBASSADOR, BEFORE),
            tweet(504, AMBASSADOR, MAY),
            tweet(505, FIRST, MAY),
            tweet(506, FIRST, AUTUMN),  # head of state by then
            tweet(507, NEXT, MAY),
            tweet(508, NEXT, AUTUMN),
            tweet(510, AMBASSADOR, AUTUMN),
            tweet(509, MINISTRY, "Thu Dec 31 23:59:59 +0000 2015"),
        ],
        "missions.jsonl",
    )
    followers = {EMBASSY: 500, MINISTRY: 40_000, SPOKESMAN: 2_000, FIRST: 900, AMBASSADOR: 70}
    path = folder / "observations" / "november" / "profiles.jsonl"
    path.parent.mkdir(parents=True)
    lines = (json.dumps(user(account, followers_count=count)) + "\n" for account, count in followers.items())
    path.write_text("".join(lines), encoding="utf-8")


def missions(more_worlds: Home, columns: str, platform: str = "x") -> list[tuple]:
    return more_worlds.query(
        f"select country_code, category_code, host_country_code, host_name, {columns}"
        f" from marts.missions_yearly where platform_code = '{platform}' order by all"
    )


def test_missions_online_over_all_missions_of_a_place(more_worlds):
    assert missions(more_worlds, "missions_count, online_missions_count, online_share") == [
        ("AAA", "consulate", "BBB", "Harbour", 2, 1, Decimal("0.5")),
        ("AAA", "embassy", "BBB", "Capital", 1, 1, 1),
        ("AAA", "embassy", "CCC", None, 1, None, None),
        ("AAA", "foreign_ministry", "AAA", None, 1, 1, 1),
        ("AAA", "head_of_mission", "BBB", "Capital", 1, 1, 1),
        ("AAA", "head_of_mission", "BBB", "United Nations", 1, 1, 1),
        ("AAA", "head_of_mission", "CCC", "Capital", 1, 1, 1),
        ("AAA", "head_of_mission", "CCC", "Harbour", 1, 1, 1),
        ("AAA", "permanent_mission", "BBB", "United Nations", 1, None, None),
        ("BBB", "embassy", "AAA", None, 1, None, None),
    ]


def test_posts_are_those_of_the_mission_and_each_place_of_one_head_has_them(more_worlds):
    rows = missions(more_worlds, "accounts_count, collected_accounts_count, posts_count")
    assert [row for row in rows if row[4]] == [
        ("AAA", "consulate", "BBB", "Harbour", 1, 0, None),
        ("AAA", "embassy", "BBB", "Capital", 1, 1, 2),
        ("AAA", "foreign_ministry", "AAA", None, 2, 1, 0),
        ("AAA", "head_of_mission", "BBB", "Capital", 1, 1, 2),
        ("AAA", "head_of_mission", "BBB", "United Nations", 2, 2, 2),  # one before, one after the hand-over
        ("AAA", "head_of_mission", "CCC", "Capital", 1, 1, 1),  # in May
        ("AAA", "head_of_mission", "CCC", "Harbour", 1, 1, 1),  # in October
    ]


def test_audiences_are_summed_with_how_many_are_known(more_worlds):
    rows = missions(more_worlds, "audience_code, audience_accounts_count, audience_count")
    assert [row[1:] for row in rows if row[5]] == [
        ("embassy", "BBB", "Capital", "followers", 1, 500),
        ("foreign_ministry", "AAA", None, "followers", 2, 42_000),
        ("head_of_mission", "BBB", "Capital", "followers", 1, 70),  # in November no longer accredited to the other
        ("head_of_mission", "CCC", "Harbour", "followers", 1, 70),
    ]
    assert {row[6] for row in rows if not row[5]} == {None}


def test_rows_of_a_state_add_up_to_its_estate(more_worlds):
    rows = more_worlds.query("""
        select platform_code, sum(accounts_count), count(distinct host_country_code) filter (accounts_count > 0)
        from marts.missions_yearly where country_code = 'AAA' group by platform_code order by platform_code""")
    assert rows == [("facebook", 1, 1), ("x", 9, 3)]  # the ambassador in three places
    assert all(row[4] == (row[1] == "foreign_ministry") for row in missions(more_worlds, "accounts_count", "facebook"))
