"""Campaigns and hours of questions, on a small world that enters through collect; every figure by hand."""

from datetime import date
from pathlib import Path

from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, write_tweets

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


OVER = {"start_date": "2014-01-01", "end_date": "2016-01-31"}
ROSTER = {
    "sources": [
        SOURCES[1],
        {"source_id": "march", "adapter": "x-v1.1-archive", "observed_at": "2016-03-06T00:00:00Z"},
        {
            "source_id": "texts",
            "adapter": "x-v1.1-archive",
            "observed_at": "2018-03-01T00:00:00Z",
            "excludes_replies": "true",
        },
    ],
    "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}, {"platform_code": "mastodon"}],
    "countries": [{"country_code": "GGG"}, {"country_code": "HHH"}],
    "offices": [
        {"office_code": "GGG-head", "country_code": "GGG"},
        {"office_code": "GGG-minister", "country_code": "GGG", "category_code": "foreign_minister"},
        {"office_code": "HHH-earlier", "country_code": "HHH"},
        *({"office_code": f"HHH-{name}", "country_code": "HHH"} for name in PEOPLE.values()),
    ],
    "holders": [{"holder_id": name} for name in ("taker", *PEOPLE.values())],
    "terms": [
        {"office_code": "GGG-head", "holder_id": "taker", "start_date": "2014-01-01"},
        {"office_code": "GGG-minister", "holder_id": "taker", "start_date": "2014-01-01"},
        {"office_code": "HHH-earlier", "holder_id": "silent", **OVER, "start_date": "2013-01-01"},
        *(
            {"office_code": f"HHH-{name}", "holder_id": name}
            | (OVER if name == "ended" else {"start_date": "2014-01-01"})
            for name in PEOPLE.values()
        ),
    ],
    "accounts": [
        {"account_id": f"x:{account}", "country_code": "GGG" if account == TAKER else "HHH"}
        for account in range(TAKER, GIVEN_UP + 1)
    ],
    "assignments": [
        {"account_id": f"x:{TAKER}", "holder_id": "taker"},
        {"account_id": f"x:{SECOND}", "holder_id": "silent"},
        {"account_id": f"x:{GIVEN_UP}", "holder_id": "unseen", "end_date": "2016-01-31"},
        *({"account_id": f"x:{account}", "holder_id": name} for account, name in PEOPLE.items()),
    ],
    "campaigns": [
        *(
            {"campaign_id": "climate", "start_date": "2016-02-29", "end_date": "2016-03-10", "hashtag": tag}
            for tag in ("ClimateAction", CAFE)
        ),
        {"campaign_id": "turn", "start_date": "2015-12-25", "end_date": "2016-01-01", "hashtag": "turn"},
        {"campaign_id": "open", "start_date": "2016-12-31", "hashtag": "open"},
        {"campaign_id": "past", "start_date": "2015-01-01", "end_date": "2015-12-31", "hashtag": "turn"},
        {"campaign_id": "future", "start_date": "2017-01-01", "hashtag": "open"},
    ],
    "question_sessions": [
        {
            "session_id": "night",
            "office_code": "GGG-minister",
            "start_at": "2016-05-12T23:00:00Z",
            "end_at": "2016-05-13T01:00:00Z",
            "platform_codes": "x mastodon",
            "questions_count": "120",
            "questions_rounding_code": "rounded",
        },
        {
            "session_id": "new-year",
            "office_code": "GGG-head",
            "start_at": "2016-12-31T23:30:00Z",
            "end_at": "2017-01-01T00:30:00Z",
        },
        *(
            {"session_id": name, "office_code": f"HHH-{name}"}
            for name in ("silent", "unseen", "texts", "ended", "earlier")
        ),
        {"session_id": "past", "office_code": "GGG-head"}
        | {"start_at": "2015-05-12T12:00:00Z", "end_at": "2015-05-12T13:00:00Z"},
    ],
}


