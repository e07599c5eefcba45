"""docs/queries.md: every query runs as it stands, on the real panel and on the synthetic world; claims have answers."""

import re
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.conftest import PROJECT, Home

DOCUMENT = (PROJECT / "docs" / "queries.md").read_text(encoding="utf-8")
SECTIONS = [section.partition("\n") for section in re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]]
QUERIES = {title: text.split("```sql\n")[1].split("```")[0] for title, _, text in SECTIONS}
CLAIMS = [title for title, query in QUERIES.items() if " as status" in query]
PANEL = re.findall(r"^### (.*)$", DOCUMENT.split("## What only a panel can answer")[1].split("\n## ")[0], re.MULTILINE)
OTHERS = [title for title in QUERIES if title not in PANEL]

ARTICLE, NEWEST = 2014, 2028
"""The edition of the real panel that the article is of; the newest one of the synthetic world."""


def ask(home: Home, title: str, database: str = "report.duckdb", year: int | None = None) -> list[dict]:
    """Return a query's rows, as from the whole panel or, with a year, as if the panel held that edition only."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{home.path / database}' as panel (read_only)")
        for table, columns in tables(connection):
            if table not in QUERIES[title]:
                continue
            one_year = "year" if "year" in columns else "year(observed_at)" if table == "audiences" else year
            where = "" if year is None else f"where {one_year} = {year}"
            connection.execute(f"create view {table} as select * from panel.{table} {where}")
        answer = connection.execute(QUERIES[title])
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    return connection.execute("""
        select table_name, list(column_name) from duckdb_columns() where database_name = 'panel' group by table_name
    """).fetchall()


def row_of(rows: list[dict], **key: object) -> dict:
    (row,) = (row for row in rows if all(row[name] == value for name, value in key.items()))
    return row


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_runs_and_finds_something(built, synthetic, title):
    """What the studies printed is compared in the real panel only; nobody's campaigns and missions are entered yet."""
    real, made_up = ask(built, title), ask(synthetic, title)
    assert real or made_up


@pytest.mark.parametrize("title", QUERIES)
def test_every_query_runs_on_a_release(synthetic, title):
    """Its rows are the public ones, so that an answer may differ; its columns are all that a query needs."""
    (path,) = synthetic.releases.glob("2028.0.0-*/twiplomacy.duckdb")
    assert len(ask(synthetic, title, str(path.relative_to(synthetic.path)))) <= len(ask(synthetic, title))


def test_every_table_has_a_query(built):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.path / 'report.duckdb'}' as panel (read_only)")
        names = {table for table, _ in tables(connection)}
    assert names == {name for name in names if any(re.search(rf"\b{name}\b", query) for query in QUERIES.values())}


@pytest.mark.parametrize("title", OTHERS)
def test_no_edition_adds_to_the_answer_of_another(synthetic, title):
    rows = [row for row in ask(synthetic, title) if row.get("year", NEWEST) == NEWEST]
    assert rows == ask(synthetic, title, year=NEWEST)


@pytest.mark.parametrize("title", PANEL)
def test_only_the_panel_can_answer(built, title):
    rows = ask(built, title)
    assert rows
    assert all(rows != ask(built, title, year=year) for year in range(2012, 2018))


ANSWERS = {
    "84 per cent": {"answer": Decimal("0.928571429"), "states_count": 28},
    "130 heads": {"answer": 36, "states_count": 26},
    "3,500 embassies": {"answer": 13, "listed_missions_count": 13},
    "all but one of the G20": {"answer": 0, "states_count": 14},
    "2.2 million": {"answer": 2517, "accounts_count": 73},
    "420 accounts": {"answer": 5, "host_countries_count": 4, "country_code": "XAA"},
    "50 heads of mission": {"answer": 1},
    "5,000 questions": {"answer": 60, "answers_count": 5},
}
"""Part of each claim -> what its query finds in the synthetic world; offices and accounts were counted in its cast."""
STATUS_2014 = {"84 per cent": "answered", "130 heads": "partly", "all but one of the G20": "answered"}
"""The claims for which the real edition of 2014 holds the inputs; it knows the heads of 103 of 193 states."""


