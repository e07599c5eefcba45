"""Asking X API v2: both vocabularies, errors inside a 200, reach, and never any content; over HTTP on loopback."""

import json
from datetime import date
from decimal import Decimal

import pytest

from ingestion.collect.living.budget import Budget, Cost, Prices
from ingestion.collect.living.http import Http
from ingestion.collect.living.page import UNREADABLE, PlatformStopped, SubjectRefused, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.platforms.x import REACH, X
from ingestion.roster.sources import Price
from tests.conftest import PROJECT
from twiplomacy.synthetic.loopback import Reply, StillClock, serving
from twiplomacy.synthetic.x_api import CANARY, XServer, post, problem, user

SINCE = "2026-01-01T00:00:00Z"
KEY = {"Authorization": "Bearer the-key"}
PRICE = Price(
    platform_code="x",
    operation_code="posts",
    start_date="2026-01-01",
    per_code="resource",
    price_usd="0.005",
    price_url="https://example.org",
    checked_date="2026-01-01",
)


@pytest.fixture
def server():
    return XServer([user(100), user(200)], [post(i, 100, f"2026-02-0{i}T00:00:00") for i in range(1, 6)])


def fetch(answer, unit, platform=None, headers=KEY, peers=("100", "200")):
    """Ask for one page; return it and the way it was asked."""
    with serving(answer) as loopback:
        budget = Budget(Prices([PRICE], "x", date(2026, 3, 1)), Cost(Decimal(100)))
        client = Client(Http(StillClock(), "c"), budget, loopback.url, headers)
        page = (platform or X()).fetch(unit, client, Context("x-api", {}, frozenset(peers)))
    assert page.outcome.rows == len(page.events) + page.outcome.duplicates + page.outcome.left_out + len(
        page.outcome.quarantined
    )
    return page, loopback.requests, budget


def accounts(*ids):
    return Unit("accounts", tuple(f"x:{i}" for i in ids))


def timeline(cursor="", seen_count=0):
    return Unit("posts", ("x:100",), SINCE, cursor, seen_count)


@pytest.mark.parametrize("word", ["tweet", "post"])
def test_both_vocabularies_are_read_alike(word):
    server = XServer([user(100, word)], [post(1, 100, "2026-02-01T00:00:00", word)])
    page, requests, _ = fetch(server.answer, timeline(), X(word))
    (event,) = page.events
    assert event.data["public_metrics"][{"tweet": "retweet_count", "post": "repost_count"}[word]] == 10
    assert f"{word}.fields" in requests[0].query
    assert f"referenced_{word}s" in requests[0].query[f"{word}.fields"]
    page, _, _ = fetch(server.answer, accounts(100), X(word))
    assert page.events[0].data["public_metrics"][f"{word}_count"] == 7


def test_counts_in_neither_vocabulary_go_to_the_quarantine(server):
    del server.posts["1"]["public_metrics"]["retweet_count"]
    page, _, _ = fetch(server.answer, Unit("ages", ("x:100/1", "x:100/2")))
    assert [event.subject for event in page.events] == ["x:100/2"]
    (fault,) = page.outcome.quarantined
    assert "neither retweet_count nor repost_count" in fault["reason"]
    assert len(fault["sha256"]) == 64


def test_a_timeline_is_read_page_by_page_back_to_its_start(server):
    page, requests, budget = fetch(server.answer, timeline())
    assert [event.subject for event in page.events] == ["x:100/5", "x:100/4"]
    assert X.posted_at(page.events[0].data) == "2026-02-05T00:00:00Z"
    assert (page.cursor, page.got, page.oldest_at) == ("2", 0, "2026-02-04T00:00:00Z")
    assert requests[0].query["start_time"] == SINCE
    assert budget.spent.usd == Decimal("0.010")
    page, _, _ = fetch(server.answer, timeline("4", 4))
    assert (page.cursor, page.got, page.limit_code, len(page.events)) == (None, 1, "", 1)


def test_an_empty_timeline_is_a_whole_one(server):
    page, _, _ = fetch(server.answer, Unit("posts", ("x:200",), SINCE))
    assert (page.events, page.got, page.unavailable, page.cursor) == ([], 1, 0, None)


def test_a_timeline_that_ends_at_the_platforms_reach_says_so(server):
    server.page_size = 9
    page, _, _ = fetch(server.answer, timeline("0", REACH - 5))
    assert page.limit_code == "reach_limit"


def test_a_protected_timeline_is_unavailable(server):
    server.users["100"]["protected"] = True
    page, _, _ = fetch(server.answer, timeline())
    (event,) = page.events
    assert (event.type, event.subject) == ("account.unavailable", "x:100")
    assert event.data == {"id": "100", "type": "not-authorized-for-resource", "is_suspended": False}
    assert (page.got, page.unavailable) == (0, 1)


