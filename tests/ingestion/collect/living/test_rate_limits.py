"""A bucket of requests: no more than its rate, shared by threads, left at once when the clock is stopped."""

import threading

import pytest

from ingestion.clock import Stopped
from ingestion.collect.living.rate_limits import Bucket
from twiplomacy.synthetic.loopback import NOON, StillClock


def test_a_bucket_lets_no_more_through_than_its_rate():
    clock = StillClock()
    bucket = Bucket(clock, 10, 60)
    for _ in range(30):
        bucket.take()
    assert (clock.now() - NOON).total_seconds() == pytest.approx(120)


def test_threads_share_a_bucket():
    clock = StillClock()
    bucket = Bucket(clock, 4, 1)
    threads = [threading.Thread(target=bucket.take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(pause > 0 for pause in clock.pauses) == 8


def test_a_stopped_clock_breaks_off_a_wait():
    clock = StillClock()
    bucket = Bucket(clock, 1, 60)
    bucket.take()
    clock.stop()
    with pytest.raises(Stopped):
        bucket.take()
