"""Match the roster's holders with the people of Wikidata. If several fit, none is chosen.

The result is item -> holder, item ids and genders to fill in, and holders to add.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from ingestion.refresh import names
from ingestion.refresh.genders import Genders
from ingestion.refresh.proposal import Change, Matches, Proposal
from ingestion.refresh.wikidata import TermFact, WikidataFacts
from ingestion.roster.models import Holder, Office
from ingestion.roster.tables import Roster

TOPIC = "Holders that cannot be told apart"

_HELP = "enter the right item as wikidata_id in holders.csv, and refresh again"


def match(
    roster: Roster, facts: WikidataFacts, offices: Mapping[str, Office], proposal: Proposal, day: date
) -> Matches[Holder]:
    """Match by item, else by an account both have, else by the exact name in the same office.

    Args:
        roster: as its files are.
        facts: as Wikidata states them.
        offices: item -> office; people who held none of them are left out.
        proposal: gets the changes and notes.
        day: the changes' checked_date.
    """
    persons = {key: holder for key, holder in roster.holders.items() if holder.holder_kind_code == "person"}
    genders = Genders(facts.genders, proposal)
    matches = _known(persons, genders, proposal, day)
    stated: dict[str, list[TermFact]] = defaultdict(list)
    for fact in facts.terms:
        if fact.office in offices and fact.person not in matches.entries:
            stated[fact.person].append(fact)
    by_account, by_name = _by_account(roster, facts), _by_name(roster, persons)
    found: dict[str, list[str]] = defaultdict(list)
    for item, terms in sorted(stated.items()):
        held = {(offices[fact.office].office_code, names.folded(fact.name)) for fact in terms}
        same_name = {holder_id for key in held for holder_id in by_name[key]}
        candidates = (by_account[item] & persons.keys()) or same_name
        if len(candidates) > 1:
            rivals = " or ".join(sorted(candidates))
            proposal.note(TOPIC, f"{_called(item, terms)} may be {rivals}; {_HELP}", *_urls(terms))
            continue
        found[next(iter(candidates), "")].append(item)
    new = found.pop("", [])
    for holder_id, items in sorted(found.items()):
        holder, terms = persons[holder_id], stated[items[0]]
        called = " and ".join(_called(item, stated[item]) for item in items)
        if len(items) > 1 or holder.wikidata_id:
            text = f"{called} has an account or the name of {holder_id} ({holder.wikidata_id or 'no item'}); {_HELP}"
            proposal.note(TOPIC, text, *_urls(terms))
            continue
        filled, urls = genders.fill(holder.model_copy(update={"wikidata_id": items[0], "checked_date": day}))
        matches.entries[items[0]] = filled
        shared = "an account" if by_account[items[0]] & {holder_id} else "the office and the name"
        reason = f"{called} has {shared} of this holder"
        proposal.changes.append(Change("holders", filled, reason, (*_urls(terms), *urls), holder))
    _add(matches, {item: stated[item] for item in new}, roster, genders, proposal, day)
    return matches


def _known(persons: Mapping[str, Holder], genders: Genders, proposal: Proposal, day: date) -> Matches[Holder]:
    """Return the holders that have an item; propose the gender of those whose gender is empty."""
    matches: Matches[Holder] = Matches()
    for holder in persons.values():
        if holder.wikidata_id:
            filled, urls = genders.fill(holder)
            if urls:
                filled = filled.model_copy(update={"checked_date": day})
                reason = f"the gender of {holder.wikidata_id} in Wikidata"
                proposal.changes.append(Change("holders", filled, reason, tuple(urls), holder))
            matches.entries[holder.wikidata_id] = filled
    return matches


def _by_account(roster: Roster, facts: WikidataFacts) -> dict[str, set[str]]:
    """Return item -> holders of its personal accounts; institutional accounts pass from one holder to the next."""
    speakers: dict[str, set[str]] = defaultdict(set)
    for entry in roster.assignments.values():
        if roster.accounts[entry.account_id].account_type_code == "personal":
            speakers[entry.account_id].add(entry.holder_id)
    found: dict[str, set[str]] = defaultdict(set)
    for fact in facts.accounts:
        found[fact.item] |= speakers.get(fact.account_id, set())
    return found


def _by_name(roster: Roster, persons: Mapping[str, Holder]) -> dict[tuple[str, str], set[str]]:
    """Return office and name -> persons of that name who held the office."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in roster.terms.values():
        if entry.holder_id in persons:
            found[entry.office_code, names.folded(persons[entry.holder_id].holder_name)].add(entry.holder_id)
    return found


def _add(
    matches: Matches[Holder],
    stated: Mapping[str, list[TermFact]],
    roster: Roster,
    genders: Genders,
    proposal: Proposal,
    day: date,
) -> None:
    """Add people whom the roster does not have; if two have one name, their codes end with their items."""
    codes = {item: names.code(terms[0].name) or item.lower() for item, terms in stated.items()}
    known = {entry.holder_id: entry.wikidata_id for entry in matches.entries.values()}
    for item, terms in stated.items():
        holder_id = codes[item]
        if holder_id in roster.holders and holder_id not in known:
            proposal.note(TOPIC, f"{_called(item, terms)} may be {holder_id}; {_HELP}", *_urls(terms))
            continue
        if holder_id in known or list(codes.values()).count(holder_id) > 1:
            holder_id = f"{holder_id}-{item.lower()}"
        name = terms[0].name
        if not name or holder_id in roster.holders:
            proposal.note(
                TOPIC, f"{_called(item, terms)} cannot be given a holder_id; add the row by hand", *_urls(terms)
            )
            continue
        new = Holder(
            holder_id=holder_id, holder_name=name, holder_kind_code="person", wikidata_id=item, checked_date=day
        )
        holder, urls = genders.fill(new)
        change = Change("holders", holder, "holds an office of the register", (*_urls(terms), *urls))
        matches.add(item, holder, change)


def _called(item: str, terms: list[TermFact]) -> str:
    return f"{item} ({terms[0].name or 'no English label'})"


def _urls(terms: list[TermFact]) -> tuple[str, ...]:
    return tuple(sorted(fact.statement for fact in terms))
