"""What a refresh proposes: a diff that tools apply, in which other rows keep every byte, and a note for people."""

import csv
import difflib
import io
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from ingestion.roster.cells import parse_row
from ingestion.roster.entry import Entry
from ingestion.roster.tables import FILES, grouped

_SORTED_BY = {"terms": ("office_code", "start_date")}
"""Files that are sorted by other columns than the key of their rows."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row (``entry``) to add to a file, or to put in the place of the ``old`` one, and the statements that say so.

    ``file``: its name without ``.csv``.
    """

    file: str
    entry: Entry
    reason: str
    urls: tuple[str, ...] = ()
    old: Entry | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be proposed: its heading, a text, and the statements."""

    topic: str
    text: str
    urls: tuple[str, ...] = ()


@dataclass
class Proposal:
    """Changes and notes in the order in which they were found; ``day`` becomes the ``checked_date`` of the rows."""

    day: date
    changes: list[Change] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    waiting: dict[str, Change] = field(default_factory=dict)
    """Identity -> a new office or holder, which is proposed only if something needs it."""

    def note(self, topic: str, text: str, *urls: str) -> None:
        """Note what could not be proposed."""
        self.notes.append(Note(topic, text, urls))

    def use(self, identity: str) -> None:
        """Propose an office or a holder if it waits."""
        if change := self.waiting.pop(identity, None):
            self.changes.append(change)


def page(item: str, property_id: str) -> str:
    """Return the address of the statements of a property on an item's page."""
    return f"https://www.wikidata.org/wiki/{item}#{property_id}"


def apply(file: str, text: str, changes: Sequence[Change]) -> str:
    """Return the text of a roster file after the changes; new rows go to their place if the file is sorted."""
    header, *lines = text.splitlines(keepends=True)
    columns, *rows = csv.reader([header.removeprefix("\ufeff"), *lines], strict=True)
    end = "\r\n" if header.endswith("\r\n") else "\n"
    order = _SORTED_BY.get(file, FILES[file].key)
    changed = {change.old.identity: change.entry for change in changes if change.old}
    after: list[tuple[tuple[str, ...], str]] = []
    for line, row in zip(lines, rows, strict=True):
        if not row:  # an empty line stays where it is
            after.append((after[-1][0] if after else (), line))
            continue
        entry = parse_row(FILES[file], dict(zip(columns, row, strict=True)))
        new = changed.get(entry.identity)
        after.append((_key(entry, order), _line(columns, new, end, entry, row) if new else line))
    is_sorted = all(one[0] <= two[0] for one, two in pairwise(after))
    for entry in (change.entry for change in changes if not change.old):
        key = _key(entry, order)
        place = bisect_right(after, key, key=lambda row: row[0]) if is_sorted else len(after)
        after.insert(place, (key, _line(columns, entry, end)))
    *above, last = [header, *(line for _, line in after)]
    return "".join(line if line.endswith("\n") else line + end for line in above) + last


def diff(folder: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return the difference of the files of a folder, for ``git apply`` or ``patch -p1``; empty if there is none."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for file in before
        for line in difflib.unified_diff(
            before[file].splitlines(keepends=True),
            after[file].splitlines(keepends=True),
            f"a/{folder}/{file}.csv",
            f"b/{folder}/{file}.csv",
        )
    )


def markdown(proposal: Proposal, title: str, head: Iterable[str]) -> str:
    """Return the note beside the diff: each change with its reason, then what could not be proposed, by topic."""
    lines = [f"# {title}", "", *head]
    for file in FILES:
        if found := [change for change in proposal.changes if change.file == file]:
            lines += ["", f"## {file}.csv", "", *map(_described, found)]
    if proposal.notes:
        lines += ["", "## Not proposed"]
    for topic, notes in sorted(grouped(proposal.notes, lambda note: note.topic).items()):
        lines += ["", f"### {topic}", "", *(f"- {_escaped(note.text)}{_links(note.urls)}" for note in notes)]
    return "\n".join(lines) + "\n"


def cells(entry: Entry) -> dict[str, str]:
    """Return a row's cells by column, as the roster's files write them."""
    return {name: _cell(value) for name, value in entry.model_dump(mode="json").items()}


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _described(change: Change) -> str:
    if change.old is None:
        what = f"added `{change.entry.identity}`"
    else:
        was, now = cells(change.old), cells(change.entry)
        differ = [name for name in was if was[name] != now[name] and name != "checked_date"]
        parts = [f"{name} {was[name] or 'empty'} -> {now[name]}" for name in differ]
        what = f"changed `{change.old.identity}`, {_escaped('; '.join(parts))}"
    return f"- {what}: {_escaped(change.reason)}{_links(change.urls)}"


def _links(urls: Sequence[str]) -> str:
    return "".join(f" <{url}>" for url in urls)


def _escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)


def _line(columns: Sequence[str], entry: Entry, end: str, old: Entry | None = None, kept: Sequence[str] = ()) -> str:
    """Return the text of a row; cells with the same value as before keep their spelling."""
    new = cells(entry)
    if old:
        was = cells(old)
        new |= {name: cell for name, cell in zip(columns, kept, strict=True) if new[name] == was[name]}
    file = io.StringIO()
    csv.writer(file, lineterminator=end).writerow([new[name] for name in columns])
    return file.getvalue()


def _key(entry: Entry, order: Sequence[str]) -> tuple[str, ...]:
    values = cells(entry)
    return tuple(values[name] for name in order)
