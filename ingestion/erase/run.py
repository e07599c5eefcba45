"""One erasure. It takes the subject out of the log, out of the roster's files and out of what was made of both.

An exclusion keeps the subject out, and files that a person has to edit are listed. No release is changed. If an erasure
is killed, the same command continues it.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import SecretStr

from ingestion.clock import Clock
from ingestion.collect import files as collect
from ingestion.collect.files import sheets
from ingestion.erase.files import Edited, edit_folder, files_at, names_subject
from ingestion.erase.log import rewrite
from ingestion.erase.subject import EraseError, find, keep, kept
from ingestion.files import Places
from ingestion.log.events import Event, EventError, instant
from ingestion.log.land import remove
from ingestion.log.ledger import Ledger
from ingestion.roster import exclusions
from ingestion.roster.files import read_roster
from ingestion.roster.tables import FILES, Roster
from ingestion.roster.traces import Traces

RECORDINGS = Path("tests", "recordings")
"""Recorded answers of platforms, which the tests read; below the folder that holds the roster's."""
BEGUN = "erasing.json"
"""The file in the data folder that names the subject until all of it is erased."""
_PROJECT = (
    ".ci .devcontainer .dockerignore .env.example .github .gitignore .pre-commit-config.yaml CHANGELOG.md "
    "CITATION.cff CODE_OF_CONDUCT.md CONTRIBUTING.md Dockerfile LICENSE LICENSE-DATA Makefile README.md SECURITY.md "
    "benchmarks bootstrap.py dags dbt_project docs expectations ingestion pyproject.toml release requirements.lock "
    "tests twiplomacy"
).split()
"""What the folder that holds the roster has beside it in the repository; an erasure only searches it."""
_SETTLED = {f"{file}.csv": -place for place, file in enumerate(FILES)}
"""The order in which files change: rows that refer to others go first, so that no reference is ever broken."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did, and the files that are ``left`` and still name the subject."""

    number: int
    """Ledger position of its newest tombstones; 0 if the log never held the subject."""
    gone: Mapping[int, int]
    """Ledger position of each erasure of the subject -> the first position from which it took something."""
    left: list[Path]

    def was_in(self, cut: int) -> bool:
        """Return whether the log held the subject when it ended at a cut."""
        return any(first <= cut < number for number, first in self.gone.items())


def erase(
    places: Places, salt: SecretStr, subject: str, reason: str, clock: Clock, say: Callable[[str], None]
) -> Erased:
    """Erase an account (``x:100200300`` or, if listed so, ``x:@govexample``), a post (``x:100200300/25``) or a holder.

    The reason stays in the log, so it must not name the subject. If the salt of the exclusions is empty and nobody is
    excluded yet, one is made. ``say`` gets one line per thing that was changed or removed.

    Raises:
        EraseError: there is no such subject, or the reason names it or is not one line of text.
        RosterError: the roster has faults, or the salt is short.
        LogError: the log is damaged.
    """
    if not (reason.strip() and reason.isprintable()):
        raise EraseError("the reason must be one line of text")
    ledger, roster, begun = Ledger(places.log), read_roster(places.roster), places.data / BEGUN
    folders = (places.roster, places.roster.parent / RECORDINGS)
    with ledger.writing(say):
        ledger.sweep()
        traces = kept(begun, subject) or find(subject, roster, ledger)
        if traces.is_said_in(reason):
            raise EraseError("the reason names the subject, and it stays in the log; say why without naming it")
        now = clock.now()
        salt = _salt(places, salt, say)
        _refuse_unfinished(places, traces)
        exclusions.add(places.roster, _excluded(subject, traces), salt, now.date().isoformat())
        keep(begun, traces)
        edited = [one for folder in folders for one in edit_folder(folder, traces)]
        edited.sort(key=lambda one: _SETTLED.get(one.path.name, 0))
        sha256 = exclusions.digest(subject, salt)
        erasures = list(rewrite(ledger, traces, _inputs(places.roster, roster, edited), reason, sha256))
        if erasures:
            ledger.erase(erasures, instant(now))
        for one in edited:
            one.settle()
            say(f"erase: {one.path} is {'edited' if one.beside else 'removed'}")
        for erasure in erasures:
            lost = erasure.rows - erasure.kept_rows
            say(f"erase: segment {erasure.position}: {lost} of {erasure.rows} events are gone")
        _remove_made(places, traces, say)
        begun.unlink()
    return _done(places, ledger, traces, sha256)


