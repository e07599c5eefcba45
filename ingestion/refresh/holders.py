"""Match the roster's holders with the people of Wikidata: item ids and genders to fill in, and holders to add.

If several fit, none is chosen, and a gender that the roster has is never replaced.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ingestion.refresh import names
from ingestion.refresh.proposal import Change, Proposal, page
from ingestion.refresh.wikidata import GenderFact, TermFact, WikidataFacts, statements
from ingestion.roster.models import Holder, Office, Term
from ingestion.roster.tables import Roster, grouped

_Genders = Mapping[str, Sequence[GenderFact]]

TOPIC = "Holders that cannot be told apart"
GENDERS = "Genders that contradict each other"

_HELP = "enter the right item as wikidata_id in holders.csv, and refresh again"


def match(roster: Roster, facts: WikidataFacts, offices: Mapping[str, Office], proposal: Proposal) -> dict[str, Holder]:
    """Return item -> holder, matched by item, else by an account both have, else by the exact name in the same office.

    People who held none of the offices (by item) are left out.
    """
    persons = {key: holder for key, holder in roster.holders.items() if holder.holder_kind_code == "person"}
    genders = grouped(facts.genders, lambda fact: fact.person)
    matches = _known(persons, genders, proposal)
    new = (fact for fact in facts.terms if fact.office in offices and fact.person not in matches)
    stated = grouped(new, lambda fact: fact.person)
    by_account, by_name = _by_account(roster, facts), _by_name(roster, persons)
    found: dict[str, list[str]] = defaultdict(list)
    for item, terms in sorted(stated.items()):
        held = {(offices[fact.office].office_code, names.folded(fact.name)) for fact in terms}
        same_name = {term.holder_id for key in held for term in by_name.get(key, ())}
        candidates = (by_account[item] & persons.keys()) or same_name
        if len(candidates) > 1:
            rivals = " or ".join(sorted(candidates))
            proposal.note(TOPIC, f"{_called(item, terms)} may be {rivals}; {_HELP}", *statements(terms))
            continue
        found[next(iter(candidates), "")].append(item)
    added = {item: stated[item] for item in found.pop("", [])}
    for holder_id, items in sorted(found.items()):
        holder, terms = persons[holder_id], stated[items[0]]
        called = " and ".join(_called(item, stated[item]) for item in items)
        if len(items) > 1 or holder.wikidata_id:
            text = f"{called} has an account or the name of {holder_id} ({holder.wikidata_id or 'no item'}); {_HELP}"
            proposal.note(TOPIC, text, *statements(terms))
            continue
        known = holder.model_copy(update={"wikidata_id": items[0], "checked_date": proposal.day})
        filled, urls = _with_gender(known, genders, proposal)
        matches[items[0]] = filled
        shared = "an account" if by_account[items[0]] & {holder_id} else "the office and the name"
        reason = f"{called} has {shared} of this holder"
        proposal.changes.append(Change("holders", filled, reason, (*statements(terms), *urls), holder))
    _add(matches, added, roster, genders, proposal)
    return matches


def _with_gender(holder: Holder, genders: _Genders, proposal: Proposal) -> tuple[Holder, tuple[str, ...]]:
    """Return the holder with the stated gender and its statements; the same holder and none if nothing is new."""
    stated = genders.get(holder.wikidata_id or "", ())
    urls = statements(stated)
    codes = sorted({fact.code for fact in stated})
    if len({*codes, holder.gender_code} - {None}) > 1:
        known = f"the roster has {holder.gender_code}, Wikidata " if holder.gender_code else ""
        proposal.note(GENDERS, f"{holder.holder_id} ({holder.wikidata_id}): {known}{' and '.join(codes)}", *urls)
    elif stated and not holder.gender_code:
        gender = {"gender_code": stated[0].code, "gender_evidence_url": page(stated[0].person, "P21")}
        return holder.model_copy(update=gender), urls
    return holder, ()


def _known(persons: Mapping[str, Holder], genders: _Genders, proposal: Proposal) -> dict[str, Holder]:
    """Return the holders that have an item; propose the gender of those whose gender is empty."""
    matches: dict[str, Holder] = {}
    for holder in persons.values():
        if holder.wikidata_id:
            filled, urls = _with_gender(holder, genders, proposal)
            if urls:
                filled = filled.model_copy(update={"checked_date": proposal.day})
                reason = f"the gender of {holder.wikidata_id} in Wikidata"
                proposal.changes.append(Change("holders", filled, reason, urls, holder))
            matches[holder.wikidata_id] = filled
    return matches


def _by_account(roster: Roster, facts: WikidataFacts) -> dict[str, set[str]]:
    """Return item -> holders of its personal accounts; institutional accounts pass from one holder to the next."""
    speakers = grouped(roster.assignments.rows, lambda row: row.account_id)
    found: dict[str, set[str]] = defaultdict(set)
    for fact in facts.accounts:
        account = roster.accounts.get(fact.account_id)
        if account and account.account_type_code == "personal":
            found[fact.item] |= {row.holder_id for row in speakers.get(fact.account_id, ())}
    return found


def _by_name(roster: Roster, persons: Mapping[str, Holder]) -> dict[tuple[str, str], list[Term]]:
    """Return office and name -> terms that persons of that name had in the office."""
    own = (term for term in roster.terms.rows if term.holder_id in persons)
    return grouped(own, lambda term: (term.office_code, names.folded(persons[term.holder_id].holder_name)))


def _add(
    matches: dict[str, Holder],
    stated: Mapping[str, list[TermFact]],
    roster: Roster,
    genders: _Genders,
    proposal: Proposal,
) -> None:
    """Add people whom the roster does not have; if two have one name, their codes end with their items."""
    codes = {item: names.code(terms[0].name) or item.lower() for item, terms in stated.items()}
    known = {holder.holder_id for holder in matches.values()}
    for item, terms in stated.items():
        holder_id = codes[item]
        if holder_id in roster.holders and holder_id not in known:
            proposal.note(TOPIC, f"{_called(item, terms)} may be {holder_id}; {_HELP}", *statements(terms))
            continue
        if holder_id in known or list(codes.values()).count(holder_id) > 1:
            holder_id = f"{holder_id}-{item.lower()}"
        name, day = terms[0].name, proposal.day
        if not name or holder_id in roster.holders:
            text = f"{_called(item, terms)} cannot be given a holder_id; add the row by hand"
            proposal.note(TOPIC, text, *statements(terms))
            continue
        new = Holder(
            holder_id=holder_id, holder_name=name, holder_kind_code="person", wikidata_id=item, checked_date=day
        )
        holder, urls = _with_gender(new, genders, proposal)
        matches[item] = holder
        reason = "holds an office of the register"
        proposal.waiting[holder_id] = Change("holders", holder, reason, (*statements(terms), *urls))


def _called(item: str, terms: Sequence[TermFact]) -> str:
    return f"{item} ({terms[0].name or 'no English label'})"
