"""The four queries to Wikidata, in SPARQL 1.1 without the services, functions or prefixes of one engine.

Truthy values (``wdt:``) hide ended terms behind the present one, so the queries ask for statements with their ranks.
Labels come by ``rdfs:label``: the English one, or the one for all languages (``mul``) if there is no English one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ingestion.roster.account_ids import FORMS

FOREIGN_MINISTER = "Q7330070"
"""The class of the offices of foreign ministers; no property leads from a country to its foreign minister."""
GENDERS: Mapping[str, Literal["female", "male"]] = {"Q6581072": "female", "Q6581097": "male"}
"""The values of P21 that have their own code; all others are ``other``."""


@dataclass(frozen=True, slots=True)
class AccountProperty:
    """A property whose values are accounts of a platform, by its code."""

    code: str
    native_id: re.Pattern[str] | None = None
    """The form of the platform's immutable id; None if Wikidata never has it."""
    is_qualified: bool = False
    """Whether a qualifier has the id; if not, the value is the id if it has the form of one."""


PLATFORMS: Mapping[str, AccountProperty] = {
    "P2002": AccountProperty("x", FORMS["x"].pattern, is_qualified=True),
    "P12361": AccountProperty("bluesky", FORMS["bluesky"].pattern),
    "P4033": AccountProperty("mastodon"),
    "P2397": AccountProperty("youtube", FORMS["youtube"].pattern),
    "P2013": AccountProperty("facebook"),
    "P2003": AccountProperty("instagram"),
    "P11892": AccountProperty("threads"),
    "P4264": AccountProperty("linkedin"),
    "P6634": AccountProperty("linkedin"),
    "P7085": AccountProperty("tiktok"),
    "P3789": AccountProperty("telegram"),
    "P8057": AccountProperty("weibo"),
    "P3943": AccountProperty("tumblr"),
}

_PREFIXES = """\
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wikibase: <http://wikiba.se/ontology#>
"""

_OFFICES = """\
SELECT DISTINCT ?code ?office ?role ?statement ?english ?every WHERE {
  VALUES ?code { %(codes)s }
  ?coded ps:P298 ?code ; wikibase:rank ?codedRank .
  FILTER(?codedRank != wikibase:DeprecatedRank)
  ?country p:P298 ?coded .
  {
    ?country p:P1906 ?statement . ?statement ps:P1906 ?office .
    BIND("head_of_state" AS ?role)
  } UNION {
    ?country p:P1313 ?statement . ?statement ps:P1313 ?office .
    BIND("head_of_government" AS ?role)
  } UNION {
    { ?office p:P279 ?kind . ?kind ps:P279 wd:%(minister)s }
    UNION { ?office p:P31 ?kind . ?kind ps:P31 wd:%(minister)s }
    ?kind wikibase:rank ?kindRank .
    FILTER(?kindRank != wikibase:DeprecatedRank)
    { ?office p:P1001 ?statement . ?statement ps:P1001 ?country }
    UNION { ?office p:P17 ?statement . ?statement ps:P17 ?country }
    BIND("foreign_minister" AS ?role)
  }
  ?statement wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
%(label)s}
"""

_TERMS = """\
SELECT DISTINCT ?statement ?office ?person ?english ?every
  ?start ?startTime ?startPrecision ?end ?endTime ?endPrecision WHERE {
  VALUES ?office { %(items)s }
  ?statement ps:P39 ?office ; wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
  ?person p:P39 ?statement .
%(dates)s%(label)s}
"""

_ACCOUNTS = """\
SELECT DISTINCT ?statement ?item ?property ?value ?number
  ?start ?startTime ?startPrecision ?end ?endTime ?endPrecision WHERE {
  VALUES ?item { %(items)s }
  %(properties)s
  ?statement wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL { ?statement pq:P6552 ?number }
%(dates)s}
"""

_GENDERS = """\
SELECT DISTINCT ?statement ?person ?gender ?rank WHERE {
  VALUES ?person { %(items)s }
  ?person p:P21 ?statement . ?statement ps:P21 ?gender ; wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
}
"""

_ACCOUNT = '{ ?item p:%(id)s ?statement . ?statement ps:%(id)s ?value . BIND("%(id)s" AS ?property) }'

# The plain qualifier distinguishes an unknown day, which has no value node, from a missing one.
_DATE = """\
  OPTIONAL { ?statement pq:%(id)s ?%(name)s }
  OPTIONAL {
    ?statement pqv:%(id)s ?%(name)sNode .
    ?%(name)sNode wikibase:timeValue ?%(name)sTime ; wikibase:timePrecision ?%(name)sPrecision .
  }
"""
_DATES = _DATE % {"id": "P580", "name": "start"} + _DATE % {"id": "P582", "name": "end"}

_LABEL = """\
  OPTIONAL { ?%(of)s rdfs:label ?english . FILTER(LANG(?english) = "en") }
  OPTIONAL { ?%(of)s rdfs:label ?every . FILTER(LANG(?every) = "mul") }
"""


def offices_query(codes: Iterable[str]) -> str:
    """Return the query for the offices of countries, by ISO 3166-1 alpha-3 code (P298)."""
    listed = " ".join(f'"{code}"' for code in codes)
    return _PREFIXES + _OFFICES % {"codes": listed, "minister": FOREIGN_MINISTER, "label": _LABEL % {"of": "office"}}


def terms_query(offices: Iterable[str]) -> str:
    """Return the query for all who hold or held (P39) some offices."""
    return _PREFIXES + _TERMS % {"items": _items(offices), "dates": _DATES, "label": _LABEL % {"of": "person"}}


def accounts_query(items: Iterable[str]) -> str:
    """Return the query for the accounts of items."""
    properties = "\n  UNION ".join(_ACCOUNT % {"id": property_id} for property_id in PLATFORMS)
    return _PREFIXES + _ACCOUNTS % {"items": _items(items), "properties": properties, "dates": _DATES}


def genders_query(people: Iterable[str]) -> str:
    """Return the query for the gender (P21) of people."""
    return _PREFIXES + _GENDERS % {"items": _items(people)}


def _items(items: Iterable[str]) -> str:
    return " ".join(f"wd:{item}" for item in items)
