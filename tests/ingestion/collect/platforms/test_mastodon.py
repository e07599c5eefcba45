"""Asking Mastodon: each server politely and alone, lists to their end, and servers that only look like Mastodon."""

import itertools
from datetime import date
from functools import partial

import pytest

from ingestion.collect.living.budget import Budget, Cost, Prices
from ingestion.collect.living.http import Http, HttpError
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import UNREADABLE, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.living.run import Run
from ingestion.collect.living.workload import Job, Workload
from ingestion.collect.platforms.mastodon import FOLLOWED_ROWS, MOST_FOLLOWED_PAGES, Mastodon
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from ingestion.roster.models import Account
from ingestion.roster.platforms import PLATFORMS
from tests.support.recorded import body
from tests.support.recorded import mastodon_status as status
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving
from twiplomacy.synthetic.worlds import CANARY

PRESIDENT_ID, MINISTER_ID = "109000000000000001", "109000000000000002"
PRESIDENT, MINISTER = f"mastodon:{PRESIDENT_ID}@social.example", f"mastodon:{MINISTER_ID}@social.example"
EMBASSY = "mastodon:55@other.example"
MAYOR = "mastodon:aaaa000011112222333344445555ffff@small.example"
recorded = partial(body, "mastodon")
SINCE = "2026-01-01T00:00:00Z"
NOT_FOUND = Reply(b"<h1>404 Not Found</h1>", 404, {"Content-Type": "text/html"})


def listed(account_id, handle):
    return Account(
        account_id=account_id,
        platform_code="mastodon",
        handle=handle,
        country_code="AAA",
        account_type_code="institutional",
        listed_date="2026-01-01",
        source_id="looks",
        checked_date="2026-01-01",
    )


ROSTER = {
    entry.account_id: entry
    for entry in (listed(PRESIDENT, "president"), listed(MINISTER, "minister"), listed(EMBASSY, "embassy"))
}
CONTEXT = Context("mastodon-api", ROSTER, frozenset(account_id.partition(":")[2] for account_id in ROSTER))


def asking(url, clock=None):
    return Client(Http(clock or StillClock(), "c"), Budget(Prices([], "mastodon", date(2026, 3, 1)), Cost()), url, {})


def by_path(replies):
    """Return what answers by the path below ``/api/v1/``: a body, a reply, or what makes one of the request."""

    def answer(request):
        found = replies.get(request.path.removeprefix("/api/v1/"), NOT_FOUND)
        found = found(request) if callable(found) else found
        return found if isinstance(found, Reply) else Reply(found)

    return answer


def fetched(part, subject, replies, **unit):
    """Return a page, whose rows all went somewhere, and the requests it took."""
    unit = Unit(part, (subject,), **({"since": SINCE} if part == "posts" else {}) | unit)
    with serving(by_path(replies)) as server:
        page = Mastodon().fetch(unit, asking(server.url), CONTEXT)
    outcome = page.outcome
    assert outcome.rows == len(page.events) + outcome.duplicates + outcome.left_out + len(outcome.quarantined)
    return page, server.requests


def account(**changes):
    return {f"accounts/{PRESIDENT_ID}": recorded("account") | changes}


def statuses(*items, link=""):
    links = {"Link": f'<{link}>; rel="next", <https://social.example/x?min_id=9>; rel="prev"'} if link else {}
    return {f"accounts/{PRESIDENT_ID}/statuses": Reply(list(items), headers=links)}


def test_an_account_is_observed():
    page, requests = fetched("accounts", PRESIDENT, account())
    (event,) = page.events
    assert [request.path for request in requests] == [f"/api/v1/accounts/{PRESIDENT_ID}"]
    assert (event.type, event.subject, event.time) == ("account.observed", PRESIDENT, instant(NOON))
    assert event.dataschema == "mastodon/account"
    assert (event.data["id"], event.data["followers_count"]) == (PRESIDENT_ID, 52000)
    assert (page.got, page.unavailable, page.outcome.unknown_fields) == (1, 0, {})


def test_who_is_listed_by_a_handle_is_asked_for_by_it():
    name = recorded("account")["username"]
    listed = f"mastodon:@{name.lower()}@social.example"
    page, requests = fetched("accounts", listed, {"accounts/lookup": recorded("account")})
    assert [(request.path, request.query) for request in requests] == [
        ("/api/v1/accounts/lookup", {"acct": name.lower()})
    ]
    assert [(event.type, event.subject) for event in page.events] == [("account.observed", PRESIDENT)]
    assert (page.ids, page.got, page.unavailable) == ({listed: PRESIDENT}, 1, 0)


