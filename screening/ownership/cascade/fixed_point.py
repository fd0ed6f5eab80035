"""The 50 percent cascade: a fixed point over share ranges, in frontier rounds.

A restricted holder counts with its whole holding, an unrestricted one not at all; shares are never multiplied down a
chain (OFAC FAQ 398 and 401; Supp. 8 to part 744(a)-(b); defined in docs/method/ownership.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from screening.ownership.arrays import Adjacency, Ints, Positions, distinct
from screening.ownership.shares import WHOLE

NEVER = -1
"""Round of an entity that never joined."""
BARRED = -2


@dataclass(frozen=True, slots=True)
class Holdings:
    """Who holds what: one range for each holder of each entity, with the edges grouped by either end."""

    nodes: int
    owner: Positions
    owned: Positions
    share_min: Positions
    share_max: Positions
    by_owner: Adjacency
    by_owned: Adjacency

    @classmethod
    def build(
        cls, nodes: int, owner: Positions, owned: Positions, share_min: Positions, share_max: Positions
    ) -> Holdings:
        """Group the holdings by owner and by owned entity."""
        return cls(
            nodes,
            owner,
            owned,
            share_min,
            share_max,
            Adjacency.by(owner, nodes),
            Adjacency.by(owned, nodes),
        )

    def total_min(self) -> Ints:
        """Return the sum of the minimum shares of all holders, per owned entity."""
        total = np.bincount(self.owned, weights=self.share_min, minlength=self.nodes)
        return total.astype(np.int64)  # exact: a sum of shares is far from what a float cannot hold

    def total_min_of(self, held: Positions) -> Ints:
        """Return the same of some entities alone, each of which somebody holds."""
        first = np.cumsum(counts := self.by_owned.counts_of(held)) - counts
        shares = self.share_min[self.by_owned.of(held)]
        return np.add.reduceat(shares, first, dtype=np.int64) if len(held) else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """What the cascade settles to, one value a node (docs/method/ownership.md).

    `low`: surely held by restricted holders. `known`: at most held by possibly restricted ones as recorded.
    `high`: the same with the undisclosed remainder where it counts. `sure`: the round in which the node
    became restricted (0 = listed itself, -1 = never). `possible`: the round after that in which it became
    possibly restricted (0 = restricted already, -1 = never).
    """

    low: Ints
    known: Ints
    high: Ints
    sure: Positions
    possible: Positions


def settle(holdings: Holdings, listed: Positions, threshold: int, remainder_floor: int) -> FixedPoint:
    """Run both fixed points, the certain one first; each touches an edge once."""
    low, sure = _restricted(holdings, listed, threshold)
    return _possibly(holdings, low, sure, threshold, remainder_floor)


def without(holdings: Holdings, listed: Positions, threshold: int, node: int) -> FixedPoint:
    """Settle who is surely restricted when `node` itself never counts: what stands against it without its help."""
    low, sure = _restricted(holdings, listed[listed != node], threshold, barred=node)
    return FixedPoint(low, low, low, sure, sure)


def _restricted(
    holdings: Holdings, listed: Positions, threshold: int, barred: int | None = None
) -> tuple[Ints, Positions]:
    """Sum minimum shares held by the restricted until nobody new reaches the threshold; `barred` never joins."""
    low = np.zeros(holdings.nodes, dtype=np.int64)
    joined = np.full(holdings.nodes, NEVER, dtype=np.int32)
    joined[[] if barred is None else [barred]] = BARRED
    stamp = np.zeros(holdings.nodes, dtype=np.int32)
    frontier = distinct(listed, stamp)
    joined[frontier] = step = 0
    while len(frontier):
        step += 1
        edges = holdings.by_owner.of(frontier)
        held = holdings.owned[edges]
        np.add.at(low, held, holdings.share_min[edges])
        frontier = distinct(held[(low[held] >= threshold) & (joined[held] == NEVER)], stamp)
        joined[frontier] = step
    joined[joined == BARRED] = NEVER
    return low, joined


def _possibly(
    holdings: Holdings, low: Ints, sure: Positions, threshold: int, remainder_floor: int
) -> FixedPoint:
    """Sum maximum shares held by the possibly restricted until nobody new may reach the threshold."""
    most = np.zeros(holdings.nodes, dtype=np.int64)
    room = np.zeros_like(most)  # 100 minus the minimum shares of holders outside P: grows with P
    joined = np.full(holdings.nodes, NEVER, dtype=np.int32)
    stamp = np.zeros(holdings.nodes, dtype=np.int32)
    met = np.zeros(holdings.nodes, dtype=np.bool_)  # held by anybody in P: nothing is known of the others
    frontier = np.flatnonzero(sure != NEVER).astype(np.int32)
    joined[frontier] = step = 0
    while len(frontier):
        step += 1
        edges = holdings.by_owner.of(frontier)
        held = holdings.owned[edges]
        fresh = distinct(held[~met[held]], stamp)
        met[fresh] = True
        room[fresh] = WHOLE - holdings.total_min_of(fresh)
        np.add.at(most, held, holdings.share_max[edges])
        np.add.at(room, held, holdings.share_min[edges])
        _, high = upper(low[held], most[held], room[held], remainder_floor)
        frontier = distinct(held[(high >= threshold) & (joined[held] == NEVER)], stamp)
        joined[frontier] = step
    known, high = np.zeros((2, holdings.nodes), dtype=np.int64)
    reached = np.flatnonzero(met)
    known[reached], high[reached] = upper(low[reached], most[reached], room[reached], remainder_floor)
    return FixedPoint(low, known, high, sure, joined)


def upper(low: Ints, most: Ints, room: Ints, remainder_floor: int) -> tuple[Ints, Ints]:
    """Return `known` and `high`. Where records exceed 100 percent, neither falls below what is surely
    held."""
    known = np.maximum(np.minimum(most, room), low)
    held = (most > 0) & (known >= remainder_floor)
    return known, np.maximum(np.where(held, room, known), known)
