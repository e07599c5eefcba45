"""Campaigns and hours of questions, on a small world that enters through collect; every figure by hand."""

from datetime import date

import pytest

from tests.conftest import Home
from tests.worlds import SOURCES, tweet, write_roster, write_tweets

YEAR = 2016  # a leap year
TAKER, SILENT, UNSEEN, TEXTS, ENDED, SHORT, SECOND, GIVEN_UP = range(401, 409)
PEOPLE = {SILENT: "silent", UNSEEN: "unseen", TEXTS: "texts", ENDED: "ended", SHORT: "short"}
CAFE = "cafe\u0301"  # with a combining accent


def at(day: str, clock: str = "12:00:00", year: int = YEAR) -> str:
    return f"Mon {day} {clock} +0000 {year}"  # nobody reads the day of the week


def tagged(number: int, account: int, when: str, *tags: str, **changes) -> dict:
    return tweet(number, account, when, entities={"hashtags": [{"text": tag} for tag in tags]}, **changes)


def reply(number: int, when: str, whom: int) -> dict:
    return tweet(number, TAKER, when, in_reply_to_user_id_str=str(whom))


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("together")
    ended = {"start_date": "2014-01-01", "end_date": "2016-01-31"}
    folder = write_roster(
        root / "roster",
        sources=[
            SOURCES[1],
            {"source_id": "march", "adapter": "x-v1.1-archive", "observed_at": "2016-03-06T00:00:00Z"},
            {
                "source_id": "texts",
                "adapter": "x-v1.1-archive",
                "observed_at": "2018-03-01T00:00:00Z",
                "excludes_replies": "true",
            },
        ],
        platforms=[{"platform_code": "x", "timeline_reach_count": "3200"}, {"platform_code": "mastodon"}],
        offices=[
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "AAA-minister", "country_code": "AAA", "category_code": "foreign_minister"},
            {"office_code": "BBB-earlier", "country_code": "BBB"},
            *({"office_code": f"BBB-{name}", "country_code": "BBB"} for name in PEOPLE.values()),
        ],
        holders=[{"holder_id": name} for name in ("taker", *PEOPLE.values())],
        terms=[
            {"office_code": "AAA-head", "holder_id": "taker", "start_date": "2014-01-01"},
            {"office_code": "AAA-minister", "holder_id": "taker", "start_date": "2014-01-01"},
            {"office_code": "BBB-earlier", "holder_id": "silent", **ended, "start_date": "2013-01-01"},
            *(
                {"office_code": f"BBB-{name}", "holder_id": name}
                | (ended if name == "ended" else {"start_date": "2014-01-01"})
                for name in PEOPLE.values()
            ),
        ],
        accounts=[
            {"account_id": f"x:{account}", "country_code": "AAA" if account == TAKER else "BBB"}
            for account in range(TAKER, GIVEN_UP + 1)
        ],
        assignments=[
            {"account_id": f"x:{TAKER}", "holder_id": "taker"},
            {"account_id": f"x:{SECOND}", "holder_id": "silent"},
            {"account_id": f"x:{GIVEN_UP}", "holder_id": "unseen", "end_date": "2016-01-31"},
            *({"account_id": f"x:{account}", "holder_id": name} for account, name in PEOPLE.items()),
        ],
        campaigns=[
            *(
                {"campaign_id": "climate", "start_date": "2016-02-29", "end_date": "2016-03-10", "hashtag": tag}
                for tag in ("ClimateAction", CAFE)
            ),
            {"campaign_id": "turn", "start_date": "2015-12-25", "end_date": "2016-01-01", "hashtag": "turn"},
            {"campaign_id": "open", "start_date": "2016-12-31", "hashtag": "open"},
            {"campaign_id": "past", "start_date": "2015-01-01", "end_date": "2015-12-31", "hashtag": "turn"},
            {"campaign_id": "future", "start_date": "2017-01-01", "hashtag": "open"},
        ],
        question_sessions=[
            {
                "session_id": "night",
                "office_code": "AAA-minister",
                "start_at": "2016-05-12T23:00:00Z",
                "end_at": "2016-05-13T01:00:00Z",
                "platform_codes": "x mastodon",
                "questions_count": "120",
                "questions_rounding_code": "rounded",
            },
            {
                "session_id": "new-year",
                "office_code": "AAA-head",
                "start_at": "2016-12-31T23:30:00Z",
                "end_at": "2017-01-01T00:30:00Z",
            },
            *(
                {"session_id": name, "office_code": f"BBB-{name}"}
                for name in ("silent", "unseen", "texts", "ended", "earlier")
            ),
            {"session_id": "past", "office_code": "AAA-head"}
            | {"start_at": "2015-05-12T12:00:00Z", "end_at": "2015-05-12T13:00:00Z"},
        ],
    )
    write_tweets(
        folder,
        [
            tagged(1, TAKER, at("Feb 28", "23:59:59"), "climateaction"),
            tagged(2, TAKER, at("Feb 29", "00:00:00"), "CLIMATEACTION", "CAF\u00c9"),
            tagged(3, TAKER, at("Mar 10", "23:59:59"), "caf\u00e9", retweet_count=5, favorite_count=0),
            tagged(4, TAKER, at("Mar 11", "00:00:00"), "climateaction"),
            tagged(5, TAKER, at("Mar 05"), "climate"),
            tagged(6, TAKER, at("Mar 05"), "climateaction", retweeted_status=tweet(60, 500, at("Mar 05"))),
            tagged(7, TAKER, at("Dec 31", "23:59:59", 2015), "turn"),
            tagged(8, TAKER, at("Jan 01", "00:00:00"), "turn"),
            tagged(9, TAKER, at("Jan 01", "00:00:00", 2017), "open"),
            reply(20, at("May 12", "22:59:59"), 7),
            reply(21, at("May 12", "23:00:00"), 7),
            reply(22, at("May 12", "23:59:59"), 8),
            reply(23, at("May 13", "00:30:00"), 7),
            reply(24, at("May 13", "00:40:00"), TAKER),
            tweet(25, TAKER, at("May 13", "00:50:00")),
            reply(26, at("May 13", "01:00:00"), 9),
            reply(27, at("Dec 31", "23:45:00"), 7),
            reply(28, at("Jan 01", "00:10:00", 2017), 8),
            tagged(40, SILENT, at("Mar 20"), "climateaction"),
            tagged(41, ENDED, at("Mar 05"), "climateaction"),
        ],
    )
    write_tweets(folder, [tagged(50, SHORT, at("Mar 05"), "climateaction")], source="march")
    thin = {"created_at": at("Mar 05"), "id_str": "51", "user": {"id_str": str(TEXTS), "screen_name": f"user{TEXTS}"}}
    write_tweets(folder, [{**thin, "retweet_count": 1, "favorite_count": 1}], source="texts")
    home = Home(root / "data", folder)
    home.build(YEAR)
    return home


