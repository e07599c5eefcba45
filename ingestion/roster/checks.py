"""What no single row of the roster can show: rows that contradict each other or lean on nothing.

In: the checked rows of every roster file with their lines. Out: faults, which stop a collection, and notes, which do
not; each names file, line and what to do. Never: a file, or a repair.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Any, TypeVar

from ingestion.roster import account_ids
from ingestion.roster.cells import Entry
from ingestion.roster.groups import AccountGroup
from ingestion.roster.models import Account, Holder, Source, Term

Model = TypeVar("Model", bound=Entry)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, as ``roster/terms.csv, line 7``, and what it says."""

    where: str
    entry: Any


Rows = Mapping[str, Sequence[Row]]
"""File name without ``.csv`` -> its rows in file order."""
Lost = dict[str, list[Mapping[str, Any]] | None]
"""File name without ``.csv`` -> the cells of its rows that are not right, None if the file could not be read."""


def faults(rows: Rows, lost: Lost | None = None) -> Iterator[str]:
    """Yield everything for which the roster cannot be collected, but nothing that may be right with what is lost."""
    lost = lost or {}
    yield from _twice(rows)
    yield from _unknown_codes(rows, lost)
    yield from _terms(rows)
    yield from _accounts_of_vacancies(rows)
    yield from _accounts_of_two(rows)
    yield from _accounts_given_back(rows)
    yield from _holders_without_office(rows, lost)
    yield from _handles_of_two(rows)
    yield from _scopes_of_two(rows)
    yield from _unlike(rows)
    yield from _summed_twice(rows)


def notes(rows: Rows) -> Iterator[str]:
    """Yield what is allowed and still worth a look."""
    ids = _ids(rows)
    assigned = {ids.get(row.entry.account_id, row.entry.account_id) for row in rows["assignments"]}
    for row in rows["accounts"]:
        if ids.get(row.entry.account_id, row.entry.account_id) not in assigned:
            yield (
                f"{row.where}: {row.entry.account_id} ({row.entry.handle}) has no holder; no figure of office holders "
                f"counts it until assignments.csv says, with evidence, who speaks through it"
            )
    for earlier, later in _same_handle(rows):
        if earlier.entry.listed_date != later.entry.listed_date:
            yield (
                f"{later.where}: the handle {later.entry.handle} changed hands: until {later.entry.listed_date} it is "
                f"listed for {earlier.entry.account_id} ({earlier.where}); check that the ids are right"
            )
    held = {row.entry.office_code for row in rows["terms"]}
    for row in rows["offices"]:
        if row.entry.office_code not in held:
            yield f"{row.where}: {row.entry.office_code} has no holder in terms.csv"


def _twice(rows: Rows) -> Iterator[str]:
    for name in rows:
        first: dict[str, str] = {}
        for row in rows[name]:
            other = first.setdefault(row.entry.identity, row.where)
            if other != row.where:
                yield (
                    f"{row.where}: {row.entry.identity} is there twice, first in {other.rsplit(', ', 1)[1]}; remove "
                    f"one or correct its {', '.join(row.entry.key)}"
                )


def _unknown_codes(rows: Rows, lost: Lost) -> Iterator[str]:
    known = {name: {row.entry.identity for row in rows[name]} for name in rows}
    for name in rows:
        for row in rows[name]:
            for column, target in row.entry.references.items():
                refused = lost.get(target, [])
                if refused is None:
                    continue
                for code in (getattr(row.entry, column) or "").split(" "):
                    if code and code not in known[target] and not any(code in cells.values() for cells in refused):
                        yield (
                            f"{row.where}: {column} {code!r} is not in {target}.csv; correct it, or add its row there"
                        )


def _terms(rows: Rows) -> Iterator[str]:
    kinds = _kinds(rows)
    vacant = {row.entry.office_code for row in rows["terms"] if kinds.get(row.entry.holder_id) == "vacancy"}
    dated = []
    for row in _of(rows, Term):
        if row.entry.start_date or row.entry.office_code in vacant:  # without a first day it was there from the start
            dated.append((row.entry.office_code, row.entry.start_date or date.min, row))
        if not row.entry.start_date and (kind := kinds.get(row.entry.holder_id)) in ("person", "vacancy"):
            which = "a person's term" if kind == "person" else "a vacancy"
            yield f"{row.where}: {which} needs a start_date, the day it began as its evidence states it"
    dated.sort(key=lambda term: term[:2])
    for (office, start, one), (same_office, next_start, two) in pairwise(dated):
        if office == same_office and ((one.entry.end_date or date.max) > next_start or start == next_start):
            yield (
                f"{two.where}: {two.entry.identity} overlaps {one.entry.identity} ({one.where}) by more than the day "
                f"of hand-over; correct the dates, or give each seat of an office that several hold its own office_code"
            )


def _accounts_of_vacancies(rows: Rows) -> Iterator[str]:
    kinds = _kinds(rows)
    for row in rows["assignments"]:
        if kinds.get(row.entry.holder_id) == "vacancy":
            yield (
                f"{row.where}: {row.entry.holder_id} is a vacancy, and nobody speaks through {row.entry.account_id} "
                f"for it; give the account to who holds it, or take the row out"
            )


def _kinds(rows: Rows) -> dict[str, str]:
    return {row.entry.holder_id: row.entry.holder_kind_code for row in _of(rows, Holder)}


def _accounts_of_two(rows: Rows) -> Iterator[str]:
    """Yield pairs of holders who would speak through one account on the same days, in office by their terms."""
    held = defaultdict(list)
    for account_id, _, first, last, row in _spoken(rows):
        held[account_id].append((first, last, row))
    for account_id, spans in held.items():
        ordered = sorted(spans, key=lambda span: (span[0], span[2].where))
        for (start, last, one), (first, _, two) in combinations(ordered, 2):
            if one.entry.holder_id != two.entry.holder_id and (first < last or first == start):
                yield (
                    f"{two.where}: {two.entry.holder_id} and {one.entry.holder_id} ({one.where}) both speak through "
                    f"{account_id} from {first} on; end the earlier assignment on the day of the later"
                )


