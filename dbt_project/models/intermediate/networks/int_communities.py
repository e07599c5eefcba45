"""The dbt model int_communities: finds communities of accounts by the Louvain method of networkx.

The same edges give the same communities on every machine: accounts are numbered in their order, the seed is fixed, and
weights are integers.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import networkx as nx
import pyarrow as pa

SEED = 1
SCHEMA = pa.schema(
    [
        ("year", pa.int32()),
        ("network_code", pa.string()),
        ("platform_code", pa.string()),
        ("account_id", pa.string()),
        ("community_code", pa.int32()),
    ]
)
EDGES = "year, network_code, platform_code, account_id, peer_account_id, coalesce(mentioning_posts_count, 1) as weight"


def model(dbt: Any, session: Any) -> pa.Table:  # noqa: ARG001 - dbt's own signature
    """Return the table that dbt stores."""
    dbt.config(materialized="table")
    edges = dbt.ref("int_network_edges").project(EDGES).order("all").fetchall()
    return pa.Table.from_pylist(list(_rows(edges)), schema=SCHEMA)


def communities(edges: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return each account's community. 1 is the largest; of equal ones, that with the first account.

    Args:
        edges: account, peer and weight; the weights of the two directions of a pair are added.
    """
    weights: dict[tuple[str, str], int] = {}
    for one, other, weight in edges:
        pair = (min(one, other), max(one, other))
        weights[pair] = weights.get(pair, 0) + weight
    names = sorted({name for pair in weights for name in pair})
    # Louvain iterates over sets: those of integers have the same order in every process, those of strings do not.
    numbers = {name: number for number, name in enumerate(names)}
    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    for (one, other), weight in sorted(weights.items()):
        graph.add_edge(numbers[one], numbers[other], weight=weight)
    found = sorted(nx.community.louvain_communities(graph, seed=SEED), key=lambda part: (-len(part), min(part)))
    return {names[number]: code for code, part in enumerate(found, 1) for number in part}


def _rows(edges: Iterable[tuple[int, str, str, str, str, int]]) -> Iterator[dict[str, Any]]:
    for (year, network, platform), part in groupby(edges, key=lambda edge: edge[:3]):
        for account, code in sorted(communities(edge[3:] for edge in part).items()):
            yield dict(zip(SCHEMA.names, (year, network, platform, account, code), strict=True))
