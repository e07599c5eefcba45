"""Take a subject out of files: tables, JSON (one object per line, or one document) and text.

The new content is written beside a file, byte for byte the same each time, and later takes its place. A row that does
not name the subject does not change.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow

from ingestion.collect.files.archives import lines
from ingestion.collect.outcome import SourceError
from ingestion.files import naming, sync
from ingestion.roster.files import ENCODING
from ingestion.roster.traces import Traces, platform_of

BESIDE = ".erasing-"
"""Prefix of the name of a file that waits to take the place of another."""
_BUFFER = 1 << 20
"""Bytes written at a time."""
_PACKED = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that named the subject in its content or in its name."""

    path: Path
    beside: Path | None
    """The file with the new content, until it takes the place of ``path``; None if nothing is left."""
    name: str
    """The new name of the file."""

    def settle(self) -> None:
        """Put the new content in the place of the old."""
        if self.beside:
            self.beside.replace(self.path.with_name(self.name))
        if self.beside is None or self.name != self.path.name:
            self.path.unlink()
        sync(self.path.parent)


def edit_folder(folder: Path, traces: Traces) -> Iterator[Edited]:
    """Yield the files of a folder that name the subject, each edited beside; remove what an earlier run left there."""
    for path in files_at(folder):
        if path.name.startswith(BESIDE):
            path.unlink()
        elif path.name != "exclusions.csv" and (edited := edit(path, traces)):
            yield edited


def files_at(place: Path) -> list[Path]:
    """Return the files at a place in order, but not Python's caches, which no person wrote and no flow reads."""
    paths = [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


def names_subject(path: Path, traces: Traces) -> bool:
    """Return whether a file names the subject; a file that cannot be read does not."""
    try:
        content = b"".join(lines.read(path)) if path.suffix.lower() in (".gz", ".zst") else path.read_bytes()
    except (OSError, SourceError, lines.Damaged):
        return False
    return traces.is_in(content.decode(errors="replace"))


def edit(path: Path, traces: Traces) -> Edited | None:
    """Write a file without the subject beside it; return None if the file does not name the subject.

    Raises:
        SourceError: the content of the file is not what its name says; the message names the file.
    """
    beside = path.with_name(f"{BESIDE}{path.name}")
    kept, is_changed = 0, False
    packing = _PACKED.get(path.suffix.lower())
    with naming(beside), pyarrow.output_stream(beside, compression=packing, buffer_size=_BUFFER) as out:
        for was, content in _pieces(path, traces):
            is_changed |= content != was
            if content is not None:
                out.write(content)
                kept += 1
    name = traces.replace("", path.name)
    if not is_changed and name == path.name:
        beside.unlink()
        return None
    if not kept:
        beside.unlink()
    return Edited(path, beside if kept else None, name)


def _pieces(path: Path, traces: Traces) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the rows or lines of a file, or all of it, each with what is left of it (None: nothing)."""
    kinds = [suffix.lower() for suffix in path.suffixes]
    if ".csv" in kinds[-1:]:
        yield from _rows(path, traces)
    elif kinds and set(kinds[-2:]) & set(lines.NAMES):
        if lines.is_one_a_line(path):
            for line in lines.read(path):
                yield line, _json(line, traces, 0)
        else:
            content = b"".join(lines.read(path))
            yield content, _json(content, traces, orjson.OPT_INDENT_2)
    else:
        content = path.read_bytes()
        try:
            yield content, traces.replace("", content.decode()).encode()
        except UnicodeDecodeError:
            yield content, content


def _json(content: bytes, traces: Traces, options: int) -> bytes | None:
    try:
        thing = orjson.loads(content)
    except orjson.JSONDecodeError:
        return traces.replace("", content.decode(errors="surrogateescape")).encode(errors="surrogateescape")
    left = traces.prune(thing)
    if left == thing:
        return content
    return None if left is None else orjson.dumps(left, option=options) + b"\n"


def _rows(path: Path, traces: Traces) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the rows of a table, the header first, each with what is left of it."""
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            yield _row(header), _row(header)
            for cells in reader:
                row = dict(zip(header, cells, strict=False))
                own = traces.on(platform_of(row))
                is_about = not own.owners.isdisjoint(cells)
                yield _row(cells), None if is_about else _row([own.replace(f".{at}", cell) for at, cell in row.items()])
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} is not a UTF-8 CSV file: {error}") from error


def _row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
