"""The shape of YouTube Data API v3: facts and no content, counts that are text, hidden or absent."""

import re
from functools import partial

import pytest

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.youtube import cut_channel, cut_upload, cut_video, error_words, posted_at
from tests.support.recorded import body
from tests.support.recorded import youtube_item as item
from twiplomacy.synthetic.worlds import CANARY

PRESIDENT_ID = "UCpresidentpresidentpre_"
recorded = partial(body, "youtube")


def test_the_facts_of_a_channel_that_pass():
    outcome = Outcome()
    assert cut_channel(item("channels", 1), outcome) == {
        "id": PRESIDENT_ID,
        "snippet": {
            "country": "GH",
            "customUrl": "@president",
            "defaultLanguage": "en",
            "publishedAt": "2009-01-20T12:00:00.123456Z",
        },
        "statistics": {
            "hiddenSubscriberCount": False,
            "subscriberCount": 1070000,
            "videoCount": 2678,
            "viewCount": 3331930783,
        },
    }
    assert outcome.unknown_fields == {}


@pytest.mark.parametrize("said", ["0", "1070000", None])
def test_a_hidden_audience_is_unknown_whatever_the_number_says(said):
    whole = item("channels", 1, statistics={"hiddenSubscriberCount": True, "subscriberCount": said})
    assert cut_channel(whole, Outcome())["statistics"] == {
        "hiddenSubscriberCount": True,
        "videoCount": 2678,
        "viewCount": 3331930783,
    }


def test_the_facts_of_a_video_that_pass():
    outcome = Outcome()
    quiet = cut_video(item("videos", 1), outcome)
    assert quiet == {
        "contentDetails": {"duration": "PT4M13S"},
        "id": "video-00002",
        "snippet": {
            "categoryId": "25",
            "channelId": PRESIDENT_ID,
            "defaultAudioLanguage": "en-GB",
            "defaultLanguage": "en",
            "liveBroadcastContent": "none",
            "publishedAt": "2026-01-10T09:00:00Z",
        },
        "statistics": {"viewCount": 52000},
        "status": {"license": "youtube", "madeForKids": False, "privacyStatus": "public"},
    }
    assert outcome.unknown_fields == {}
    assert posted_at(quiet) == "2026-01-10T09:00:00Z"


@pytest.mark.parametrize(
    ("video", "reason"),
    [
        (item("videos") | {"id": 1.5e10}, "the video's id is a number with lost digits"),
        (item("videos", snippet={"channelId": None}), "channelId is missing"),
        (item("videos", snippet={"publishedAt": "2026-02-30T00:00:00Z"}), "a time is no real time"),
        (item("videos", statistics={"viewCount": 52000}), "viewCount does not look like"),
        (item("videos", statistics={"viewCount": 52000.0}), "viewCount does not look like"),
        (item("videos", statistics={"viewCount": "52.0"}), "viewCount does not look like"),
        (item("videos", statistics={"viewCount": "-1"}), "viewCount does not look like"),
        (item("videos", statistics={"viewCount": "5_2"}), "viewCount does not look like"),
        (item("videos", statistics={"viewCount": "٥٢"}), "viewCount does not look like"),
        (item("videos", snippet={"liveBroadcastContent": CANARY}), "liveBroadcastContent does not look like"),
        (item("videos", contentDetails={"duration": CANARY}), "duration does not look like"),
        (item("videos") | {"statistics": None}, "statistics is missing or not an object"),
    ],
)
def test_a_video_that_is_not_of_its_form_is_refused(video, reason):
    with pytest.raises(Refused, match=re.escape(reason)) as refused:
        cut_video(video, Outcome())
    assert CANARY not in str(refused.value)


def test_no_content_passes():
    kept = [cut_channel(whole, Outcome()) for whole in recorded("channels")["items"]]
    kept += [cut_video(whole, Outcome()) for whole in recorded("videos")["items"]]
    for content in (CANARY, "canary", "media.example", "title", "tags"):
        assert content not in str(kept)


def test_a_field_nobody_knows_is_counted_and_never_kept():
    outcome = Outcome()
    channel = item("channels", 1, statistics={"mood": CANARY}) | {"mood": CANARY}
    video = item("videos", snippet={"mood": CANARY}) | {"mood": CANARY}
    assert "mood" not in str([cut_channel(channel, outcome), cut_video(video, outcome)])
    assert outcome.unknown_fields == {
        "channel.mood": 1,
        "channel.statistics.mood": 1,
        "video.mood": 1,
        "video.snippet.mood": 1,
    }


def test_an_upload_is_an_id_and_when_it_was_published_if_the_platform_says():
    details = {"videoId": "video-00003", "videoPublishedAt": "2026-02-20T09:00:00.5Z"}
    assert cut_upload({"contentDetails": details}) == ("video-00003", "2026-02-20T09:00:00Z")
    assert cut_upload({"contentDetails": {"videoId": "video-00003"}}) == ("video-00003", "")
    for upload, reason in (({}, "contentDetails is missing"), ({"contentDetails": {"videoId": 1.5e10}}, "lost digits")):
        with pytest.raises(Refused, match=reason):
            cut_upload(upload)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (recorded("errors")["bad_key"], {"API_KEY_INVALID", "badRequest"}),
        ({"error": {"errors": [{"reason": CANARY}], "details": [{}]}}, set()),
        ({"error": CANARY}, set()),
        (f"<html>{CANARY}</html>", set()),
    ],
)
def test_the_words_of_an_error_are_words(said, words):
    assert error_words(said) == words
