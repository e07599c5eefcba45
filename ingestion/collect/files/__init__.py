"""collect: from the roster and its observation files to new segments of the log.

In: ``roster/`` and the ledger. Out: one segment for the roster's changes, one for each archive that the log does not
hold yet and one for each hand-made sheet that has changed; each ends in ``collection.finished``. Never: DuckDB, a
clock, or half a segment.

Sheets are read by ``by_hand`` and their versions compared by ``sheets``; ``archives`` reads the other files. Living
platforms are asked by ``living``, which has ``run`` work through what is due on one of ``platforms``. What either way
brings is cut to facts by ``shapes``.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingestion.collect.files import archives, by_hand, sheets
from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.files.workers import in_order
from ingestion.collect.finished import FileFinished
from ingestion.collect.outcome import Outcome, SourceError, summed
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.roster.cells import UNSEEN
from ingestion.roster.changes import SOURCE_ID, changes, fold
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import RosterError, read_roster
from ingestion.roster.models import Source
from ingestion.roster.tables import Roster
from ingestion.shown import shown

ARCHIVES: Mapping[str, Callable[[Source, Outcome], archives.Shape]] = {
    "x-v1.1-archive": XV11Archive,
    "x-v2-archive": XV2Archive,
    "mastodon-archive": MastodonArchive,
}
PATTERNS = {"by-hand": ("*.csv",), **dict.fromkeys(ARCHIVES, ("*.json*", "*.ndjson*"))}
"""Which files in ``roster/observations/<source_id>/`` and below it each adapter reads, in small or capital letters."""
LONGEST_NAME = 500
"""Bytes of the path of a file below its source's folder."""
COMPANIONS = (".*", "*.md", "*.py", "*.cff", "licen[cs]e*", "readme*", "sha256sums*")
"""Names of files that may stand beside them and hold no observations."""


