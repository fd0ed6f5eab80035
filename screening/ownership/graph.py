"""The graph that people walk: a neighbourhood as networkx, and the pages of an entity with many neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from screening.ownership.arrays import Adjacency, Positions
from screening.ownership.edge_store import ENDS, written

if TYPE_CHECKING:
    import networkx as nx

    from screening.ownership.network import OwnershipNetwork

Direction = Literal["owners", "owned"]


def neighbourhood(
    network: OwnershipNetwork, seeds: Positions, hops: int, fan: int | None
) -> nx.MultiDiGraph[str]:
    """Collect everything within `hops` of the seeds, up and down; nodes and edges are added in sorted order."""
    import networkx as nx  # noqa: PLC0415 - half a second that only a drawn graph costs

    nodes, picked = _within(network, seeds, hops, fan)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in network.entities[nodes].iter_rows(named=True):
        graph.add_node(row.pop("entity_id"), **row)
    ids = network.entities["entity_id"]
    for row in written(network.ties[picked], ids).drop(ENDS).iter_rows(named=True):
        owner = row.pop("owner_id") or f"undisclosed holder of {row['owned_id']}"
        if owner not in graph:
            graph.add_node(owner, name=row["owner_name"] or "undisclosed", kind="undisclosed")
        graph.add_edge(owner, row.pop("owned_id"), **row)
    if fan is not None:
        _count_hidden(network, nodes, graph)
    return graph


def page(
    network: OwnershipNetwork, node: int, direction: Direction, offset: int, limit: int
) -> tuple[pl.DataFrame, int]:
    """Return one page of an entity's edges, largest stakes first, and how many edges there are."""
    by, far = (network.by_owned, "owner_id") if direction == "owners" else (network.by_owner, "owned_id")
    edges = written(network.ties[by.of_one(node)], network.entities["entity_id"]).drop(ENDS)
    order = ["share_min", "share_max", far, "interest"]
    ranked = edges.sort(order, descending=[True, True, False, False], nulls_last=True)
    return ranked.slice(offset, limit), edges.height


def _within(
    network: OwnershipNetwork, seeds: Positions, hops: int, fan: int | None
) -> tuple[Positions, Positions]:
    """Return the nodes within reach and the edges walked, each in ascending order."""
    owner, owned = network.ties["owner"].to_numpy(), network.ties["owned"].to_numpy()
    undisclosed = network.entities.height
    nodes = frontier = np.unique(seeds)
    walked = np.empty(0, dtype=np.int32)
    for _ in range(hops):
        down = _widest(network, network.by_owner, frontier, fan)
        up = _widest(network, network.by_owned, frontier, fan)
        walked = np.union1d(walked, np.concatenate([down, up]))
        met = np.unique(np.concatenate([owned[down], owner[up]]))
        frontier = np.setdiff1d(met[met != undisclosed], nodes)
        nodes = np.union1d(nodes, frontier)
        if not len(frontier):
            break
    return nodes.astype(np.int32), walked.astype(np.int32)


def _widest(network: OwnershipNetwork, by: Adjacency, frontier: Positions, fan: int | None) -> Positions:
    """Return the edges of the frontier; of a node with more than `fan` only the largest stakes."""
    crowded = np.zeros(len(frontier), dtype=np.bool_)
    if fan is not None:
        crowded = by.start[frontier + 1] - by.start[frontier] > fan
    parts = [by.of(frontier[~crowded])]
    low, high = network.ties["share_min"].to_numpy(), network.ties["share_max"].to_numpy()
    for node in frontier[crowded].tolist():
        edges = by.of_one(node)
        parts.append(edges[np.lexsort((edges, -high[edges], -low[edges]))[:fan]])
    return np.concatenate(parts)


def _count_hidden(network: OwnershipNetwork, nodes: Positions, graph: nx.MultiDiGraph[str]) -> None:
    """Say at each node how many owners and holdings the graph leaves out."""
    ids = network.entities["entity_id"].gather(nodes)
    above = network.by_owned.counts()[nodes].tolist()
    below = network.by_owner.counts()[nodes].tolist()
    for entity_id, owners, holdings in zip(ids, above, below, strict=True):
        graph.nodes[entity_id]["hidden_owners"] = owners - graph.in_degree(entity_id)
        graph.nodes[entity_id]["hidden_holdings"] = holdings - graph.out_degree(entity_id)
