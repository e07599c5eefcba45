"""What posts are made of, on a small world that enters through collect; every figure by hand."""

from decimal import Decimal
from pathlib import Path

from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, write_tweets

YEAR = 2016  # a leap year
NEW_YEAR, LEAP_DAY, MIDDAY, AUTUMN = (
    "Fri Jan 01 00:00:00 +0000 2016",
    "Mon Feb 29 23:59:59 +0000 2016",
    "Mon May 02 12:00:00 +0000 2016",
    "Sat Oct 01 07:00:00 +0000 2016",
)
BEFORE, AFTER = "Thu Dec 31 23:59:59 +0000 2015", "Sun Jan 01 00:00:00 +0000 2017"
WRITER, PASSED, THIN, LEFT = range(101, 105)
THIRD, TWO_THIRDS, HALF = Decimal("0.333333333"), Decimal("0.666666667"), Decimal("0.5")


def entities(*tags: str, links: tuple[str, ...] = (), mentions: tuple[str, ...] = ()) -> dict:
    return {
        "hashtags": [{"text": tag} for tag in tags],
        "urls": [{"expanded_url": link} for link in links],
        "user_mentions": [{"id_str": mention} for mention in mentions],
    }


ACTIVE = entities("=cmd", "@a", "a\x07\u2069b", "\u200cfa", links=("https://+1.example/", "https://un.org/"))
"""What a spreadsheet or a terminal would act upon."""
PEOPLE = ["out", "in", "thin"]
ROSTER = {
    "sources": [
        SOURCES[1],
        {"source_id": "thin", "adapter": "x-v1.1-archive", "observed_at": "2017-02-01T00:00:00Z"},
    ],
    "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}],
    "countries": [{"country_code": "EEE"}, {"country_code": "FFF"}],
    "offices": [
        {"office_code": "EEE-head", "country_code": "EEE"},
        {"office_code": "EEE-minister", "country_code": "EEE", "category_code": "foreign_minister"},
        *({"office_code": f"FFF-{name}", "country_code": "FFF"} for name in [*PEOPLE, "left"]),
    ],
    "holders": [{"holder_id": name} for name in ["writer", *PEOPLE, "left"]],
    "terms": [
        {"office_code": "EEE-head", "holder_id": "writer", "start_date": "2012-01-01"},
        {"office_code": "EEE-minister", "holder_id": "writer", "start_date": "2016-02-01"},
        *({"office_code": f"FFF-{name}", "holder_id": name, "start_date": "2014-01-01"} for name in PEOPLE),
        {"office_code": "FFF-left", "holder_id": "left", "start_date": "2014-01-01", "end_date": "2016-04-30"},
    ],
    "accounts": [{"account_id": f"x:{account}", "country_code": "EEE"} for account in range(WRITER, LEFT + 1)],
    "assignments": [
        {"account_id": f"x:{WRITER}", "holder_id": "writer"},
        {"account_id": f"x:{PASSED}", "holder_id": "out", "end_date": "2016-06-30"},
        {"account_id": f"x:{PASSED}", "holder_id": "in", "start_date": "2016-06-30"},
        {"account_id": f"x:{THIN}", "holder_id": "thin"},
        {"account_id": f"x:{LEFT}", "holder_id": "left"},
    ],
}


def observe(folder: Path) -> None:
    plain = {"entities": entities(), "source": "Other"}
    write_tweets(
        folder,
        [
            tweet(101, WRITER, NEW_YEAR, lang="und", **plain),
            # "cafe" and a combining accent; two spellings of one hashtag
            tweet(
                102, WRITER, LEAP_DAY, entities=tweet(0, 0, "")["entities"] | entities("Peace", "PEACE", "cafe\u0301")
            ),
            tweet(
                103,
                WRITER,
                MIDDAY,
                lang="in",
                entities=entities("CAF\u00c9", links=("https://www.un.org/a", "http://UN.org/b"), mentions=("7",)),
            ),
            tweet(104, WRITER, BEFORE),
            tweet(105, WRITER, AFTER),
            tweet(106, WRITER, MIDDAY, retweeted_status=tweet(60, 500, MIDDAY)),
            tweet(107, PASSED, MIDDAY, lang="qme", entities=entities(links=("nowhere",), mentions=(str(PASSED),))),
            tweet(108, PASSED, AUTUMN, lang="pt-BR", source="=1+1\t\u202e", entities=ACTIVE),
            tweet(109, LEFT, MIDDAY),
        ],
        "content.jsonl",
    )
    thin = {"created_at": MIDDAY, "id_str": "110", "user": {"id_str": str(THIN), "screen_name": f"user{THIN}"}}
    write_tweets(folder, [{**thin, "retweet_count": 1, "favorite_count": 1}], source="thin")


