"""The ledger: which segments make up the log, in which order, and what was taken out of them.

In: segments. Out: a hash-chained list, one JSON line per segment; ``verify`` names any byte flipped, dropped or
reordered. Never: two writers at once (an OS file lock sees to it), or an entry changed.

What is erased leaves a tombstone: a ``segment.erased`` event in a segment of its own, so that the ledger's chain holds
it as it holds everything else. The segment it is about is written again without what is gone, or goes whole.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from ingestion.files import sync, write_file
from ingestion.log import segments
from ingestion.log.events import ENVELOPE, Event
from ingestion.log.segments import LogError, Segment

GENESIS = "0" * 64
ERASURES = "erasures"
"""The source of the segments that hold tombstones."""
NOTHING = Segment("", hashlib.sha256(b"").hexdigest(), 0)
"""What is left of a segment that went whole."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
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
    """The tombstone of one segment.

    Attributes:
        position: of the segment's entry.
        sha256: hash (hex) of the uncompressed bytes that were there.
        rows: how many events they were.
        kept_name: the file that holds what is left; empty if nothing is.
        kept_sha256: hash (hex) of its uncompressed bytes.
        kept_rows: how many events are left.
        input: SHA-256 (hex) of the file that the segment was made from, as that file is now.
        subject_sha256: hash (hex) of what was erased, as ``roster/exclusions.csv`` has it; empty if no subject was.
        reason: why, in words.
    """

    position: int
    sha256: str
    rows: int
    kept_name: str
    kept_sha256: str
    kept_rows: int
    input: str
    subject_sha256: str
    reason: str