@dataclass(frozen=True, slots=True)
class Input:
    """One observation file that the log does not hold.

    Attributes:
        path: the file; a hand-made sheet that was collected before may be gone.
        name: its path below its source's folder.
        sha256: hash (hex) of what decides its events.
        source: whose file it is.
        sheet: what the log holds of it, if it is a hand-made sheet.
        exclusions: who must not come in.
    """

    path: Path
    name: str
    sha256: str
    source: Source
    sheet: sheets.Sheet | None = None
    exclusions: Exclusions = field(default_factory=Exclusions)


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of an input: its segment, or why it could not be read, and lines of progress."""

    segment: segments.Segment | None
    fault: str
    lines: list[str]


def collect(
    folder: Path,
    ledger: Ledger,
    say: Callable[[str], None],
    workers: int = 1,
    exclusions: Exclusions = Exclusions(),  # noqa: B008
) -> None:
    """Bring the log up to date with the roster and its observation files.

    An archive whose bytes are in the log already is not read again, nor is a hand-made sheet that is as its newest
    version, so a second run appends nothing. What a sheet no longer says is withdrawn.

    Args:
        folder: the roster's folder.
        ledger: the log.
        say: gets one line of progress per file.
        workers: files read at once, each in a process of its own; the log does not depend on it.
        exclusions: who must not come in.

    Raises:
        RosterError: the roster has faults; nothing was collected.
        SourceError: some files could not be read; all others were collected.
        WorkerError: a process was killed; what was collected before stays.
    """
    entries = read_roster(folder)
    broken: list[str] = []
    _refuse_excluded(entries, exclusions)
    if exclusions.is_blind:
        say(
            f"collect: {len(exclusions.hashes)} exclusions CANNOT BE TOLD: set TWIPLOMACY_EXCLUSION_SALT, or look that "
            f"nothing comes in that somebody had erased"
        )
    with ledger.writing(say):
        ledger.sweep()
        _collect_roster(entries, ledger, say)
        inputs = [replace(item, exclusions=exclusions) for item in _new_inputs(folder, entries, ledger, broken, say)]
        results = in_order(partial(_write, ledger.segments, entries), inputs, workers)
        for item, result in zip(inputs, results, strict=True):
            if result.segment is None:
                broken.append(result.fault)
            else:
                ledger.append(result.segment, item.source.source_id, item.sha256)
            for line in result.lines:
                say(line)
    if broken:
        raise SourceError("all other files were collected, but not:\n  " + "\n  ".join(broken))


def _new_inputs(
    folder: Path, entries: Roster, ledger: Ledger, broken: list[str], say: Callable[[str], None]
) -> Iterator[Input]:
    for source in entries.observed_sources:
        patterns = " or ".join(PATTERNS[source.adapter or ""])
        files, unread, faults = _files(folder, source)
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
        if source.adapter != "by-hand":
            yield from _new_archives(files, hashes, source, ledger, say)
            continue
        held = sheets.held(ledger, source.source_id)
        gone = () if faults else held.keys() - files.keys()  # what cannot be read may be there
        yield from _new_sheets(files, {**hashes, **dict.fromkeys(gone, sheets.EMPTY)}, source, held, say)


def _new_archives(
    files: Mapping[str, Path], hashes: Mapping[str, str], source: Source, ledger: Ledger, say: Callable[[str], None]
) -> Iterator[Input]:
    held = {entry.input for entry in ledger.current() if entry.source == source.source_id}
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


def _collect_roster(entries: Roster, ledger: Ledger, say: Callable[[str], None]) -> None:
    held = ledger.current()
    own = [entry for entry in held if entry.source == SOURCE_ID and entry.rows]
    events = (event for entry in own for event in segments.read(ledger.segments / entry.name))
    state = fold(events)
    _refuse_redating(entries, state, {entry.source for entry in held})
    changed = list(changes(entries, state))
    if not changed:
        say("collect: the roster is in the log already")
        return
    recorded = max(event.recorded_at for event in changed)
    outcome = Outcome(rows=len(changed))
    finished = _with_finish(changed, outcome, SOURCE_ID, "roster", entries.sha256, recorded)
    ledger.append(segments.write(ledger.segments, SOURCE_ID, finished), SOURCE_ID, entries.sha256)
    say(f"collect: roster: {len(changed)} changes")


def _refuse_redating(entries: Roster, state: Mapping[str, Mapping[str, Any]], collected: set[str]) -> None:
    """Refuse a new ``observed_at`` for a source in the log: its events carry the old one and are never edited."""
    for source in entries.observed_sources:
        known = state.get(f"{SOURCE_ID}/sources/{source.source_id}", {}).get("observed_at")
        if source.source_id in collected and known != source.observed_instant:
            raise RosterError(
                f"roster/sources.csv: {source.source_id} is in the log as observed at {known}; "
                f"give files observed at another time a source_id of their own"
            )


def _refuse_excluded(entries: Roster, exclusions: Exclusions) -> None:
    """Refuse rows about somebody who was erased; such a row is about an account or a holder."""
    for name, rows in entries.by_file.items():
        for identity, entry in rows.items():
            if any(exclusions.names(str(getattr(entry, key, ""))) for key in EXCLUDED):
                raise RosterError(f"roster/{name}.csv: {identity} was erased and must stay out; remove the row")


EXCLUDED = ("account_id", "holder_id", "holder_name", "wikidata_id")
"""Columns of the roster that name somebody who may have been erased."""


def _write(folder: Path, entries: Roster, item: Input) -> Collected:
    """Write the segment of one input; the ledger does not list it yet."""
    outcome, source = Outcome(exclusions=item.exclusions), item.source
    version: Mapping[str, Any] = {}
    if item.sheet is None:
        events = archives.read(item.path, item.name, ARCHIVES[source.adapter or ""](source, outcome), outcome)
    else:
        is_there = item.sha256 != sheets.EMPTY
        events = by_hand.read(item.path, item.name, source, entries, outcome) if is_there else iter(())
        if item.sheet.position:
            sha256 = _sha256(item.path) if is_there else sheets.EMPTY
            version = {"sha256": sha256, "previous": item.sheet.position}
            events = sheets.follow(item.sheet, events, version, source.recorded_instant)
    finished = _with_finish(events, outcome, source.source_id, item.name, item.sha256, source.recorded_instant, version)
    try:
        segment = segments.write(folder, source.source_id, finished)
    except SourceError as error:
        return Collected(None, str(error), [])
    made = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.events.items()))
    lines = [
        f"collect: {source.source_id}/{item.name}: {outcome.rows} rows: {made or 'no event'}, "
        f"{outcome.duplicates} duplicates, {outcome.quarantined_count} quarantined",
        *(f"  quarantined: {fault}" for fault in summed(outcome.quarantined, "line", outcome.unlisted)),
    ]
    return Collected(segment, "", lines)


def _with_finish(
    events: Iterable[Event],
    outcome: Outcome,
    source_id: str,
    name: str,
    sha256: str,
    recorded_at: str,
    version: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Event]:
    """Yield the events, then the ``collection.finished`` that sums them up and names a sheet's later version."""
    for event in events:
        outcome.events[event.type] += 1
        yield event
    yield FileFinished(
        outcome="cut_short" if outcome.is_cut_short else "partial" if outcome.quarantined else "complete",
        input={"name": name, "sha256": sha256},
        rows=outcome.rows,
        events=dict(outcome.events),
        duplicates=outcome.duplicates,
        left_out=outcome.left_out or None,
        beside=outcome.beside if _is_mixed(outcome) else None,
        quarantined=outcome.quarantined,
        unlisted=dict(outcome.unlisted) or None,
        unknown_fields=dict(outcome.unknown_fields),
        version=version or None,
    ).event(source_id, name, recorded_at)


