"""Compare accounts with those that Wikidata states: accounts and assignments to add, and handles that changed.

An account is noted but not proposed if the platform's id is unknown or if two holders claim it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingestion.refresh.proposal import Change, Proposal, page
from ingestion.refresh.wikidata import AccountFact, WikidataFacts, statements
from ingestion.roster import account_ids
from ingestion.roster.models import Account, Assignment
from ingestion.roster.sources import Source
from ingestion.roster.tables import Roster, grouped

NO_ID = "Accounts without the platform's own id, or of a platform the roster does not have"
TWO_CLAIMS = "Accounts that several claim"
UNCLEAR = "Accounts whose dates, handle or country are not clear"

SOURCE = Source.model_validate(
    {
        "source_id": "wikidata",
        "title": "Wikidata: offices, their holders and the accounts of both, as asked",
        "citation": "Wikidata contributors. Wikidata, asked by this project; each row names the item's page.",
        "url": "https://www.wikidata.org/",
        "licence_name": "CC0 1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "checked_date": date.min,
    }
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who speaks through an item's accounts: a person through their own, an institution through those of its office.

    ``country_codes``: countries of the holder's offices; an account is proposed only if there is exactly one.
    """

    holder_id: str
    kind_code: Literal["person", "institution"]
    country_codes: frozenset[str]


class _Unclear(Exception):
    """An account cannot be proposed; the message says why."""


def compare(roster: Roster, facts: WikidataFacts, owners: Mapping[str, Owner], proposal: Proposal) -> None:
    """Propose the accounts of items with an owner. An item without one can only claim an account, which is noted."""
    speakers = grouped(roster.assignments.rows, lambda row: row.account_id)
    claims: dict[str, set[str]] = defaultdict(set)
    for fact in facts.accounts:
        claims[fact.account_id].add(owners[fact.item].holder_id if fact.item in owners else fact.item)
    found: dict[str, list[Change]] = {}
    stated = _keyed(facts, roster, owners, proposal)
    for account_id, same in sorted(stated.items()):
        owner = owners[same[0].item]
        claimants = claims[account_id] | {row.holder_id for row in speakers.get(account_id, ())}
        if len(claimants) > 1:
            proposal.note(TWO_CLAIMS, f"{_called(same)}: {', '.join(sorted(claimants))}", *statements(same))
            continue
        try:
            changes = list(_account(roster.accounts.get(account_id), same, owner, proposal.day))
            if account_id not in speakers:
                changes.append(_assignment(same, owner, proposal.day))
        except _Unclear as error:
            proposal.note(UNCLEAR, f"{_called(same)}, {owner.holder_id}: {error}", *statements(same))
        else:
            found[account_id] = changes
    _take(found, stated, roster, proposal)
    if any(change.file == "accounts" for change in proposal.changes) and SOURCE.identity not in roster.sources:
        source = SOURCE.model_copy(update={"checked_date": proposal.day})
        proposal.changes.append(Change("sources", source, "accounts.csv names it"))


def _keyed(
    facts: WikidataFacts, roster: Roster, owners: Mapping[str, Owner], proposal: Proposal
) -> dict[str, list[AccountFact]]:
    """Return the stated accounts by id; note those that have no id and whose handle the roster does not list."""
    handles = set(map(_handle, roster.accounts.values()))
    stated: dict[str, list[AccountFact]] = defaultdict(list)
    for fact in facts.accounts:
        if fact.item not in owners:
            continue
        has_id = fact.native_id and not account_ids.fault(fact.account_id)
        if has_id and fact.platform_code in roster.platforms:
            stated[fact.account_id].append(fact)
        elif (fact.platform_code, fact.handle.lower()) not in handles:
            text = f"{owners[fact.item].holder_id}: {fact.platform_code} {fact.handle}"
            proposal.note(NO_ID, text, fact.statement)
    return stated


def _account(old: Account | None, same: Sequence[AccountFact], owner: Owner, day: date) -> Iterator[Change]:
    """Yield the row to add, or the row whose handle changed; refuse several handles, or several countries."""
    present = {fact.handle.lower(): fact.handle for fact in same if fact.end is None}
    listed = present or {fact.handle.lower(): fact.handle for fact in same}
    if old and (old.handle.lower() in listed or not present or same[0].handle == same[0].native_id):
        return
    if len(listed) > 1:
        raise _Unclear(f"its handle is {' or '.join(sorted(listed.values()))}")
    (handle,) = listed.values()
    new = {"handle": handle, "listed_date": day, "source_id": SOURCE.source_id, "checked_date": day}
    if old:
        entry = old.model_copy(update=new)
        yield Change("accounts", entry, "another handle for the same id", statements(same), old)
        return
    if len(owner.country_codes) != 1:
        raise _Unclear(f"its holder has offices in {', '.join(sorted(owner.country_codes))}")
    entry = Account.model_validate(
        {
            "account_id": same[0].account_id,
            "platform_code": same[0].platform_code,
            "country_code": min(owner.country_codes),
            "account_type_code": "personal" if owner.kind_code == "person" else "institutional",
            **new,
        }
    )
    yield Change("accounts", entry, f"an account of {owner.holder_id} in Wikidata", statements(same))


def _assignment(same: Sequence[AccountFact], owner: Owner, day: date) -> Change:
    """Return the row that says who speaks through an account; a start that is not known to the day is left open."""
    spans = {(fact.start, fact.end) for fact in same}
    (start, end), *others = spans
    if others:
        raise _Unclear("it is stated for several periods")
    if end and end.precision != "day":
        raise _Unclear(f"it ended at a day that is not known: {end}")
    first, last = start.first if start and start.precision == "day" else None, end.first if end else None
    if first and last and first > last:
        raise _Unclear(f"it ended on {last}, before it began on {first}")
    entry = Assignment(
        account_id=same[0].account_id,
        holder_id=owner.holder_id,
        start_date=first,
        end_date=last,
        evidence_title=f"Wikidata ({same[0].property_id})",
        evidence_url=page(same[0].item, same[0].property_id),
        checked_date=day,
    )
    return Change("assignments", entry, f"Wikidata has it as an account of {same[0].item}", statements(same))


def _take(
    found: Mapping[str, Sequence[Change]],
    stated: Mapping[str, Sequence[AccountFact]],
    roster: Roster,
    proposal: Proposal,
) -> None:
    """Propose the changes, but no handle that two accounts would have on one day."""
    listed = Counter(_handle(account) for account in roster.accounts.values() if account.listed_date == proposal.day)
    for changes in found.values():
        listed.update(_handle(change.entry) for change in changes if isinstance(change.entry, Account))
    for account_id, changes in found.items():
        if any(listed[_handle(change.entry)] > 1 for change in changes if isinstance(change.entry, Account)):
            text = f"{_called(stated[account_id])}: another account has this handle"
            proposal.note(UNCLEAR, text, *statements(stated[account_id]))
        else:
            proposal.changes.extend(changes)


def _handle(entry: Account) -> tuple[str, str]:
    return entry.platform_code, entry.handle.lower()


def _called(same: Sequence[AccountFact]) -> str:
    return f"{same[0].account_id} ({same[0].handle})"