@pytest.mark.parametrize(
    ("reply", "observed", "refused"),
    [
        (Reply({"error": "Record not found"}, 404), [("account.unavailable", "mastodon:@other@social.example")], []),
        (recorded("account"), [], ["the account is somebody else's"]),
    ],
)
def test_a_handle_that_nobody_or_somebody_else_has_shows_no_id(reply, observed, refused):
    page, _ = fetched("accounts", "mastodon:@other@social.example", {"accounts/lookup": reply})
    assert [(event.type, event.subject) for event in page.events] == observed
    assert [fault["reason"] for fault in page.outcome.quarantined] == refused
    assert (page.ids, page.got, page.unavailable) == ({}, 0, len(observed))


def test_statuses_are_observed():
    page, requests = fetched("posts", PRESIDENT, statuses(*recorded("statuses")))
    assert requests[0].query == {"limit": "40"}
    full, boost, _ = page.events
    assert (full.type, full.dataschema) == ("post.observed", "mastodon/status/2")
    assert full.subject == f"{PRESIDENT}/114000000000000040"
    assert (full.data["reblogs_count"], boost.data["reblog"]["id"]) == (30, "114000000000000009")
    assert (page.oldest_at, page.cursor, page.limit_code, page.got) == ("2026-02-25T09:00:00Z", None, "", 1)
    assert page.outcome.unknown_fields == {}
    assert [Mastodon.posted_at(event.data) for event in page.events] == ["2026-02-27T10:00:00Z", "", page.oldest_at]


def test_no_content_passes():
    snac = {MAYOR.partition(":")[2].partition("@")[0]: recorded("snac_account")}
    pages = [
        fetched("accounts", PRESIDENT, account(moved=recorded("following")[1]))[0],
        fetched("posts", PRESIDENT, statuses(*recorded("statuses")))[0],
        fetched("accounts", MAYOR, {f"accounts/{native}": body for native, body in snac.items()})[0],
        fetched("posts", MAYOR, {f"accounts/{native}/statuses": recorded("snac_statuses") for native in snac})[0],
    ]
    assert [len(page.events) for page in pages] == [1, 3, 1, 2]
    everything = b"".join(event.encode() for page in pages for event in page.events)
    for content in (CANARY.encode(), b"canary", b"media.example"):
        assert content not in everything


def test_fields_nobody_knows_are_counted_on_the_page():
    page, _ = fetched("accounts", PRESIDENT, account(mood=CANARY))
    assert page.outcome.unknown_fields == {"account.mood": 1}
    page, _ = fetched("posts", PRESIDENT, statuses(status(1, mood=CANARY), status(2, mood=CANARY)))
    assert page.outcome.unknown_fields == {"mood": 2}
    assert b"mood" not in b"".join(event.encode() for event in page.events)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": 1.14e17}, "the status's id is a number with lost digits"),
        ({"account": {"id": 1.09e17}}, "the author's id is a number with lost digits"),
        ({"visibility": CANARY}, "visibility does not look like"),
        ({"mentions": [None]}, "a part has an unexpected shape"),
    ],
)
def test_a_status_that_is_not_of_its_form_is_quarantined_beside_good_ones(changes, reason):
    page, _ = fetched("posts", PRESIDENT, statuses(status(2), status(1, **changes)))
    assert [event.data["id"] for event in page.events] == ["113000000000000002"]
    (fault,) = page.outcome.quarantined
    assert reason in fault["reason"]
    assert (fault["file"], fault["line"]) == (f"statuses of {PRESIDENT}", 2)
    assert CANARY not in str(page.outcome)


def test_an_account_whose_id_lost_digits_is_neither_got_nor_unavailable():
    page, _ = fetched("accounts", PRESIDENT, account(id=1.09e17))
    assert (page.events, page.got, page.unavailable) == ([], 0, 0)
    assert "lost digits" in page.outcome.quarantined[0]["reason"]
    page, _ = fetched("accounts", PRESIDENT, account(statuses_count=2**60))
    assert (page.events, page.got, page.unavailable, len(page.outcome.quarantined)) == ([], 0, 0, 1)
    page, _ = fetched("accounts", PRESIDENT, account(id=MINISTER_ID))
    assert page.outcome.quarantined[0]["reason"] == "the account is somebody else's"


