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


@dataclass(frozen=True, slots=True)
class Holdings:
    """One range in parts per million for each owner of each entity, sorted by owned entity, then owner.

    `owner`, `owned`: node numbers below `nodes`. `by_owner`, `by_owned`: positions of the holdings by either end.
    """

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
            Adjacency.build(owner, nodes),
            Adjacency.build(owned, nodes),
        )

    def total_min(self) -> Ints:
        """Return the sum of the minimum shares of all holders, per owned entity."""
        total = np.bincount(self.owned, weights=self.share_min, minlength=self.nodes)
        return total.astype(np.int64)  # exact: a sum of shares is far from what a float cannot represent

    def total_min_at(self, owned: Positions) -> Ints:
        """Return the same for some entities alone, each of which has a holder."""
        first = np.cumsum(counts := self.by_owned.counts_at(owned)) - counts
        shares = self.share_min[self.by_owned.edges(owned)]
        return np.add.reduceat(shares, first, dtype=np.int64) if len(owned) else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """The result of the cascade, one value a node (docs/method/ownership.md); shares in parts per million.

    `low`: what restricted holders have for sure. `recorded`: what possibly restricted holders have at most, by the
    record. `high`: the same with the undisclosed remainder where it counts. `sure`: the round in which the node became
    restricted (0 = listed itself, -1 = never). `possible`: the round after that in which it became possibly restricted
    (0 = restricted already, -1 = never).
    """

    low: Ints
    recorded: Ints
    high: Ints
    sure: Positions
    possible: Positions


def find_fixed_point(
    holdings: Holdings, listed: Positions, threshold: int, remainder_floor: int
) -> FixedPoint:
    """Find who is restricted for sure and then who possibly is; each of the two touches a holding once.

    `listed`: node numbers. `threshold`, `remainder_floor`: parts per million.
    """
    low, sure = _restricted(holdings, listed, threshold)
    return _possibly(holdings, low, sure, threshold, remainder_floor)


def _restricted(holdings: Holdings, listed: Positions, threshold: int) -> tuple[Ints, Positions]:
    """Sum the minimum shares of restricted holders until nobody new reaches the threshold."""
    low = np.zeros(holdings.nodes, dtype=np.int64)
    joined = np.full(holdings.nodes, NEVER, dtype=np.int32)
    stamp = np.zeros(holdings.nodes, dtype=np.int32)
    frontier = distinct(listed, stamp)
    joined[frontier] = step = 0
    while len(frontier):
        step += 1
        positions = holdings.by_owner.edges(frontier)
        owned = holdings.owned[positions]
        np.add.at(low, owned, holdings.share_min[positions])
        frontier = distinct(owned[(low[owned] >= threshold) & (joined[owned] == NEVER)], stamp)
        joined[frontier] = step
    return low, joined


def _possibly(
    holdings: Holdings, low: Ints, sure: Positions, threshold: int, remainder_floor: int
) -> FixedPoint:
    """Sum the maximum shares of possibly restricted holders until nobody new may reach the threshold."""
    most = np.zeros(holdings.nodes, dtype=np.int64)
    room = np.zeros_like(most)  # 100 percent minus the minimum shares of holders outside P: grows with P
    joined = np.full(holdings.nodes, NEVER, dtype=np.int32)
    stamp = np.zeros(holdings.nodes, dtype=np.int32)
    reached = np.zeros(holdings.nodes, dtype=np.bool_)  # somebody in P has a share; all others stay at zero
    frontier = np.flatnonzero(sure != NEVER).astype(np.int32)
    joined[frontier] = step = 0
    while len(frontier):
        step += 1
        positions = holdings.by_owner.edges(frontier)
        owned = holdings.owned[positions]
        fresh = distinct(owned[~reached[owned]], stamp)
        reached[fresh] = True
        room[fresh] = WHOLE - holdings.total_min_at(fresh)
        np.add.at(most, owned, holdings.share_max[positions])
        np.add.at(room, owned, holdings.share_min[positions])
        _, high = upper(low[owned], most[owned], room[owned], remainder_floor)
        frontier = distinct(owned[(high >= threshold) & (joined[owned] == NEVER)], stamp)
        joined[frontier] = step
    recorded, high = np.zeros((2, holdings.nodes), dtype=np.int64)
    nodes = np.flatnonzero(reached)
    recorded[nodes], high[nodes] = upper(low[nodes], most[nodes], room[nodes], remainder_floor)
    return FixedPoint(low, recorded, high, sure, joined)


def upper(low: Ints, most: Ints, room: Ints, remainder_floor: int) -> tuple[Ints, Ints]:
    """Return `recorded` and `high`.

    Where records exceed 100 percent, neither falls below what is certain.
    """
    recorded = np.maximum(np.minimum(most, room), low)
    remainder_counts = (most > 0) & (recorded >= remainder_floor)
    return recorded, np.maximum(np.where(remainder_counts, room, recorded), recorded)
