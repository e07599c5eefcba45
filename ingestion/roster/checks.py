"""Checks across rows: contradictions, overlaps, broken references.

A fault stops a collection, a note does not. Each names file, line and what to do. A broken reference is not named if
the missing row may be one that has faults of its own, or is in a file that could not be read.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise
from operator import attrgetter

from ingestion.roster import account_ids
from ingestion.roster.models import Account, AccountGroup, Term
from ingestion.roster.tables import FILES, Roster, Thing, grouped
from ingestion.roster.tenures import Tenure, is_overlap, tenures


def faults(roster: Roster) -> Iterator[str]:
    """Yield everything for which the roster cannot be collected."""
    yield from _same_identity(roster)
    yield from _unknown_codes(roster)
    yield from _terms_without_start(roster)
    yield from _terms_that_overlap(roster)
    yield from _accounts_of_vacancies(roster)
    yield from _accounts_of_two(roster)
    yield from _accounts_given_back(roster)
    yield from _holders_without_office(roster)
    yield from _handles_of_two(roster)
    yield from _scopes_of_two(roster)
    yield from _unlike(roster)
    yield from _summed_twice(roster)


def notes(roster: Roster) -> Iterator[str]:
    """Yield what is allowed and may still be wrong."""
    ids = _ids(roster)
    assigned = {ids.get(row.account_id, row.account_id) for row in roster.assignments.rows}
    for account in roster.accounts.rows:
        if ids.get(account.account_id, account.account_id) not in assigned:
            yield (
                f"{account.where}: {account.account_id} ({account.handle}) has no holder; no figure of office holders "
                f"counts it until assignments.csv says, with evidence, who speaks through it"
            )
    for earlier, later in _same_handle(roster):
        if earlier.listed_date != later.listed_date:
            yield (
                f"{later.where}: the handle {later.handle} changed hands: until {later.listed_date} it is "
                f"listed for {earlier.account_id} ({earlier.where}); check that the ids are right"
            )
    held = {term.office_code for term in roster.terms.rows}
    for office in roster.offices.rows:
        if office.office_code not in held:
            yield f"{office.where}: {office.office_code} has no holder in terms.csv"


def _same_identity(roster: Roster) -> Iterator[str]:
    for table in roster.by_file.values():
        for first, row in _repeats(table.rows, lambda row: row.identity):
            yield (
                f"{row.where}: {row.identity} is there twice, first in {first.where.rsplit(', ', 1)[1]}; remove "
                f"one or correct its {', '.join(row.key)}"
            )


def _repeats(things: Iterable[Thing], key: Callable[[Thing], Hashable]) -> Iterator[tuple[Thing, Thing]]:
    """Yield each thing whose key an earlier one has, after the first that has it."""
    seen: dict[Hashable, Thing] = {}
    for thing in things:
        first = seen.setdefault(key(thing), thing)
        if first is not thing:
            yield first, thing


def _unknown_codes(roster: Roster) -> Iterator[str]:
    tables = roster.by_file
    for row in (row for table in tables.values() for row in table.rows):
        for column, file in row.references.items():
            refused = tables[file].refused
            if refused is None:
                continue
            for code in (getattr(row, column) or "").split(" "):
                if code and code not in tables[file] and not any(code in cells.values() for cells in refused):
                    yield f"{row.where}: {column} {code!r} is not in {file}.csv; correct it, or add its row there"


def _terms_without_start(roster: Roster) -> Iterator[str]:
    kinds = _kinds(roster)
    for term in roster.terms.rows:
        if not term.start_date and (kind := kinds.get(term.holder_id)) in ("person", "vacancy"):
            which = "a person's term" if kind == "person" else "a vacancy"
            yield f"{term.where}: {which} needs a start_date, the day it began as its evidence states it"


def _terms_that_overlap(roster: Roster) -> Iterator[str]:
    """Yield terms of an office that overlap; one without a first day is compared only if the office has a vacancy."""
    kinds = _kinds(roster)
    for terms in grouped(roster.terms.rows, lambda term: term.office_code).values():
        has_vacancy = any(kinds.get(term.holder_id) == "vacancy" for term in terms)
        dated = [term for term in terms if term.start_date or has_vacancy]
        for one, two in pairwise(sorted(dated, key=_start)):
            if is_overlap(_start(one), one.end_date or date.max, _start(two)):
                yield (
                    f"{two.where}: {two.identity} overlaps {one.identity} ({one.where}) by more than the day "
                    f"of hand-over; correct the dates, or give each seat of an office that several hold its own "
                    f"office_code"
                )


def _start(row: Term | AccountGroup) -> date:
    return row.start_date or date.min


def _accounts_of_vacancies(roster: Roster) -> Iterator[str]:
    kinds = _kinds(roster)
    for row in roster.assignments.rows:
        if kinds.get(row.holder_id) == "vacancy":
            yield (
                f"{row.where}: {row.holder_id} is a vacancy, and nobody speaks through {row.account_id} "
                f"for it; give the account to its holder, or remove the row"
            )


def _kinds(roster: Roster) -> dict[str, str]:
    return {holder.holder_id: holder.holder_kind_code for holder in roster.holders.rows}


def _accounts_of_two(roster: Roster) -> Iterator[str]:
    """Yield pairs of holders who would speak through one account on the same days, in office by their terms."""
    for account_id, own in _tenures(roster).items():
        for one, two in combinations(sorted(own, key=lambda tenure: (tenure.first, tenure.assignment.where)), 2):
            earlier, later = one.assignment, two.assignment
            if earlier.holder_id != later.holder_id and is_overlap(one.first, one.last, two.first):
                yield (
                    f"{later.where}: {later.holder_id} and {earlier.holder_id} ({earlier.where}) both speak through "
                    f"{account_id} from {two.first} on; end the earlier assignment on the day of the later"
                )


def _accounts_given_back(roster: Roster) -> Iterator[str]:
    """Yield assignments by which a holder has an account twice within one term, which has one row of figures."""
    for account_id, own in _tenures(roster).items():
        for first, again in _repeats(own, lambda tenure: (tenure.term.holder_id, _start(tenure.term))):
            row, other = again.assignment, first.assignment
            if row is not other:
                yield (
                    f"{row.where}: {row.holder_id} has {account_id} twice in one term, also by {other.where}; "
                    f"make it one row, or split the term where the account was given away"
                )


def _tenures(roster: Roster) -> dict[str, list[Tenure]]:
    """Return account -> its tenures.

    An account that is listed by its handle and by its id is one, and what assignments of both say alike counts once.
    """
    ids = _ids(roster)
    by_id = {(row.account_id, row.holder_id, row.start_date) for row in roster.assignments.rows}
    own = [
        row
        for row in sorted(roster.assignments.rows, key=lambda row: row.account_id in ids)
        if (ids.get(row.account_id), row.holder_id, row.start_date) not in by_id
    ]
    return grouped(
        tenures(roster, own), lambda tenure: ids.get(tenure.assignment.account_id, tenure.assignment.account_id)
    )


def _ids(roster: Roster) -> dict[str, str]:
    """Return handle in the id's place -> id, for accounts whose handle is in the row of one id, and of no other."""
    named = grouped(_with_id(roster), lambda row: account_ids.by_handle(row.platform_code, row.handle, row.account_id))
    ids = {name: {row.account_id for row in rows} for name, rows in named.items() if name in roster.accounts}
    return {name: min(found) for name, found in ids.items() if len(found) == 1}


