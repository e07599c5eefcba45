"""Ask Wikidata who holds which office, from when until when, with which accounts and gender.

Each fact names the statement that makes it. Incomplete answers and statements that Wikidata deprecates are not used,
and a date never says more than its precision. The queries run on Wikidata's own service, on QLever and on Oxigraph.
"""

import calendar
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from ingestion.collect.facts import HANDLE
from ingestion.collect.living.http import Http, HttpError, host_of
from ingestion.refresh.queries import (
    GENDERS,
    PLATFORMS,
    AccountProperty,
    accounts_query,
    genders_query,
    offices_query,
    terms_query,
)
from ingestion.roster.tables import grouped

ADDRESS = "https://query.wikidata.org/sparql"
_ACCEPT = {"Accept": "application/sparql-results+json"}

Binding = Mapping[str, str]
"""One solution: variable -> value as text, without the variables that are not bound."""
Query = Callable[[str], Sequence[Binding]]

UNKNOWN = "_:"
"""The value of a statement that says that there is a value, but not which."""
_GENID = re.compile(r"https?://www\.wikidata\.org/\.well-known/genid/.+")
"""How Wikidata's own service names blank nodes (seen 2026-11-24); other services send blank nodes."""
_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d*)", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T.*)?", re.ASCII)
_PRECISION = re.compile(r"\d{1,2}", re.ASCII)
_YEAR_PRECISION, _MONTH_PRECISION = 9, 10
_PREFERRED = "http://wikiba.se/ontology#PreferredRank"


class QueryService:
    """Asks one SPARQL endpoint, at most once a second."""

    def __init__(self, http: Http, url: str = "") -> None:
        self._http, self._url = http, url or ADDRESS
        self._bucket = http.bucket("wikidata", 1, 1.0)

    def __call__(self, query: str) -> list[Binding]:
        """Return the rows of a complete answer; raise ``HttpError`` if the endpoint gave none."""
        answer = self._http.ask(self._url, headers=_ACCEPT, bucket=self._bucket, data={"query": query})
        host = host_of(self._url)
        if not answer.is_ok:
            raise HttpError(f"{host} refused the query ({answer.status})")
        try:
            return solutions(answer.body)
        except (AttributeError, KeyError, TypeError) as error:
            raise HttpError(f"{host} sent something else than SPARQL results") from error


def solutions(body: Any) -> list[Binding]:
    """Return the rows of an answer in the SPARQL 1.1 JSON format.

    Raises:
        AttributeError, KeyError, TypeError: the answer has another format.
    """
    found = body["results"]["bindings"]
    if not isinstance(found, list):
        raise TypeError
    return [{name: _text(value) for name, value in row.items()} for row in found]


@dataclass(frozen=True, slots=True)
class When:
    """A day as far as it is known: it lies between ``first`` and ``last``, both inclusive.

    ``precision``: ``day``, ``month``, ``year`` or ``unknown``, also if a statement has several days.
    """

    first: date
    last: date
    precision: str

    def __str__(self) -> str:
        return {
            "day": f"{self.first}",
            "month": f"{self.first:%Y-%m} (month)",
            "year": f"{self.first:%Y} (year)",
        }.get(self.precision, "unknown")


NOT_KNOWN = When(date.min, date.max, "unknown")


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """An item is the office of a country's head of state, head of government or foreign minister.

    ``name``, here and in ``TermFact``: the English label, else the one for all languages, else empty.
    """

    country_code: str
    office: str
    role: str
    name: str
    statement: str


@dataclass(frozen=True, slots=True)
class TermFact:
    """A person held an office; a date is None if the statement has none."""

    office: str
    person: str
    name: str
    statement: str
    start: When | None
    end: When | None


@dataclass(frozen=True, slots=True)
class AccountFact:
    """An item has an account. ``native_id``: the platform's immutable id; empty if Wikidata does not have it."""

    item: str
    property_id: str
    platform_code: str
    handle: str
    native_id: str
    statement: str
    start: When | None
    end: When | None

    @property
    def account_id(self) -> str:
        """The account's id in the roster; empty if the platform's id is not known."""
        return self.native_id and f"{self.platform_code}:{self.native_id}"


@dataclass(frozen=True, slots=True)
class GenderFact:
    """A person's gender, a fact for each statement; preferred statements hide the others."""

    person: str
    code: Literal["female", "male", "other"]
    statement: str


@dataclass(frozen=True, slots=True)
class WikidataFacts:
    """What Wikidata states about some countries."""

    offices: Sequence[OfficeFact] = ()
    terms: Sequence[TermFact] = ()
    accounts: Sequence[AccountFact] = ()
    genders: Sequence[GenderFact] = ()

    def __add__(self, other: "WikidataFacts") -> "WikidataFacts":
        """Return the facts of both, each once: a person with offices in two countries is in both."""
        both = ((*getattr(self, kind.name), *getattr(other, kind.name)) for kind in fields(self))
        return WikidataFacts(*(tuple(dict.fromkeys(facts)) for facts in both))


def statements(facts: Iterable[OfficeFact | TermFact | AccountFact | GenderFact]) -> tuple[str, ...]:
    """Return the statements that make some facts, in order."""
    return tuple(sorted(fact.statement for fact in facts))


