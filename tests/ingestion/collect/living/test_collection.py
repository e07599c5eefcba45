"""Runs over living platforms: what is asked for and what is not, the plan, the budget, the log they leave."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms.mastodon import Mastodon
from ingestion.collect.platforms.x import X
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from ingestion.roster import account_ids
from tests.conftest import PROJECT
from tests.support.recorded import body
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving
from twiplomacy.synthetic.worlds import write_roster
from twiplomacy.synthetic.x_api import XServer, post, user

TODAY = date(2026, 3, 1)
RICH = Cost(Decimal(100), 100)
ACCOUNTS = (100, 200, 300)


def roster_folder(path: Path, **changes) -> Path:
    """Three accounts of one holder in office, one of a holder who left."""
    rows = {
        "editions": [{"year": "2026"}],
        "sources": [
            {"source_id": "x-api", "adapter": "x-v2-api"},
            {"source_id": "youtube-api", "adapter": "youtube-api"},
        ],
        "platforms": [{"platform_code": "x"}],
        "prices": [
            {"platform_code": "x", "operation_code": "users", "price_usd": "0.01"},
            {"platform_code": "x", "operation_code": "posts", "price_usd": "0.005"},
        ],
        "offices": [
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "BBB-head", "country_code": "BBB"},
        ],
        "holders": [{"holder_id": "now"}, {"holder_id": "once"}],
        "terms": [
            {"office_code": "AAA-head", "holder_id": "now", "start_date": "2020-01-01"},
            {"office_code": "BBB-head", "holder_id": "once", "start_date": "2010-01-01", "end_date": "2015-01-01"},
        ],
        "accounts": [{"account_id": f"x:{i}", "country_code": "AAA", "source_id": "x-api"} for i in (*ACCOUNTS, 400)],
        "assignments": [
            *({"account_id": f"x:{i}", "holder_id": "now"} for i in ACCOUNTS),
            {"account_id": "x:400", "holder_id": "once"},
        ],
    }
    return write_roster(path / "roster", **{**rows, **changes})


@pytest.fixture
def server():
    posts = [post(i, 100, f"2026-02-2{i}T00:00:00") for i in range(1, 6)]
    return XServer([user(100), user(200), user(300)], [*posts, post(9, 200, "2026-01-05T00:00:00")])


class Home:
    """A collection over a server on loopback, its log, and what it said."""

    def __init__(self, path: Path, server: XServer, **changes) -> None:
        self.server, self.said, self.off = server, [], None
        self.clock, self.ledger = StillClock(), Ledger(path / "data" / "log")
        self.collection = Collection(
            roster_folder(path, **changes), self.ledger, self.clock, "someone@example.org", self.said.append
        )

    def run(self, parts=("accounts", "posts", "ages"), budget=RICH, day=TODAY, key="the-key"):
        with self.serving() as loopback:
            self.requests = loopback.requests
            self.collection.run(Endpoint(X(), loopback.url, SecretStr(key)), RunRequest(parts, budget, day), progress)
        return self.finished()[-1]

    def expire(self, url=""):
        with self.serving() as loopback:
            self.collection.expire([Endpoint(X(), url or loopback.url, SecretStr("the-key"))])

    def serving(self):
        """The server says what time it is if it knows by how much the clock is ahead of that."""
        return serving(self.server.answer, None if self.off is None else lambda: self.clock.now() - self.off)

    def plan(self, parts):
        endpoint = Endpoint(X(), "http://127.0.0.1:1", SecretStr("the-key"))
        return list(self.collection.plan(endpoint, RunRequest(parts, RICH, TODAY)))

    def events(self):
        for entry in self.ledger.lines():
            yield from segments.read(self.ledger.segments / entry.name)

    def finished(self):
        return [event.data for event in self.events() if event.type == "collection.finished"]


def test_whoever_is_in_office_is_asked_for_and_the_others_are_counted(tmp_path, server):
    home = Home(tmp_path, server)
    sums = home.run()
    assert sums["outcome"] == "complete"
    assert sums["skipped"] == {"no holder was in office this year": 1}
    assert home.requests[0].query.get("ids", "100,200,300") == "100,200,300"
    assert not any("400" in request.path for request in home.requests)
    assert sums["spent"]["usd"] == "0.060"
    assert sums["requests"] == len(home.requests)


def test_the_next_run_asks_only_for_what_is_new_and_measures_what_is_due(tmp_path, server):
    home = Home(tmp_path, server)
    home.run()
    home.clock.sleep(timedelta(days=1).total_seconds())
    server.posts["7"] = post(7, 100, "2026-03-02T00:00:00")
    sums = home.run(day=date(2026, 3, 2))
    assert {request.query["start_time"] for request in home.requests if "start_time" in request.query} == {
        "2026-03-01T12:00:00Z"
    }
    (again,) = [request for request in home.requests if request.path == "/2/tweets"]
    assert again.query["ids"] == "3"  # made on 23 February: a week old since the first run
    assert sums["parts"]["ages"] == {"asked": 1, "got": 1, "unavailable": 0, "undone": 0}


LISTED = ("x:100", "x:@user200", "x:@gone", "x:@palace")


def by_handle(path: Path, server: XServer) -> Home:
    """Three accounts of the holder in office are listed by their handles alone, since January."""
    accounts = [{"account_id": listed, "listed_date": "2026-01-10"} for listed in LISTED]
    return Home(
        path,
        server,
        accounts=[{**account, "country_code": "AAA", "source_id": "x-api"} for account in accounts],
        assignments=[{"account_id": listed, "holder_id": "now"} for listed in LISTED],
    )


def test_who_is_listed_by_a_handle_is_asked_for_by_it_and_by_the_id_once_it_is_seen(tmp_path, server):
    home = by_handle(tmp_path, server)
    (plan, *_) = home.plan(("accounts", "posts"))
    assert (plan.subjects, plan.requests) == (4, 2)
    sums = home.run()
    assert sums["parts"]["accounts"] == {"asked": 4, "got": 2, "unavailable": 2, "undone": 0}
    assert sums["parts"]["posts"] == {"asked": 1, "got": 1, "unavailable": 0, "undone": 0}
    assert sums["ids"] == {"x:@user200": "x:200"}
    assert any(line.startswith("  x:@user200 is x:200: ") for line in home.said)
    unseen = "their id is not known yet; by their handle only profiles are asked for"
    assert sums["skipped"] == {unseen: 3}
    assert {request.query.get("usernames") for request in home.requests} == {None, "gone,palace,user200"}
    sums = home.run()  # the second run knows what the first saw
    assert {request.query.get("usernames") for request in home.requests} == {None, "gone,palace,user200"}
    assert sums["parts"]["posts"] == {"asked": 2, "got": 2, "unavailable": 0, "undone": 0}
    assert {event.subject for event in home.events() if event.type == "post.observed"} >= {"x:200/9"}
    assert sums["skipped"] == {unseen: 2}


@pytest.mark.parametrize("days", [42, 43])
def test_an_id_that_is_seen_92_days_after_the_listing_is_asked_for_and_no_later_one(tmp_path, server, days):
    home = by_handle(tmp_path, server)
    home.clock.sleep(timedelta(days=days).total_seconds())
    for _ in range(2):
        sums = home.run(("accounts", "posts"), day=home.clock.now().date())
    assert (home.clock.now().date() - date(2026, 1, 10)).days == days + 50
    assert sums["parts"]["posts"]["asked"] == (2 if days == 42 else 1)


def test_a_handle_that_was_seen_with_two_ids_is_asked_for_by_neither(tmp_path, server):
    home = by_handle(tmp_path, server)
    home.run(("accounts",))
    server.users["300"]["username"], server.users["200"]["username"] = "user200", "other"
    home.run(("accounts",))
    assert home.run(("posts",))["parts"]["posts"]["asked"] == 1


def test_a_plan_costs_nothing_and_says_what_a_run_costs(tmp_path, server):
    home = Home(tmp_path, server)
    plan = {line.part: line for line in home.plan(("accounts", "posts", "ages", "volume"))}
    assert plan["accounts"].requests == 1
    assert plan["accounts"].cost == Cost(Decimal("0.03"))
    days = (NOON - datetime(2026, 1, 1, tzinfo=UTC)).days
    assert plan["posts"].cost == Cost(3 * days * 4 * Decimal("0.005"))
    assert plan["posts"].requests == 3 * 3
    assert plan["volume"].requests == 3 * 2
    assert home.ledger.lines() == []


def test_a_run_stops_at_its_budget_and_records_what_is_left_undone(tmp_path, server):
    home = Home(tmp_path, server)
    with pytest.raises(SourceError, match=r"x was collected in part: the budget of \$0\.400 is reached"):
        home.run(("accounts", "posts"), Cost(Decimal("0.4")))
    sums = home.finished()[-1]
    assert sums["outcome"] == "stopped"
    assert sums["spent"]["usd"] == "0.03"
    assert sorted(subject for item in sums["undone"] for subject in item["subjects"]) == ["x:100", "x:200", "x:300"]
    assert home.run(("posts",))["parts"]["posts"]["got"] == 3


def test_without_a_budget_nothing_is_spent(tmp_path, server):
    home = Home(tmp_path, server)
    with pytest.raises(SourceError, match="the budget of nothing is reached"):
        home.run(budget=Cost())
    assert home.requests == []


def test_without_a_key_the_platform_is_skipped_loudly_and_on_record(tmp_path, server):
    home = Home(tmp_path, server)
    sums = home.run(key="")
    assert (sums["outcome"], sums["reason"]) == ("skipped", "there is no key in TWIPLOMACY_X_BEARER_TOKEN")
    assert home.said == ["collect: x: NOT ASKED: there is no key in TWIPLOMACY_X_BEARER_TOKEN"]
    assert home.requests == []


def test_a_past_day_is_not_collectable_and_never_todays_value_under_its_date(tmp_path, server):
    home = Home(tmp_path, server)
    sums = home.run(day=date(2026, 2, 20))
    assert (sums["outcome"], sums["day"]) == ("not_collectable", "2026-02-20")
    assert home.requests == []


def test_a_refused_key_stops_the_run_and_keeps_what_came(tmp_path, server):
    home = Home(tmp_path, server)
    with pytest.raises(SourceError, match="refused the key in TWIPLOMACY_X_BEARER_TOKEN"):
        home.run(key="an-old-key")
    assert home.finished()[-1]["outcome"] == "stopped"
    everything = " ".join(home.said) + str([dict(event.data) for event in home.events()])
    assert "an-old-key" not in everything


@pytest.mark.parametrize(
    ("platform", "servers", "reason"),
    [
        ({"collection_code": "by_hand"}, [], "the platform's terms allow looks by hand only"),
        ({"collection_code": "api_opt_in"}, [], "nobody has read the terms of its server (roster/servers.csv)"),
        ({"collection_code": "api_opt_in"}, ["false"], "the terms of its server do not allow it"),
        ({"collection_code": "api_opt_in"}, ["true"], ""),
    ],
)
def test_a_server_is_asked_only_if_its_terms_allow_it(tmp_path, monkeypatch, server, platform, servers, reason):
    monkeypatch.delitem(account_ids.FORMS, "x")  # as if it had servers
    account = "x:1@social.example"
    home = Home(
        tmp_path,
        server,
        platforms=[{"platform_code": "x", **platform}],
        servers=[
            {"server_name": "social.example", "platform_code": "x", "is_allowed": is_allowed} for is_allowed in servers
        ],
        accounts=[{"account_id": account, "country_code": "AAA", "source_id": "x-api"}],
        assignments=[{"account_id": account, "holder_id": "now"}],
    )
    (line,) = home.plan(("accounts",))
    assert line.subjects == (0 if reason else 1)
    if reason:
        assert home.run(("accounts",))["skipped"] == {reason: 1}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"platforms": [{"platform_code": "y"}], "accounts": [], "assignments": [], "prices": []},
            "platforms.csv has no row for x",
        ),
        ({"sources": [{"source_id": "x-api"}]}, "sources.csv has no source with the adapter x-v2-api"),
    ],
)
def test_a_roster_that_does_not_know_the_platform_is_a_clear_error(tmp_path, server, changes, message):
    with pytest.raises(SourceError, match=message):
        Home(tmp_path, server, **changes).run()


def test_what_may_be_kept_for_some_days_only_is_erased_from_the_log(tmp_path, server):
    home = Home(tmp_path, server, platforms=[{"platform_code": "x", "retention_days_count": "30"}])
    home.off = timedelta(0)
    home.run()
    home.clock.sleep(timedelta(days=29).total_seconds())
    home.expire()
    assert home.ledger.erasures() == {}
    home.run(day=home.clock.now().date())
    home.clock.sleep(timedelta(days=2).total_seconds())
    home.expire()
    ((erasure,),) = home.ledger.erasures().values()
    assert (erasure.position, erasure.reason) == (1, "kept for 30 days, as the platform's terms want")
    assert not (home.ledger.segments / home.ledger.lines()[0].name).exists()
    assert home.ledger.verify() == home.ledger.lines()[1].rows + 1
    home.expire()
    assert len(home.ledger.erasures()) == 1


AHEAD = timedelta(days=40)
RETENTION = {"platforms": [{"platform_code": "x", "retention_days_count": "30"}]}


@pytest.mark.parametrize(
    ("off", "url", "message"),
    [
        (
            AHEAD,
            "",
            "says that it is 2026-03-01T12:00:00Z, and this machine's clock says 2026-04-10T12:00:00Z: set the",
        ),
        (None, "", "no server could be asked what time it is"),
        (timedelta(0), "http://127.0.0.1:1", "no server could be asked what time it is"),
    ],
)
def test_a_clock_that_nobody_confirms_erases_nothing_and_says_so(tmp_path, server, off, url, message):
    home = Home(tmp_path, server, **RETENTION)
    home.run()
    home.clock.sleep(AHEAD.total_seconds())
    home.off = off
    with pytest.raises(SourceError, match=message):
        home.expire(url)
    assert home.ledger.erasures() == {}
    assert home.ledger.verify() == home.ledger.lines()[0].rows


@pytest.mark.parametrize("off", [AHEAD, -AHEAD, timedelta(minutes=11)])
@pytest.mark.parametrize("day", [TODAY, date(2026, 2, 20)])
def test_a_clock_that_the_server_contradicts_records_nothing(tmp_path, server, off, day):
    home = Home(tmp_path, server)
    home.off = off
    with pytest.raises(
        SourceError, match=r"says that it is .* clock says 2026-03-01T12:00:00Z: set the clock"
    ) as error:
        home.run(day=day)
    assert f"says that it is {instant(NOON - off)}, and" in str(error.value)
    assert (home.ledger.lines(), home.requests) == ([], [])
    assert not list((tmp_path / "data" / "collecting").glob("*.jsonl"))


def test_a_clock_that_only_the_answers_contradict_records_nothing(tmp_path, server):
    home = Home(tmp_path, server)
    date = {"Date": format_datetime(NOON - AHEAD, usegmt=True)}
    home.server.answer = lambda request: replace(XServer.answer(server, request), headers=date)
    with pytest.raises(SourceError, match="says that it is 2026-01-20T12:00:00Z"):
        home.run()
    assert home.ledger.lines() == []
    assert not list((tmp_path / "data" / "collecting").glob("*.jsonl"))


def test_an_answer_of_another_time_costs_its_question_only_if_others_confirm_the_clock(tmp_path, server):
    home = Home(tmp_path, server)
    home.off = timedelta(0)

    def answer(request):
        reply = XServer.answer(server, request)
        is_off = request.path == "/2/users/200/tweets"
        return replace(reply, headers={"Date": format_datetime(NOON - AHEAD, usegmt=True)}) if is_off else reply

    home.server.answer = answer
    sums = home.run()
    assert sums["parts"]["posts"] == {"asked": 3, "got": 2, "unavailable": 0, "undone": 1}
    (undone,) = sums["undone"]
    assert "says that it is 2026-01-20T12:00:00Z" in undone["reason"]


def test_a_run_that_lies_ahead_is_passed_over_if_a_server_confirms_the_clock(tmp_path, server):
    home = Home(tmp_path, server)
    home.clock.sleep(AHEAD.total_seconds())
    home.run(("posts",), day=home.clock.now().date())  # by a clock that nobody contradicted
    home.clock.sleep(-AHEAD.total_seconds())
    with pytest.raises(SourceError, match=r"a run over x of 2026-04-10.*clock says 2026-03-01.*nothing was recorded"):
        home.run(("posts",))
    assert len(home.ledger.lines()) == 1
    home.off = timedelta(0)
    assert home.run(("posts",))["outcome"] == "complete"
    assert {request.query["start_time"] for request in home.requests} == {"2026-01-01T00:00:00Z"}
    assert any("PASSED OVER" in line for line in home.said)
    home.off = None  # the run that lies ahead is still there
    home.clock.sleep(2 * AHEAD.total_seconds())
    home.run(("posts",), day=home.clock.now().date())
    assert {request.query["start_time"] for request in home.requests} == {"2026-03-01T12:00:00Z"}


def test_where_there_is_nothing_to_ask_nobody_is_asked_for_the_time(tmp_path, server):
    home = Home(tmp_path, server, accounts=[], assignments=[])
    home.off = AHEAD
    assert home.run()["outcome"] == "complete"
    assert Home(tmp_path / "without", server).run(key="")["outcome"] == "skipped"


def test_an_unfinished_run_that_lies_ahead_is_not_gone_on_with(tmp_path, server):
    home = Home(tmp_path, server)
    journal = tmp_path / "data" / "collecting" / "x.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text('{"run": {"platform_code": "x", "started_at": "2026-04-10T12:00:00Z"}}\n')
    with pytest.raises(SourceError, match=r"x\.jsonl is of a run that began at 2026-04-10.*move the file away"):
        home.run()
    assert home.ledger.lines() == []
    assert journal.exists()


def test_one_of_many_servers_with_a_wrong_clock_costs_its_own_accounts_only(tmp_path):
    """Of two servers the first, who is asked for the time first, is a day behind."""
    names = ("behind.example", "right.example")

    def answer(request):
        name = request.path.split("/")[1]
        said = NOON - timedelta(days=1) if name == names[0] else NOON
        account = body("mastodon", "account") | {"id": "1"}
        return Reply(account, headers={"Date": format_datetime(said, usegmt=True)})

    ids = [f"mastodon:1@{name}" for name in names]
    said, ledger = [], Ledger(tmp_path / "data" / "log")
    folder = roster_folder(
        tmp_path,
        platforms=[{"platform_code": "mastodon", "collection_code": "api_opt_in"}],
        servers=[{"server_name": name, "platform_code": "mastodon", "is_allowed": "true"} for name in names],
        sources=[{"source_id": "mastodon-api", "adapter": "mastodon-api"}],
        prices=[],
        accounts=[
            {"account_id": one, "platform_code": "mastodon", "country_code": "AAA", "source_id": "mastodon-api"}
            for one in ids
        ],
        assignments=[{"account_id": one, "holder_id": "now"} for one in ids],
    )
    collection = Collection(folder, ledger, StillClock(), "someone@example.org", said.append)
    with serving(answer) as loopback:
        endpoint = Endpoint(Mastodon(), f"{loopback.url}/{{server}}", SecretStr(""))
        collection.run(endpoint, RunRequest(("accounts",), RICH, TODAY), progress)
    *_, finished = segments.read(ledger.segments / ledger.lines()[0].name)
    assert finished.data["parts"]["accounts"] == {"asked": 2, "got": 1, "unavailable": 0, "undone": 1}
    assert [item["subjects"] for item in finished.data["undone"]] == [ids[:1]]


def test_of_what_is_erased_each_run_sees_the_whole_year(tmp_path, server):
    home = Home(tmp_path, server, platforms=[{"platform_code": "x", "retention_days_count": "30"}])
    home.run(("posts",))
    home.run(("posts",))
    assert {request.query["start_time"] for request in home.requests} == {"2026-01-01T00:00:00Z"}


def test_two_runs_over_one_platform_at_once_are_one_too_many(tmp_path, server):
    other, refused = Home(tmp_path, server), []

    def answer(request):
        if not refused:
            with pytest.raises(SourceError, match="another process is collecting from x") as error:
                Home.run(other)
            refused.append(error)
        return XServer.answer(server, request)

    home = Home(tmp_path, server)
    server.answer = answer
    assert home.run(("accounts",))["outcome"] == "complete"
    assert refused


def test_a_platform_that_answers_nothing_is_an_error_that_says_what_was_asked_and_why_not(tmp_path, server):
    home = Home(tmp_path, server)
    server.answer = lambda _: Reply({}, 500)
    message = (
        r"^x was asked for 3 accounts, 3 posts and answered nothing: mostly 127\.0\.0\.1:\d+ answered 500, 6 times$"
    )
    with pytest.raises(SourceError, match=message):
        home.run()
    assert home.finished()[-1]["outcome"] == "failed"


def test_a_part_of_which_nothing_was_got_is_said_loudly_and_no_error(tmp_path, server):
    home = Home(tmp_path, server)
    server.answer = lambda request: Reply({}, 404) if "tweets" in request.path else XServer.answer(server, request)
    assert home.run()["outcome"] == "partial"
    (line,) = [line for line in home.said if "NOTHING WAS GOT" in line]
    assert line == "  posts: NOTHING WAS GOT: mostly X refused the question: 404 without a word"


@pytest.mark.parametrize(("refused", "is_loud"), [(0, False), (1, False), (2, True)])
def test_more_than_a_twentieth_of_refused_rows_is_said_loudly(tmp_path, server, refused, is_loud):
    posts = [post(i, 100, "2026-02-20T00:00:00") for i in range(17)]
    for item in posts[:refused]:
        item["created_at"] = "2026-02-30T00:00:00.000Z"
    home = Home(tmp_path, XServer(list(server.users.values()), posts))
    home.run(("accounts", "posts"))
    assert [line for line in home.said if "CANNOT BE READ" in line] == ["  2 OF 20 ROWS CANNOT BE READ"] * is_loud


PASSING = [
    Reply({}, 429, {"Retry-After": "7"}),
    Reply({}, 429),
    Reply({}, 503),
    Reply({}, 500),
    Reply({"data": []}, fault="reset"),
    Reply({"data": []}, fault="short"),
    Reply(b'{"data": [{"id": "1'),
    Reply(b"<html>Maintenance</html>", headers={"Content-Type": "text/html"}),
]


def test_through_every_passing_fault_nothing_is_lost_and_nothing_doubled(tmp_path, server):
    """Each question is answered by two faults first; the log is that of a server without faults."""
    clean = Home(tmp_path / "clean", server)
    clean.run(("accounts", "posts"))
    counts: dict[str, int] = {}
    lock = threading.Lock()

    def answer(request):
        question = f"{request.path} {request.query.get('pagination_token')}"
        with lock:
            tries = counts[question] = counts.get(question, 0) + 1
        place = sorted(counts).index(question)
        return PASSING[(2 * place + tries) % len(PASSING)] if tries <= 2 else XServer.answer(server, request)

    hard = Home(tmp_path / "hard", server)
    server.answer = answer
    sums = hard.run(("accounts", "posts"))
    assert sums["outcome"] == "complete"
    assert sums["requests"] == 3 * len(counts)
    # each answer came later by the pauses, so the instants differ and nothing else
    observed = [
        sorted((e.type, e.subject, str(e.data)) for e in home.events() if "run" not in e.dataschema)
        for home in (clean, hard)
    ]
    assert observed[0] == observed[1]
    everything = "".join(hard.said) + "".join(event.encode().decode() for event in hard.events())
    assert "the-key" not in everything


COMMAND = "import sys; from twiplomacy.cli import main; sys.exit(main(['collect', 'x', '--budget', '100']))"


def test_a_killed_process_goes_on_where_it_was(tmp_path, server):
    """The real command, killed by the system in the middle of a timeline."""
    year = datetime.now(UTC).year
    own = [post(i, 100, f"{year}-01-01T00:00:0{i}") for i in range(1, 8)]
    server.posts = {item["id"]: item for item in own}
    asked, is_slow, is_there = [], [True], threading.Event()

    def answer(request):
        asked.append((request.path, request.query.get("pagination_token")))
        if is_slow and request.query.get("pagination_token") == "4":
            is_there.set()
            return Reply({}, fault="silence")
        return server.answer(request)

    environment = {
        **os.environ,
        "TWIPLOMACY_ROSTER": str(roster_folder(tmp_path)),
        "TWIPLOMACY_DATA": str(tmp_path / "data"),
        "TWIPLOMACY_CONTACT": "someone@example.org",
        "TWIPLOMACY_X_BEARER_TOKEN": "the-key",
    }
    with serving(answer) as loopback:
        environment["TWIPLOMACY_X_URL"] = loopback.url
        process = subprocess.Popen([sys.executable, "-c", COMMAND], cwd=PROJECT, env=environment)
        assert is_there.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        is_slow.clear()
        before = asked.copy()
        asked.clear()
        done = subprocess.run(
            [sys.executable, "-c", COMMAND], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert "going on with the run of" in done.stdout
    assert ("/2/users/100/tweets", "4") in asked
    assert not {one for one in before if one[1] != "4" and one[0].endswith("/100/tweets")} & set(asked)
    ledger = Ledger(tmp_path / "data" / "log")
    events = [
        event for event in segments.read(ledger.segments / ledger.lines()[-1].name) if event.type == "post.observed"
    ]
    assert sorted(event.subject for event in events) == [f"x:100/{i}" for i in range(1, 8)]
    assert not list((tmp_path / "data" / "collecting").glob("*.jsonl"))
