"""Which of many entities stand below which of many ancestors, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.ownership.arrays import Adjacency, Flags, Positions
from screening.ownership.graph_data import GraphData

TOGETHER = 64
"""Ancestors followed in one pass, one bit each."""
Marks = npt.NDArray[np.uint64]


def lineage(
    data: GraphData, ancestor_ids: Iterable[str], among: Flags | None = None, through: pl.Series | None = None
) -> pl.DataFrame:
    """Return the pairs `entity_id, ancestor_id` in which the ancestor stands above, by any interest, at any distance.

    Ids that are not in the network have no pairs. `among`: marks the nodes whose pairs are wanted; all by default.
    `through`: marks the edges that count; all by default.
    Sorted by both columns; an entity is not its own ancestor. The cost follows the number of pairs, not the size of the
    network.

    >>> edges = pl.DataFrame({"owner_id": ["X", "A"], "owned_id": ["A", "B"],
    ...                       "share_min": [0, 0], "share_max": [1_000_000, 1_000_000]})
    >>> lineage(GraphData.build(edges, None, None), ["X", "A", "B"]).rows()
    [('A', 'X'), ('B', 'A'), ('B', 'X')]
    """
    edges, by_owner = data.numbered_edges.select("owner", "owned"), data.by_owner
    if through is not None and not through.all():
        edges = edges.filter(through)
        by_owner = Adjacency.build(edges["owner"].to_numpy(), data.undisclosed + 1)
    above = data.node_numbers(ancestor_ids)
    above = above[by_owner.counts()[above] > 0]
    owned = edges["owned"].to_numpy()
    scratch = np.zeros((2, data.undisclosed + 1), dtype=np.uint64)
    below, ancestor = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for start in range(0, len(above), TOGETHER):
        together = above[start : start + TOGETHER]
        nodes, bits = _follow(together, by_owner, owned, scratch)
        if among is not None:
            nodes, bits = nodes[among[nodes]], bits[among[nodes]]
        for place, node in enumerate(together):
            mine = nodes[(bits >> np.uint64(place) & np.uint64(1)).astype(np.bool_) & (nodes != node)]
            below.append(mine)
            ancestor.append(np.full(len(mine), node, dtype=np.int32))
    entities, ancestors = np.concatenate(below), np.concatenate(ancestor)
    order = np.lexsort((ancestors, entities))
    return pl.DataFrame(
        {"entity_id": data.ids.gather(entities[order]), "ancestor_id": data.ids.gather(ancestors[order])}
    )


def _follow(
    start: Positions, by_owner: Adjacency, owned: Positions, scratch: Marks
) -> tuple[Positions, Marks]:
    """Follow up to 64 ancestors downward; a node is visited again only when a new ancestor's bit reaches it.

    Return the nodes visited, in order, and the bits of the ancestors of each. `scratch`: two rows of zeros, which it
    is again afterwards.
    """
    marks, fresh = scratch
    fresh[start] = np.uint64(1) << np.arange(len(start), dtype=np.uint64)
    frontier = start
    visited = [start]
    while len(frontier):
        moving = fresh[frontier]
        fresh[frontier] = 0
        marks[frontier] |= moving
        edges = by_owner.edges(frontier)
        reached = owned[edges]
        np.bitwise_or.at(fresh, reached, np.repeat(moving, by_owner.counts_at(frontier)))
        frontier = np.unique(reached)
        fresh[frontier] &= ~marks[frontier]
        frontier = frontier[fresh[frontier] != 0]
        visited.append(frontier)
    nodes = np.unique(np.concatenate(visited))
    bits = marks[nodes]
    marks[nodes] = 0
    return nodes, bits
