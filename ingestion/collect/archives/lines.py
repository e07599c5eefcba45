"""Lines of files of any size: plain, gzip or zstandard, in one frame or many.

In: a file. Out: its lines, one by one; no more than one of them is in memory. Never: a line that damage cut off.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from ingestion.collect.outcome import SourceError

LONGEST_LINE = 64 * 2**20
"""Bytes, newline included, of the longest line that is read."""
_PACKED = 256
"""Bytes unpacked at a time: four bytes of zstandard may stand for 128 KiB, so these for 8 MiB."""
_SUFFIXES = (".json", ".jsonl", ".gz", ".zst")


class Damaged(Exception):
    """The file ends before its end, or goes on in bytes that cannot be unpacked; the message says how."""


def read(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, newline included.

    Of a line longer than ``LONGEST_LINE`` its first ``LONGEST_LINE + 1`` bytes are given, and the rest is skipped.

    Raises:
        SourceError: the file's name does not say how it is packed.
        Damaged: all whole lines before the damage were given.
    """
    with _open(path) as file:
        try:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(file)
                yield line
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise Damaged(str(error)) from error


def _open(path: Path) -> io.BufferedIOBase:
    if path.suffix not in _SUFFIXES:
        raise SourceError(f"{path}: the name ends in none of {', '.join(_SUFFIXES)}; unpack, rename or remove the file")
    if path.suffix == ".gz":
        return gzip.open(path)
    if path.suffix == ".zst":
        return io.BufferedReader(_Zstandard(path), 1 << 17)
    return io.BufferedReader(path.open("rb", buffering=0), 1 << 17)


def _skip_line(file: io.BufferedIOBase) -> None:
    while (rest := file.readline(io.DEFAULT_BUFFER_SIZE)) and not rest.endswith(b"\n"):
        pass


class _Zstandard(io.RawIOBase):
    """What the frames of a file hold, one after the other.

    A file that ends inside a frame is an error, as it is for gzip; ``zstandard``'s own readers just end there.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._unpacker = zstandard.ZstdDecompressor()
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