def test_a_200_is_an_error_in_part(server):
    server.suspended = {"300"}
    page, requests, _ = fetch(server.answer, accounts(100, 300, 400))
    assert requests[0].query["ids"] == "100,300,400"
    told = {event.subject: (event.type, dict(event.data)) for event in page.events}
    assert told["x:100"][0] == "account.observed"
    assert told["x:300"] == (
        "account.unavailable",
        {"id": "300", "type": "resource-not-found", "is_suspended": True},
    )
    assert told["x:400"][1]["is_suspended"] is False
    assert (page.got, page.unavailable) == (1, 2)


def test_all_of_a_200_may_be_errors(server):
    page, _, _ = fetch(server.answer, accounts(300, 400))
    assert {event.type for event in page.events} == {"account.unavailable"}


def test_who_is_left_out_without_a_word_is_noted():
    page, _, _ = fetch(lambda _: Reply({"data": [user(100)]}), accounts(100, 200))
    assert page.events[1].data == {"id": "200", "type": "left-out", "is_suspended": False}


def test_a_refused_item_is_not_taken_for_one_left_out():
    broken = user(200) | {"id": 2.0}
    page, _, _ = fetch(lambda _: Reply({"data": [user(100), broken]}), accounts(100, 200))
    assert [event.subject for event in page.events] == ["x:100"]
    assert "lost digits" in page.outcome.quarantined[0]["reason"]


def test_posts_measured_again_are_observed_or_unavailable(server):
    del server.posts["2"]
    page, requests, _ = fetch(server.answer, Unit("ages", ("x:100/1", "x:100/2")))
    assert requests[0].path == "/2/tweets"
    assert [(event.type, event.subject) for event in page.events] == [
        ("post.observed", "x:100/1"),
        ("post.unavailable", "x:100/2"),
    ]


def test_of_whom_an_account_follows_only_the_rosters_are_kept(server):
    server.follows = {"100": ["200", "999"]}
    page, _, _ = fetch(server.answer, Unit("follows", ("x:100",)))
    (event,) = page.events
    assert event.data == {"id": "100", "follows": [{"id": "200"}], "is_last": True}
    page, _, _ = fetch(server.answer, Unit("follows", ("x:200",)))
    assert page.events[0].data == {"id": "200", "follows": [], "is_last": True}


def test_a_follow_list_is_paid_for_up_to_its_reach():
    endless = {"data": [{"id": "200"}], "meta": {"next_token": "more"}}
    page, _, _ = fetch(lambda _: Reply(endless), Unit("follows", ("x:100",), seen_count=9))
    assert (page.cursor, page.limit_code, page.events[0].data["is_last"]) == (None, "reach_limit", False)


def test_volume_is_counted_by_the_day(server):
    day = {"start": "2026-02-01T00:00:00.000Z", "end": "2026-02-02T00:00:00.000Z", "tweet_count": 4}
    server.counts = {"100": [day]}
    page, requests, _ = fetch(server.answer, Unit("volume", ("x:100",), SINCE))
    assert page.events[0].data["days"] == [{"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z", "count": 4}]
    assert requests[0].query["query"] == "from:100"
    server.counts = {"100": [{**day, "tweet_count": None}]}
    with pytest.raises(UnitFailed, match="neither tweet_count nor post_count"):
        fetch(server.answer, Unit("volume", ("x:100",), SINCE))


def test_an_expired_key_stops_the_platform_and_is_not_shown(server):
    with pytest.raises(PlatformStopped, match=r"refused the key in TWIPLOMACY_X_BEARER_TOKEN.*401") as stopped:
        fetch(server.answer, accounts(100), headers={"Authorization": "Bearer an-old-key"})
    assert "an-old-key" not in str(stopped.value)


def test_a_refused_question_says_what_to_try():
    with pytest.raises(UnitFailed, match=r"400 Invalid Request; if .* TWIPLOMACY_X_WORD=post"):
        fetch(lambda _: Reply({"title": "Invalid Request"}, 400), accounts(100))


def test_no_content_is_in_any_event(server):
    for unit in (accounts(100, 200), timeline(), Unit("ages", ("x:100/1",))):
        page, _, _ = fetch(server.answer, unit)
        for event in page.events:
            line = event.encode().decode()
            assert CANARY not in line
            assert "canary" not in line
            assert "t.co" not in line


def test_the_problem_of_another_subject_is_not_taken_for_ones_own():
    reply = Reply({"data": [user(100)], "errors": [problem("resource-not-found", "999")]})
    page, _, _ = fetch(lambda _: reply, accounts(100, 200))
    assert page.events[1].data["type"] == "left-out"


