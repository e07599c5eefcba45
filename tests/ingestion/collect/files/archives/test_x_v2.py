"""Archives of X API v2: pages and flattened posts, dated by their own line, packed as they may be, and no content."""

import gzip
import json

import pytest
import zstandard

from ingestion.collect.files import archives
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.outcome import Outcome
from tests.ingestion.collect.files.archives.test_archives import archive_source, read_archive
from twiplomacy.synthetic.x_api import CANARY, PROBLEM, post, user

SOURCE = archive_source("x-v2-archive")
DAY = "2026-02-01T00:00:00"


def read(path, things):
    return read_archive(XV2Archive, path, things, SOURCE)


def page(data, users=(), at="2026-02-10T12:00:00+00:00", **more):
    """A response as twarc writes it: others' posts and an error beside the answer."""
    includes = {
        "users": list(users),
        "tweets": [post(900, 200, DAY)],
        "media": [{"media_key": "3_1", "url": "https://pbs.example/canary.jpg"}],
    }
    errors = [{"value": "901", "title": "Not Found Error", "detail": CANARY}]
    stamp = {"__twarc": {"url": "https://api.example/canary", "version": "2.14.1", "retrieved_at": at}} if at else {}
    return {"data": data, "includes": includes, "errors": errors, "meta": {"result_count": 2}, **stamp, **more}


def flat(post_id, author=100, at="2026-02-10T12:00:00+00:00", **changes):
    """A post as twarc flattens it: the page's stamp, the users and the posts it names inside."""
    quoted = {"type": "quoted", **post(900, 200, DAY), "author": user(200)}
    return {
        **post(post_id, author, DAY),
        "author": user(author, pinned_tweet=post(7, author, DAY)),
        "in_reply_to_user_id": "200",
        "in_reply_to_user": user(200),
        "referenced_tweets": [quoted],
        "__twarc": {"url": "https://api.example/canary", "version": "2.14.1", "retrieved_at": at},
        **changes,
    }


def told(events):
    return [(event.type, event.subject, event.time) for event in events]


def test_a_page_gives_its_posts_and_their_authors_profiles_and_nothing_else(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY), post(2, 100, DAY)], [user(100), user(200)])])
    at = "2026-02-10T12:00:00Z"
    assert told(events) == [
        ("post.observed", "x:100/1", at),
        ("post.observed", "x:100/2", at),
        ("account.observed", "x:100", at),
    ]
    assert [event.dataschema for event in events] == ["x/v2/post/2", "x/v2/post/2", "x/v2/user"]
    assert {event.recorded_at for event in events} == {"2026-03-02T00:00:00Z"}
    assert (outcome.rows, outcome.duplicates, outcome.quarantined, outcome.unknown_fields) == (2, 0, [], {})


def test_flattened_posts_are_the_events_of_their_page(tmp_path):
    reference = {"type": "quoted", "id": "900"}
    posts = [post(i, 100, DAY, in_reply_to_user_id="200", referenced_tweets=[reference]) for i in (1, 2)]
    paged, _ = read(tmp_path / "pages.jsonl", [page(posts, [user(100)])])
    flattened, outcome = read(tmp_path / "flat.jsonl", [flat(1), flat(2)])
    assert {event.id for event in flattened} == {event.id for event in paged}
    assert len(flattened) == len(paged) == 3
    assert (outcome.rows, outcome.duplicates, outcome.quarantined, outcome.unknown_fields) == (2, 0, [], {})


def test_no_content_passes(tmp_path):
    things = [page([post(1, 100, DAY), user(300)], [user(100)]), flat(2), user(400)]
    events, _ = read(tmp_path / "a.jsonl", things)
    assert len(events) == 5
    everything = b"".join(event.encode() for event in events)
    for content in (CANARY.encode(), b"canary", b"http", b"900.", b"1234567890"):
        assert content not in everything


def test_answers_may_be_one_post_or_users_and_a_line_one_user(tmp_path):
    things = [page(post(1, 100, DAY)), page([user(300), user(301)]), user(400, __twarc={"retrieved_at": f"{DAY}Z"})]
    events, outcome = read(tmp_path / "a.jsonl", things)
    assert [event.subject for event in events] == ["x:100/1", "x:300", "x:301", "x:400"]
    assert events[-1].time == f"{DAY}Z"
    assert (outcome.rows, outcome.quarantined, outcome.unknown_fields) == (4, [], {})