def ask_countries(
    ask: Query, codes: Collection[str], known_offices: Collection[str], known_holders: Collection[str], since: date
) -> WikidataFacts:
    """Ask for the offices of countries (ISO 3166-1 alpha-3), their holders, the accounts of both, and genders.

    Known offices (items) are asked for even if they are no offices according to Wikidata; known holders are asked for
    their accounts and gender. Holders who left an office before ``since`` are left out.

    Raises:
        HttpError: one of the queries got no complete answer, so that nothing is known about these countries.
    """
    offices = [fact for fact in _offices(ask(offices_query(sorted(codes)))) if fact.country_code in codes]
    asked = {fact.office for fact in offices} | set(known_offices)
    terms = _reaching(_terms(ask(terms_query(sorted(asked)))), since) if asked else []
    people = {term.person for term in terms} | set(known_holders)
    items = people | {term.office for term in terms} | set(known_offices)
    accounts = list(_accounts(ask(accounts_query(sorted(items))))) if items else []
    genders = list(_genders(ask(genders_query(sorted(people))))) if people else []
    return WikidataFacts(offices, terms, accounts, genders)


def _reaching(terms: Iterable[TermFact], since: date) -> list[TermFact]:
    """Return the terms in each office, also earlier ones, of those who may have held it on ``since`` or later."""
    stated = list(terms)
    kept = {(term.office, term.person) for term in stated if term.end is None or term.end.last >= since}
    return [term for term in stated if (term.office, term.person) in kept]


def _offices(rows: Sequence[Binding]) -> Iterator[OfficeFact]:
    """Yield each office and role of a country once, with the first of its statements."""
    for (code, office, role), same in _grouped(rows, "code", "office", "role"):
        _grouped(same, "statement")  # each row has one
        if item := _item(office):
            yield OfficeFact(code, item, role, _name(same[0]), min(row["statement"] for row in same))


def _terms(rows: Sequence[Binding]) -> Iterator[TermFact]:
    for (statement, office, person), same in _grouped(rows, "statement", "office", "person"):
        if (held := _item(office)) and (item := _item(person)):
            yield TermFact(held, item, _name(same[0]), statement, _when(same, "start"), _when(same, "end"))


def _accounts(rows: Sequence[Binding]) -> Iterator[AccountFact]:
    for (statement, item, property_id, value), same in _grouped(rows, "statement", "item", "property", "value"):
        if (owner := _item(item)) and value != UNKNOWN and (platform := PLATFORMS.get(property_id)):
            native_id = _native_id(platform, value, {row["number"] for row in same if "number" in row})
            dates = _when(same, "start"), _when(same, "end")
            handle = " ".join(value.split())
            yield AccountFact(owner, property_id, platform.code, handle, native_id, statement, *dates)


def _genders(rows: Sequence[Binding]) -> Iterator[GenderFact]:
    for (person,), same in _grouped(rows, "person"):
        stated = [key for key, _ in _grouped(same, "statement", "gender", "rank")]
        for statement, gender, _ in [key for key in stated if key[2] == _PREFERRED] or stated:
            if (item := _item(person)) and (value := _item(gender)):
                yield GenderFact(item, GENDERS.get(value, "other"), statement)


def _native_id(platform: AccountProperty, value: str, numbers: Collection[str]) -> str:
    """Return the platform's id, which is the value itself or the only qualifier of a handle; empty if there is none."""
    if platform.is_qualified:
        value = "".join(numbers) if len(numbers) == 1 and HANDLE.fullmatch(value) else ""
    return value if platform.native_id and platform.native_id.fullmatch(value) else ""


def _grouped(rows: Sequence[Binding], *names: str) -> list[tuple[tuple[str, ...], list[Binding]]]:
    for row in rows:
        if missing := [name for name in names if name not in row]:
            raise HttpError(f"a row of the answer has no {', '.join(missing)}")
    return sorted(grouped(rows, lambda row: tuple(row[name] for name in names)).items())


def _text(value: Any) -> str:
    if value["type"] not in {"uri", "literal", "typed-literal", "bnode"} or not isinstance(value["value"], str):
        raise TypeError
    text: str = value["value"]
    return UNKNOWN if value["type"] == "bnode" or _GENID.fullmatch(text) else text


def _item(uri: str) -> str:
    found = _ITEM.fullmatch(uri)
    return found[1] if found else ""


def _name(row: Binding) -> str:
    return " ".join(row.get("english", row.get("every", "")).split())


def _when(rows: Iterable[Binding], name: str) -> When | None:
    """Return the day of a qualifier; if the rows of a statement have several days, it is not known."""
    found = {_span(row.get(f"{name}Time", ""), row.get(f"{name}Precision", "")) for row in rows if name in row}
    return None if not found else found.pop() if len(found) == 1 else NOT_KNOWN


def _span(time: str, precision: str) -> When:
    parts = _DAY.fullmatch(time)
    if not parts or not _PRECISION.fullmatch(precision) or int(precision) < _YEAR_PRECISION:
        return NOT_KNOWN
    year, month, day = (int(part) for part in parts.groups()[:3])
    try:
        if int(precision) == _YEAR_PRECISION:
            return When(date(year, 1, 1), date(year, 12, 31), "year")
        if int(precision) == _MONTH_PRECISION:
            return When(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")
        return When(date(year, month, day), date(year, month, day), "day")
    except ValueError:
        return NOT_KNOWN
