"""What spans years, sources and hand-overs, each rule on a small synthetic world that enters through collect."""

import json
from decimal import Decimal

import pytest

from tests.conftest import Home
from tests.worlds import SOURCES, tweet, user, write_figures, write_presence, write_roster, write_tweets

YEAR = 2016
HANDOVER_DAY = "Thu Jun 30 {} +0000 2016"
MORNING, NOON = HANDOVER_DAY.format("11:59:59"), HANDOVER_DAY.format("12:00:00")
MIDDAY = "Mon May 02 12:00:00 +0000 2016"
LONG_AGO = "Mon Feb 02 12:00:00 +0000 2015"

OUT, IN, PASSED, TEXTS, QUIET, GROWS, BOUNDED, PRINTED, RENAMED, HEIR, LATE, BACK = range(201, 213)
PEOPLE = ["out", "in", "texts", "quiet", "grows", "bounded", "printed", "renamed", "heir", "late", "back"]


def stock(account: int, count: int, date: str, **cells: str) -> dict[str, str]:
    return {"account_id": f"x:{account}", "audience_count": str(count), "observed_date": date, **cells}


def text_tweet(number: int, author: int, created_at: str, **more) -> dict:
    """A tweet as a source of texts tells it: no replies, reposts known by the other's handle only."""
    thin = {"created_at": created_at, "id_str": str(number), "retweet_count": 10, "favorite_count": 20}
    return thin | {"user": {"id_str": str(author), "screen_name": f"user{author}"}} | more


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("history")
    month = {"observed_precision_code": "month"}
    folder = write_roster(
        root / "roster",
        sources=[
            *SOURCES,
            {
                "source_id": "texts",
                "adapter": "x-v1.1-archive",
                "observed_at": "2017-02-01T00:00:00Z",
                "excludes_replies": "true",
            },
            {"source_id": "counts", "adapter": "by-hand", "observed_at": "2017-02-01T00:00:00Z"},
            {
                "source_id": "printed",
                "adapter": "by-hand",
                "observed_at": "2017-02-01T00:00:00Z",
                "class_code": "published",
            },
            {"source_id": "profiles", "adapter": "x-v1.1-archive", "observed_at": "2016-10-01T00:00:00Z"},
            {"source_id": "december", "adapter": "x-v1.1-archive", "observed_at": "2016-12-01T00:00:00Z"},
        ],
        country_groups=[
            {"group_type_code": "un", "group_code": "un", "country_code": "AAA", "start_date": "1945-01-01"},
            {"group_type_code": "m49-region", "group_code": "africa", "country_code": "AAA"},
        ],
        offices=[
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "AAA-minister", "country_code": "AAA", "category_code": "foreign_minister"},
            *({"office_code": f"BBB-{name}", "country_code": "BBB"} for name in PEOPLE[2:]),
        ],
        holders=[{"holder_id": name} for name in PEOPLE],
        terms=[
            {"office_code": "AAA-head", "holder_id": "out", "start_date": "2012-01-01", "end_date": "2016-06-30"},
            {
                "office_code": "AAA-head",
                "holder_id": "in",
                "start_date": "2016-06-30",
                "start_at": "2016-06-30T12:00:00Z",
            },
            {"office_code": "AAA-minister", "holder_id": "out", "start_date": "2016-06-01", "end_date": "2016-07-31"},
            *({"office_code": f"BBB-{name}", "holder_id": name, "start_date": "2014-01-01"} for name in PEOPLE[2:]),
        ],
        accounts=[
            {"account_id": f"x:{number}", "country_code": "AAA" if number < TEXTS else "BBB"}
            for number in range(OUT, BACK + 1)
            if number not in (RENAMED, HEIR)
        ]
        + [
            {"account_id": f"x:{RENAMED}", "country_code": "BBB", "handle": "Palace"},
            {"account_id": f"x:{HEIR}", "country_code": "BBB", "handle": "heir"},
            {"account_id": "x:300", "country_code": "CCC", "source_id": "looks"},
        ],
        countries=[{"country_code": code} for code in ("AAA", "BBB", "CCC")],
        assignments=[
            {"account_id": f"x:{OUT}", "holder_id": "out"},
            {"account_id": f"x:{IN}", "holder_id": "in"},
            {"account_id": f"x:{PASSED}", "holder_id": "out", "end_date": "2016-06-30"},
            {"account_id": f"x:{PASSED}", "holder_id": "in", "start_date": "2016-06-30"},
            *(
                {"account_id": f"x:{number}", "holder_id": name}
                for number, name in zip(range(TEXTS, BACK + 1), PEOPLE[2:], strict=True)
            ),
        ],
    )
    write_tweets(
        folder,
        [
            *(tweet(10 * account + 1, account, MORNING) for account in (OUT, IN, PASSED)),
            *(tweet(10 * account + 2, account, NOON) for account in (OUT, IN, PASSED)),
            tweet(2013, OUT, MIDDAY, in_reply_to_user_id_str="7"),
        ],
    )
    write_tweets(
        folder,
        [
            text_tweet(2041, TEXTS, MIDDAY),
            text_tweet(2042, TEXTS, MIDDAY, retweeted_status={"user": {"screen_name": "other"}}),
            text_tweet(2043, TEXTS, MIDDAY, retweeted_status={"user": {"screen_name": "USER204"}}),
            *(text_tweet(2050 + number, QUIET, LONG_AGO) for number in range(5)),
        ],
        source="texts",
    )
    write_figures(
        folder,
        [
            stock(GROWS, 300, "2016-01-01", **month),
            stock(GROWS, 330, "2016-09-01"),
            stock(GROWS, 200, "2015-12-31"),
            stock(BOUNDED, 300, "2016-09-01"),
            stock(BOUNDED, 200, "2015-12-31", rounding_code="at_least"),
            stock(PASSED, 900, "2016-06-01", **month),
            stock(OUT, 50, "2016-05-01", **month),
            stock(PRINTED, 100, "2016-02-01"),
        ],
        "counts",
    )
    write_figures(
        folder,
        [stock(PRINTED, 5_000_000, "2016-12-01"), stock(GROWS, 400, "2016-12-01"), stock(LATE, 7, "2016-03-01")],
        "printed",
    )
    profiles = [
        user(RENAMED, screen_name="Castle", created_at="Tue Mar 01 00:00:00 +0000 2016"),
        user(HEIR, screen_name="palace", created_at="Tue Jan 01 00:00:00 +0000 2013"),
        user(BACK, screen_name="interlude", created_at="Tue Jan 01 00:00:00 +0000 2013"),
        user(300, screen_name="USER300", created_at="Sun Jun 01 00:00:00 +0000 2014"),
    ]
    path = folder / "observations" / "profiles" / "profiles.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(profile) + "\n" for profile in profiles) + "{}\n", encoding="utf-8")
    again = folder / "observations" / "december" / "profiles.jsonl"
    again.parent.mkdir()
    again.write_text(json.dumps(user(BACK, created_at="Tue Jan 01 00:00:00 +0000 2013")) + "\n", encoding="utf-8")
    both = ("personal", "institutional")
    write_presence(
        folder,
        [
            *({"country_code": "AAA", "account_type_code": kind, "outcome_code": "none_found"} for kind in both),
            *(
                {
                    "country_code": country,
                    "account_type_code": kind,
                    "outcome_code": "active",
                    "first_active_month": first,
                }
                for country, first in (("BBB", "2016-03"), ("CCC", "2014-01"))
                for kind in both
            ),
        ],
    )
    home = Home(root / "data", folder)
    home.build(YEAR)
    return home