@pytest.mark.parametrize(
    ("reply", "data"),
    [
        (NOT_FOUND, {"status": 404}),
        (Reply({"error": CANARY}, 404), {"status": 404}),
        (Reply({"error": CANARY}, 410), {"status": 410}),
        (recorded("account") | {"suspended": True, "followers_count": 0}, {"suspended": True}),
    ],
)
@pytest.mark.parametrize("part", ["accounts", "posts", "follows"])
def test_an_account_that_is_not_shown(part, reply, data):
    empty = reply if isinstance(reply, Reply) else []
    replies = {f"accounts/{PRESIDENT_ID}{tail}": empty for tail in ("/statuses", "/following")}
    page, requests = fetched(part, PRESIDENT, replies | {f"accounts/{PRESIDENT_ID}": reply})
    (event,) = page.events
    assert (event.type, event.subject, event.dataschema) == ("account.unavailable", PRESIDENT, "mastodon/error")
    assert event.data == {"id": PRESIDENT_ID, **data}
    assert (page.got, page.unavailable, page.cursor) == (0, 1, None)
    assert len(requests) == (1 if part == "accounts" else 2)


@pytest.mark.parametrize("status_code", [401, 403, 422])
@pytest.mark.parametrize("part", ["accounts", "posts", "ages", "follows"])
def test_a_server_that_wants_a_token_is_named(part, status_code):
    subject = f"{PRESIDENT}/1" if part == "ages" else PRESIDENT
    with serving(lambda _: Reply({"error": CANARY}, status_code)) as server:
        unit = Unit(part, (subject,), since=SINCE)
        with pytest.raises(UnitFailed, match=rf"^social\.example wants a token: it answered {status_code}$"):
            Mastodon().fetch(unit, asking(server.url), CONTEXT)


def test_any_other_refusal_is_named():
    with (
        serving(lambda _: Reply({"error": CANARY}, 400)) as server,
        pytest.raises(UnitFailed, match=r"^social\.example refused the question: 400$"),
    ):
        Mastodon().fetch(Unit("accounts", (PRESIDENT,)), asking(server.url), CONTEXT)


def test_html_instead_of_json_is_no_answer():
    reply = Reply(b"<html>Canary</html>", headers={"Content-Type": "text/html"})
    with serving(lambda _: reply) as server, pytest.raises(HttpError, match="bytes of text/html that are not JSON"):
        Mastodon().fetch(Unit("posts", (PRESIDENT,), SINCE), asking(server.url), CONTEXT)


@pytest.mark.parametrize("part", ["posts", "follows"])
def test_something_else_than_a_list_is_no_empty_list(part):
    with (
        serving(lambda _: Reply({"statuses": []})) as server,
        pytest.raises(UnitFailed, match="something else than a list"),
    ):
        Mastodon().fetch(Unit(part, (PRESIDENT,), SINCE), asking(server.url), CONTEXT)


def test_a_link_says_where_the_next_page_starts_and_is_never_followed():
    link = "https://elsewhere.example/api/v1/accounts/1/statuses?limit=40&max_id=a%2Fb"
    page, _ = fetched("posts", PRESIDENT, statuses(status(2), link=link))
    assert (page.cursor, page.got) == ("a/b", 0)
    page, (request,) = fetched("posts", PRESIDENT, statuses(status(1)), cursor=page.cursor)
    assert (request.path, request.query["max_id"]) == (f"/api/v1/accounts/{PRESIDENT_ID}/statuses", "a/b")
    assert (page.cursor, page.got) == (None, 1)


@pytest.mark.parametrize("link", ["https://social.example/api/v1/x?page=2", "https://[", "x"])
def test_a_link_without_a_start_is_no_end_of_the_timeline(link):
    page, _ = fetched("posts", PRESIDENT, statuses(status(1), link=link))
    assert (page.cursor, page.got) == (UNREADABLE, 0)
    page.seal_cursor()
    assert (page.cursor, page.limit_code, page.got, len(page.events)) == (None, "unreadable", 0, 1)