def test_an_answer_without_the_fields_that_were_asked_for_is_no_posts_and_says_so():
    """As recorded of a client that asked for none: ids and texts, the platform's own paging and limits."""
    recorded = json.loads((PROJECT / "tests" / "recordings" / "x" / "timeline.json").read_text(encoding="utf-8"))
    page, _, _ = fetch(lambda _: Reply(recorded["body"], headers=recorded["headers"]), timeline())
    assert page.events == []
    assert [fault["reason"] for fault in page.outcome.quarantined] == ["created_at is missing"] * 2
    assert page.cursor == recorded["body"]["meta"]["next_token"]


@pytest.mark.parametrize("junk", [["a"], "text", 7, {"a": 1}, None])
@pytest.mark.parametrize("name", ["data", "errors"])
def test_a_part_that_is_no_list_is_no_empty_list(junk, name):
    answer = Reply({"data": [user(100)], "errors": []} | {name: junk})
    if isinstance(junk, list):
        page, _, _ = fetch(lambda _: answer, accounts(100, 200))
        assert [event.type for event in page.events] == ["account.observed"] * (name == "errors")
        assert len(page.outcome.quarantined) == 1  # so that nobody is taken for left out
    else:
        with pytest.raises(UnitFailed, match=f"something else than a list of {name}"):
            fetch(lambda _: answer, accounts(100, 200))


@pytest.mark.parametrize("meta", [[], "a", {"next_token": {"a": 1}}, {"next_token": 7}, {"next_token": ["a"]}])
def test_a_next_page_that_cannot_be_asked_for_is_no_end(meta):
    answer = Reply({"data": [post(1, 100, "2026-02-01T00:00:00")], "meta": meta})
    page, _, _ = fetch(lambda _: answer, timeline())
    assert (page.cursor, page.got, len(page.events)) == (UNREADABLE, 0, 1)


def test_a_sentence_in_the_place_of_a_code_word_is_not_said_again():
    sentence = "Somebody said this of the-key"
    for status, error in ((403, PlatformStopped), (404, UnitFailed)):
        with pytest.raises(error) as raised:
            fetch(lambda _, status=status: Reply({"title": sentence, "detail": sentence}, status), accounts(100))
        assert f"{status} another reason" in str(raised.value)
    problem = {"resource_id": "100", "type": f"https://x.example/{sentence}"}
    page, _, _ = fetch(lambda _: Reply({"errors": [problem]}), accounts(100))
    assert page.events[0].data["type"] == "another reason"


def refusal(**parameters):
    error = {"parameters": parameters, "message": f"{CANARY} is not valid"}
    return Reply({"errors": [error], "title": "Invalid Request", "detail": CANARY}, 400)


def test_a_batch_refused_for_an_id_says_what_to_check():
    with pytest.raises(SubjectRefused, match=r"400 Invalid Request; check the number or the handle in acc") as caught:
        fetch(lambda _: refusal(ids=["7"]), accounts(7, 100))
    assert CANARY not in str(caught.value)


def test_who_is_listed_by_a_handle_is_asked_for_by_it(server):
    server.suspended = {"gone"}
    server.users["100"]["username"] = "Palace"
    listed = ("x:@palace", "x:@gone", "x:@user200")
    page, requests, _ = fetch(server.answer, Unit("accounts", listed))
    assert (requests[0].path, requests[0].query["usernames"]) == ("/2/users/by", "palace,gone,user200")
    told = {event.subject: (event.type, event.data["id"]) for event in page.events}
    assert told == {
        "x:100": ("account.observed", "100"),
        "x:200": ("account.observed", "200"),
        "x:@gone": ("account.unavailable", "@gone"),
    }
    assert page.events[-1].data["is_suspended"] is True
    assert page.ids == {"x:@palace": "x:100", "x:@user200": "x:200"}
    assert (page.got, page.unavailable) == (2, 1)


def test_an_answer_by_handle_of_somebody_who_was_not_asked_for_is_left_out():
    reply = Reply({"data": [user(100), user(7)]})
    page, _, _ = fetch(lambda _: reply, Unit("accounts", ("x:@user100", "x:@palace")))
    assert [event.subject for event in page.events] == ["x:100", "x:@palace"]
    assert (page.outcome.left_out, page.events[1].data["type"]) == (1, "left-out")


def test_a_batch_refused_for_a_handle_is_asked_in_halves():
    with pytest.raises(SubjectRefused, match="400 Invalid Request; check the number or the handle"):
        fetch(lambda _: refusal(usernames=["p"]), Unit("accounts", ("x:@p", "x:@q")))


@pytest.mark.parametrize("reply", [refusal(**{"tweet.fields": ["x"]}), Reply({"title": "Bad"}, 400), Reply([], 400)])
def test_a_batch_refused_for_anything_else_is_refused_whole(reply):
    with pytest.raises(UnitFailed, match=r"400.*set TWIPLOMACY_X_WORD=post; else check the numbers in acc") as caught:
        fetch(lambda _: reply, accounts(7, 100))
    assert not isinstance(caught.value, SubjectRefused)
