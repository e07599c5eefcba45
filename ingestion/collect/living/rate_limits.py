"""How many requests a platform allows: what is known before, and what its answers say of it in several dialects."""

import email.utils
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from ingestion.clock import Clock

TOO_MANY = 429
_OLDEST_EPOCH = 1_000_000_000
"""A smaller number is seconds from now, a larger one seconds of the epoch."""


class Bucket:
    """At most so many requests in so many seconds, unless the platform itself asks for a longer pause."""

    def __init__(self, clock: Clock, count: int, seconds: float) -> None:
        self._clock, self._size, self._rate = clock, float(count), count / seconds
        self._tokens, self._filled_at, self._closed_until = self._size, clock.now().timestamp(), 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until the next request is allowed."""
        with self._lock:
            now = self._clock.now().timestamp()
            self._tokens = min(self._size, self._tokens + (now - self._filled_at) * self._rate) - 1
            self._filled_at = now
            pause = max(-self._tokens / self._rate, self._closed_until - now)
        if pause > 0:
            self._clock.sleep(pause)

    def close(self, seconds: float) -> None:
        """Allow no request for so long."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.now().timestamp() + seconds)


def wanted_pause(headers: Mapping[str, str], status: int, now: datetime) -> float:
    """Return the seconds for which the platform wants no request, in whichever dialect it says so; 0 if it does not.

    ``Retry-After`` is seconds or an HTTP date. ``x-rate-limit-reset`` (X) and ``RateLimit-Reset`` (Bluesky) are epoch
    seconds, or seconds from now (IETF draft); ``X-RateLimit-Reset`` (Mastodon) is an ISO time.
    """
    if after := headers.get("Retry-After"):
        return _seconds_until(after, now)
    for prefix in ("x-rate-limit", "RateLimit", "X-RateLimit"):
        remaining, reset = headers.get(f"{prefix}-remaining"), headers.get(f"{prefix}-reset")
        if reset and (status == TOO_MANY or remaining == "0"):
            return _seconds_until(reset, now)
    return 0.0


def _seconds_until(text: str, now: datetime) -> float:
    """Return how long it is until a time; 0 for a text that is not a time, and for a time that is past."""
    try:
        number = float(text)
        return max(0.0, number - now.timestamp() if number > _OLDEST_EPOCH else number)  # NaN is not more than 0
    except ValueError:
        pass
    for parse in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = parse(text)
            return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp())
        except (IndexError, OverflowError, TypeError, ValueError):
            continue
    return 0.0
