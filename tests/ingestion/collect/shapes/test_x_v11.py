"""The shape of API v1.1: facts only, the same when they are cut twice, and what is not of its form refused."""

import re

import pytest

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.x_v11 import cut_tweet, cut_user, instant
from twiplomacy.synthetic.worlds import CANARY, tweet, user

NOON = "Thu Jan 02 12:00:00 +0000 2014"
WHOLE = [
    tweet(1, 100, NOON),
    tweet(2, 100, NOON, text=f"RT @x: {CANARY}"),
    tweet(3, 100, NOON, retweeted_status=tweet(30, 200, NOON), text=f"RT @user200: {CANARY}", favorite_count=0),
    tweet(4, 100, NOON, in_reply_to_user_id_str="200", in_reply_to_status_id_str="30", in_reply_to_user_id=200),
    tweet(5, 100, NOON, is_quote_status=True, quoted_status=tweet(31, 200, NOON), quoted_status_id_str="31"),
    tweet(6, 100, NOON, extended_entities={"media": [{"type": "photo"}, {"type": "video", "id": 1}]}),
    tweet(2**63 - 1, 100, NOON, user=user(100, followers_count=1001)),
]
"""A tweet of every kind."""


def cut(whole):
    return cut_tweet(whole, Outcome())


def without(name, item):
    return {key: value for key, value in item.items() if key != name}


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: whole["id_str"])
def test_cutting_twice_changes_nothing_and_no_content_passes(whole):
    outcome, once = Outcome(), cut(whole)
    assert cut_tweet(once, outcome) == once
    assert outcome.unknown_fields == {}
    for content in (CANARY, "canary", "seven", "http"):
        assert content not in str(once)


def test_the_facts_that_pass():
    kept = cut(WHOLE[0])
    assert kept.pop("user")["followers_count"] == 1000
    assert kept == {
        "created_at": NOON,
        "entities": {
            "hashtags": [{"text": "Peace"}],
            "urls": [{"domain": "example.org"}],
            "user_mentions": [{"id_str": "7"}],
        },
        "extended_entities": {"media": [{"type": "photo"}]},
        "favorite_count": 20,
        "id_str": "1",
        "is_quote_status": False,
        "lang": "en",
        "retweet_count": 10,
        "source": "Client",
        "truncated": False,
    }


def test_a_profile_that_is_cut_already_is_taken_as_it_is():
    author, outcome = cut_user(user(100), Outcome()), Outcome()
    assert cut_tweet(tweet(1, 100, NOON, user=user(100, mood=CANARY)), outcome, author)["user"] is author
    assert outcome.unknown_fields == {}


def test_what_only_the_text_tells_is_kept_as_a_flag():
    assert [kept["id_str"] for kept in map(cut, WHOLE) if kept.get("is_typed_repost")] == ["2"]


def test_ids_beyond_what_a_float_holds_stay_exact():
    assert cut(WHOLE[-1])["id_str"] == "9223372036854775807"


FAULTS = [
    (without("id_str", without("id", tweet(1, 100, NOON))), "the tweet's id is missing or does not look like"),
    (without("id_str", tweet(1, 100, NOON) | {"id": 5e17}), "the tweet's id is a number with lost digits"),
    (tweet(1, 100, NOON) | {"id_str": "12x"}, "the tweet's id is missing or does not look like"),
    (without("user", tweet(1, 100, NOON)), "user is missing"),
    (tweet(1, 100, "2014-01-02"), "created_at does not look like"),
    (tweet(1, 100, "Thu Feb 30 12:00:00 +0000 2014"), "created_at is no real time"),
    (without("retweet_count", tweet(1, 100, NOON)), "retweet_count is missing"),
    (tweet(1, 100, NOON, retweet_count=-1), "retweet_count is not a count"),
    (tweet(1, 100, NOON, favorite_count="9"), "favorite_count is not a count"),
    (tweet(1, 100, NOON, favorite_count=True), "favorite_count is not a count"),
    (tweet(1, 100, NOON, user=user(100, followers_count=1.5)), "followers_count"),
    (tweet(1, 100, NOON, user=user(100, followers_count="many")), "followers_count is not a count"),
    (tweet(1, 100, NOON, in_reply_to_user_id_str=CANARY), "in_reply_to_user_id_str does not look like"),
    (tweet(1, 100, NOON, user=user(100, screen_name=CANARY)), "screen_name does not look like"),
    (tweet(1, 100, NOON, retweeted_status={"user": {}}), "retweeted_status's id is missing"),
]


@pytest.mark.parametrize(("whole", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_tweet_that_is_not_of_its_form_is_refused(whole, reason):
    with pytest.raises(Refused, match=re.escape(reason)) as refused:
        cut(whole)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("source", ["", "<" * 500_000, f"<a>{'x' * 81}</a>", "<a>two\nlines</a>"])
def test_a_client_that_is_no_name_is_unknown_in_no_time(source):
    assert "source" not in cut_tweet(tweet(1, 100, NOON, source=source), Outcome())


def test_a_source_of_texts_may_know_only_whose_post_is_reposted():
    thin = {"created_at": NOON, "id_str": "1", "retweet_count": 1, "favorite_count": 2, "reply_count": 3}
    kept = cut(thin | {"user": {"id_str": "100"}, "retweeted_status": {"user": {"screen_name": "other"}}})
    assert kept["retweeted_status"] == {"user": {"screen_name": "other"}}
    assert kept["reply_count"] == 3


def test_unknown_fields_are_counted_and_never_kept():
    outcome = Outcome()
    kept = cut_tweet(tweet(1, 100, NOON, brand_new=CANARY, user=user(100, mood=CANARY)), outcome)
    assert outcome.unknown_fields == {"brand_new": 1, "user.mood": 1}
    assert kept == cut(WHOLE[0])


def test_twitters_time_is_an_instant():
    assert instant("Tue Sep 12 09:37:54 +0000 2017") == "2017-09-12T09:37:54Z"
    for wrong in ("Tue Feb 30 09:37:54 +0000 2017", "Tue Foo 12 09:37:54 +0000 2017"):
        with pytest.raises(Refused, match="created_at is no real time"):
            instant(wrong)


def test_a_mention_without_a_textual_id_is_one_all_the_same():
    mentions = [{"id_str": "7"}, {"id": 8}, {"id": None}, {"id": 9.0}, {}]
    cut = cut_tweet(tweet(1, 2, "Thu Jan 02 12:00:00 +0000 2014", entities={"user_mentions": mentions}), Outcome())
    assert cut["entities"]["user_mentions"] == [{"id_str": "7"}, {"id_str": "8"}]
