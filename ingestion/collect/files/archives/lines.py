"""The lines of a file of any size, or its JSON objects: one a line, indented, or in arrays.

A file is plain, or packed by gzip or zstandard, in one frame or many. One line or object is in memory at a time. A line
or object that damage cut off is never given.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import zstandard

from ingestion.collect.outcome import SourceError

LONGEST_WINDOW = 2**31
"""Most bytes that a zstandard file may look back (``zstd --long=31``); they are in memory."""
NAMES = (".json", ".jsonl", ".ndjson")
"""Endings of the names of files that are read, in small or capital letters; ``.gz`` or ``.zst`` may follow."""
_SUFFIXES = (*NAMES, ".gz", ".zst")
_PACKED = 256
"""Bytes unpacked at a time: four bytes of zstandard may stand for 128 KiB, so these for 8 MiB."""
LONGEST_LINE = 64 * 2**20
"""Bytes of the longest line, newline included, or of the longest object."""
_CHUNK = 1 << 20
"""Bytes searched for brackets at a time."""
_MARKS = re.compile(rb'\\.|["{}\n]', re.DOTALL)
_BETWEEN = b" \t\r\n,[]"
"""Bytes that may be between the objects of arrays."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHERS = (
    ((b"\xff\xfe", b"\xfe\xff"), "is UTF-16; write it anew: iconv -f UTF-16 -t UTF-8 FILE > FILE.jsonl"),
    ((b"\x1f\x8b",), "is packed with gzip though its name does not say so; let it end in .gz"),
    ((b"\x28\xb5\x2f\xfd",), "is packed with zstandard though its name does not say so; let it end in .zst"),
    ((b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf"), "is packed; unpack it"),
    ((b"<",), "is HTML or XML, not JSON; save what the API answered instead"),
    ((b"window.YTD.",), "is of X's export of one's own data, which does not say who wrote; no adapter reads it"),
)
"""The first bytes of files that are something else, and what to do with them."""


class Damaged(Exception):
    """The file ends too early, or goes on in bytes that cannot be read; the message says how.

    ``line``: the line in which the damage begins, unless it is the one after the last line that was given.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class Found(NamedTuple):
    """One object of a file, or the bytes that are in the place of one.

    Attributes:
        line: the line in which it begins, counted from 1.
        place: its place in the file's array, e.g. ``[7]``, if it begins in the line of the object before; else empty.
        content: its bytes.
    """

    line: int
    place: str
    content: bytes


def objects(path: Path) -> Iterator[Found]:
    """Yield the objects of a file. Its first lines show whether it has one a line, indented ones or arrays.

    Blank lines are skipped. An object longer than ``LONGEST_LINE`` is cut to its first ``LONGEST_LINE + 1`` bytes.

    Raises:
        SourceError: the file cannot be read, its name does not say how it is packed, or it is not JSON.
        Damaged: all complete objects before the damage were given.
    """
    if is_one_a_line(path):
        for number, line in enumerate(read(path), start=1):
            if not line.isspace():
                yield Found(number, "", line)
    else:
        yield from _within_brackets(path)


def is_one_a_line(path: Path) -> bool:
    """Return whether a file has one object a line, as its first two lines show.

    Raises:
        SourceError: it is something else. Damage is found later, by ``read``.
    """
    try:
        first, second = (*islice((line for line in read(path) if not line.isspace()), 2), b"", b"")[:2]
    except Damaged:
        return True
    first = first.removeprefix(_BYTE_ORDER_MARK).strip()
    for heads, what in _OTHERS:
        if first.startswith(heads):
            raise SourceError(f"{path} {what}")
    if first.startswith(b"["):
        return False
    if not (first.startswith(b"{") and first.endswith((b"{", b"[", b",")) and second):
        return True
    is_another = (second.lstrip().startswith(b"{") and not first.endswith(b"[")) or _is_json(second)
    return is_another and not _is_json(first[:-1])


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _within_brackets(path: Path) -> Iterator[Found]:
    """Yield what the outermost braces enclose, and anything else between them but brackets and commas."""
    with _unpacked(path) as file:
        reading = _Brackets()
        while chunk := _chunk(file):
            yield from reading.feed(chunk)
    yield from reading.end()


def _chunk(file: io.BufferedIOBase) -> bytes:
    """Return the next bytes; a backslash at their end comes with the byte that it escapes."""
    chunk = file.read1(_CHUNK)  # ``read`` would lose the bytes before damage
    while chunk.endswith(b"\\") and (more := file.read(1)):
        chunk += more
    return chunk


class _Brackets:
    """The state of a search: the line, how deep it is in braces and arrays, and the bytes of an unfinished object."""

    def __init__(self) -> None:
        self._line, self._depth, self._arrays = 1, 0, 0
        self._is_text = False
        self._kept, self._begun = bytearray(), 1
        self._last, self._count = 0, 0

    def feed(self, chunk: bytes) -> Iterator[Found]:
        """Yield the objects that end in the next piece of the file."""
        start = 0
        for mark in _MARKS.finditer(chunk):
            sign = mark[0]
            if sign == b"\n":
                self._line, self._is_text = self._line + 1, False  # JSON text never spans lines
            elif sign == b'"':
                self._is_text = not self._is_text
            elif self._is_text or len(sign) > 1:
                continue
            elif sign == b"{":
                if not self._depth:
                    self._keep(chunk[start : mark.start()])
                    yield from self._between()
                    start, self._begun = mark.start(), self._line
                self._depth += 1
            elif self._depth:
                self._depth -= 1
                if not self._depth:
                    self._keep(chunk[start : mark.end()])
                    start = mark.end()
                    yield self._object()
        self._keep(chunk[start:])

    def end(self) -> Iterator[Found]:
        """Yield the bytes that are left at the end of the file.

        Raises:
            Damaged: an object or an array has no end.
        """
        if self._depth:
            raise Damaged("an object that begins here has no end", self._begun)
        yield from self._between()
        if self._arrays > 0:
            raise Damaged("the array that the file begins with has no end", self._line)

    def _keep(self, piece: bytes) -> None:
        self._kept += piece[: LONGEST_LINE + 1 - len(self._kept)]

    def _object(self) -> Found:
        found = Found(self._begun, f"[{self._count}]" if self._begun == self._last else "", bytes(self._kept))
        self._kept, self._last, self._count = bytearray(), self._begun, self._count + 1
        return found

    def _between(self) -> Iterator[Found]:
        """Yield the bytes between two objects, unless they are only the signs of arrays."""
        content = bytes(self._kept).removeprefix(_BYTE_ORDER_MARK)
        self._kept = bytearray()
        if stray := content.strip(_BETWEEN):
            yield Found(self._line, "", stray)
        self._arrays += content.count(b"[") - content.count(b"]")


def read(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, newline included.

    A line longer than ``LONGEST_LINE`` is cut to its first ``LONGEST_LINE + 1`` bytes.

    Raises:
        SourceError: the file cannot be read, or its name does not say how it is packed.
        Damaged: all complete lines before the damage were given.
    """
    with _unpacked(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(file)
            yield line


def _skip_line(file: io.BufferedIOBase) -> None:
    while (rest := file.readline(io.DEFAULT_BUFFER_SIZE)) and not rest.endswith(b"\n"):
        pass


@contextmanager
def _unpacked(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file for reading, unpacked.

    Raises:
        SourceError: the file cannot be read, or its name does not say how it is packed.
        Damaged: what came before the damage was read.
    """
    try:
        with _open(path) as file:
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise Damaged(str(error)) from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _open(path: Path) -> io.BufferedIOBase:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise SourceError(f"{path}: the name ends in none of {', '.join(_SUFFIXES)}; unpack, rename or remove the file")
    if suffix == ".gz":
        return gzip.open(path)
    return io.BufferedReader(_Zstandard(path) if suffix == ".zst" else path.open("rb", buffering=0), 1 << 17)


class _Zstandard(io.RawIOBase):
    """The content of all frames of a file.

    A file that ends inside a frame is an error, as it is for gzip; the readers of ``zstandard`` itself end silently.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed, self._plain = b"", memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._plain:
            packed = self._packed or self._file.read(_PACKED)
            if packed:
                self._unpack(packed)
            elif self._frame:
                raise EOFError("the file ends inside a frame")
            else:
                return 0
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _unpack(self, packed: bytes) -> None:
        frame = self._frame or self._unpacker.decompressobj()
        self._plain = memoryview(frame.decompress(packed))
        self._packed = frame.unused_data
        self._frame = None if frame.eof else frame

    def close(self) -> None:
        self._file.close()
        super().close()
