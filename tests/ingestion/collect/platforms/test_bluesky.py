"""Asking Bluesky: pages to the end of what is wanted; who is left out is asked for until the platform says why."""

import json
from datetime import date, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from ingestion.collect.living.budget import Budget, Cost, Prices
from ingestion.collect.living.http import Http
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import PlatformStopped, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.living.run import Run
from ingestion.collect.living.workload import Job, Workload
from ingestion.collect.platforms import bluesky
from ingestion.collect.platforms.bluesky import Bluesky
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from tests.support.recorded import bluesky_item as item
from tests.support.recorded import bluesky_repost as repost
from tests.support.recorded import body
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving

PRESIDENT_DID, EMBASSY_DID, REPORTER_DID = (
    "did:plc:" + name.ljust(24, "a") for name in ("president", "embassy", "reporter")
)
MINISTRY_DID = "did:web:ministry.example"
PRESIDENT, EMBASSY, MINISTRY = (f"bluesky:{did}" for did in (PRESIDENT_DID, EMBASSY_DID, MINISTRY_DID))
recorded = partial(body, "bluesky")
SINCE = "2026-01-01T00:00:00Z"
CONTEXT = Context("bluesky-api", {}, frozenset((PRESIDENT_DID, EMBASSY_DID, MINISTRY_DID)))


def refusal(name):
    return Reply(recorded("errors")[name], 400)


def feed_of(*items, cursor=None):
    return {"feed": list(items), **({"cursor": cursor} if cursor else {})}


def appview(answers):
    """Return what answers by the method's last word: a body, a reply, or what makes one of the query."""

    def answer(request):
        found = answers[request.path.rpartition(".")[2]]
        found = found(request.query) if callable(found) else found
        return found if isinstance(found, Reply) else Reply(found)

    return answer


class Noting(Client):
    """Notes what it asks; the server's view of a query has one value a name."""

    def __call__(self, operation, url, *arguments, **more):
        self.asked = [*getattr(self, "asked", ()), (operation, parse_qs(urlsplit(url).query))]
        return super().__call__(operation, url, *arguments, **more)


def asking(url, clock=None):
    budget = Budget(Prices([], "bluesky", date(2026, 3, 1)), Cost())
    return Noting(Http(clock or StillClock(), "c"), budget, url)


def fetched(part, subjects, answers, **unit):
    """Return a page, whose rows all went somewhere, and what was asked for it."""
    unit = Unit(part, subjects, **({"since": SINCE} if part == "posts" else {}) | unit)
    with serving(appview(answers)) as server:
        client = asking(server.url)
        page = Bluesky().fetch(unit, client, CONTEXT)
    outcome = page.outcome
    assert outcome.rows == len(page.events) + outcome.duplicates + outcome.left_out + len(outcome.quarantined)
    return page, client.asked


def run(folder, answers, parts, accounts=(PRESIDENT,), now=NOON):
    """Return the sum and the events of a whole run."""
    with serving(appview(answers)) as server:
        clock, started_at = StillClock(now), instant(now)
        workload = Workload(accounts, {}, dict.fromkeys(accounts, SINCE), (), now.date())
        journal = Journal(folder / "bluesky.jsonl")
        journal.open({})
        running = Run(
            Job(Bluesky(), CONTEXT, workload, parts, started_at), asking(server.url, clock), journal, clock, ()
        )
        running.work(1, lambda _: None)
    ledger = Ledger(folder / "log")
    running.seal(ledger, lambda _: None)
    events = list(segments.read(ledger.segments / ledger.lines()[-1].name))
    return events[-1].data, events


@pytest.mark.parametrize("junk", ["text", 7, None, ["a"], {"did": ["a"]}])
def test_a_profile_of_no_form_costs_no_other(junk):
    profiles = recorded("profiles")["profiles"]
    answers = {"getProfiles": {"profiles": [junk, *profiles]}, "getProfile": refusal("taken_down")}
    page, _ = fetched("accounts", (PRESIDENT, EMBASSY), answers)
    whole, _ = fetched("accounts", (PRESIDENT, EMBASSY), answers | {"getProfiles": {"profiles": profiles}})
    assert [event.id for event in page.events] == [event.id for event in whole.events]
    assert len(page.outcome.quarantined) == 1


