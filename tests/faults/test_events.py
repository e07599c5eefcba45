"""A line of the log in which anything changed is no event any more."""

from random import Random

from ingestion.log.events import Event, EventError
from tests.conftest import PROJECT

LINES = (PROJECT / "tests" / "golden" / "log.jsonl").read_bytes().splitlines(keepends=True)


def test_a_changed_byte(attack):
    def one(chances: Random) -> None:
        line = bytearray(chances.choice(LINES))
        place = chances.randrange(len(line) - 1)
        line[place] ^= 1 << chances.randrange(8)
        try:
            event = Event.decode(bytes(line))
        except EventError:
            return
        start = line.index(event.recorded_at.encode())
        assert start <= place < start + len(event.recorded_at)  # all that the id does not cover
        assert event.encode() == bytes(line)

    attack(200, one)
