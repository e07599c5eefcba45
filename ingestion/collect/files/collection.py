"""collect: bring the log up to date with the roster and its observation files.

It adds one segment for the roster's changes, one for each archive that the log does not hold yet, and one for each
hand-made sheet that has changed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.collect.files.inputs import new_inputs
from ingestion.collect.files.workers import in_order
from ingestion.collect.files.writing import with_finish, write
from ingestion.collect.outcome import Outcome, SourceError
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from ingestion.roster.changes import SOURCE_ID, changes, fold
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import RosterError, read_roster
from ingestion.roster.tables import Roster

EXCLUDED = ("account_id", "holder_id", "holder_name", "wikidata_id")
"""Columns of the roster that name somebody who may have been erased."""


def collect(
    folder: Path,
    ledger: Ledger,
    say: Callable[[str], None],
    workers: int = 1,
    exclusions: Exclusions = Exclusions(),  # noqa: B008
) -> None:
    """Collect the roster's changes and each new input.

    An archive is read once, and a hand-made sheet again only when it changed, so a second run appends nothing. What
    a sheet no longer states is withdrawn.

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
            f"collect: {len(exclusions.hashes)} exclusions CANNOT BE TOLD: set TWIPLOMACY_EXCLUSION_SALT, or make "
            f"sure that nothing comes in that somebody had erased"
        )
    with ledger.writing(say):
        ledger.sweep()
        _collect_roster(entries, ledger, say)
        inputs = list(new_inputs(folder, entries, ledger, broken, say))
        results = in_order(partial(write, ledger.segments, entries, exclusions), inputs, workers)
        for item, result in zip(inputs, results, strict=True):
            if result.segment is None:
                broken.append(result.fault)
            else:
                ledger.append(result.segment, item.source.source_id, item.sha256)
            for line in result.lines:
                say(line)
    if broken:
        raise SourceError("all other files were collected, but not:\n  " + "\n  ".join(broken))


def _collect_roster(entries: Roster, ledger: Ledger, say: Callable[[str], None]) -> None:
    held = ledger.current()
    own = [line for line in held if line.source == SOURCE_ID and line.rows]
    events = (event for line in own for event in segments.read(ledger.segments / line.name))
    state = fold(events)
    _refuse_redating(entries, state, {line.source for line in held})
    changed = list(changes(entries, state))
    if not changed:
        say("collect: the roster is in the log already")
        return
    recorded = max(event.recorded_at for event in changed)
    outcome = Outcome(rows=len(changed))
    finished = with_finish(changed, outcome, SOURCE_ID, "roster", entries.sha256, recorded)
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
    """Refuse rows about an account or a holder that was erased."""
    for name, rows in entries.by_file.items():
        for identity, entry in rows.items():
            if any(exclusions.names(str(getattr(entry, key, ""))) for key in EXCLUDED):
                raise RosterError(f"roster/{name}.csv: {identity} was erased and must stay out; remove the row")
