"""Tenures in whole days: who speaks through which account while in office.

SQL decides the figures: ``int_terms``, ``int_assignments`` and ``int_tenures`` in ``dbt_project`` credit a day that two
holders share to the incoming one, or divide it at the instant of the hand-over if a source states it. Python only has
to allow such a day: here it belongs to both holders, and only a longer overlap is a fault.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.roster.models import Assignment, Term
from ingestion.roster.tables import Roster, grouped


@dataclass(frozen=True, slots=True)
class Tenure:
    """The days that an assignment and a term of its holder share; ``first`` and ``last`` are both inclusive."""

    assignment: Assignment
    term: Term
    first: date
    last: date


def tenures(roster: Roster, assignments: Iterable[Assignment]) -> Iterator[Tenure]:
    """Yield the tenures of some assignments: one for each term of the holder that overlaps the assignment."""
    terms = grouped(roster.terms.rows, lambda term: term.holder_id)
    for own in assignments:
        for term in terms.get(own.holder_id, ()):
            first = max(term.start_date or date.min, own.start_date or date.min)
            last = min(term.end_date or date.max, own.end_date or date.max)
            if first <= last:
                yield Tenure(own, term, first, last)


def accounts_in_office(roster: Roster, first: date, last: date) -> frozenset[str]:
    """Return the accounts through which somebody in office spoke on a day from ``first`` to ``last``."""
    return frozenset(
        tenure.assignment.account_id
        for tenure in tenures(roster, roster.assignments.rows)
        if max(tenure.first, first) <= min(tenure.last, last)
    )


def is_overlap(start: date, end: date, next_start: date) -> bool:
    """Return whether two spans of days, the later from ``next_start``, share more than the day of a hand-over."""
    return end > next_start or start == next_start
