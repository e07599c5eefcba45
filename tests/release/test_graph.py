"""The networks as GraphML: what the public tables say, no more, and the same bytes for the same rows."""

import json
from io import BytesIO

import networkx as nx
import pytest

from release.describe import tables
from release.graph import NETWORKS, graphs
from release.tables import connect, read_csv, write_csv
from tests.conftest import Home

FOLLOWS, MENTIONS = NETWORKS


def node(account_id: str, network: str = "follows", **changes: str) -> dict[str, str]:
    return {
        "year": "2014",
        "network_code": network,
        "platform_code": account_id.partition(":")[0],
        "account_id": account_id,
        "handle": f"user{account_id[-1]}",
        "holder_name": "Añe <&> 'Q'",
        "category_code": "head_of_state",
        "country_code": "AAA",
        "in_degree_count": "3",
        **changes,
    }


def edge(account_id: str, other: str, is_mutual: str = "", year: str = "2014") -> dict[str, str]:
    return {"year": year, "account_id": account_id, "followed_account_id": other, "is_mutual": is_mutual}


WORLD = {
    "network_nodes_yearly": [
        *(node(f"x:{number}") for number in (3, 1, 2)),
        node("x:1", "mentions"),
        node("bluesky:1"),
    ],
    "follows_yearly": [edge("x:2", "x:1", "true"), edge("x:1", "x:2", "true"), edge("x:1", "x:3"), edge("x:9", "x:1")],
    "mentions_yearly": [],
}


def read(text: str) -> nx.DiGraph:
    return nx.read_graphml(BytesIO(text.encode()))


def follows(tables: dict[str, list[dict[str, str]]]) -> nx.DiGraph:
    """The one network that the tables hold, of follows in 2014."""
    (found,) = graphs(tables)
    assert found.file_name == "network_follows_2014.graphml"
    return read(found.text)


def test_it_is_read_again_as_it_was_with_nodes_that_have_no_edge_and_without_ends_that_are_no_nodes():
    world = {**WORLD, "follows_yearly": [*WORLD["follows_yearly"][:2], edge("x:9", "x:1", "false")]}
    graph = follows(world)
    assert graph.is_directed()
    assert list(graph.edges(data=True)) == [("x:1", "x:2", {"is_mutual": True}), ("x:2", "x:1", {"is_mutual": True})]
    assert list(graph) == ["x:1", "x:2", "x:3"]
    assert graph.nodes["x:1"] == {
        "handle": "user1",
        "platform_code": "x",
        "holder_name": "Añe <&> 'Q'",
        "category_code": "head_of_state",
        "country_code": "AAA",
    }


def test_what_is_unknown_is_left_out():
    graph = follows(WORLD)
    assert graph.edges["x:1", "x:3"] == {}
    nodes = [node("x:1", handle=""), node("x:2")]
    graph = follows({**WORLD, "network_nodes_yearly": nodes, "follows_yearly": [edge("x:1", "x:2", "false")]})
    assert "handle" not in graph.nodes["x:1"]
    assert graph.edges["x:1", "x:2"] == {"is_mutual": False}


def test_what_xml_has_no_place_for_leaves_the_file_readable():
    control = "".join(map(chr, (0, 8, 11, 12, 13, 27, 127, 133, 0xFFFE, 0xFFFF)))
    nodes = [node("x:1", handle=f"a{control}b"), node(f"x:{control}2")]
    graph = follows({**WORLD, "network_nodes_yearly": nodes, "follows_yearly": [edge("x:1", f"x:{control}2")]})
    assert graph.nodes["x:1"]["handle"] == f"a{10 * chr(0xFFFD)}b"
    assert list(graph.edges) == [("x:1", f"x:{10 * chr(0xFFFD)}2")]


def test_the_order_of_rows_does_not_matter():
    turned = {name: rows[::-1] for name, rows in WORLD.items()}
    assert list(graphs(turned)) == list(graphs(WORLD))


def test_no_edge_gives_no_graph():
    assert list(graphs({**WORLD, "follows_yearly": []})) == []


