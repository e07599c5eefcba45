"""Asking YouTube: what lists leave out without a word, uploads to the end, and a quota and a key that give out."""

from datetime import date
from functools import partial

import pytest

from ingestion.collect.living.budget import Budget, BudgetReached, Cost, Prices
from ingestion.collect.living.http import Http, HttpError
from ingestion.collect.living.page import PlatformStopped, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.platforms.youtube import REACH, YouTube
from ingestion.log.events import instant
from ingestion.roster.platforms import PLATFORMS
from ingestion.roster.sources import Price
from tests.support.recorded import body
from tests.support.recorded import youtube_item as item
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving
from twiplomacy.synthetic.worlds import CANARY

PRESIDENT_ID, MINISTRY_ID, NOBODY_ID = "UCpresidentpresidentpre_", "UCministryministryminis-", "UCnobodynobodynobodynob"
PRESIDENT, MINISTRY, NOBODY = (f"youtube:{native}" for native in (PRESIDENT_ID, MINISTRY_ID, NOBODY_ID))
NEWEST, PRIVATE, QUIET, OLD = (f"video-0000{number}" for number in (4, 3, 2, 1))
recorded = partial(body, "youtube")
SINCE = "2026-01-01T00:00:00Z"
THE_KEY = "the-key-that-nobody-sees"
CONTEXT = Context("youtube-api", {}, frozenset())
PRICE = Price(
    platform_code="youtube",
    operation_code="list",
    start_date="2026-01-01",
    per_code="request",
    quota_units_count=1,
    price_url="https://example.org",
    checked_date="2026-01-01",
)


def refusal(name):
    error = recorded("errors")[name]
    return Reply(error, error["error"]["code"])


def only(name, *items):
    """Return a recorded list with other items; without the field if there are none, as YouTube does."""
    whole = recorded(name) | {"items": list(items)}
    return whole if items else {key: value for key, value in whole.items() if key != "items"}


def by_path(replies):
    def answer(request):
        found = replies[request.path.removeprefix("/")]
        return found if isinstance(found, Reply) else Reply(found)

    return answer


def asking(url, units=100):
    budget = Budget(Prices([PRICE], "youtube", date(2026, 3, 1)), Cost(units=units))
    name, prefix = PLATFORMS["youtube"].key_header
    return Client(Http(StillClock(), "c"), budget, url, {name: prefix + THE_KEY})


def fetched(part, subjects, replies, **unit):
    """Return a page, whose rows all went somewhere, and the requests it took, each of which cost a unit."""
    unit = Unit(part, subjects, **({"since": SINCE} if part == "posts" else {}) | unit)
    with serving(by_path(replies)) as server:
        client = asking(server.url)
        page = YouTube().fetch(unit, client, CONTEXT)
    outcome = page.outcome
    assert outcome.rows == len(page.events) + outcome.duplicates + outcome.left_out + len(outcome.quarantined)
    assert client.spent == Cost(units=len(server.requests))
    return page, server.requests


def failing(error, match, reply, part="posts"):
    """Assert how a question ends that every list of the platform's answers so; return what is said."""
    subject = f"{PRESIDENT}/{NEWEST}" if part == "ages" else PRESIDENT
    with serving(lambda _: reply) as server, pytest.raises(error, match=match) as raised:
        YouTube().fetch(Unit(part, (subject,), SINCE), asking(server.url), CONTEXT)
    assert THE_KEY not in str(raised.value)
    assert CANARY not in str(raised.value)


def test_channels_are_observed():
    page, (request,) = fetched("accounts", (PRESIDENT, MINISTRY), {"channels": recorded("channels")})
    assert (request.path, request.headers["x-goog-api-key"]) == ("/channels", THE_KEY)
    assert request.query == {"part": "snippet,statistics", "id": f"{PRESIDENT_ID},{MINISTRY_ID}", "maxResults": "50"}
    president, ministry = page.events
    assert (president.type, president.subject, president.time) == ("account.observed", PRESIDENT, instant(NOON))
    assert president.dataschema == "youtube/channel"
    assert president.data["statistics"]["subscriberCount"] == 1070000
    assert ministry.subject == MINISTRY
    assert (page.got, page.unavailable, page.outcome.unknown_fields) == (2, 0, {})


