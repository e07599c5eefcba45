"""What posts are made of, on a small world that enters through collect; every figure by hand."""

from decimal import Decimal

import pytest

from tests.conftest import Home
from tests.worlds import SOURCES, tweet, write_roster, write_tweets

YEAR = 2016  # a leap year
NEW_YEAR, LEAP_DAY, MIDDAY, AUTUMN = (
    "Fri Jan 01 00:00:00 +0000 2016",
    "Mon Feb 29 23:59:59 +0000 2016",
    "Mon May 02 12:00:00 +0000 2016",
    "Sat Oct 01 07:00:00 +0000 2016",
)
BEFORE, AFTER = "Thu Dec 31 23:59:59 +0000 2015", "Sun Jan 01 00:00:00 +0000 2017"
WRITER, PASSED, TEXTS, LEFT = range(101, 105)
THIRD, TWO_THIRDS, HALF = Decimal("0.333333333"), Decimal("0.666666667"), Decimal("0.5")


def entities(*tags: str, links: tuple[str, ...] = (), mentions: tuple[str, ...] = ()) -> dict:
    return {
        "hashtags": [{"text": tag} for tag in tags],
        "urls": [{"expanded_url": link} for link in links],
        "user_mentions": [{"id_str": mention} for mention in mentions],
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("content")
    people = ["writer", "out", "in", "texts", "left"]
    folder = write_roster(
        root / "roster",
        sources=[
            SOURCES[1],
            {"source_id": "texts", "adapter": "x-v1.1-archive", "observed_at": "2017-02-01T00:00:00Z"},
        ],
        offices=[
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "AAA-minister", "country_code": "AAA", "category_code": "foreign_minister"},
            *({"office_code": f"BBB-{name}", "country_code": "BBB"} for name in people[1:]),
        ],
        holders=[{"holder_id": name} for name in people],
        terms=[
            {"office_code": "AAA-head", "holder_id": "writer", "start_date": "2012-01-01"},
            {"office_code": "AAA-minister", "holder_id": "writer", "start_date": "2016-02-01"},
            *({"office_code": f"BBB-{name}", "holder_id": name, "start_date": "2014-01-01"} for name in people[1:-1]),
            {"office_code": "BBB-left", "holder_id": "left", "start_date": "2014-01-01", "end_date": "2016-04-30"},
        ],
        accounts=[{"account_id": f"x:{account}", "country_code": "AAA"} for account in range(WRITER, LEFT + 1)],
        assignments=[
            {"account_id": f"x:{WRITER}", "holder_id": "writer"},
            {"account_id": f"x:{PASSED}", "holder_id": "out", "end_date": "2016-06-30"},
            {"account_id": f"x:{PASSED}", "holder_id": "in", "start_date": "2016-06-30"},
            {"account_id": f"x:{TEXTS}", "holder_id": "texts"},
            {"account_id": f"x:{LEFT}", "holder_id": "left"},
        ],
    )
    plain = {"entities": entities(), "source": "Other"}
    write_tweets(
        folder,
        [
            tweet(1, WRITER, NEW_YEAR, lang="und", **plain),
            # "cafe" and a combining accent; two spellings of one hashtag
            tweet(2, WRITER, LEAP_DAY, entities=tweet(0, 0, "")["entities"] | entities("Peace", "PEACE", "cafe\u0301")),
            tweet(
                3,
                WRITER,
                MIDDAY,
                lang="in",
                entities=entities("CAF\u00c9", links=("https://www.un.org/a", "http://UN.org/b"), mentions=("7",)),
            ),
            tweet(4, WRITER, BEFORE),
            tweet(5, WRITER, AFTER),
            tweet(6, WRITER, MIDDAY, retweeted_status=tweet(60, 500, MIDDAY)),
            tweet(7, PASSED, MIDDAY, lang="qme", entities=entities(links=("nowhere",), mentions=(str(PASSED),))),
            tweet(8, PASSED, AUTUMN, lang="pt-BR", **plain),
            tweet(9, LEFT, MIDDAY),
        ],
    )
    thin = {"created_at": MIDDAY, "id_str": "10", "user": {"id_str": str(TEXTS), "screen_name": f"user{TEXTS}"}}
    write_tweets(folder, [{**thin, "retweet_count": 1, "favorite_count": 1}], source="texts")
    home = Home(root / "data", folder)
    home.build(YEAR)
    return home


def content(world: Home, account: int, dimension: str, holder: str | None = None) -> list[tuple]:
    return world.query(
        "select value_name, posts_count, known_posts_count, posts_share from marts.content_yearly"
        f" where account_id = 'x:{account}' and dimension_code = '{dimension}'"
        f" and holder_id = coalesce({holder!r}, holder_id) order by value_name".replace("None", "null")
    )


def test_spellings_of_one_hashtag_are_one_and_count_once_a_post(world):
    assert content(world, WRITER, "hashtag") == [("caf\u00e9", 2, 3, TWO_THIRDS), ("peace", 1, 3, THIRD)]


def test_a_language_that_nobody_could_tell_is_not_known(world):
    assert content(world, WRITER, "language") == [("en", 1, 2, HALF), ("id", 1, 2, HALF)]
    assert content(world, PASSED, "language", "out") == []  # of a post without a text
    assert content(world, PASSED, "language", "in") == [("pt", 1, 1, 1)]


def test_hours_and_weekdays_are_utc_and_so_is_the_year(world):
    assert content(world, WRITER, "hour") == [(hour, 1, 3, THIRD) for hour in ("00", "12", "23")]
    assert content(world, WRITER, "weekday") == [("1", 2, 3, TWO_THIRDS), ("5", 1, 3, THIRD)]


def test_form_and_program(world):
    assert content(world, WRITER, "kind") == [(kind, 1, 3, THIRD) for kind in ("link", "photo", "text")]
    assert content(world, WRITER, "client") == [("Client", 2, 3, TWO_THIRDS), ("Other", 1, 3, THIRD)]


def test_two_links_to_one_site_are_one_post_and_a_lost_address_is_not_known(world):
    assert content(world, WRITER, "domain") == [("un.org", 1, 3, THIRD)]
    assert content(world, PASSED, "domain", "out") == []


def test_a_part_is_there_or_known_not_to_be(world):
    assert content(world, WRITER, "part") == [
        ("hashtag", 2, 3, TWO_THIRDS),
        ("link", 1, 3, THIRD),
        ("mention", 1, 3, THIRD),
    ]
    assert content(world, PASSED, "part", "out") == [("hashtag", 0, 1, 0), ("link", 1, 1, 1), ("mention", 0, 1, 0)]


def test_what_a_source_of_texts_does_not_tell_is_unknown_and_not_zero(world):
    rows = world.query(f"select dimension_code, value_name from marts.content_yearly where account_id = 'x:{TEXTS}'")
    assert sorted(rows) == [("hour", "12"), ("weekday", "1")]


def test_posts_belong_to_the_holder_in_office(world):
    rows = world.query("select account_id, holder_id, known_posts_count from marts.content_yearly group by all")
    everyone = {(account, holder) for account, holder, _ in rows}
    assert everyone == {("x:101", "writer"), ("x:102", "out"), ("x:102", "in"), ("x:103", "texts")}
