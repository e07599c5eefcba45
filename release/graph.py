"""The networks as GraphML, for programs that draw and measure graphs.

In: rows of the public tables, as text. Out: one GraphML document for each network. Never: a row or a column that the
tables beside it do not have, or an account of a platform whose edges are not public: it would look like one without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from release.describe import SYNTHETIC

Row = Mapping[str, str]
Value = str | int | bool

NODE_COLUMNS = ("handle", "platform_code", "country_code", "holder_name", "category_code")


@dataclass(frozen=True, slots=True)
class Network:
    """One network and where its edges stand.

    Attributes:
        code: its ``network_code``.
        table: the table whose rows are the edges; a row's ``account_id`` is where one begins.
        target: the column in which it ends.
        columns: what an edge tells besides.
        verb: what an edge says.
    """

    code: str
    table: str
    target: str
    columns: tuple[str, ...]
    verb: str

    @property
    def file_name(self) -> str:
        """Return the name of its file in a release."""
        return f"network_{self.code}.graphml"

    @property
    def description(self) -> str:
        """Return what the file holds, in words."""
        return (
            f"Who {self.verb} whom, as a directed graph: an edge for each row of {self.table} between two accounts of "
            f"network_nodes_yearly, with {' and '.join(self.columns)} unless unknown; nodes by account_id, with "
            f"{', '.join(NODE_COLUMNS)}. Accounts of a platform without a public edge are left out. A graph without "
            "nodes is written all the same, so that every release has the same files: networks_yearly says whether "
            "nothing was there or nobody looked."
        )


NETWORKS = (
    Network("follows", "follows_yearly", "followed_account_id", ("is_mutual",), "follows"),
    Network("mentions", "mentions_yearly", "mentioned_account_id", ("posts_count", "replies_count"), "mentions"),
)


def graphml(network: Network, tables: Mapping[str, Iterable[Row]], is_synthetic: bool = False) -> str:
    """Return a network as a GraphML document, the same for the same rows in whatever order.

    Args:
        network: which one.
        tables: rows of ``network_nodes_yearly`` and of the network's own table.
        is_synthetic: whether they are made up, which the document then says at its head.
    """
    nodes = {row["account_id"]: row for row in tables["network_nodes_yearly"] if row["network_code"] == network.code}
    edges = sorted(
        ((row["account_id"], row[network.target], row) for row in tables[network.table]), key=lambda edge: edge[:2]
    )
    edges = [edge for edge in edges if edge[0] in nodes and edge[1] in nodes]
    platforms = {nodes[source]["platform_code"] for source, _, _ in edges}
    graph = nx.DiGraph()
    for account in sorted(nodes):
        if nodes[account]["platform_code"] in platforms:
            graph.add_node(account, **_attributes(nodes[account], NODE_COLUMNS))
    for source, target, row in edges:
        graph.add_edge(source, target, **_attributes(row, network.columns))
    head = ["<?xml version='1.0' encoding='utf-8'?>", *([f"<!-- {SYNTHETIC} -->"] if is_synthetic else [])]
    return "\n".join([*head, *nx.generate_graphml(graph), ""])


def _attributes(row: Row, columns: Iterable[str]) -> dict[str, Value]:
    """Return a row's cells as values; an empty one is unknown and left out."""
    return {name: _value(name, row[name]) for name in columns if row[name]}


def _value(name: str, cell: str) -> Value:
    if name.startswith("is_"):
        return cell == "true"
    return int(cell) if name.endswith("_count") else cell