def content(more_worlds: Home, account: int, dimension: str, holder: str | None = None) -> list[tuple]:
    return more_worlds.query(
        "select value_name, value_posts_count, known_posts_count, posts_share from marts.content_yearly"
        f" where account_id = 'x:{account}' and dimension_code = '{dimension}'"
        f" and holder_id = coalesce({holder!r}, holder_id) order by value_name".replace("None", "null")
    )


def test_spellings_of_one_hashtag_are_one_and_count_once_a_post(more_worlds):
    assert content(more_worlds, WRITER, "hashtag") == [("caf\u00e9", 2, 3, TWO_THIRDS), ("peace", 1, 3, THIRD)]


def test_a_language_that_nobody_could_tell_is_not_known(more_worlds):
    assert content(more_worlds, WRITER, "language") == [("en", 1, 2, HALF), ("id", 1, 2, HALF)]
    assert content(more_worlds, PASSED, "language", "out") == []  # of a post without a text
    assert content(more_worlds, PASSED, "language", "in") == [("pt", 1, 1, 1)]


def test_hours_and_weekdays_are_utc_and_so_is_the_year(more_worlds):
    assert content(more_worlds, WRITER, "hour") == [(hour, 1, 3, THIRD) for hour in ("00", "12", "23")]
    assert content(more_worlds, WRITER, "weekday") == [("1", 2, 3, TWO_THIRDS), ("5", 1, 3, THIRD)]


def test_form_and_program(more_worlds):
    assert content(more_worlds, WRITER, "kind") == [(kind, 1, 3, THIRD) for kind in ("link", "photo", "text")]
    assert content(more_worlds, WRITER, "client") == [("Client", 2, 3, TWO_THIRDS), ("Other", 1, 3, THIRD)]


def test_text_that_something_would_act_upon_is_unknown(more_worlds):
    for dimension in ("hashtag", "client", "domain"):
        assert content(more_worlds, PASSED, dimension, "in") == []
    assert content(more_worlds, PASSED, "language", "in") == [("pt", 1, 1, 1)]


def test_two_links_to_one_site_are_one_post_and_a_lost_address_is_not_known(more_worlds):
    assert content(more_worlds, WRITER, "domain") == [("un.org", 1, 3, THIRD)]
    assert content(more_worlds, PASSED, "domain", "out") == []


def test_a_part_is_there_or_known_not_to_be(more_worlds):
    assert content(more_worlds, WRITER, "part") == [
        ("hashtag", 2, 3, TWO_THIRDS),
        ("link", 1, 3, THIRD),
        ("mention", 1, 3, THIRD),
    ]
    assert content(more_worlds, PASSED, "part", "out") == [
        ("hashtag", 0, 1, 0),
        ("link", 1, 1, 1),
        ("mention", 0, 1, 0),
    ]


def test_what_a_source_of_texts_does_not_tell_is_unknown_and_not_zero(more_worlds):
    rows = more_worlds.query(
        f"select dimension_code, value_name from marts.content_yearly where account_id = 'x:{THIN}'"
    )
    assert sorted(rows) == [("hour", "12"), ("weekday", "1")]


def test_posts_belong_to_the_holder_in_office(more_worlds):
    rows = more_worlds.query(f"""
        select account_id, holder_id, known_posts_count from marts.content_yearly
        where account_id between 'x:{WRITER}' and 'x:{LEFT}' group by all""")
    everyone = {(account, holder) for account, holder, _ in rows}
    assert everyone == {("x:101", "writer"), ("x:102", "out"), ("x:102", "in"), ("x:103", "thin")}
