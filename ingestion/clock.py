"""The one place where this project reads a clock or waits.

In: nothing. Out: the time of day (UTC) and pauses that can be broken off. Never: a date that a figure depends on other
than the time of an observation.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

MOST_APART = timedelta(minutes=10)
"""How far this machine's clock may be from what a server says, or from the log, before one of them is wrong."""


class Stopped(Exception):
    """Somebody called ``Clock.stop`` while this thread waited or was about to."""


class Clock:
    """The machine's clock. Tests pass one of their own, whose ``sleep`` moves ``now``."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> datetime:
        """Return the time of day (UTC)."""
        return datetime.now(UTC)

    def ahead(self, said: datetime) -> timedelta:
        """Return by how much this clock is ahead of a time that somebody else says it is now."""
        return self.now() - said

    def ticks(self) -> float:
        """Return seconds since some moment, whatever is done to the time of day meanwhile."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            Stopped: ``stop`` was called before the time was over.
        """
        if self._stop.wait(max(seconds, 0)):
            raise Stopped

    def stop(self) -> None:
        """Break off every wait, now and later, in whatever thread."""
        self._stop.set()