def accounts(world: Home, account: int, names: str) -> list[tuple]:
    return world.query(
        f"select {names} from marts.accounts_yearly where account_id = 'x:{account}' order by term_start_date"
    )


def test_where_the_hour_of_a_hand_over_is_known_the_day_is_parted_there(world):
    assert accounts(world, IN, "holder_id, posts_count") == [("in", 1)]
    assert accounts(world, PASSED, "holder_id, office_code, posts_count") == [
        ("out", "AAA-head", 1),
        ("out", "AAA-minister", 1),
        ("in", "AAA-head", 1),
    ]
    ((days,),) = world.query("select days_count from intermediate.int_tenure_spans where tenure_id like 'x:202/%'")
    assert days == 185  # 30 June, in part, to 31 December


def test_a_post_by_the_holder_of_two_offices_is_one_post_of_the_person(world):
    rows = accounts(world, OUT, "office_code, posts_count")
    assert rows == [("AAA-head", 2), ("AAA-minister", 2)]
    names = "posts_count, days_in_office_count, office_codes, accounts_count, replies_to_others_count, reply_share"
    assert world.query(f"select {names} from marts.people_yearly where holder_id = 'out'") == [
        (4, 213, "AAA-head AAA-minister", 2, 1, Decimal("0.25"))
    ]
    ((country,),) = world.query("select posts_count from marts.countries_yearly where country_code = 'AAA'")
    assert (
        country
        == world.query(
            "select count(distinct post_id) from marts.posts_yearly where account_id < 'x:204' and is_in_office"
        )[0][0]
    )


