"""Which of many entities stand below which of many ancestors, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.ownership.arrays import Adjacency, Flags, Positions
from screening.ownership.network import OwnershipNetwork

TOGETHER = 64
"""Ancestors followed in one pass, one bit each."""
Marks = npt.NDArray[np.uint64]


def lineage(
    network: OwnershipNetwork, ancestor_ids: Iterable[str], among: Flags | None = None
) -> pl.DataFrame:
    """Return the pairs `entity_id, ancestor_id` in which the ancestor stands above, by any interest, at any distance.

    Ids that the network does not hold have no pairs. `among`: marks the nodes to tell of. Sorted by both columns; an
    entity is not its own ancestor. The cost follows the number of pairs, not the size of the network.

    >>> edges = pl.DataFrame({"owner_id": ["X", "A"], "owned_id": ["A", "B"],
    ...                       "share_min": [0, 0], "share_max": [1_000_000, 1_000_000]})
    >>> lineage(OwnershipNetwork.from_edges(edges), ["X", "A", "B"]).rows()
    [('A', 'X'), ('B', 'A'), ('B', 'X')]
    """
    above = network.places(ancestor_ids)
    above = above[network.by_owner.counts()[above] > 0]
    owned = network.ties["owned"].to_numpy()
    scratch = np.zeros((2, network.entities.height + 1), dtype=np.uint64)
    below, ancestor = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for start in range(0, len(above), TOGETHER):
        together = above[start : start + TOGETHER]
        nodes, bits = _follow(together, network.by_owner, owned, scratch)
        told = nodes if among is None else nodes[among[nodes]]
        bits = bits if among is None else bits[among[nodes]]
        for place, node in enumerate(together):
            mine = told[(bits >> np.uint64(place) & np.uint64(1)).astype(np.bool_) & (told != node)]
            below.append(mine)
            ancestor.append(np.full(len(mine), node, dtype=np.int32))
    entities, ancestors = np.concatenate(below), np.concatenate(ancestor)
    order = np.lexsort((ancestors, entities))
    ids = network.entities["entity_id"]
    return pl.DataFrame(
        {"entity_id": ids.gather(entities[order]), "ancestor_id": ids.gather(ancestors[order])}
    )


def _follow(
    start: Positions, by_owner: Adjacency, owned: Positions, scratch: Marks
) -> tuple[Positions, Marks]:
    """Follow up to 64 ancestors downward; a node is visited again only when a new ancestor's bit reaches it.

    Returns the nodes visited, in order, and the bits of the ancestors of each. `scratch`: two rows of zeros, which it
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
        edges = by_owner.of(frontier)
        reached = owned[edges]
        np.bitwise_or.at(fresh, reached, np.repeat(moving, by_owner.counts_of(frontier)))
        frontier = np.unique(reached)
        fresh[frontier] &= ~marks[frontier]
        frontier = frontier[fresh[frontier] != 0]
        visited.append(frontier)
    nodes = np.unique(np.concatenate(visited))
    bits = marks[nodes]
    marks[nodes] = 0
    return nodes, bits