def test_a_channel_that_is_left_out_is_unavailable():
    page, _ = fetched("accounts", (PRESIDENT, NOBODY, MINISTRY), {"channels": recorded("channels")})
    assert [event.subject for event in page.events] == [PRESIDENT, NOBODY, MINISTRY]
    left_out = page.events[1]
    assert (left_out.type, left_out.dataschema) == ("account.unavailable", "youtube/missing")
    assert left_out.data == {"id": NOBODY_ID, "reason": "left-out"}
    assert (page.got, page.unavailable) == (2, 1)
    page, _ = fetched("accounts", (NOBODY,), {"channels": only("channels")})
    assert (page.got, page.unavailable) == (0, 1)


def named(channels, name):
    return fetched("accounts", (f"youtube:@{name}",), {"channels": channels})


def test_who_is_listed_by_a_handle_is_asked_for_by_it():
    channel = item("channels", 1)
    channel["snippet"]["customUrl"] = "@ThePresident"
    page, (request,) = named(only("channels", channel), "thepresident")
    assert request.query == {"part": "snippet,statistics", "forHandle": "@thepresident"}
    assert [(event.type, event.subject) for event in page.events] == [("account.observed", PRESIDENT)]
    assert (page.ids, page.got, page.unavailable) == ({"youtube:@thepresident": PRESIDENT}, 1, 0)
    page, _ = named(only("channels", channel), "ministry")
    assert [fault["reason"] for fault in page.outcome.quarantined] == ["the channel is somebody else's"]
    assert (page.ids, page.got, page.unavailable) == ({}, 0, 0)
    page, _ = named(only("channels"), "ministry")
    assert [(event.type, event.subject) for event in page.events] == [("account.unavailable", "youtube:@ministry")]
    assert (page.ids, page.got, page.unavailable) == ({}, 0, 1)


@pytest.mark.parametrize("junk", ["text", 7, None, ["a"], {"id": ["a"]}])
def test_an_item_of_no_form_costs_no_other(junk):
    page, _ = fetched("accounts", (PRESIDENT, MINISTRY), {"channels": only("channels", junk, item("channels", 1))})
    assert [event.subject for event in page.events] == [PRESIDENT]
    assert (page.unavailable, len(page.outcome.quarantined)) == (0, 1)
    with pytest.raises(UnitFailed, match="something else than a list"):
        fetched("accounts", (PRESIDENT,), {"channels": recorded("channels") | {"items": junk if junk != ["a"] else {}}})


def test_no_channel_is_left_out_while_one_came_without_a_readable_id():
    channels = only("channels", item("channels", 1), item("channels", 0) | {"id": 1.5e17})
    page, _ = fetched("accounts", (PRESIDENT, MINISTRY), {"channels": channels})
    assert [event.subject for event in page.events] == [PRESIDENT]
    assert (page.got, page.unavailable, len(page.outcome.quarantined)) == (1, 0, 1)


def test_a_channel_that_is_not_of_its_form_is_neither_got_nor_unavailable():
    channel = item("channels", 1, statistics={"viewCount": "9999999999999999"})
    page, _ = fetched("accounts", (PRESIDENT,), {"channels": only("channels", channel)})
    assert (page.events, page.got, page.unavailable, len(page.outcome.quarantined)) == ([], 0, 0, 1)


def test_a_list_of_channels_that_is_not_whole_leaves_nobody_out():
    failing(UnitFailed, "a part of the channels only", Reply(recorded("channels") | {"nextPageToken": "x"}), "accounts")