def test_an_empty_page_after_others_is_the_end_and_asks_nothing_more():
    page, requests = fetched("posts", PRESIDENT, statuses(link="https://social.example/x?max_id=2"), cursor="1")
    assert (page.events, page.cursor, page.limit_code, page.got) == ([], None, "", 1)
    assert len(requests) == 1


def test_what_is_older_than_wanted_is_left_out_and_ends_a_timeline_only_as_a_whole_page():
    link = "https://social.example/x?max_id=1"
    old, older = status(2, "2025-12-31T23:59:59.999Z"), status(1, "2025-11-01T00:00:00.000Z")
    page, _ = fetched("posts", PRESIDENT, statuses(old, status(3, "2026-01-01T00:00:00.000Z"), older, link=link))
    assert [event.data["id"] for event in page.events] == ["113000000000000003"]
    assert (page.outcome.left_out, page.oldest_at, page.cursor) == (2, "2025-11-01T00:00:00Z", "1")
    page, _ = fetched("posts", PRESIDENT, statuses(old, older, link=link))
    assert (page.events, page.outcome.left_out, page.cursor, page.limit_code, page.got) == ([], 2, None, "", 1)


def test_statuses_of_others_are_left_out_and_a_timeline_of_others_only_is_not_gone_on_with():
    link = "https://social.example/x?max_id=1"
    other = status(1, account=recorded("following")[0])
    page, _ = fetched("posts", PRESIDENT, statuses(status(2), other, link=link))
    assert [event.data["id"] for event in page.events] == ["113000000000000002"]
    assert (page.outcome.left_out, page.cursor) == (1, "1")
    page, _ = fetched("posts", PRESIDENT, statuses(other, link=link))
    assert (page.outcome.left_out, page.cursor, page.limit_code) == (1, None, "unreadable")


def test_an_own_status_that_a_server_shows_as_anothers_boost_of_it_is_kept():
    native = MAYOR.partition(":")[2].partition("@")[0]
    page, _ = fetched("posts", MAYOR, {f"accounts/{native}/statuses": recorded("snac_statuses")})
    plain, boosted = page.events
    assert boosted.subject == f"{MAYOR}/17699900020c0ffee0c0ffee0c0ffee0c0ffee0002"
    assert (boosted.data["reblogs_count"], boosted.data.get("reblog")) == (1, None)
    assert boosted.data["account"]["id"] == plain.data["account"]["id"] == native
    assert page.outcome.left_out == 0


def test_an_empty_timeline_is_empty_once_the_account_is_seen():
    page, requests = fetched("posts", PRESIDENT, statuses() | account())
    assert [request.path.rpartition("/")[2] for request in requests] == ["statuses", PRESIDENT_ID]
    assert [event.type for event in page.events] == ["account.observed"]
    assert (page.got, page.unavailable, page.cursor, page.limit_code) == (1, 0, None, "")


@pytest.mark.parametrize("part", ["posts", "follows"])
def test_a_list_that_a_server_lacks_says_nothing_of_the_account(part):
    with pytest.raises(UnitFailed, match=r"^social\.example does not show \w+ of an account that it has: 404$"):
        fetched(part, PRESIDENT, account())
    with pytest.raises(UnitFailed, match="does not show"):
        fetched(part, PRESIDENT, statuses() | {f"accounts/{PRESIDENT_ID}/following": []} | account(id=1.09e17))


def walk(folder, answer, subject=MAYOR):
    """Collect a whole timeline; return what the run says of it, the ids of its posts, and the requests it took."""
    with serving(answer) as server:
        clock, journal = StillClock(), Journal(folder / "mastodon.jsonl")
        journal.open({})
        job = Job(
            Mastodon(), CONTEXT, Workload([subject], {}, {subject: SINCE}, (), NOON.date()), ["posts"], instant(NOON)
        )
        run = Run(job, asking(server.url, clock), journal, clock, ())
        run.work(1, lambda _: None)
    ledger = Ledger(folder / "log")
    run.seal(ledger, lambda _: None)
    *posts, finished = segments.read(ledger.segments / ledger.lines()[-1].name)
    assert finished.data["undone"] == []
    return finished.data["timelines"][0], [event.data["id"] for event in posts], server.requests


def snac_timeline(count):
    whole = recorded("snac_statuses")[0]
    return [whole | {"id": f"{number:010}c0ffee"} for number in range(count, 0, -1)]


