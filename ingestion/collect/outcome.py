"""What a collection saw besides events: counts, unknown fields and the quarantine, which never holds a row itself."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

import orjson

from ingestion.roster.exclusions import Exclusions
from ingestion.shown import shown

MOST_NAMES = 1_000
"""Unknown fields that are counted by their names; the others are counted together."""
LISTED_BYTES = 4 * 2**20
"""Size of the list of refused rows in the log; later refused rows are counted by their reasons."""
MOST_REASONS = 100
"""Reasons by which they are counted, and lines in a message about them."""
NO_NAME, OTHER_NAMES, OTHER_REASONS = "(no name)", "(other names)", "other reasons"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.@:-]{0,63}")
"""The form of a field's name; any other text in its place is content."""
_PLACE = re.compile(r"\[\d+\]")
"""A place in a reason, e.g. ``[3]``, which differs from row to row; equal reasons are counted without it."""
_ENTRY_BYTES = 200
"""Size of an entry of the list besides its file and reason."""


class Refused(ValueError):
    """One row cannot become an event; the message is the quarantine's reason."""


class SourceError(Exception):
    """A file or a platform cannot be collected; the message says which, and what to do."""


def summed(
    quarantined: Iterable[Mapping[str, Any]], noun: str, unlisted: Mapping[str, int] = MappingProxyType({})
) -> Iterator[str]:
    """Yield a line for a person about the refused rows of each file and reason.

    ``noun`` is what the rows' ``line`` counts, e.g. ``item``.
    """
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for fault in quarantined:
        alike.setdefault((fault["file"], _PLACE.sub("[]", fault["reason"])), []).append(fault)
    more = dict(unlisted)
    for (file, reason), (first, *others) in islice(alike.items(), MOST_REASONS):
        if count := len(others) + more.pop(reason, 0):
            yield f"{file}: {count + 1:,} rows: {reason}, first {noun} {first['line']}"
        else:
            yield f"{file}, {noun} {first['line']}: {first['reason']}"
    if len(alike) > MOST_REASONS:
        yield f"and for {len(alike) - MOST_REASONS:,} more reasons, which the log has"
    for reason, count in more.items():
        yield f"{count:,} more rows: {reason}"


@dataclass
class Outcome:
    """Counts of one input, in memory that does not grow with it.

    ``rows`` = events - ``beside`` + ``duplicates`` + ``left_out`` + ``quarantined_count``.

    Attributes:
        rows: rows or lines read.
        events: events made, by type.
        beside: how many of the events are not of a row of their own, e.g. an author's profile in a post.
        duplicates: rows whose event was already read from this input.
        left_out: rows of others, e.g. others' posts in a feed, or about somebody who must not come in.
        is_cut_short: whether the input broke off, so that more rows are missing than were refused.
        unknown_fields: how often each field appeared that no whitelist names.
        quarantined: file, line, reason and SHA-256 of each refused row, up to ``LISTED_BYTES``.
        unlisted: how many more rows were refused, by reason.
        exclusions: who must not come in.
    """

    rows: int = 0
    events: Counter[str] = field(default_factory=Counter)
    beside: int = 0
    duplicates: int = 0
    left_out: int = 0
    is_cut_short: bool = False
    unknown_fields: Counter[str] = field(default_factory=Counter)
    quarantined: list[dict[str, Any]] = field(default_factory=list)
    exclusions: Exclusions = field(default_factory=Exclusions)
    unlisted: Counter[str] = field(default_factory=Counter)
    _listed_bytes: int = 0

    @property
    def quarantined_count(self) -> int:
        """How many rows were refused."""
        return len(self.quarantined) + self.unlisted.total()

    def quarantine(self, file: str, line: int, content: bytes, reason: str) -> None:
        """List one refused row by its place and hash; count it only, once the list is full."""
        reason = shown(reason, 2_000)
        self._listed_bytes += len(file.encode()) + len(reason.encode()) + _ENTRY_BYTES
        if self._listed_bytes <= LISTED_BYTES:
            sha256 = hashlib.sha256(content.rstrip(b"\r\n")).hexdigest()
            self.quarantined.append({"file": file, "line": line, "reason": reason, "sha256": sha256})
        else:
            self.unlisted[self._among(self.unlisted, _PLACE.sub("[]", reason), MOST_REASONS, OTHER_REASONS)] += 1

    def count_field(self, prefix: str, name: str) -> None:
        """Count a field that no whitelist names, by its place and by its name if that has the form of one."""
        name = prefix + (name if _NAME.fullmatch(name) else NO_NAME)
        self.unknown_fields[self._among(self.unknown_fields, name, MOST_NAMES, OTHER_NAMES)] += 1

    @staticmethod
    def _among(counts: Counter[str], name: str, most: int, others: str) -> str:
        return name if name in counts or len(counts) < most else others

    def refuse(self, name: str, number: int, item: Any, reason: str) -> None:
        """List one refused item of an answer by its place in the answer and its hash."""
        try:
            content = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # nested too deep, or half a character
            content = repr(item).encode("utf-8", "backslashreplace")
        self.quarantine(name, number, content, reason)