def timeline(uploads="uploads_first", videos=None, **unit):
    videos = recorded("videos") if videos is None else videos
    return fetched("posts", (PRESIDENT,), {"playlistItems": recorded(uploads), "videos": videos}, **unit)


def test_videos_are_observed():
    page, (uploads, videos) = timeline("uploads_last", cursor="EAAaBlBUOkNBRQ", seen_count=2)
    assert (uploads.path, uploads.query) == (
        "/playlistItems",
        {
            "part": "contentDetails",
            "playlistId": "UUpresidentpresidentpre_",
            "maxResults": "50",
            "pageToken": "EAAaBlBUOkNBRQ",
        },
    )
    assert (videos.path, videos.query) == (
        "/videos",
        {"part": "snippet,statistics,contentDetails,status", "id": QUIET, "maxResults": "50"},
    )
    (event,) = page.events
    assert (event.type, event.subject, event.dataschema) == ("post.observed", f"{PRESIDENT}/{QUIET}", "youtube/video")
    assert event.data["statistics"] == {"viewCount": 52000}
    assert (page.outcome.left_out, page.outcome.unknown_fields) == (1, {})
    assert (page.cursor, page.limit_code, page.oldest_at, page.got) == (None, "", "2025-12-24T18:00:00Z", 1)
    assert YouTube.posted_at(event.data) == "2026-01-10T09:00:00Z"
    assert YouTube.requests_per_page == {"posts": 2}


def test_an_upload_that_the_platform_does_not_show_is_unavailable_and_the_timeline_is_not():
    page, requests = timeline(videos=only("videos", item("videos")))
    assert requests[1].query["id"] == f"{NEWEST},{PRIVATE}"
    newest, private = page.events
    assert newest.data["statistics"] == {"commentCount": 210, "likeCount": 1300, "viewCount": 52000}
    assert (private.type, private.subject) == ("post.unavailable", f"{PRESIDENT}/{PRIVATE}")
    assert private.data == {"id": PRIVATE, "reason": "left-out"}
    assert (page.cursor, page.got, page.unavailable) == ("EAAaBlBUOkNBRQ", 0, 0)
    assert page.oldest_at == "2026-02-20T09:00:00Z"


def test_a_page_that_is_older_than_wanted_ends_the_timeline_and_asks_for_no_video():
    page, requests = timeline(since="2026-02-21T00:00:00Z", videos=only("videos"))
    assert requests[1].query["id"] == PRIVATE  # it has no time, so that it may be new
    assert (page.outcome.left_out, page.cursor, page.limit_code) == (1, None, "")
    page, requests = fetched(
        "posts",
        (PRESIDENT,),
        {"playlistItems": recorded("uploads_last") | {"nextPageToken": "more"}},
        since="2026-02-21T00:00:00Z",
    )
    assert [request.path for request in requests] == ["/playlistItems"]
    assert (page.events, page.outcome.left_out, page.cursor, page.limit_code, page.got) == ([], 2, None, "", 1)


def test_a_timeline_that_ends_near_the_platforms_reach_says_so():
    page, _ = timeline("uploads_last", seen_count=REACH - 53)
    assert page.limit_code == ""
    page, _ = timeline("uploads_last", seen_count=REACH - 52)
    assert (page.cursor, page.limit_code) == (None, "reach_limit")
    page, _ = timeline("uploads_first", seen_count=REACH - 52)
    assert (page.cursor, page.limit_code) == ("EAAaBlBUOkNBRQ", "")
    page, _ = timeline("uploads_last", seen_count=REACH - 52, since="2026-02-01T00:00:00Z")
    assert page.limit_code == ""


def test_an_upload_that_is_listed_twice_is_one_video():
    uploads = only("uploads_last", item("uploads_last"), item("uploads_last"))
    page, _ = fetched("posts", (PRESIDENT,), {"playlistItems": uploads, "videos": recorded("videos")})
    assert ([event.data["id"] for event in page.events], page.outcome.duplicates) == ([QUIET], 1)