def test_a_server_that_ignores_limit_and_start_and_sends_no_link_does_not_go_round_for_ever(tmp_path):
    everything = snac_timeline(45)
    known, ids, requests = walk(tmp_path, lambda _: Reply(everything))
    assert ids == [item["id"] for item in everything]
    assert [request.query for request in requests] == [{"limit": "40"}, {"limit": "40", "max_id": ids[-1]}]
    assert (known["limit_code"], known["from"]) == ("repeating", "2026-02-03T08:00:00Z")


@pytest.mark.parametrize(("count", "requests_count"), [(95, 3), (80, 3), (39, 1)])
def test_a_server_that_heeds_the_start_and_sends_no_link_is_read_to_the_end(tmp_path, count, requests_count):
    everything = snac_timeline(count)

    def answer(request):
        ids = [item["id"] for item in everything]
        first = ids.index(request.query["max_id"]) + 1 if "max_id" in request.query else 0
        return Reply(everything[first : first + 40])

    known, ids, requests = walk(tmp_path, answer)
    assert ids == [item["id"] for item in everything]
    assert len(requests) == requests_count
    assert (known["limit_code"], known["from"]) == ("", SINCE)


def test_a_server_that_links_every_page_to_itself_does_not_go_round_for_ever(tmp_path):
    link = {"Link": '<https://small.example/x?max_id=1>; rel="next"'}
    known, ids, requests = walk(tmp_path, lambda _: Reply(snac_timeline(3), headers=link))
    assert (len(ids), len(requests), known["limit_code"]) == (3, 2, "repeating")


def test_a_server_that_links_each_page_of_others_to_yet_another_does_not_go_on_for_ever(tmp_path):
    cursors = itertools.count()
    others = [item | {"account": recorded("account")} for item in snac_timeline(3)]

    def answer(_):
        return Reply(others, headers={"Link": f'<https://small.example/x?max_id={next(cursors)}>; rel="next"'})

    known, ids, requests = walk(tmp_path, answer)
    assert (ids, len(requests), known["limit_code"]) == ([], 1, "unreadable")


def ages(reply):
    return fetched("ages", f"{PRESIDENT}/113000000000000001", {"statuses/113000000000000001": reply})


def test_a_status_is_measured_again():
    page, _ = ages(status(1, favourites_count=7))
    (event,) = page.events
    assert (event.type, event.subject) == ("post.observed", f"{PRESIDENT}/113000000000000001")
    assert (event.data["favourites_count"], page.got, page.unavailable) == (7, 1, 0)


@pytest.mark.parametrize("reply", [NOT_FOUND, Reply({"error": CANARY}, 410)])
def test_a_status_that_is_gone(reply):
    page, _ = ages(reply)
    (event,) = page.events
    assert (event.type, event.subject) == ("post.unavailable", f"{PRESIDENT}/113000000000000001")
    assert event.data == {"id": "113000000000000001", "status": reply.status}
    assert (page.got, page.unavailable) == (0, 1)


@pytest.mark.parametrize("reply", [status(2), status(1, account=recorded("following")[0]), [], None])
def test_another_status_than_the_one_asked_for_is_refused(reply):
    page, _ = ages(reply)
    assert (page.events, page.got, page.unavailable) == ([], 0, 0)
    assert len(page.outcome.quarantined) == 1


def follows(*items, link="", **unit):
    links = {"Link": f'<{link}>; rel="next"'} if link else {}
    replies = {f"accounts/{PRESIDENT_ID}/following": Reply(list(items), headers=links)}
    return fetched("follows", PRESIDENT, replies, **unit)


def test_followed_peers_are_told_by_id_on_the_same_server_and_by_handle_on_others():
    page, (request,) = follows(*recorded("following"))
    assert request.query == {"limit": "80"}
    (event,) = page.events
    assert (event.type, event.subject, event.dataschema) == ("follows.observed", PRESIDENT, "mastodon/following")
    assert event.data == {
        "id": PRESIDENT_ID,
        "follows": [{"id": f"{MINISTER_ID}@social.example"}, {"id": "55@other.example"}],
        "is_last": True,
    }
    assert (page.got, page.unavailable, page.limit_code) == (1, 0, "")


