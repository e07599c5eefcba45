"""docs/queries.md: every query runs as it stands, on a real edition and on the synthetic world; claims have answers."""

import re
from decimal import Decimal

import duckdb
import pytest

from tests.conftest import PROJECT, Home

DOCUMENT = (PROJECT / "docs" / "queries.md").read_text(encoding="utf-8")
SECTIONS = [section.partition("\n") for section in re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]]
QUERIES = {title: text.split("```sql\n")[1].split("```")[0] for title, _, text in SECTIONS}
CLAIMS = [title for title, query in QUERIES.items() if " as status" in query]


def ask(home: Home, title: str, database: str = "report.duckdb") -> list[dict]:
    with duckdb.connect(str(home.path / database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        answer = connection.execute(QUERIES[title])
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_runs_and_finds_something(built, synthetic, title):
    """What the studies printed is compared in real editions only; nobody's campaigns and missions are entered yet."""
    real, made_up = ask(built(2014), title), ask(synthetic, title)
    assert real or made_up


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_runs_on_a_release(synthetic, title):
    """Its rows are the public ones, so that an answer may differ; its columns are all that a query needs."""
    (path,) = synthetic.releases.glob("2028.0.0-*/twiplomacy.duckdb")
    assert len(ask(synthetic, title, str(path.relative_to(synthetic.path)))) <= len(ask(synthetic, title))


ANSWERS = {
    "84 per cent": {"answer": Decimal("0.857142857"), "states_count": 28},
    "130 heads": {"answer": 36, "states_count": 26},
    "3,500 embassies": {"answer": 13, "listed_missions_count": 13},
    "all but one of the G20": {"answer": 0, "states_count": 14},
    "2.2 million": {"answer": 2606, "accounts_count": 76},
    "420 accounts": {"answer": 5, "host_countries_count": 4, "country_code": "XAA"},
    "50 heads of mission": {"answer": 1},
    "5,000 questions": {"answer": 60, "answers_count": 5},
}
"""Part of each claim -> what its query finds in the synthetic world; offices and accounts were counted in its cast."""
COLLECTED = {"84 per cent", "130 heads", "all but one of the G20"}
"""The claims for which the real edition of 2014 holds the inputs."""


def claim(part: str) -> str:
    (title,) = (title for title in CLAIMS if part in title)
    return title


def test_each_claim_of_the_article_has_its_query():
    assert sorted(map(claim, ANSWERS)) == sorted(CLAIMS)


@pytest.mark.parametrize("part", ANSWERS)
def test_a_claim_is_answered_in_the_synthetic_world(synthetic, part):
    (answer,) = ask(synthetic, claim(part))
    assert answer["status"] == "answered"
    assert {name: answer[name] for name in ANSWERS[part]} == ANSWERS[part]


@pytest.mark.parametrize("part", ANSWERS)
def test_a_claim_without_its_inputs_is_not_collected(built, part):
    (answer,) = ask(built(2014), claim(part))
    assert answer["status"] == ("answered" if part in COLLECTED else "not_collected")
    assert (answer["status"] == "not_collected") == (answer["answer"] is None)
