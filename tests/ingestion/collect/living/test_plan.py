"""What is due: who is asked for and who is not, since when, and what it would cost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.collect.living.budget import Cost
from ingestion.collect.outcome import SourceError
from ingestion.roster import account_ids
from tests.ingestion.collect.living.home import Home
from twiplomacy.synthetic.loopback import NOON
from twiplomacy.synthetic.x_api import XServer, post

LISTED = ("x:100", "x:@user200", "x:@gone", "x:@palace")


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


def test_each_run_collects_the_complete_year_if_earlier_runs_are_erased(tmp_path, server):
    home = Home(tmp_path, server, platforms=[{"platform_code": "x", "retention_days_count": "30"}])
    home.run(("posts",))
    home.run(("posts",))
    assert {request.query["start_time"] for request in home.requests} == {"2026-01-01T00:00:00Z"}
