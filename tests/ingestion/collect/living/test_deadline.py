"""Answers that end in time, over real HTTP on loopback; the time is the test's."""

import pytest

from ingestion.collect.living.http import Http, HttpError
from twiplomacy.synthetic.loopback import Reply, StillClock, serving


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_byte_at_a_time_is_not_read_for_ever(part):
    clock = StillClock()
    drip = Reply({}, fault=part, between=lambda: clock.tick(30))
    with (
        serving(lambda _: drip) as loopback,
        pytest.raises(HttpError, match="had not ended its answer after 300 s, 1 times"),
    ):
        Http(clock, "c").ask(loopback.url)
    assert len(loopback.requests) == 1
    assert clock.ticks() < 30 * 50_000  # a line of a head may have more bytes, and a body anyway


@pytest.mark.parametrize("part", ["head", "body"])
def test_what_is_slow_and_in_time_is_read_to_its_end(part):
    clock = StillClock()
    slow = Reply({"a": 1}, headers={"X-Long": "a" * 60_000} if part == "head" else {})

    def answer(_):
        clock.tick(299)
        return slow

    with serving(answer) as loopback:
        asking = Http(clock, "c")
        assert [asking.ask(loopback.url).body for _ in range(3)] == [{"a": 1}] * 3  # each answer has a time of its own
