"""Who is ranked where, by what, among whom: on the states MMM to OOO of a small world that enters through collect."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from release.describe import tables
from tests.conftest import Home
from twiplomacy.synthetic import x_api as x_server
from twiplomacy.synthetic.worlds import tweet, user, write_figures, write_tweets

YEAR = 2020
MAY, AUGUST, BEFORE = (
    "Sat May 02 12:00:00 +0000 2020",
    "Sat Aug 01 12:00:00 +0000 2020",
    "Tue Dec 31 12:00:00 +0000 2019",
)
CREATED = "Sun Jan 01 00:00:00 +0000 2017"
OUT, RIVAL, SHARED, MINISTER, SILENT, TALKER, CROWN, CROWN_FR = range(1, 9)
HOLDERS = ("out", "in", "rival", "minister", "mute", "talker", "king", "queen")
DAYS = 1248  # 1 January 2017, when all were created, to 1 June 2020


def archive(source: str, date: str, **cells: str) -> dict[str, str]:
    return {"source_id": source, "adapter": "x-v1.1-archive", "observed_at": f"{date}T00:00:00Z", **cells}


def posts(first: int, count: int, account: int, reposts: int) -> list[dict]:
    return [said(first + number, account, MAY, retweet_count=reposts) for number in range(count)]


def said(post_id: int, account: int, created_at: str, **changes) -> dict:
    return tweet(post_id, account, created_at, user=seen(account), **changes)


def seen(account: int, **changes) -> dict:
    return user(account, created_at=CREATED, **changes)


ROSTER = {
    "sources": [
        archive("tweets-2020", "2022-03-01"),
        archive("june", "2020-06-01"),
        archive("december-2020", "2020-12-01"),
        archive("printed-2020", "2020-11-01", class_code="published"),
        {"source_id": "pages-2020", "adapter": "x-v2-archive", "observed_at": "2022-03-01T00:00:00Z"},
        {"source_id": "counts-2020", "adapter": "by-hand", "observed_at": "2021-02-01T00:00:00Z"},
    ],
    "countries": [{"country_code": code} for code in ("MMM", "NNN", "OOO")],
    "country_groups": [
        {"group_type_code": "m49-region", "group_code": "asia", "country_code": "OOO"},
        {"group_type_code": "m49-region", "group_code": "africa", "country_code": "MMM"},
        {"group_type_code": "m49-region", "group_code": "europe", "country_code": "NNN"},
        {"group_type_code": "g7", "group_code": "g7", "country_code": "NNN", "end_date": "2020-12-30"},
        {"group_type_code": "un", "group_code": "un", "country_code": "MMM"},
    ],
    "offices": [
        {"office_code": "MMM-head", "country_code": "MMM"},
        {"office_code": "MMM-minister", "country_code": "MMM", "category_code": "foreign_minister"},
        {"office_code": "OOO-crown", "country_code": "OOO"},
        *({"office_code": f"NNN-{name}", "country_code": "NNN"} for name in ("rival", "mute", "talker")),
    ],
    "holders": [
        *({"holder_id": name} for name in HOLDERS[:-1]),
        {"holder_id": "queen", "gender_code": "female", "gender_evidence_url": "https://example.org"},
    ],
    "terms": [
        {"office_code": "MMM-head", "holder_id": "out", "start_date": "2018-01-01", "end_date": "2020-06-30"},
        {"office_code": "MMM-head", "holder_id": "in", "start_date": "2020-07-01"},
        {"office_code": "OOO-crown", "holder_id": "king", "start_date": "2018-01-01", "end_date": "2020-06-30"},
        {"office_code": "OOO-crown", "holder_id": "queen", "start_date": "2020-07-01"},
        {"office_code": "MMM-minister", "holder_id": "minister", "start_date": "2018-01-01"},
        *(
            {"office_code": f"NNN-{name}", "holder_id": name, "start_date": "2018-01-01"}
            for name in ("rival", "mute", "talker")
        ),
    ],
    "accounts": [
        {
            "account_id": f"x:{account}",
            "source_id": "tweets-2020",
            "country_code": {RIVAL: "NNN", SILENT: "NNN", TALKER: "NNN", CROWN: "OOO", CROWN_FR: "OOO"}.get(
                account, "MMM"
            ),
            "account_type_code": "institutional" if account == SHARED else "personal",
        }
        for account in range(OUT, CROWN_FR + 1)
    ],
    "assignments": [
        {"account_id": f"x:{OUT}", "holder_id": "out"},
        {"account_id": f"x:{SHARED}", "holder_id": "out", "end_date": "2020-06-30"},
        {"account_id": f"x:{SHARED}", "holder_id": "in", "start_date": "2020-07-01"},
        *({"account_id": f"x:{one}", "holder_id": "king", "end_date": "2020-06-30"} for one in (CROWN, CROWN_FR)),
        *({"account_id": f"x:{one}", "holder_id": "queen", "start_date": "2020-07-01"} for one in (CROWN, CROWN_FR)),
        {"account_id": f"x:{RIVAL}", "holder_id": "rival"},
        {"account_id": f"x:{MINISTER}", "holder_id": "minister"},
        {"account_id": f"x:{SILENT}", "holder_id": "mute"},
        {"account_id": f"x:{TALKER}", "holder_id": "talker"},
    ],
    "account_groups": [
        {"account_group_id": "crown", "account_group_name": "The crown", "account_id": f"x:{CROWN}"},
        {
            "account_group_id": "crown",
            "account_group_name": "The crown",
            "account_id": f"x:{CROWN_FR}",
            "end_date": "2020-06-30",
        },
        *(
            {"account_group_id": "duo", "account_id": f"x:{account}", "policy_code": "separate"}
            for account in (RIVAL, TALKER)
        ),
    ],
}


def write_lines(folder, source: str, things: list[dict]) -> None:
    path = folder / "observations" / source / "things.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(thing) + "\n" for thing in things), encoding="utf-8")


def observe(folder: Path) -> None:
    write_tweets(
        folder,
        [
            *posts(100, 11, OUT, 30),
            *posts(200, 12, RIVAL, 10),
            said(300, SHARED, MAY, retweet_count=5),
            said(301, SHARED, AUGUST, retweet_count=7),
            *posts(400, 12, MINISTER, 10),
            said(500, SILENT, BEFORE),
            *posts(700, 2, CROWN, 10),
            said(800, CROWN_FR, MAY, retweet_count=22),
            said(801, CROWN_FR, AUGUST, retweet_count=1),
        ],
        source="tweets-2020",
    )
    counts = {"retweet_count": 1, "like_count": 2, "impression_count": 500, "reply_count": 0, "quote_count": 0}
    films = [
        x_server.post(
            600 + number, TALKER, "2020-05-02T12:00:00", attachments={"media_keys": ["7_1"]}, public_metrics=counts
        )
        for number in range(80)
    ]
    write_lines(
        folder,
        "pages-2020",
        [{"data": films, "includes": {"users": [x_server.user(TALKER, created_at="2017-01-01T00:00:00.000Z")]}}],
    )
    june = {"statuses_count": 2 * DAYS, "friends_count": 5, "listed_count": 3}
    followers = {OUT: 500, RIVAL: 330, SHARED: 900, MINISTER: 330, SILENT: 100, CROWN: 100, CROWN_FR: 60}
    write_lines(folder, "june", [seen(one, followers_count=count, **june) for one, count in followers.items()])
    late = {"statuses_count": 9999, "friends_count": 999, "listed_count": 999}
    write_lines(
        folder,
        "december-2020",
        [seen(one, followers_count=count, **late) for one, count in ((OUT, 50), (SHARED, 50), (CROWN, 30))],
    )
    write_lines(folder, "printed-2020", [seen(RIVAL, followers_count=1, **late)])
    write_figures(
        folder,
        [
            {"account_id": f"x:{RIVAL}", "audience_count": "200", "observed_date": "2019-12-31"},
            {
                "account_id": f"x:{MINISTER}",
                "audience_count": "200",
                "observed_date": "2019-12-31",
                "rounding_code": "at_least",
            },
        ],
        "counts-2020",
    )


def ranking(worlds: Home, metric: str, grain: str = "account", scope: str = "in_office") -> list[tuple]:
    return worlds.query(
        f"select rank, subject, value, n from marts.figures where year = {YEAR} and platform_code = 'x'"
        f" and metric_id = '{metric}' and grain_code = '{grain}' and scope = '{scope}'"
        " order by rank nulls last, subject"
    )


def tenures(worlds: Home, name: str) -> dict[tuple[str, str], int]:
    """Return what is known of each account and holder."""
    rows = worlds.query(
        f"select account_id, holder_id, {name} from marts.tenures_yearly where year = {YEAR} and {name} is not null"
        " order by all"
    )
    return {(account, holder): value for account, holder, value in rows}


def profiles(worlds: Home, figure: str, name: str = "figure_count") -> dict[tuple[str, str], int]:
    """Return what the profile of each account said in the time of each holder."""
    rows = worlds.query(
        f"select account_id, holder_id, profiles.{name} from intermediate.int_tenure_profiles as profiles"
        " inner join intermediate.int_tenures using (year, tenure_id)"
        f" where year = {YEAR} and figure_code = '{figure}'"
    )
    return {(account, holder): value for account, holder, value in rows}


def reasons(worlds: Home, metric: str, grain: str = "account") -> dict[str, str]:
    """Return why subjects have a value and no rank."""
    return dict(
        worlds.query(
            f"select subject, unranked_reason from marts.figures where year = {YEAR} and platform_code = 'x'"
            f" and metric_id = '{metric}' and grain_code = '{grain}' and scope = 'in_office'"
            " and unranked_reason is not null"
        )
    )


def test_equal_values_share_a_rank_and_the_next_is_skipped(worlds):
    """In June three were counted who are in office at the end, in December two: the list is of June."""
    assert ranking(worlds, "A01") == [
        (1, "x:2", 330, 1),
        (1, "x:4", 330, 1),
        (3, "x:5", 100, 1),
        (None, "x:1", 500, 1),
        (None, "x:3", 50, 1),
        (None, "x:7", 30, 1),
    ]
    assert reasons(worlds, "A01") == {"x:1": "left_office", "x:3": "outside_window", "x:7": "outside_window"}
    assert reasons(worlds, "A01", "state") == {"MMM": "outside_window", "OOO": "outside_window"}


def test_a_list_says_how_many_it_ranks_of_how_many_and_whether_that_is_enough(worlds):
    lists = worlds.query(
        "select distinct grain_code, ranked_count, eligible_count, is_representative"
        f" from marts.figures where year = {YEAR} and platform_code = 'x' and metric_id = 'A01'"
        " and scope = 'in_office' order by all"
    )
    assert lists == [
        ("account", 3, 7, False),
        ("account_group", 3, 7, False),
        ("person", 3, 6, True),
        ("state", 1, 3, False),
    ]


def test_the_window_of_a_list_is_the_latest_that_holds_most_accounts(worlds):
    windows = worlds.query(
        "select figure_code, window_start_date::varchar, window_end_date::varchar"
        f" from intermediate.int_stock_windows where year = {YEAR} and platform_code = 'x' order by all"
    )
    assert windows == [
        (code, "2020-06-01", "2020-08-31") for code in ("audience", "following", "lifetime_posts", "listed")
    ]


def test_an_account_is_ranked_under_its_last_holder_and_what_the_others_had_is_theirs(worlds):
    assert tenures(worlds, "audience_count") == {
        ("x:1", "out"): 500,
        ("x:2", "rival"): 330,
        ("x:3", "in"): 50,
        ("x:3", "out"): 900,
        ("x:4", "minister"): 330,
        ("x:5", "mute"): 100,
        ("x:7", "king"): 100,
        ("x:7", "queen"): 30,
        ("x:8", "king"): 60,  # nobody saw it in her time: it is in no list of audiences
    }
    names = "subject, subject_name from marts.figures"
    rows = worlds.query(f"select {names} where year = {YEAR} and metric_id = 'A01' and subject = 'x:3' limit 1")
    assert rows == [("x:3", "Holder (@user3)")]
    holders = worlds.query(
        f"select account_id, holder_id, is_current from marts.accounts_yearly where year = {YEAR} order by 1"
    )
    last = ["out", "rival", "in", "minister", "mute", "talker", "queen", "queen"]
    assert holders == [(f"x:{number}", name, name != "out") for number, name in enumerate(last, 1)]


def test_an_average_of_no_posts_is_unranked_and_a_count_of_none_is_last(worlds):
    assert [row for row in ranking(worlds, "E01") if row[2] is None] == [
        (None, "x:5", None, 0),
        (None, "x:7", None, 0),
    ]
    assert ranking(worlds, "T05") == [
        (1, "x:2", 12, 12),
        (1, "x:4", 12, 12),
        (3, "x:3", 1, 1),
        (3, "x:8", 1, 1),
        (5, "x:5", 0, 0),
        (5, "x:7", 0, 0),
        (None, "x:1", 11, 11),
        (None, "x:6", 80, 80),
    ]
    assert reasons(worlds, "T05") == {"x:1": "left_office", "x:6": "partial"}
    earlier = tenures(worlds, "posts_count")
    assert len(earlier) == 11
    assert [earlier[pair] for pair in (("x:3", "out"), ("x:7", "king"), ("x:8", "king"))] == [1, 2, 1]
    assert [pair for pair, count in earlier.items() if not count] == [("x:5", "mute"), ("x:7", "queen")]


@pytest.mark.parametrize("metric", ["V01", "E01", "E03", "E05"])
def test_a_floor_leaves_out_subjects_of_few_posts(worlds, metric):
    floored = {row[1] for row in ranking(worlds, f"{metric}_min12")}
    assert floored == {f"x:{account}" for account in (RIVAL, MINISTER, TALKER)}
    assert {row[1] for row in ranking(worlds, metric)} == {f"x:{account}" for account in range(OUT, CROWN_FR + 1)}
    persons = {row[1] for row in ranking(worlds, f"{metric}_min12", "person")}
    assert persons == {"rival", "minister", "talker", "out"}  # who has 11 posts of one account and 1 of another
    assert {row[1] for row in ranking(worlds, metric, "person")} == set(HOLDERS)
    assert {holder for _, holder in tenures(worlds, "posts_count")} == set(HOLDERS)


def test_interactions_are_reposts_and_likes_of_original_posts(worlds):
    assert ranking(worlds, "E02")[0] == (1, "x:2", 12 * 10 + 12 * 20, 12)
    assert (None, "x:1", 11 * 30 + 11 * 20, 11) in ranking(worlds, "E02")
    assert (None, "x:1", 50, 11) in ranking(worlds, "E03")
    assert ranking(worlds, "E03_min12")[0][:3] == (1, "x:2", 30)


def test_each_holder_of_an_account_has_what_was_seen_in_his_time(worlds):
    for metric, figure, june in (("A09", "following", 5), ("A10", "listed", 3), ("T01", "lifetime_posts", 2 * DAYS)):
        late = 9999 if metric == "T01" else 999
        assert profiles(worlds, figure) == {
            ("x:1", "out"): june,  # seen again when he was out
            ("x:2", "rival"): june,  # what was printed later does not count
            ("x:3", "in"): late,
            ("x:3", "out"): june,
            ("x:4", "minister"): june,
            ("x:5", "mute"): june,
            ("x:7", "king"): june,
            ("x:7", "queen"): late,
            ("x:8", "king"): june,
        }
        values = {subject: value for _, subject, value, _ in ranking(worlds, metric)}
        assert values == {"x:1": june, "x:2": june, "x:3": late, "x:4": june, "x:5": june, "x:7": late}
        assert reasons(worlds, metric) == reasons(worlds, "A01")


def test_a_lifetime_is_not_told_of_who_took_the_account_over(worlds):
    assert ranking(worlds, "T02_lifetime") == [
        (1, "x:2", 2, 2 * DAYS),
        (1, "x:4", 2, 2 * DAYS),
        (1, "x:5", 2, 2 * DAYS),
        (None, "x:1", 2, 2 * DAYS),
        (None, "x:3", None, 9999),
        (None, "x:7", None, 9999),
    ]
    assert profiles(worlds, "lifetime_posts", "account_days_count") == {
        ("x:1", "out"): DAYS,
        ("x:2", "rival"): DAYS,
        ("x:3", "in"): None,
        ("x:3", "out"): DAYS,
        ("x:4", "minister"): DAYS,
        ("x:5", "mute"): DAYS,
        ("x:7", "king"): DAYS,
        ("x:7", "queen"): None,
        ("x:8", "king"): DAYS,
    }


def test_growth_is_ranked_where_both_years_are_known(worlds):
    assert ranking(worlds, "A07") == [
        (1, "x:2", Decimal("0.65"), 1),
        (None, "x:4", None, 1),  # "more than 200" is no value
    ]
    sources = worlds.query(
        f"select source_id from marts.figures where year = {YEAR} and metric_id = 'A07' and rank = 1"
        " and grain_code = 'account' and scope = 'in_office'"
    )
    assert sources == [("counts-2020 june",)]


def test_persons_have_all_their_accounts_and_states_each_account_once(worlds):
    assert ranking(worlds, "A01", "person") == [
        (1, "minister", 330, 1),
        (1, "rival", 330, 1),
        (3, "mute", 100, 1),
        (None, "in", 50, 1),
        (None, "king", 160, 2),
        (None, "out", 1400, 2),
        (None, "queen", 30, 1),
    ]
    assert reasons(worlds, "A01", "person") == {
        "in": "outside_window",
        "king": "left_office",
        "out": "left_office",
        "queen": "outside_window",
    }
    # Of the account that passed from one to the other, what was seen last.
    assert ranking(worlds, "A01", "state") == [
        (1, "NNN", 330 + 100, 2),
        (None, "MMM", 500 + 330 + 50, 3),
        (None, "OOO", 30 + 60, 2),
    ]
    assert ranking(worlds, "T05", "person")[0] == (1, "minister", 12, 12)
    assert ranking(worlds, "T05", "state") == [(1, "MMM", 25, 25), (2, "OOO", 4, 4), (None, "NNN", 92, 92)]
    assert reasons(worlds, "T05", "state") == {"NNN": "partial"}
    assert ranking(worlds, "E01", "state") == []


def test_accounts_of_one_voice_are_summed_where_the_roster_says_so_and_never_across_a_hand_over(worlds):
    assert ranking(worlds, "A01", "account_group") == [
        (1, "x:2", 330, 1),  # of a pair that is ranked apart
        (1, "x:4", 330, 1),
        (3, "x:5", 100, 1),
        (None, "crown/king", 160, 2),
        (None, "crown/queen", 30, 1),
        (None, "x:1", 500, 1),
        (None, "x:3", 50, 1),
    ]
    assert reasons(worlds, "A01", "account_group") == {
        "crown/king": "left_office",
        "crown/queen": "outside_window",
        "x:1": "left_office",
        "x:3": "outside_window",
    }
    posts = {subject: (value, n) for _, subject, value, n in ranking(worlds, "T05", "account_group")}
    assert set(posts) == {"crown/king", "crown/queen", *(f"x:{number}" for number in (1, 2, 3, 4, 5, 6, 8))}
    assert (posts["crown/king"], posts["crown/queen"]) == ((3, 3), (0, 0))
    assert posts["x:8"] == (1, 1)  # no more in the group when she came
    averages = {subject: (rank, value, n) for rank, subject, value, n in ranking(worlds, "E01", "account_group")}
    assert averages["crown/king"] == (None, 14, 3)
    assert averages["crown/queen"] == (None, None, 0)
    assert {row[1] for row in ranking(worlds, "E01_min12", "account_group")} == {
        f"x:{account}" for account in (RIVAL, MINISTER, TALKER)
    }
    assert ranking(worlds, "A01", "account_group", "m49-region:asia") == [
        (None, "crown/king", 160, 2),
        (None, "crown/queen", 30, 1),
    ]
    names = worlds.query(
        f"select distinct subject_name, source_id from marts.figures where year = {YEAR} and subject = 'crown/king'"
    )
    assert sorted(names) == [("The crown", "june"), ("The crown", "tweets-2020")]


def test_a_list_holds_those_of_its_group_and_ranks_them_among_themselves(worlds):
    assert [row[:2] for row in ranking(worlds, "A01", scope="m49-region:africa")] == [
        (1, "x:4"),
        (None, "x:1"),
        (None, "x:3"),
    ]
    assert [row[:2] for row in ranking(worlds, "A01", scope="category:foreign_minister")] == [(1, "x:4")]
    assert [row[:2] for row in ranking(worlds, "A01", scope="account_type:institutional")] == [(None, "x:3")]
    assert ranking(worlds, "A01", "person", "category:foreign_minister") == [(1, "minister", 330, 1)]
    assert ranking(worlds, "A01", "person", "gender:female") == [(None, "queen", 30, 1)]
    assert ranking(worlds, "A01", "state", "m49-region:europe") == [(1, "NNN", 430, 2)]
    groups = worlds.query(
        "select group_type_code, group_code, string_agg(holder_id, ' ' order by holder_id)"
        " from intermediate.int_tenure_groups inner join intermediate.int_tenures using (year, tenure_id)"
        f" where year = {YEAR} and account_id = 'x:{SHARED}' group by all order by all"
    )
    assert groups == [
        ("account_type", "institutional", "in out"),
        ("all", "all", "in out"),
        ("category", "head_of_state", "in out"),
        ("holder_kind", "person", "in out"),
        ("m49-region", "africa", "in out"),
        ("un", "un", "in out"),
    ]


def test_each_kind_of_subject_has_the_lists_that_make_sense_of_it(worlds):
    regions = {"in_office", "m49-region:africa", "m49-region:asia", "m49-region:europe"}
    categories = {"category:head_of_state", "category:foreign_minister", "gender:female"}
    types = {"account_type:personal", "account_type:institutional"}
    expected = {
        "account": regions | categories | types,
        "account_group": regions | categories | types,
        "person": regions | categories,
        "state": regions,  # not g7: nobody was in it on the last day
        "post": {"in_office"},
    }
    rows = worlds.query(f"select distinct grain_code, scope from marts.figures where year = {YEAR}")
    assert {grain: {scope for kind, scope in rows if kind == grain} for grain in expected} == expected


def test_the_hundred_most_reposted_posts_are_for_the_authors(worlds):
    rows = ranking(worlds, "E06", "post")
    assert len(rows) == 100
    assert [row[0] for row in rows[:12]] == [1] * 11 + [12]
    assert {row[0] for row in rows[-60:]} == {41}
    assert rows[-1][1:] == ("x:659", 1, 1)  # of equals the first ones
    (table,) = (table for table in tables(worlds.path / "dbt" / "manifest.json") if table.name == "figures")
    public = worlds.query(
        f"select distinct grain_code from marts.figures where year = {YEAR} and {table.public().rows}"
    )
    assert {grain for (grain,) in public} == {"account", "account_group", "person", "state", "group", "world"}


def test_posts_are_told_apart_by_what_they_show(worlds):
    rows = worlds.query(
        "select metric_id, scope, value, n, denominator from marts.figures"
        f" where year = {YEAR} and grain_code = 'world' and scope like 'kind:%' order by all"
    )
    photo = Decimal(11 * 50 + 26 * 30 + 25 + 27 + 42 + 21) / 41
    assert rows == [
        ("E07", "kind:photo", round(photo, 9), 41, 41),
        ("E07", "kind:video", 3, 80, 80),
        ("E08", "kind:video", 40_000, 80, None),
        ("E08_per_post", "kind:video", 500, 80, 80),
    ]