def claim(part: str) -> str:
    (title,) = (title for title in CLAIMS if part in title)
    return title


def test_each_claim_of_the_article_has_its_query():
    assert sorted(map(claim, ANSWERS)) == sorted(CLAIMS)


@pytest.mark.parametrize("part", ANSWERS)
def test_a_claim_is_answered_in_the_synthetic_world(synthetic, part):
    answer = row_of(ask(synthetic, claim(part)), year=NEWEST)
    assert answer["status"] == "answered"
    assert {name: answer[name] for name in ANSWERS[part]} == ANSWERS[part]


@pytest.mark.parametrize("part", ANSWERS)
def test_a_claim_without_its_inputs_is_not_collected(built, part):
    answers = ask(built, claim(part))
    assert row_of(answers, year=ARTICLE)["status"] == STATUS_2014.get(part, "not_collected")
    assert [answer["year"] for answer in answers] == [2012, 2013, 2014, 2015, 2016, 2017]
    for answer in answers:
        assert (answer["status"] == "not_collected") == (answer["answer"] is None)


KNOWN = {
    "How did presence grow": (
        {"platform_code": "x", "year": 2014},
        {"states_share": Decimal("0.725388601"), "previous_value": Decimal("0.658031088"), "n": 193},
    ),
    "Of how many states": (
        {"leading_office_code": "head", "year": 2017},
        {"known_at_start_count": 66, "known_at_end_count": 59, "un_members_count": 193, "is_nearly_all": False},
    ),
    "Which states came": ({"platform_code": "x", "year": 2015}, {"country_names": "Gabon, Serbia, Tanzania"}),
    "One state over the years": (
        {"platform_code": "x", "year": 2014},
        {"status": "present", "accounts_count": 2, "posts_count": 191},
    ),
    "Who rose": (
        {"subject_name": "Ivo Josipović (@ivojosipovic)", "year": 2014},
        {"previous_rank": 5, "rank": 1, "places_gained": 4, "ranked_count": 4},
    ),
    "How did each group post": (
        {"subject_name": "World", "year": 2014},
        {"previous_value": Decimal("0.402739726"), "posts_per_day": Decimal("1.014073712"), "n": 6},
    ),
    "How did the audience": (
        {"account_id": "x:813286"},
        {"first_count": 17_800_000, "last_count": 95_560_360, "first_date": date(2012, 7, 1)},
    ),
    "Who held which office": (
        {"office_name": "President of Ghana", "year": 2014},
        {"holder_status_code": "known", "holder_names": "John Dramani Mahama"},
    ),
    "Which offices changed hands": (
        {"country_name": "Ghana"},
        {"year": 2017, "previous_holder_names": "John Dramani Mahama", "holder_names": "Nana Akufo-Addo"},
    ),
    "Who spoke through one account": (
        {"account_id": "x:153810519", "office_name": "President of Russia"},
        {"holder_name": "Dmitry Medvedev", "until_date": date(2012, 5, 6), "posts_count": 16},
    ),
    "Which accounts came": ({"change": "new"}, {"account_id": "x:25073877", "holder_name": "Donald Trump"}),
    "How did a group of states grow": (
        {"group_name": "European Union", "year": 2013},
        {"states_count": 28, "change": 1},
    ),
}
"""Part of each question that only the panel answers -> a row of the real panel and what stands in it."""


@pytest.mark.parametrize("part", KNOWN)
def test_what_the_panel_answers_is_so(built, part):
    (title,) = (title for title in PANEL if part in title)
    key, known = KNOWN[part]
    answer = row_of(ask(built, title), **key)
    assert {name: answer[name] for name in known} == known


def test_each_question_to_the_panel_has_an_answer_that_is_known():
    assert len(KNOWN) == len(PANEL)
