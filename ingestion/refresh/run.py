"""One refresh: ask Wikidata about all countries, compare, and write the proposal as a diff with a note beside it.

The roster is never changed, and a country is left out unless all its queries were answered.
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
from ingestion.roster.files import RosterError, read_roster
from ingestion.roster.tables import FILES, Roster

COUNTRIES_PER_BATCH = 10
"""Countries that four queries ask for together, so that each stays far below Wikidata's limit of 60 seconds."""


def refresh(folder: Path, ask: Query, day: date, out: Path, say: Callable[[str], None]) -> None:
    """Ask Wikidata about every country of the roster; write what would change to ``out`` and, as ``.md``, why.

    The diff is for ``git apply`` or ``patch -p1`` in the folder that holds the roster's.

    Raises:
        RosterError: the roster has faults.
        SourceError: Wikidata did not answer for some countries, which the message names. The diff has the others; if it
            answered for none, nothing is written.
    """
    roster = read_roster(folder)
    facts, undone = _ask(roster, ask, say)
    if len(undone) == len(roster.countries):
        raise SourceError(f"Wikidata answered nothing, and nothing was written: {'; '.join(set(undone.values()))}")
    proposal = propose(roster, facts, day)
    before = {file: (folder / f"{file}.csv").read_bytes().decode() for file in FILES}
    after = {
        file: apply(file, text, [change for change in proposal.changes if change.file == file])
        for file, text in before.items()
    }
    _check(after)
    note = out.with_suffix(".md")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_file(out, diff(folder.name, before, after).encode())
    head = _head(proposal, out, undone)
    write_file(note, markdown(proposal, f"Refresh of the roster from Wikidata, {day}", head).encode())
    say(f"refresh: {_summary(proposal)}; read {note}, then apply {out} if it is right")
    if undone:
        raise SourceError(f"not refreshed: {'; '.join(f'{code} ({reason})' for code, reason in undone.items())}")


def _ask(roster: Roster, ask: Query, say: Callable[[str], None]) -> tuple[WikidataFacts, dict[str, str]]:
    """Return the facts, and country -> why Wikidata did not answer for it."""
    codes, facts = sorted(roster.countries), WikidataFacts()
    undone: dict[str, str] = {}
    for begun in range(0, len(codes), COUNTRIES_PER_BATCH):
        batch = codes[begun : begun + COUNTRIES_PER_BATCH]
        try:
            found = ask_countries(ask, batch, *_known(roster, batch), first_day(roster))
        except HttpError as error:
            undone |= dict.fromkeys(batch, str(error))
            say(f"refresh: {' '.join(batch)}: not done: {error}")
        else:
            facts += found
            say(f"refresh: {' '.join(batch)}: {len(found.terms)} terms, {len(found.accounts)} accounts")
    return facts, undone


def _known(roster: Roster, codes: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the Wikidata items of some countries' offices, and of those who hold or held one."""
    offices = {code: office.wikidata_id for code, office in roster.offices.items() if office.country_code in codes}
    held = {term.holder_id for term in roster.terms.values() if term.office_code in offices}
    holders = (roster.holders[holder_id].wikidata_id for holder_id in held)
    return set(filter(None, offices.values())), set(filter(None, holders))


def _check(files: Mapping[str, str]) -> None:
    """Refuse a proposal with which the roster would have faults; only a mistake in this package can cause them."""
    with tempfile.TemporaryDirectory(prefix="twiplomacy-refresh-") as scratch:
        for file, text in files.items():
            (Path(scratch) / f"{file}.csv").write_bytes(text.encode())
        try:
            read_roster(Path(scratch))
        except RosterError as error:
            faults = str(error).replace(f"{scratch}/", "")
            raise RosterError(f"the proposal was not written, because with it {faults}") from error


def _head(proposal: Proposal, out: Path, undone: Mapping[str, str]) -> list[str]:
    lines = [
        f"{_summary(proposal)}. Anybody can edit Wikidata: check each row against another source before you apply it.",
        f"To apply: `git apply {out}` in the folder that holds the roster's, then `twiplomacy roster check`.",
    ]
    return lines + [f"- Not refreshed: {code} ({reason})" for code, reason in undone.items()]


def _summary(proposal: Proposal) -> str:
    added = sum(change.old is None for change in proposal.changes)
    return f"{added} rows to add, {len(proposal.changes) - added} to change, {len(proposal.notes)} notes"
