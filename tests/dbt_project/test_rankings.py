"""Who is ranked where, by what, among whom: on a small world that enters through collect."""

import json
from decimal import Decimal

import pytest

from release.describe import tables
from tests.conftest import Home
from tests.ingestion.collect.platforms import x_server
from tests.worlds import SOURCES, tweet, user, write_figures, write_presence, write_roster, write_tweets

YEAR = 2016
MAY, AUGUST, BEFORE = (
    "Mon May 02 12:00:00 +0000 2016",
    "Mon Aug 01 12:00:00 +0000 2016",
    "Thu Dec 31 12:00:00 +0000 2015",
)
OUT, RIVAL, SHARED, MINISTER, SILENT, TALKER, CROWN, CROWN_FR = range(1, 9)
HOLDERS = ("out", "in", "rival", "minister", "silent", "talker", "king", "queen")
DAYS = 1248  # 1 January 2013, when all were created, to 1 June 2016


def archive(source: str, date: str, **cells: str) -> dict[str, str]:
    return {"source_id": source, "adapter": "x-v1.1-archive", "observed_at": f"{date}T00:00:00Z", **cells}


def posts(first: int, count: int, account: int, reposts: int) -> list[dict]:
    return [tweet(first + number, account, MAY, retweet_count=reposts) for number in range(count)]


def roster(folder):
    return write_roster(
        folder,
        sources=[
            *SOURCES,
            archive("june", "2016-06-01"),
            archive("december", "2016-12-01"),
            archive("printed", "2016-11-01", class_code="published"),
            {"source_id": "pages", "adapter": "x-v2-archive", "observed_at": "2018-03-01T00:00:00Z"},
            {"source_id": "counts", "adapter": "by-hand", "observed_at": "2017-02-01T00:00:00Z"},
        ],
        countries=[{"country_code": code} for code in ("AAA", "BBB", "CCC")],
        country_groups=[
            {"group_type_code": "m49-region", "group_code": "asia", "country_code": "CCC"},
            {"group_type_code": "m49-region", "group_code": "africa", "country_code": "AAA"},
            {"group_type_code": "m49-region", "group_code": "europe", "country_code": "BBB"},
            {"group_type_code": "g7", "group_code": "g7", "country_code": "BBB", "end_date": "2016-12-30"},
            {"group_type_code": "un", "group_code": "un", "country_code": "AAA"},
        ],
        offices=[
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "AAA-minister", "country_code": "AAA", "category_code": "foreign_minister"},
            {"office_code": "CCC-crown", "country_code": "CCC"},
            *({"office_code": f"BBB-{name}", "country_code": "BBB"} for name in ("rival", "silent", "talker")),
        ],
        holders=[
            *({"holder_id": name} for name in HOLDERS[:-1]),
            {"holder_id": "queen", "gender_code": "female", "gender_evidence_url": "https://example.org"},
        ],
        terms=[
            {"office_code": "AAA-head", "holder_id": "out", "start_date": "2012-01-01", "end_date": "2016-06-30"},
            {"office_code": "AAA-head", "holder_id": "in", "start_date": "2016-07-01"},
            {"office_code": "CCC-crown", "holder_id": "king", "start_date": "2012-01-01", "end_date": "2016-06-30"},
            {"office_code": "CCC-crown", "holder_id": "queen", "start_date": "2016-07-01"},
            {"office_code": "AAA-minister", "holder_id": "minister", "start_date": "2012-01-01"},
            *(
                {"office_code": f"BBB-{name}", "holder_id": name, "start_date": "2012-01-01"}
                for name in ("rival", "silent", "talker")
            ),
        ],
        accounts=[
            {
                "account_id": f"x:{account}",
                "country_code": {RIVAL: "BBB", SILENT: "BBB", TALKER: "BBB", CROWN: "CCC", CROWN_FR: "CCC"}.get(
                    account, "AAA"
                ),
                "account_type_code": "institutional" if account == SHARED else "personal",
            }
            for account in range(OUT, CROWN_FR + 1)
        ],
        assignments=[
            {"account_id": f"x:{OUT}", "holder_id": "out"},
            {"account_id": f"x:{SHARED}", "holder_id": "out", "end_date": "2016-06-30"},
            {"account_id": f"x:{SHARED}", "holder_id": "in", "start_date": "2016-07-01"},
            *({"account_id": f"x:{one}", "holder_id": "king", "end_date": "2016-06-30"} for one in (CROWN, CROWN_FR)),
            *(
                {"account_id": f"x:{one}", "holder_id": "queen", "start_date": "2016-07-01"}
                for one in (CROWN, CROWN_FR)
            ),
            {"account_id": f"x:{RIVAL}", "holder_id": "rival"},
            {"account_id": f"x:{MINISTER}", "holder_id": "minister"},
            {"account_id": f"x:{SILENT}", "holder_id": "silent"},
            {"account_id": f"x:{TALKER}", "holder_id": "talker"},
        ],
        account_groups=[
            {"account_group_id": "crown", "account_group_name": "The crown", "account_id": f"x:{CROWN}"},
            {
                "account_group_id": "crown",
                "account_group_name": "The crown",
                "account_id": f"x:{CROWN_FR}",
                "end_date": "2016-06-30",
            },
            *(
                {"account_group_id": "pair", "account_id": f"x:{account}", "policy_code": "separate"}
                for account in (RIVAL, TALKER)
            ),
        ],
    )


