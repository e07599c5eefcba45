"""Groups of accounts, and posts at one age: figures worked out by hand on a small world that enters through collect."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Home
from tests.ingestion.collect.platforms.x_server import post
from tests.worlds import SOURCES, tweet, write_figures, write_presence, write_roster, write_tweets

YEAR = 2016
FEBRUARY, MAY, AUGUST, LONG_AGO = (
    f"{day} 12:00:00 +0000 {year}"
    for day, year in (("Mon Feb 01", 2016), ("Mon May 02", 2016), ("Mon Aug 01", 2016), ("Mon Feb 02", 2015))
)
PASSED, MINISTRY, DOUBLE, MANY, ONE, UNSEEN, AGED = range(301, 308)
GENDERS = {"new": "female", "double": "female", "many": "male"}
REPOSTS_OF_MANY = (2, 13, 1, 0, 5, 2, 3, 1, 8, 2, 3)
MEASURED = {  # when it was observed -> post -> its reposts then
    "2016-05-03T12:00:00": {1: 5, 2: 3, 3: 100, 4: 100, 5: 4},
    "2016-05-03T18:00:00": {1: 9, 2: 100},
    "2016-05-09T12:00:00": {1: 20, 2: 8, 3: 100, 4: 100},
    "2016-06-01T12:00:00": {1: 30, 2: 12, 3: 100, 4: 100},
    "2018-03-01T00:00:00": {1: 40, 2: 50, 3: 100, 4: 120, 5: 6},
}
POSTED = {
    1: "2016-05-02T12:00:00",
    2: "2016-05-01T12:00:01",
    3: "2016-05-01T12:00:00",
    4: "2016-05-02T12:00:01",
    5: "2016-05-02T12:00:00",
}
LIKES_UNKNOWN = 5


def aged(number: int, reposts: int, at: str) -> dict:
    counts = {"retweet_count": reposts, "reply_count": 3, "quote_count": 1, "impression_count": 500, "like_count": 20}
    if number == LIKES_UNKNOWN:
        del counts["like_count"]
    seen = {"public_metrics": counts, "__twarc": {"retrieved_at": f"{at}+00:00"}}
    return post(3070 + number, AGED, POSTED[number]) | seen


def stock(account: int, count: int, day: str, source: str = "counts") -> tuple[str, dict[str, str]]:
    return source, {"account_id": f"x:{account}", "audience_count": str(count), "observed_date": day}


STOCKS = [
    stock(PASSED, 80, "2015-12-01"),
    stock(PASSED, 100, "2016-03-01"),
    stock(PASSED, 130, "2016-09-01"),
    stock(MINISTRY, 900, "2015-05-01"),
    stock(MINISTRY, 1000, "2016-05-01"),
    stock(UNSEEN, 50, "2016-05-01"),
    stock(DOUBLE, 5_000_000, "2016-05-01", "printed"),
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


def roster(folder):
    holders = {"old": "AAA-head", "new": "AAA-head", "many": "CCC-head", "one": "CCC-minister"}
    holders |= {"unseen": "CCC-premier", "aged": "CCC-deputy"}
    categories = {
        "AAA-head": "head_of_state_and_government",
        "BBB-minister": "foreign_minister",
        "BBB-premier": "head_of_government",
        "BBB-ministry": "institution",
        "CCC-head": "head_of_state",
        "CCC-minister": "foreign_minister",
        "CCC-premier": "head_of_government",
        "CCC-deputy": "deputy_head_of_government",
    }
    spoken = {PASSED: "old", MINISTRY: "ministry", DOUBLE: "double", MANY: "many", ONE: "one", UNSEEN: "unseen"}
    spoken |= {AGED: "aged"}
    return write_roster(
        folder,
        platforms=[{"platform_code": "x", "timeline_reach_count": "3200"}],
        sources=[
            *SOURCES,
            {"source_id": "pages", "adapter": "x-v2-archive", "observed_at": "2018-03-01T00:00:00Z"},
            {"source_id": "texts", "adapter": "x-v1.1-archive", "observed_at": "2017-02-01T00:00:00Z"}
            | {"excludes_replies": "true"},
            {"source_id": "counts", "adapter": "by-hand", "observed_at": "2017-02-01T00:00:00Z"},
            {"source_id": "printed", "adapter": "by-hand", "observed_at": "2017-02-01T00:00:00Z"}
            | {"class_code": "published"},
        ],
        countries=[{"country_code": code} for code in ("AAA", "BBB", "CCC")],
        country_groups=[
            {"group_type_code": "un", "group_code": "un", "country_code": "AAA"},
            {"group_type_code": "un", "group_code": "un", "country_code": "BBB"},
            {"group_type_code": "g20", "group_code": "g20", "country_code": "AAA"},
            {"group_type_code": "g20", "group_code": "g20", "country_code": "BBB", "end_date": "2016-12-30"},
        ],
        offices=[
            {"office_code": office, "country_code": office[:3], "category_code": category}
            for office, category in categories.items()
        ],
        holders=[
            *({"holder_id": name} for name in holders if name not in GENDERS),
            *(
                {"holder_id": name, "gender_code": gender, "gender_evidence_url": "https://example.org"}
                for name, gender in GENDERS.items()
            ),
            {"holder_id": "ministry", "holder_kind_code": "institution"},
        ],
        terms=[
            *(
                {"office_code": office, "holder_id": name, "start_date": "2014-01-01"}
                | ({"end_date": "2016-06-30"} if name == "old" else {})
                | ({"start_date": "2016-07-01"} if name == "new" else {})
                for name, office in holders.items()
            ),
            {"office_code": "BBB-minister", "holder_id": "double", "start_date": "2016-01-01"},
            {"office_code": "BBB-premier", "holder_id": "double", "start_date": "2016-03-01"},
            {"office_code": "BBB-ministry", "holder_id": "ministry"},
        ],
        accounts=[
            {"account_id": f"x:{number}", "country_code": "AAA"}
            | ({"account_type_code": "institutional"} if number == MINISTRY else {})
            for number in spoken
        ],
        assignments=[
            *({"account_id": f"x:{number}", "holder_id": name} for number, name in spoken.items() if name != "old"),
            {"account_id": f"x:{PASSED}", "holder_id": "old", "end_date": "2016-06-30"},
            {"account_id": f"x:{PASSED}", "holder_id": "new", "start_date": "2016-07-01"},
        ],
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("groups")
    folder = roster(root / "roster")
    write_presence(folder, [])
    write_tweets(folder, POSTS)
    write_tweets(folder, [tweet(3061, ONE, MAY, retweet_count=7, favorite_count=0)], source="texts")
    pages = (aged(number, reposts, at) for at, seen in MEASURED.items() for number, reposts in seen.items())
    write_tweets(folder, pages, source="pages")
    for source in ("counts", "printed"):
        write_figures(folder, [row for name, row in STOCKS if name == source], source)
    home = Home(root / "data", folder)
    home.build(YEAR)
    return home


def group(world: Home, names: str, code: str = "un") -> tuple:
    (row,) = world.query(f"select {names} from marts.groups_yearly where group_code = '{code}'")
    return row


def test_a_group_counts_states_holders_and_accounts_once(world):
    names = """states_count, holders_count, persons_count, accounts_count, personal_accounts_count,
        institutional_accounts_count, collected_accounts_count, collected_terms_count, partial_terms_count"""
    assert group(world, names) == (2, 4, 3, 3, 2, 1, 3, 5, 0)
    assert group(world, names, "all") == (3, 8, 7, 7, 6, 1, 6, 8, 2)
    assert group(world, names, "g20") == (1, 2, 2, 1, 1, 0, 1, 2, 0)
    assert group(world, names, "head_of_government") == (3, 4, 4, 3, 3, 0, 2, 3, 0)


def test_a_gender_nobody_states_is_in_no_group(world):
    rows = world.query(
        "select group_code, holders_count, accounts_count, posts_count from marts.groups_yearly"
        " where group_type_code = 'gender' order by 1"
    )
    assert rows == [("female", 2, 2, 4), ("male", 1, 1, 12)]


def test_an_account_has_one_audience_the_last_observed(world):
    names = """audience_code, audience_accounts_count, audience_count, audience_per_account, median_audience_count,
        top_decile_audience_share, audience_at::date, audience_source_id"""
    third = Decimal("393.333333333")
    assert group(world, names, "all") == (
        *("followers", 3, 1180, third, 130, Decimal("0.847457627")),
        *(date(2016, 9, 1), "counts"),
    )
    assert group(world, names, "personal")[1:6] == (2, 180, Decimal(90), 50, Decimal("0.722222222"))
    assert group(world, names, "foreign_minister") == (None, 0, *(None,) * 6)


def test_growth_is_of_the_groups_own_panel(world):
    names = "panel_accounts_count, audience_growth_share"
    assert group(world, names, "all") == (2, Decimal("0.122448980"))
    assert group(world, names, "g20") == (1, Decimal("0.25"))
    assert group(world, names, "institutional") == (1, Decimal("0.111111111"))
    assert group(world, names, "foreign_minister") == (0, None)


def test_a_post_of_two_offices_is_one_post_of_the_group_and_of_each_office(world):
    names = "posts_count, original_posts_count, accounts_without_posts_count"
    assert group(world, names) == (6, 5, 1)
    assert group(world, names, "head_of_government") == (5, 4, 0)
    assert group(world, names, "foreign_minister") == (3, 3, 0)
    assert group(world, names, "institutional") == (0, 0, 1)
    assert group(world, names, "all") == (24, 22, 1)


def test_posts_per_day_are_a_mean_and_a_median_over_terms(world):
    names = "mean_posts_per_day, median_posts_per_day"
    assert group(world, names) == (Decimal("0.006118206"), Decimal("0.005464481"))


def test_replies_are_known_of_all_or_null_and_medians_say_of_how_many(world):
    names = """replies_to_others_count, reply_share, reply_share_terms_count, median_reply_share,
        replies_known_terms_count, terms_without_replies_count"""
    half = Decimal("0.5")
    assert group(world, names) == (2, Decimal("0.333333333"), 4, half, 5, 1)
    assert group(world, names, "foreign_minister") == (None, None, 1, half, 1, 0)
    assert group(world, names, "institutional") == (0, None, 0, None, 1, 0)


def test_engagement_is_of_original_posts_and_says_how_uneven_it_is(world):
    names = """reposts_received_count, likes_received_count, interactions_count, reposts_per_original_post,
        reposts_known_terms_count, median_reposts_per_original_post, top_decile_interactions_share"""
    assert group(world, names) == (22, 6, 28, Decimal("4.4"), 4, Decimal(2), Decimal("0.5"))
    assert group(world, names, "institutional") == (0, 0, 0, None, 0, None, None)
    assert group(world, names, "all") == (385, None, None, Decimal("17.5"), 7, Decimal(6), None)


def test_a_group_names_its_sources_and_when_they_saw_it(world):
    names = "source_id, engagement_observed_at::date"
    assert group(world, names) == ("tweets", date(2018, 3, 1))
    assert group(world, names, "foreign_minister") == ("texts tweets", date(2018, 3, 1))


FIGURES = """original_posts_count, known_posts_count, received_count, received_per_post, lower_quartile_count,
    median_count, upper_quartile_count, ninth_decile_count, most_count, top_decile_share"""


def engagement(world: Home, account: int, age: str, measure: str) -> list[tuple]:
    return world.query(
        f"select {FIGURES} from marts.engagement_yearly where account_id = 'x:{account}'"
        f" and age_code = '{age}' and measure_code = '{measure}'"
    )


def test_quantiles_are_by_nearest_rank_and_the_top_tenth_is_rounded_up(world):
    reposts = (11, 11, 40, Decimal("3.636363636"), 1, 2, 5, 8, 13, Decimal("0.525"))
    assert engagement(world, MANY, "at_cut", "reposts") == [reposts]
    likes = (11, 11, 44, Decimal(4), 4, 4, 4, 4, 4, Decimal("0.181818182"))
    assert engagement(world, MANY, "at_cut", "likes") == [likes]
    assert engagement(world, ONE, "at_cut", "reposts") == [(1, 1, 7, Decimal(7), 7, 7, 7, 7, 7, Decimal(1))]
    assert engagement(world, ONE, "at_cut", "likes") == [(1, 1, 0, Decimal(0), 0, 0, 0, 0, 0, None)]
    assert engagement(world, MINISTRY, "at_cut", "likes") == []


@pytest.mark.parametrize(
    ("age", "reposts", "likes", "interactions"),
    [
        ("day_1", (5, 3, 12, Decimal(4), 3, 4, 5, 5, 5, Decimal("0.416666667")), (2, 40), (2, 48)),
        ("day_7", (5, 2, 28, Decimal(14), 8, 8, 20, 20, 20, Decimal("0.714285714")), (2, 40), (2, 68)),
        ("day_30", (5, 2, 42, Decimal(21), 12, 12, 30, 30, 30, Decimal("0.714285714")), (2, 40), (2, 82)),
        ("at_cut", (5, 5, 316, Decimal("63.2"), 40, 50, 100, 120, 120, Decimal("0.379746835")), (4, 80), (4, 390)),
    ],
)
def test_a_post_is_measured_at_its_age_or_not_at_all(world, age, reposts, likes, interactions):
    assert engagement(world, AGED, age, "reposts") == [reposts]
    assert [row[1:3] for row in engagement(world, AGED, age, "likes")] == [likes]
    assert [row[1:3] for row in engagement(world, AGED, age, "interactions")] == [interactions]
    assert [row[1:3] for row in engagement(world, AGED, age, "views")] == [(reposts[1], 500 * reposts[1])]


def test_a_measure_nobody_knows_has_no_rows(world):
    codes = "select distinct measure_code from marts.engagement_yearly where account_id = 'x:{}' order by 1"
    assert world.query(codes.format(MANY)) == [("interactions",), ("likes",), ("reposts",)]
    every = ("interactions", "likes", "quotes", "replies", "reposts", "views")
    assert world.query(codes.format(AGED)) == [(code,) for code in every]


def test_each_age_says_when_and_by_whom_it_was_seen(world):
    rows = world.query(
        "select age_code, observed_at::date::text, source_id from marts.engagement_yearly"
        f" where account_id = 'x:{AGED}' and measure_code = 'reposts' order by 2"
    )
    days = {"day_1": "2016-05-03", "day_7": "2016-05-09", "day_30": "2016-06-01", "at_cut": "2018-03-01"}
    assert rows == [(age, day, "pages") for age, day in days.items()]


def test_the_fixed_ages_do_not_touch_the_figures_at_the_cut(world):
    names = "original_posts_count, reposts_received_count, likes_received_count"
    assert world.query(f"select {names} from marts.accounts_yearly where account_id = 'x:{AGED}'") == [(5, 316, None)]


def rank(values: list[int], percent: int) -> int:
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def test_the_real_posts_counted_one_by_one_give_the_same_order_statistics(built):
    posts = built(2014).query(
        "select tenure_id, reposts_received_count, likes_received_count, replies_received_count"
        " from intermediate.int_posts where is_in_office and is_original"
    )
    known = defaultdict(list)
    for tenure, reposts, likes, replies in posts:
        counts = {"reposts": reposts, "likes": likes, "replies": replies, "interactions": reposts + likes}
        for measure, count in counts.items():
            if count is not None:
                known[tenure, measure].append(count)
    rows = built(2014).query(
        "select tenure_id, measure_code, known_posts_count, received_count, lower_quartile_count, median_count,"
        " upper_quartile_count, ninth_decile_count, most_count, top_decile_share"
        " from intermediate.int_tenure_engagement"
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
    rows = built(2014).query(
        f"select group_code, {names} from marts.groups_yearly where platform_code = 'x'"
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