def test_profiles_are_observed_under_their_did():
    page, asked = fetched("accounts", (PRESIDENT, MINISTRY), {"getProfiles": recorded("profiles")})
    assert asked == [("app.bsky.actor.getProfiles", {"actors": [PRESIDENT_DID, MINISTRY_DID]})]
    president, ministry = page.events
    assert (president.type, president.subject, president.time) == ("account.observed", PRESIDENT, instant(NOON))
    assert president.dataschema == "bluesky/profile"
    assert (president.data["did"], president.data["followersCount"]) == (PRESIDENT_DID, 12400)
    assert ministry.subject == MINISTRY
    assert (page.got, page.unavailable, page.cursor, page.outcome.unknown_fields) == (2, 0, None, {})


def test_who_is_listed_by_a_handle_is_asked_for_by_it():
    profiles = recorded("profiles")
    handle = profiles["profiles"][0]["handle"]
    profiles["profiles"][0]["handle"] = handle.upper()
    answers = {"getProfiles": profiles, "getProfile": refusal("profile_not_found")}
    listed = (f"bluesky:@{handle}", "bluesky:@nobody.example")
    page, asked = fetched("accounts", listed, answers)
    assert [query for _, query in asked] == [{"actors": [handle, "nobody.example"]}, {"actor": ["nobody.example"]}]
    assert [(event.type, event.subject) for event in page.events] == [
        ("account.observed", PRESIDENT),
        ("account.unavailable", "bluesky:@nobody.example"),
    ]
    assert page.ids == {listed[0]: PRESIDENT}
    assert (page.got, page.unavailable, page.outcome.left_out) == (1, 1, 1)


def test_a_profile_that_is_left_out_is_asked_for_alone_until_the_platform_says_why():
    gone = {
        EMBASSY_DID: refusal("deactivated"),
        REPORTER_DID: refusal("taken_down"),
        "did:plc:nobody": refusal("profile_not_found"),
    }
    answers = {"getProfiles": recorded("profiles"), "getProfile": lambda query: gone[query["actor"]]}
    subjects = (EMBASSY, PRESIDENT, f"bluesky:{REPORTER_DID}", MINISTRY, "bluesky:did:plc:nobody")
    page, asked = fetched("accounts", subjects, answers)
    unavailable = {event.subject: event.data for event in page.events if event.type == "account.unavailable"}
    assert unavailable == {
        EMBASSY: {"did": EMBASSY_DID, "error": "AccountDeactivated", "is_not_found": False},
        f"bluesky:{REPORTER_DID}": {"did": REPORTER_DID, "error": "AccountTakedown", "is_not_found": False},
        "bluesky:did:plc:nobody": {"did": "did:plc:nobody", "error": "InvalidRequest", "is_not_found": True},
    }
    assert {event.dataschema for event in page.events} == {"bluesky/profile", "bluesky/error"}
    assert (page.got, page.unavailable) == (2, 3)
    assert [operation for operation, _ in asked[1:]] == ["app.bsky.actor.getProfile"] * 3


def test_a_profile_that_is_left_out_but_there_is_observed():
    profiles = recorded("profiles")
    left_out = profiles["profiles"].pop()
    page, _ = fetched("accounts", (PRESIDENT, MINISTRY), {"getProfiles": profiles, "getProfile": left_out})
    assert [event.subject for event in page.events] == [PRESIDENT, MINISTRY]
    assert (page.got, page.unavailable) == (2, 0)


def test_a_profile_nobody_asked_for_is_left_out():
    page, _ = fetched("accounts", (PRESIDENT,), {"getProfiles": recorded("profiles")})
    assert [event.subject for event in page.events] == [PRESIDENT]
    assert (page.got, page.outcome.left_out) == (1, 1)


def test_a_profile_that_cannot_be_read_is_quarantined_and_not_taken_for_unavailable():
    profiles = recorded("profiles")
    profiles["profiles"][0]["followersCount"] = "many"
    page, asked = fetched("accounts", (PRESIDENT, MINISTRY), {"getProfiles": profiles})
    assert [event.subject for event in page.events] == [MINISTRY]
    assert (page.got, page.unavailable, len(asked)) == (1, 0, 1)
    assert page.outcome.quarantined[0]["reason"] == "followersCount is not a count"


