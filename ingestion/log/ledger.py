"""The ledger: which segments make up the log, and in which order.

One process writes at a time, under a file lock. A line is never changed; ``verify`` names any byte that was flipped,
dropped or reordered.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import orjson
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from ingestion.files import sync, write_file
from ingestion.log import erasures, segments
from ingestion.log.chain import LedgerLine
from ingestion.log.erasures import ERASURES, Erasure, whole
from ingestion.log.events import ENVELOPE
from ingestion.log.segments import RESTORE, LogError, Segment

_LINE = TypeAdapter(LedgerLine)


class Ledger:
    """The log of one data folder: ``ledger.jsonl`` and ``segments/``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.jsonl"
        self.segments = folder / "segments"
        self._lock = FileLock(folder / ".lock")

    def lines(self) -> list[LedgerLine]:
        """Return all lines as they were written, oldest first.

        Raises:
            LogError: a line is not one of a ledger, was changed, or is out of order.
        """
        if not self.path.exists():
            return []
        lines: list[LedgerLine] = []
        for number, text in enumerate(self.path.read_bytes().splitlines(keepends=True), start=1):
            try:
                line = _LINE.validate_json(text)
            except ValidationError as error:
                raise LogError(f"{self.path}, line {number} is not a ledger entry; {RESTORE}") from error
            if not text.endswith(b"\n") or not line.is_next_after(lines):
                raise LogError(
                    f"{self.path}, line {number} was changed, dropped or moved: its chain does not follow; {RESTORE}"
                )
            if line.envelope > ENVELOPE:
                raise LogError(f"{self.path}, line {number} was written by a newer version; upgrade this project")
            lines.append(line)
        return lines

    def current(self) -> list[LedgerLine]:
        """Return all lines, each with the name, hash, rows and input that its segment has now, after all erasures.

        The line of a segment that was erased completely has no name and no rows.

        Raises:
            LogError: a tombstone does not follow from what was at its position before.
        """
        lines = self.lines()
        for _, erasure in erasures.read(self.segments, lines):
            lines[erasure.position - 1] = replace(
                lines[erasure.position - 1],
                name=erasure.kept_name,
                sha256=erasure.kept_sha256,
                rows=erasure.kept_rows,
                input=erasure.input,
            )
        return lines

    def erasures(self) -> dict[int, list[Erasure]]:
        """Return the tombstones of each erasure, by the position of the segment that holds them, oldest first.

        Raises:
            LogError: a tombstone does not follow from what was at its position before.
        """
        found: dict[int, list[Erasure]] = {}
        for position, erasure in erasures.read(self.segments, self.lines()):
            found.setdefault(position, []).append(erasure)
        return found

    @contextmanager
    def writing(self, say: Callable[[str], None]) -> Iterator[None]:
        """Hold the log's lock; a second process says so and waits."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            held = self._lock.acquire(timeout=0)
        except Timeout:
            say(f"another process is writing below {self.path.parent}; waiting for it")
            held = self._lock.acquire()
        with held:
            yield

    def append(self, segment: Segment, source: str, input_sha256: str) -> LedgerLine:
        """Add one segment at the end. Call it inside ``writing``."""
        lines = self.lines()
        line = LedgerLine(len(lines) + 1, segment.name, segment.sha256, segment.rows, ENVELOPE, source, input_sha256)
        line = replace(line, chain=line.chain_after(lines))
        write_file(self.path, b"".join(each.encode() for each in (*lines, line)))
        return line

    def erase(self, tombstones: Sequence[Erasure], erased_at: str) -> None:
        """Take out of segments what their tombstones say is gone; the tombstones are written first.

        If the process is killed in between, ``sweep`` removes the rest. Call it inside ``writing``.

        Args:
            tombstones: one per segment; the segments that they keep are written already.
            erased_at: when (UTC instant).
        """
        segment = erasures.write(self.segments, tombstones, erased_at)
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
        lines = self.lines()
        names = {line.name for line in lines}
        names |= {erasure.kept_name for _, erasure in erasures.read(self.segments, lines)}
        gone = names - {line.name for line in self.current()}
        return sorted(self.segments / name for name in gone if (self.segments / name).is_file())

    def _take_over(self) -> None:
        """Move the tombstones that earlier versions kept in a file of their own into the log."""
        path = self.path.with_name("erasures.jsonl")
        if not path.exists():
            return
        standing = {line.position: line for line in self.current()}
        try:
            named = [orjson.loads(text) for text in path.read_bytes().splitlines()]
            left = [whole(standing[one["position"]], one["reason"]) for one in named if standing[one["position"]].rows]
            if left:
                self.erase(left, max(one["erased_at"] for one in named))
        except (KeyError, TypeError, ValueError) as error:
            raise LogError(f"{path} is not a list of tombstones ({error!r}); {RESTORE}") from error
        path.unlink(missing_ok=True)

    def at(self, cut: int) -> LedgerLine:
        """Return the line at a cut.

        Raises:
            LogError: the log is shorter than that.
        """
        lines = self.lines()
        self._require(lines)
        if not 1 <= cut <= len(lines):
            raise LogError(f"{self.path} has {len(lines)} segments; there is no cut {cut}")
        return lines[cut - 1]

    def verify(self) -> int:
        """Check every segment against its ledger line and every event against its id; return the number of events.

        Raises:
            LogError: there is no log, a file is not what the ledger says (the first one is named), or the ledger does
                not list a segment that is there.
        """
        lines = self.current()
        for path in self._erased():
            raise LogError(f"{path} was erased and is there again; run: twiplomacy collect")
        present = {path.name for path in self.segments.glob(f"*{segments.SUFFIX}")}
        if unlisted := present - {line.name for line in lines}:
            raise LogError(
                f"{self.path} does not list {', '.join(sorted(unlisted))}: if a collect was interrupted, run it again; "
                f"if the ledger is older than that, restore it from the backup of the log; otherwise move it away: "
                f"what it holds is in the segment of the run that went on"
            )
        self._require(lines)
        for line in lines:
            if line.rows:
                self._verify_segment(line)
        return sum(line.rows for line in lines)

    def _verify_segment(self, line: LedgerLine) -> None:
        path = self.segments / line.name
        sha256, rows = segments.digest(path)
        if (sha256, rows) != (line.sha256, line.rows):
            raise LogError(
                f"{path} (position {line.position}) was changed: {rows} events with SHA-256 {sha256}, "
                f"the ledger has {line.rows} with {line.sha256}; {RESTORE}"
            )
        for _ in segments.read(path):  # the hash covers the bytes; that each is an event only decoding shows
            pass

    def _require(self, lines: Sequence[LedgerLine]) -> None:
        if not lines:
            raise LogError(f"{self.path.parent} holds no log; restore it from a backup, or run: twiplomacy collect")
