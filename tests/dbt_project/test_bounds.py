"""A count that no platform ever reached is unknown and told, and no sum overflows: an older log may hold any number."""

import pytest

from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, write_roster

LARGEST = 2**53
"""The greatest number that an event holds; 1,024 of them are more than a column of a table holds."""
BOUND = 10**12
ROSTER = {
    "sources": [SOURCES[1]],
    "countries": [{"country_code": "AAA"}],
    "offices": [{"office_code": f"AAA-{name}", "country_code": "AAA"} for name in ("one", "two")],
    "holders": [{"holder_id": name} for name in ("one", "two")],
    "terms": [{"office_code": f"AAA-{name}", "holder_id": name, "start_date": "2015-01-01"} for name in ("one", "two")],
    "accounts": [{"account_id": f"x:{number}", "country_code": "AAA"} for number in (1, 2)],
    "assignments": [{"account_id": f"x:{number}", "holder_id": name} for number, name in ((1, "one"), (2, "two"))],
}


def seen(kind: str, subject: str, schema: str, data: dict) -> Event:
    at = SOURCES[1]["observed_at"]
    return Event("tweets", kind, subject, at, schema, data, at)


def events():
    """Return what an older adapter put into the log: posts and profiles of two accounts."""
    for account, followers in ((1, LARGEST), (2, 1000)):
        data = {"id_str": str(account), "screen_name": f"user{account}", "followers_count": followers}
        yield seen("account.observed", f"x:{account}", "x/v1.1/user", {**data, "statuses_count": 5})
    posts = [*[(1, LARGEST, 5)] * 1100, (2, BOUND, 7), (2, BOUND, 7)]
    for number, (account, reposts, likes) in enumerate(posts, start=10):
        data = {
            "id_str": str(number),
            "created_at": "Fri Mar 04 10:00:00 +0000 2016",
            "user": {"id_str": str(account), "screen_name": f"user{account}"},
            "retweet_count": reposts,
            "favorite_count": likes,
        }
        yield seen("post.observed", f"x:{account}/{number}", "x/v1.1/tweet", data)
    finished = {"outcome": "complete", "input": {"name": "a.jsonl", "sha256": "0" * 64}, "rows": 1104}
    finished |= {"events": {"account.observed": 2, "post.observed": 1102}, "duplicates": 0, "quarantined": []}
    yield seen("collection.finished", "tweets/a.jsonl", "collection/1", {**finished, "unknown_fields": {}})


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    folder = tmp_path_factory.mktemp("bounds")
    home = Home(folder / "data", folder / "roster")
    write_roster(home.roster, **ROSTER)
    ledger = Ledger(home.path / "log")
    assert home.run("collect") == 1  # the source has no file: its events are there already
    with ledger.writing(lambda _: None):
        ledger.append(segments.write(ledger.segments, "tweets", events()), "tweets", "0" * 64)
    home.build_collected(2016)
    return home


def test_what_is_beyond_the_bound_is_unknown_and_what_is_within_it_adds_up(world):
    found = world.query(
        "select account_id, posts_count, reposts_received_count, likes_received_count"
        " from marts.accounts_yearly order by account_id"
    )
    assert found == [("x:1", 1100, None, 5500), ("x:2", 2, 2 * BOUND, 14)]
    audiences = world.query("select account_id, audience_count from intermediate.int_stocks order by account_id")
    assert audiences == [("x:1", None), ("x:2", 1000)]


def test_it_is_told_of_which_account(world):
    found = world.query("select subject, detail from marts.data_issues_yearly where issue_code = 'count_beyond_bound'")
    assert found == [("x:1", "1,101 counts above 1,000,000,000,000 are taken for unknown")]