def test_a_page_without_an_answer_gives_nothing(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [{"meta": {"result_count": 0}}, {"data": []}, {"includes": {}}])
    assert (events, outcome.rows, outcome.quarantined) == ([], 0, [])


def error(kind, resource, problem="resource-not-found", **more):
    return {"resource_type": kind, "resource_id": resource, "type": f"{PROBLEM}{problem}", "detail": CANARY, **more}


def test_what_an_error_says_is_not_shown_is_an_event(tmp_path):
    """A page has them beside its answer or instead of it; of a post they do not say whose it was."""
    suspended = error("user", "200", detail="User has been suspended: [200].")
    beside = page([post(1, 100, DAY)]) | {"errors": [error("tweet", "901"), error("post", "902", "not-authorized")]}
    events, outcome = read(tmp_path / "a.jsonl", [beside, {"errors": [suspended], "__twarc": beside["__twarc"]}])
    at = "2026-02-10T12:00:00Z"
    assert told(events) == [
        ("post.observed", "x:100/1", at),
        ("post.unavailable", "x:/901", at),
        ("post.unavailable", "x:/902", at),
        ("account.unavailable", "x:200", at),
    ]
    assert events[1].data == {"id": "901", "type": "resource-not-found", "is_suspended": False}
    assert (events[3].dataschema, events[3].data["is_suspended"]) == ("x/v2/error", True)
    assert (outcome.rows, outcome.quarantined) == (4, [])
    assert CANARY not in str(events)


@pytest.mark.parametrize(
    "beside", [{"includes": {"tweets": [None, "900"]}}, {"errors": {"status": 500}}, {"errors": 5}]
)
def test_what_stands_beside_the_posts_of_a_page_costs_none_of_them(tmp_path, beside):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY)]) | beside])
    assert ([event.subject for event in events], outcome.quarantined) == (["x:100/1"], [])


@pytest.mark.parametrize(
    "other", [{"value": "1"}, error("user", "president"), error("place", "12"), error("user", ""), "Not Found", None]
)
def test_an_error_about_something_else_is_left_out(tmp_path, other):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY)]) | {"errors": [other]}])
    assert ([event.type for event in events], outcome.quarantined) == (["post.observed"], [])


def test_an_answer_that_is_nothing_but_such_an_error_is_refused(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [{"errors": [{"code": 88, "message": "Rate limit exceeded"}]}])
    assert (events, outcome.rows) == ([], 1)
    (fault,) = outcome.quarantined
    assert fault["reason"] == "an error of the API that names no post and no account; leave it out"


def test_a_line_without_a_stamp_is_dated_by_the_source(tmp_path):
    events, _ = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY)], at=""), flat(2, __twarc=None) | {"author": {}}])
    assert {event.time for event in events} == {SOURCE.observed_instant}


def test_profiles_are_events_each_time_they_are_seen_and_in_each_state_once(tmp_path):
    first, later = (
        page([post(1, 100, DAY)], [user(100)]),
        page([post(1, 100, DAY)], [user(100)], "2026-02-11T00:00:00Z"),
    )
    events, outcome = read(tmp_path / "a.jsonl", [first, later, later])
    assert [event.time[8:10] for event in events] == ["10", "10", "11", "11"]
    assert (outcome.rows, outcome.duplicates) == (3, 1)


def without(name, thing):
    return {key: value for key, value in thing.items() if key != name}


