"""Times as people and platforms write them (ISO 8601) -> instants in UTC (``YYYY-MM-DDTHH:MM:SSZ``).

A time without an offset needs the time zone of the clock that it was read from; the machine's zone is never used.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.log.events import instant
from ingestion.shown import shown

_OF_MACHINES = re.compile(r"localtime|Factory|posixrules|(posix|right)/.*")
"""Names of the machine's own zone, or of clocks with leap seconds."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.ASCII)


def is_time(text: str) -> bool:
    """Return whether a text looks like a day with a time of day."""
    return _ISO.fullmatch(text) is not None


def utc(text: str, time_zone: str | None = None) -> str:
    """Return a time as an instant; fractions of a second are cut off.

    When clocks go back, an hour comes twice: a time in it means the first.

    Args:
        text: with an offset or ``Z``, or in ``time_zone``.
        time_zone: its IANA name, e.g. ``Europe/Tallinn``.

    Raises:
        ValueError: there is no such time, or its time zone is unknown.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("is not a time; write it in UTC, e.g. 2017-10-03T22:06:31Z")
    if found["zone"] is None and time_zone is None:
        raise ValueError(
            "names no time zone; write it in UTC, e.g. 2017-10-03T22:06:31Z, or give the time_zone of the source in "
            "roster/sources.csv, e.g. Europe/Tallinn"
        )
    try:
        moment = datetime.fromisoformat(text)
        return instant(_local(moment, zone(time_zone)) if time_zone and found["zone"] is None else moment)
    except (OverflowError, ValueError) as error:
        raise ValueError("is no real time") from error


def _local(moment: datetime, time_zone: ZoneInfo) -> datetime:
    """Return a time of the clocks of a zone; an hour that they skip is no time."""
    local = moment.replace(tzinfo=time_zone)
    if local.astimezone(UTC).astimezone(time_zone).replace(tzinfo=None) != moment:
        raise ValueError
    return local


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo("" if _OF_MACHINES.fullmatch(name) else name)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"'{shown(name, 100)}' is no time zone; write its IANA name, e.g. Europe/Tallinn") from error
