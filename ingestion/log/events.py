"""What was observed, as immutable events.

In: facts that an adapter read from a source. Out: events, their canonical bytes and their ids.
Never: a clock, a file, a network, post text.

The envelope follows CloudEvents 1.0 (``id source type subject time dataschema data``) plus ``recorded_at``.
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
"""Version of the envelope. Readers refuse a newer one instead of guessing."""

TYPES = frozenset(
    {
        "roster.entry_added",
        "roster.entry_changed",
        "roster.entry_ended",
        "account.observed",
        "account.unavailable",
        "post.observed",
        "post.unavailable",
        "follows.observed",
        "observation.withdrawn",
        "segment.erased",
        "collection.finished",
    }
)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LARGEST_COUNT = 10**12
"""No count of anything on a platform is larger, and sums of millions of such fit into 64 bits."""
_LARGEST_INTEGER = 2**53
"""An integer beyond this breaks as a float in other people's tools; ids are strings."""

LONGEST_EVENT = 16_000_000
"""Bytes of the longest event, newline included: DuckDB reads no line that is longer than 16 MiB."""


class EventError(ValueError):
    """The facts do not make a valid event; the message says which field and why."""


@dataclass(frozen=True, init=False)
class Event:
    """One fact observed.

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
        EventError: a field is missing, malformed or holds a float, or the whole is too long or nested too deep.
    """

    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    data: Mapping[str, Any]
    recorded_at: str
    id: str = field(init=False)
    _head: bytes = field(init=False, repr=False, compare=False)
    _tail: bytes = field(init=False, repr=False, compare=False)

    def __init__(
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
        data, encoded = _encode(data)
        # keys are sorted; "id" and "recorded_at", which are not hashed, come between the head and the tail
        try:
            head = b'{"data":%b,"dataschema":%b,' % (encoded, orjson.dumps(dataschema))
            tail = orjson.dumps({"source": source, "subject": subject, "time": time, "type": type})[1:]
        except TypeError as error:
            raise EventError(f"it is no JSON: {error}") from error
        if len(head) + len(tail) + _MIDDLE_BYTES > LONGEST_EVENT:
            raise EventError(f"it is longer than {LONGEST_EVENT:,} bytes")
        sha256 = _SHA256.copy()
        sha256.update(head + tail)
        self.__dict__.update(
            source=source,
            type=type,
            subject=subject,
            time=time,
            dataschema=dataschema,
            data=data,
            recorded_at=recorded_at,
            id=sha256.hexdigest(),
            _head=head,
            _tail=tail,
        )

    def encode(self) -> bytes:
        """Return the event as one canonical JSON line, newline included."""
        middle = f'"id":"{self.id}","recorded_at":"{self.recorded_at}",'
        return b"%b%b%b\n" % (self._head, middle.encode(), self._tail)

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
    """Return the type of the event on a line that ``encode`` wrote; of its sorted keys it is the last."""
    return line.rsplit(b'"', 2)[1].decode()


_MIDDLE_BYTES = len('"id":"","recorded_at":"2020-01-01T00:00:00Z",\n') + 64
_SHA256 = hashlib.sha256()
"""Copied for each event: to set up a new one takes longer than to hash the event."""
_PLAIN = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_MARKS = bytes.maketrans(b"[]:}.nE", b",,,,eee")
_OTHERS = bytes(set(range(128)) - set(b'[]:},".neEft'))


def _encode(data: Any) -> tuple[Any, bytes]:
    """Return data in canonical form, and its canonical bytes.

    Nearly all data is canonical as it comes, and its bytes show so: ASCII is NFC, and no number in them is a float,
    which becomes null where it is none.
    """
    try:
        encoded = orjson.dumps(data, option=_PLAIN)
    except TypeError:
        encoded = b"\xff"
    if not encoded.isascii() or _may_hold_a_float(encoded):
        try:
            data = canonical(data, "data")
            encoded = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            raise EventError(f"data is no JSON: {error}") from error
        except RecursionError as error:
            raise EventError("data is nested too deep") from error
    return data, encoded


def _may_hold_a_float(encoded: bytes) -> bool:
    """Return whether JSON holds a float or a null, or a text that looks like one.

    With all but its marks dropped, 1.5, 1e16 and null are ``,e,``, 1.5e300 is ``,ee,``; 15 is ``,,``, true ``,te,``,
    false ``,fe,``, and a text ends in its quotation mark. A regular expression takes four times as long.
    """
    marks = encoded.translate(_MARKS, _OTHERS)
    return marks.find(b",e,") >= 0 or marks.find(b",ee,") >= 0


def canonical(value: Any, path: str) -> Any:
    """Return ``value`` with strings in NFC, refusing what has no single canonical form.

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
