"""The documents: their links lead somewhere, and what they say about files, commands, tables and numbers is true."""

import csv
import gzip
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest
from typer.main import get_command

from docs import generate
from ingestion.log.segments import lines
from release.describe import tables
from tests.conftest import PROJECT, read_yaml
from twiplomacy.cli import app
from twiplomacy.settings import PREFIX, Settings

DOCS = PROJECT / "docs"
PATHS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "roster/README.md")]
PATHS += sorted(DOCS.rglob("*.md"))
TEXTS = {path: path.read_text(encoding="utf-8") for path in PATHS}
PAGES = generate.pages()
MODELS = PROJECT / "dbt_project" / "models"
SQL = {path.stem: path.read_text(encoding="utf-8") for path in MODELS.rglob("*.sql")}
META = {
    model["name"]: model.get("config", {}).get("meta", {})
    for path in MODELS.rglob("*.yml")
    for model in read_yaml(path).get("models", [])
}
BLOCK = {path.stem for path in (MODELS / "intermediate" / "observations").glob("*.sql")}
BLOCK |= {name for name, meta in META.items() if meta.get("block") == "observations"}
FRONTIER = {name for name, meta in META.items() if meta.get("frontier")}


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def links(path: Path) -> set[tuple[Path, str]]:
    """Return where a document's links lead: a file here, and the anchor in it."""
    found = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", TEXTS.get(path, ""))
    return {((path.parent / name).resolve() if name else path, anchor) for name, anchor in found}


def section(path: Path, heading: str) -> str:
    """Return the text below a heading of a document."""
    return TEXTS[path].split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_the_generated_pages_are_those_of_the_code():
    """If not, run ``make docs`` and commit what it writes."""
    written = {
        path.relative_to(DOCS).as_posix() for folder in ("metrics", "tables") for path in DOCS.glob(f"{folder}/*")
    }
    assert written <= set(PAGES)
    for name, text in PAGES.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


