"""Which of many entities stand below which of many ancestors, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from screening.ownership.arrays import Adjacency, Positions
from screening.ownership.network import OwnershipNetwork

TOGETHER = 64
"""Ancestors followed in one pass, one bit each."""


def lineage(
    network: OwnershipNetwork, entity_ids: Iterable[str], ancestor_ids: Iterable[str]
) -> pl.DataFrame:
    """Return the pairs `entity_id, ancestor_id` in which the ancestor stands above, by any interest, at any distance.

    Ids that the network does not hold have no pairs. Sorted by both columns; an entity is not its own ancestor.

    >>> edges = pl.DataFrame({"owner_id": ["X", "A"], "owned_id": ["A", "B"],
    ...                       "share_min": [0, 0], "share_max": [1_000_000, 1_000_000]})
    >>> lineage(OwnershipNetwork.from_edges(edges), ["B"], ["X", "A", "B"]).rows()
    [('B', 'A'), ('B', 'X')]
    """
    numbers = (
        network.entities.select("entity_id")
        .with_row_index("node")
        .with_columns(pl.col("node").cast(pl.Int32))
    )
    below = _numbered(entity_ids, numbers)
    above = _numbered(ancestor_ids, numbers)
    owned = network.ties["owned"].to_numpy()
    pairs = [
        _pairs(above[start : start + TOGETHER], below, network.by_owner, owned)
        for start in range(0, above.height, TOGETHER)
    ]
    found = (
        pl.concat(pairs) if pairs else pl.DataFrame(schema={"entity_id": pl.String, "ancestor_id": pl.String})
    )
    return found.filter(pl.col("entity_id") != pl.col("ancestor_id")).sort("entity_id", "ancestor_id")


def _numbered(ids: Iterable[str], numbers: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.DataFrame({"entity_id": pl.Series(sorted(set(ids)), dtype=pl.String)})
    return wanted.join(numbers, on="entity_id", how="inner", maintain_order="left")


def _pairs(above: pl.DataFrame, below: pl.DataFrame, by_owner: Adjacency, owned: Positions) -> pl.DataFrame:
    """Follow up to 64 ancestors downward; a node is visited again only when a new ancestor's bit reaches it."""
    marks = np.zeros(len(by_owner.start) - 1, dtype=np.uint64)
    fresh = np.zeros_like(marks)
    start = above["node"].to_numpy()
    np.bitwise_or.at(fresh, start, np.uint64(1) << np.arange(len(start), dtype=np.uint64))
    frontier = np.unique(start)
    while len(frontier):
        moving = fresh[frontier]
        fresh[frontier] = 0
        marks[frontier] |= moving
        edges = by_owner.of(frontier)
        counts = by_owner.start[frontier + 1] - by_owner.start[frontier]
        reached = owned[edges]
        np.bitwise_or.at(fresh, reached, np.repeat(moving, counts))
        frontier = np.unique(reached)
        fresh[frontier] &= ~marks[frontier]
        frontier = frontier[fresh[frontier] != 0]
    mine = marks[below["node"].to_numpy()]
    marked = np.flatnonzero(mine)  # few stand below anybody: only their bits are spread out
    bits = mine[marked][:, None] >> np.arange(len(start), dtype=np.uint64)[None, :] & np.uint64(1)
    entity, ancestor = np.nonzero(bits)
    return pl.DataFrame(
        {
            "entity_id": below["entity_id"].gather(marked[entity]),
            "ancestor_id": above["entity_id"].gather(ancestor),
        }
    )
