"""The shape of Bluesky's AppView: facts under the DID, and what is not of its form refused."""

import re

import pytest

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.bluesky import (
    cut_error,
    cut_item,
    cut_post,
    cut_profile,
    made_at,
    posted_at,
    schema_of,
    subject_of,
    uri_of,
)
from tests.support.recorded import bluesky_item as item
from tests.support.recorded import bluesky_repost as repost
from tests.support.recorded import body

PRESIDENT_DID, EMBASSY_DID, REPORTER_DID = (
    "did:plc:" + name.ljust(24, "a") for name in ("president", "embassy", "reporter")
)
AT = "2026-03-01T12:00:00Z"
URI = f"at://{PRESIDENT_DID}/app.bsky.feed.post/3mplain"


def cut(whole):
    """Cut one item of the president's feed."""
    return cut_item(whole, PRESIDENT_DID, AT, Outcome())


def feed(name):
    """Return the facts of a recorded feed by their record's key."""
    kept = [cut(whole) for whole in body("bluesky", name)["feed"]]
    return {facts.get("reason", facts["post"])["uri"].rpartition("/")[2]: facts for facts in kept}


def record(**facts):
    return item()["post"]["record"] | facts


def test_the_facts_of_a_profile_that_pass():
    president, ministry = (cut_profile(whole, Outcome()) for whole in body("bluesky", "profiles")["profiles"])
    assert president == {
        "did": PRESIDENT_DID,
        "handle": "president.example",
        "createdAt": "2024-05-01T08:00:00.000Z",
        "indexedAt": "2024-05-01T08:00:00.000Z",
        "followersCount": 12400,
        "followsCount": 31,
        "postsCount": 870,
        "verification": {"verifiedStatus": "valid", "trustedVerifierStatus": "none"},
    }
    assert "followsCount" not in ministry  # not there, which is not 0


