"""Servers as witnesses of what time it is: a wrong clock would record under wrong dates, and erase too early."""

from collections.abc import Iterable

from ingestion.collect.living.http import FIRST_PAUSE, Http
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.outcome import SourceError
from ingestion.roster.sources import Server

WITNESSES = 5
"""Servers that are asked for the time at most, where a platform has many."""
TRIES = 3
"""How often each of them is asked if none answers."""


class WrongClockError(SourceError):
    """This machine's clock and a server's do not agree on what time it is; nothing was recorded."""


def wrong_clock(code: str, http: Http) -> WrongClockError:
    """Return the error that names both times."""
    return WrongClockError(f"{http.contradiction}: set the clock and run again; nothing was recorded of {code}")


def confirm(http: Http, endpoint: Endpoint, servers: Iterable[Server]) -> bool:
    """Ask servers of a platform for the time, and return whether one of them says the same as this machine's clock.

    Raises:
        WrongClockError: those that say what time it is say another time.
    """
    addresses = [endpoint.base]
    if "{server}" in endpoint.base:
        names = sorted(server.server_name for server in servers if server.is_allowed)
        addresses = list(dict.fromkeys(endpoint.base.replace("{server}", name) for name in names))[:WITNESSES]
    for attempt in range(TRIES):
        if attempt:
            http.clock.sleep(FIRST_PAUSE)
        has_answered = False
        for address in addresses:
            has_answered |= http.ask_time(address)
            if http.is_confirmed:
                return True
        if has_answered:
            break
    if http.contradiction:
        raise wrong_clock(endpoint.code, http)
    return False