def _done(places: Places, ledger: Ledger, traces: Traces, sha256: str) -> Erased:
    """Return what all erasures of the subject did, and search for files that still name it."""
    searched = [places.data, places.roster, *(places.roster.parent / name for name in _PROJECT)]
    gone = {
        number: min(tombstone.position for tombstone in tombstones)
        for number, tombstones in ledger.erasures().items()
        if tombstones[0].subject_sha256 == sha256
    }
    left = [path for place in searched for path in files_at(place) if names_subject(path, traces)]
    return Erased(max(gone, default=0), gone, left)


def _salt(places: Places, salt: SecretStr, say: Callable[[str], None]) -> SecretStr:
    """Return the salt of the exclusions; make one if there is none and nobody is excluded."""
    known = exclusions.salt(places.data, salt)
    if known.get_secret_value() or exclusions.read(places.roster, known).is_blind:
        return known
    path = places.data / exclusions.SALT
    say(f"erase: {path} is new: without it nobody can tell who is excluded; back it up")
    return exclusions.make_salt(places.data)


def _refuse_unfinished(places: Places, traces: Traces) -> None:
    """Refuse while a collection runs, or while an interrupted one has answers that name the subject.

    If it continued, it would bring the subject back; and its answers, which may have cost money, are not deleted here.
    """
    for path in sorted(places.collecting.glob("*.jsonl")):
        lock = FileLock(path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise EraseError(f"{path} is of a collection that runs; wait for it to end") from error
        lock.release()
        if any(_names(line, traces) for line in path.read_bytes().splitlines()):
            raise EraseError(
                f"{path} is of an interrupted collection that names the subject: finish it by twiplomacy collect "
                f"{path.stem}, or delete the file; then erase again"
            )


def _names(line: bytes, traces: Traces) -> bool:
    try:
        event = Event.decode(line)
    except EventError:
        return traces.is_in(line.decode(errors="replace"))
    return traces.cut(event) is not event


def _excluded(subject: str, traces: Traces) -> list[str]:
    """Return what must not come in again. Posts without their account are excluded only if the subject is a post."""
    platform = subject.partition(":")[0]
    own = {owner for owner in traces.owners if ":/" not in owner or "/" in subject}
    return sorted(own | traces.names | {f"{platform}:@{handle}" for handle in traces.handles})


def _inputs(folder: Path, roster: Roster, edited: list[Edited]) -> dict[str, str]:
    """Return the hash that the log has of each edited observation file -> the hash of its new content."""
    after = {one.path: one.beside for one in edited}
    return {
        collect.input_sha256(path, source, roster): (
            collect.input_sha256(beside, source, roster) if (beside := after[path]) else sheets.EMPTY
        )
        for source in roster.observed_sources
        for path in collect.files(folder, source)
        if path in after
    }


def _remove_made(places: Places, traces: Traces, say: Callable[[str], None]) -> None:
    """Remove what was made of the log, and logs of Airflow and patches that name the subject."""
    for database in (places.database, places.report):
        if database.exists():
            remove(database)
            say(f"erase: {database} is removed; land and build make it anew")
    for name in ("dbt", "gate", "verify"):
        shutil.rmtree(places.data / name, ignore_errors=True)
    passing = files_at(places.data / "airflow" / "logs")
    passing += [*places.data.glob("*.patch"), *places.data.glob("airflow/*.log")]
    for path in passing:
        if names_subject(path, traces):
            path.unlink()
            say(f"erase: {path} is removed")
