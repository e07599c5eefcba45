"""The one place where this project reads a clock or waits.

No figure depends on this clock but through the times of observations.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

MOST_APART = timedelta(minutes=10)
"""The largest difference between this machine's clock and a server, or the log, before one of them is wrong."""


class Stopped(Exception):
    """``Clock.stop`` was called while this thread waited, or before it began to wait."""


class Clock:
    """The machine's clock. Tests pass one of their own, whose ``sleep`` moves ``now``."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> datetime:
        """Return the time of day (UTC)."""
        return datetime.now(UTC)

    def ahead(self, other: datetime) -> timedelta:
        """Return by how much this clock is ahead of another clock's present time."""
        return self.now() - other

    def ticks(self) -> float:
        """Return seconds since a fixed moment; setting the time of day does not change them."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            Stopped: ``stop`` was called before the time was over.
        """
        if self._stop.wait(max(seconds, 0)):
            raise Stopped

    def stop(self) -> None:
        """End every wait in every thread, now and until ``go_on``."""
        self._stop.set()

    def go_on(self) -> None:
        """Allow waits again, once no thread is left that should end."""
        self._stop.clear()
