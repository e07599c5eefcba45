"""The networks as GraphML: what the public tables say, no more, and the same bytes for the same rows."""

from io import BytesIO

import networkx as nx
import pytest

from release.describe import tables
from release.graph import NETWORKS, graphml
from release.release import read_rows
from release.tables import connect, write_csv
from tests.conftest import Home

FOLLOWS, MENTIONS = NETWORKS


def node(account_id: str, network: str = "follows", **changes: str) -> dict[str, str]:
    return {
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


def edge(account_id: str, other: str, is_mutual: str = "") -> dict[str, str]:
    return {"account_id": account_id, "followed_account_id": other, "is_mutual": is_mutual, "as_of": "2026-03-01"}


WORLD = {
    "network_nodes_yearly": [
        *(node(f"x:{number}") for number in (3, 1, 2)),
        node("x:1", "mentions"),
        node("bluesky:1"),
    ],
    "follows_yearly": [edge("x:2", "x:1", "true"), edge("x:1", "x:2", "true"), edge("x:1", "x:3"), edge("x:9", "x:1")],
}


def read(text: str) -> nx.DiGraph:
    return nx.read_graphml(BytesIO(text.encode()))


def test_it_is_read_again_as_it_was_with_nodes_that_have_no_edge_and_without_ends_that_are_no_nodes():
    world = {**WORLD, "follows_yearly": [*WORLD["follows_yearly"][:2], edge("x:9", "x:1", "false")]}
    graph = read(graphml(FOLLOWS, world))
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
    graph = read(graphml(FOLLOWS, WORLD))
    assert graph.edges["x:1", "x:3"] == {}
    nodes = [node("x:1", handle=""), node("x:2")]
    graph = read(graphml(FOLLOWS, {"network_nodes_yearly": nodes, "follows_yearly": [edge("x:1", "x:2", "false")]}))
    assert "handle" not in graph.nodes["x:1"]
    assert graph.edges["x:1", "x:2"] == {"is_mutual": False}


def test_the_order_of_rows_does_not_matter():
    turned = {name: rows[::-1] for name, rows in WORLD.items()}
    assert graphml(FOLLOWS, turned) == graphml(FOLLOWS, WORLD)


def test_no_edge_gives_an_empty_graph_that_can_be_read():
    graph = read(graphml(FOLLOWS, {**WORLD, "follows_yearly": []}))
    assert (len(graph), graph.size(), graph.is_directed()) == (0, 0, True)


def test_a_release_has_both_networks(released):
    folder = released.releases / "2014.0.0"
    graph = read((folder / "network_mentions.graphml").read_text())
    rows = read_rows(folder / "mentions_yearly.csv")
    found = {edge[:2]: (edge[2]["posts_count"], edge[2]["replies_count"]) for edge in graph.edges(data=True)}
    assert found == {
        (row["account_id"], row["mentioned_account_id"]): (int(row["posts_count"]), int(row["replies_count"]))
        for row in rows
    }
    assert len(graph) == len(read_rows(folder / "network_nodes_yearly.csv"))
    assert graph.nodes["x:813286"]["handle"] == "BarackObama"
    assert len(read((folder / "network_follows.graphml").read_text())) == 0  # nobody was asked in 2014
    for network in NETWORKS:
        assert f"{network.file_name}: {network.description}" in (folder / "codebook.md").read_text()


def public_graph(home: Home, network, path) -> nx.DiGraph:
    """The graph of what everyone may see of a built database."""
    wanted = {"network_nodes_yearly", network.table}
    found = {}
    with connect(home.database) as connection:
        for table in tables(home.path / "dbt" / "manifest.json"):
            if table.name in wanted:
                write_csv(connection, table.public(), "marts", path / f"{table.name}.csv")
                found[table.name] = read_rows(path / f"{table.name}.csv")
    return read(graphml(network, found))


@pytest.mark.parametrize(
    ("code", "sizes"),
    [
        ("open", [(226, 1), (226, 6)]),
        ("ids_only", [(226, 1), (226, 6)]),
        ("aggregate_only", [(0, 0), (226, 6)]),
        ("not_released", [(0, 0), (0, 0)]),
    ],
)
def test_it_holds_public_rows_alone(built, tmp_path, code, sizes):
    home = built(2014).copy(tmp_path / "data")
    nodes = "marts.network_nodes_yearly"
    home.execute(f"insert into {nodes} select * replace ('follows' as network_code) from {nodes}")
    follow = "2014, 'x', 'x:56443222', 'x:813286', null, '2014-01-01', 's'"
    home.execute(f"insert into marts.follows_yearly values ({follow})")
    home.execute(f"update marts.platforms set redistribution_code = '{code}' where platform_code = 'x'")
    graphs = [public_graph(home, network, tmp_path) for network in NETWORKS]
    assert [(len(graph), graph.size()) for graph in graphs] == sizes
