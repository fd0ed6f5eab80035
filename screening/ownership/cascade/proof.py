"""Which holdings make an entity's status, and the chains they form."""

from __future__ import annotations

from itertools import chain, combinations, islice

import numpy as np
import numpy.typing as npt

from screening.ownership.arrays import Ints, Positions
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings

TRIED = 10_000
"""Combinations of stakes looked at for one entity; their number doubles with every holder."""


class Support:
    """The holdings that make each entity's status, worked out once an entity."""

    def __init__(self, holdings: Holdings, point: FixedPoint, threshold: int) -> None:
        self.holdings, self.point, self.threshold = holdings, point, threshold
        self._known: dict[int, list[int]] = {}

    def of(self, node: int) -> list[int]:
        """Return the holdings, largest first, that make the status of `node`.

        For a restricted node: the fewest stakes of holders restricted in an earlier round that reach the threshold, so
        the proof never runs in a circle. Else every stake of a possibly restricted holder, but for a possibly
        restricted node only of those that were so before it.
        """
        if node not in self._known:
            joined = np.flatnonzero(self.point.possible != NEVER)  # a path may pass through any of them
            self.learn(np.union1d(joined, [node]))
        return self._known[node]

    def learn(self, nodes: npt.NDArray[np.integer]) -> None:
        """Work out the holdings of many nodes at once; `of` knows them then."""
        holdings, point = self.holdings, self.point
        counts = holdings.by_owned.counts_of(nodes)
        edges, place = holdings.by_owned.of(nodes), np.repeat(np.arange(len(nodes)), counts)
        sure = (point.low[nodes] >= self.threshold)[place]
        share = np.where(sure, holdings.share_min[edges], holdings.share_max[edges])
        owner = holdings.owner[edges]
        joined = np.where(sure, point.sure[owner], point.possible[owner])
        until = np.where(sure, _rounds(point.sure[nodes])[place], _rounds(point.possible[nodes])[place])
        able = np.flatnonzero((share > 0) & (joined != NEVER) & (joined < until))
        order = able[_largest_first(holdings, edges[able], place[able])]
        edges, place, sure = edges[order], place[order], sure[order]
        stakes = np.where(sure, holdings.share_min[edges], 0).astype(np.int64)  # of others none is to spare
        before = np.cumsum(stakes) - stakes
        first = np.searchsorted(place, np.arange(len(nodes)))
        kept = before - before[first[place]] < self.threshold
        told = edges[kept].tolist()
        bounds = np.searchsorted(place[kept], np.arange(len(nodes) + 1)).tolist()
        for node, start, end in zip(nodes.tolist(), bounds, bounds[1:], strict=False):
            self._known[node] = told[start:end]

    def alternatives(self, node: int, limit: int) -> list[list[int]]:
        """Return sets of restricted holders' stakes that reach the threshold and have none to spare, fewest first."""
        edges = self.holdings.by_owned.of_one(node)
        certain = (self.point.sure[self.holdings.owner[edges]] != NEVER) & (
            self.holdings.share_min[edges] > 0
        )
        edges = edges[certain]
        ranked = edges[_largest_first(self.holdings, edges, np.zeros_like(edges))]
        shares = self.holdings.share_min[ranked]
        sizes = (combinations(range(len(ranked)), size) for size in range(1, len(ranked) + 1))
        found: list[list[int]] = []
        for places in islice(chain.from_iterable(sizes), TRIED):
            held = shares[list(places)]
            if held.sum() >= self.threshold > held.sum() - held.min():
                found.append(ranked[list(places)].tolist())
            if len(found) == limit:
                break
        return found

    def chains(self, first: list[int], limit: int) -> tuple[list[list[int]], bool]:
        """Follow the support upward from the `first` holdings to the listed parties.

        Return at most `limit` chains of holdings and whether these are all. Without recursion: a chain may be 100,000
        owners long.
        """
        found: list[list[int]] = []
        trail: list[int] = []
        pending = [iter(first)]
        while pending:
            edge = next(pending[-1], None)
            if edge is None:
                pending.pop()
                if trail:
                    trail.pop()
                continue
            if len(found) == limit:
                return found, False
            owner = int(self.holdings.owner[edge])
            trail.append(edge)
            if self.point.sure[owner] == 0:
                found.append(trail.copy())
                trail.pop()
            else:
                pending.append(iter(self.of(owner)))
        return found, True


def _rounds(joined: Positions) -> Positions:
    """Return the rounds of nodes; a listed one may rest on any other, as it needs no proof itself."""
    return np.where(joined > 0, joined, np.iinfo(np.int32).max).astype(np.int32)


def _largest_first(holdings: Holdings, edges: Positions, place: npt.NDArray[np.integer]) -> Ints:
    """Return the order of holdings by place, the largest first."""
    return np.lexsort((holdings.owner[edges], -holdings.share_max[edges], -holdings.share_min[edges], place))