@pytest.mark.parametrize(
    "followed",
    [
        {"id": MINISTER_ID, "acct": "minister@elsewhere.example"},  # the id is social.example's own, of a stranger
        {"id": "109000000000000999", "acct": "minister"},  # the handle alone is not enough on the same server
        {"id": "55", "acct": "somebody"},  # the id of other.example's embassy
        {"id": "55", "acct": "somebody@other.example"},
    ],
)
def test_nobody_is_taken_for_a_peer(followed):
    page, _ = follows(followed)
    assert page.events[0].data["follows"] == []


@pytest.mark.parametrize("acct", ["minister@social.example", "Renamed@Social.Example", "renamed"])
def test_on_the_same_server_the_id_tells_a_peer_whatever_the_handle(acct):
    page, _ = follows({"id": MINISTER_ID, "acct": acct})
    assert page.events[0].data["follows"] == [{"id": f"{MINISTER_ID}@social.example"}]


def test_a_followed_account_without_a_readable_id_is_no_stranger():
    with pytest.raises(ValueError, match="lost digits"):
        follows({"id": 1.09e17, "acct": "minister"})


def test_a_list_of_follows_is_walked_page_by_page():
    page, _ = follows(*recorded("following"), link="https://elsewhere.example/x?max_id=7")
    assert (page.cursor, page.events[0].data["is_last"], page.got) == ("7", False, 0)
    page, (request,) = follows(link="https://social.example/x?max_id=8", cursor="7", seen_count=1)
    assert request.query == {"limit": "80", "max_id": "7"}
    assert (page.cursor, page.events[0].data["is_last"], page.got) == (None, True, 1)


def test_a_list_of_follows_that_is_cut_short_is_not_called_whole():
    link = "https://social.example/x?max_id=7"
    page, _ = follows(*recorded("following"), link=link, cursor="8", seen_count=MOST_FOLLOWED_PAGES - 1)
    assert (page.cursor, page.limit_code, page.events[0].data["is_last"]) == (None, "reach_limit", False)
    full = [{"id": str(number), "acct": f"user{number}"} for number in range(FOLLOWED_ROWS)]
    page, _ = follows(*full)
    assert (page.cursor, page.limit_code, page.events[0].data["is_last"]) == (None, "reach_limit", False)


@pytest.mark.parametrize(
    ("changes", "is_hidden"),
    [
        ({"following_count": 3}, True),
        ({"following_count": None}, True),
        ({"following_count": -1}, True),
        ({"following_count": 0, "hide_collections": True}, True),
        ({"following_count": 0, "statuses_count": 0}, True),
        ({"following_count": 0, "statuses_count": 0, "last_status_at": None}, False),
        ({"following_count": 0, "hide_collections": False}, False),
    ],
)
def test_a_hidden_list_of_follows_is_not_an_empty_one(changes, is_hidden):
    page, _ = fetched("follows", PRESIDENT, {f"accounts/{PRESIDENT_ID}/following": []} | account(**changes))
    profile, event = page.events
    assert (profile.type, event.type) == ("account.observed", "follows.observed")
    assert event.data == {"id": PRESIDENT_ID, "follows": [], "is_last": not is_hidden}
    assert (page.limit_code, page.unavailable, page.got) == (("hidden", 1, 0) if is_hidden else ("", 0, 1))


def test_each_server_is_asked_at_its_own_pace():
    reset = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-03-01T12:01:00.5Z"}
    other = recorded("account") | {"id": "55"}
    answer = by_path({f"accounts/{PRESIDENT_ID}": Reply(recorded("account"), headers=reset), "accounts/55": other})
    with serving(answer) as server:
        clock = StillClock()
        client = asking(server.url, clock)
        for subject, pauses in ((PRESIDENT, []), (EMBASSY, []), (PRESIDENT, [60.5])):
            Mastodon().fetch(Unit("accounts", (subject,)), client, CONTEXT)
            assert clock.pauses == pauses


def test_the_server_of_an_account_is_filled_into_the_address():
    with serving(by_path({"accounts/55": recorded("account") | {"id": "55"}})) as server:
        host = server.url.removeprefix("http://")
        page = Mastodon().fetch(Unit("accounts", (f"mastodon:55@{host}",)), asking("http://{server}"), CONTEXT)
    assert page.events[0].subject == f"mastodon:55@{host}"
    assert PLATFORMS["mastodon"].address == "https://{server}"


def test_nothing_it_asks_has_a_price():
    assert set(Mastodon.operations.values()) == {"read"}