def test_a_look_up_that_is_refused_says_nothing_of_the_account():
    with pytest.raises(UnitFailed):
        fetched("accounts", (EMBASSY,), {"getProfiles": {"profiles": []}, "getProfile": refusal("too_many")})


def test_an_error_that_is_no_word_of_the_platform_leaves_the_account_undone(tmp_path):
    answers = {"getProfiles": {"profiles": []}, "getProfile": Reply({"error": "Canary sings"}, 400)}
    sums, events = run(tmp_path, answers, ("accounts",), (EMBASSY,))
    assert sums["parts"]["accounts"] == {"asked": 1, "got": 0, "unavailable": 0, "undone": 1}
    assert b"anary" not in b"".join(event.encode() for event in events)


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (refusal("too_many"), UnitFailed, "Bluesky refused the question: 400 InvalidRequest"),
        (Reply(b"<html>Bad Request</html>", 400), UnitFailed, "Bluesky refused the question: 400 without a word"),
        (Reply({"message": "gone"}, 404), UnitFailed, "Bluesky refused the question: 404 without a word"),
        (Reply({"error": "Forbidden"}, 403), PlatformStopped, "Bluesky turned this project away: 403 Forbidden"),
    ],
    ids=["a word", "a page", "no word", "the door"],
)
@pytest.mark.parametrize(("part", "method"), [("accounts", "getProfiles"), ("posts", "getAuthorFeed")])
def test_a_refused_question_says_nothing_of_the_account(part, method, reply, error, message):
    with pytest.raises(error) as raised:
        fetched(part, (PRESIDENT,), {method: reply, "getProfile": recorded("profiles")["profiles"][0]})
    assert str(raised.value) == message


def test_posts_are_observed_under_their_key():
    page, asked = fetched("posts", (PRESIDENT,), {"getAuthorFeed": recorded("feed_first")})
    assert asked == [
        (
            "app.bsky.feed.getAuthorFeed",
            {"actor": [PRESIDENT_DID], "filter": ["posts_with_replies"], "limit": ["100"]},
        )
    ]
    event = page.events[1]
    assert (event.type, event.subject, event.dataschema) == (
        "post.observed",
        f"{PRESIDENT}/3mplain",
        "bluesky/feed-post/2",  # a tag and a facet of it hold a sentence
    )
    assert event.data["post"]["likeCount"] == 41
    assert Bluesky.posted_at(event.data) == "2026-02-20T09:00:00Z"
    assert set(page.outcome.unknown_fields) == {"record.tags of another form"}


def test_a_repost_is_a_post_of_its_own_that_is_not_measured_again():
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed_of(repost())})
    (event,) = page.events
    assert event.subject == f"{PRESIDENT}/3mrepost"
    assert Bluesky.posted_at(event.data) == ""


def test_what_is_somebody_elses_is_left_out():
    others_repost, others_post = repost(by={"did": EMBASSY_DID}), repost()
    del others_post["reason"]
    reposted_by_others = item("3mshared") | {"reason": others_repost["reason"]}
    pinned = item("3mpinned") | {"reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    feed = feed_of(others_repost, others_post, reposted_by_others, pinned)
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed})
    assert [event.subject for event in page.events] == [f"{PRESIDENT}/3mshared", f"{PRESIDENT}/3mpinned"]
    assert page.outcome.left_out == 2


def test_a_run_pages_to_the_end_of_what_is_wanted(tmp_path):
    first = recorded("feed_first")
    pages = {None: first, first["cursor"]: recorded("feed_last")}
    answers = {"getAuthorFeed": lambda query: pages[query.get("cursor")]}
    sums, events = run(tmp_path, answers, ("posts",))
    keys = [event.subject.rpartition("/")[2] for event in events if event.type == "post.observed"]
    assert keys == "3mrepost 3mplain 3mmore 3manswer 3mquote 3mmedia 3mlist 3mownrepost 3mbare".split()
    assert sums["outcome"] == "complete"
    assert sums["parts"]["posts"] == {"asked": 1, "got": 1, "unavailable": 0, "undone": 0}
    assert (sums["rows"], sums["left_out"]) == (10, 1)  # one is older than what is wanted
    assert sums["timelines"] == [
        {"account_id": PRESIDENT, "since": SINCE, "from": SINCE, "until": instant(NOON), "limit_code": ""}
    ]


