"""Names, grains, units, words and layers: what the manifest says of every model keeps to one meaning for each name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT, read_yaml

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
    "audiences.event_id": "observation",
    "engagement_yearly.term_start_date": "term",
    "groups_yearly.group_type_code": "type of group",
    "missions_yearly.country_code": "sending state",
    "missions_yearly.host_country_code": "host state",
    "people_yearly.holder_id": "person",
    "figures.grain_code": "kind of subject",
    "tenures_yearly.term_start_date": "term",
}
"""The word for a key's column in the sentence on the grain, where it is not the column's own."""
QUERIES = PROJECT / "docs" / "queries.md"

SUITES = PROJECT / "expectations" / "suites"
DBT = PROJECT / "dbt_project"
LAYERS = ("staging", "intermediate", "marts", "reports")
"""Folders of models; a model reads its own layer and those before it."""
OBSERVATIONS = Path("intermediate") / "observations"
"""The folder of models that hold posts, or what platforms show, one by one; those marked ``frontier`` hold few rows."""
JOINS = "int_account_joins"
"""The model of the observations that is made before all others: of profiles, and of the few accounts that the roster
lists by their handles, whose ids say who was in office on which account."""
BY_PEOPLE = {"roster", "by_hand"}
"""Folders of staging that hold what people entered; each of the others is a platform's."""


@pytest.fixture(scope="module")
def models(built) -> dict[str, dict]:
    manifest = json.loads((built.path / "dbt" / "manifest.json").read_text())
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def parents(models) -> dict[str, set[str]]:
    """Give the models that each model reads."""
    return {
        name: {parent.split(".")[-1] for parent in node["depends_on"]["nodes"] if parent.startswith("model.")}
        for name, node in models.items()
    }


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
    manifest = json.loads((built.path / "dbt" / "manifest.json").read_text())
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
        is_yearly = name.endswith("_yearly") or name in ("figures", "backtest")
        assert (next(iter(node["columns"])) == "year") == is_yearly, name


def test_no_model_is_named_after_nothing(models):
    assert [name for name in models if NAMELESS & set(name.split("_"))] == []


