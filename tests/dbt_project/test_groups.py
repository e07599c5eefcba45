"""Groups of accounts, and posts at one age: worked out by hand on a small world that enters through collect."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Home
from twiplomacy.synthetic.worlds import tweet, write_figures, write_tweets
from twiplomacy.synthetic.x_api import post

YEAR = 2024
FEBRUARY, MAY, AUGUST, LONG_AGO = (
    f"{day} 12:00:00 +0000 {year}"
    for day, year in (("Thu Feb 01", 2024), ("Thu May 02", 2024), ("Thu Aug 01", 2024), ("Thu Feb 02", 2023))
)
PASSED, MINISTRY, DOUBLE, MANY, ONE, UNSEEN, AGED = range(301, 308)
GENDERS = {"new": "female", "both": "female", "many": "male"}
REPOSTS_OF_MANY = (2, 13, 1, 0, 5, 2, 3, 1, 8, 2, 3)
MEASURED = {  # when it was observed -> post -> its reposts then
    "2024-05-03T12:00:00": {1: 5, 2: 3, 3: 100, 4: 100, 5: 4},
    "2024-05-03T18:00:00": {1: 9, 2: 100},
    "2024-05-09T12:00:00": {1: 20, 2: 8, 3: 100, 4: 100},
    "2024-06-01T12:00:00": {1: 30, 2: 12, 3: 100, 4: 100},
    "2026-03-01T00:00:00": {1: 40, 2: 50, 3: 100, 4: 120, 5: 6},
}
POSTED = {
    1: "2024-05-02T12:00:00",
    2: "2024-05-01T12:00:01",
    3: "2024-05-01T12:00:00",
    4: "2024-05-02T12:00:01",
    5: "2024-05-02T12:00:00",
}
LIKES_UNKNOWN = 5


def aged(number: int, reposts: int, at: str) -> dict:
    counts = {"retweet_count": reposts, "reply_count": 3, "quote_count": 1, "impression_count": 500, "like_count": 20}
    if number == LIKES_UNKNOWN:
        del counts["like_count"]
    seen = {"public_metrics": counts, "__twarc": {"retrieved_at": f"{at}+00:00"}}
    return post(3070 + number, AGED, POSTED[number]) | seen


def stock(account: int, count: int, day: str, source: str = "counts-2024") -> tuple[str, dict[str, str]]:
    return source, {"account_id": f"x:{account}", "audience_count": str(count), "observed_date": day}


STOCKS = [
    stock(PASSED, 80, "2023-12-01"),
    stock(PASSED, 100, "2024-03-01"),
    stock(PASSED, 130, "2024-09-01"),
    stock(MINISTRY, 900, "2023-05-01"),
    stock(MINISTRY, 1000, "2024-05-01"),
    stock(UNSEEN, 50, "2024-05-01"),
    stock(DOUBLE, 5_000_000, "2024-05-01", "printed-2024"),
]
POSTS = [
    tweet(3011, PASSED, MAY, retweet_count=4, favorite_count=1),
    tweet(3012, PASSED, MAY, retweet_count=0, favorite_count=0, in_reply_to_user_id_str="7"),
    tweet(3013, PASSED, AUGUST, retweet_count=6, favorite_count=3),
    tweet(3014, PASSED, AUGUST, retweet_count=99, retweeted_status=tweet(9, 900, MAY)),
    tweet(3021, MINISTRY, LONG_AGO),
    tweet(3031, DOUBLE, FEBRUARY, retweet_count=10, favorite_count=0),
    tweet(3032, DOUBLE, MAY, retweet_count=2, favorite_count=2, in_reply_to_user_id_str="7"),
    *(
        tweet(3040 + number, MANY, MAY, retweet_count=reposts, favorite_count=4)
        for number, reposts in enumerate(REPOSTS_OF_MANY)
    ),
    tweet(3052, MANY, MAY, retweet_count=500, retweeted_status=tweet(9, 900, MAY)),
]
OFFICES = {
    "old": "JJJ-head",
    "new": "JJJ-head",
    "many": "LLL-head",
    "one": "LLL-minister",
    "hidden": "LLL-premier",
    "aged": "LLL-deputy",
}
CATEGORIES = {
    "JJJ-head": "head_of_state_and_government",
    "KKK-minister": "foreign_minister",
    "KKK-premier": "head_of_government",
    "KKK-ministry": "institution",
    "LLL-head": "head_of_state",
    "LLL-minister": "foreign_minister",
    "LLL-premier": "head_of_government",
    "LLL-deputy": "deputy_head_of_government",
}
SPOKEN = {MINISTRY: "ministry", DOUBLE: "both", MANY: "many", ONE: "one", UNSEEN: "hidden", AGED: "aged"}
ROSTER = {
    "sources": [
        {"source_id": "tweets-2024", "adapter": "x-v1.1-archive", "observed_at": "2026-03-01T00:00:00Z"},
        {"source_id": "pages-2024", "adapter": "x-v2-archive", "observed_at": "2026-03-01T00:00:00Z"},
        {"source_id": "texts-2024", "adapter": "x-v1.1-archive", "observed_at": "2025-02-01T00:00:00Z"}
        | {"excludes_replies": "true"},
        {"source_id": "counts-2024", "adapter": "by-hand", "observed_at": "2025-02-01T00:00:00Z"},
        {"source_id": "printed-2024", "adapter": "by-hand", "observed_at": "2025-02-01T00:00:00Z"}
        | {"class_code": "published"},
    ],
    "countries": [{"country_code": code} for code in ("JJJ", "KKK", "LLL")],
    "country_groups": [
        {"group_type_code": "un", "group_code": "un", "country_code": "JJJ"},
        {"group_type_code": "un", "group_code": "un", "country_code": "KKK"},
        {"group_type_code": "g20", "group_code": "g20", "country_code": "JJJ"},
        {"group_type_code": "g20", "group_code": "g20", "country_code": "KKK", "end_date": "2024-12-30"},
    ],
    "offices": [
        {"office_code": office, "country_code": office[:3], "category_code": category}
        for office, category in CATEGORIES.items()
    ],
    "holders": [
        *({"holder_id": name} for name in OFFICES if name not in GENDERS),
        *(
            {"holder_id": name, "gender_code": gender, "gender_evidence_url": "https://example.org"}
            for name, gender in GENDERS.items()
        ),
        {"holder_id": "ministry", "holder_kind_code": "institution"},
    ],
    "terms": [
        *(
            {"office_code": office, "holder_id": name, "start_date": "2022-01-01"}
            | ({"end_date": "2024-06-30"} if name == "old" else {})
            | ({"start_date": "2024-07-01"} if name == "new" else {})
            for name, office in OFFICES.items()
        ),
        {"office_code": "KKK-minister", "holder_id": "both", "start_date": "2024-01-01"},
        {"office_code": "KKK-premier", "holder_id": "both", "start_date": "2024-03-01"},
        {"office_code": "KKK-ministry", "holder_id": "ministry"},
    ],
    "accounts": [
        {"account_id": f"x:{number}", "source_id": "tweets-2024", "country_code": "JJJ"}
        | ({"account_type_code": "institutional"} if number == MINISTRY else {})
        for number in (PASSED, *SPOKEN)
    ],
    "assignments": [
        *({"account_id": f"x:{number}", "holder_id": name} for number, name in SPOKEN.items()),
        {"account_id": f"x:{PASSED}", "holder_id": "old", "end_date": "2024-06-30"},
        {"account_id": f"x:{PASSED}", "holder_id": "new", "start_date": "2024-07-01"},
    ],
}


def observe(folder: Path) -> None:
    write_tweets(folder, POSTS, source="tweets-2024")
    write_tweets(folder, [tweet(3061, ONE, MAY, retweet_count=7, favorite_count=0)], source="texts-2024")
    pages = (aged(number, reposts, at) for at, seen in MEASURED.items() for number, reposts in seen.items())
    write_tweets(folder, pages, source="pages-2024")
    for source in ("counts-2024", "printed-2024"):
        write_figures(folder, [row for name, row in STOCKS if name == source], source)


def group(worlds: Home, names: str, code: str = "un") -> tuple:
    (row,) = worlds.query(f"select {names} from marts.groups_yearly where year = {YEAR} and group_code = '{code}'")
    return row


def test_a_group_counts_states_holders_and_accounts_once(worlds):
    names = """states_count, holders_count, persons_count, accounts_count, personal_accounts_count,
        institutional_accounts_count, collected_accounts_count, collected_terms_count, partial_terms_count"""
    assert group(worlds, names) == (2, 4, 3, 3, 2, 1, 3, 5, 0)
    assert group(worlds, names, "all") == (3, 8, 7, 7, 6, 1, 6, 8, 2)
    assert group(worlds, names, "g20") == (1, 2, 2, 1, 1, 0, 1, 2, 0)
    assert group(worlds, names, "head_of_government") == (3, 4, 4, 3, 3, 0, 2, 3, 0)


def test_a_gender_nobody_states_is_in_no_group(worlds):
    rows = worlds.query(
        "select group_code, holders_count, accounts_count, posts_count from marts.groups_yearly"
        f" where year = {YEAR} and group_type_code = 'gender' order by 1"
    )
    assert rows == [("female", 2, 2, 4), ("male", 1, 1, 12)]


def test_an_account_has_one_audience_the_last_observed(worlds):
    names = """audience_code, audience_accounts_count, audience_count, audience_per_account, median_audience_count,
        top_decile_audience_share, audience_at::date, audience_source_id"""
    third = Decimal("393.333333333")
    assert group(worlds, names, "all") == (
        *("followers", 3, 1180, third, 130, Decimal("0.847457627")),
        *(date(2024, 9, 1), "counts-2024"),
    )
    assert group(worlds, names, "personal")[1:6] == (2, 180, Decimal(90), 50, Decimal("0.722222222"))
    assert group(worlds, names, "foreign_minister") == (None, 0, *(None,) * 6)


def test_growth_is_of_the_groups_own_panel(worlds):
    names = "panel_accounts_count, audience_growth_share"
    assert group(worlds, names, "all") == (2, Decimal("0.122448980"))
    assert group(worlds, names, "g20") == (1, Decimal("0.25"))
    assert group(worlds, names, "institutional") == (1, Decimal("0.111111111"))
    assert group(worlds, names, "foreign_minister") == (0, None)


def test_a_post_of_two_offices_is_one_post_of_the_group_and_of_each_office(worlds):
    names = "posts_count, original_posts_count, accounts_without_posts_count"
    assert group(worlds, names) == (6, 5, 1)
    assert group(worlds, names, "head_of_government") == (5, 4, 0)
    assert group(worlds, names, "foreign_minister") == (3, 3, 0)
    assert group(worlds, names, "institutional") == (0, 0, 1)
    assert group(worlds, names, "all") == (24, 22, 1)


def test_posts_per_day_are_a_mean_and_a_median_over_terms(worlds):
    names = "mean_posts_per_day, median_posts_per_day"
    assert group(worlds, names) == (Decimal("0.006118206"), Decimal("0.005464481"))


def test_replies_are_known_of_all_or_null_and_medians_say_of_how_many(worlds):
    names = """replies_to_others_count, reply_share, reply_share_terms_count, median_reply_share,
        replies_known_terms_count, terms_without_replies_count"""
    half = Decimal("0.5")
    assert group(worlds, names) == (2, Decimal("0.333333333"), 4, half, 5, 1)
    assert group(worlds, names, "foreign_minister") == (None, None, 1, half, 1, 0)
    assert group(worlds, names, "institutional") == (0, None, 0, None, 1, 0)


def test_engagement_is_of_original_posts_and_says_how_uneven_it_is(worlds):
    names = """reposts_received_count, likes_received_count, interactions_count, reposts_per_original_post,
        reposts_known_terms_count, median_reposts_per_original_post, top_decile_interactions_share"""
    assert group(worlds, names) == (22, 6, 28, Decimal("4.4"), 4, Decimal(2), Decimal("0.5"))
    assert group(worlds, names, "institutional") == (0, 0, 0, None, 0, None, None)
    assert group(worlds, names, "all") == (385, None, None, Decimal("17.5"), 7, Decimal(6), None)


def test_a_group_names_its_sources_and_when_they_saw_it(worlds):
    names = "source_id, engagement_observed_at::date"
    assert group(worlds, names) == ("tweets-2024", date(2026, 3, 1))
    assert group(worlds, names, "foreign_minister") == ("texts-2024 tweets-2024", date(2026, 3, 1))


FIGURES = """original_posts_count, known_posts_count, received_count, received_per_post, lower_quartile_count,
    median_count, upper_quartile_count, ninth_decile_count, most_count, top_decile_share"""


def engagement(worlds: Home, account: int, age: str, measure: str) -> list[tuple]:
    return worlds.query(
        f"select {FIGURES} from marts.engagement_yearly where year = {YEAR} and account_id = 'x:{account}'"
        f" and age_code = '{age}' and measure_code = '{measure}'"
    )


def test_quantiles_are_by_nearest_rank_and_the_top_tenth_is_rounded_up(worlds):
    reposts = (11, 11, 40, Decimal("3.636363636"), 1, 2, 5, 8, 13, Decimal("0.525"))
    assert engagement(worlds, MANY, "at_cut", "reposts") == [reposts]
    likes = (11, 11, 44, Decimal(4), 4, 4, 4, 4, 4, Decimal("0.181818182"))
    assert engagement(worlds, MANY, "at_cut", "likes") == [likes]
    assert engagement(worlds, ONE, "at_cut", "reposts") == [(1, 1, 7, Decimal(7), 7, 7, 7, 7, 7, Decimal(1))]
    assert engagement(worlds, ONE, "at_cut", "likes") == [(1, 1, 0, Decimal(0), 0, 0, 0, 0, 0, None)]
    assert engagement(worlds, MINISTRY, "at_cut", "likes") == []


@pytest.mark.parametrize(
    ("age", "reposts", "likes", "interactions"),
    [
        ("day_1", (5, 3, 12, Decimal(4), 3, 4, 5, 5, 5, Decimal("0.416666667")), (2, 40), (2, 48)),
        ("day_7", (5, 2, 28, Decimal(14), 8, 8, 20, 20, 20, Decimal("0.714285714")), (2, 40), (2, 68)),
        ("day_30", (5, 2, 42, Decimal(21), 12, 12, 30, 30, 30, Decimal("0.714285714")), (2, 40), (2, 82)),
        ("at_cut", (5, 5, 316, Decimal("63.2"), 40, 50, 100, 120, 120, Decimal("0.379746835")), (4, 80), (4, 390)),
    ],
)
def test_a_post_is_measured_at_its_age_or_not_at_all(worlds, age, reposts, likes, interactions):
    assert engagement(worlds, AGED, age, "reposts") == [reposts]
    assert [row[1:3] for row in engagement(worlds, AGED, age, "likes")] == [likes]
    assert [row[1:3] for row in engagement(worlds, AGED, age, "interactions")] == [interactions]
    assert [row[1:3] for row in engagement(worlds, AGED, age, "views")] == [(reposts[1], 500 * reposts[1])]


def test_a_measure_nobody_knows_has_no_rows(worlds):
    def codes(account: int) -> list[tuple]:
        names = "distinct measure_code from marts.engagement_yearly"
        return worlds.query(f"select {names} where year = {YEAR} and account_id = 'x:{account}' order by 1")

    assert codes(MANY) == [("interactions",), ("likes",), ("reposts",)]
    every = ("interactions", "likes", "quotes", "replies", "reposts", "views")
    assert codes(AGED) == [(code,) for code in every]


def test_each_age_says_when_and_by_whom_it_was_seen(worlds):
    rows = worlds.query(
        "select age_code, observed_at::date::text, source_id from marts.engagement_yearly"
        f" where year = {YEAR} and account_id = 'x:{AGED}' and measure_code = 'reposts' order by 2"
    )
    days = {"day_1": "2024-05-03", "day_7": "2024-05-09", "day_30": "2024-06-01", "at_cut": "2026-03-01"}
    assert rows == [(age, day, "pages-2024") for age, day in days.items()]


def test_the_fixed_ages_do_not_touch_the_figures_at_the_cut(worlds):
    names = "original_posts_count, reposts_received_count, likes_received_count"
    for table in ("accounts_yearly", "tenures_yearly"):
        rows = worlds.query(f"select {names} from marts.{table} where year = {YEAR} and account_id = 'x:{AGED}'")
        assert rows == [(5, 316, None)]


def rank(values: list[int], percent: int) -> int:
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def test_the_real_posts_counted_one_by_one_give_the_same_order_statistics(built):
    posts = built.query(
        "select tenure_id, reposts_received_count, likes_received_count, replies_received_count"
        " from intermediate.int_posts where year = 2014 and is_in_office and is_original"
    )
    known = defaultdict(list)
    for tenure, reposts, likes, replies in posts:
        counts = {"reposts": reposts, "likes": likes, "replies": replies, "interactions": reposts + likes}
        for measure, count in counts.items():
            if count is not None:
                known[tenure, measure].append(count)
    rows = built.query(
        "select tenure_id, measure_code, known_posts_count, received_count, lower_quartile_count, median_count,"
        " upper_quartile_count, ninth_decile_count, most_count, top_decile_share"
        " from intermediate.int_tenure_engagement where year = 2014"
    )
    assert {(tenure, measure) for tenure, measure, *_ in rows} == set(known)
    assert {len(values) for values in known.values()} == {100, 183, 199, 598}
    for tenure, measure, *figures in rows:
        values = known[tenure, measure]
        top = sum(sorted(values, reverse=True)[: -(-len(values) // 10)])
        ranks = [rank(values, percent) for percent in (25, 50, 75, 90)]
        share = round(Decimal(top) / sum(values), 9)
        assert figures == [len(values), sum(values), *ranks, max(values), share]


def test_groups_of_the_real_edition(built):
    names = "states_count, accounts_count, collected_accounts_count, posts_count, interactions_count"
    rows = built.query(
        f"select group_code, {names} from marts.groups_yearly where year = 2014 and platform_code = 'x'"
        " and group_type_code in ('all', 'eu', 'g20', 'category') order by 1"
    )
    assert rows == [
        ("all", 142, 226, 6, 1181, 1485682),
        ("eu", 26, 51, 1, 233, 1440),
        ("g20", 17, 34, 3, 757, 1467124),
        ("head_of_government", 111, 114, 5, 948, 1484242),
        ("head_of_state", 49, 52, 5, 1071, 1472845),
        ("institution", 100, 104, 0, None, None),
    ]