def observe(folder: Path) -> None:
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
        "together.jsonl",
    )
    write_tweets(folder, [tagged(50, SHORT, at("Mar 05"), "climateaction")], source="march")
    thin = {"created_at": at("Mar 05"), "id_str": "51", "user": {"id_str": str(TEXTS), "screen_name": f"user{TEXTS}"}}
    write_tweets(folder, [{**thin, "retweet_count": 1, "favorite_count": 1}], source="texts")


def campaign(more_worlds: Home, name: str, columns: str) -> dict[int, tuple]:
    rows = more_worlds.query(f"""
        select account_id, {columns} from marts.campaigns_yearly
        where campaign_id = '{name}' and account_id between 'x:{TAKER}' and 'x:{GIVEN_UP}'""")
    return {int(account.removeprefix("x:")): tuple(values) for account, *values in rows}


def test_a_campaign_counts_posts_with_its_hashtags_on_its_days(more_worlds):
    columns = "country_code, campaign_posts_count, first_posted_date, last_posted_date, reposts_received_count"
    rows = campaign(more_worlds, "climate", columns + ", likes_received_count")
    assert rows[TAKER] == ("GGG", 2, date(2016, 2, 29), date(2016, 3, 10), 15, 20)


def test_who_took_no_part_who_is_not_known_and_who_was_not_seen_are_three_answers(more_worlds):
    columns = "campaign_posts_count, known_posts_count, reposts_received_count, is_partial"
    rows = campaign(more_worlds, "climate", columns)
    assert rows[TAKER] == (2, 3, 15, False)
    assert rows[SILENT] == (0, 0, 0, False)
    assert rows[SHORT] == (1, 1, 10, True)  # captured in the middle of it
    assert rows[TEXTS] == (None, 0, None, None)  # posted, but the source does not tell hashtags
    assert rows[UNSEEN] == rows[SECOND] == (None, None, None, None)
    assert ENDED not in rows  # out of office before it began


def test_a_campaign_is_of_the_years_its_posts_are_of(more_worlds):
    assert campaign(more_worlds, "turn", "campaign_posts_count, first_posted_date")[TAKER] == (1, date(2016, 1, 1))
    assert campaign(more_worlds, "open", "campaign_posts_count, first_posted_date")[TAKER] == (0, None)
    assert (
        campaign(more_worlds, "past", "campaign_posts_count")
        == campaign(more_worlds, "future", "campaign_posts_count")
        == {}
    )


def session(more_worlds: Home, name: str, platform: str = "x") -> list[tuple]:
    return more_worlds.query(
        "select completeness_code, accounts_count, posts_count, answers_count, answered_accounts_count"
        f" from marts.question_sessions_yearly where session_id = '{name}' and platform_code = '{platform}'"
    )


def test_answers_are_replies_to_others_from_the_first_instant_to_the_end(more_worlds):
    assert session(more_worlds, "night") == [("collected", 1, 5, 3, 2)]  # across midnight
    assert session(more_worlds, "night", "mastodon") == [("not_collected", 0, None, None, None)]
    questions = "select distinct questions_count, questions_rounding_code, country_code"
    assert more_worlds.query(f"{questions} from marts.question_sessions_yearly where session_id = 'night'") == [
        (120, "rounded", "GGG")
    ]


def test_a_session_over_new_year_has_the_answers_of_each_year(more_worlds):
    assert session(more_worlds, "new-year") == [("collected", 1, 1, 1, 1)]
    assert session(more_worlds, "past") == []


def test_no_answer_and_answers_not_collected_are_two_answers(more_worlds):
    assert session(more_worlds, "silent") == [("partly_collected", 2, 0, 0, 0)]
    assert session(more_worlds, "unseen") == [("not_collected", 1, None, None, None)]
    assert session(more_worlds, "texts") == [("not_collected", 1, None, None, None)]  # the source leaves replies out
    for name in ("ended", "earlier"):  # nobody in that office, whatever office its last holder went to
        assert session(more_worlds, name) == [("not_collected", 0, None, None, None)]