def write_lines(folder, source: str, things: list[dict]) -> None:
    path = folder / "observations" / source / "things.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(thing) + "\n" for thing in things), encoding="utf-8")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("rankings")
    folder = roster(root / "roster")
    write_tweets(
        folder,
        [
            *posts(100, 11, OUT, 30),
            *posts(200, 12, RIVAL, 10),
            tweet(300, SHARED, MAY, retweet_count=5),
            tweet(301, SHARED, AUGUST, retweet_count=7),
            *posts(400, 12, MINISTER, 10),
            tweet(500, SILENT, BEFORE),
            *posts(700, 2, CROWN, 10),
            tweet(800, CROWN_FR, MAY, retweet_count=22),
            tweet(801, CROWN_FR, AUGUST, retweet_count=1),
        ],
    )
    counts = {"retweet_count": 1, "like_count": 2, "impression_count": 500, "reply_count": 0, "quote_count": 0}
    films = [
        x_server.post(
            600 + number, TALKER, "2016-05-02T12:00:00", attachments={"media_keys": ["7_1"]}, public_metrics=counts
        )
        for number in range(80)
    ]
    write_lines(folder, "pages", [{"data": films, "includes": {"users": [x_server.user(TALKER)]}}])
    june = {"statuses_count": 2 * DAYS, "friends_count": 5, "listed_count": 3}
    followers = {OUT: 500, RIVAL: 330, SHARED: 900, MINISTER: 330, CROWN: 100, CROWN_FR: 60}
    write_lines(folder, "june", [user(one, followers_count=count, **june) for one, count in followers.items()])
    late = {"statuses_count": 9999, "friends_count": 999, "listed_count": 999}
    write_lines(
        folder,
        "december",
        [user(one, followers_count=count, **late) for one, count in ((OUT, 50), (SHARED, 50), (CROWN, 30))],
    )
    write_lines(folder, "printed", [user(RIVAL, followers_count=1, **late)])
    write_figures(
        folder,
        [
            {"account_id": f"x:{RIVAL}", "audience_count": "200", "observed_date": "2015-12-31"},
            {
                "account_id": f"x:{MINISTER}",
                "audience_count": "200",
                "observed_date": "2015-12-31",
                "rounding_code": "at_least",
            },
        ],
        "counts",
    )
    write_presence(folder, [])
    home = Home(root / "data", folder)
    home.build(YEAR)
    return home


def ranking(world: Home, metric: str, grain: str = "account", scope: str = "in_office") -> list[tuple]:
    return world.query(
        "select rank, subject, value, n from marts.rankings_yearly where platform_code = 'x'"
        f" and metric_id = '{metric}' and grain_code = '{grain}' and scope = '{scope}'"
        " order by rank nulls last, subject"
    )


def test_equal_values_share_a_rank_and_the_next_is_skipped(world):
    assert ranking(world, "A01") == [
        (1, "x:3/out/2012-01-01", 900, 1),
        (2, "x:1/out/2012-01-01", 500, 1),
        (3, "x:2/rival/2012-01-01", 330, 1),
        (3, "x:4/minister/2012-01-01", 330, 1),
        (5, "x:7/king/2012-01-01", 100, 1),
        (6, "x:8/king/2012-01-01", 60, 1),
        (7, "x:3/in/2016-07-01", 50, 1),
        (8, "x:7/queen/2016-07-01", 30, 1),
    ]


