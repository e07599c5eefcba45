"""erase: take a subject out of the log, the roster's files and what was made of both.

In: an account, a post or a holder, and the reason. Out: segments and files without it, tombstones, an exclusion that
keeps it out, and a list of what is left for a person to do. Never: a release changed.

An account is looked for by its id, by every handle that the roster and the log know of it, and by the ids of its posts.
Killed in the middle, the same command goes on.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout
from pydantic import SecretStr

from ingestion.clock import Clock
from ingestion.collect import files as collect
from ingestion.collect.files import sheets
from ingestion.collect.files.archives import lines
from ingestion.collect.outcome import SourceError
from ingestion.erase.files import BESIDE, Edited, edit
from ingestion.files import Places, write_file
from ingestion.log import segments
from ingestion.log.events import Event, EventError, instant
from ingestion.log.land import remove
from ingestion.log.ledger import ERASURES, Erasure, Ledger, whole
from ingestion.roster import account_ids, exclusions
from ingestion.roster import files as roster
from ingestion.roster.models import FILES, Holder, Source
from ingestion.roster.traces import HANDLES, Traces, restated

RECORDINGS = Path("tests", "recordings")
"""Where the project that the roster is part of keeps answers of platforms, which its tests read."""
BEGUN = "erasing.json"
"""What names the subject, in the data folder until all of it is erased: whoever goes on could not find it any more."""


class EraseError(Exception):
    """Nothing was erased; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        number: ledger position of its newest tombstones; 0 if the log never held the subject.
        gone: ledger position of each erasure of the subject -> the first position from which it took something.
        left: files that still name the subject.
    """

    number: int
    gone: Mapping[int, int]
    left: list[Path]

    def was_in(self, cut: int) -> bool:
        """Return whether the log up to a cut held the subject when it ended there."""
        return any(first <= cut < number for number, first in self.gone.items())


def erase(
    places: Places, salt: SecretStr, subject: str, reason: str, clock: Clock, say: Callable[[str], None]
) -> Erased:
    """Erase a subject.

    Args:
        places: the folders.
        salt: the salt of the exclusions; if it is empty and nobody is excluded yet, one is made.
        subject: an account (``x:100200300``, or ``x:@govexample`` if it is listed so), a post (``x:100200300/25``) or a
            ``holder_id``.
        reason: why, in words that do not name it; it stays in the log.
        clock: for the day of the erasure.
        say: gets one line per thing that was changed or removed.

    Raises:
        EraseError: there is no such subject, or the reason names it or is not one line of text.
        RosterError: the roster has faults, or the salt is short.
        LogError: the log is damaged.
    """
    if not (reason.strip() and reason.isprintable()):
        raise EraseError("the reason must be one line of text")
    ledger, entries = Ledger(places.log), roster.read(places.roster)
    with ledger.writing(say):
        ledger.sweep()
        traces = _begun(places, subject) or find(subject, entries, ledger)
        if traces.is_said_in(reason):
            raise EraseError("the reason names the subject, and it stays in the log; say why without naming it")
        now = clock.now()
        salt = _salt(places, salt, say)
        _refuse_unfinished(places, traces)
        platform = subject.partition(":")[0]
        own = {owner for owner in traces.owners if ":/" not in owner or "/" in subject}
        named = sorted(own | traces.names | {f"{platform}:@{handle}" for handle in traces.handles})
        exclusions.add(places.roster, named, salt, now.date().isoformat())
        _begin(places, traces)
        project = places.roster.parent
        edited = [one for folder in (places.roster, project / RECORDINGS) for one in _edit(folder, traces)]
        edited.sort(key=lambda one: _SETTLED.get(one.path.name, 0))
        inputs = _inputs(places.roster, entries, edited)
        sha256 = exclusions.digest(subject, salt)
        erasures = list(_rewrite(ledger, traces, inputs, reason, sha256))
        if erasures:
            ledger.erase(erasures, instant(now))
        for one in edited:
            one.settle()
            say(f"erase: {one.path} is {'edited' if one.beside else 'removed'}")
        for erasure in erasures:
            lost = erasure.rows - erasure.kept_rows
            say(f"erase: segment {erasure.position}: {lost} of {erasure.rows} events are gone")
        _forget(places, traces, say)
        (places.data / BEGUN).unlink()
    searched = [places.data, places.roster, *(project / name for name in _DOCUMENTS)]
    left = [path for place in searched for path in _files(place) if _names(path, traces)]
    gone = {
        number: min(tombstone.position for tombstone in tombstones)
        for number, tombstones in ledger.erasures().items()
        if tombstones[0].subject_sha256 == sha256
    }
    return Erased(max(gone, default=0), gone, left)


_SETTLED = {f"{name}.csv": -place for place, name in enumerate(FILES)}
"""Files whose rows name rows of others come first: killed in between, the roster has no row that leads nowhere."""
_DOCUMENTS = ("dbt_project", "docs", "expectations", "tests", "README.md", "CHANGELOG.md", "CONTRIBUTING.md")


def _salt(places: Places, salt: SecretStr, say: Callable[[str], None]) -> SecretStr:
    """Return the salt of the exclusions; without one it is made."""
    known = exclusions.salt(places.data, salt)
    if known.get_secret_value() or exclusions.read(places.roster, known).is_blind:
        return known
    path = places.data / exclusions.SALT
    say(f"erase: {path} is new: without it nobody can tell who is excluded; back it up")
    return exclusions.make_salt(places.data)


def _refuse_unfinished(places: Places, traces: Traces) -> None:
    """Refuse while platforms are asked, or while an interrupted run has answers that name the subject.

    A run that goes on would bring the subject back, and answers may have cost money.
    """
    for path in sorted((places.collecting).glob("*.jsonl")):
        lock = FileLock(path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise EraseError(f"{path} is of a collection that runs; wait for it to end") from error
        lock.release()
        if any(_says(line, traces) for line in path.read_bytes().splitlines()):
            raise EraseError(
                f"{path} is of an interrupted collection that names the subject: finish it by twiplomacy collect "
                f"{path.stem}, or delete the file; then erase again"
            )


def _says(line: bytes, traces: Traces) -> bool:
    try:
        event = Event.decode(line)
    except EventError:
        return traces.is_in(line.decode(errors="replace"))
    return traces.cut(event) is not event


def _begin(places: Places, traces: Traces) -> None:
    facts = {name: sorted(words) for name, words in asdict(traces).items()}
    write_file(places.data / BEGUN, orjson.dumps(facts))


def _begun(places: Places, subject: str) -> Traces | None:
    """Return what names the subject of an erasure that was interrupted; None if there is none.

    Raises:
        EraseError: it is of another subject, or the file is damaged.
    """
    path = places.data / BEGUN
    if not path.exists():
        return None
    try:
        facts = {name: frozenset(words) for name, words in orjson.loads(path.read_bytes()).items()}
        traces = Traces(**facts)
    except (AttributeError, TypeError, ValueError) as error:
        raise EraseError(f"{path} is damaged; delete it, and erase again what was being erased") from error
    if subject not in traces.owners:
        raise EraseError(f"an erasure of {min(traces.owners)} was interrupted; finish it first, by the same command")
    return traces


def find(subject: str, entries: roster.Roster, ledger: Ledger) -> Traces:
    """Return what names a subject, as far as the roster and the log know.

    Raises:
        EraseError: it is no account, no post and no holder.
    """
    holder = entries.entries["holders"].get(subject)
    if isinstance(holder, Holder):
        return Traces(frozenset({subject}), names=frozenset(filter(None, (holder.holder_name, holder.wikidata_id))))
    account, slash, post = subject.partition("/")
    if fault := account_ids.listing_fault(account) if ":" in account else f"{subject!r} is no holder of the roster":
        raise EraseError(f"{fault}; expected an account as x:100200300, a post as x:100200300/25, or a holder_id")
    if slash:
        return Traces(frozenset({subject, f"{account.partition(':')[0]}:/{post}"}), posts=frozenset({post}))
    owners, handles, posts = {account}, set(), set()
    for event in _events(ledger):
        if event.type == "collection.finished":
            for listed, seen in event.data.get("ids", {}).items():
                if account in (listed, seen):
                    owners |= {listed, seen}
    for event in _events(ledger):
        about, _, post = event.subject.partition("/")
        if about in owners:
            handles |= set(_handles(event.data))
            posts |= {post} - {""}
        elif event.data.get("account_id") in owners:
            handles |= set(_handles(event.data))
    handles |= {account_ids.handle(owner) for owner in owners}
    handles |= {entry.handle for name, entry in entries.entries["accounts"].items() if name in owners}  # type: ignore[attr-defined]
    known = (handle.removeprefix("@").lower() for handle in handles)
    owners |= {f"{account.partition(':')[0]}:/{post}" for post in posts}
    return Traces(frozenset(owners), frozenset(filter(None, known)), frozenset(posts))


def _handles(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the handles that the facts of an account, or of one of its posts, give it."""
    author = data.get("post", {}).get("author") if isinstance(data.get("post"), Mapping) else None
    for thing in (data, data.get("user"), data.get("account"), data.get("snippet"), author):
        if isinstance(thing, Mapping):
            for name in HANDLES:
                if isinstance(handle := thing.get(name), str):
                    yield handle