def _is_mixed(outcome: Outcome) -> bool:
    """Return whether the counts do not say by themselves which events are rows: usually posts are, or else all are."""
    posts = outcome.events["post.observed"]
    return outcome.beside != (outcome.events["account.observed"] if posts else 0)


def files(folder: Path, source: Source) -> list[Path]:
    """Return the observation files of a source that is collected, in order."""
    return list(_files(folder, source)[0].values())


def input_sha256(path: Path, source: Source, entries: Roster) -> str:
    """Hash what decides the events of a file: its bytes, its time zone, what hand-made rows are held against."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256")
    if source.adapter == "by-hand":
        sha256.update(by_hand.held_against(path, source, entries))
    elif source.time_zone:
        sha256.update(source.time_zone.encode())
    return sha256.hexdigest()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _files(folder: Path, source: Source) -> tuple[dict[str, Path], list[str], list[str]]:
    """Return a source's files by their path below its folder, in order; others that are not read; and what is wrong.

    One name may be written in several ways, which file systems tell apart or not; in the log it has one, as all text.
    """
    top = folder / "observations" / source.source_id
    files: dict[str, Path] = {}
    unread, faults = [], []
    for path in sorted(top.rglob("*")):
        parts = path.relative_to(top).parts
        name = unicodedata.normalize("NFC", "/".join(parts))
        is_folder, fault = _what(path)
        if is_folder and not path.is_symlink():
            if fault:
                faults.append(f"{source.source_id}/{shown(name)}: {fault}")
        elif not is_folder and _fits(path.name, PATTERNS[source.adapter or ""]) and not path.name.startswith("._"):
            if fault := fault or _fault(name, files):
                faults.append(f"{source.source_id}/{shown(name)}: {fault}")
            else:
                files[name] = path
        elif not _fits(path.name, COMPANIONS) and not any(part.startswith((".", "__")) for part in parts[:-1]):
            unread.append(shown(name))
    return dict(sorted(files.items())), unread, faults


def _what(path: Path) -> tuple[bool, str]:
    """Return whether a path is a folder, and why it cannot be read; empty if it can."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return False, f"it cannot be read: {error.strerror}"
    if stat.S_ISDIR(mode):
        return True, "" if os.access(path, os.R_OK | os.X_OK) else "the folder cannot be read: Permission denied"
    return False, "" if stat.S_ISREG(mode) else "it is no file; move it elsewhere"


def _fault(name: str, others: Container[str]) -> str:
    """Return why a file cannot have a name; empty if it can."""
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return "its name is not UTF-8; rename it"
    if UNSEEN.search(name):
        return "its name holds a character that cannot be seen; rename it"
    if length > LONGEST_NAME:
        return f"its name and those of its folders are longer than {LONGEST_NAME} bytes; rename it"
    return "its name is that of another file, written in another way; rename one" if name in others else ""


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)