def test_an_average_of_no_posts_is_unranked_and_a_count_of_none_is_last(world):
    assert [row for row in ranking(world, "E01") if row[0] is None] == [
        (None, "x:5/silent/2012-01-01", None, 0),
        (None, "x:7/queen/2016-07-01", None, 0),
    ]
    assert ranking(world, "T05")[-2:] == [
        (10, "x:5/silent/2012-01-01", 0, 0),
        (10, "x:7/queen/2016-07-01", 0, 0),
    ]


@pytest.mark.parametrize("metric", ["V01", "E01", "E03", "E05"])
def test_a_floor_leaves_out_subjects_of_few_posts(world, metric):
    subjects = {row[1].split("/")[1] for row in ranking(world, f"{metric}_min12")}
    assert subjects == {"rival", "minister", "talker"}
    assert {row[1].split("/")[1] for row in ranking(world, metric)} == set(HOLDERS)


def test_interactions_are_reposts_and_likes_of_original_posts(world):
    assert ranking(world, "E02")[0] == (1, "x:1/out/2012-01-01", 11 * 30 + 11 * 20, 11)
    assert ranking(world, "E03")[0] == (1, "x:1/out/2012-01-01", 50, 11)
    assert ranking(world, "E03_min12")[0][:3] == (1, "x:2/rival/2012-01-01", 30)


def test_each_holder_of_an_account_has_what_was_seen_in_his_time(world):
    for metric, june in (("A09", 5), ("A10", 3), ("T01", 2 * DAYS)):
        values = {subject: value for _, subject, value, _ in ranking(world, metric)}
        late = 9999 if metric == "T01" else 999
        assert values == {
            "x:1/out/2012-01-01": june,  # seen again when he was out
            "x:2/rival/2012-01-01": june,  # what was printed later does not count
            "x:3/in/2016-07-01": late,
            "x:3/out/2012-01-01": june,
            "x:4/minister/2012-01-01": june,
            "x:7/king/2012-01-01": june,
            "x:7/queen/2016-07-01": late,
            "x:8/king/2012-01-01": june,
        }


def test_a_lifetime_is_not_told_of_who_took_the_account_over(world):
    assert ranking(world, "T02_lifetime") == [
        (1, "x:1/out/2012-01-01", 2, 2 * DAYS),
        (1, "x:2/rival/2012-01-01", 2, 2 * DAYS),
        (1, "x:3/out/2012-01-01", 2, 2 * DAYS),
        (1, "x:4/minister/2012-01-01", 2, 2 * DAYS),
        (1, "x:7/king/2012-01-01", 2, 2 * DAYS),
        (1, "x:8/king/2012-01-01", 2, 2 * DAYS),
        (None, "x:3/in/2016-07-01", None, 9999),
        (None, "x:7/queen/2016-07-01", None, 9999),
    ]


def test_growth_is_ranked_where_both_years_are_known(world):
    assert ranking(world, "A07") == [
        (1, "x:2/rival/2012-01-01", Decimal("0.65"), 1),
        (None, "x:4/minister/2012-01-01", None, 1),  # "more than 200" is no value
    ]
    sources = "select source_id from marts.rankings_yearly where metric_id = 'A07' and rank = 1 and scope = 'in_office'"
    assert world.query(sources) == [("counts june",)]


def test_persons_have_all_their_accounts_and_states_each_account_once(world):
    assert ranking(world, "A01", "person") == [
        (1, "out", 1400, 2),
        (2, "minister", 330, 1),
        (2, "rival", 330, 1),
        (4, "king", 160, 2),
        (5, "in", 50, 1),
        (6, "queen", 30, 1),
    ]
    # Of the account that passed from one to the other, what was seen last.
    assert ranking(world, "A01", "country") == [
        (1, "AAA", 500 + 330 + 50, 3),
        (2, "BBB", 330, 1),
        (3, "CCC", 30 + 60, 2),
    ]
    assert ranking(world, "T05", "person")[0] == (1, "talker", 80, 80)
    assert ranking(world, "T05", "country") == [(1, "BBB", 92, 92), (2, "AAA", 25, 25), (3, "CCC", 4, 4)]
    assert ranking(world, "E01", "country") == []


