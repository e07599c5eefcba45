"""The terms of one office, as the roster has them and as Wikidata states them.

In: an office's dated terms, and statements by holder. Out: ends to fill in, terms to add, and what stands in the way.
Never: a term whose days are not known, or two holders on one day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from ingestion.refresh.wikidata import NOT_KNOWN, TermFact
from ingestion.roster.models import Term

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
    statements: tuple[str, ...]

    @property
    def last(self) -> date:
        """The last day; the end of time while it has none."""
        return self.end or date.max

    def __str__(self) -> str:
        return f"{self.holder_id} from {self.start}" + (f" to {self.end}" if self.end else "")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What cannot be used and why, under a heading."""

    topic: str
    text: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What Wikidata adds to one office."""

    ends: Sequence[tuple[Term, Span]]
    added: Sequence[Span]
    doubts: Sequence[Doubt]


def compare(terms: Iterable[Term], stated: Mapping[str, Sequence[TermFact]], since: date) -> Compared:
    """Compare an office's dated terms with what is stated of each of its holders.

    Args:
        terms: the office's, in the roster.
        stated: holder_id -> statements.
        since: spans that ended before are not added.
    """
    doubts: list[Doubt] = []
    ends: list[tuple[Term, Span]] = []
    candidates: list[Span] = []
    known = {term.identity: _span(term) for term in terms if term.start_date}
    by_identity = {term.identity: term for term in terms}
    for holder_id, facts in sorted(stated.items()):
        own = [identity for identity, span in known.items() if span.holder_id == holder_id]
        usable = [fact for fact in facts if _is_usable(fact)]
        vague = [fact for fact in facts if not _is_usable(fact)]
        spans = list(_spans(holder_id, usable, doubts))
        doubts += _imprecise(holder_id, vague, [*(known[identity] for identity in own), *spans])
        for span in spans:
            near = [identity for identity in own if _overlap(span, known[identity])]
            ended = next((identity for identity in near if _ends(known[identity], span, vague)), "")
            if ended:
                ends.append((by_identity[ended], span))
                known[ended] = span
            elif near:
                doubts += _differences(span, [known[identity] for identity in near])
            elif span.last >= since:
                candidates.append(span)
    added = list(_alone(candidates, list(known.values()), doubts))
    return Compared(ends, added, doubts)


def _span(term: Term) -> Span:
    return Span(term.holder_id, term.start_date or date.min, term.end_date, ())


def _ends(known: Span, span: Span, vague: Iterable[TermFact]) -> bool:
    """Whether a span is a known one with its end, and no statement without its days may go on after it."""
    return (
        known.end is None
        and span.end is not None
        and known.start == span.start
        and all(fact.end is not None and fact.end.first <= span.end for fact in vague if fact.start or fact.end)
    )


def _is_usable(fact: TermFact) -> bool:
    """Whether a statement says on which day the term began and either when it ended or nothing of an end."""
    return (
        fact.start is not None and fact.start.precision == "day" and (fact.end is None or fact.end.precision == "day")
    )


def _spans(holder_id: str, facts: Sequence[TermFact], doubts: list[Doubt]) -> Iterator[Span]:
    """Yield the statements of one holder as spans: mandates that follow each other are one."""
    current: Span | None = None
    for span in _by_start(holder_id, facts, doubts):
        if current and current.end is None:
            text = f"{current} has no end, but {span} begins later"
            doubts.append(Doubt(AMBIGUOUS, text, (*current.statements, *span.statements)))
            return
        if current and current.end and span.start - current.end <= _DAY:
            end = None if span.end is None else max(current.end, span.end)
            current = Span(holder_id, current.start, end, (*current.statements, *span.statements))
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _by_start(holder_id: str, facts: Sequence[TermFact], doubts: list[Doubt]) -> Iterator[Span]:
    """Yield one span for each first day; a statement without an end gives way to one that has it."""
    dated = sorted(
        ((fact.start.first, fact.statement, fact.end) for fact in facts if fact.start), key=lambda fact: fact[:2]
    )
    for start, same in groupby(dated, key=lambda fact: fact[0]):
        group = list(same)
        statements = tuple(statement for _, statement, _ in group)
        ends = {end.first for _, _, end in group if end}
        span = Span(holder_id, start, max(ends, default=None), statements)
        if len(ends) > 1:
            text = f"{holder_id} from {start} to {' or '.join(map(str, sorted(ends)))}"
            doubts.append(Doubt(AMBIGUOUS, text, statements))
        elif span.last < start:
            doubts.append(Doubt(AMBIGUOUS, f"{span}: the end is before the start", statements))
        else:
            yield span


def _imprecise(holder_id: str, facts: Iterable[TermFact], spans: Sequence[Span]) -> Iterator[Doubt]:
    """Yield the statements that are not known to the day and that no span may be a closer account of."""
    for fact in facts:
        if (fact.start or fact.end) and not any(_may_be_within(fact, span) for span in spans):
            start, end = fact.start or "no day given", fact.end or "no day given"
            yield Doubt(IMPRECISE, f"{holder_id}: start {start}, end {end}", (fact.statement,))


def _may_be_within(fact: TermFact, span: Span) -> bool:
    start, end = fact.start or NOT_KNOWN, fact.end or NOT_KNOWN
    first = max(start.first, span.start)
    return first <= min(start.last, span.last) and max(end.first, first) <= min(end.last, span.last)


def _differences(span: Span, known: Iterable[Span]) -> Iterator[Doubt]:
    """Yield how a span differs from the roster's of the same holder; a mandate amid a term that ended does not."""
    for other in known:
        is_same = span.start == other.start and span.end in (None, other.end)
        is_amid = other.end is not None and other.start < span.start and span.last < other.last
        if not (is_same or is_amid):
            yield Doubt(AMBIGUOUS, f"the roster has {other}, Wikidata {span}", span.statements)


def _alone(candidates: Sequence[Span], known: Sequence[Span], doubts: list[Doubt]) -> Iterator[Span]:
    """Yield the candidates that share no day but that of the hand-over with another span."""
    for span in candidates:
        others = [other for other in (*known, *candidates) if other is not span and _overlap(span, other)]
        if not others:
            yield span
        else:
            text = f"{span}, but also {'; '.join(map(str, others))}"
            doubts.append(Doubt(TWO_HOLDERS, text, span.statements))


def _overlap(one: Span, two: Span) -> bool:
    """Whether two spans share more than the day on which one hands over to the other."""
    first, second = sorted((one, two), key=lambda span: span.start)
    return first.start == second.start or first.last > second.start