def test_the_site_is_built_without_a_dead_link_and_asks_nobody(tmp_path):
    """A link that leads nowhere, an anchor that is not there, and a page in no list are errors."""
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "--keep-going", "-c", "docs", "-b", "html", "."]
    done = subprocess.run([*command, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 'id="e01-reposts-per-original-post"' in (tmp_path / "docs/metrics/engagement.html").read_text()
    for page in tmp_path.rglob("*.html"):
        assert not re.search(r"<(?:script|link|img|iframe)[^>]*=\"(?:https?:)?//", page.read_text()), page


@pytest.mark.parametrize(
    ("name", "anchor"),
    [
        ("docs/metrics/engagement.md", "e01-reposts-per-original-post"),
        ("docs/rules.md", "a-day-that-two-holders-share"),
        ("docs/recipes.md", "add-a-platform"),
    ],
)
def test_a_stranger_finds_it_with_two_clicks_from_the_front_page(name, anchor):
    front = PROJECT / "README.md"
    first = {front} | {path for path, _ in links(front)}
    assert (PROJECT / name, anchor) in set().union(*map(links, first))
    assert anchor in {generate.slug(title) for title in re.findall(r"^#+ (.*)$", TEXTS[PROJECT / name], re.MULTILINE)}


def test_every_document_is_at_most_three_clicks_from_the_front_page():
    known = {PROJECT / "README.md"}
    for _ in range(3):
        known |= {path for document in known for path, _ in links(document)}
    assert set(PATHS) <= known


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_document_that_is_named_is_a_link(path):
    for mention in re.findall(r"`([\w/]+\.md)`", TEXTS[path]):
        assert PROJECT / mention not in PATHS
        assert path.parent / mention not in PATHS


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_what_a_document_names_is_there(path):
    """Files, commands, targets of the Makefile and variables, as far as their names have no blank in them."""
    tops = "|".join(re.escape(entry.name) for entry in PROJECT.iterdir() if entry.name not in ("data", "releases"))
    for name in re.findall(rf"`((?:{tops})/[\w./-]+)`", TEXTS[path]):
        if not re.search("NAME|FAMILY|PLATFORM|^roster/exclusions.csv$", name):
            assert (PROJECT / name).exists(), name
    verbs = {name.split()[1] for name, _ in generate.commands(get_command(app), "twiplomacy")}
    assert set(re.findall(r"(?:bin/|`)twiplomacy ([a-z]+)", TEXTS[path])) <= verbs
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`| {4})make ([a-z-]+)", TEXTS[path])) <= targets
    variables = {PREFIX + name.upper() for name in Settings.model_fields} | {f"{PREFIX}ENV_FILE"}
    if path.name != "CHANGELOG.md":
        assert set(re.findall(r"`(TWIPLOMACY_\w+)[`=]", TEXTS[path])) <= variables


def test_the_tables_are_those_of_a_release(built):
    described = {table.name for table in tables(built.path / "dbt" / "manifest.json")}
    assert {f"tables/{name}.md" for name in described | {"README"}} == {page for page in PAGES if "tables/" in page}
    assert (
        set(re.findall(r"^\| \[(\w+)\]", section(PROJECT / "README.md", "What a release holds"), re.MULTILINE))
        <= described
    )


def test_columns_have_the_endings_and_beginnings_that_the_document_lists():
    types = {
        column["name"]: column["data_type"]
        for _, model in generate.models()
        if "key" in model["config"]["meta"]
        for column in model["columns"]
    }
    listed: set[str] = set()
    for heading in ("Endings of columns", "Beginnings of columns"):
        for words, kinds, _, examples in re.findall(
            r"^\| (`.*?) \| (.*?) \| (.*?) \| (.*?) \|$", section(DOCS / "naming.md", heading), re.MULTILINE
        ):
            for example in re.findall(r"`(\w+)`", examples):
                assert any(word in example for word in re.findall(r"`(\w+)`", words)), example
                assert types[example] in kinds or "that of the column" in kinds, example
            for word in re.findall(r"`(\w+)`", words):
                listed |= {name for name in types if re.search(f"{word}$|^{word}|_per_", name)}
    own = set(re.findall(r"`(\w+)`", section(DOCS / "naming.md", "Columns with a name of their own")))
    assert set(types) <= listed | own


@pytest.mark.parametrize("column", ["partial_reason", "unranked_reason"])
def test_the_rules_have_every_reason(column):
    """Those that the column's description names; a reason is a word before a parenthesis or at the end."""
    description = re.search(rf"docs {column} %}}(.*?){{%", (MODELS / "columns.md").read_text(), re.DOTALL)[1]
    listed = re.findall(r"^\| `(\w+)` \|", TEXTS[DOCS / "rules.md"], re.MULTILINE)
    assert set(re.findall(r"\b([a-z_]+) \(", description)) <= set(listed)


def test_the_picture_names_the_packages_as_they_import_each_other():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    picture = (DOCS / "architecture.svg").read_text()
    assert all(f"{package}/" in picture for package in contracts["root_packages"])
    rules, lines = section(DOCS / "architecture.md", "Who may import whom"), contracts["contracts"]
    rooms = re.findall(r"\w+", " ".join(next(c["layers"] for c in lines if c.get("containers") == ["ingestion"])))
    assert [word for word in re.findall(r"`(\w+)`", rules[rules.index("3. ") :]) if word in rooms] == rooms


def test_the_query_of_the_front_page_finds_something(built):
    (query,) = re.findall(r"sql\('''(.*?)'''", TEXTS[PROJECT / "README.md"], re.DOTALL)
    with duckdb.connect(str(built.path / "report.duckdb"), read_only=True) as connection:
        assert connection.execute(query).fetchall()


@pytest.mark.parametrize(
    "term",
    [
        *"term tenure assignment cut span stock scope search grain edition panel frontier holder head capture".split(),
        *"state peer register study partial baseline bound quarantine list erasure excluded tombstone".split(),
        "collected period",
        "listed account",
        "printed figure",
    ],
)
def test_the_glossary_has_every_term(term):
    assert TEXTS[DOCS / "glossary.md"].count(f"\n### {term.capitalize()}\n") == 1


def test_the_number_is_made_as_the_document_says(built):
    text = TEXTS[DOCS / "how_a_number_is_made.md"]
    post, account = "x:478816620119621632", "x:726748106"
    archive, line = PROJECT / "roster/observations/world-leader-vis-2017/JDMahama.jsonl.gz", 650
    with gzip.open(archive, "rt", encoding="utf-8") as file:
        assert post.removeprefix("x:") in file.read().splitlines()[line - 1]
    ((event_id, position, year, is_reply, tenure_id),) = built.query(f"""
        select seen.event_id, seen.ledger_position, year, is_reply_to_other, tenure_id
        from intermediate.int_seen_posts as seen inner join intermediate.int_posts using (post_id)
        where post_id = '{post}' and is_in_office
    """)
    assert (position, year, is_reply) == (4, 2014, True)
    ((posts, replies),) = built.query(f"""
        select posts_count, replies_to_others_count from intermediate.int_tenure_counts
        where year = {year} and tenure_id = '{tenure_id}'
    """)
    ((captured, counted, begun),) = built.query(f"""
        select captures.posts_count, lifetime_posts_count, span_start_at::date
        from intermediate.int_captures as captures
        inner join intermediate.int_account_sightings using (account_id, source_id, observed_date)
        inner join intermediate.int_collected_spans using (account_id, source_id)
        where account_id = '{account}'
    """)
    ((days, reason),) = built.query(f"""
        select days_count, partial_reason from intermediate.int_tenure_spans
        where year = {year} and tenure_id = '{tenure_id}'
    """)
    ((share,),) = built.query(f"""
        select reply_share from marts.tenures_yearly
        where year = {year} and account_id = '{account}'
    """)
    ((rank, ranked, previous_rank, previous_value),) = built.query(f"""
        select rank, ranked_count, previous_rank, previous_value from marts.figures
        where year = {year} and metric_id = 'V01' and grain_code = 'account' and scope = 'in_office'
            and subject = '{account}'
    """)
    ((observations,),) = built.query("select count(*) from intermediate.int_post_observations")
    ((kept,),) = built.query("select count(*) from intermediate.int_seen_posts")
    assert (days, reason, begun.isoformat()) == (365, None, "2012-07-30")
    assert (rank, ranked, previous_rank) == (2, 3, 1)
    shown = json.loads(text.split("```json")[1].split("```")[0])
    segments = (built.path / "log" / "segments").glob("world-leader-vis-2017-*")
    assert shown in (json.loads(row) for path in segments for row in lines(path) if event_id.encode() in row)
    for words in (
        post,
        account,
        f"Line {line} of",
        event_id[:12],
        f"segment {position} of the log",
        f"{kept:,} posts of {observations:,} observations",
        f"{posts}, of which {replies} are such replies",
        f"{captured:,} posts",
        f"counts {counted:,}",
        f"{replies} / {posts} = {share}",
        f"{previous_value}",
    ):
        assert words in re.sub(r"\s+", " ", text)
    for model in re.findall(r"`((?:stg|int|figures)_\w+)`", text):
        assert model in SQL


def test_the_frontier_is_the_one_that_the_document_lists():
    rows = [line.split("|")[2] for line in section(DOCS / "scale.md", "The frontier").splitlines() if line[:2] == "| "]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(FRONTIER)


@pytest.fixture(scope="module")
def parents(built) -> dict[str, set[str]]:
    """Give the models and seeds that each model reads, by macros too."""
    nodes = json.loads((built.path / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    return {
        node["name"]: {nodes[key]["name"] for key in node["depends_on"]["nodes"] if key in nodes}
        for node in nodes.values()
        if node["resource_type"] == "model"
    }


def test_a_page_names_the_models_that_its_sql_reads(parents):
    for path, model in generate.models():
        read = {file.stem for file in generate.reads(path.with_suffix(".sql"))}
        assert read <= parents[model["name"]], path


def test_what_comes_after_the_frontier_reads_no_more_of_the_block(parents):
    of_posts = {name for name in parents if re.match(r"stg_(?!roster|by_hand|timelines|collections)", name)}
    for name, read in parents.items():
        if name not in BLOCK and not name.startswith("stg_"):
            assert not read & (BLOCK - FRONTIER | of_posts), name


def test_the_block_reads_nothing_that_comes_after_the_frontier(parents):
    first = "int_account_joins"  # made of profiles before all else, as the document says

    def before(name: str) -> set[str]:
        return set().union(*({parent} | before(parent) for parent in parents.get(name, ()) if parent != first))

    assert parents[first] & BLOCK == {"int_profiles"}
    outside = set().union(*(parents[name] for name in BLOCK)) - BLOCK
    assert not set().union(*map(before, outside)) & BLOCK


def test_examples_in_descriptions_are_invented():
    """Descriptions are in each release; whoever is erased must not stay in them."""
    with (PROJECT / "roster" / "accounts.csv").open(newline="") as file:
        accounts = {row["account_id"] for row in csv.DictReader(file)}
    for path in [*MODELS.rglob("*.yml"), *MODELS.rglob("*.md")]:
        words = set(re.findall(r"[a-z_]+:[^\s/,;.]+", path.read_text(encoding="utf-8")))
        assert words.isdisjoint(accounts), path
