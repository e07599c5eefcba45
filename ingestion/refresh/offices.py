"""Match offices with Wikidata's items: ids to fill in, and offices to add. If several fit, none is chosen."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingestion.refresh import names
from ingestion.refresh.proposal import Change, Proposal
from ingestion.refresh.wikidata import WikidataFacts, statements
from ingestion.roster.models import Office
from ingestion.roster.tables import Roster, Thing, grouped

TOPIC = "Offices that cannot be told apart"

_BOTH = "head_of_state_and_government"
_HEADS = frozenset({"head_of_state", "head_of_government"})
_HELP = "enter the right item as wikidata_id in offices.csv, and refresh again"


@dataclass(frozen=True, slots=True)
class _Claim:
    """An item that is an office of a country according to Wikidata."""

    item: str
    name: str
    category_code: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.item} ({self.name or 'no English label'})"


def match(roster: Roster, facts: WikidataFacts, proposal: Proposal) -> dict[str, Office]:
    """Return item -> office, by item, else by name in the country, else by the only office of a category there."""
    known = roster.offices.values()
    matches = {entry.wikidata_id: entry for entry in known if entry.wikidata_id}
    for country, claims in _claims(facts, matches, proposal).items():
        own = [entry for entry in known if entry.country_code == country]
        for claim, office in _pairs(claims, own):
            new = office.model_copy(update={"wikidata_id": claim.item, "checked_date": proposal.day})
            matches[claim.item] = new
            reason = f"the {claim.category_code} of {country} in Wikidata: {claim.name}"
            proposal.changes.append(Change("offices", new, reason, claim.statements, office))
        rest = {claim.item: claim for claim in claims if claim.item not in matches}
        rivals = [*map(_parts, own), *map(_parts, rest.values())]
        codes = Counter([*(entry.office_code for entry in own), *(_code(country, claim) for claim in rest.values())])
        for claim in rest.values():
            code, parts = _code(country, claim), _parts(claim)
            if not claim.name or codes[code] > 1 or sum(bool(parts & other) for other in rivals) > 1:
                proposal.note(TOPIC, f"{country}: {claim}, {claim.category_code}; {_HELP}", *claim.statements)
                continue
            added = Office.model_validate(
                {
                    "office_code": code,
                    "office_name": claim.name,
                    "country_code": country,
                    "category_code": claim.category_code,
                    "wikidata_id": claim.item,
                    "checked_date": proposal.day,
                }
            )
            reason = f"the {claim.category_code} of {country} in Wikidata"
            matches[claim.item] = added
            proposal.waiting[code] = Change("offices", added, reason, claim.statements)
    return matches


def _claims(facts: WikidataFacts, known: Mapping[str, Office], proposal: Proposal) -> dict[str, list[_Claim]]:
    """Return country -> offices that somebody held at a stated time; note those that several countries claim."""
    held = {term.office for term in facts.terms if term.start or term.end}
    stated = grouped((fact for fact in facts.offices if fact.office in held), lambda fact: fact.office)
    claims: dict[str, list[_Claim]] = defaultdict(list)
    for item, same in sorted(stated.items()):
        roles = {fact.role for fact in same}
        category = _BOTH if roles >= _HEADS else min(roles, key=lambda role: (role not in _HEADS, role))
        claim = _Claim(item, same[0].name, category, statements(same))
        countries = sorted({fact.country_code for fact in same})
        if len(countries) == 1:
            claims[countries[0]].append(claim)
        elif item not in known:
            proposal.note(TOPIC, f"{claim} is claimed by {', '.join(countries)}; {_HELP}", *claim.statements)
    return claims


def _pairs(claims: Sequence[_Claim], own: Sequence[Office]) -> Iterator[tuple[_Claim, Office]]:
    """Yield each item with the office, so far without an item, that is its only match by name or by category."""
    taken_items = {entry.wikidata_id for entry in own}
    taken_offices = {entry.office_code for entry in own if entry.wikidata_id}
    by_name = _unique(claims, lambda claim: names.folded(claim.name))
    by_category = _unique(claims, lambda claim: claim.category_code)
    for ours, theirs in (
        (_unique(own, lambda office: names.folded(office.office_name)), by_name),
        (_unique(own, lambda office: office.category_code), by_category),
    ):
        for key in sorted(ours.keys() & theirs.keys()):
            claim, office = theirs[key], ours[key]
            if claim.item not in taken_items and office.office_code not in taken_offices:
                taken_items.add(claim.item)
                taken_offices.add(office.office_code)
                yield claim, office


def _unique(things: Iterable[Thing], key: Callable[[Thing], str]) -> dict[str, Thing]:
    """Return the things whose key no other has."""
    return {shared: same[0] for shared, same in grouped(things, key).items() if len(same) == 1}


def _parts(thing: Office | _Claim) -> frozenset[str]:
    return _HEADS if thing.category_code == _BOTH else frozenset({thing.category_code})


def _code(country: str, claim: _Claim) -> str:
    role = "foreign minister" if claim.category_code == "foreign_minister" else claim.name.rsplit(" of ", 1)[0]
    return f"{country}-{names.code(role) or claim.item.lower()}"
