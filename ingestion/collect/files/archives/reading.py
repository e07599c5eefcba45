"""Read an archive: turn its JSON objects into events, and put those that make none into the quarantine.

An object makes its event completely or not at all. Memory does not grow with the file, so the reader remembers eight
bytes of each of the last half a million to a million ids: a repeated event is left out if its id is among them. One
that comes again later is given again, and staging keeps the first of the same id.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ingestion import times
from ingestion.collect.files.archives import lines, others
from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.log.events import Event, EventError
from ingestion.roster.sources import Source

MOST_REMEMBERED = 500_000
"""Ids after which older ones are forgotten; at most twice as many are in memory."""
MOST_REFUSED = 100_000
"""Refused rows after which a file is given up: it does not have the shape that its source names."""
_HALF = re.compile("[\ud800-\udfff]")
_FAULTS = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)


class Part(NamedTuple):
    """An object in a line that makes an event of its own.

    Attributes:
        place: its place in the line, e.g. ``data[0]``; empty if it is the line itself.
        thing: the object.
        make: returns its events, its own last, or raises what is wrong with it.
        is_beside: whether it accompanies the rows of its line, e.g. an author's profile. It is read only if one of
            the rows is; it counts as a row only if it is refused; a repeated one is no duplicate.
    """

    place: str
    thing: Any
    make: Callable[[Any], list[Event]]
    is_beside: bool = False


class Shape(ABC):
    """How the lines of one kind of archive are read; one object reads one file."""

    noun: str
    """The platform's word for what a line holds, e.g. tweet."""

    def __init__(self, source: Source, outcome: Outcome) -> None:
        self._source, self._outcome = source, outcome

    @abstractmethod
    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return what a line holds: its rows, then the objects beside them.

        Raises:
            Refused: nothing in the line can be read.
        """

    def observed(self, kind: str, subject: str, dataschema: str, data: Mapping[str, Any], time: str = "") -> Event:
        """Return an event of what the archive shows; ``time`` defaults to the time at which it was observed."""
        at, recorded_at = time or self._source.observed_instant, self._source.recorded_instant
        return Event(self._source.source_id, kind, subject, at, dataschema, data, recorded_at)

    def in_utc(self, thing: dict[str, Any], *names: str) -> dict[str, Any]:
        """Return an object with its named times as instants in UTC, so that equal times are written alike.

        Text that does not look like a time stays as it is.

        Raises:
            Refused: there is no such time, or neither the text nor the source names the time zone.
        """
        changed = {}
        for name in names:
            text = thing.get(name)
            if isinstance(text, str) and times.is_time(text):
                try:
                    changed[name] = times.utc(text, self._source.time_zone)
                except ValueError as error:
                    raise Refused(f"{name} {error}") from error
        return {**thing, **changed} if changed else thing


def read(path: Path, name: str, shape: Shape, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one archive: JSON, plain, ``.gz`` or ``.zst``; the quarantine has it under ``name``.

    Raises:
        SourceError: the file is not JSON in UTF-8, its name does not say how it is packed, or ``MOST_REFUSED`` rows
            are refused.
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


@dataclass
class _Reading:
    """One file being read, and the ids of the events it gave."""

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
    """Read JSON that only orjson refuses: half a surrogate pair, e.g. in a text that was cut, becomes U+FFFD."""
    try:
        return json.loads(_HALF.sub("\ufffd", json.dumps(json.loads(line), ensure_ascii=False)))
    except (RecursionError, ValueError) as error:
        raise Refused("not JSON") from error
