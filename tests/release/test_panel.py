"""A release holds a panel: its version, what it is compared with and what it says, over small tables made by hand."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from release.cut import Cut, editions
from release.describe import SYNTHETIC, Column, Table
from release.headlines import headlines
from release.package import checksums
from release.release import Release, release

PASSED = {"verdict": "passed", "checks": []}
NODE = "handle platform_code country_code holder_name category_code"
SHAPES = {
    "figures": (
        "year metric_id metric_name platform_code grain_code subject scope value n unit as_of",
        ("year", "metric_id", "grain_code"),
    ),
    "known_holders_yearly": (
        "year leading_office_code un_members_count known_at_end_count",
        ("year", "leading_office_code"),
    ),
    "backtest": ("year figure_id comparison_code verdict", ("year", "figure_id", "comparison_code")),
    "follows_yearly": (
        "year account_id followed_account_id is_mutual",
        ("year", "account_id", "followed_account_id"),
    ),
    "mentions_yearly": (
        "year account_id mentioned_account_id mentioning_posts_count replies_count source_id",
        ("year", "account_id", "mentioned_account_id"),
    ),
    "metrics": ("metric_id metric_name unit method_version formula found_in reason", ("metric_id",)),
    "network_nodes_yearly": (f"year network_code account_id {NODE}", ("year", "network_code", "account_id")),
    "sources": ("source_id citation url", ("source_id",)),
}
TYPES = {"year": "integer", "value": "decimal(38,9)", "n": "bigint", "mentioning_posts_count": "bigint"}
TABLES = [
    Table(
        name,
        f"Table {name}.",
        key,
        tuple(
            Column(column, TYPES.get(column, "varchar"), f"Column {column}.", is_nullable=True, is_public=True)
            for column in columns.split()
        ),
    )
    for name, (columns, key) in SHAPES.items()
]


def rows(year: int, countries: str) -> dict[str, list[tuple]]:
    """The rows of one edition: two accounts, of which one speaks of the other."""
    figure = (year, "C02", "Countries present", "x", "world", "world", "in_office", countries, 195, "states", None)
    nodes = [(year, "mentions", f"x:{number}", "user", "x", "AAA", "Holder", "head_of_state") for number in (1, 2)]
    return {
        "known_holders_yearly": [(year, "head_of_state", 193, 61)],
        "figures": [figure, (year, "T05", "Posts", "x", "person", "someone", "in_office", "7", 1, "posts", None)],
        "mentions_yearly": [(year, "x:1", "x:2", 3, None, "tweets looks")],
        "network_nodes_yearly": nodes,
    }


class Panel:
    """A folder with a database made by hand and the releases made of it."""

    def __init__(self, folder: Path):
        self.database, self.releases = folder / "twiplomacy.duckdb", folder / "releases"

    def hold(self, countries: dict[int, str]) -> None:
        """Make the tables anew: edition -> states that are present in it."""
        self.database.unlink(missing_ok=True)
        with duckdb.connect(str(self.database)) as connection:
            connection.execute("create schema marts; create schema intermediate")
            connection.execute("create table intermediate.int_editions (year integer)")
            for table in TABLES:
                columns = ", ".join(f"{column.name} {column.data_type}" for column in table.columns)
                connection.execute(f"create table marts.{table.name} ({columns})")
            connection.execute("insert into marts.metrics values ('C02', 'm', 'states', '1', 'f', 'figures', null)")
            connection.execute(
                "insert into marts.sources values"
                " ('looks', 'Of looks', 'u'), ('tweets', 'Of tweets', 'u'), ('unused', 'Of nothing', 'u')"
            )
            for year, value in countries.items():
                connection.execute("insert into intermediate.int_editions values (?)", [year])
                for name, found in rows(year, value).items():
                    connection.executemany(f"insert into marts.{name} values ({', '.join('?' * len(found[0]))})", found)

    def release(self, tables: list[Table] = TABLES, is_synthetic: bool = False) -> Release:
        years = editions(self.database)
        cut = Cut(
            is_synthetic=is_synthetic,
            year=years[-1],
            editions=years,
            position=3,
            chain="0" * 64,
            events=9,
            recorded_date="2018-01-01",
            code="0" * 64,
        )
        described = [table.as_synthetic() for table in tables] if is_synthetic else tables
        return release(self.database, described, cut, PASSED, self.releases)

    def versions(self) -> list[str]:
        return sorted(path.name for path in self.releases.iterdir())

    def former(self, version: str) -> None:
        """Put a release of the former form, one edition alone, beside the others."""
        folder = self.releases / version
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"version": version, "compared_with": []}))
        (folder / "SHA256SUMS").write_text(checksums(folder))


@pytest.fixture
def panel(tmp_path) -> Panel:
    return Panel(tmp_path)


def changes_of(made: Release) -> list[list[str]]:
    with (made.path / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def said(made: Release, name: str) -> dict:
    return json.loads((made.path / name).read_text(encoding="utf-8"))


def compared_with(made: Release) -> list[str]:
    return [other["version"] for other in said(made, "manifest.json")["compared_with"]]


ADDED = [
    ["2013.0.0", "figures", "year=2014", "", "edition_added", "", "2", ""],
    ["2013.0.0", "known_holders_yearly", "year=2014", "", "edition_added", "", "1", ""],
    ["2013.0.0", "mentions_yearly", "year=2014", "", "edition_added", "", "1", ""],
    ["2013.0.0", "network_nodes_yearly", "year=2014", "", "edition_added", "", "2", ""],
]


def test_the_first_panel_is_compared_with_nothing(panel):
    panel.hold({2012: "100", 2013: "120"})
    made = panel.release()
    assert (made.path.name, made.is_new, compared_with(made), changes_of(made)) == ("2013.0.0", True, [], [])


def test_a_new_edition_is_a_row_per_table_and_what_was_restated_is_told_cell_by_cell(panel):
    panel.hold({2012: "100", 2013: "120"})
    panel.release()
    panel.hold({2012: "100", 2013: "121.5", 2014: "142"})
    made = panel.release()
    restated = ["2013.0.0", "figures", "year=2013; metric_id=C02; grain_code=world", "value", "value_changed"]
    assert changes_of(made) == [[*restated, "120.000000000", "121.500000000", "1.5"], *ADDED]
    assert (made.path.name, compared_with(made)) == ("2014.0.0", ["2013.0.0"])


def test_it_is_compared_with_the_newest_version_before_it_alone(panel):
    panel.hold({2012: "100", 2013: "120"})
    panel.release()
    panel.hold({2012: "100", 2013: "121"})
    assert panel.release().path.name == "2013.0.1"
    panel.hold({2012: "100", 2013: "121", 2014: "142"})
    assert compared_with(panel.release()) == ["2013.0.1"]
    panel.hold({2012: "100", 2013: "122"})
    made = panel.release()
    assert (made.path.name, compared_with(made)) == ("2013.0.2", ["2013.0.1"])
    assert [row[5:] for row in changes_of(made)] == [["121.000000000", "122.000000000", "1"]]


def test_an_edition_that_went_is_told_too(panel):
    panel.hold({2012: "100", 2013: "120"})
    panel.release()
    panel.hold({2013: "120"})
    made = panel.release()
    assert made.path.name == "2013.0.1"
    assert next(row[1:] for row in changes_of(made)) == ["figures", "year=2012", "", "edition_removed", "2", "", ""]
    assert {row[4] for row in changes_of(made)} == {"edition_removed"}


def test_a_second_release_writes_nothing(panel):
    panel.hold({2012: "100", 2013: "120"})
    panel.release()
    made = panel.release()
    assert (made.path.name, made.is_new, panel.versions()) == ("2013.0.0", False, ["2013.0.0"])


def test_releases_of_one_edition_alone_are_not_compared_with_and_keep_their_versions(panel):
    for version in ("2012.0.0", "2013.0.0", "2013.0.1"):
        panel.former(version)
    panel.hold({2012: "100", 2013: "120"})
    made = panel.release()
    assert (made.path.name, compared_with(made), changes_of(made)) == ("2013.1.0", [], [])
    assert panel.release().is_new is False
    panel.hold({2012: "100", 2013: "121"})
    assert panel.release().path.name == "2013.1.1"


@pytest.mark.parametrize("is_column", [False, True])
def test_another_description_is_another_version_without_changes(panel, is_column):
    panel.hold({2013: "120"})
    panel.release()
    (column, *others), other = TABLES[0].columns, "Said in other words."
    described = (
        replace(TABLES[0], columns=(replace(column, description=other), *others))
        if is_column
        else replace(TABLES[0], description=other)
    )
    made = panel.release([described, *TABLES[1:]])
    assert (made.path.name, changes_of(made)) == ("2013.0.1", [])
    assert other in (made.path / "codebook.md").read_text()
    assert panel.release([described, *TABLES[1:]]).is_new is False


@pytest.mark.parametrize("tables", [TABLES[1:], [replace(TABLES[0], columns=TABLES[0].columns[:-1]), *TABLES[1:]]])
def test_a_table_or_column_that_went_raises_minor(panel, tables):
    panel.hold({2013: "120"})
    panel.release()
    made = panel.release(tables)
    assert made.path.name == "2013.1.0"
    ((table, row_key, _, code),) = [row[1:5] for row in changes_of(made)]
    assert (table, row_key, code) == ("figures", "", "table_removed" if tables == TABLES[1:] else "column_removed")


@pytest.mark.parametrize(
    ("countries", "years"), [({2013: "120"}, "2013"), ({2012: "100", 2013: "120", 2014: "142"}, "2012 to 2014")]
)
def test_every_paper_says_which_editions_it_is_about(panel, countries, years):
    panel.hold(countries)
    made = panel.release()
    assert said(made, "datapackage.json")["title"] == f"The open Twiplomacy dataset, {years}"
    citation = yaml.safe_load((made.path / "CITATION.cff").read_text())
    assert citation["title"] == f"The open Twiplomacy dataset, {years}"
    assert (made.path / "codebook.md").read_text().startswith(f"# Codebook of The open Twiplomacy dataset, {years}, ")
    assert said(made, "manifest.json")["editions"] == said(made, "cut.json")["editions"] == list(countries)
    assert sorted(path.name for path in made.path.glob("*.graphml")) == [
        f"network_mentions_{year}.graphml" for year in countries
    ]


def test_the_papers_count_the_rows_and_cite_what_the_rows_name(panel):
    panel.hold({2012: "100", 2013: "120"})
    made = panel.release()
    counts = {name: table["rows"] for name, table in said(made, "manifest.json")["tables"].items()}
    assert counts == {
        "backtest": 0,
        "figures": 4,
        "follows_yearly": 0,
        "known_holders_yearly": 2,
        "mentions_yearly": 2,
        "metrics": 1,
        "network_nodes_yearly": 4,
        "sources": 3,
    }
    assert [source["title"] for source in said(made, "datapackage.json")["sources"]] == ["Of looks", "Of tweets"]


def test_the_headlines_are_the_world_in_the_newest_edition(panel):
    panel.hold({2012: "100", 2013: "120"})
    first, head, *lines = headlines(panel.release().path)
    assert first == "2013.0.0 holds the editions of 2012, 2013; the world in 2013:"
    assert head.split()[:3] == ["platform", "metric", "value"]
    line, known = lines
    assert known == "head of state: the holder at the end of 2013 is known for 61 of 193 members of the United Nations"
    assert line.split() == ["x", "Countries", "present", "120", "195", "in_office"]


def test_the_headlines_say_what_the_back_test_proves(panel):
    panel.hold({2012: "100"})
    printed = [
        ("f1", "audience", "match"),
        ("f2", "audience", "differs"),
        ("f2", "published", "inconsistent_source"),
        ("f3", "published", "match"),
        ("f4", "presence", "same_source"),
        ("f5", "presence", "scope_differs"),
        ("f6", "presence", "not_comparable"),
        ("f7", "none", "not_comparable"),
    ]
    with duckdb.connect(str(panel.database)) as connection:
        connection.executemany("insert into marts.backtest values (2012, ?, ?, ?)", printed)
    said = [" ".join(line.split()) for line in headlines(panel.release().path)][-6:]
    assert said == [
        "back-test: 7 figures were printed; 5 are compared, in 6 comparisons:",
        "1 have the same source and prove nothing",
        "2 test our own data: 1 match, 1 differ",
        "1 mean something else than ours",
        "2 compare two printed figures, and test what was printed only",
        "2 figures can not be compared; the table says why of each",
    ]


def test_a_synthetic_panel_says_so_and_counts_for_itself(panel):
    panel.hold({2012: "100", 2013: "120"})
    panel.release()
    panel.hold({2012: "100", 2013: "120", 2014: "142"})
    made = panel.release(is_synthetic=True)
    assert (made.path.name, compared_with(made)) == ("2014.0.0-synthetic", [])
    title = "Synthetic data in the form of The open Twiplomacy dataset, 2012 to 2014"
    assert said(made, "datapackage.json")["title"] == title
    assert next(headlines(made.path)) == SYNTHETIC
    assert compared_with(panel.release()) == ["2013.0.0"]


def test_the_codebook_is_plain_text_whatever_is_described(panel):
    panel.hold({2013: "120"})
    with duckdb.connect(str(panel.database)) as connection:
        connection.execute("update marts.metrics set formula = '<script>a|b</script>'")
    described = [replace(TABLES[0], description="<img src=x> One row per a | b."), *TABLES[1:]]
    text = (panel.release(described).path / "codebook.md").read_text()
    assert "| C02 | m | states | 1 | &lt;script>a\\|b&lt;/script> | figures |" in text
    assert "&lt;img src=x> One row per a \\| b." in text
    assert "<" not in text
