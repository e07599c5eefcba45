"""Archives of API v1.1: facts only, the same events from whole and cut files, faults in quarantine."""

import json

import pytest

from ingestion.collect import archive_x_v11, x_v11
from ingestion.collect.archive_x_v11 import XV11Archive
from ingestion.collect.outcome import Outcome
from tests.ingestion.collect.test_archives import archive_source, read_archive
from tests.worlds import CANARY, tweet, user

SOURCE = archive_source("x-v1.1-archive", "2017-10-03T22:06:31Z")
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


def read(path, lines):
    return read_archive(XV11Archive, path, lines, SOURCE)


def test_whole_and_cut_files_give_the_same_events(tmp_path):
    whole, _ = read(tmp_path / "whole.jsonl", WHOLE)
    cut, outcome = read(tmp_path / "cut.jsonl", [x_v11.cut_tweet(item, Outcome()) for item in WHOLE])
    assert [event.id for event in cut] == [event.id for event in whole]
    assert outcome.unknown_fields == {}


def test_no_content_passes(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    everything = b"".join(event.encode() for event in events)
    for content in (CANARY.encode(), b"canary", b"seven", b"http"):
        assert content not in everything


def test_the_facts_that_pass(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", [WHOLE[0]])
    account, post = events
    assert (account.type, account.subject, account.dataschema) == ("account.observed", "x:100", "x/v1.1/user")
    assert account.data["followers_count"] == 1000
    assert (post.type, post.subject, post.time) == ("post.observed", "x:100/1", "2017-10-03T22:06:31Z")
    assert post.data == {
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
        "user": {"id_str": "100", "screen_name": "user100"},
    }


def test_what_only_the_text_tells_is_kept_as_a_flag(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    flagged = [event.data["id_str"] for event in events if event.data.get("is_typed_repost")]
    assert flagged == ["2"]


def test_ids_beyond_what_a_float_holds_stay_exact(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    assert events[-1].subject == "x:100/9223372036854775807"


def test_an_account_is_observed_once_per_state_it_was_seen_in(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    assert [event.data["followers_count"] for event in events if event.type == "account.observed"] == [1000, 1001]


def without(name, item):
    return {key: value for key, value in item.items() if key != name}


FAULTS = [
    ("{", "not JSON"),
    ("[1]", "a list, not a tweet object"),
    ("<html>Rate limited</html>", "not JSON"),
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
    (tweet(1, 100, NOON, entities={"hashtags": "Peace"}), "a part has an unexpected shape"),
    (tweet(1, 100, NOON, user=user(100, followers_count=1.5)), "followers_count"),
    (tweet(1, 100, NOON, user=user(100, followers_count="many")), "followers_count is not a count"),
    (tweet(1, 100, NOON, lang=CANARY), "lang does not look like"),
    (tweet(1, 100, NOON, in_reply_to_user_id_str=CANARY), "in_reply_to_user_id_str does not look like"),
    (tweet(1, 100, NOON, user=user(100, screen_name=CANARY)), "screen_name does not look like"),
    (tweet(1, 100, "Wed Oct 04 00:00:00 +0000 2017"), "created_at is after the archive was observed"),
    (tweet(1, 100, NOON, lang=7.5), "lang does not look like"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_faulty_line_is_quarantined_and_the_rest_goes_on(tmp_path, line, reason):
    events, outcome = read(tmp_path / "archive.jsonl", [WHOLE[0], line, WHOLE[3]])
    assert [event.subject for event in events if event.type == "post.observed"] == ["x:100/1", "x:100/4"]
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("archive.jsonl", 2)
    assert reason in fault["reason"]
    assert CANARY not in json.dumps(outcome.quarantined)


def test_a_refused_line_does_not_hide_the_profile_that_later_lines_show(tmp_path):
    late = tweet(1, 100, "Wed Oct 04 00:00:00 +0000 2017")
    events, outcome = read(tmp_path / "archive.jsonl", [late, tweet(2, 100, NOON), tweet(3, 100, NOON)])
    assert len(outcome.quarantined) == 1
    assert [event.subject for event in events] == ["x:100", "x:100/2", "x:100/3"]


def test_a_line_that_is_there_twice_is_one_event_and_a_duplicate(tmp_path):
    events, outcome = read(tmp_path / "archive.jsonl", [WHOLE[0], WHOLE[0]])
    assert len(events) == 2
    assert (outcome.rows, outcome.duplicates) == (2, 1)


def test_a_list_of_profiles_gives_their_accounts(tmp_path):
    profile = user(100) | {"status": without("user", tweet(1, 100, NOON))}
    (event,), outcome = read(tmp_path / "profiles.jsonl", [profile])
    assert (event.type, event.subject, event.dataschema) == ("account.observed", "x:100", "x/v1.1/user")
    assert event.data == x_v11.cut_user(profile, Outcome())
    assert "status" not in event.data
    assert (outcome.rows, outcome.duplicates, outcome.unknown_fields) == (1, 0, {})
    assert CANARY.encode() not in event.encode()


def test_a_profile_that_is_there_twice_is_a_duplicate(tmp_path):
    events, outcome = read(tmp_path / "profiles.jsonl", [user(100), user(100), user(101), {"screen_name": "nobody"}])
    assert [event.subject for event in events] == ["x:100", "x:101"]
    assert (outcome.rows, outcome.duplicates, len(outcome.quarantined)) == (4, 1, 1)


def test_a_source_of_texts_may_know_only_whose_post_is_reposted(tmp_path):
    thin = {"created_at": NOON, "id_str": "1", "retweet_count": 1, "favorite_count": 2, "reply_count": 3}
    by_handle = thin | {"user": {"id_str": "100"}, "retweeted_status": {"user": {"screen_name": "other"}}}
    events, outcome = read(tmp_path / "archive.jsonl", [by_handle])
    assert outcome.quarantined == []
    assert events[-1].data["retweeted_status"] == {"user": {"screen_name": "other"}}
    assert events[-1].data["reply_count"] == 3
    events, outcome = read(tmp_path / "archive.jsonl", [by_handle | {"retweeted_status": {"user": {}}}])
    assert "retweeted_status's id is missing" in outcome.quarantined[0]["reason"]


def test_profiles_are_known_again_only_as_far_as_memory_is_meant_to_go(tmp_path, monkeypatch):
    cut = []
    monkeypatch.setattr(archive_x_v11, "MOST_PROFILES", 1)
    monkeypatch.setattr(archive_x_v11, "cut_tweet", lambda *given: cut.append(len(given)) or x_v11.cut_tweet(*given))
    lines = [tweet(number, author, NOON) for number, author in enumerate((100, 100, 200, 100))]
    events, _ = read(tmp_path / "archive.jsonl", lines)
    assert cut == [2, 3, 2, 2]  # the third argument is a profile that was remembered
    assert [event.subject for event in events if event.type == "account.observed"] == ["x:100", "x:200"]


def test_unknown_fields_are_counted_and_never_kept(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [tweet(1, 100, NOON, brand_new=CANARY, user=user(100, mood=CANARY))])
    assert outcome.unknown_fields == {"brand_new": 1, "user.mood": 1}
    assert CANARY.encode() not in b"".join(event.encode() for event in events)


def test_a_profile_nested_too_deep_to_compare_stops_nothing(tmp_path):
    deep = json.dumps(tweet(1, 100, NOON, user=user(100, mood=0))).replace(
        '"mood": 0', f'"mood": {"[" * 1000}{"]" * 1000}'
    )
    events, outcome = read(tmp_path / "archive.jsonl", [deep, deep.replace('"id_str": "1"', '"id_str": "2"')])
    posts_count = sum(event.type == "post.observed" for event in events)
    assert outcome.rows == posts_count + len(outcome.quarantined) == 2