def test_a_source_that_leaves_replies_out_leaves_them_unknown(world):
    names = "posts_count, original_posts_count, replies_to_others_count, reply_share, partial_reason"
    assert accounts(world, TEXTS, names) == [(3, 1, None, None, "incomplete_capture source_excludes_replies")]
    assert accounts(world, QUIET, names) == [(0, 0, None, None, "source_excludes_replies")]
    flags = world.query(
        "select post_id, is_repost, is_own_repost, is_reply_to_other from marts.posts_yearly"
        f" where account_id = 'x:{TEXTS}' order by post_id"
    )
    assert flags == [("x:2041", False, False, None), ("x:2042", True, False, False), ("x:2043", True, True, False)]
    silent = world.query("select value, n from marts.headline_yearly where metric_id = 'V02'")
    known = world.query("select count(replies_to_others_count) from marts.accounts_yearly")[0][0]
    assert silent[0][1] == known


def test_growth_is_of_one_account_and_holder_between_known_values(world):
    names = "audience_count, previous_audience_count, audience_growth_share"
    assert accounts(world, GROWS, names) == [(330, 200, Decimal("0.65"))]
    assert accounts(world, BOUNDED, names) == [(300, 200, None)]  # "more than 200" is no value
    assert world.query(
        "select value, n, denominator from marts.headline_yearly where metric_id = 'A07' and platform_code = 'x'"
    ) == [(Decimal("0.65"), 1, 200)]


def test_what_was_observed_goes_before_what_was_printed(world):
    names = "audience_count, audience_class_code, audience_source_id"
    assert accounts(world, PRINTED, names) == [(100, "observed", "counts")]
    assert accounts(world, LATE, names) == [(7, "published", "printed")]
    ranked = world.query("select subject from marts.rankings_yearly where metric_id = 'A01' and subject like 'x:211/%'")
    assert ranked == []


def test_a_stock_known_to_the_month_belongs_to_nobody_where_the_month_holds_a_hand_over(world):
    assert {count for (count,) in accounts(world, PASSED, "audience_count")} == {None}
    rows = accounts(world, OUT, "office_code, audience_count, audience_precision_code")
    assert rows == [("AAA-head", 50, "month"), ("AAA-minister", None, None)]


def test_combined_audience_is_of_observed_stocks_each_account_once(world):
    ((value, n),) = world.query("select value, n from marts.headline_yearly where metric_id = 'A05'")
    observed = world.query(
        "select sum(audience_count), count(*) from (select distinct account_id, audience_count"
        " from marts.accounts_yearly where audience_class_code = 'observed')"
    )
    assert [(value, n)] == observed


def test_accounts_are_joined_and_renamed_in_the_year_it_was_seen(world):
    rows = world.query(
        "select account_id, change_code, value_before, value_after, not_before_date::text, not_after_date::text"
        " from marts.account_changes_yearly order by all"
    )
    assert rows == [
        ("x:209", "joined", None, "Castle", "2016-03-01", "2016-03-01"),
        ("x:209", "renamed", "Palace", "Castle", "2014-01-01", "2016-10-01"),
        ("x:210", "renamed", "heir", "palace", "2014-01-01", "2016-10-01"),
        ("x:212", "renamed", "interlude", "user212", "2016-10-01", "2016-12-01"),  # taken back
        ("x:212", "renamed", "user212", "interlude", "2014-01-01", "2016-10-01"),
    ]
    assert accounts(world, BACK, "handle") == [("user212",)]
    assert accounts(world, RENAMED, "handle") == [("Castle",)]


def test_issues_are_shown_not_smoothed(world):
    rows = world.query("select issue_code, subject, detail from marts.data_issues_yearly order by all")
    assert rows == [
        (
            "active_before_created",
            "x:300",
            "user300 is active from 2014-01-01, but the account was created on 2014-06-01",
        ),
        ("created_after_listed", "x:209", "Palace is listed as of 2014-01-01, but was created on 2016-03-01"),
        ("created_after_listed", "x:300", "user300 is listed as of 2014-01-01, but was created on 2014-06-01"),
        ("handle_changed_hands", "x:210", "palace was the handle of x:209, last seen on 2014-01-01"),
        ("holder_unknown", "x:300", "user300 is listed, but nobody is entered who speaks through it"),
        ("rows_in_quarantine", "profiles/profiles.jsonl", "1 of 5 rows could not be read"),
    ]


def test_states_grow_on_the_panel_of_those_known_at_both_ends(world):
    rows = world.query("select value, n, denominator from marts.headline_yearly where metric_id = 'C14'")
    assert rows == [(Decimal(1), 3, 1)]  # one state at the start, two at the end


def test_a_country_row_says_what_is_known_of_it(world):
    names = "country_code, status, region_code, is_un_member, listed_accounts_count, accounts_count, posts_count"
    rows = world.query(f"select {names} from marts.countries_yearly order by country_code")
    assert rows == [
        ("AAA", "absent", "africa", True, 3, 3, 6),
        ("BBB", "present", None, False, 9, 9, 3),
        ("CCC", "present", None, False, 1, 0, None),
    ]
