"""The graph that people walk: a neighbourhood as networkx, and the pages of an entity with many neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from screening.ownership.arrays import Adjacency, Positions
from screening.ownership.edge_store import ENDS, write_edges
from screening.ownership.graph_data import GraphData

if TYPE_CHECKING:
    import networkx as nx

Direction = Literal["owners", "owned"]


def neighbourhood(data: GraphData, seeds: Positions, hops: int, fan: int | None) -> nx.MultiDiGraph[str]:
    """Return everything within `hops` of the seeds, up and down; nodes and edges are added in sorted order."""
    import networkx as nx  # noqa: PLC0415 - half a second that only a drawn graph costs

    nodes, edges = _within(data, seeds, hops, fan)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in data.entities[nodes].iter_rows(named=True):
        graph.add_node(row.pop("entity_id"), **row)
    for row in write_edges(data.numbered_edges[edges], data.ids).drop(ENDS).iter_rows(named=True):
        owner = row.pop("owner_id") or f"undisclosed holder of {row['owned_id']}"
        if owner not in graph:
            graph.add_node(owner, name=row["owner_name"] or "undisclosed", kind="undisclosed")
        graph.add_edge(owner, row.pop("owned_id"), **row)
    if fan is not None:
        _count_hidden(data, nodes, graph)
    return graph


def edge_page(
    data: GraphData, node: int, direction: Direction, offset: int, limit: int
) -> tuple[pl.DataFrame, int]:
    """Return one page of a node's edges, largest shares first, and how many edges there are."""
    by, far = (data.by_owned, "owner_id") if direction == "owners" else (data.by_owner, "owned_id")
    edges = write_edges(data.numbered_edges[by.edges_at(node)], data.ids).drop(ENDS)
    order = ["share_min", "share_max", far, "interest"]
    ranked = edges.sort(order, descending=[True, True, False, False], nulls_last=True)
    return ranked.slice(offset, limit), edges.height


def _within(data: GraphData, seeds: Positions, hops: int, fan: int | None) -> tuple[Positions, Positions]:
    """Return the node numbers within reach and the positions of the edges walked, each in ascending order."""
    owner, owned = (data.numbered_edges[end].to_numpy() for end in ENDS)
    nodes = frontier = np.unique(seeds)
    walked = np.empty(0, dtype=np.int32)
    for _ in range(hops):
        down = _widest(data, data.by_owner, frontier, fan)
        up = _widest(data, data.by_owned, frontier, fan)
        walked = np.union1d(walked, np.concatenate([down, up]))
        neighbours = np.unique(np.concatenate([owned[down], owner[up]]))
        frontier = np.setdiff1d(neighbours[neighbours != data.undisclosed], nodes)
        nodes = np.union1d(nodes, frontier)
        if not len(frontier):
            break
    return nodes.astype(np.int32), walked.astype(np.int32)


def _widest(data: GraphData, by: Adjacency, frontier: Positions, fan: int | None) -> Positions:
    """Return the edges of the frontier; of a node with more than `fan` only those with the largest shares."""
    crowded = np.zeros(len(frontier), dtype=np.bool_)
    if fan is not None:
        crowded = by.counts_at(frontier) > fan
    parts = [by.edges(frontier[~crowded])]
    low, high = (data.numbered_edges[name].to_numpy() for name in ("share_min", "share_max"))
    for node in frontier[crowded].tolist():
        edges = by.edges_at(node)
        parts.append(edges[np.lexsort((edges, -high[edges], -low[edges]))[:fan]])
    return np.concatenate(parts)


def _count_hidden(data: GraphData, nodes: Positions, graph: nx.MultiDiGraph[str]) -> None:
    """Write at each node how many edges to owners and to owned entities the graph leaves out."""
    above = data.by_owned.counts()[nodes].tolist()
    below = data.by_owner.counts()[nodes].tolist()
    for entity_id, owners, owned in zip(data.ids.gather(nodes), above, below, strict=True):
        graph.nodes[entity_id]["hidden_owners"] = owners - graph.in_degree(entity_id)
        graph.nodes[entity_id]["hidden_holdings"] = owned - graph.out_degree(entity_id)
