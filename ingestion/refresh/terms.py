"""Compare the terms of one office with those that Wikidata states: ends to fill in, terms to add, and notes.

A term is added only if its days are known and it overlaps no other by more than the day of a hand-over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from ingestion.refresh.proposal import Note
from ingestion.refresh.wikidata import NOT_KNOWN, TermFact
from ingestion.roster.models import Term
from ingestion.roster.tables import grouped
from ingestion.roster.tenures import is_overlap

_DAY = timedelta(days=1)

AMBIGUOUS = "Dates that contradict each other"
TWO_HOLDERS = "Two holders of one office on the same days"
IMPRECISE = "Terms not known to the day"


@dataclass(frozen=True, slots=True)
class Span:
    """Days in office without a break, both inclusive, and the statements that make them up."""

    holder_id: str
    start: date
    end: date | None
    statements: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The last day; ``date.max`` if there is no end."""
        return self.end or date.max

    def __str__(self) -> str:
        return f"{self.holder_id} from {self.start}" + (f" to {self.end}" if self.end else "")


def compare(
    terms: Iterable[Term], stated: Mapping[str, Sequence[TermFact]], since: date, notes: list[Note]
) -> tuple[list[tuple[Term, Span]], list[Span]]:
    """Compare an office's dated terms in the roster with the statements about each of its holders.

    Return the terms that get an end, each with its span, and the spans to add, of which none ended before ``since``.
    What cannot be used is noted.
    """
    ends: list[tuple[Term, Span]] = []
    candidates: list[Span] = []
    known = {term: Span(term.holder_id, term.start_date, term.end_date) for term in terms if term.start_date}
    for holder_id, facts in sorted(stated.items()):
        own = [term for term in known if term.holder_id == holder_id]
        vague = [fact for fact in facts if not _stated(holder_id, fact)]
        spans = _joined(filter(None, (_stated(holder_id, fact) for fact in facts)), notes)
        notes += _imprecise(holder_id, vague, [*(known[term] for term in own), *spans])
        for span in spans:
            near = [term for term in own if _overlap(span, known[term])]
            ended = next((term for term in near if _ends(known[term], span, vague)), None)
            if ended:
                ends.append((ended, span))
                known[ended] = span
            elif near:
                notes += _differences(span, [known[term] for term in near])
            elif span.last >= since:
                candidates.append(span)
    return ends, list(_alone(candidates, list(known.values()), notes))


def _ends(known: Span, span: Span, vague: Iterable[TermFact]) -> bool:
    """Return whether a span gives a known span its end, and no vague statement may last longer."""
    return (
        known.end is None
        and span.end is not None
        and known.start == span.start
        and all(fact.end is not None and fact.end.first <= span.end for fact in vague if fact.start or fact.end)
    )


def _stated(holder_id: str, fact: TermFact) -> Span | None:
    """Return the days of a statement; None if the first day, or the last of a term that ended, is not known."""
    start, end = fact.start, fact.end
    if start and start.precision == "day" and (end is None or end.precision == "day"):
        return Span(holder_id, start.first, end.first if end else None, (fact.statement,))
    return None


def _joined(stated: Iterable[Span], notes: list[Note]) -> list[Span]:
    """Return the spans of one holder, of which mandates that follow each other are one."""
    joined: list[Span] = []
    for span in _by_start(stated, notes):
        before = joined[-1] if joined else None
        if before and before.end is None:
            text = f"{before} has no end, but {span} begins later"
            notes.append(Note(AMBIGUOUS, text, (*before.statements, *span.statements)))
            return joined[:-1]
        if before and before.end and span.start - before.end <= _DAY:
            end = span.end and max(before.end, span.end)
            joined[-1] = Span(span.holder_id, before.start, end, (*before.statements, *span.statements))
        else:
            joined.append(span)
    return joined


def _by_start(stated: Iterable[Span], notes: list[Note]) -> Iterator[Span]:
    """Yield one span for each first day; if some statements have no end, the others decide."""
    ordered = sorted(stated, key=lambda span: (span.start, span.statements))
    for start, same in grouped(ordered, lambda span: span.start).items():
        statements = tuple(chain.from_iterable(span.statements for span in same))
        ends = sorted({span.end for span in same if span.end})
        span = Span(same[0].holder_id, start, max(ends, default=None), statements)
        if len(ends) > 1:
            text = f"{span.holder_id} from {start} to {' or '.join(map(str, ends))}"
            notes.append(Note(AMBIGUOUS, text, statements))
        elif span.last < start:
            notes.append(Note(AMBIGUOUS, f"{span}: the end is before the start", statements))
        else:
            yield span


def _imprecise(holder_id: str, facts: Iterable[TermFact], spans: Sequence[Span]) -> Iterator[Note]:
    """Yield the statements that are not known to the day, unless a span may be the same term with its days."""
    for fact in facts:
        if (fact.start or fact.end) and not any(_may_be_within(fact, span) for span in spans):
            start, end = fact.start or "no day given", fact.end or "no day given"
            yield Note(IMPRECISE, f"{holder_id}: start {start}, end {end}", (fact.statement,))


def _may_be_within(fact: TermFact, span: Span) -> bool:
    start, end = fact.start or NOT_KNOWN, fact.end or NOT_KNOWN
    first = max(start.first, span.start)
    return first <= min(start.last, span.last) and max(end.first, first) <= min(end.last, span.last)


def _differences(span: Span, known: Iterable[Span]) -> Iterator[Note]:
    """Yield how a span differs from the roster's terms of the holder; a mandate within a longer term does not."""
    for other in known:
        is_same = span.start == other.start and span.end in (None, other.end)
        is_amid = other.end is not None and other.start < span.start and span.last < other.last
        if not (is_same or is_amid):
            yield Note(AMBIGUOUS, f"the roster has {other}, Wikidata {span}", span.statements)


def _alone(candidates: Sequence[Span], known: Sequence[Span], notes: list[Note]) -> Iterator[Span]:
    """Yield the candidates that share at most the day of a hand-over with any other span."""
    for span in candidates:
        others = [other for other in (*known, *candidates) if other is not span and _overlap(span, other)]
        if not others:
            yield span
        else:
            text = f"{span}, but also {'; '.join(map(str, others))}"
            notes.append(Note(TWO_HOLDERS, text, span.statements))


def _overlap(one: Span, two: Span) -> bool:
    first, second = sorted((one, two), key=lambda span: span.start)
    return is_overlap(first.start, first.last, second.start)
