"""Which holdings make an entity's status, and the chains they form."""

from __future__ import annotations

from itertools import chain, combinations, islice

import numpy as np

from screening.ownership.arrays import Positions
from screening.ownership.cascade import NEVER, FixedPoint, Holdings

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
            self._known[node] = self._find(node).tolist()
        return self._known[node]

    def _find(self, node: int) -> Positions:
        holdings, point = self.holdings, self.point
        edges = holdings.by_owned.of_one(node)
        owner = holdings.owner[edges]
        if point.low[node] >= self.threshold:
            earlier = (point.sure[owner] != NEVER) & (point.sure[owner] < _round(point.sure, node))
            edges = _largest_first(holdings, edges[earlier & (holdings.share_min[edges] > 0)])
            enough = int(np.searchsorted(np.cumsum(holdings.share_min[edges]), self.threshold)) + 1
            return edges[:enough]
        able = (point.possible[owner] != NEVER) & (holdings.share_max[edges] > 0)
        if point.possible[node] != NEVER:
            able &= point.possible[owner] < _round(point.possible, node)
        return _largest_first(holdings, edges[able])

    def alternatives(self, node: int, limit: int) -> list[list[int]]:
        """Return sets of restricted holders' stakes that reach the threshold and have none to spare, fewest first."""
        edges = self.holdings.by_owned.of_one(node)
        certain = (self.point.sure[self.holdings.owner[edges]] != NEVER) & (
            self.holdings.share_min[edges] > 0
        )
        ranked = _largest_first(self.holdings, edges[certain])
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


def _round(joined: Positions, node: int) -> int:
    """Return the round of a node; a listed one may rest on any other, as it needs no proof itself."""
    own = int(joined[node])
    return own if own > 0 else np.iinfo(np.int32).max


def _largest_first(holdings: Holdings, edges: Positions) -> Positions:
    return edges[np.lexsort((holdings.owner[edges], -holdings.share_max[edges], -holdings.share_min[edges]))]
