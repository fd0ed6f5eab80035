"""The graph that people walk: a neighbourhood as networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from screening.ownership.arrays import Positions

if TYPE_CHECKING:
    import networkx as nx

    from screening.ownership.network import OwnershipNetwork


def neighbourhood(network: OwnershipNetwork, seeds: Positions, hops: int) -> nx.MultiDiGraph[str]:
    """Collect everything within `hops` of the seeds, up and down; nodes and edges are added in sorted
    order."""
    import networkx as nx  # noqa: PLC0415 - half a second that only a drawn graph costs

    nodes, picked = _within(network, seeds, hops)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in network.entities[nodes].iter_rows(named=True):
        graph.add_node(row.pop("entity_id"), **row)
    for row in network.edges[picked].drop("owner", "owned").iter_rows(named=True):
        owner = row.pop("owner_id") or f"undisclosed holder of {row['owned_id']}"
        graph.add_node(
            owner, **({} if owner in graph else {"name": row["owner_name"], "kind": "undisclosed"})
        )
        graph.add_edge(owner, row.pop("owned_id"), **row)
    return graph


def _within(network: OwnershipNetwork, seeds: Positions, hops: int) -> tuple[Positions, Positions]:
    """Return the nodes within reach and the edges walked, each in ascending order."""
    owner, owned = network.edges["owner"].to_numpy(), network.edges["owned"].to_numpy()
    undisclosed = network.entities.height
    nodes = frontier = np.unique(seeds)
    walked = np.empty(0, dtype=np.int32)
    for _ in range(hops):
        down, up = network.by_owner.of(frontier), network.by_owned.of(frontier)
        walked = np.union1d(walked, np.concatenate([down, up]))
        met = np.unique(np.concatenate([owned[down], owner[up]]))
        frontier = np.setdiff1d(met[met != undisclosed], nodes)
        nodes = np.union1d(nodes, frontier)
        if not len(frontier):
            break
    return nodes.astype(np.int32), walked.astype(np.int32)
