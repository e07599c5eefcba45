"""The ledger: which segments make up the log, in which order.

In: segments. Out: a hash-chained list, one JSON line per segment; ``verify`` names any byte flipped, dropped
or reordered. Never: two writers at once (an OS file lock sees to it), or an entry changed.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from ingestion import log
from ingestion.events import ENVELOPE
from ingestion.log import LogError, Segment

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    Attributes:
        position: 1 for the first segment, then counting up; a *cut* is such a number.
        name: the segment's file name.
        sha256: hash (hex) of the segment's uncompressed bytes.
        rows: number of events in it.
        envelope: version of the envelope its events are written in.
        source: ``source_id`` whose observations it holds.
        input: SHA-256 (hex) of the file it was made from; an input that is here is not collected again.
        chain: SHA-256 (hex) of the previous entry's chain and of this entry.
    """

    position: int
    name: str
    sha256: str
    rows: int
    envelope: int
    source: str
    input: str
    chain: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """The tombstone of one segment: its entry stays in the ledger, its events are gone.

    Attributes:
        position: of the entry.
        sha256: hash (hex) of the bytes that are gone.
        rows: how many events they were.
        reason: why, in words.
        erased_at: when (UTC instant).
    """

    position: int
    sha256: str
    rows: int
    reason: str
    erased_at: str


class Ledger:
    """The log of one data folder: ``ledger.jsonl``, ``segments/`` and ``erasures.jsonl``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.jsonl"
        self.tombstones = folder / "erasures.jsonl"
        self.segments = folder / "segments"
        self._lock = FileLock(folder / ".lock")

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first.

        Raises:
            LogError: a line is not an entry, was changed, or is out of order.
        """
        if not self.path.exists():
            return []
        entries: list[Entry] = []
        for number, line in enumerate(self.path.read_bytes().splitlines(keepends=True), start=1):
            try:
                entry = Entry(**orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError) as error:
                raise LogError(f"{self.path}, line {number} is not a ledger entry: {error}") from error
            if not line.endswith(b"\n") or entry.position != number or entry.chain != _chain(entry, _head(entries)):
                raise LogError(f"{self.path}, line {number} was changed, dropped or moved: its chain does not follow")
            if entry.envelope > ENVELOPE:
                raise LogError(f"{self.path}, line {number} was written by a newer version; upgrade this project")
            entries.append(entry)
        return entries

    @contextmanager
    def writing(self, say: Callable[[str], None]) -> Iterator[None]:
        """Hold the log's lock; a second process says so and waits."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            say(f"another process is writing below {self.path.parent}; waiting for it")
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    def append(self, segment: Segment, source: str, input_sha256: str) -> Entry:
        """Add one segment at the end. Call it inside ``writing``."""
        entries = self.entries()
        entry = Entry(len(entries) + 1, segment.name, segment.sha256, segment.rows, ENVELOPE, source, input_sha256, "")
        entry = Entry(**{**asdict(entry), "chain": _chain(entry, _head(entries))})
        _replace(self.path, [*entries, entry])
        return entry

    def erasures(self) -> dict[int, Erasure]:
        """Return the tombstones by position.

        Raises:
            LogError: a line is not a tombstone, or is not one of a segment of this log.
        """
        if not self.tombstones.exists():
            return {}
        erased: dict[int, Erasure] = {}
        hashes = {entry.position: entry.sha256 for entry in self.entries()}
        for number, line in enumerate(self.tombstones.read_bytes().splitlines(), start=1):
            try:
                erasure = Erasure(**orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError) as error:
                raise LogError(f"{self.tombstones}, line {number} is not a tombstone: {error}") from error
            if hashes.get(erasure.position) != erasure.sha256:
                raise LogError(f"{self.tombstones}, line {number} is of a segment that this log does not have")
            erased[erasure.position] = erasure
        return erased

    def erase(self, position: int, reason: str, erased_at: str) -> None:
        """Remove the events of one segment for good; the tombstone is written first. Call it inside ``writing``."""
        entry, erased = self.at(position), self.erasures()
        if position not in erased:
            erased[position] = Erasure(position, entry.sha256, entry.rows, reason, erased_at)
            _replace(self.tombstones, [erased[place] for place in sorted(erased)])
        (self.segments / entry.name).unlink(missing_ok=True)
        log.sync_folder(self.segments)

    def at(self, cut: int) -> Entry:
        """Return the entry at a cut.

        Raises:
            LogError: the log is shorter than that.
        """
        entries = self.entries()
        self._require(entries)
        if not 1 <= cut <= len(entries):
            raise LogError(f"{self.path} has {len(entries)} segments; there is no cut {cut}")
        return entries[cut - 1]

    def verify(self) -> int:
        """Check every entry against its segment or its tombstone, and return the number of events.

        Raises:
            LogError: there is no log; the first file that is not what the ledger says; segments that it does not list.
        """
        entries = self.entries()
        unlisted = {path.name for path in self.segments.glob(f"*{log.SUFFIX}")} - {entry.name for entry in entries}
        if unlisted:
            raise LogError(
                f"{self.path} does not list {', '.join(sorted(unlisted))}: if a collect was interrupted, run it again; "
                f"otherwise restore the ledger from the backup of the log"
            )
        self._require(entries)
        erased = self.erasures()
        for entry in entries:
            path = self.segments / entry.name
            if entry.position in erased:
                if path.exists():
                    raise LogError(f"{path} (position {entry.position}) was erased and is there again; remove it")
                continue
            sha256, rows = log.digest(path)
            if (sha256, rows) != (entry.sha256, entry.rows):
                raise LogError(
                    f"{path} (position {entry.position}) was changed: {rows} events with SHA-256 {sha256}, "
                    f"the ledger has {entry.rows} with {entry.sha256}; restore it from the backup of the log"
                )
        return sum(entry.rows for entry in entries if entry.position not in erased)

    def _require(self, entries: Sequence[Entry]) -> None:
        if not entries:
            raise LogError(f"{self.path.parent} holds no log; restore it from a backup, or run: twiplomacy collect")


def _replace(path: Path, lines: Sequence[Entry | Erasure]) -> None:
    """Write a file of JSON Lines whole: temporary file, fsync, rename."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(b"".join(orjson.dumps(asdict(line)) + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    log.sync_folder(path.parent)


def _head(entries: list[Entry]) -> str:
    return entries[-1].chain if entries else GENESIS


def _chain(entry: Entry, previous: str) -> str:
    content = {name: value for name, value in asdict(entry).items() if name != "chain"}
    return hashlib.sha256(previous.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
