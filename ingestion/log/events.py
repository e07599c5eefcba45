"""Events: immutable records of what was observed.

The envelope follows CloudEvents 1.0 (``id source type subject time dataschema data``) plus ``recorded_at``.

An event's ``id`` is the SHA-256 over its canonical JSON bytes (RFC 8785, JCS), so equal facts have one id on every
machine. Sorted ``orjson`` output has these bytes, because an event holds no float and no integer beyond 2**53. The
order of keys is the same up to U+FFFF, and field names are ASCII. Text in ``data`` is in NFC, so that texts that look
alike are one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Self

import orjson

ENVELOPE = 1
"""Version of the envelope; readers refuse a newer one."""

TYPES = frozenset(
    """roster.entry_added roster.entry_changed roster.entry_ended account.observed account.unavailable post.observed
    post.unavailable follows.observed observation.withdrawn segment.erased collection.finished""".split()
)

LONGEST_EVENT = 16_000_000
"""Bytes of the longest event, newline included: DuckDB reads no line that is longer than 16 MiB."""
LARGEST_COUNT = 10**12
"""No count on a platform is larger, and the sum of millions of them fits into 64 bits."""
_LARGEST_INTEGER = 2**53
"""Tools that read JSON numbers as floats keep integers up to here exact; ids are strings."""
_PLAIN = frozenset({bool, str, type(None)})
_UNHASHED_BYTES = len('"id":"","recorded_at":"2020-01-01T00:00:00Z",\n') + 64
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class EventError(ValueError):
    """The facts do not make a valid event; the message says which field and why."""


@dataclass(frozen=True, init=False)
class Event:
    """One observed fact.

    Attributes:
        source: ``source_id`` of a row in ``roster/sources.csv``, or ``roster`` for the roster itself.
        type: one of ``TYPES``.
        subject: what was observed, e.g. ``x:100200300`` or ``x:100200300/400500600``.
        time: when it was observed (UTC, ``YYYY-MM-DDTHH:MM:SSZ``).
        dataschema: the name of the shape of ``data``, e.g. ``x/v1.1/tweet``.
        data: the platform's own object, cut to facts.
        recorded_at: when it was carried into the project (UTC). Not part of ``id``.
        id: SHA-256 (hex) of the canonical bytes of everything but ``recorded_at``.

    Raises:
        EventError: a field is missing, malformed or holds a float, or the event is too long or nested too deep.
    """

    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    data: Mapping[str, Any]
    recorded_at: str
    id: str = field(init=False)
    _hashed: bytes = field(init=False, repr=False, compare=False)

    def __init__(  # the generated one assigns field by field, which takes a fifth of an event's time
        self,
        source: str,
        type: str,  # noqa: A002
        subject: str,
        time: str,
        dataschema: str,
        data: Mapping[str, Any],
        recorded_at: str,
    ) -> None:
        if type not in TYPES:
            raise EventError(f"type {type!r} is not an event type")
        if not (source and subject and dataschema):
            empty = "source" if not source else "subject" if not subject else "dataschema"
            raise EventError(f"{empty} is empty")
        _check_instant("time", time)
        _check_instant("recorded_at", recorded_at)
        try:
            observed = {
                "source": source,
                "type": type,
                "subject": subject,
                "time": time,
                "dataschema": dataschema,
                "data": data if _is_plain(data) else canonical(data, "data"),
            }
            hashed = orjson.dumps(observed, option=orjson.OPT_SORT_KEYS)
            if not hashed.isascii():  # it may hold text that is not in NFC
                observed["data"] = canonical(data, "data")
                hashed = orjson.dumps(observed, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            raise EventError(f"it is no JSON: {error}") from error
        except RecursionError as error:
            raise EventError("data is nested too deep") from error
        if len(hashed) + _UNHASHED_BYTES > LONGEST_EVENT:
            raise EventError(f"it is longer than {LONGEST_EVENT:,} bytes")
        sha256 = hashlib.sha256(hashed).hexdigest()
        self.__dict__.update(observed, recorded_at=recorded_at, id=sha256, _hashed=hashed)

    def encode(self) -> bytes:
        """Return the event as one canonical JSON line, newline included."""
        before, after = self._hashed.rsplit(b',"source":', 1)  # the keys that are not hashed come before this one
        unhashed = f'"id":"{self.id}","recorded_at":"{self.recorded_at}"'
        return b'%b,%b,"source":%b\n' % (before, unhashed.encode(), after)

    @classmethod
    def decode(cls, line: bytes) -> Self:
        """Read one line that ``encode`` wrote.

        Raises:
            EventError: the line is not an event, or its id is not the hash of its content.
        """
        try:
            envelope = orjson.loads(line)
            stored = envelope.pop("id")
            event = cls(**envelope)
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
            raise EventError(f"not an event: {error}") from error
        if event.id != stored:
            raise EventError(f"id {stored} does not match the content, whose id is {event.id}")
        return event


def event_type(line: bytes) -> str:
    """Return the type of the event on a line that ``encode`` wrote: the last of the sorted keys."""
    return line.rsplit(b'"', 2)[1].decode()


def _is_plain(value: Any) -> bool:
    """Return whether a value is canonical if its text is, as nearly all are, so that it need not be copied."""
    kind = type(value)
    if kind is dict:
        value, kind = value.values(), list
    if kind is list:
        for item in value:  # noqa: SIM110 - ``all`` over a generator takes twice as long
            if not _is_plain(item):
                return False
        return True
    return kind in _PLAIN or (kind is int and -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER)


def canonical(value: Any, path: str) -> Any:
    """Return ``value`` with text in NFC; refuse what has no single canonical form.

    Raises:
        EventError: a float, an integer beyond 2**53, or a type that JSON does not have; ``path`` names it.
    """
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise EventError(f"{path} is an integer beyond 2**53; ids are strings")
        return value
    if isinstance(value, Mapping):
        return {canonical(key, path): canonical(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item, f"{path}[]") for item in value]
    raise EventError(f"{path} is a {type(value).__name__}; only text, integers, booleans and null are kept")


def instant(moment: datetime) -> str:
    """Return an aware ``moment`` as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


@lru_cache(maxsize=1_000)
def _check_instant(name: str, text: str) -> None:
    if not _INSTANT.fullmatch(text):
        raise EventError(f"{name} is {text!r}; expected UTC as YYYY-MM-DDTHH:MM:SSZ")
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise EventError(f"{name} is {text!r}: {error}") from error
