"""``roster refresh``: what Wikidata would add to or change in the roster, for people to read and apply.

In: the roster's folder, a way to ask Wikidata, the day. Out: a diff and a note beside it. Never: a change of the
roster, or a country of which only half was answered.
"""

import tempfile
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from ingestion.collect.living.http import HttpError
from ingestion.collect.outcome import SourceError
from ingestion.files import write_file
from ingestion.refresh.proposal import Proposal, apply, diff, markdown
from ingestion.refresh.reconcile import first_day, propose
from ingestion.refresh.wikidata import Query, WikidataFacts, ask_countries
from ingestion.roster import files as roster
from ingestion.roster.files import Roster, RosterError
from ingestion.roster.models import FILES, Holder, Office, Term

COUNTRIES_PER_BATCH = 10
"""Countries asked for together, by four queries; each stays far below the 60 seconds Wikidata gives one."""


def refresh(folder: Path, ask: Query, day: date, out: Path, say: Callable[[str], None]) -> None:
    """Ask Wikidata about every country of the roster; write what would change to ``out`` and, as ``.md``, why.

    Args:
        folder: the roster's folder; it is only read.
        ask: runs one query.
        day: today; the ``checked_date`` of the proposed rows.
        out: the diff, for ``git apply`` or ``patch -p1`` in the folder that holds the roster's.
        say: prints a line of progress.

    Raises:
        RosterError: the roster has faults.
        SourceError: some countries were not answered, which the message names; the others' diff is written. Of none,
            nothing is.
    """
    entries = roster.read(folder)
    facts, undone = _ask(entries, ask, say)
    if len(undone) == len(entries.country_codes):
        raise SourceError(f"Wikidata answered nothing, and nothing was written: {'; '.join(set(undone.values()))}")
    proposal = propose(entries, facts, day)
    before = {file: (folder / f"{file}.csv").read_bytes().decode() for file in FILES}
    after = {
        file: apply(file, text, [change for change in proposal.changes if change.file == file])
        for file, text in before.items()
    }
    _check(after)
    note = out.with_suffix(".md")
    _write(out, diff(folder.name, before, after))
    _write(note, markdown(proposal, f"Refresh of the roster from Wikidata, {day}", _head(proposal, out, undone)))
    say(f"refresh: {_summary(proposal)}; read {note}, then apply {out} if it is right")
    if undone:
        raise SourceError(f"not refreshed: {'; '.join(f'{code} ({reason})' for code, reason in undone.items())}")


def _ask(entries: Roster, ask: Query, say: Callable[[str], None]) -> tuple[WikidataFacts, dict[str, str]]:
    """Return the facts, and for the countries that were not answered why."""
    codes, facts = sorted(entries.country_codes), WikidataFacts()
    undone: dict[str, str] = {}
    for begun in range(0, len(codes), COUNTRIES_PER_BATCH):
        batch = codes[begun : begun + COUNTRIES_PER_BATCH]
        try:
            found = ask_countries(ask, batch, *_known(entries, batch), first_day(entries))
        except HttpError as error:
            undone |= dict.fromkeys(batch, str(error))
            say(f"refresh: {' '.join(batch)}: not done: {error}")
        else:
            facts += found
            say(f"refresh: {' '.join(batch)}: {len(found.terms)} terms, {len(found.accounts)} accounts")
    return facts, undone


def _known(entries: Roster, codes: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the items of the countries' offices, and of those who hold or held one."""
    offices = {
        entry.office_code: entry.wikidata_id
        for entry in entries.entries["offices"].values()
        if isinstance(entry, Office) and entry.country_code in codes
    }
    held = {
        term.holder_id
        for term in entries.entries["terms"].values()
        if isinstance(term, Term) and term.office_code in offices
    }
    holders = {
        entry.wikidata_id
        for entry in entries.entries["holders"].values()
        if isinstance(entry, Holder) and entry.wikidata_id and entry.holder_id in held
    }
    return {item for item in offices.values() if item}, holders


def _check(files: Mapping[str, str]) -> None:
    """Check the roster as it would be.

    Raises:
        RosterError: it would have faults; then this package proposes what it must not.
    """
    with tempfile.TemporaryDirectory(prefix="twiplomacy-refresh-") as scratch:
        for file, text in files.items():
            (Path(scratch) / f"{file}.csv").write_bytes(text.encode())
        try:
            roster.read(Path(scratch))
        except RosterError as error:
            faults = str(error).replace(f"{scratch}/", "")
            raise RosterError(f"the proposal was not written, because with it {faults}") from error


def _head(proposal: Proposal, out: Path, undone: Mapping[str, str]) -> list[str]:
    lines = [
        f"{_summary(proposal)}. Wikidata is what its editors make of it: check each row against another source before",
        f"it is applied. `git apply {out}` in the folder that holds the roster's, then `twiplomacy roster check`.",
    ]
    return lines + [f"- Not refreshed: {code} ({reason})" for code, reason in undone.items()]


def _summary(proposal: Proposal) -> str:
    added = sum(change.old is None for change in proposal.changes)
    return f"{added} rows to add, {len(proposal.changes) - added} to change, {len(proposal.notes)} notes"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text.encode())