def _events(ledger: Ledger) -> Iterator[Event]:
    for entry in ledger.current():
        if entry.rows and entry.source != ERASURES:
            yield from segments.read(ledger.segments / entry.name)


def _edit(folder: Path, traces: Traces) -> Iterator[Edited]:
    """Yield the files of a folder that name the subject, each edited beside."""
    for path in _files(folder):
        if path.name.startswith(BESIDE):
            path.unlink()
        elif path.name != "exclusions.csv" and (edited := edit(path, traces)):
            yield edited


def _inputs(folder: Path, entries: roster.Roster, edited: list[Edited]) -> dict[str, str]:
    """Return the hash that the log has of each edited observation file -> the one it has from now on."""
    after = {one.path: one for one in edited}
    inputs = {}
    for source in entries.observed_sources:
        for path in collect.files(folder, source):
            if one := after.get(path):
                inputs[collect.input_sha256(path, source, entries)] = _left(one, source, entries)
    return inputs


def _left(one: Edited, source: Source, entries: roster.Roster) -> str:
    return collect.input_sha256(one.beside, source, entries) if one.beside else sheets.EMPTY


def _rewrite(
    ledger: Ledger, traces: Traces, inputs: Mapping[str, str], reason: str, subject_sha256: str
) -> Iterator[Erasure]:
    """Write each segment that names the subject without it; yield the tombstones."""
    renamed: dict[str, str] = {}
    for entry in ledger.current():
        if entry.source == ERASURES or not entry.rows:
            continue
        path = ledger.segments / entry.name
        tombstone = replace(
            whole(entry, reason), subject_sha256=subject_sha256, input=inputs.get(entry.input, entry.input)
        )
        if any(_cut(event, traces, renamed) is not event for event in segments.read(path)):
            left = (_cut(event, traces, renamed) for event in segments.read(path))
            kept = segments.write(ledger.segments, entry.source, filter(None, left))
            if not kept.rows:
                (ledger.segments / kept.name).unlink()
                yield tombstone
            else:
                yield replace(tombstone, kept_name=kept.name, kept_sha256=kept.sha256, kept_rows=kept.rows)
        elif entry.input in inputs:  # its file names the subject in what no event holds
            yield replace(tombstone, kept_name=entry.name, kept_sha256=entry.sha256, kept_rows=entry.rows)