def test_an_ending_has_one_type_before_the_marts_too(built):
    """As the database has the columns: a contract is on the marts only."""
    rows = built.query(
        "select table_name || '.' || column_name, data_type from duckdb_columns() "
        "where schema_name in ('intermediate', 'reports')"
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
    for path in SUITES.glob("*.yml"):
        if path.stem != mart and re.search(rf"\bmarts\.{mart}\b", path.read_text(encoding="utf-8")):
            yield path.name
    for path in (PROJECT / "release").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(rf"\bmarts\.{mart}\b|\b{mart}\.csv\b|\brows\[\"{mart}\"\]", source):
            yield path.name


def test_no_mart_is_without_a_reader(marts):
    assert [name for name in sorted(marts) if not list(readers(name))] == []


def described() -> Iterator[tuple[str, str, str]]:
    """Yield every table that dbt makes or reads, its columns and their descriptions, as the YAML files have them."""
    for path in sorted((*(DBT / "models").rglob("*.yml"), *(DBT / "seeds").rglob("*.yml"))):
        file = read_yaml(path)
        landed = (table for source in file.get("sources", ()) for table in source["tables"])
        for table in (*file.get("models", ()), *file.get("seeds", ()), *landed):
            for column in table["columns"]:
                yield table["name"], column["name"], column["description"]


BLOCK_OF = re.compile(r'\{\{ doc\("(\w+)"\) \}\}')
"""What a column takes its description from: a block of words of ``columns.md``."""


def test_one_name_has_one_meaning():
    """Every column takes the block of its own name, or the one for its table, as posts_count__int_captures."""
    tables = {table for table, _, _ in described()}
    wrong = []
    for table, column, text in described():
        found = BLOCK_OF.fullmatch(text)
        name, _, kind = found[1].partition("__") if found else ("", "", "")
        if name != column or (kind and kind not in tables):
            wrong.append((table, column))
    assert wrong == []


def test_a_cell_that_is_never_empty_is_not_said_to_be_empty(columns):
    """Whoever reads that a cell may not be empty must not read in the same row when it is."""
    never = [
        where
        for where, column in columns
        if any(limit["type"] == "not_null" for limit in column["constraints"])
        and re.search(r"\b[Ee]mpty\b", column["description"])
    ]
    assert never == []


def test_every_block_of_words_is_used():
    text = (DBT / "models" / "columns.md").read_text(encoding="utf-8")
    blocks = re.findall(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", text, re.DOTALL)
    names = [name for name, _ in blocks]
    assert names == sorted(set(names))
    assert text.count("{% docs ") == len(blocks)
    assert set(names) == {name for _, _, text in described() for name in BLOCK_OF.findall(text)}
    assert [name for name, words in blocks if not words.strip()] == []


def place(node: dict) -> Path:
    """Return the folder of a model below ``models``."""
    return Path(node["original_file_path"]).relative_to("models").parent


def is_observed(node: dict) -> bool:
    """Whether a model holds what was observed one by one: of the folder, not a few rows made from it."""
    return place(node) == OBSERVATIONS and not node["config"]["meta"].get("frontier")


def is_of_a_platform(node: dict) -> bool:
    """Whether a model stages posts, accounts or lists of a platform, or of all of them."""
    folders = place(node).parts
    return node["name"] == "stg_posts" or (folders[0] == "staging" and len(folders) > 1 and folders[1] not in BY_PEOPLE)


def test_the_platforms_models_are_all_met(models):
    found = {name.rpartition("__")[2] for name, node in models.items() if is_of_a_platform(node)}
    assert found == {"posts", "accounts", "follows", "unavailable", "volumes", "stg_posts"}
    assert {"int_posts", "int_profiles", "int_seen_posts"} <= {n for n, node in models.items() if is_observed(node)}


def test_only_the_frontier_of_the_observations_is_read(models, parents):
    """Everything else stays small: no other model scans the posts, or what a platform shows of each account."""
    read = set()
    for name, node in models.items():
        if place(node).parts[0] == "staging" or place(node) == OBSERVATIONS:
            continue
        if node["config"]["meta"].get("block") != "observations":
            beyond = {other for other in parents[name] if is_observed(models[other]) or is_of_a_platform(models[other])}
            read |= {(name, other) for other in beyond}
    assert read == set()


def test_the_frontier_is_marked_where_it_is(models, parents):
    """A mark is on a model of the folder that another folder or the gate reads, and nowhere else."""
    marked = {name for name, node in models.items() if node["config"]["meta"].get("frontier")}
    assert {name for name in marked if place(models[name]) != OBSERVATIONS} == set()
    read = {other for name, others in parents.items() if place(models[name]) != OBSERVATIONS for other in others}
    gate = "".join(path.read_text(encoding="utf-8") for path in SUITES.glob("*.yml"))
    assert {name for name in marked - read if f"intermediate.{name}" not in gate} == set()
    blocks = {name for name, node in models.items() if node["config"]["meta"].get("block")}
    assert blocks == {"posts_yearly"}


def test_the_observations_lean_on_the_roster_alone(models, parents):
    """What they read beyond their folder does not come from posts itself, nor from what platforms show: but for ids."""

    def origins(name: str) -> set[str]:
        return set() if name == JOINS else {name}.union(*map(origins, parents[name]))

    circles = {
        (name, other, origin)
        for name, node in models.items()
        if place(node) == OBSERVATIONS
        for other in parents[name]
        if place(models[other]) != OBSERVATIONS and place(models[other]).parts[0] != "staging"
        for origin in origins(other)
        if place(models[origin]) == OBSERVATIONS or is_of_a_platform(models[origin])
    }
    assert circles == set()
    assert {name for name in parents[JOINS] if is_observed(models[name])} == {"int_profiles"}


def test_nothing_reads_upward(models, parents):
    layer = {name: LAYERS.index(place(node).parts[0]) for name, node in models.items()}
    assert [(name, other) for name in models for other in parents[name] if layer[other] > layer[name]] == []
    assert set(layer.values()) == set(range(len(LAYERS)))


def test_raw_tables_are_read_in_staging_alone(models):
    """The count of what was landed reads them too, to compare; what is asked of the build, all may read."""
    readers = {
        name
        for name, node in models.items()
        if place(node).parts[0] != "staging"
        and any(
            parent.startswith("source.") and not parent.endswith(".panel") for parent in node["depends_on"]["nodes"]
        )
    }
    assert readers == {"int_conservation"}


def test_one_model_knows_the_year_of_the_panel():
    mention = re.compile(r"\bpanel\.year\b")
    paths = [path for ending in ("sql", "py", "yml") for path in DBT.rglob(f"*.{ending}")]
    assert [path.stem for path in paths if mention.search(path.read_text(encoding="utf-8"))] == ["int_editions"]