def test_accounts_of_one_voice_are_summed_where_the_roster_says_so_and_never_across_a_hand_over(world):
    assert ranking(world, "A01", "account_group") == [
        (1, "x:3/out/2012-01-01", 900, 1),
        (2, "x:1/out/2012-01-01", 500, 1),
        (3, "x:2/rival/2012-01-01", 330, 1),  # of a pair that is ranked apart
        (3, "x:4/minister/2012-01-01", 330, 1),
        (5, "crown/king", 160, 2),
        (6, "x:3/in/2016-07-01", 50, 1),
        (7, "crown/queen", 30, 1),
    ]
    posts = {subject: (value, n) for _, subject, value, n in ranking(world, "T05", "account_group")}
    assert len(posts) == 10
    assert (posts["crown/king"], posts["crown/queen"]) == ((3, 3), (0, 0))
    assert posts["x:8/queen/2016-07-01"] == (1, 1)  # no more in the group when she came
    averages = {subject: (rank, value, n) for rank, subject, value, n in ranking(world, "E01", "account_group")}
    assert averages["crown/king"] == (2, 14, 3)
    assert averages["crown/queen"] == (None, None, 0)
    assert {row[1] for row in ranking(world, "E01_min12", "account_group")} == {
        f"x:{account}/{name}/2012-01-01"
        for account, name in ((RIVAL, "rival"), (MINISTER, "minister"), (TALKER, "talker"))
    }
    assert ranking(world, "A01", "account_group", "m49-region:asia") == [
        (1, "crown/king", 160, 2),
        (2, "crown/queen", 30, 1),
    ]
    names = "select distinct subject_name, source_id from marts.rankings_yearly where subject = 'crown/king'"
    assert sorted(world.query(names)) == [("The crown", "june"), ("The crown", "tweets")]


def test_a_list_holds_those_of_its_group_and_ranks_them_among_themselves(world):
    assert [row[:2] for row in ranking(world, "A01", scope="m49-region:africa")] == [
        (1, "x:3/out/2012-01-01"),
        (2, "x:1/out/2012-01-01"),
        (3, "x:4/minister/2012-01-01"),
        (4, "x:3/in/2016-07-01"),
    ]
    assert [row[:2] for row in ranking(world, "A01", scope="category:foreign_minister")] == [
        (1, "x:4/minister/2012-01-01")
    ]
    assert [row[:2] for row in ranking(world, "A01", scope="account_type:institutional")] == [
        (1, "x:3/out/2012-01-01"),
        (2, "x:3/in/2016-07-01"),
    ]
    assert ranking(world, "A01", "person", "category:foreign_minister") == [(1, "minister", 330, 1)]
    assert ranking(world, "A01", "person", "gender:female") == [(1, "queen", 30, 1)]
    assert ranking(world, "A01", "country", "m49-region:europe") == [(1, "BBB", 330, 1)]


def test_each_kind_of_subject_has_the_lists_that_make_sense_of_it(world):
    regions = {"in_office", "m49-region:africa", "m49-region:asia", "m49-region:europe"}
    categories = {"category:head_of_state", "category:foreign_minister", "gender:female"}
    types = {"account_type:personal", "account_type:institutional"}
    expected = {
        "account": regions | categories | types,
        "account_group": regions | categories | types,
        "person": regions | categories,
        "country": regions,  # not g7: nobody was in it on the last day
        "post": {"in_office"},
    }
    rows = world.query("select distinct grain_code, scope from marts.rankings_yearly")
    assert {grain: {scope for kind, scope in rows if kind == grain} for grain in expected} == expected


def test_the_hundred_most_reposted_posts_are_for_the_authors(world):
    rows = ranking(world, "E06", "post")
    assert len(rows) == 100
    assert [row[0] for row in rows[:12]] == [1] * 11 + [12]
    assert {row[0] for row in rows[-60:]} == {41}
    assert rows[-1][1:] == ("x:659", 1, 1)  # of equals the first ones
    (table,) = (table for table in tables(world.path / "dbt" / "manifest.json") if table.name == "rankings_yearly")
    public = world.query(f"select distinct grain_code from marts.rankings_yearly where {table.public().rows}")
    assert ("post",) not in public
    assert len(public) == 4


def test_posts_are_told_apart_by_what_they_show(world):
    rows = world.query(
        "select metric_id, scope, value, n, denominator from marts.headline_yearly"
        " where scope like 'kind:%' order by all"
    )
    photo = Decimal(11 * 50 + 26 * 30 + 25 + 27 + 42 + 21) / 41
    assert rows == [
        ("E07", "kind:photo", round(photo, 9), 41, 41),
        ("E07", "kind:video", 3, 80, 80),
        ("E08", "kind:video", 40_000, 80, None),
        ("E08_per_post", "kind:video", 500, 80, 80),
    ]