def test_one_old_post_does_not_end_a_timeline_and_a_page_of_old_ones_does(tmp_path):
    back_dated = feed_of(item("3ma"), item("3mb", "2019-06-01T00:00:00Z"), item("3mc"), cursor="1")
    young = feed_of(item("3md"), cursor="2")
    older = feed_of(item("3me", "2025-12-31T23:59:59Z"), item("3mf", "2025-12-30T00:00:00Z"), cursor="3")
    pages = {None: back_dated, "1": young, "2": older}
    sums, events = run(tmp_path, {"getAuthorFeed": lambda query: pages[query.get("cursor")]}, ("posts",))
    keys = [event.subject.rpartition("/")[2] for event in events if event.type == "post.observed"]
    assert keys == ["3ma", "3mc", "3md"]
    assert (sums["outcome"], sums["left_out"], sums["requests"]) == ("complete", 3, 3)


@pytest.mark.parametrize("created", ["2027-01-01T00:00:00Z", None], ids=["later", "none"])
def test_a_post_whose_time_nobody_knows_does_not_end_a_timeline(created):
    feed = feed_of(item("3ma", created), item("3mb", "2025-06-01T00:00:00Z"), cursor="1")
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed})
    assert (page.cursor, page.got, page.oldest_at) == ("1", 0, "2025-06-01T00:00:00Z")


def test_a_page_without_posts_does_not_end_a_timeline():
    page, asked = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed_of(cursor="2")}, cursor="1")
    assert (page.cursor, page.got, page.oldest_at) == ("2", 0, "")
    assert asked[0][1]["cursor"] == ["1"]


def test_cursors_that_lead_in_a_circle_end(tmp_path):
    pages = {None: ("a", "1"), "1": ("b", "2"), "2": ("c", "1")}

    def feed(query):
        key, cursor = pages[query.get("cursor")]
        return feed_of(item(key), cursor=cursor)

    sums, _ = run(tmp_path, {"getAuthorFeed": feed}, ("posts",))
    assert (sums["requests"], sums["timelines"][0]["limit_code"]) == (3, "repeating")


@pytest.mark.parametrize(
    ("part", "method", "feed_error"),
    [("posts", "getAuthorFeed", "profile_not_found"), ("follows", "getFollows", "actor_not_found")],
)
def test_a_list_that_is_refused_because_of_its_account_says_so(part, method, feed_error):
    answers = {method: refusal(feed_error), "getProfile": refusal("deactivated")}
    page, _ = fetched(part, (EMBASSY,), answers)
    (event,) = page.events
    assert (event.type, event.subject) == ("account.unavailable", EMBASSY)
    assert event.data == {"did": EMBASSY_DID, "error": "AccountDeactivated", "is_not_found": False}
    assert (page.got, page.unavailable, page.cursor) == (0, 1, None)


def test_a_run_tells_unavailable_from_undone(tmp_path):
    answers = {
        "getProfiles": {"profiles": []},
        "getAuthorFeed": lambda query: refusal("profile_not_found" if query["actor"] == EMBASSY_DID else "too_many"),
        "getProfile": lambda query: (
            refusal("deactivated") if query["actor"] == EMBASSY_DID else recorded("profiles")["profiles"][0]
        ),
    }
    sums, _ = run(tmp_path, answers, ("accounts", "posts"), (EMBASSY, PRESIDENT))
    assert sums["parts"] == {
        "accounts": {"asked": 2, "got": 1, "unavailable": 1, "undone": 0},
        "posts": {"asked": 2, "got": 0, "unavailable": 1, "undone": 1},
    }
    assert sums["undone"] == [
        {
            "part": "posts",
            "subjects": [PRESIDENT],
            "reason": "Bluesky refused the question: 400 InvalidRequest",
        }
    ]
    assert sums["timelines"] == []


