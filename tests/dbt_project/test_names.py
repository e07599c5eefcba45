"""Names, grains, units: what the manifest says of every column keeps to one meaning for each suffix."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.conftest import PROJECT

PATTERNS = {
    "_count": {"bigint", "integer"},
    "_share": {"decimal(38,9)"},
    "_at": {"timestamptz"},
    "_date": {"date"},
    "_year": {"integer"},
    "_month": {"varchar"},
    "_id": {"varchar"},
    "_code": {"varchar", "integer"},
    "_name": {"varchar"},
    "_url": {"varchar"},
}
"""Ending of a column's name -> the types it may have; a number of a community is a code too."""
RATIO = re.compile(r"_per_[a-z_]+$")
NAMELESS = {"utils", "common", "helpers", "core", "base", "manager", "misc", "info", "tmp"}
UNIT = re.compile(r"\((?!UTC\))[^()]+\)")

TABLE_TYPES = {"DECIMAL(38,9)": "decimal(38,9)", "TIMESTAMP WITH TIME ZONE": "timestamptz", "HUGEINT": "bigint"}
"""What the database calls a type -> what a contract calls it; a sum is wide until a mart narrows it."""
MISNAMED = {"int_tenure_spans.excludes_replies": "boolean"}
"""Columns that break a rule and keep their name: this one is the roster's own, and to rename it there is a decision."""
WORDS = {
    "account_changes_yearly.not_after_date": "day",
    "accounts_yearly.term_start_date": "term",
    "engagement_yearly.term_start_date": "term",
    "groups_yearly.group_type_code": "type of group",
    "missions_yearly.country_code": "sending state",
    "missions_yearly.host_country_code": "host state",
    "people_yearly.holder_id": "person",
    "rankings_yearly.grain_code": "kind of subject",
}
"""The word for a key's column in the sentence on the grain, where it is not the column's own."""
QUERIES = PROJECT / "docs" / "queries.md"


@pytest.fixture(scope="module")
def models(built) -> dict[str, dict]:
    manifest = json.loads((built(2014).path / "dbt" / "manifest.json").read_text())
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def marts(models) -> dict[str, dict]:
    return {name: node for name, node in models.items() if node["schema"] == "marts"}


@pytest.fixture(scope="module")
def columns(marts) -> list[tuple[str, dict]]:
    return [(f"{name}.{column['name']}", column) for name, node in marts.items() for column in node["columns"].values()]


def test_there_are_marts_and_columns(marts, columns):
    assert len(marts) > 20
    assert len(columns) > 300


def test_an_ending_has_one_type(columns):
    wrong = []
    for where, column in columns:
        for ending, types in PATTERNS.items():
            if where.endswith(ending) and column["data_type"] not in types:
                wrong.append(f"{where} is {column['data_type']}")
        if RATIO.search(where) and column["data_type"] != "decimal(38,9)":
            wrong.append(f"{where} is {column['data_type']}")
    assert wrong == []


def test_a_type_has_its_endings(columns):
    wrong = []
    for where, column in columns:
        name = where.split(".")[1]
        kind = column["data_type"]
        if (kind == "boolean") != name.startswith(("is_", "has_")):
            wrong.append(f"{where} is {kind}")
        if kind == "timestamptz" and not name.endswith("_at"):
            wrong.append(f"{where} is {kind}")
        if kind == "date" and not (name.endswith("_date") or name in ("as_of", "printed_as_of", "own_as_of")):
            wrong.append(f"{where} is {kind}")
        if kind == "bigint" and not (name.endswith("_count") or name in ("n", "own_n", "denominator")):
            wrong.append(f"{where} is {kind}")
    assert wrong == []


def test_a_count_or_ratio_names_its_unit(columns):
    """In parentheses, as (posts) or (reposts per post); a time says (UTC)."""
    unsaid = [
        where
        for where, column in columns
        if (where.endswith(("_count", "_share")) or RATIO.search(where)) and not UNIT.search(column["description"])
    ]
    assert unsaid == []
    assert [where for where, column in columns if where.endswith("_at") and "(UTC)" not in column["description"]] == []


def test_a_mart_says_its_question_and_its_grain(marts):
    for name, node in marts.items():
        description = " ".join(node["description"].split())
        question, _, rest = description.partition("?")
        assert rest, f"{name} asks nothing"
        assert question[0].isupper(), name
        assert re.search(r"One row per [^.]+\.$", description), f"{name} does not end with its grain"


def test_a_key_is_tested_on_exactly_its_columns(built, marts):
    manifest = json.loads((built(2014).path / "dbt" / "manifest.json").read_text())
    tested = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node["attached_node"]:
            arguments = node["test_metadata"]["kwargs"]
            name = node["attached_node"].split(".")[-1]
            if node["test_metadata"]["name"] == "unique_key":
                tested[name] = arguments["columns"]
            elif node["test_metadata"]["name"] == "unique":
                tested.setdefault(name, [arguments["column_name"]])
    for name, node in marts.items():
        key = node["config"]["meta"]["key"]
        assert set(key) <= set(node["columns"]), name
        assert tested.get(name) == key, f"{name}: the key is {key}, tested is {tested.get(name)}"


def test_the_year_is_the_first_column_of_a_yearly_table(marts):
    for name, node in marts.items():
        is_yearly = name.endswith("_yearly") or name == "backtest"
        assert (next(iter(node["columns"])) == "year") == is_yearly, name


def test_no_model_is_named_after_nothing(models):
    assert [name for name in models if NAMELESS & set(name.split("_"))] == []


def test_an_ending_has_one_type_before_the_marts_too(built):
    """As the database has the columns: a contract is on the marts only."""
    rows = built(2014).query(
        "select table_name || '.' || column_name, data_type from duckdb_columns() where schema_name = 'intermediate'"
    )
    assert len(rows) > 200
    wrong = {}
    for where, data_type in rows:
        kind, name = TABLE_TYPES.get(data_type, data_type.lower()), where.split(".")[1]
        endings = [types for ending, types in PATTERNS.items() if name.endswith(ending)]
        if any(kind not in types for types in endings) or (kind == "boolean") != name.startswith(("is_", "has_")):
            wrong[where] = kind
    assert wrong == MISNAMED


def test_the_grain_names_every_column_of_the_key(marts):
    unnamed = {}
    for name, node in marts.items():
        sentence = " ".join(node["description"].split()).rpartition("One row per ")[2]
        for column in node["config"]["meta"]["key"]:
            own = re.sub(r"_(id|code|date|month|name)$", "", column).replace("_", " ")
            if not re.search(rf"\b{WORDS.get(f'{name}.{column}', own)}\b", sentence):
                unnamed[f"{name}.{column}"] = sentence
    assert unnamed == {}


def readers(mart: str) -> Iterator[str]:
    """Yield who reads a mart: a documented query, another table's expectations, the release."""
    for block in re.findall(r"```sql\n(.*?)```", QUERIES.read_text(encoding="utf-8"), re.DOTALL):
        if re.search(rf"\b{mart}\b", block):
            yield QUERIES.name
    for path in (PROJECT / "expectations" / "suites").glob("*.yml"):
        if path.stem != mart and re.search(rf"\bmarts\.{mart}\b", path.read_text(encoding="utf-8")):
            yield path.name
    for path in (PROJECT / "release").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(rf"\bmarts\.{mart}\b|\b{mart}\.csv\b|\brows\[\"{mart}\"\]", source):
            yield path.name


def test_no_mart_is_without_a_reader(marts):
    assert [name for name in sorted(marts) if not list(readers(name))] == []