@pytest.mark.parametrize("upload", [None, {}, {"contentDetails": {"videoId": 1.5e10}}])
def test_an_upload_that_cannot_be_read_is_quarantined_beside_good_ones(upload):
    uploads = only("uploads_last", item("uploads_last"), upload)
    page, _ = fetched("posts", (PRESIDENT,), {"playlistItems": uploads, "videos": only("videos", item("videos", 1))})
    assert [event.data["id"] for event in page.events] == [QUIET]
    assert [fault["line"] for fault in page.outcome.quarantined] == [2]


def test_a_channel_without_uploads_has_an_empty_timeline_once_it_is_seen():
    replies = {"playlistItems": refusal("no_playlist"), "channels": recorded("channels")}
    page, requests = fetched("posts", (PRESIDENT,), replies)
    assert [request.path for request in requests] == ["/playlistItems", "/channels"]
    assert [event.type for event in page.events] == ["account.observed"]
    assert (page.got, page.unavailable, page.cursor, page.limit_code) == (1, 0, None, "")


def test_a_channel_that_is_gone_has_no_timeline_at_all():
    page, _ = fetched("posts", (NOBODY,), {"playlistItems": refusal("no_playlist"), "channels": only("channels")})
    assert [(event.type, event.subject) for event in page.events] == [("account.unavailable", NOBODY)]
    assert (page.got, page.unavailable) == (0, 1)
    unreadable = only("channels", item("channels", 1) | {"id": 1.5e17})
    with pytest.raises(UnitFailed, match="cannot be read itself"):
        fetched("posts", (PRESIDENT,), {"playlistItems": refusal("no_playlist"), "channels": unreadable})


def test_a_list_of_uploads_that_vanishes_between_pages_is_no_end():
    with pytest.raises(UnitFailed, match="no such list: 404 playlistNotFound"):
        fetched("posts", (PRESIDENT,), {"playlistItems": refusal("no_playlist")}, cursor="x", seen_count=50)


def test_videos_are_measured_again():
    subjects = tuple(f"{PRESIDENT}/{native}" for native in (QUIET, PRIVATE, NEWEST))
    page, (request,) = fetched("ages", subjects, {"videos": recorded("videos")})
    assert request.query["id"] == f"{QUIET},{PRIVATE},{NEWEST}"
    assert [event.subject for event in page.events] == list(subjects)
    assert [event.type for event in page.events] == ["post.observed", "post.unavailable", "post.observed"]
    assert (page.got, page.unavailable) == (2, 1)


@pytest.mark.parametrize(
    ("video", "reason"),
    [
        (item("videos") | {"id": 1.5e10}, "something came that was not asked for"),
        (item("videos", 1), "something came that was not asked for"),
        (item("videos", snippet={"channelId": MINISTRY_ID}), "the video is somebody else's"),
        (item("videos", statistics={"viewCount": "9999999999999"}), "viewCount does not look like"),
        (item("videos", snippet={"liveBroadcastContent": CANARY}), "liveBroadcastContent does not look like"),
    ],
)
def test_a_video_that_is_not_of_its_form_is_quarantined(video, reason):
    page, _ = fetched("ages", (f"{PRESIDENT}/{NEWEST}",), {"videos": only("videos", video)})
    assert (page.events, page.got, page.unavailable) == ([], 0, 0)
    (fault,) = page.outcome.quarantined
    assert reason in fault["reason"]
    assert CANARY not in str(page.outcome)


def test_no_content_passes():
    pages = [
        fetched("accounts", (PRESIDENT, MINISTRY), {"channels": recorded("channels")})[0],
        timeline()[0],
        fetched("ages", (f"{PRESIDENT}/{NEWEST}", f"{PRESIDENT}/{QUIET}"), {"videos": recorded("videos")})[0],
    ]
    everything = b"".join(event.encode() for page in pages for event in page.events)
    assert sum(len(page.events) for page in pages) == 5
    for content in (CANARY.encode(), b"canary", b"media.example", b"title", b"tags"):
        assert content not in everything


