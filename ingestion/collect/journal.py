"""The journal of one unfinished run: every page as it came, so that whoever goes on asks for nothing twice.

In: pages of events. Out: which pages there are, and their events in order. Never: half a page; what a killed process
left half written is cut off.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from ingestion.events import Event
from ingestion.log import LogError

_PAGE = b'{"page":'


class Journal:
    """One file: a head, then for each page its events and a line that closes it. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def open(self, head: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[dict[str, Any]]]:
        """Start the journal, or go on with the one that is there.

        Args:
            head: what the run is, if it starts now.

        Returns:
            The head, and the closing line of each page that is there.

        Raises:
            LogError: the file is not a journal.
        """
        if self.path.exists():
            found, pages, end = self._scan()
            if found is not None:
                with self.path.open("r+b") as file:
                    file.truncate(end)
                return found, pages
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(orjson.dumps({"run": dict(head)}) + b"\n")
        return head, []

    def _scan(self) -> tuple[Mapping[str, Any] | None, list[dict[str, Any]], int]:
        head, pages, end, position = None, [], 0, 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                position += len(line)
                if not line.endswith(b"\n"):
                    break
                try:
                    if number == 1:
                        head, end = orjson.loads(line)["run"], position
                    elif line.startswith(_PAGE):
                        pages.append(orjson.loads(line)["page"])
                        end = position
                except (orjson.JSONDecodeError, KeyError, TypeError) as error:
                    raise LogError(
                        f"{self.path}, line {number} is damaged; move the file away to start anew"
                    ) from error
        return head, pages, end

    def append(self, events: list[Event], page: Mapping[str, Any]) -> None:
        """Add one page whole: its events and the line that closes it."""
        lines = b"".join([event.encode() for event in events]) + _PAGE + orjson.dumps(page) + b"}\n"
        with self._lock, self.path.open("ab") as file:
            file.write(lines)

    def lines(self) -> Iterator[bytes]:
        """Yield the events of all pages, each as the line that ``Event.encode`` wrote."""
        with self.path.open("rb", buffering=1 << 20) as file:
            next(file)
            for line in file:
                if not line.startswith(_PAGE):
                    yield line

    def sha256(self) -> str:
        """Return the hash (hex) of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """Remove the file: its events are in the log."""
        self.path.unlink()
