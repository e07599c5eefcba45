"""Which observation files are new: archives that the log does not hold, and sheets that differ from its version."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion.collect.files import by_hand, sheets
from ingestion.collect.files.folder import PATTERNS, find
from ingestion.log.ledger import Ledger
from ingestion.roster.sources import Source
from ingestion.roster.tables import Roster


@dataclass(frozen=True, slots=True)
class Input:
    """One observation file that the log does not hold.

    Attributes:
        path: the file; a hand-made sheet that was collected before may be gone.
        name: its path below its source's folder.
        sha256: hash (hex) of what decides its events.
        source: whose file it is.
        sheet: what the log holds of it, if it is a hand-made sheet.
    """

    path: Path
    name: str
    sha256: str
    source: Source
    sheet: sheets.Sheet | None = None


def new_inputs(
    folder: Path, entries: Roster, ledger: Ledger, broken: list[str], say: Callable[[str], None]
) -> Iterator[Input]:
    """Yield the inputs that the log does not hold yet; ``broken`` gets each file that cannot be read, and why."""
    for source in entries.observed_sources:
        patterns = " or ".join(PATTERNS[source.adapter or ""])
        files, unread, faults = find(folder, source)
        broken += faults
        for name in unread:
            say(
                f"collect: {source.source_id}/{name} IS NOT READ: the adapter {source.adapter} reads {patterns}; "
                f"unpack it, save it or rename it as such, or move it elsewhere"
            )
        if not files:
            if not faults:
                broken.append(f"{folder / 'observations' / source.source_id} has no {patterns} file")
            continue
        hashes: dict[str, str] = {}
        for name, path in files.items():
            try:
                hashes[name] = input_sha256(path, source, entries)
            except OSError as error:
                broken.append(f"{path} cannot be read: {error.strerror}")
        if source.adapter == "by-hand":
            held = sheets.held(ledger, source.source_id)
            gone = () if faults else held.keys() - files.keys()  # a file that cannot be read may be one of them
            yield from _new_sheets(files, {**hashes, **dict.fromkeys(gone, sheets.EMPTY)}, source, held, say)
        else:
            yield from _new_archives(files, hashes, source, ledger, say)


def _new_archives(
    files: Mapping[str, Path], hashes: Mapping[str, str], source: Source, ledger: Ledger, say: Callable[[str], None]
) -> Iterator[Input]:
    held = {line.input for line in ledger.current() if line.source == source.source_id}
    for name, sha256 in hashes.items():
        if sha256 in held:
            say(f"collect: {source.source_id}/{name} is in the log already")
        else:
            held.add(sha256)
            yield Input(files[name], name, sha256, source)


def _new_sheets(
    files: Mapping[str, Path],
    hashes: Mapping[str, str],
    source: Source,
    held: Mapping[str, sheets.Sheet],
    say: Callable[[str], None],
) -> Iterator[Input]:
    """Yield the sheets that differ from their newest version in the log; one that is gone has the hash of nothing."""
    for name, sha256 in sorted(hashes.items()):
        sheet = held.get(name, sheets.Sheet())
        if sha256 == sheet.sha256:
            say(f"collect: {source.source_id}/{name} is in the log already")
        else:
            yield Input(files.get(name, Path(name)), name, sha256, source, sheet)


def input_sha256(path: Path, source: Source, entries: Roster) -> str:
    """Hash what decides the events of a file: its bytes, its time zone, and what hand-made rows are checked against."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256")
    if source.adapter == "by-hand":
        sha256.update(by_hand.held_against(path, source, entries))
    elif source.time_zone:
        sha256.update(source.time_zone.encode())
    return sha256.hexdigest()
