"""One line of the ledger, and the hash that chains it to the line before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

import orjson
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

GENESIS = "0" * 64
"""The chain before the first line."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True))
class LedgerLine:
    """One line of the ledger: a segment's place in the log.

    Attributes:
        position: 1 for the first segment, then counting up; a *cut* is such a number.
        name: the segment's file name; empty if all of the segment was erased.
        sha256: hash (hex) of the segment's uncompressed bytes.
        rows: number of events in it.
        envelope: version of the envelope that its events are written in.
        source: ``source_id`` whose observations it holds.
        input: SHA-256 (hex) of the file it was made from; an input that is here is not collected again.
        chain: SHA-256 (hex) over the chain of the line before and the content of this line.
    """

    position: int
    name: str
    sha256: str
    rows: int
    envelope: int
    source: str
    input: str
    chain: str = ""

    def encode(self) -> bytes:
        """Return the line as JSON, newline included."""
        return orjson.dumps(asdict(self), option=orjson.OPT_APPEND_NEWLINE)

    def is_next_after(self, lines: Sequence["LedgerLine"]) -> bool:
        """Return whether this line is the next one after those lines."""
        return self.position == len(lines) + 1 and self.chain == self.chain_after(lines)

    def chain_after(self, lines: Sequence["LedgerLine"]) -> str:
        """Return the chain of this line if those lines are before it."""
        previous = lines[-1].chain if lines else GENESIS
        content = {name: value for name, value in asdict(self).items() if name != "chain"}
        return hashlib.sha256(previous.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