def test_a_handle_that_changes_is_no_other_account(tmp_path):
    before, after = recorded("profiles"), recorded("profiles")
    after["profiles"][0]["handle"] = "former-president.example"
    seen = [
        event
        for number, profiles in enumerate((before, after))
        for event in run(tmp_path, {"getProfiles": profiles}, ("accounts",), now=NOON + timedelta(days=number))[1]
        if event.subject == PRESIDENT
    ]
    assert [event.data["handle"] for event in seen] == ["president.example", "former-president.example"]


def test_posts_measured_again_and_posts_that_are_gone():
    subjects = (f"{PRESIDENT}/3mgone", f"{PRESIDENT}/3mplain")
    page, asked = fetched("ages", subjects, {"getPosts": recorded("posts")})
    uris = [f"at://{PRESIDENT_DID}/app.bsky.feed.post/{key}" for key in ("3mgone", "3mplain")]
    assert asked == [("app.bsky.feed.getPosts", {"uris": uris})]
    again, gone = page.events
    assert (again.type, again.subject, again.dataschema) == ("post.observed", subjects[1], "bluesky/feed-post")
    assert again.data["post"]["likeCount"] == 50
    assert (gone.type, gone.subject, gone.dataschema) == ("post.unavailable", subjects[0], "bluesky/error")
    assert gone.data == {"uri": uris[0]}
    assert (page.got, page.unavailable) == (1, 1)


def test_a_post_that_cannot_be_read_is_not_taken_for_deleted():
    posts = recorded("posts")
    posts["posts"][0]["likeCount"] = -1
    page, _ = fetched("ages", (f"{PRESIDENT}/3mplain",), {"getPosts": posts})
    assert (page.events, page.got, page.unavailable, len(page.outcome.quarantined)) == ([], 0, 0, 1)
    del posts["posts"][0]["uri"]
    page, _ = fetched("ages", (f"{PRESIDENT}/3mplain",), {"getPosts": posts})
    assert (page.events, page.got, page.unavailable, len(page.outcome.quarantined)) == ([], 0, 0, 1)


def test_a_post_nobody_asked_for_is_left_out():
    page, _ = fetched("ages", (f"{PRESIDENT}/3mgone",), {"getPosts": recorded("posts")})
    assert [event.type for event in page.events] == ["post.unavailable"]
    assert (page.got, page.outcome.left_out) == (0, 1)


def test_follows_keep_the_roster_only_page_by_page():
    pages = {None: recorded("follows_first"), "3kpage": recorded("follows_last")}
    answers = {"getFollows": lambda query: pages[query.get("cursor")]}
    first, _ = fetched("follows", (PRESIDENT,), answers)
    (event,) = first.events
    assert (event.type, event.subject, event.dataschema) == ("follows.observed", PRESIDENT, "bluesky/follows")
    assert event.data == {"did": PRESIDENT_DID, "follows": [{"did": EMBASSY_DID}], "is_last": False}
    assert (first.got, first.cursor) == (0, "3kpage")
    last, asked = fetched("follows", (PRESIDENT,), answers, cursor=first.cursor, seen_count=1)
    assert last.events[0].data == {"did": PRESIDENT_DID, "follows": [{"did": MINISTRY_DID}], "is_last": True}
    assert (last.got, last.cursor, last.limit_code) == (1, None, "")
    assert asked[0][1] == {"actor": [PRESIDENT_DID], "limit": ["100"], "cursor": ["3kpage"]}


def test_a_run_reads_every_page_of_follows(tmp_path):
    pages = {None: recorded("follows_first"), "3kpage": recorded("follows_last")}
    sums, _ = run(tmp_path, {"getFollows": lambda query: pages[query.get("cursor")]}, ("follows",))
    assert (sums["events"], sums["duplicates"]) == ({"follows.observed": 2}, 0)


def test_a_run_goes_on_after_a_page_without_posts(tmp_path):
    pages = {None: feed_of(item("3ma"), cursor="1"), "1": feed_of(cursor="2"), "2": feed_of(item("3mb"))}
    sums, _ = run(tmp_path, {"getAuthorFeed": lambda query: pages[query.get("cursor")]}, ("posts",))
    assert sums["events"] == {"post.observed": 2}
    assert sums["timelines"][0]["limit_code"] == ""


