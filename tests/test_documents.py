"""The documents: their links lead somewhere, and what they say of tables, models and numbers is so."""

import csv
import gzip
import json
import re
from pathlib import Path

import duckdb
import pytest

from release.describe import tables
from tests.conftest import PROJECT, read_yaml

PATHS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "roster/README.md")]
PATHS += sorted((PROJECT / "docs").glob("*.md"))
TEXTS = {path: path.read_text(encoding="utf-8") for path in PATHS}
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


def links(path: Path) -> list[tuple[Path, str]]:
    """Return where a document's links lead: a file here, and the heading in it."""
    found = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", TEXTS[path])
    return [((path.parent / name).resolve() if name else path, heading) for name, heading in found]


def headings(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_every_link_leads_somewhere(path):
    for target, heading in links(path):
        assert target.exists()
        assert not heading or heading in headings(target)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_every_document_is_linked_and_leads_on(path):
    """From the front page and the list of documents to each, and from each back to one of these two."""
    entrances = (PROJECT / "README.md", PROJECT / "docs" / "README.md")
    for entrance in entrances:
        assert path == entrance or path in {target for target, _ in links(entrance)}
    assert {target for target, _ in links(path)} & set(entrances)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_document_that_is_named_is_a_link(path):
    for mention in re.findall(r"`([\w/]+\.md)`", TEXTS[path]):
        assert PROJECT / mention not in PATHS
        assert path.parent / mention not in PATHS


def test_the_front_page_lists_every_table(built):
    section = TEXTS[PROJECT / "README.md"].split("## What a release holds")[1].split("\n## ")[0]
    listed = re.findall(r"^\| (\w+) \|", section, re.MULTILINE)[1:]
    described = tables(built.path / "dbt" / "manifest.json")
    assert sorted(listed) == sorted(table.name for table in described)
    assert {table.name for table in described if table.columns[0].name == "year"} == {
        name for name in listed if name.endswith("_yearly") or name in ("figures", "backtest")
    }


def test_the_query_of_the_front_page_finds_something(built):
    (query,) = re.findall(r"sql\('''(.*?)'''", TEXTS[PROJECT / "README.md"], re.DOTALL)
    with duckdb.connect(str(built.path / "report.duckdb"), read_only=True) as connection:
        assert connection.execute(query).fetchall()


@pytest.mark.parametrize(
    "term",
    [
        *"term tenure assignment cut span stock scope look grain edition panel frontier holder capture".split(),
        "collected period",
    ],
)
def test_the_glossary_has_every_term(term):
    glossary = TEXTS[PROJECT / "docs" / "README.md"].split("## Glossary")[1].split("\n## ")[0]
    assert len(re.findall(rf"^(?:An?|The) \*\*{term}\*\* ", glossary, re.MULTILINE)) == 1


def test_the_number_is_made_as_the_document_says(built):
    text = TEXTS[PROJECT / "docs" / "README.md"].split("## How a number is made")[1]
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
    for said in (
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
        assert said in re.sub(r"\s+", " ", text)
    for model in re.findall(r"`((?:stg|int|figures)_\w+)`", text):
        assert model in SQL


def test_the_frontier_is_the_one_that_the_document_lists():
    section = TEXTS[PROJECT / "docs" / "scale.md"].split("## The frontier")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
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
