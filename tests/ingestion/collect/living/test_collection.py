"""Runs over living platforms: keys, budgets, faults and interruptions, and the log they leave."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ingestion.collect.living.budget import Cost
from ingestion.collect.living.journal import Journal
from ingestion.collect.outcome import SourceError
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from tests.conftest import PROJECT
from tests.ingestion.collect.living.home import Home, roster_folder
from twiplomacy.synthetic.loopback import Reply, serving
from twiplomacy.synthetic.x_api import XServer, post

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
COMMAND = "import sys; from twiplomacy.cli import main; sys.exit(main(['collect', 'x', '--budget', '100']))"


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


def test_an_unfinished_run_that_lies_ahead_is_not_continued(tmp_path, server):
    home = Home(tmp_path, server)
    journal = tmp_path / "data" / "collecting" / "x.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text('{"run": {"platform_code": "x", "started_at": "2026-04-10T12:00:00Z"}}\n')
    with pytest.raises(SourceError, match=r"x\.jsonl is of a run that began at 2026-04-10.*move the file away"):
        home.run()
    assert home.ledger.lines() == []
    assert journal.exists()


def test_a_second_run_over_one_platform_at_once_is_refused(tmp_path, server):
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


def interrupted(home, parts, monkeypatch, pages=1):
    """Leave a run with its first page in the journal."""
    monkeypatch.setattr(Journal, "append", once(Journal.append, pages))
    with pytest.raises(KeyboardInterrupt):
        home.run(parts)
    monkeypatch.undo()
    assert home.finished() == []


def once(append, pages=1):
    """So many pages are kept, then somebody interrupts."""
    left = [None] * pages

    def keep(*page):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        append(*page)

    return keep


def test_a_run_that_goes_on_the_next_day_is_that_of_its_own_day_and_another_one_follows(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts", "posts"), monkeypatch)
    home.clock.sleep(86_400)
    home.run(("accounts", "posts"), day=date(2026, 3, 2))
    assert [(run["day"], run["outcome"]) for run in home.finished()] == [
        ("2026-03-01", "complete"),
        ("2026-03-02", "complete"),
    ]
    assert [run["parts"]["accounts"]["got"] for run in home.finished()] == [3, 3]
    assert home.said[1] == (
        "collect: x: first comes the rest of an interrupted run, accounts,posts of 2026-03-01; "
        "then a run over accounts,posts of 2026-03-02"
    )


def test_a_run_that_goes_on_with_other_parts_is_sealed_with_its_own(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts", "posts"), monkeypatch)
    home.run(("accounts",))
    assert [list(run["parts"]) for run in home.finished()] == [["accounts", "posts"], ["accounts"]]
    assert home.finished()[0]["events"]["account.observed"] == 3


def test_a_run_over_the_same_goes_on_alone(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts", "posts"), monkeypatch)
    home.run(("posts", "accounts"))
    assert [run["outcome"] for run in home.finished()] == ["complete"]


def test_a_run_of_the_day_before_that_got_no_page_is_not_gone_on_with(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts",), monkeypatch, pages=0)
    home.clock.sleep(86_400)
    home.run(("accounts",), day=date(2026, 3, 2))
    assert [run["started_at"] for run in home.finished()] == ["2026-03-02T12:00:00Z"]


def test_a_journal_that_does_not_say_what_was_asked_goes_on_with_the_present_request(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts", "posts"), monkeypatch)
    journal = tmp_path / "data" / "collecting" / "x.jsonl"
    content = journal.read_bytes()
    head = b',"day":"2026-03-01","parts":["accounts","posts"]'
    assert head in content
    journal.write_bytes(content.replace(head, b""))
    home.run(("accounts", "posts"))
    assert len(home.finished()) == 1


def test_an_interrupted_run_that_the_platform_stops_keeps_no_other_from_being_asked(tmp_path, server, monkeypatch):
    home = Home(tmp_path, server)
    interrupted(home, ("accounts", "posts"), monkeypatch)
    home.clock.sleep(86_400)
    with pytest.raises(SourceError, match="refused the key"):
        home.run(("accounts",), day=date(2026, 3, 2), key="an-old-key")
    assert [(run["day"], run["outcome"]) for run in home.finished()] == [
        ("2026-03-01", "stopped"),
        ("2026-03-02", "stopped"),
    ]


def test_an_error_that_ends_one_run_stops_no_wait_of_the_next(tmp_path, server, monkeypatch):
    """As when nobody may write the journal of a platform, and the next platform is asked by the same clock."""
    home = Home(tmp_path, server)
    monkeypatch.setattr(Journal, "append", forbidden)
    with pytest.raises(PermissionError):
        home.run(("accounts",))
    monkeypatch.undo()
    answers = iter([Reply({}, 429, {"Retry-After": "7"})])
    server.answer = lambda request: next(answers, None) or XServer.answer(server, request)
    parts = home.run(("accounts",))["parts"]
    assert parts["accounts"] == {"asked": 3, "got": 3, "unavailable": 0, "undone": 0}


def forbidden(*_):
    raise PermissionError(13, "Permission denied", "x.jsonl")