def test_a_field_nobody_knows_is_counted_and_never_kept():
    channel = item("channels", 1, statistics={"mood": CANARY}) | {"mood": CANARY}
    page, _ = fetched("accounts", (PRESIDENT,), {"channels": only("channels", channel)})
    assert page.outcome.unknown_fields == {"channel.mood": 1, "channel.statistics.mood": 1}
    video = item("videos", snippet={"mood": CANARY}) | {"mood": CANARY}
    page, _ = fetched("ages", (f"{PRESIDENT}/{NEWEST}",), {"videos": only("videos", video)})
    assert page.outcome.unknown_fields == {"video.mood": 1, "video.snippet.mood": 1}
    assert b"mood" not in page.events[0].encode()


@pytest.mark.parametrize("reason", ["quotaExceeded", "rateLimitExceeded", "dailyLimitExceeded"])
@pytest.mark.parametrize("part", ["accounts", "posts", "ages"])
def test_a_quota_that_is_used_up_stops_the_run(part, reason):
    error = recorded("errors")["no_quota"]
    error["error"]["errors"][0]["reason"] = reason
    match = "^the quota of the day is used up; it opens again at midnight Pacific time$"
    failing(PlatformStopped, match, Reply(error, 403), part)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (refusal("bad_key"), "400 API_KEY_INVALID, badRequest"),
        (refusal("blocked_key"), "403 API_KEY_SERVICE_BLOCKED, forbidden"),
        (Reply({"error": {"code": 401}}, 401), "401 without a word"),
        (Reply(b"<html>Canary</html>", 403), "403 without a word"),
        (Reply({"error": {"errors": [{"reason": CANARY}]}}, 403), "403 without a word"),
        (Reply({"error": {"errors": [{"message": CANARY}], "details": [{}]}}, 403), "403 without a word"),
        (Reply({"error": CANARY}, 403), "403 without a word"),
    ],
)
def test_a_refused_key_stops_the_run_and_its_variable_is_named(reply, said):
    failing(PlatformStopped, f"^YouTube refused the key in TWIPLOMACY_YOUTUBE_API_KEY: {said}$", reply)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (refusal("private_playlist"), "403 playlistItemsNotAccessible"),
        (refusal("bad_page"), "400 invalidPageToken"),
        (Reply(b"<h1>404</h1>", 404), "404 without a word"),
    ],
)
def test_a_refused_question_leaves_the_others_be(reply, said):
    failing(UnitFailed, f"^YouTube refused the question: {said}$", reply)


@pytest.mark.parametrize("body", [{}, [], {"kind": "youtube#searchListResponse", "items": []}])
@pytest.mark.parametrize("part", ["accounts", "posts", "ages"])
def test_another_answer_than_the_list_is_not_an_empty_one(part, body):
    failing(UnitFailed, "^YouTube answered with something else than a list of", Reply(body), part)


def test_html_instead_of_json_is_no_answer():
    reply = Reply(b"<html>Canary</html>", headers={"Content-Type": "text/html"})
    failing(HttpError, "bytes of text/html that are not JSON", reply)


def test_a_page_is_not_begun_beyond_the_budget():
    replies = {"playlistItems": recorded("uploads_first"), "videos": recorded("videos")}
    with serving(by_path(replies)) as server, pytest.raises(BudgetReached):
        YouTube().fetch(Unit("posts", (PRESIDENT,), SINCE), asking(server.url, units=1), CONTEXT)
    assert [request.path for request in server.requests] == ["/playlistItems"]


def test_it_never_searches():
    assert set(YouTube.operations.values()) == {"list"}
