"""The shape of X API v2: facts only, the same when they are cut twice, and what is not of its form refused."""

import pytest

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.x_v2 import cut_post, cut_problem, cut_user, posted_at
from twiplomacy.synthetic.x_api import CANARY, post, problem, user

DAY = "2026-02-01T00:00:00"


def test_cutting_twice_changes_nothing():
    whole = post(1, 100, DAY, entities={"mentions": [{"start": 3, "end": 9, "username": "u", "id": "7"}]})
    once = cut_post(whole, Outcome())
    assert cut_post(once, Outcome()) == once
    assert once["entities"] == {"mentions": [{"id": "7", "start": 3}]}
    once = cut_user(user(100), Outcome())
    assert cut_user(once, Outcome()) == once


@pytest.mark.parametrize("word", ["tweet", "post"])
def test_no_content_passes_in_either_vocabulary(word):
    for kept in (cut_post(post(1, 100, DAY, word), Outcome()), cut_user(user(100, word), Outcome())):
        for content in (CANARY, "canary", "t.co"):
            assert content not in str(kept)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": 12345678901234567890.0}, "lost digits"),
        ({"created_at": "yesterday"}, "created_at does not look like"),
        ({"created_at": "2026-02-30T00:00:00.000Z"}, "no real time"),
        ({"public_metrics": None}, "public_metrics is missing"),
        ({"public_metrics": {"like_count": 1}}, "neither retweet_count nor repost_count"),
        ({"author_id": "200"}, "somebody else's"),
    ],
)
def test_a_faulty_post_is_refused_with_its_reason(changes, reason):
    with pytest.raises(Refused, match=reason):
        cut_post(post(1, 100, DAY) | changes, Outcome(), "100")


def test_unknown_fields_are_counted_and_dropped():
    outcome, whole = Outcome(), post(1, 100, DAY, aura=CANARY)
    whole["public_metrics"]["glow_count"] = 1
    kept = cut_post(whole, outcome)
    assert outcome.unknown_fields == {"aura": 1, "public_metrics.glow_count": 1}
    assert kept == cut_post(post(1, 100, DAY), Outcome())


def test_of_a_problem_its_kind_is_kept_and_whether_it_says_suspended():
    suspended = problem("resource-not-found", "300", f"User has been suspended: {CANARY}")
    assert cut_problem(suspended) == {"type": "resource-not-found", "is_suspended": True}
    assert cut_problem({}) == {"type": "", "is_suspended": False}


def test_reposts_are_not_measured_again():
    once = cut_post(post(1, 100, DAY), Outcome())
    assert posted_at(once) == "2026-02-01T00:00:00Z"
    assert posted_at(once | {"referenced_tweets": [{"type": "retweeted", "id": "9"}]}) == ""
    assert posted_at(once | {"referenced_posts": [{"type": "quoted", "id": "9"}]}) == "2026-02-01T00:00:00Z"


def test_a_photo_of_the_post_is_no_link():
    kept = cut_post(post(1, 100, DAY), Outcome())
    assert kept["entities"]["urls"] == [{"domain": "example.org"}]