def campaign(world: Home, name: str, columns: str) -> dict[int, tuple]:
    rows = world.query(f"select account_id, {columns} from marts.campaigns_yearly where campaign_id = '{name}'")
    return {int(account.removeprefix("x:")): tuple(values) for account, *values in rows}


def test_a_campaign_counts_posts_with_its_hashtags_on_its_days(world):
    columns = "country_code, posts_count, first_posted_date, last_posted_date, reposts_received_count"
    rows = campaign(world, "climate", columns + ", likes_received_count")
    assert rows[TAKER] == ("AAA", 2, date(2016, 2, 29), date(2016, 3, 10), 15, 20)


def test_who_took_no_part_who_is_not_known_and_who_was_not_seen_are_three_answers(world):
    columns = "posts_count, known_posts_count, reposts_received_count, is_partial"
    rows = campaign(world, "climate", columns)
    assert rows[TAKER] == (2, 3, 15, False)
    assert rows[SILENT] == (0, 0, 0, False)
    assert rows[SHORT] == (1, 1, 10, True)  # captured in the middle of it
    assert rows[TEXTS] == (None, 0, None, None)  # posted, but the source does not tell hashtags
    assert rows[UNSEEN] == rows[SECOND] == (None, None, None, None)
    assert ENDED not in rows  # out of office before it began


def test_a_campaign_is_of_the_years_its_posts_are_of(world):
    assert campaign(world, "turn", "posts_count, first_posted_date")[TAKER] == (1, date(2016, 1, 1))
    assert campaign(world, "open", "posts_count, first_posted_date")[TAKER] == (0, None)
    assert campaign(world, "past", "posts_count") == campaign(world, "future", "posts_count") == {}


def session(world: Home, name: str, platform: str = "x") -> list[tuple]:
    return world.query(
        "select status, accounts_count, posts_count, answers_count, answered_accounts_count"
        f" from marts.question_sessions_yearly where session_id = '{name}' and platform_code = '{platform}'"
    )


def test_answers_are_replies_to_others_from_the_first_instant_to_the_end(world):
    assert session(world, "night") == [("collected", 1, 5, 3, 2)]  # across midnight
    assert session(world, "night", "mastodon") == [("not_collected", 0, None, None, None)]
    questions = "select distinct questions_count, questions_rounding_code, country_code"
    assert world.query(f"{questions} from marts.question_sessions_yearly where session_id = 'night'") == [
        (120, "rounded", "AAA")
    ]


def test_a_session_over_new_year_has_the_answers_of_each_year(world):
    assert session(world, "new-year") == [("collected", 1, 1, 1, 1)]
    assert session(world, "past") == []


def test_no_answer_and_answers_not_collected_are_two_answers(world):
    assert session(world, "silent") == [("partly_collected", 2, 0, 0, 0)]
    assert session(world, "unseen") == [("not_collected", 1, None, None, None)]
    assert session(world, "texts") == [("not_collected", 1, None, None, None)]  # the source leaves replies out
    for name in ("ended", "earlier"):  # nobody in that office, whatever office its last holder went to
        assert session(world, name) == [("not_collected", 0, None, None, None)]