def _accounts_given_back(rows: Rows) -> Iterator[str]:
    """Yield assignments by which a holder has an account twice within one term, which has one row of figures."""
    seen: dict[tuple[str, str, date], Row] = {}
    for account_id, term, _, _, row in _spoken(rows):
        other = seen.setdefault((account_id, row.entry.holder_id, term), row)
        if other is not row:
            yield (
                f"{row.where}: {row.entry.holder_id} has {account_id} twice in one term, also by "
                f"{other.where}; make it one row, or part the term where the account was given away"
            )


def _spoken(rows: Rows) -> Iterator[tuple[str, date, date, date, Row]]:
    """Yield the account, each term's first day, the first and last on which its holder spoke through it, and the row.

    An account that is listed by its handle and by its id is one; what two rows say of it alike is said once.
    """
    ids, said = _ids(rows), set[tuple[str, str, date | None]]()
    terms = defaultdict(list)
    for row in rows["terms"]:
        terms[row.entry.holder_id].append((row.entry.start_date or date.min, row.entry.end_date or date.max))
    for row in sorted(rows["assignments"], key=lambda row: row.entry.account_id in ids):
        account_id = ids.get(row.entry.account_id, row.entry.account_id)
        own = (account_id, row.entry.holder_id, row.entry.start_date)
        if own in said and row.entry.account_id in ids:
            continue
        said.add(own)
        for start, end in terms[row.entry.holder_id]:
            first, last = max(start, row.entry.start_date or date.min), min(end, row.entry.end_date or date.max)
            if first <= last:
                yield account_id, start, first, last, row


def _ids(rows: Rows) -> dict[str, str]:
    """Return the ids of accounts that are listed by their handle, where the row of one id, and no other, has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _of(rows, Account):
        if not account_ids.handle(row.entry.account_id):
            name = account_ids.by_handle(row.entry.platform_code, row.entry.handle, row.entry.account_id)
            found[name].add(row.entry.account_id)
    listed = {row.entry.account_id for row in rows["accounts"]}
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1 and name in listed}


def _holders_without_office(rows: Rows, lost: Lost) -> Iterator[str]:
    refused = lost.get("terms", [])
    if refused is None:
        return
    held = {row.entry.holder_id for row in rows["terms"]} | {cells["holder_id"] for cells in refused}
    for row in _of(rows, Holder):
        if row.entry.holder_id not in held:
            yield (
                f"{row.where}: {row.entry.holder_id} has no office; add the term to terms.csv with its evidence, "
                f"or take the holder out"
            )


def _handles_of_two(rows: Rows) -> Iterator[str]:
    for earlier, later in _same_handle(rows):
        if earlier.entry.listed_date == later.entry.listed_date:
            yield (
                f"{later.where}: the handle {later.entry.handle} is listed for {earlier.entry.account_id} "
                f"({earlier.where}) as of the same day, and a handle belongs to one account at a time; correct the id, "
                f"or the listed_date if it changed hands"
            )


def _scopes_of_two(rows: Rows) -> Iterator[str]:
    scopes: dict[str, Row] = {}
    for row in _of(rows, Source):
        if row.entry.scope:
            other = scopes.setdefault(row.entry.scope, row)
            if other is not row:
                yield (
                    f"{row.where}: {row.entry.source_id} has the scope of {other.entry.source_id}; figures of one "
                    f"scope come from one source, so give it another"
                )


def _unlike(rows: Rows) -> Iterator[str]:
    """Yield rows that say of one group or campaign something else than its first row."""
    for name in rows:
        first: dict[tuple[str, str], Row] = {}
        for row in rows[name]:
            for column, same in row.entry.alike.items():
                value = getattr(row.entry, column)
                other = first.setdefault((column, value), row)
                for each in same:
                    one, two = getattr(other.entry, each), getattr(row.entry, each)
                    if one != two:
                        yield (
                            f"{row.where}: {each} is {two or 'empty'}, but {one or 'empty'} in {other.where}; rows of "
                            f"one {column} ({value}) have the same, so correct one of them"
                        )


def _summed_twice(rows: Rows) -> Iterator[str]:
    """Yield accounts that would be added twice on one day, to one group or to two."""
    spans = defaultdict(list)
    for row in _of(rows, AccountGroup):
        if row.entry.policy_code == "sum":
            spans[row.entry.account_id].append((row.entry.start_date or date.min, row.where, row))
    for same in spans.values():
        for (_, _, one), (first, _, two) in pairwise(sorted(same)):
            if first <= (one.entry.end_date or date.max):
                yield (
                    f"{two.where}: {two.entry.account_id} is in {two.entry.account_group_id}, and still in "
                    f"{one.entry.account_group_id} ({one.where}), and both are sums; end the earlier row on the day "
                    f"before, or take one out"
                )


def _same_handle(rows: Rows) -> Iterator[tuple[Row, Row]]:
    """Yield neighbours in time that have one handle on one platform; platforms take both cases for one."""
    listed: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _of(rows, Account):
        if not account_ids.handle(row.entry.account_id):
            listed[row.entry.platform_code, row.entry.handle.lower()].append(row)
    for same in listed.values():
        yield from pairwise(sorted(same, key=lambda row: (row.entry.listed_date, row.where)))


def _of(rows: Rows, model: type[Entry]) -> Iterator[Row]:
    return (row for name in rows for row in rows[name] if isinstance(row.entry, model))