class Ledger:
    """The log of one data folder: ``ledger.jsonl`` and ``segments/``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.jsonl"
        self.segments = folder / "segments"
        self._lock = FileLock(folder / ".lock")

    def lines(self) -> list[LedgerLine]:
        """Return all entries as they were written, oldest first.

        Raises:
            LogError: a line is not an entry, was changed, or is out of order.
        """
        if not self.path.exists():
            return []
        entries: list[LedgerLine] = []
        for number, line in enumerate(self.path.read_bytes().splitlines(keepends=True), start=1):
            entry = _entry(line)
            if entry is None:
                raise LogError(f"{self.path}, line {number} is not a ledger entry; {_RESTORE}")
            if not line.endswith(b"\n") or entry.position != number or entry.chain != _chain(entry, _head(entries)):
                raise LogError(
                    f"{self.path}, line {number} was changed, dropped or moved: its chain does not follow; {_RESTORE}"
                )
            if entry.envelope > ENVELOPE:
                raise LogError(f"{self.path}, line {number} was written by a newer version; upgrade this project")
            entries.append(entry)
        return entries

    def current(self) -> list[LedgerLine]:
        """Return all entries, each with the name, hash, rows and input of what stands now, after all erasures.

        An entry of which nothing is left has no name and no rows.

        Raises:
            LogError: a tombstone does not follow from what was there before it.
        """
        entries = self.lines()
        for _, erasure in _tombstones(self.segments, entries):
            entry = entries[erasure.position - 1]
            entries[erasure.position - 1] = replace(
                entry,
                name=erasure.kept_name,
                sha256=erasure.kept_sha256,
                rows=erasure.kept_rows,
                input=erasure.input,
            )
        return entries

    def erasures(self) -> dict[int, list[Erasure]]:
        """Return the tombstones of each erasure, by the position of the segment that holds them, oldest first.

        Raises:
            LogError: a tombstone does not follow from what was there before it.
        """
        erasures: dict[int, list[Erasure]] = {}
        for number, erasure in _tombstones(self.segments, self.lines()):
            erasures.setdefault(number, []).append(erasure)
        return erasures

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

    def append(self, segment: Segment, source: str, input_sha256: str) -> LedgerLine:
        """Add one segment at the end. Call it inside ``writing``."""
        entries = self.lines()
        entry = LedgerLine(
            len(entries) + 1, segment.name, segment.sha256, segment.rows, ENVELOPE, source, input_sha256, ""
        )
        entry = replace(entry, chain=_chain(entry, _head(entries)))
        lines = (orjson.dumps(asdict(line)) + b"\n" for line in (*entries, entry))
        write_file(self.path, b"".join(lines))
        return entry

    def erase(self, erasures: Sequence[Erasure], erased_at: str) -> None:
        """Take out of segments what their tombstones say is gone; the tombstones are written first.

        Killed in between, ``sweep`` removes the rest. Call it inside ``writing``.

        Args:
            erasures: the tombstones; what they keep is written already.
            erased_at: when (UTC instant).
        """
        events = [
            Event(ERASURES, "segment.erased", f"segment/{one.position}", erased_at, SCHEMA, asdict(one), erased_at)
            for one in erasures
        ]
        segment = segments.write(self.segments, ERASURES, events)
        self.append(segment, ERASURES, segment.sha256)
        self.sweep()

    def sweep(self) -> None:
        """Remove what a killed process left unfinished, and what was erased. Call it inside ``writing``."""
        for path in self.segments.glob(".*.unfinished"):
            path.unlink(missing_ok=True)
        self._take_over()
        for path in self._erased():
            path.unlink()
            sync(self.segments)

    def _erased(self) -> list[Path]:
        """Return the files that erasures have replaced and that are still there."""
        once = {entry.name for entry in self.lines()}
        once |= {erasure.kept_name for _, erasure in _tombstones(self.segments, self.lines())}
        gone = once - {entry.name for entry in self.current()}
        return sorted(self.segments / name for name in gone if (self.segments / name).is_file())

    def _take_over(self) -> None:
        """Make the tombstones that earlier versions kept in a file of their own part of the log."""
        path = self.path.with_name("erasures.jsonl")
        if not path.exists():
            return
        standing = {entry.position: entry for entry in self.current()}
        try:
            named = [orjson.loads(line) for line in path.read_bytes().splitlines()]
            left = [whole(standing[one["position"]], one["reason"]) for one in named if standing[one["position"]].rows]
            if left:
                self.erase(left, max(one["erased_at"] for one in named))
        except (KeyError, TypeError, ValueError) as error:
            raise LogError(f"{path} is not a list of tombstones ({error!r}); {_RESTORE}") from error
        path.unlink(missing_ok=True)

    def at(self, cut: int) -> LedgerLine:
        """Return the entry at a cut.

        Raises:
            LogError: the log is shorter than that.
        """
        entries = self.lines()
        self._require(entries)
        if not 1 <= cut <= len(entries):
            raise LogError(f"{self.path} has {len(entries)} segments; there is no cut {cut}")
        return entries[cut - 1]

    def verify(self) -> int:
        """Check every entry against its segment, each event against its id, and return the number of events.

        Raises:
            LogError: there is no log; the first file that is not what the ledger says; segments that it does not list.
        """
        standing = self.current()
        for path in self._erased():
            raise LogError(f"{path} was erased and is there again; run: twiplomacy collect")
        present = {path.name for path in self.segments.glob(f"*{segments.SUFFIX}")}
        if unlisted := present - {entry.name for entry in standing}:
            raise LogError(
                f"{self.path} does not list {', '.join(sorted(unlisted))}: if a collect was interrupted, run it again; "
                f"if the ledger is older than that, restore it from the backup of the log; otherwise move it away: "
                f"what it holds is in the segment of the run that went on"
            )
        self._require(standing)
        for entry in standing:
            if not entry.rows:
                continue
            path = self.segments / entry.name
            sha256, rows = segments.digest(path)
            if (sha256, rows) != (entry.sha256, entry.rows):
                raise LogError(
                    f"{path} (position {entry.position}) was changed: {rows} events with SHA-256 {sha256}, "
                    f"the ledger has {entry.rows} with {entry.sha256}; restore it from the backup of the log"
                )
            for _ in segments.read(
                path
            ):  # a hash says that the bytes are those that were sealed, not that they are events
                pass
        return sum(entry.rows for entry in standing)

    def _require(self, entries: Sequence[LedgerLine]) -> None:
        if not entries:
            raise LogError(f"{self.path.parent} holds no log; restore it from a backup, or run: twiplomacy collect")


SCHEMA = "segment/erased/1"
_RESTORE = "restore it from the backup of the log"


def whole(entry: LedgerLine, reason: str) -> Erasure:
    """Return the tombstone of a segment that goes whole.

    Args:
        entry: as it stands.
        reason: why, in words.
    """
    return Erasure(
        position=entry.position,
        sha256=entry.sha256,
        rows=entry.rows,
        kept_name=NOTHING.name,
        kept_sha256=NOTHING.sha256,
        kept_rows=NOTHING.rows,
        input=entry.input,
        subject_sha256="",
        reason=reason,
    )


def _tombstones(folder: Path, entries: Sequence[LedgerLine]) -> Iterator[tuple[int, Erasure]]:
    """Yield the tombstones and where they stand, each checked against what stood at its position before it."""
    there = {entry.position: (entry.sha256, entry.rows) for entry in entries}
    for entry in entries:
        if entry.source != ERASURES:
            continue
        if segments.digest(folder / entry.name) != (entry.sha256, entry.rows):
            raise LogError(f"{folder / entry.name} was changed: it holds the tombstones of an erasure; {_RESTORE}")
        for event in segments.read(folder / entry.name):
            try:
                erasure = Erasure(**event.data)
                is_right = erasure.position < entry.position and there[erasure.position] == (
                    erasure.sha256,
                    erasure.rows,
                )
            except (KeyError, TypeError):
                is_right = False
            if not is_right:
                raise LogError(f"{folder / entry.name}: {event.subject} is no tombstone of this log; {_RESTORE}")
            there[erasure.position] = (erasure.kept_sha256, erasure.kept_rows)
            yield entry.position, erasure


def _entry(line: bytes) -> LedgerLine | None:
    """Return the entry on a line of the ledger; None if there is none, or a field is of another type."""
    try:
        entry = LedgerLine(**orjson.loads(line))
    except (orjson.JSONDecodeError, TypeError):
        return None
    values = ((getattr(entry, one.name), one.type) for one in fields(entry))
    return entry if all(type(value) is kind for value, kind in values) else None


def _head(entries: Sequence[LedgerLine]) -> str:
    return entries[-1].chain if entries else GENESIS


def _chain(entry: LedgerLine, previous: str) -> str:
    content = {name: value for name, value in asdict(entry).items() if name != "chain"}
    return hashlib.sha256(previous.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
