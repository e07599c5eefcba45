"""What a collection saw besides events: counts, unknown fields and the quarantine.

In: what an adapter notes while it reads. Out: the data of ``collection.finished``. Never: a refused line itself.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ingestion.exclusions import Exclusions


class Refused(ValueError):
    """One row cannot become an event; the message is the quarantine's reason."""


class SourceError(Exception):
    """A whole file cannot be read; the message names the file and the fix."""


def summed(quarantined: Iterable[Mapping[str, Any]], noun: str) -> Iterator[str]:
    """Yield what is wrong with refused rows as a person reads it, those of one file and one reason as one line.

    Args:
        quarantined: as ``Outcome`` has them.
        noun: what ``line`` counts.
    """
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for fault in quarantined:
        alike.setdefault((fault["file"], _PLACE.sub("[]", fault["reason"])), []).append(fault)
    for (file, reason), (first, *others) in alike.items():
        if others:
            yield f"{file}: {len(others) + 1:,} rows: {reason}, first {noun} {first['line']}"
        else:
            yield f"{file}, {noun} {first['line']}: {first['reason']}"


_PLACE = re.compile(r"\[\d+\]")
"""Where in a line something stands, which differs from row to row."""


@dataclass
class Outcome:
    """Counts of one input. ``rows`` = events - ``beside`` + ``duplicates`` + ``left_out`` + quarantined.

    Attributes:
        rows: rows or lines read.
        events: events made, by type.
        beside: how many of them stand beside the rows, as an author's profile does; each other one is a row's own.
        duplicates: rows whose event was already read from this input.
        left_out: rows that are somebody else's, such as others' posts in a feed.
        is_cut_short: whether the input ended before its end, so that more rows are missing than were refused.
        unknown_fields: how often each field appeared that no list names.
        quarantined: file, line, reason and SHA-256 of each refused row.
        exclusions: who must not come in; a row about one of them is ``left_out``.
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

    def quarantine(self, file: str, line: int, content: bytes, reason: str) -> None:
        """Note one refused row by where it stands and its hash."""
        sha256 = hashlib.sha256(content.rstrip(b"\r\n")).hexdigest()
        self.quarantined.append({"file": file, "line": line, "reason": reason, "sha256": sha256})

    def refuse(self, name: str, number: int, item: Any, reason: str) -> None:
        """Note one refused item of an answer by its place in it and its hash."""
        self.quarantine(name, number, orjson.dumps(item, option=orjson.OPT_SORT_KEYS), reason)
