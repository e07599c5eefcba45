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
        "collection.finished",
    }
)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LARGEST_COUNT = 2**53
"""An integer beyond this breaks as a float in other people's tools; no count reaches it, ids are strings."""


class EventError(ValueError):
    """The facts do not make a valid event; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact observed.

    Attributes:
        source: ``source_id`` of a row in ``roster/sources.csv``, or ``roster`` for the roster itself.
        type: one of ``TYPES``.
        subject: what was observed, e.g. ``x:726748106`` or ``x:726748106/250932318``.
        time: when it was observed (UTC, ``YYYY-MM-DDTHH:MM:SSZ``).
        dataschema: the name of the shape of ``data``, e.g. ``x/v1.1/tweet``.
        data: the platform's own object, cut to facts.
        recorded_at: when it was carried into the project (UTC). Not part of ``id``.
        id: SHA-256 (hex) of the canonical bytes of everything but ``recorded_at``.

    Raises:
        EventError: a field is missing, malformed or holds a float.
    """

    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    data: Mapping[str, Any]
    recorded_at: str
    id: str = field(init=False)
    _encoded: orjson.Fragment = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise EventError(f"type {self.type!r} is not an event type")
        if not (self.source and self.subject and self.dataschema):
            empty = next(name for name in ("source", "subject", "dataschema") if not getattr(self, name))
            raise EventError(f"{empty} is empty")
        _check_instant("time", self.time)
        _check_instant("recorded_at", self.recorded_at)
        data, encoded = _encode(self.data)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "_encoded", orjson.Fragment(encoded))
        object.__setattr__(self, "id", hashlib.sha256(orjson.dumps(self._identity(), option=_SORTED)).hexdigest())

    def _identity(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time,
            "dataschema": self.dataschema,
            "data": self._encoded,
        }

    def encode(self) -> bytes:
        """Return the event as one canonical JSON line, newline included."""
        envelope = {**self._identity(), "id": self.id, "recorded_at": self.recorded_at}
        return orjson.dumps(envelope, option=_SORTED | orjson.OPT_APPEND_NEWLINE)

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
    return line[line.rindex(b'"type":"') + 8 : -3].decode()


_SORTED = orjson.OPT_SORT_KEYS
_PLAIN = (
    _SORTED
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_NOT_PLAIN = re.compile(rb"[\[:,][-n\d]\d*[.eEu](?!\d\d\d?Z)")
"""A float or a null in JSON, or what looks like one inside of text, but for the milliseconds of a time."""


def _encode(data: Any) -> tuple[Any, bytes]:
    """Return data in canonical form, and its canonical bytes.

    Nearly all data is canonical as it comes, and its bytes show so: ASCII is NFC, and no number in them is a float,
    which becomes null where it is none.
    """
    try:
        encoded = orjson.dumps(data, option=_PLAIN)
    except TypeError:
        encoded = b"\xff"
    if not encoded.isascii() or _NOT_PLAIN.search(encoded):
        data = canonical(data, "data")
        encoded = orjson.dumps(data, option=_SORTED)
    return data, encoded


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
        if abs(value) > _LARGEST_COUNT:
            raise EventError(f"{path} is an integer beyond 2**53; ids are strings")
        return value
    if isinstance(value, Mapping):
        return {canonical(key, path): canonical(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item, f"{path}[]") for item in value]
    raise EventError(f"{path} is a {type(value).__name__}; only text, integers, booleans and null are kept")


def instant(moment: datetime) -> str:
    """Return an aware ``moment`` as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=1_000)
def _check_instant(name: str, text: str) -> None:
    if not _INSTANT.fullmatch(text):
        raise EventError(f"{name} is {text!r}; expected UTC as YYYY-MM-DDTHH:MM:SSZ")
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise EventError(f"{name} is {text!r}: {error}") from error