FAULTS = [
    (page([without("id", post(1, 100, DAY))]), "data[0]: the post's id is missing"),
    (page([post(1, 100, DAY, id=1.5e18)]), "data[0]: the post's id is a number with lost digits"),
    (page([post(1, 100, DAY, author_id=1.5e18)]), "data[0]: author_id does not look like"),
    (page([without("author_id", post(1, 100, DAY))]), "data[0]: the author's id is missing"),
    (page([post(1, 100, "2026-02-10T12:00:01")]), "data[0]: created_at is after the post was observed"),
    (page([{"start": f"{DAY}Z", "end": f"{DAY}Z", "tweet_count": 1}]), "data[0]: created_at is missing"),
    (page(["text"]), "data[0]: a part has an unexpected shape (AttributeError)"),
    (page([post(3, 100, DAY)], [without("public_metrics", user(100))]), "includes.users[0]: public_metrics is missing"),
    (page([], at="2026-02-10 12:00"), "retrieved_at does not look like"),
    (page([], at="2026-02-10T12:00:00"), "retrieved_at names no time zone; write it in UTC"),
    (page([], at=1770724800), "a part has an unexpected shape (TypeError)"),
    (page([], includes=[]) | {"includes": [1]}, "a part has an unexpected shape (AttributeError)"),
    (flat(1, id=1.5e18), "the post's id is a number with lost digits"),
    (flat(1, created_at="2026-02-10"), "created_at does not look like"),
    (user(100, id=None), "the user's id is missing"),
    ({"type": "Feature"}, "created_at is missing"),
    ("[]", "a list, not a post object"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_fault_is_quarantined_by_its_place_and_the_rest_goes_on(tmp_path, line, reason):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(3, 100, DAY)]), line, page([post(4, 100, DAY)])])
    assert [event.subject for event in events if event.type == "post.observed"] == ["x:100/3", "x:100/4"]
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("a.jsonl", 2)
    assert fault["reason"].startswith(reason)
    assert outcome.rows == 3 + outcome.duplicates
    assert CANARY not in json.dumps(outcome.quarantined)


def test_a_profile_that_cannot_be_read_costs_no_post(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [flat(1) | {"author": user(100, protected="no")}, flat(2)])
    assert [event.subject for event in events] == ["x:100/1", "x:100/2", "x:100"]
    assert [fault["reason"] for fault in outcome.quarantined] == ["author: protected is not true or false"]
    assert outcome.rows == 3


def test_users_that_are_a_text_are_one_refused_row(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY)], includes={"users": "x" * 1_000})])
    assert ([event.subject for event in events], len(outcome.quarantined)) == (["x:100/1"], 1)


def test_unknown_fields_are_counted_and_never_kept(tmp_path):
    things = [page([post(1, 100, DAY, brand_new=CANARY)], [user(100, mood=CANARY)]), flat(2, brand_new=CANARY)]
    events, outcome = read(tmp_path / "a.jsonl", things)
    assert outcome.unknown_fields == {"brand_new": 2, "user.mood": 1}
    assert CANARY.encode() not in b"".join(event.encode() for event in events)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.json.zst"])
def test_the_events_do_not_depend_on_how_the_file_is_packed(tmp_path, name):
    things = [page([post(i, 100, DAY)], [user(100, verified=i % 2 == 0)]) for i in range(1, 300)]
    expected, _ = read(tmp_path / "plain.jsonl", things)
    content = (tmp_path / "plain.jsonl").read_bytes()
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get(name[-4:].removeprefix("l"), lambda plain: plain)
    path, outcome = tmp_path / name, Outcome()
    path.write_bytes(pack(content))
    assert list(archives.read(path, name, XV2Archive(SOURCE, outcome), outcome)) == expected
    assert outcome.rows == 299


@pytest.mark.parametrize(
    "created_at", ["2026-02-01T00:00:00Z", "2026-02-01T00:00:00.999Z", "2026-02-01T02:00:00+02:00"]
)
def test_one_time_written_in_several_ways_is_one_event(tmp_path, created_at):
    plain, _ = read(tmp_path / "a.jsonl", [post(1, 100, "2026-02-01T00:00:00")])
    (event,), _ = read(tmp_path / "a.jsonl", [{**post(1, 100, "2026-02-01T00:00:00"), "created_at": created_at}])
    assert event.data["created_at"] == "2026-02-01T00:00:00Z"
    assert [event.id] == [other.id for other in plain]


@pytest.mark.parametrize(
    "part",
    [
        {"entities": "Peace"},
        {"entities": {"hashtags": [{}]}},
        {"entities": {"mentions": [{"id": 1.5e17, "start": 3}]}},
        {"attachments": {"media_keys": [3]}},
        {"note_tweet": {"entities": {"hashtags": "Peace"}}},
    ],
)
def test_parts_of_another_form_cost_what_they_say_and_not_the_post(tmp_path, part):
    events, outcome = read(tmp_path / "a.jsonl", [page([post(1, 100, DAY, **part)])])
    (event,) = events
    assert event.data["is_whole"] is False
    assert not {"entities", "attachments"} & event.data.keys()
    assert (outcome.quarantined, outcome.unknown_fields) == ([], {"entities of another form": 1})
