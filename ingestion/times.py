"""Times as people and platforms write them, as instants in UTC.

In: ISO 8601 text, and the time zone of the clock it was read from where it names none. Out: ``YYYY-MM-DDTHH:MM:SSZ``.
Never: the time zone of the machine.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.log.events import instant
from ingestion.shown import shown

_OF_MACHINES = re.compile(r"localtime|Factory|posixrules|(posix|right)/.*")
"""Names that stand for the zone of a machine, or for clocks with leap seconds."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.ASCII)


def is_time(text: str) -> bool:
    """Return whether a text looks like a day with a time of day."""
    return _ISO.fullmatch(text) is not None


def utc(text: str, time_zone: str | None = None) -> str:
    """Return a time as an instant, fractions of a second cut off.

    Of the hour that comes twice when clocks go back the first is meant.

    Args:
        text: with an offset or ``Z``, or in ``time_zone``.
        time_zone: its IANA name, e.g. ``Europe/Tallinn``.

    Raises:
        ValueError: there is no such time, or nothing says in which zone it is.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("is not a time; write it in UTC, as 2017-10-03T22:06:31Z")
    if found["zone"] is None and time_zone is None:
        raise ValueError(
            "names no time zone; write it in UTC, as 2017-10-03T22:06:31Z, or state the time_zone of the source in "
            "roster/sources.csv, as Europe/Tallinn"
        )
    try:
        moment = datetime.fromisoformat(text)
        return instant(_local(moment, zone(time_zone)) if time_zone and found["zone"] is None else moment)
    except (OverflowError, ValueError) as error:
        raise ValueError("is no real time") from error


def _local(moment: datetime, time_zone: ZoneInfo) -> datetime:
    """Return what the clocks of a zone showed; none showed what they were put forward over."""
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
        raise ValueError(f"'{shown(name, 100)}' is no time zone; write its IANA name, as Europe/Tallinn") from error
