"""Wikidata: recorded answers become facts; an incomplete or unexpected answer becomes none."""

import json
import re
from datetime import date

import pytest

from ingestion.collect.living.http import TRIES, Http, HttpError
from ingestion.refresh.queries import PLATFORMS, accounts_query, genders_query, offices_query, terms_query
from ingestion.refresh.wikidata import NOT_KNOWN, QueryService, When, WikidataFacts, ask_countries, solutions
from tests.conftest import PROJECT
from twiplomacy.synthetic.loopback import Reply, StillClock, serving

RECORDINGS = PROJECT / "tests" / "recordings" / "wikidata"
SINCE = date(2012, 1, 1)
MARKS = {
    "offices": "ps:P298 ?code",
    "terms": "ps:P39 ?office",
    "accounts": "ps:P2002 ?value",
    "genders": "ps:P21 ?gender",
}
ENTITY = "http://www.wikidata.org/entity"


def recorded(query: str) -> Reply:
    """Answer a query as Oxigraph did from ``world.ttl``."""
    (name,) = [name for name, mark in MARKS.items() if mark in query]
    return Reply(json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8")))


def asked(answer=recorded, codes=("AAA", "BBB"), offices=(), holders=()):
    """Ask for two countries; return the facts or the error, the pauses, the requests."""
    clock = StillClock()
    with serving(lambda request: answer(request.query["query"])) as server:
        ask = QueryService(Http(clock, "someone@example.org"), f"{server.url}/sparql")
        try:
            result = ask_countries(ask, codes, offices, holders, SINCE)
        except HttpError as error:
            result = error
        return result, clock.pauses, server.requests


def facts() -> WikidataFacts:
    """Return the facts of the recorded world."""
    return ask_countries(lambda query: solutions(recorded(query).body), ["AAA", "BBB"], [], [], SINCE)


def day(text: str) -> When:
    return When(date.fromisoformat(text), date.fromisoformat(text), "day")


def test_a_query_is_a_posted_form_that_names_what_it_takes_and_who_asks():
    _, _, requests = asked()
    assert len(requests) == 4
    for request in requests:
        assert request.path == "/sparql"
        assert request.headers["accept"] == "application/sparql-results+json"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert "contact: someone@example.org" in request.headers["user-agent"]


def test_each_query_follows_from_the_answers_before():
    _, _, (offices, terms, accounts, genders) = asked(offices=["Q7"], holders=["Q8"])
    assert 'VALUES ?code { "AAA" "BBB" }' in offices.query["query"]
    held = "VALUES ?office { wd:Q7 wd:Q990000110 wd:Q990000120 wd:Q990000130 wd:Q990000210 }"
    assert held in terms.query["query"]
    items = re.search(r"VALUES \?item \{ (.*) \}", accounts.query["query"])[1].split()
    assert {"wd:Q7", "wd:Q8", "wd:Q990000110", "wd:Q990001001"} <= set(items)
    assert "wd:Q990001003" not in items  # long out of office
    people = re.search(r"VALUES \?person \{ (.*) \}", genders.query["query"])[1].split()
    assert set(people) == {item for item in items if item == "wd:Q8" or "Q99000100" in item}


def test_without_an_office_nothing_else_is_asked():
    empty = Reply({"head": {"vars": []}, "results": {"bindings": []}})
    found, _, requests = asked(lambda _: empty)
    assert (found, len(requests)) == (WikidataFacts([], [], [], []), 1)


def test_offices_have_their_country_and_role():
    found, _, _ = asked()
    assert [(fact.country_code, fact.office, fact.role, fact.name) for fact in found.offices] == [
        ("AAA", "Q990000110", "head_of_state", "President of Aaa"),
        ("AAA", "Q990000120", "head_of_government", "Prime Minister of Aaa"),
        ("AAA", "Q990000130", "foreign_minister", "Minister for Foreign Affairs of Aaa"),
        ("BBB", "Q990000210", "head_of_government", "President of Bbb"),
        ("BBB", "Q990000210", "head_of_state", "President of Bbb"),
    ]
    assert found.offices[0].statement == f"{ENTITY}/statement/a-state"


def test_terms_have_their_days_as_well_as_they_are_known():
    found, _, _ = asked()
    march = When(date(2012, 3, 1), date(2012, 3, 31), "month")
    year = When(date(2014, 1, 1), date(2014, 12, 31), "year")
    assert [(fact.name, fact.office[-3:], fact.start, fact.end) for fact in found.terms] == [
        ("Anna Alpha", "110", day("2010-01-01"), day("2013-12-31")),
        ("Anna Alpha", "110", day("2014-01-01"), day("2018-01-01")),
        ("Bert Beta", "110", day("2018-01-01"), None),  # has a label for all languages only
        ("Cora Gamma", "120", march, NOT_KNOWN),  # left on a day nobody knows: a blank node
        ("Dan Delta", "120", year, NOT_KNOWN),  # the same, as Wikidata's own service says it
        ("Eva Epsilon", "120", NOT_KNOWN, None),  # began on two days
        ("Fay Zeta", "130", day("2012-07-01"), None),
        ("Fay Zeta", "210", day("2011-07-01"), None),
    ]


def test_accounts_have_the_platforms_own_id_or_none():
    found, _, _ = asked()
    assert [(fact.item[-4:], fact.account_id, fact.platform_code, fact.handle) for fact in found.accounts] == [
        ("1001", "", "facebook", "anna.alpha"),
        ("1001", "x:70001", "x", "anna_alpha"),
        (
            "1002",
            "bluesky:did:plc:aaaabbbbccccdddd22223333",
            "bluesky",
            "did:plc:aaaabbbbccccdddd22223333",
        ),
        ("1002", "", "mastodon", "bert@social.example"),
        ("1002", "", "x", "123456"),  # digits, and yet a handle
        ("1002", "youtube:UCaaaaaaaaaaaaaaaaaaaaaa", "youtube", "UCaaaaaaaaaaaaaaaaaaaaaa"),
        ("0110", "x:70002", "x", "PresidencyAaa"),
    ]
    assert (found.accounts[1].start.precision, found.accounts[6].end) == ("month", day("2019-06-30"))


def test_genders_are_those_of_the_best_rank_that_are_known():
    found, _, _ = asked()
    assert [(fact.person[-4:], fact.code, fact.statement.rsplit("/", 1)[1]) for fact in found.genders] == [
        ("1001", "female", "anna-gender"),
        ("1002", "other", "bert-gender"),  # another value, preferred to male
        ("1007", "female", "eva-gender"),
        ("1007", "male", "eva-gender-2"),
        ("1008", "male", "fay-gender"),
    ]


def test_a_fact_that_is_answered_twice_is_one():
    found = facts()
    twice = found + found
    assert [len(twice.offices), len(twice.terms), len(twice.accounts), len(twice.genders)] == [5, 8, 7, 5]


def statement(**values):
    uris = {"statement": f"{ENTITY}/statement/s", "item": f"{ENTITY}/Q1", "office": f"{ENTITY}/Q2"}
    return {"person": f"{ENTITY}/Q1", **uris, **values}


def held(*found):
    """Return the terms that rows about one statement make."""
    answers = {**dict.fromkeys(MARKS.values(), ()), MARKS["terms"]: found}
    ask = lambda query: next(rows for mark, rows in answers.items() if mark in query)  # noqa: E731
    return ask_countries(ask, ["AAA"], ["Q2"], [], SINCE).terms


@pytest.mark.parametrize(
    ("time", "precision", "expected"),
    [
        ("2016-02-29T00:00:00Z", "11", day("2016-02-29")),
        ("2016-02-29T10:11:12Z", "14", day("2016-02-29")),
        ("2016-02-01T00:00:00Z", "10", When(date(2016, 2, 1), date(2016, 2, 29), "month")),
        ("2016-01-01T00:00:00Z", "9", When(date(2016, 1, 1), date(2016, 12, 31), "year")),
        ("2010-01-01T00:00:00Z", "8", NOT_KNOWN),
        ("2015-02-29T00:00:00Z", "11", NOT_KNOWN),
        ("-0044-03-15T00:00:00Z", "11", NOT_KNOWN),
        ("2016-02-29T00:00:00Z", "", NOT_KNOWN),
        ("", "11", NOT_KNOWN),
    ],
)
def test_a_date_says_no_more_than_its_precision(time, precision, expected):
    (term,) = held(statement(start="a day", startTime=time, startPrecision=precision))
    assert (term.start, term.end) == (expected, None)


def test_a_person_who_came_back_keeps_the_earlier_terms():
    old = {"end": "d", "endTime": "2001-05-01T00:00:00Z", "endPrecision": "11"}
    back = statement(statement=f"{ENTITY}/statement/t")
    assert len(held(statement(**old), back)) == 2
    assert held(statement(**old), {**back, "person": f"{ENTITY}/Q3"})[0].person == "Q3"


@pytest.mark.parametrize(
    ("handle", "numbers"),
    [("someone", ["7", "8"]), ("someone", []), ("someone", ["seven"]), ("someone", ["0"]), ("some one", ["7"])],
)
def test_an_account_of_x_without_one_number_has_no_id(handle, numbers):
    values = statement(property="P2002", value=handle)
    found = [values | {"number": number} for number in numbers] or [values]
    ask = lambda query: found if MARKS["accounts"] in query else []  # noqa: E731
    (account,) = ask_countries(ask, ["AAA"], [], ["Q1"], SINCE).accounts
    assert (account.native_id, account.handle) == ("", handle)


CUT = json.dumps(recorded(MARKS["terms"]).body).encode()[:-40]
FAULTS = {
    "time-out with a stack trace": (Reply(b"java.util.concurrent.TimeoutException\n\tat", 500), "answered 500"),
    "cut in the middle": (Reply(CUT), "that are not JSON"),
    "stack trace behind half the rows": (Reply(CUT + b"\njava.lang.RuntimeException"), "that are not JSON"),
    "whole JSON and a stack trace": (Reply(b'{"results": {"bindings": []}}\nSPARQL-QUERY: x'), "that are not JSON"),
    "too many requests": (Reply({}, 429), "429"),
    "broken off": (Reply({"results": {"bindings": []}}, fault="short"), "broke off"),
}


@pytest.mark.parametrize(("reply", "message"), FAULTS.values(), ids=FAULTS)
def test_an_incomplete_answer_is_no_answer(reply, message):
    found, pauses, requests = asked(lambda query: reply if MARKS["terms"] in query else recorded(query))
    assert isinstance(found, HttpError)
    assert re.search(message, str(found))
    assert len(requests) == 1 + TRIES
    assert sum(pauses) >= 1 + 2 + 4 + 8 + 16


OTHERS = {
    "refused": (Reply({}, 400), r"refused the query \(400\)"),
    "no object": (Reply([]), "something else than SPARQL results"),
    "an answer to ASK": (Reply({"head": {}, "boolean": True}), "something else than SPARQL results"),
    "no bindings": (Reply({"results": {}}), "something else than SPARQL results"),
    "bindings that are no list": (Reply({"results": {"bindings": {}}}), "something else than SPARQL results"),
    "a value without a type": (Reply({"results": {"bindings": [{"code": {"value": "AAA"}}]}}), "something else"),
    "a value of another type": (
        Reply({"results": {"bindings": [{"code": {"type": "triple", "value": {}}}]}}),
        "something else",
    ),
    "a value that is no text": (Reply({"results": {"bindings": [{"code": {"type": "literal", "value": 1}}]}}), "some"),
    "other variables": (Reply({"results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}), "has no code,"),
}


@pytest.mark.parametrize(("reply", "message"), OTHERS.values(), ids=OTHERS)
def test_another_answer_is_an_error(reply, message):
    found, _, requests = asked(lambda _: reply)
    assert isinstance(found, HttpError)
    assert re.search(message, str(found))
    assert len(requests) == 1


def test_a_query_waits_as_long_as_the_service_asks():
    replies = iter([Reply({}, 429, {"Retry-After": "77"})])
    found, pauses, requests = asked(lambda query: next(replies, None) or recorded(query))
    assert found == facts()
    assert 77 in pauses
    assert len(requests) == 5


@pytest.mark.parametrize("precision", ["9" * 5_000, "٩", "x", "-9", ""])
def test_a_precision_that_is_none_makes_no_date(precision):
    row = {"statement": "s", "office": f"{ENTITY}/Q1", "person": f"{ENTITY}/Q2", "startTime": "2015-02-03T00:00:00Z"}
    ask = lambda query: [row | {"startPrecision": precision}] if MARKS["terms"] in query else []  # noqa: E731
    (term,) = ask_countries(ask, ["AAA"], ["Q1"], [], SINCE).terms
    assert term.start in (None, NOT_KNOWN)


def test_an_office_without_its_statement_is_an_error():
    row = {"code": "AAA", "office": f"{ENTITY}/Q1", "role": "head_of_state"}
    with pytest.raises(HttpError, match="has no statement"):
        ask_countries(lambda query: [row] if MARKS["offices"] in query else [], ["AAA"], [], [], SINCE)


QUERIES = [offices_query(["AAA"]), terms_query(["Q1"]), accounts_query(["Q1"]), genders_query(["Q1"])]


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_need_nothing_of_one_engine(query):
    declared = set(re.findall(r"PREFIX (\w+):", query))
    body = re.sub(r"PREFIX.*", "", query)
    assert set(re.findall(r"\b([a-z]\w*):(?!//)", body)) <= declared
    assert not re.search(r"SERVICE|wdt:|bd:|hint:", body)
    assert "wikibase:DeprecatedRank" in body


def test_every_platform_is_asked_for():
    assert set(re.findall(r"ps:(P\d+) \?value", QUERIES[2])) == set(PLATFORMS)
