"""Segments: the immutable files that hold the events.

A segment is one file of zstd-compressed JSON Lines, made from one collected input and named by its content.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import zstandard

from ingestion.files import naming, sync
from ingestion.log.events import Event, EventError

SUFFIX = ".jsonl.zst"
BATCH = 1_000
"""Lines written at a time."""
RESTORE = "restore it from the backup of the log"


class LogError(Exception):
    """The log cannot be read or written as it is; the message names the file and the fix."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment file, described by its uncompressed bytes.

    Attributes:
        name: file name inside the segments folder; the source and the first 16 digits of ``sha256``.
        sha256: hash (hex) of the uncompressed bytes.
        rows: number of events.
    """

    name: str
    sha256: str
    rows: int


def write(folder: Path, source: str, events: Iterable[Event]) -> Segment:
    """Write events as one segment."""
    return write_lines(folder, source, (event.encode() for event in events))


def write_lines(folder: Path, source: str, lines: Iterable[bytes]) -> Segment:
    """Write encoded events as one segment: temporary file, fsync, rename.

    A process that is killed at any point leaves no segment or all of it. Memory does not grow with the events.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{source}-{os.getpid()}.unfinished"
    digest, rows = hashlib.sha256(), 0
    try:
        with (
            naming(unfinished),
            unfinished.open("wb") as file,
            zstandard.ZstdCompressor(level=3, threads=1).stream_writer(file, closefd=False) as out,
        ):
            left = iter(lines)
            while batch := list(islice(left, BATCH)):  # line by line it takes twice as long
                chunk = b"".join(batch)
                digest.update(chunk)
                out.write(chunk)
                rows += len(batch)
            out.flush(zstandard.FLUSH_FRAME)
            file.flush()
            os.fsync(file.fileno())
        segment = Segment(f"{source}-{digest.hexdigest()[:16]}{SUFFIX}", digest.hexdigest(), rows)
        unfinished.chmod(0o444)
        unfinished.rename(folder / segment.name)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(folder)
    return segment


def read(path: Path) -> Iterator[Event]:
    """Yield the events of one segment in order.

    Raises:
        LogError: a line is not the event it was; the message names file and line.
    """
    for number, line in enumerate(lines(path), start=1):
        try:
            yield Event.decode(line)
        except EventError as error:
            raise LogError(f"{path}, line {number}: {error}") from error


def digest(path: Path) -> tuple[str, int]:
    """Return the SHA-256 (hex) of a segment's uncompressed bytes and its number of lines."""
    sha256, rows, last = hashlib.sha256(), 0, b"\n"
    for last in _chunks(path):
        sha256.update(last)
        rows += last.count(b"\n")
    return sha256.hexdigest(), rows + (not last.endswith(b"\n"))


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of one segment, newline included."""
    rest = b""
    for chunk in _chunks(path):
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            yield line + b"\n"
    if rest:
        yield rest


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            while chunk := plain.read(1 << 20):
                yield chunk
    except FileNotFoundError as error:
        raise LogError(f"{path} is missing; {RESTORE}") from error
    except zstandard.ZstdError as error:
        raise LogError(f"{path} is damaged ({error}); {RESTORE}") from error