def test_each_edition_with_nodes_has_a_graph_of_its_own():
    world = {
        "network_nodes_yearly": [
            *(
                node(account, network, year=year)
                for account, network, year in (
                    ("x:1", "follows", "2013"),
                    ("x:2", "follows", "2013"),
                    ("x:1", "mentions", "2013"),
                    ("x:1", "follows", "2014"),
                    ("x:2", "follows", "2014"),
                    ("x:3", "follows", "2014"),
                    ("x:1", "mentions", "2014"),
                    ("x:2", "mentions", "2014"),
                )
            ),
        ],
        "follows_yearly": [edge("x:1", "x:2", year="2014"), edge("x:2", "x:1", year="2013"), edge("x:3", "x:1")],
        "mentions_yearly": [
            {
                "year": "2014",
                "account_id": "x:2",
                "mentioned_account_id": "x:1",
                "mentioning_posts_count": "2",
                "replies_count": "",
            }
        ],
    }
    found = {graph.file_name: read(graph.text) for graph in graphs(world)}
    assert {name: sorted(graph.edges) for name, graph in found.items()} == {
        "network_follows_2013.graphml": [("x:2", "x:1")],
        "network_follows_2014.graphml": [("x:1", "x:2"), ("x:3", "x:1")],
        "network_mentions_2014.graphml": [("x:2", "x:1")],
    }
    assert found["network_mentions_2014.graphml"].edges["x:2", "x:1"] == {"mentioning_posts_count": 2}


def test_a_release_has_a_file_of_each_network_and_edition_with_nodes(released):
    """Nobody was asked whom they follow."""
    folder = released.releases / "2017.0.0"
    files = sorted(path.name for path in folder.glob("*.graphml"))
    assert "network_mentions_2014.graphml" in files
    edges = {row["year"] for row in read_csv(folder / "mentions_yearly.csv")}
    assert set(files) <= {f"network_mentions_{year}.graphml" for year in edges}
    codebook = (folder / "codebook.md").read_text()
    assert f"{', '.join(files)}: {MENTIONS.description}" in codebook
    assert f"follows: no edition has nodes: {FOLLOWS.description}" in codebook
    listed = {each["path"]: each for each in json.loads((folder / "datapackage.json").read_text())["resources"]}
    assert sorted(path for path in listed if path.endswith(".graphml")) == files
    assert listed["network_mentions_2014.graphml"]["description"] == f"The edition of 2014. {MENTIONS.description}"


def test_a_graph_of_a_release_is_what_its_tables_say(released):
    folder = released.releases / "2017.0.0"
    graph = read((folder / "network_mentions_2014.graphml").read_text())
    rows = [row for row in read_csv(folder / "mentions_yearly.csv") if row["year"] == "2014"]
    found = {edge[:2]: (edge[2]["mentioning_posts_count"], edge[2]["replies_count"]) for edge in graph.edges(data=True)}
    assert found == {
        (row["account_id"], row["mentioned_account_id"]): (
            int(row["mentioning_posts_count"]),
            int(row["replies_count"]),
        )
        for row in rows
    }
    nodes = list(read_csv(folder / "network_nodes_yearly.csv"))
    assert len(graph) == sum((row["year"], row["network_code"]) == ("2014", "mentions") for row in nodes)
    assert graph.nodes["x:813286"]["handle"] == "BarackObama"


def public_graphs(home: Home, path) -> dict[str, nx.DiGraph]:
    """The graphs of what everyone may see of a built database: file name -> graph."""
    wanted = {"network_nodes_yearly", *(network.table for network in NETWORKS)}
    found = {}
    with connect(home.database) as connection:
        for table in tables(home.path / "dbt" / "manifest.json"):
            if table.name in wanted:
                write_csv(connection, table.public(), "marts", path / f"{table.name}.csv")
                found[table.name] = list(read_csv(path / f"{table.name}.csv"))
    return {graph.file_name: read(graph.text) for graph in graphs(found)}


@pytest.mark.parametrize(
    ("code", "sizes"),
    [
        ("open", {"follows": (226, 1), "mentions": (226, 6)}),
        ("ids_only", {"follows": (226, 1), "mentions": (226, 6)}),
        ("aggregate_only", {"mentions": (226, 6)}),
        ("not_released", {}),
    ],
)
def test_it_holds_public_rows_alone(built, tmp_path, code, sizes):
    home = built.copy(tmp_path / "data")
    nodes = "marts.network_nodes_yearly"
    home.execute(f"insert into {nodes} select * replace ('follows' as network_code) from {nodes} where year = 2014")
    follow = "2014, 'x', 'x:56443222', 'x:813286', null, '2014-01-01', 's'"
    home.execute(f"insert into marts.follows_yearly values ({follow})")
    home.execute(f"update marts.platforms set redistribution_code = '{code}' where platform_code = 'x'")
    found = public_graphs(home, tmp_path)
    of_2014 = {name.split("_")[1]: (len(graph), graph.size()) for name, graph in found.items() if "2014" in name}
    assert of_2014 == sizes
