"""Files as they are packed: plain, gzip or zstandard, in one frame or many."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zstandard

from ingestion.collect.outcome import SourceError

LONGEST_WINDOW = 2**31
"""Most bytes that a zstandard file may look back (``zstd --long=31``); they are in memory."""
NAMES = (".json", ".jsonl", ".ndjson")
"""Endings of the names of files that are read, in small or capital letters; ``.gz`` or ``.zst`` may follow."""
_SUFFIXES = (*NAMES, ".gz", ".zst")
_PACKED = 256
"""Bytes unpacked at a time: four bytes of zstandard may stand for 128 KiB, so these for 8 MiB."""


class Damaged(Exception):
    """The file ends too early, or goes on in bytes that cannot be read; the message says how.

    ``line``: the line in which the damage begins, unless it is the one after the last line that was given.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@contextmanager
def unpacked(path: Path) -> Iterator[io.BufferedIOBase]:
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
