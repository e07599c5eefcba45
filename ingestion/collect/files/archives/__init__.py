"""Archives: files of what a platform once showed, as events.

In: JSON objects, however many, one a line, indented or in an array, and the shape they have. Out: ``post.observed`` and
``account.observed`` events; what makes none stands in the quarantine. Never: an object that is only partly right, or
memory that grows with the file.

An event is given once, as far as the reader remembers: it keeps eight bytes of each of the last half a million to a
million ids. One that comes again after more than that is given again, and staging keeps the first of the same id.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson

from ingestion import times
from ingestion.collect.files.archives import lines, others
from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.log.events import Event, EventError
from ingestion.roster.models import Source

MOST_REMEMBERED = 500_000
"""Ids after which the older ones are forgotten; twice as many are in memory at most."""
MOST_REFUSED = 100_000
"""Rows in the quarantine with which a file is given up: it is not of the shape that its source names."""
_HALF = re.compile("[\ud800-\udfff]")
_FAULTS = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)


class Part(NamedTuple):
    """An object in a line that makes an event of its own.

    Attributes:
        place: where it stands in the line; empty if it is the line itself.
        thing: the object.
        make: returns its events, its own last; raises what is wrong with it.
        is_beside: whether it only stands beside the rows of its line, as an author's profile does. Then it is read if
            one of them is, it is a row itself only if it is refused, and the same again is no duplicate.
    """

    place: str
    thing: Any
    make: Callable[[Any], list[Event]]
    is_beside: bool = False


class Shape(Protocol):
    """How the lines of one kind of archive are read."""

    noun: str
    """What a line is, in the platform's own word."""

    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return what a line holds, the rows before what stands beside them.

        Raises:
            Refused: nothing in it can be read.
        """


def read(path: Path, name: str, shape: Shape, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one archive.

    Args:
        path: JSON, plain, ``.gz`` or ``.zst``.
        name: the file's name in the quarantine.
        shape: how its lines are read.
        outcome: gets the number of rows, the unknown fields, the duplicates and the quarantine.

    Raises:
        SourceError: the file is no JSON in UTF-8, its name does not say how it is packed, or ``MOST_REFUSED`` rows are
            refused.
    """
    reading, found = _Reading(path, name, shape, outcome), lines.Found(0, "", b"")
    try:
        for found in lines.objects(path):
            yield from reading.events(found)
    except lines.Damaged as damage:
        outcome.rows += 1
        outcome.is_cut_short = True
        line = damage.line or found.line + 1
        outcome.quarantine(name, line, b"", f"the archive is cut short or damaged from here: {damage}")


def observed(
    source: Source, kind: str, subject: str, dataschema: str, data: Mapping[str, Any], time: str = ""
) -> Event:
    """Return what an archive shows as an event of ``time``, or else of the time its source was observed."""
    return Event(
        source=source.source_id,
        type=kind,
        subject=subject,
        time=time or source.observed_instant,
        dataschema=dataschema,
        data=data,
        recorded_at=source.recorded_instant,
    )


def in_utc(thing: dict[str, Any], source: Source, *names: str) -> dict[str, Any]:
    """Return an object whose times of those names are instants of whole seconds, so that one time is written one way.

    What does not look like a time is left as it is.

    Raises:
        Refused: there is no such time, or neither it nor the source says in which zone it is.
    """
    changed = {}
    for name in names:
        text = thing.get(name)
        if isinstance(text, str) and times.is_time(text):
            try:
                changed[name] = times.utc(text, source.time_zone)
            except ValueError as error:
                raise Refused(f"{name} {error}") from error
    return {**thing, **changed} if changed else thing


@dataclass
class _Reading:
    """One file being read: what it is like, and which events it gave."""

    path: Path
    name: str
    shape: Shape
    outcome: Outcome
    recent: set[int] = field(default_factory=set)
    older: set[int] = field(default_factory=set)

    def events(self, found: lines.Found) -> Iterator[Event]:
        line: dict[str, Any] = {}
        try:
            line = _parse(found.content, self.shape.noun)
            parts = self.shape.parts(line)
        except _FAULTS as error:
            self._refuse(found, "", others.what(line, self.shape.noun) or _reason(error))
            return
        is_shown = False
        for part in parts:
            if part.is_beside and not is_shown:
                continue
            try:
                events = part.make(part.thing)
            except _FAULTS as error:
                is_whole = part.thing is line
                self._refuse(found, part.place, (is_whole and others.what(line, self.shape.noun)) or _reason(error))
                continue
            is_shown = True
            self.outcome.rows += not part.is_beside
            for event in events:
                is_row = event is events[-1] and not part.is_beside
                admitted = self.outcome.exclusions.admit(event)
                if admitted is None:
                    self.outcome.left_out += is_row
                elif self._is_new(admitted):
                    self.outcome.beside += not is_row
                    yield admitted
                else:
                    self.outcome.duplicates += is_row

    def _refuse(self, found: lines.Found, place: str, reason: str) -> None:
        where = ".".join(filter(None, (found.place, place)))
        self.outcome.rows += 1
        self.outcome.quarantine(self.name, found.line, found.content, f"{where}: {reason}" if where else reason)
        if self.outcome.quarantined_count >= MOST_REFUSED:
            raise SourceError(
                f"{self.path}: {MOST_REFUSED} rows are refused up to line {found.line}, this one because {reason}; "
                f"does roster/sources.csv name the right adapter?"
            )

    def _is_new(self, event: Event) -> bool:
        digest = int(event.id[:16], 16)
        if digest in self.recent:
            return False
        is_new = digest not in self.older
        self.recent.add(digest)
        if len(self.recent) == MOST_REMEMBERED:
            self.recent, self.older = set(), self.recent
        return is_new


def _reason(error: Exception) -> str:
    if isinstance(error, Refused | EventError):
        return str(error)
    return f"a part has an unexpected shape ({type(error).__name__})"


def _parse(line: bytes, noun: str) -> dict[str, Any]:
    if len(line) > lines.LONGEST_LINE:
        raise Refused(f"longer than {lines.LONGEST_LINE} bytes; the hash is that of its beginning")
    try:
        thing = orjson.loads(line)
    except orjson.JSONDecodeError:
        thing = _parse_leniently(line)
    if not isinstance(thing, dict):
        raise Refused(f"a {type(thing).__name__}, not a {noun} object")
    return thing


def _parse_leniently(line: bytes) -> Any:
    """Read what only orjson refuses: half a surrogate pair, as in a text that was cut, which becomes U+FFFD."""
    try:
        return json.loads(_HALF.sub("\ufffd", json.dumps(json.loads(line), ensure_ascii=False)))
    except (RecursionError, ValueError) as error:
        raise Refused("not JSON") from error
