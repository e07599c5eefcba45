"""What names the subject of an erasure: its ids, handles, names and posts, as the roster and the log know them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from ingestion.files import write_file
from ingestion.log import segments
from ingestion.log.erasures import ERASURES
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.roster import account_ids
from ingestion.roster.tables import Roster
from ingestion.roster.traces import HANDLES, Traces


class EraseError(Exception):
    """Nothing was erased; the message says why and what to do."""


def find(subject: str, roster: Roster, ledger: Ledger) -> Traces:
    """Return what names a subject; raise ``EraseError`` if it is no account, no post and no holder."""
    if holder := roster.holders.get(subject):
        return Traces(frozenset({subject}), names=frozenset(filter(None, (holder.holder_name, holder.wikidata_id))))
    account, slash, post = subject.partition("/")
    if fault := account_ids.listing_fault(account) if ":" in account else f"{subject!r} is no holder of the roster":
        raise EraseError(f"{fault}; expected an account, e.g. x:100200300, a post, e.g. x:100200300/25, or a holder_id")
    platform = account.partition(":")[0]
    if slash:
        return Traces(frozenset({subject, f"{platform}:/{post}"}), posts=frozenset({post}))
    owners, handles, posts = {account}, set(), set()
    for event in _events(ledger):
        if event.type == "collection.finished":
            for listed, seen in event.data.get("ids", {}).items():
                if account in (listed, seen):
                    owners |= {listed, seen}
    for event in _events(ledger):
        about, _, post = event.subject.partition("/")
        if about in owners:
            posts |= {post} - {""}
        if about in owners or event.data.get("account_id") in owners:
            handles |= set(_handles(event.data))
    handles |= {account_ids.handle(owner) for owner in owners}
    handles |= {roster.accounts[owner].handle for owner in owners if owner in roster.accounts}
    known = (handle.removeprefix("@").lower() for handle in handles)
    owners |= {f"{platform}:/{post}" for post in posts}
    return Traces(frozenset(owners), frozenset(filter(None, known)), frozenset(posts))


def keep(path: Path, traces: Traces) -> None:
    """Keep what names the subject in a file, because an interrupted erasure could not find it any more."""
    write_file(path, orjson.dumps({name: sorted(words) for name, words in asdict(traces).items()}))


def kept(path: Path, subject: str) -> Traces | None:
    """Return what an interrupted erasure kept; None if no erasure was interrupted.

    Raises:
        EraseError: the erasure is of another subject, or the file is damaged.
    """
    if not path.exists():
        return None
    try:
        traces = Traces(**{name: frozenset(words) for name, words in orjson.loads(path.read_bytes()).items()})
    except (AttributeError, TypeError, ValueError) as error:
        raise EraseError(f"{path} is damaged; delete it, and erase again what was being erased") from error
    if subject not in traces.owners:
        raise EraseError(f"an erasure of {min(traces.owners)} was interrupted; finish it first, by the same command")
    return traces


def _handles(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the handles of an account in its facts, or in those of one of its posts."""
    author = data.get("post", {}).get("author") if isinstance(data.get("post"), Mapping) else None
    for thing in (data, data.get("user"), data.get("account"), data.get("snippet"), author):
        if isinstance(thing, Mapping):
            for name in HANDLES:
                if isinstance(handle := thing.get(name), str):
                    yield handle


def _events(ledger: Ledger) -> Iterator[Event]:
    for line in ledger.current():
        if line.rows and line.source != ERASURES:
            yield from segments.read(ledger.segments / line.name)
