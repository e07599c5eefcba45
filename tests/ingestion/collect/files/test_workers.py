"""Work in several processes: the same results in the same order, and no silence when one is lost."""

import os
import signal

import pytest

from ingestion.collect.files import collect
from ingestion.collect.files.workers import WorkerError, in_order
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic.worlds import tweet, write_roster, write_tweets

NOON = "Thu Jan 02 12:00:00 +0000 2014"


def double(number: int) -> int:
    return 2 * number


def refuse_three(number: int) -> int:
    if number == 3:
        raise OSError(28, "No space left on device", "segment")
    return number


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def long_or_die_at_one(number: int) -> str:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return "x" * 1_000_000  # more than a pipe holds


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_results_come_in_the_order_of_the_jobs(count):
    assert list(in_order(double, range(10), count)) == [2 * number for number in range(10)]


def test_there_may_be_nothing_to_do():
    assert list(in_order(double, [], 4)) == []


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_is_raised_where_the_work_was_asked_for(count):
    results = in_order(refuse_three, range(10), count)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OSError, match="No space left on device"):
        next(results)


def test_a_killed_process_is_an_error_and_the_others_end():
    results = in_order(die_at_three, range(10), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WorkerError, match="was killed; run the same command again"):
        next(results)


def test_a_killed_process_is_seen_while_others_wait_to_be_heard():
    before = signal.signal(signal.SIGTERM, lambda *_: None)  # as a program around it may do
    results = in_order(long_or_die_at_one, range(10), 3)
    assert len(next(results)) == 1_000_000
    with pytest.raises(WorkerError):
        next(results)
    signal.signal(signal.SIGTERM, before)


def test_the_log_does_not_depend_on_the_number_of_processes(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[roster_source()])
    for number in range(1, 8):
        write_tweets(folder, [tweet(number * 10 + n, number, NOON) for n in range(5)], f"{number}.jsonl")
    ledgers = []
    for workers in (1, 3):
        ledger = Ledger(tmp_path / f"log-{workers}")
        collect(folder, ledger, lambda _: None, workers)
        ledgers.append([(entry.position, entry.name, entry.chain) for entry in ledger.lines()])
    assert ledgers[0] == ledgers[1]
    assert len(ledgers[0]) == 8


def test_what_a_killed_process_left_is_swept_away(tmp_path):
    folder = write_roster(tmp_path / "roster", sources=[roster_source()])
    write_tweets(folder, [tweet(1, 1, NOON)])
    ledger = Ledger(tmp_path / "log")
    ledger.segments.mkdir(parents=True)
    (ledger.segments / ".tweets-1.unfinished").write_bytes(b"half")
    collect(folder, ledger, lambda _: None, workers=2)
    assert not list(ledger.segments.glob(".*"))


def roster_source() -> dict[str, str]:
    return {"source_id": "tweets", "adapter": "x-v1.1-archive", "observed_at": "2018-03-01T00:00:00Z"}
