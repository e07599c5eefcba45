"""Compare the roster with what Wikidata states: rows to add or to change, each with its reason and its statements.

No row is ever removed. Statements that contradict each other or cannot be used become notes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain

from ingestion.refresh import accounts, holders, offices, terms
from ingestion.refresh.accounts import Owner
from ingestion.refresh.proposal import Change, Note, Proposal, page
from ingestion.refresh.terms import Span
from ingestion.refresh.wikidata import TermFact, WikidataFacts, statements
from ingestion.roster.models import Holder, Office, Term
from ingestion.roster.tables import Roster, grouped

NO_DAY = "Holders without any day"


def first_day(roster: Roster) -> date:
    """Return the first day of the first edition; who left office before it is left out."""
    return date(min(roster.years), 1, 1) if roster.years else date.min


def propose(roster: Roster, facts: WikidataFacts, day: date) -> Proposal:
    """Return what the facts would add to or change in the roster; ``day`` becomes the checked_date of these rows."""
    proposal = Proposal(day)
    matched = offices.match(roster, facts, proposal)
    people = holders.match(roster, facts, matched, proposal)
    held: dict[str, set[str]] = defaultdict(set)
    for term in roster.terms.values():
        held[term.holder_id].add(term.office_code)
    known = (fact for fact in facts.terms if fact.person in people)
    by_office = grouped(known, lambda fact: fact.office)
    for item, office in sorted(matched.items(), key=lambda pair: pair[1].office_code):
        stated = grouped(by_office.get(item, ()), lambda fact: people[fact.person].holder_id)
        _note_undated(office, stated, proposal)
        own = [term for term in roster.terms.values() if term.office_code == office.office_code]
        notes: list[Note] = []
        ends, added = terms.compare(own, stated, first_day(roster), notes)
        for note in notes:
            proposal.note(note.topic, f"{office.office_code}: {note.text}", *note.urls)
        pages = {holder_id: page(found[0].person, "P39") for holder_id, found in stated.items()}
        for term, span in ends:
            proposal.changes.append(_ended(term, span, pages[span.holder_id], day))
        for span in added:
            held[span.holder_id].add(office.office_code)
            proposal.use(office.office_code)
            proposal.use(span.holder_id)
            proposal.changes.append(_added(office, span, pages[span.holder_id], day))
    used = {item: holder for item, holder in people.items() if holder.holder_id not in proposal.waiting}
    accounts.compare(roster, facts, _owners(roster, matched, used, held), proposal)
    return proposal


def _note_undated(office: Office, stated: Mapping[str, Iterable[TermFact]], proposal: Proposal) -> None:
    """Note in one line who held an office without any stated day; most of them left it long ago."""
    undated = {
        holder_id: facts for holder_id, facts in stated.items() if not any(fact.start or fact.end for fact in facts)
    }
    if undated:
        facts = chain.from_iterable(undated.values())
        proposal.note(NO_DAY, f"{office.office_code}: {', '.join(undated)}", *statements(facts))


def _ended(term: Term, span: Span, url: str, day: date) -> Change:
    title = f"{term.evidence_title}; end: {url}"
    update = {"end_date": span.end, "end_precision_code": "day", "evidence_title": title, "checked_date": day}
    return Change("terms", term.model_copy(update=update), "the term has an end in Wikidata", span.statements, term)


def _added(office: Office, span: Span, url: str, day: date) -> Change:
    entry = Term(
        office_code=office.office_code,
        holder_id=span.holder_id,
        start_date=span.start,
        start_precision_code="day",
        end_date=span.end,
        end_precision_code="day" if span.end else None,
        evidence_title=f"Wikidata (P39, {office.wikidata_id})",
        evidence_url=url,
        checked_date=day,
    )
    return Change("terms", entry, f"held the office, {office.office_name}, by Wikidata", span.statements)


def _owners(
    roster: Roster, matched: Mapping[str, Office], people: Mapping[str, Holder], held: Mapping[str, set[str]]
) -> dict[str, Owner]:
    """Return item -> who speaks through its accounts.

    That is the person or institution of the item; for the item of an office, the only institution of its country.
    """
    entries = {entry.office_code: entry for entry in (*roster.offices.values(), *matched.values())}
    owners: dict[str, Owner] = {}
    institutions: dict[str, set[str]] = defaultdict(set)
    for holder in (*roster.holders.values(), *people.values()):
        if holder.holder_kind_code == "vacancy":
            continue
        own = [entries[code] for code in held[holder.holder_id]]
        for office in own:
            if office.category_code == "institution":
                institutions[office.country_code].add(holder.holder_id)
        if holder.wikidata_id:
            countries = frozenset(office.country_code for office in own)
            owners[holder.wikidata_id] = Owner(holder.holder_id, holder.holder_kind_code, countries)
    for item, office in matched.items():
        if len(found := institutions[office.country_code]) == 1:
            owners[item] = Owner(min(found), "institution", frozenset({office.country_code}))
    return owners