def test_the_facts_of_a_post_that_pass():
    plain = feed("feed_first")["3mplain"]
    assert plain == {
        "post": {
            "uri": URI,
            "author": {"did": PRESIDENT_DID, "handle": "president.example"},
            "record": {
                "createdAt": "2026-02-20T09:00:00Z",
                "langs": ["fr", "en-GB"],
                "tags": ["climate"],
                "facets": [
                    {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Peace"}]},
                    {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": EMBASSY_DID}]},
                    {"features": [{"$type": "app.bsky.richtext.facet#link", "domain": "un.example"}]},
                ],
                "embed": {"$type": "app.bsky.embed.images"},
                "has_unread_tags": True,
            },
            "likeCount": 41,
            "repostCount": 7,
            "replyCount": 3,
            "quoteCount": 2,
            "bookmarkCount": 1,
            "indexedAt": "2026-02-20T09:00:00.120Z",
        }
    }
    assert posted_at(plain) == "2026-02-20T09:00:00Z"


def test_a_reply_and_a_quote_keep_whom_they_answer():
    records = {key: facts["post"].get("record") for key, facts in feed("feed_first").items()}
    question = {"uri": f"at://{REPORTER_DID}/app.bsky.feed.post/3mquestion"}
    own = {"uri": f"at://{PRESIDENT_DID}/app.bsky.feed.post/3manswer"}
    assert records["3manswer"]["reply"] == {"root": question, "parent": question}
    assert records["3mmore"]["reply"] == {"root": question, "parent": own}
    assert records["3mquote"]["embed"] == {"$type": "app.bsky.embed.record", "record": question}
    assert records["3mmedia"]["embed"] == {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"record": question},
        "media": {"$type": "app.bsky.embed.external"},
    }


@pytest.mark.parametrize(
    ("name", "place", "key", "reposted", "author"),
    [
        ("feed_first", 0, "3mrepost", "3mquestion", REPORTER_DID),
        ("feed_last", 1, "3mownrepost", "3mplain", PRESIDENT_DID),
    ],
    ids=["another's post", "an own post"],
)
def test_a_repost_is_its_own_record_and_has_no_counts(name, place, key, reposted, author):
    whole = body("bluesky", name)["feed"][place]
    made, kept = whole["reason"]["indexedAt"], cut(whole)
    assert kept == {
        "post": {"uri": f"at://{author}/app.bsky.feed.post/{reposted}", "author": {"did": author}},
        "reason": {
            "uri": f"at://{PRESIDENT_DID}/app.bsky.feed.repost/{key}",
            "by": {"did": PRESIDENT_DID},
            "indexedAt": made,
        },
    }
    assert (posted_at(kept), made_at(kept)) == ("", f"{made[:19]}Z")


def test_what_is_somebody_elses_has_no_facts():
    others_repost, others_post = repost(by={"did": EMBASSY_DID}), repost()
    del others_post["reason"]
    assert (cut(others_repost), cut(others_post)) == (None, None)
    assert cut(item() | {"reason": others_repost["reason"]}) == cut(item())
    assert cut(item() | {"reason": {"$type": "app.bsky.feed.defs#reasonPin"}}) == cut(item())


def test_counts_that_are_missing_stay_missing():
    bare = feed("feed_last")["3mbare"]["post"]
    assert not any(name.endswith("Count") for name in bare)


def test_no_content_passes():
    kept = [feed("feed_first"), feed("feed_last")]
    kept += [cut_profile(whole, Outcome()) for whole in body("bluesky", "profiles")["profiles"]]
    for content in ("canary", "sings", "http", "display", "bafy"):
        assert content not in str(kept).lower()


def test_unknown_fields_are_counted_by_name_and_never_kept():
    new, outcome = item(mood="Canary") | {"mood": "Canary"}, Outcome()
    new["post"]["author"]["mood"] = "Canary"
    new["post"]["record"] |= {"mood": "Canary", "A sentence: the canary sings": 1}
    assert cut_item(new, PRESIDENT_DID, AT, outcome) == cut(item())
    assert outcome.unknown_fields == {
        "feed.mood": 1,
        "post.mood": 1,
        "author.mood": 1,
        "record.mood": 1,
        "record.(no name)": 1,
        "record.tags of another form": 2,
    }
    profile, outcome = body("bluesky", "profiles")["profiles"][0], Outcome()
    assert cut_profile(profile | {"mood": "Canary"}, outcome) == cut_profile(profile, Outcome())
    assert outcome.unknown_fields == {"profile.mood": 1}


FAULTS = [
    (item(created="yesterday"), "createdAt does not look like"),
    (item(created="2026-02-30T09:00:00Z"), "a time is no real time"),
    (item(created="0001-01-01T00:00:00+05:00"), "a time is no real time"),
    (item(created="2026-02-20T09:00:00"), "createdAt does not look like"),
    (item(created=None), "createdAt is missing"),
    (item(created="2026-03-01T12:00:01Z"), "createdAt lies after the answer"),
    (item(created="2026-03-01T10:00:00-05:00"), "createdAt lies after the answer"),
    (item(record=None), "record is missing or not an object"),
    (item(uri="canary"), "uri does not look like"),
    (item(author={"did": "canary"}), "did does not look like"),
    (item(author={"did": PRESIDENT_DID, "handle": "Canary sings"}), "handle does not look like"),
    (item(likeCount=-1), "likeCount is not a count"),
    (item(likeCount="41"), "likeCount is not a count"),
    (item(likeCount=1.5), "likeCount is not a count"),
    (item(indexedAt="canary"), "indexedAt does not look like"),
    (item(record=record(reply={"root": {"uri": URI}, "parent": {"uri": "canary"}})), "uri does not look like"),
    (item(record=record(embed={"$type": "canary sings"})), "$type does not look like"),
    (item(record=record(embed={"$type": "app.bsky.embed.record"})), "record is missing or not an object"),
    (repost(uri=None), "uri is missing"),
    (repost(indexedAt="2026-02-30T09:00:00Z"), "a time is no real time"),
    (repost(indexedAt="2026-03-01T12:00:01.000Z"), "indexedAt lies after the answer"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=[f"{n} {reason}" for n, (_, reason) in enumerate(FAULTS)])
def test_an_item_that_is_not_of_its_form_is_refused(fault, reason):
    with pytest.raises(Refused, match=re.escape(reason)) as refused:
        cut(fault)
    assert "anary" not in str(refused.value)


def test_a_profile_without_a_real_date_is_refused():
    profile = body("bluesky", "profiles")["profiles"][0]
    with pytest.raises(Refused, match="a time is no real time"):
        cut_profile(profile | {"createdAt": "2024-02-30T08:00:00.000Z"}, Outcome())


def test_a_post_of_this_very_second_is_kept():
    kept = {"post": cut_post(item(created="2026-03-01T12:00:00.999Z")["post"], AT, Outcome())}
    assert posted_at(kept) == AT


def test_an_error_is_a_word_of_the_platforms_or_none():
    errors = body("bluesky", "errors")
    assert cut_error(errors["deactivated"]) == {"error": "AccountDeactivated", "is_not_found": False}
    assert cut_error(errors["profile_not_found"]) == {"error": "InvalidRequest", "is_not_found": True}
    assert (cut_error({"message": "not found"}), cut_error("<html>"), cut_error(None)) == ({}, {}, {})
    with pytest.raises(Refused, match="error does not look like"):
        cut_error({"error": "Canary sings"})


def test_a_subject_and_its_uri_name_each_other():
    subject = f"bluesky:{PRESIDENT_DID}/3mplain"
    assert (uri_of(subject), subject_of(URI, PRESIDENT_DID)) == (URI, subject)
    with pytest.raises(Refused, match="the uri is not its author's"):
        subject_of(URI, EMBASSY_DID)


def test_a_tag_of_another_form_makes_the_tags_unknown_and_is_counted():
    post = {
        "uri": URI,
        "author": {"did": PRESIDENT_DID},
        "record": {
            "createdAt": "2026-02-20T09:00:00Z",
            "tags": ["climate", "=1+1", "\u092a\u094d\u0930" * 30],
            "facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "a\u202eb"}]}],
        },
    }
    outcome = Outcome()
    kept = cut_post(post, "2026-03-01T12:00:00Z", outcome)
    assert kept["record"]["tags"] == ["climate", "\u092a\u094d\u0930" * 30]
    assert kept["record"]["has_unread_tags"]
    assert outcome.unknown_fields["record.tags of another form"] == 2
    assert schema_of({"post": kept}) == "bluesky/feed-post/2"
    assert schema_of({"post": {"uri": URI}}) == "bluesky/feed-post"
