"""Facts in few words, a small roster beside them, and what is proposed of the two."""

import calendar
from datetime import date

from ingestion.refresh.proposal import cells
from ingestion.refresh.reconcile import propose
from ingestion.refresh.wikidata import NOT_KNOWN, AccountFact, GenderFact, OfficeFact, TermFact, When, WikidataFacts
from ingestion.roster.files import read_roster
from twiplomacy.synthetic.worlds import write_roster

TODAY = date(2020, 3, 1)

ROSTER = {
    "platforms": [{"platform_code": code} for code in ("x", "bluesky", "youtube", "facebook")],
    "offices": [
        {"office_code": "AAA-institution", "country_code": "AAA", "category_code": "institution"},
        {"office_code": "AAA-president", "country_code": "AAA"},
    ],
    "holders": [
        {"holder_id": "anna", "holder_name": "Anna Alpha"},
        {"holder_id": "state", "holder_kind_code": "institution"},
    ],
    "terms": [
        {"office_code": "AAA-institution", "holder_id": "state"},
        {"office_code": "AAA-president", "holder_id": "anna", "start_date": "2010-01-01"},
    ],
    "accounts": [{"account_id": "x:1", "country_code": "AAA", "handle": "Anna"}],
    "assignments": [{"account_id": "x:1", "holder_id": "anna"}],
}
"""One office, held by Anna since 2010, who has an account; and the state's institution."""

ITEMS = {
    "offices": [ROSTER["offices"][0], {**ROSTER["offices"][1], "wikidata_id": "Q10"}],
    "holders": [{**ROSTER["holders"][0], "wikidata_id": "Q1"}, ROSTER["holders"][1]],
}
"""The same with the items that the facts below are about."""


def when(text: str | None) -> When | None:
    """Read a day, a month or a year; ``?`` is a day that nobody knows, None no date."""
    if text is None or text == "?":
        return text and NOT_KNOWN
    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    first = date(year, month, day)
    if len(text) == 10:
        return When(first, first, "day")
    if len(text) == 4:
        return When(first, date(year, 12, 31), "year")
    return When(first, date(year, month, calendar.monthrange(year, month)[1]), "month")


def office(item="Q10", role="head_of_state", name="President of Aaa", country="AAA"):
    return OfficeFact(country, item, role, name, f"s:{country}-{item}-{role}")


def term(start="2010-01-01", end=None, person="Q1", name="Anna Alpha", item="Q10"):
    return TermFact(item, person, name, f"s:{person}-{item}-{start}-{end}", when(start), when(end))


def account(native_id="1", handle="anna", item="Q1", platform="x", start=None, end=None):
    statement = f"s:{item}-{platform}-{handle}-{native_id}-{start}-{end}"
    return AccountFact(item, "P2002", platform, handle, native_id, statement, when(start), when(end))


def gender(code="female", person="Q1"):
    return GenderFact(person, code, f"s:{person}-{code}")


def stated(*facts) -> WikidataFacts:
    kinds = (OfficeFact, TermFact, AccountFact, GenderFact)
    return WikidataFacts(*([fact for fact in facts if isinstance(fact, kind)] for kind in kinds))


def proposed(folder, *facts, **rows):
    """Return the cells that would be new, by file and row, and the notes as ``topic: text``."""
    proposal = propose(read_roster(write_roster(folder / "roster", **{**ROSTER, **rows})), stated(*facts), TODAY)
    found = {}
    for change in proposal.changes:
        was = cells(change.old) if change.old else {}
        new = {name: cell for name, cell in cells(change.entry).items() if cell != was.get(name, "")}
        assert new.pop("checked_date") == str(TODAY)
        assert change.reason
        assert change.urls or change.file == "sources"
        found.setdefault(change.file, {})[change.entry.identity] = new
    assert all(note.urls for note in proposal.notes)
    return found, [f"{note.topic}: {note.text}" for note in proposal.notes]
