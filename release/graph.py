"""The networks as GraphML, for programs that draw and measure graphs: one document per network and edition.

The documents hold only what the public tables do. Accounts of a platform whose edges are not public are left out, as
they would look like accounts without any.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from release.describe import SYNTHETIC

Row = Mapping[str, str]
Value = str | int | bool

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
NODE_COLUMNS = ("handle", "platform_code", "country_code", "holder_name", "category_code")


@dataclass(frozen=True, slots=True)
class Network:
    """One network and the table of its edges.

    Attributes:
        code: its ``network_code``.
        table: the table whose rows are the edges; each begins at ``account_id``.
        target: the column of the account at which an edge ends.
        columns: the attributes of an edge.
        verb: what an edge means, e.g. follows.
    """

    code: str
    table: str
    target: str
    columns: tuple[str, ...]
    verb: str

    @property
    def description(self) -> str:
        """Describe its files in words."""
        return (
            f"Who {self.verb} whom, as a directed graph. Each row of {self.table} of the edition between two accounts "
            f"of network_nodes_yearly is an edge, with {' and '.join(self.columns)} unless unknown. Nodes are accounts "
            f"by account_id, with {', '.join(NODE_COLUMNS)}. Accounts of a platform without a public edge are left "
            "out. An edition without nodes has no file: networks_yearly says whether there was nothing or nobody "
            "looked."
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """One network in one edition.

    Attributes:
        network: which one.
        year: the edition.
        text: the GraphML document.
    """

    network: Network
    year: int
    text: str

    @property
    def file_name(self) -> str:
        """The name of its file in a release."""
        return f"network_{self.network.code}_{self.year}.graphml"

    @property
    def description(self) -> str:
        """Describe the file in words."""
        return f"The edition of {self.year}. {self.network.description}"


NETWORKS = (
    Network("follows", "follows_yearly", "followed_account_id", ("is_mutual",), "follows"),
    Network(
        "mentions", "mentions_yearly", "mentioned_account_id", ("mentioning_posts_count", "replies_count"), "mentions"
    ),
)


def graphs(tables: Mapping[str, Sequence[Row]], is_synthetic: bool = False) -> Iterator[Graph]:
    """Yield every network in every edition in which it has nodes; the order of the rows does not matter.

    Args:
        tables: rows of ``network_nodes_yearly`` and of each network's own table.
        is_synthetic: whether they are made up; then each document begins with the notice.
    """
    years = sorted({row["year"] for row in tables["network_nodes_yearly"]})
    for network in NETWORKS:
        for year in years:
            nodes, edges = (
                [_readable(row) for row in tables[name] if row["year"] == year]
                for name in ("network_nodes_yearly", network.table)
            )
            graph = _directed(network, nodes, edges)
            if graph:
                yield Graph(network, int(year), _document(graph, is_synthetic))


def _directed(network: Network, node_rows: Iterable[Row], edge_rows: Iterable[Row]) -> "nx.DiGraph[str]":
    nodes = {row["account_id"]: row for row in node_rows if row["network_code"] == network.code}
    edges = sorted(((row["account_id"], row[network.target], row) for row in edge_rows), key=lambda edge: edge[:2])
    edges = [edge for edge in edges if edge[0] in nodes and edge[1] in nodes]
    platforms = {nodes[source]["platform_code"] for source, _, _ in edges}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for account in sorted(nodes):
        if nodes[account]["platform_code"] in platforms:
            graph.add_node(account, **_attributes(nodes[account], NODE_COLUMNS))
    for source, target, row in edges:
        graph.add_edge(source, target, **_attributes(row, network.columns))
    return graph


def _document(graph: "nx.DiGraph[str]", is_synthetic: bool) -> str:
    head = ["<?xml version='1.0' encoding='utf-8'?>", *([f"<!-- {SYNTHETIC} -->"] if is_synthetic else [])]
    return "\n".join([*head, *nx.generate_graphml(graph), ""])


def _readable(row: Row) -> Row:
    """Return a row with U+FFFD for each control character, as in the CSV: XML forbids most of them."""
    return {name: _CONTROL.sub("\ufffd", cell) for name, cell in row.items()}


def _attributes(row: Row, columns: Iterable[str]) -> dict[str, Value]:
    """Return a row's cells as values; an empty one is unknown and left out."""
    return {name: _value(name, row[name]) for name in columns if row[name]}


def _value(name: str, cell: str) -> Value:
    if name.startswith("is_"):
        return cell == "true"
    return int(cell) if name.endswith("_count") else cell
