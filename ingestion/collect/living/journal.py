"""The journal of one unfinished run: every page as it came, so that the next process asks for nothing twice.

A page that a killed process or a full disk left half written is cut off.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from ingestion.files import naming
from ingestion.log.events import Event, EventError
from ingestion.log.segments import LogError

_PAGE = b'{"page":'


class Journal:
    """One file: a head, then for each page its events and a line that closes it. Safe to use from several threads.

    The line that closes a page has the hash of the page, so that a changed byte is noticed before the run is sealed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._fault: OSError | None = None

    def open(self, head: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[dict[str, Any]]]:
        """Start a journal with this head, or open the one that is there.

        Returns:
            The head, and the closing line of each page that is there.

        Raises:
            LogError: the file is not a journal, or a page in it was changed.
        """
        if found := self.head():
            pages, end = list[dict[str, Any]](), len(self._first())
            for page, _, end in self._pages():  # noqa: B007
                pages.append(page)
            with self.path.open("r+b") as file:
                file.truncate(end)
            return found, pages
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with naming(self.path):
            self.path.write_bytes(orjson.dumps({"run": dict(head)}) + b"\n")
        return head, []

    def head(self) -> Mapping[str, Any] | None:
        """Return the head of the journal that is there; None if there is none.

        Raises:
            LogError: the file is not a journal.
        """
        first = self._first()
        if not first.endswith(b"\n"):
            return None
        try:
            head: dict[str, Any] = orjson.loads(first)["run"]
            date.fromisoformat(head.get("day", "2026-01-01"))  # journals of earlier versions have no day and no parts
            "".join([head["started_at"], *head.get("parts", [])])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self._damaged(1, "it is not the head of a run") from error
        return head

    def has_pages(self) -> bool:
        """Return whether at least one complete page is there."""
        return next(self._pages(), None) is not None

    def _first(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            return file.readline()

    def _pages(self) -> Iterator[tuple[dict[str, Any], list[bytes], int]]:
        """Yield the closing line of each page, its events, and where it ends; half a page at the end is left out."""
        with self.path.open("rb", buffering=1 << 20) as file:
            position, events = len(next(file)), list[bytes]()
            for number, line in enumerate(file, start=2):
                position += len(line)
                if not line.endswith(b"\n"):
                    return
                if not line.startswith(_PAGE):
                    events.append(line)
                    continue
                page, _, closing = line.rpartition(b',"sha256":"')
                if _sha256(events, page) != closing.removesuffix(b'"}\n').decode(errors="replace"):
                    raise self._damaged(number, "the page that ends here is not as it came")
                yield orjson.loads(page.removeprefix(_PAGE)), events, position
                events = []

    def append(self, events: list[Event], page: Mapping[str, Any]) -> None:
        """Add one complete page: its events and the line that closes it.

        Raises:
            OSError: this page or an earlier one could not be written; the journal ends with the last complete page.
        """
        lines = [event.encode() for event in events]
        closing = _PAGE + orjson.dumps(page)
        written = b"".join([*lines, closing, b',"sha256":"', _sha256(lines, closing).encode(), b'"}\n'])
        with self._lock, naming(self.path):
            if self._fault:
                raise OSError(self._fault.errno, self._fault.strerror)
            with self.path.open("ab", buffering=0) as file:
                end = file.tell()
                try:
                    _write(file.fileno(), written)
                except OSError as fault:
                    self._fault = fault  # no other thread may write any more
                    file.truncate(end)
                    raise

    def lines(self) -> Iterator[bytes]:
        """Yield the events of all pages, each as the line that ``Event.encode`` wrote.

        Raises:
            LogError: a page is not what was written, or a line in it is no event.
        """
        for _, events, _ in self._pages():
            for line in events:
                try:
                    Event.decode(line)
                except EventError as error:
                    raise LogError(f"{self.path} holds a line that is no event: {error}; {_ANEW}") from error
                yield line

    def sha256(self) -> str:
        """Return the hash (hex) of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """Remove the file: its events are in the log."""
        self.path.unlink()

    def _damaged(self, line: int, what: str) -> LogError:
        return LogError(f"{self.path}, line {line} is damaged: {what}; {_ANEW}")


_ANEW = "move the file away, and the next collect asks for everything in it again"


def _write(file: int, content: bytes) -> None:
    """Write all of it: a disk that fills up takes a part, and raises only at the next write."""
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]


def _sha256(events: list[bytes], closing: bytes) -> str:
    sha256 = hashlib.sha256()
    for line in events:
        sha256.update(line)
    sha256.update(closing)
    return sha256.hexdigest()
