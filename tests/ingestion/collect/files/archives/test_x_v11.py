"""Archives of API v1.1: facts only, the same events from complete and cut files, faults in quarantine."""

import json

import pytest

from ingestion.collect.files.archives import x_v11
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.outcome import Outcome
from ingestion.collect.shapes.x_v11 import cut_tweet, cut_user
from tests.ingestion.collect.files.archives.test_archives import archive_source, read_archive
from tests.ingestion.collect.shapes.test_x_v11 import NOON, WHOLE, without
from twiplomacy.synthetic.worlds import CANARY, tweet, user

SOURCE = archive_source("x-v1.1-archive", "2017-10-03T22:06:31Z")


def read(path, lines):
    return read_archive(XV11Archive, path, lines, SOURCE)


def test_whole_and_cut_files_give_the_same_events(tmp_path):
    whole, _ = read(tmp_path / "whole.jsonl", WHOLE)
    cut, outcome = read(tmp_path / "cut.jsonl", [cut_tweet(item, Outcome()) for item in WHOLE])
    assert [event.id for event in cut] == [event.id for event in whole]
    assert outcome.unknown_fields == {}


def test_no_content_passes(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    everything = b"".join(event.encode() for event in events)
    for content in (CANARY.encode(), b"canary", b"seven", b"http"):
        assert content not in everything


def test_a_tweet_gives_itself_and_its_authors_profile(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", [WHOLE[0]])
    account, post = events
    assert (account.type, account.subject, account.dataschema) == ("account.observed", "x:100", "x/v1.1/user")
    assert account.data["followers_count"] == 1000
    assert (post.type, post.subject, post.time) == ("post.observed", "x:100/1", "2017-10-03T22:06:31Z")
    assert post.data == cut_tweet(WHOLE[0], Outcome()) | {"user": {"id_str": "100", "screen_name": "user100"}}


def test_an_account_is_observed_once_per_state_it_was_seen_in(tmp_path):
    events, _ = read(tmp_path / "whole.jsonl", WHOLE)
    assert [event.data["followers_count"] for event in events if event.type == "account.observed"] == [1000, 1001]


FAULTS = [
    ("{", "not JSON"),
    ("[1]", "a list, not a tweet object"),
    ("<html>Rate limited</html>", "not JSON"),
    (without("id_str", tweet(1, 100, NOON) | {"id": 5e17}), "the tweet's id is a number with lost digits"),
    (without("user", tweet(1, 100, NOON)), "user is missing"),
    (tweet(1, 100, NOON, retweeted_status=["5"]), "retweeted_status is missing or not an object"),
    (tweet(1, 100, "Wed Oct 04 00:00:00 +0000 2017"), "created_at is after the archive was observed"),
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
    assert event.data == cut_user(profile, Outcome())
    assert "status" not in event.data
    assert (outcome.rows, outcome.duplicates, outcome.unknown_fields) == (1, 0, {})
    assert CANARY.encode() not in event.encode()


def test_a_profile_that_is_there_twice_is_a_duplicate(tmp_path):
    events, outcome = read(tmp_path / "profiles.jsonl", [user(100), user(100), user(101), {"screen_name": "nobody"}])
    assert [event.subject for event in events] == ["x:100", "x:101"]
    assert (outcome.rows, outcome.duplicates, len(outcome.quarantined)) == (4, 1, 1)


def test_profiles_are_known_again_only_as_far_as_memory_is_meant_to_go(tmp_path, monkeypatch):
    cut = []
    monkeypatch.setattr(x_v11, "MOST_PROFILES", 1)
    monkeypatch.setattr(x_v11, "cut_tweet", lambda *given: cut.append(len(given)) or cut_tweet(*given))
    lines = [tweet(number, author, NOON) for number, author in enumerate((100, 100, 200, 100))]
    events, _ = read(tmp_path / "archive.jsonl", lines)
    assert cut == [2, 3, 2, 2]  # the third argument is a profile that was remembered
    assert [event.subject for event in events if event.type == "account.observed"] == ["x:100", "x:200"]


def test_a_very_large_profile_is_not_kept_in_memory():
    outcome = Outcome()
    shape = XV11Archive(SOURCE, outcome)
    for author, mood in ((100, "small"), (100, "x" * 100_000), (200, "x" * 100_000), (300, "small")):
        (part,) = shape.parts(tweet(author, author, NOON, user=user(author, mood=mood)))
        part.make(part.thing)
    assert set(shape._profiles) == {"300"}


def test_a_profile_nested_too_deep_to_compare_stops_nothing(tmp_path):
    deep = json.dumps(tweet(1, 100, NOON, user=user(100, mood=0))).replace(
        '"mood": 0', f'"mood": {"[" * 1000}{"]" * 1000}'
    )
    events, outcome = read(tmp_path / "archive.jsonl", [deep, deep.replace('"id_str": "1"', '"id_str": "2"')])
    posts_count = sum(event.type == "post.observed" for event in events)
    assert outcome.rows == posts_count + len(outcome.quarantined) == 2


@pytest.mark.parametrize("user", [{"user_id": 100}, {"user_id": 100, "user_id_str": "100"}])
def test_a_message_of_a_stream_that_a_tweet_was_deleted_is_an_event(tmp_path, user):
    message = {"delete": {"status": {"id": 1, "id_str": "1", **user}, "timestamp_ms": "1504605600000"}}
    events, outcome = read(tmp_path / "a.jsonl", [tweet(1, 100, NOON), message])
    gone = events[-1]
    assert (gone.type, gone.subject, gone.time) == ("post.unavailable", "x:100/1", SOURCE.observed_instant)
    assert (gone.dataschema, gone.data) == ("x/v1.1/delete", {"id_str": "1", "user_id_str": "100"})
    assert (outcome.rows, outcome.left_out, outcome.quarantined) == (2, 0, [])


def test_what_else_a_stream_says_is_left_out_and_a_deletion_of_nobodys_is_refused(tmp_path):
    others = [{"limit": {"track": 3}}, {"scrub_geo": {"user_id": 1}}, {"status_withheld": {"id": 1}}]
    events, outcome = read(tmp_path / "a.jsonl", [*others, {"delete": {"status": {"id": 1}}}, {"delete": "1"}])
    assert (events, outcome.rows, outcome.left_out) == ([], 5, 3)
    assert [fault["reason"] for fault in outcome.quarantined] == [
        r"the user's id is missing or does not look like \d{1,20}",
        "delete is missing or not an object",
    ]


@pytest.mark.parametrize("entities", ["Peace", {"hashtags": "Peace"}, {"hashtags": [{}]}, {"urls": [None]}])
def test_entities_of_another_form_cost_what_they_say_and_not_the_tweet(tmp_path, entities):
    events, outcome = read(tmp_path / "a.jsonl", [tweet(1, 100, NOON, entities=entities)])
    (post,) = (event for event in events if event.type == "post.observed")
    assert not {"entities", "extended_entities", "truncated"} & post.data.keys()
    assert (outcome.quarantined, outcome.unknown_fields) == ([], {"entities of another form": 1})
