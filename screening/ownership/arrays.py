"""Neighbours of many nodes at once, at a cost proportional to what is touched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from screening.arrays import range_numbers

Ints = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Positions of edges grouped by one end: those of node `n` are `order[start[n]:start[n + 1]]`.

    Without an order the edges are sorted by that end already, and a position is its own place in the order.
    """

    start: Positions
    order: Positions | None

    @classmethod
    def build(cls, ends: Positions, nodes: int) -> Adjacency:
        """Group edges by `ends` (one node number an edge); within a node they stay in the order of the edges.

        >>> Adjacency.build(np.array([2, 0, 2], dtype=np.int32), 3).edges(np.array([2]))
        array([0, 2], dtype=int32)
        """
        start, order = group_by_node(ends, nodes)
        in_order = len(ends) < 2 or bool((ends[:-1] <= ends[1:]).all())
        return cls(start, None if in_order else order)

    def counts(self) -> Positions:
        """Return how many edges each node has."""
        return np.diff(self.start)

    def counts_at(self, nodes: npt.NDArray[np.integer]) -> Positions:
        """Return how many edges each of `nodes` has."""
        counts: Positions = self.start[nodes + 1] - self.start[nodes]
        return counts

    def edges_at(self, node: int) -> Positions:
        """Return the positions of one node's edges."""
        first, last = self.start[node], self.start[node + 1]
        positions: Positions = (
            np.arange(first, last, dtype=np.int32) if self.order is None else self.order[first:last]
        )
        return positions

    def edges(self, nodes: npt.NDArray[np.integer]) -> Positions:
        """Return the positions of the edges of `nodes`, node after node."""
        ranks = range_numbers(self.start[nodes], self.start[nodes + 1])
        positions: Positions = ranks if self.order is None else self.order[ranks]
        return positions


def group_by_node(ends: Positions, nodes: int) -> tuple[Positions, Positions]:
    """Return where the edges of each node start, and the positions of the edges, node after node.

    >>> group_by_node(np.array([2, 0, 2], dtype=np.int32), 3)
    (array([0, 1, 1, 3], dtype=int32), array([1, 0, 2], dtype=int32))
    """
    marks, rows = np.ones(len(ends), dtype=np.bool_), np.arange(len(ends) + 1, dtype=np.int32)
    # scipy turns rows into columns in a tenth of the time of a sort
    counted = csr_array((marks, ends, rows), shape=(len(ends), nodes)).tocsc()
    return counted.indptr, counted.indices


def distinct(values: Positions, stamp: Positions) -> Positions:
    """Return `values` without repeats, in a stable order; `stamp` is scratch space, one value a node."""
    place = np.arange(len(values), dtype=np.int32)
    stamp[values[::-1]] = place[::-1]
    once: Positions = values[stamp[values] == place]
    return once


def reach(
    seeds: npt.NDArray[np.integer],
    adjacency: Adjacency,
    far_end: Positions,
    nodes: int,
    hops: int | None = None,
) -> Positions:
    """Return how many edges each node is away from the nearest seed, -1 where no seed reaches it.

    `far_end`: the node at the other end of each edge. Breadth first, each edge touched once, so a chain of 100,000
    owners costs 100,000 small steps.

    >>> owner, owned = np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32)
    >>> reach(np.array([2]), Adjacency.build(owned, 4), owner, 4)
    array([ 2,  1,  0, -1], dtype=int32)
    """
    distance = np.full(nodes, -1, dtype=np.int32)
    stamp = np.zeros(nodes, dtype=np.int32)
    frontier = distinct(np.asarray(seeds, dtype=np.int32), stamp)
    step = 0
    while len(frontier):
        distance[frontier] = step
        if step == hops:
            break
        step += 1
        found = far_end[adjacency.edges(frontier)]
        frontier = distinct(found[distance[found] < 0], stamp)
    return distance
