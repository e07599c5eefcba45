"""docs/queries.md: every query runs as it stands, on a real edition and on the synthetic world; claims have answers."""

import re

import duckdb
import pytest

from tests.conftest import PROJECT, Home

DOCUMENT = (PROJECT / "docs" / "queries.md").read_text(encoding="utf-8")
SECTIONS = [section.partition("\n") for section in re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]]
QUERIES = {title: text.split("```sql\n")[1].split("```")[0] for title, _, text in SECTIONS}
CLAIMS = [title for title, query in QUERIES.items() if " as status" in query]


def ask(home: Home, title: str) -> list[dict]:
    with duckdb.connect(str(home.path / "report.duckdb"), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        answer = connection.execute(QUERIES[title])
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_runs_on_a_real_edition(built, title):
    ask(built(2014), title)


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_finds_something_in_the_synthetic_world(synthetic, title):
    assert ask(synthetic, title)


@pytest.mark.parametrize("title", CLAIMS)
def test_a_claim_has_one_answer_and_says_whether_its_inputs_were_collected(built, synthetic, title):
    for home in (built(2014), synthetic):
        (answer,) = ask(home, title)
        assert (answer["status"] == "not_collected") == (answer["answer"] is None)
