"""The rules that decide a figure, each on the states AAA to FFF of a small world that enters through collect."""

import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

from ingestion.roster.models import Office
from tests.conftest import PROJECT, Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_presence, write_tweets

YEAR = 2016  # a leap year
NEW_YEAR, MIDDAY, HANDOVER = (
    "Fri Jan 01 00:00:00 +0000 2016",
    "Mon May 02 12:00:00 +0000 2016",
    "Thu Jun 30 12:00:00 +0000 2016",
)
LAST, BEFORE, AFTER = (
    "Sat Dec 31 23:59:59 +0000 2016",
    "Thu Dec 31 23:59:59 +0000 2015",
    "Sun Jan 01 00:00:00 +0000 2017",
)

REACH = 13  # as many posts of a timeline does the platform show
OUTGOING, INCOMING, SHARED, INSTITUTION, SILENT, UNSEEN, REACHED, TWIN, AGAIN, LACKING, DOUBLE, ENVOY = range(101, 113)


def tenure(account: int, holder: str, **dates: str) -> dict[str, str]:
    return {"account_id": f"x:{account}", "holder_id": holder, **dates}


PEOPLE = ["outgoing", "incoming", "silent", "unseen", "reached", "twin", "again", "lacking", "double"]
OWN_OFFICES = PEOPLE[2:]
ROSTER = {
    "platforms": [{"platform_code": "x", "timeline_reach_count": str(REACH)}],
    "sources": [
        *SOURCES,
        {"source_id": "autumn", "adapter": "x-v1.1-archive", "observed_at": "2016-10-01T00:00:00Z"},
        {"source_id": "stale", "adapter": "by-hand", "scope": "stale", "observed_at": "2015-06-01T00:00:00Z"},
    ],
    "countries": [{"country_code": code} for code in ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")],
    "country_groups": [
        {"group_type_code": "un", "group_code": "un", "country_code": "AAA", "start_date": "1945-01-01"},
        {"group_type_code": "un", "group_code": "un", "country_code": "BBB", "start_date": "2016-12-31"},
        {"group_type_code": "un", "group_code": "un", "country_code": "CCC", "start_date": "2017-01-01"},
        {"group_type_code": "un", "group_code": "un", "country_code": "DDD", "end_date": "2016-12-30"},
    ],
    "offices": [
        {"office_code": "AAA-head", "country_code": "AAA"},
        {"office_code": "AAA-office", "country_code": "AAA", "category_code": "institution"},
        {"office_code": "CCC-chair", "country_code": "CCC", "category_code": "deputy_head_of_government"},
        {"office_code": "CCC-deputy", "country_code": "CCC", "category_code": "deputy_head_of_government"},
        *({"office_code": f"BBB-{name}", "country_code": "BBB"} for name in OWN_OFFICES),
        {"office_code": "EEE-desk", "country_code": "EEE", "category_code": "foreign_ministry"},
        {
            "office_code": "EEE-envoy",
            "country_code": "EEE",
            "category_code": "head_of_mission",
            "host_country_code": "FFF",
            "host_name": "Organisation, Effcity",
        },
    ],
    "holders": [
        *({"holder_id": name} for name in PEOPLE),
        {"holder_id": "institution", "holder_kind_code": "institution"},
        {"holder_id": "envoy", "gender_code": "female", "gender_evidence_url": "https://example.org/envoy"},
    ],
    "terms": [
        {
            "office_code": "AAA-head",
            "holder_id": "outgoing",
            "start_date": "2012-01-01",
            "end_date": "2016-06-30",
        },
        {"office_code": "AAA-head", "holder_id": "incoming", "start_date": "2016-06-30"},
        {"office_code": "CCC-chair", "holder_id": "double", "start_date": "2016-01-01"},
        {"office_code": "CCC-deputy", "holder_id": "double", "start_date": "2016-03-01"},
        {"office_code": "AAA-office", "holder_id": "institution"},
        {"office_code": "EEE-desk", "holder_id": "envoy", "start_date": "2015-01-01"},
        {"office_code": "EEE-envoy", "holder_id": "envoy", "start_date": "2015-01-01"},
        *({"office_code": f"BBB-{name}", "holder_id": name, "start_date": "2016-01-01"} for name in OWN_OFFICES),
    ],
    "accounts": [{"account_id": f"x:{account}", "country_code": "AAA"} for account in range(101, 113)],
    "assignments": [
        tenure(OUTGOING, "outgoing"),
        tenure(INCOMING, "incoming"),
        tenure(SHARED, "outgoing", end_date="2016-06-29"),
        tenure(SHARED, "incoming", start_date="2016-06-30"),
        tenure(INSTITUTION, "institution"),
        tenure(SILENT, "silent"),
        tenure(UNSEEN, "unseen"),
        tenure(REACHED, "reached"),
        tenure(TWIN, "twin"),
        tenure(AGAIN, "again"),
        tenure(LACKING, "lacking"),
        tenure(DOUBLE, "double"),
        tenure(ENVOY, "envoy"),
    ],
    "account_groups": [{"account_group_id": "pair", "account_id": f"x:{DOUBLE}", "end_date": "2016-06-30"}],
    "campaigns": [{"campaign_id": "peace", "hashtag": "PeaceÉtÉ", "end_date": "2016-12-31"}],
    "question_sessions": [
        {
            "session_id": "hour",
            "office_code": "AAA-head",
            "questions_count": "5500",
            "questions_rounding_code": "at_least",
        },
        {"session_id": "uncounted", "office_code": "AAA-head"},
    ],
}


def observe(folder: Path) -> None:
    write_tweets(
        folder,
        [
            tweet(1, OUTGOING, MIDDAY),
            tweet(2, OUTGOING, HANDOVER),
            tweet(3, INCOMING, HANDOVER, retweet_count=30),
            tweet(4, INCOMING, MIDDAY),
            tweet(5, SHARED, MIDDAY),
            tweet(6, SHARED, HANDOVER),
            tweet(7, INSTITUTION, NEW_YEAR),
            tweet(8, INSTITUTION, LAST),
            tweet(9, INSTITUTION, BEFORE),
            tweet(10, INSTITUTION, AFTER),
            tweet(11, SILENT, BEFORE),
            *(tweet(900 + day, AGAIN, f"Mon Jan {day:02} 00:00:00 +0000 2017") for day in range(2, REACH + 2)),
            tweet(80, LACKING, MIDDAY, user=user(LACKING, statuses_count=4)),
            tweet(90, DOUBLE, MIDDAY),
            *(tweet(1200 + day, REACHED, f"Mon Jan {day:02} 00:00:00 +0000 2017") for day in range(2, REACH - 3)),
            *(
                tweet(20 + number, REACHED, MIDDAY, retweet_count=number, user=user(REACHED, statuses_count=REACH))
                for number in range(5)
            ),
        ],
    )
    write_tweets(
        folder,
        [
            tweet(40, TWIN, MIDDAY, retweet_count=3, favorite_count=4, user=user(TWIN, followers_count=77)),
            tweet(79, AGAIN, MIDDAY),
            tweet(41, TWIN, MIDDAY, retweet_count=30, user=user(TWIN, followers_count=77)),
        ],
        source="autumn",
    )
    kinds = [
        tweet(40, TWIN, MIDDAY, retweet_count=5, favorite_count=6, user=user(TWIN, followers_count=99)),
        tweet(50, TWIN, MIDDAY, retweet_count=9, retweeted_status=tweet(60, 500, MIDDAY)),
        tweet(51, TWIN, MIDDAY, retweet_count=9, retweeted_status=tweet(40, TWIN, MIDDAY)),
        tweet(52, TWIN, MIDDAY, retweet_count=1, in_reply_to_user_id_str="500"),
    ]
    write_tweets(folder, kinds, "kinds.jsonl")
    (folder / "observations" / "tweets" / "again.jsonl").write_bytes(
        b"\n".join((folder / "observations" / "tweets" / "kinds.jsonl").read_bytes().splitlines()[:2]) + b"\n"
    )
    both = ("personal", "institutional")
    write_presence(
        folder,
        [
            *({"country_code": "AAA", "account_type_code": kind, "outcome_code": "none_found"} for kind in both),
            {"country_code": "BBB", "account_type_code": "personal", "outcome_code": "none_found"},
            *(
                {
                    "country_code": country,
                    "account_type_code": "personal",
                    "outcome_code": "active",
                    "first_active_month": month,
                    "looked_until_date": "2017-06-01",
                }
                for country, month in (("CCC", "2017-01"), ("DDD", "2017-02"))
            ),
            *(
                {
                    "country_code": country,
                    "account_type_code": "institutional",
                    "outcome_code": "none_found",
                    "looked_until_date": "2017-06-01",
                }
                for country in ("CCC", "DDD")
            ),
        ],
    )
    write_presence(
        folder,
        [
            {
                "country_code": "AAA",
                "account_type_code": kind,
                "outcome_code": "active",
                "first_active_month": "2010-01",
                "looked_until_date": "2015-06-01",
            }
            for kind in both
        ],
        source="stale",
    )


def figures(worlds: Home, account: int, names: str, holder: str | None = None) -> list[tuple]:
    where = f"year = {YEAR} and account_id = 'x:{account}'" + (f" and holder_id = '{holder}'" if holder else "")
    return worlds.query(f"select {names} from marts.tenures_yearly where {where} order by holder_id")


def test_on_a_shared_day_the_incoming_holder_is_in_office(worlds):
    rows = worlds.query(
        "select post_id, is_in_office, holder_id from marts.posts_yearly where post_id in ('x:2', 'x:3')"
    )
    assert sorted(rows) == [("x:2", False, None), ("x:3", True, "incoming")]
    assert figures(worlds, OUTGOING, "posts_count, posts_per_day") == [(1, Decimal("0.005524862"))]  # 1 / 181 days
    assert figures(worlds, INCOMING, "posts_count, reposts_received_count") == [(1, 30)]


def test_nothing_is_computed_across_a_hand_over(worlds):
    assert figures(worlds, SHARED, "holder_id, posts_count") == [("incoming", 1), ("outgoing", 1)]
    names = "holder_id, posts_count, counts_from_date::text, is_current"
    accounts = f"select {names} from marts.accounts_yearly where year = {YEAR} and account_id = 'x:{SHARED}'"
    assert worlds.query(accounts) == [("incoming", 1, "2016-06-30", True)]  # an account has one row, its last holder's


def test_an_institution_has_no_term_dates_and_the_whole_leap_year(worlds):
    names = "term_start_date, term_end_date, posts_count, posts_per_day"
    assert figures(worlds, INSTITUTION, names) == [(None, None, 2, Decimal("0.005464481"))]  # 2 / 366


def test_a_year_is_a_utc_year(worlds):
    posts = worlds.query(f"select post_id from marts.posts_yearly where year = {YEAR} and account_id = 'x:104'")
    assert {post for (post,) in posts} == {"x:7", "x:8"}


def test_collected_and_silent_is_zero_but_not_collected_is_unknown(worlds):
    assert figures(worlds, SILENT, "posts_count, posts_per_day, reply_share, is_partial") == [(0, 0, None, False)]
    assert figures(worlds, UNSEEN, "posts_count, posts_per_day, engagement_observed_at, is_partial, source_id") == [
        (None, None, None, None, None)
    ]

    names = "posts_count, original_posts_count, replies_to_others_count, reposts_received_count, likes_received_count"
    people = f"select {names} from marts.people_yearly where year = {YEAR} and holder_id"
    assert worlds.query(f"{people} = 'silent'") == [(0, 0, 0, 0, 0)]
    assert worlds.query(f"{people} = 'unseen'") == [(None,) * 5]


def test_a_timeline_cut_off_by_the_platforms_reach_is_partial(worlds):
    names = "posts_count, is_partial, partial_reason, posts_per_day"
    assert figures(worlds, REACHED, names) == [(5, True, "reach_limit", Decimal("0.020491803"))]  # 5 / 244 days


def test_a_capture_with_clearly_fewer_posts_than_the_profile_counts_is_partial(worlds):
    names = "posts_count, is_partial, partial_reason, posts_per_day"
    assert figures(worlds, LACKING, names) == [(1, True, "incomplete_capture", None)]  # of 4: no rate


def test_an_earlier_capture_still_covers_its_time_when_a_later_one_reaches_less_far(worlds):
    names = "posts_count, partial_reason, posts_per_day"
    assert figures(worlds, AGAIN, names) == [(1, "capture_ended", Decimal("0.003636364"))]  # 1 / 275 days


def test_a_holder_of_two_offices_posts_once(worlds):
    rows = worlds.query(
        f"select office_code, posts_count from marts.tenures_yearly where year = {YEAR} and holder_id = 'double'"
        " order by 1"
    )
    assert rows == [("BBB-double", 1), ("CCC-deputy", 1)]  # entered on one day, the higher office names the row
    ((total,),) = worlds.query(
        f"select value from marts.figures where year = {YEAR} and grain_code = 'world' and metric_id = 'T05'"
    )
    posts = f"from marts.posts_yearly where year = {YEAR}"
    assert worlds.query(f"select count(distinct post_id) {posts} and is_in_office") == [(total,)]
    assert worlds.query(f"select count(*) > count(distinct post_id) {posts}") == [(True,)]


def test_a_tenure_says_where_a_mission_sits_and_who_holds_it(worlds):
    names = "office_code, category_code, host_country_code, host_name, gender_code"
    rows = worlds.query(
        f"select {names} from intermediate.int_tenures"
        f" where year = {YEAR} and holder_id in ('envoy', 'institution') order by 1"
    )
    assert rows == [
        ("AAA-office", "institution", None, None, None),
        ("EEE-envoy", "head_of_mission", "FFF", "Organisation, Effcity", "female"),
    ]


def test_every_category_of_offices_has_a_rank():
    macro = (PROJECT / "dbt_project" / "macros" / "roster.sql").read_text(encoding="utf-8")
    ranked = re.findall(r"'(\w+)'", macro.split("macro office_categories()")[1])
    assert sorted(ranked) == sorted(get_args(Office.model_fields["category_code"].annotation))


def test_what_is_counted_together_is_staged(worlds):
    groups = worlds.query(
        "select account_group_id, account_group_name, account_id, start_date, end_date::text, policy_code"
        " from staging.stg_roster__account_groups where account_group_id = 'pair'"
    )
    assert groups == [("pair", "Group", f"x:{DOUBLE}", None, "2016-06-30", "sum")]
    campaigns = worlds.query(
        "select campaign_id, campaign_name, start_date::text, end_date::text, hashtag from"
        " staging.stg_roster__campaigns"
    )
    assert campaigns == [("peace", "Campaign", "2016-01-01", "2016-12-31", "peaceété")]
    sessions = worlds.query(
        "select session_id, session_name, office_code, start_at::text, end_at::text, platform_codes, questions_count,"
        " questions_rounding_code from staging.stg_roster__question_sessions order by 1"
    )
    hour = ("Session", "AAA-head", "2016-05-02 12:00:00+00", "2016-05-02 13:00:00+00", "x")
    assert sessions == [("hour", *hour, 5500, "at_least"), ("uncounted", *hour, None, None)]


def test_the_top_post_has_the_most_reposts(worlds):
    assert figures(worlds, REACHED, "top_post_id, top_post_reposts_count") == [("x:24", 4)]


def test_of_two_observations_the_later_counts_and_own_reposts_stay_out(worlds):
    names = "posts_count, original_posts_count, reposts_made_count, replies_to_others_count, reposts_received_count"
    assert figures(worlds, TWIN, names) == [(5, 3, 2, 1, 5 + 30 + 1)]
    assert worlds.query("select is_own_repost from marts.posts_yearly where post_id = 'x:51'") == [(True,)]


def test_a_stock_belongs_to_the_year_it_was_observed_in(worlds):
    assert figures(worlds, TWIN, "audience_count, audience_at::date::text") == [(77, "2016-10-01")]
    assert figures(worlds, INCOMING, "audience_count") == [(None,)]


def test_observations_that_are_in_the_log_twice_are_superseded(worlds):
    (row,) = worlds.query("select * from intermediate.int_conservation where table_name = 'post_snapshots'")
    posts = 48 + 15 + 122 + 40  # of rules, history, figures and groups
    assert row == ("post_snapshots", posts, posts - 2, 2, 0)


def test_equal_values_share_a_rank_and_nulls_have_none(worlds):
    ranked = f"from marts.figures where year = {YEAR} and scope = 'in_office'"
    rows = worlds.query(f"select rank, value {ranked} and metric_id = 'T02' and rank > 0 order by rank, value")
    ranks = [rank for rank, _ in rows]
    assert len(ranks) > 3
    assert ranks == sorted(1 + sum(other > value for _, other in rows) for _, value in rows)
    unranked = worlds.query(
        f"select subject {ranked} and metric_id = 'E01' and value is null and grain_code = 'account'"
        f" and subject <= 'x:{ENVOY}'"
    )
    assert unranked == [(f"x:{SILENT}",)]


def test_a_floor_leaves_out_averages_of_few_posts(worlds):
    floors = f"select count(*) from marts.figures where year = {YEAR} and metric_id like '%_min12'"
    assert worlds.query(floors) == [(0,)]


def test_present_absent_and_not_collected(worlds):
    rows = worlds.query(
        "select country_code, status, has_personal, has_institutional, first_active_month, checked_date::text"
        f" from marts.coverage_yearly where year = {YEAR} and scope = 'all' and country_code <= 'FFF'"
        " order by country_code"
    )
    assert rows == [
        ("AAA", "present", True, False, None, "2016-12-31"),  # looked for in vain, but an account posted
        ("BBB", "present", True, None, None, None),  # one kind was not looked for, one of the other kind was seen
        ("CCC", "present", True, False, "2017-01", "2017-01-01"),  # active on the day the window closes
        ("DDD", "absent", False, False, None, "2017-01-01"),  # active only later
        ("EEE", "not_collected", None, None, None, None),
        ("FFF", "not_collected", None, None, None, None),
    ]


def test_a_look_of_an_earlier_year_says_nothing_of_this_one(worlds):
    rows = worlds.query(
        f"select count(*) from marts.coverage_yearly where year = {YEAR} and scope = 'stale' and is_looked_for"
    )
    assert rows == [(0,)]
    values = worlds.query(
        f"select value, n from marts.figures where year = {YEAR} and scope = 'stale' and metric_id = 'C02'"
    )
    assert values == [(None, 0)]


def test_members_are_counted_on_the_windows_last_day(worlds):
    rows = worlds.query(
        f"select country_code from marts.coverage_yearly where year = {YEAR} and scope = 'all' and is_un_member"
        " and country_code <= 'FFF' order by all"
    )
    assert rows == [("AAA",), ("BBB",)]