def _with_id(roster: Roster) -> list[Account]:
    return [account for account in roster.accounts.rows if not account_ids.handle(account.account_id)]


def _holders_without_office(roster: Roster) -> Iterator[str]:
    if roster.terms.refused is None:
        return
    held = {term.holder_id for term in roster.terms.rows} | {cells["holder_id"] for cells in roster.terms.refused}
    for holder in roster.holders.rows:
        if holder.holder_id not in held:
            yield (
                f"{holder.where}: {holder.holder_id} has no office; add the term to terms.csv with its evidence, "
                f"or remove the holder"
            )


def _handles_of_two(roster: Roster) -> Iterator[str]:
    for earlier, later in _same_handle(roster):
        if earlier.listed_date == later.listed_date:
            yield (
                f"{later.where}: the handle {later.handle} is listed for {earlier.account_id} "
                f"({earlier.where}) as of the same day, and a handle belongs to one account at a time; correct the id, "
                f"or the listed_date if it changed hands"
            )


def _same_handle(roster: Roster) -> Iterator[tuple[Account, Account]]:
    """Yield neighbours in time that have one handle on one platform, where capital and small letters are the same."""
    for same in grouped(_with_id(roster), lambda account: (account.platform_code, account.handle.lower())).values():
        yield from pairwise(sorted(same, key=lambda account: (account.listed_date, account.where)))


def _scopes_of_two(roster: Roster) -> Iterator[str]:
    scoped = (source for source in roster.sources.rows if source.scope)
    for other, source in _repeats(scoped, lambda source: source.scope):
        yield (
            f"{source.where}: {source.source_id} has the scope of {other.source_id}; figures of one "
            f"scope come from one source, so give it another"
        )


def _unlike(roster: Roster) -> Iterator[str]:
    """Yield rows that contradict the first row of their group or campaign, e.g. in its name."""
    for file, table in roster.by_file.items():
        for column, alike in FILES[file].alike.items():
            for first, row in _repeats(table.rows, attrgetter(column)):
                for name in alike:
                    one, two = getattr(first, name), getattr(row, name)
                    if one != two:
                        yield (
                            f"{row.where}: {name} is {two or 'empty'}, but {one or 'empty'} in {first.where}; rows of "
                            f"one {column} ({getattr(row, column)}) have the same, so correct one of them"
                        )


def _summed_twice(roster: Roster) -> Iterator[str]:
    """Yield accounts that would be added twice on one day, to one group or to two."""
    summed = (row for row in roster.account_groups.rows if row.policy_code == "sum")
    for same in grouped(summed, lambda row: row.account_id).values():
        for one, two in pairwise(sorted(same, key=lambda row: (_start(row), row.where))):
            if _start(two) <= (one.end_date or date.max):
                yield (
                    f"{two.where}: {two.account_id} is in {two.account_group_id}, and still in "
                    f"{one.account_group_id} ({one.where}), and both are sums; end the earlier row on the day "
                    f"before, or remove one of them"
                )