def _cut(event: Event, traces: Traces, renamed: dict[str, str]) -> Event | None:
    """Return what is left of an event; ``renamed`` has the ids of those that were masked, and gets this one's."""
    left = traces.cut(event)
    if left and left.data.get("event_id") in renamed:
        left = restated(left, left.subject, {**left.data, "event_id": renamed[left.data["event_id"]]})
    if left and left.id != event.id:
        renamed[event.id] = left.id
    return left


def _forget(places: Places, traces: Traces, say: Callable[[str], None]) -> None:
    """Remove what was made of the log, and each file that names the subject of those that only pass through."""
    for database in (places.database, places.report):
        if database.exists():
            remove(database)
            say(f"erase: {database} is removed; land and build make it anew")
    for name in ("dbt", "gate", "verify"):
        shutil.rmtree(places.data / name, ignore_errors=True)
    passing = _files(places.data / "airflow" / "logs")
    passing += [*places.data.glob("*.patch"), *places.data.glob("airflow/*.log")]
    for path in passing:
        if _names(path, traces):
            path.unlink()
            say(f"erase: {path} is removed")


def _files(place: Path) -> list[Path]:
    """Return the files at a place, in order; what no person wrote and no flow reads is left out."""
    paths = [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


def _names(path: Path, traces: Traces) -> bool:
    """Return whether a file names the subject."""
    try:
        content = b"".join(lines.read(path)) if path.suffix.lower() in (".gz", ".zst") else path.read_bytes()
    except (OSError, SourceError, lines.Damaged):
        return False
    return traces.is_in(content.decode(errors="replace"))
