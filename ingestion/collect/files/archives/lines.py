"""The JSON objects of files of any size: plain, gzip or zstandard, in one frame or many.

In: a file, with an object a line, indented ones, or arrays of them. Out: its lines, or its objects, one by one; no more
than one of them is in memory. Never: a line or an object that damage cut off.
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

LONGEST_LINE = 64 * 2**20
"""Bytes, newline included, of the longest line that is read, and of the longest object."""
LONGEST_WINDOW = 2**31
"""Bytes that a zstandard file may look back (``zstd --long=31``), which are then in memory."""
NAMES = (".json", ".jsonl", ".ndjson")
"""How the name of a file ends that is read, in small or capital letters; ``.gz`` or ``.zst`` may follow."""
_PACKED = 256
"""Bytes unpacked at a time: four bytes of zstandard may stand for 128 KiB, so these for 8 MiB."""
_SUFFIXES = (*NAMES, ".gz", ".zst")
_CHUNK = 1 << 20
"""Bytes looked through at a time for the brackets of objects."""
_MARKS = re.compile(rb'\\.|["{}\n]', re.DOTALL)
_BETWEEN = b" \t\r\n,[]"
"""What may stand between the objects of arrays."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHERS = (
    ((b"\xff\xfe", b"\xfe\xff"), "is UTF-16; write it anew: iconv -f UTF-16 -t UTF-8 FILE > FILE.jsonl"),
    ((b"\x1f\x8b",), "is packed with gzip though its name does not say so; let it end in .gz"),
    (
        (b"\x28\xb5\x2f\xfd",),
        "is packed with zstandard though its name does not say so; let it end in .zst",
    ),
    ((b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf"), "is packed; unpack it"),
    ((b"<",), "is HTML or XML, not JSON; save what the API answered instead"),
    ((b"window.YTD.",), "is of X's export of one's own data, which does not say who wrote; no adapter reads it"),
)
"""How files begin that are something else, and what to do."""


class Damaged(Exception):
    """The file ends before its end, or goes on in bytes that cannot be read; the message says how.

    ``line``: in which the damage begins, if it is not the one after the last that was given.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class Found(NamedTuple):
    """One object of a file, or what stands where one should.

    Attributes:
        line: in which it begins, counted from 1.
        place: its place in the file's array, as ``[7]``, if it begins in the line of the one before it; else empty.
        content: its bytes.
    """

    line: int
    place: str
    content: bytes


def objects(path: Path) -> Iterator[Found]:
    """Yield the objects of a file, one a line; or indented ones or those of arrays, if its first line shows such.

    Blank lines are left out. Of an object longer than ``LONGEST_LINE`` its first ``LONGEST_LINE + 1`` bytes are given,
    and the rest is skipped.

    Raises:
        SourceError: the file's name does not say how it is packed, or it is something else.
        Damaged: all whole objects before the damage were given.
    """
    if is_one_a_line(path):
        for number, line in enumerate(read(path), start=1):
            if not line.isspace():
                yield Found(number, "", line)
    else:
        yield from _within_brackets(path)


def is_one_a_line(path: Path) -> bool:
    """Return whether a file has an object a line, as its first two lines show; all damage is found later.

    Raises:
        SourceError: it is something else.
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
    """Yield what outermost braces enclose, and what stands between them though it should not."""
    with _unpacked(path) as file:
        reading = _Brackets()
        while chunk := _chunk(file):
            yield from reading.feed(chunk)
    yield from reading.end()


def _chunk(file: io.BufferedIOBase) -> bytes:
    """Return the next bytes, none of them a backslash without what it escapes."""
    chunk = file.read1(_CHUNK)  # ``read`` would lose what comes before damage
    while chunk.endswith(b"\\") and (more := file.read(1)):
        chunk += more
    return chunk


class _Brackets:
    """Where the file is: in which line, how deep in braces and arrays, and what of an object came so far."""

    def __init__(self) -> None:
        self._line, self._depth, self._arrays = 1, 0, 0
        self._is_text = False
        self._kept, self._begun = bytearray(), 1
        self._last, self._count = 0, 0

    def feed(self, chunk: bytes) -> Iterator[Found]:
        """Yield the objects that end in a piece of the file."""
        start = 0
        for mark in _MARKS.finditer(chunk):
            sign = mark[0]
            if sign == b"\n":
                self._line, self._is_text = self._line + 1, False  # no text goes on in the next line
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
        """Yield what is left at the end of the file.

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
        """Yield what stands between two objects, if it is more than the signs of arrays."""
        content = bytes(self._kept).removeprefix(_BYTE_ORDER_MARK)
        self._kept = bytearray()
        if stray := content.strip(_BETWEEN):
            yield Found(self._line, "", stray)
        self._arrays += content.count(b"[") - content.count(b"]")


def read(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, newline included.

    Of a line longer than ``LONGEST_LINE`` its first ``LONGEST_LINE + 1`` bytes are given, and the rest is skipped.

    Raises:
        SourceError: the file's name does not say how it is packed.
        Damaged: all whole lines before the damage were given.
    """
    with _unpacked(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(file)
            yield line


@contextmanager
def _unpacked(path: Path) -> Iterator[io.BufferedIOBase]:
    with _open(path) as file:
        try:
            yield file
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise Damaged(str(error)) from error
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _open(path: Path) -> io.BufferedIOBase:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise SourceError(f"{path}: the name ends in none of {', '.join(_SUFFIXES)}; unpack, rename or remove the file")
    try:
        if suffix == ".gz":
            return gzip.open(path)
        if suffix == ".zst":
            return io.BufferedReader(_Zstandard(path), 1 << 17)
        return io.BufferedReader(path.open("rb", buffering=0), 1 << 17)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _skip_line(file: io.BufferedIOBase) -> None:
    while (rest := file.readline(io.DEFAULT_BUFFER_SIZE)) and not rest.endswith(b"\n"):
        pass


class _Zstandard(io.RawIOBase):
    """What the frames of a file hold, one after the other.

    A file that ends inside a frame is an error, as it is for gzip; ``zstandard``'s own readers just end there.
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