def test_who_follows_very_many_is_known_in_part():
    answers = {"getFollows": recorded("follows_first")}
    page, _ = fetched("follows", (PRESIDENT,), answers, cursor="c", seen_count=bluesky.MOST_FOLLOWED_PAGES - 2)
    assert page.cursor == "3kpage"
    page, _ = fetched("follows", (PRESIDENT,), answers, cursor="c", seen_count=bluesky.MOST_FOLLOWED_PAGES - 1)
    assert (page.cursor, page.limit_code, page.got) == (None, "reach_limit", 1)
    assert page.events[0].data["is_last"] is False


def test_no_content_passes(tmp_path):
    first = recorded("feed_first")
    feeds = {None: first, first["cursor"]: recorded("feed_last")}
    answers = {
        "getProfiles": recorded("profiles"),
        "getAuthorFeed": lambda query: feeds[query.get("cursor")],
        "getFollows": recorded("follows_last"),
        "getProfile": Reply({"error": "AccountTakedown", "message": "Canary sings"}, 400),
    }
    assert json.dumps([*answers.values()], default=str).lower().count("canary") > 10
    _, events = run(tmp_path, answers, ("accounts", "posts", "follows"), (PRESIDENT, EMBASSY))
    everything = b"".join(event.encode() for event in events).lower()
    assert {event.type for event in events} >= {"account.observed", "account.unavailable", "post.observed"}
    for content in (b"canary", b"sings", b"http", b"display", b"bafy"):
        assert content not in everything


def test_unknown_fields_are_counted_on_the_page():
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed_of(item("3ma", mood=1), item("3mb", mood=2))})
    assert page.outcome.unknown_fields == {"post.mood": 2, "record.tags of another form": 4}
    profiles = recorded("profiles")
    profiles["profiles"][0]["mood"] = "Canary"
    page, _ = fetched("accounts", (PRESIDENT, MINISTRY), {"getProfiles": profiles})
    assert page.outcome.unknown_fields == {"profile.mood": 1}


def record(**facts):
    return item()["post"]["record"] | facts


URI = f"at://{PRESIDENT_DID}/app.bsky.feed.post/3mplain"
FAULTS = [
    (item(created="2026-03-01T12:00:01Z"), "createdAt lies after the answer"),
    (item(uri=f"at://{EMBASSY_DID}/app.bsky.feed.post/3mplain"), "the uri is not its author's"),
    (item(author={"did": PRESIDENT_DID, "handle": "Canary sings"}), "handle does not look like"),
    (item(likeCount=10**12 + 1), "likeCount is not a count"),
    (item(record=record(langs=[1])), "a part has an unexpected shape (TypeError)"),
    (item(record=record(facets=[{}])), "a part has an unexpected shape (KeyError)"),
    (item(record=record(reply={"root": {"uri": URI}})), "a part has an unexpected shape (KeyError)"),
    (repost(uri=f"at://{EMBASSY_DID}/app.bsky.feed.repost/3mrepost"), "the uri is not its author's"),
    ("canary", "a part has an unexpected shape (AttributeError)"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=[f"{n} {reason}" for n, (_, reason) in enumerate(FAULTS)])
def test_a_faulty_item_is_quarantined_and_the_rest_goes_on(fault, reason):
    feed = feed_of(item("3ma"), fault, item("3mb"))
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed})
    assert [event.subject for event in page.events] == [f"{PRESIDENT}/3ma", f"{PRESIDENT}/3mb"]
    (quarantined,) = page.outcome.quarantined
    assert (quarantined["file"], quarantined["line"]) == (f"feed of {PRESIDENT}", 2)
    assert reason in quarantined["reason"]
    assert "anary" not in json.dumps(page.outcome.quarantined)


def test_the_same_item_twice_is_one_event():
    page, _ = fetched("posts", (PRESIDENT,), {"getAuthorFeed": feed_of(item(), item())})
    assert (len(page.events), page.outcome.duplicates) == (1, 1)
