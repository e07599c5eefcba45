"""A clock that servers contradict records nothing."""

from dataclasses import replace
from datetime import date, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from ingestion.collect.living.collection import Collection
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms.mastodon import Mastodon
from ingestion.log import segments
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from tests.ingestion.collect.living.home import RICH, TODAY, Home, roster_folder
from tests.support.recorded import body
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving
from twiplomacy.synthetic.x_api import XServer

AHEAD = timedelta(days=40)


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


def test_no_server_is_asked_for_the_time_if_there_is_nothing_to_ask(tmp_path, server):
    home = Home(tmp_path, server, accounts=[], assignments=[])
    home.off = AHEAD
    assert home.run()["outcome"] == "complete"
    assert Home(tmp_path / "without", server).run(key="")["outcome"] == "skipped"


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
