"""Which holdings make an entity's status, and the chains they form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from screening.ownership.arrays import Ints, Positions
from screening.ownership.cascade.ascent import Ascent
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings

END_STEPS = 10
"""Holdings shown at each end of a chain that is too long to be written whole."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Positions of holdings from an entity up to a listed party; `skipped` of them after the first are left out."""

    first: tuple[int, ...]
    skipped: int = 0
    last: tuple[int, ...] = ()

    @property
    def positions(self) -> tuple[int, ...]:
        """All positions that are given, from the entity upward."""
        return self.first + self.last


class Proof:
    """The holdings that make each entity's status, worked out once an entity."""

    def __init__(self, holdings: Holdings, point: FixedPoint, threshold: int) -> None:
        self.holdings, self.point, self.threshold = holdings, point, threshold
        self._prepared: dict[int, list[int]] = {}

    def holdings_for(self, node: int) -> list[int]:
        """Return the positions of the holdings, largest first, that make the status of `node`.

        For a restricted node: the fewest holdings of holders restricted in an earlier round that reach the threshold,
        so the proof never runs in a circle. Else every holding of a possibly restricted holder, but for a possibly
        restricted node only of those that became so before it.
        """
        if node not in self._prepared:
            joined = np.flatnonzero(self.point.possible != NEVER)  # a path may pass through any of them
            self.prepare(np.union1d(joined, [node]))
        return self._prepared[node]

    def prepare(self, nodes: npt.NDArray[np.integer]) -> None:
        """Work out the holdings of many nodes at once, for `holdings_for`."""
        holdings, point = self.holdings, self.point
        counts = holdings.by_owned.counts_at(nodes)
        positions, place = holdings.by_owned.edges(nodes), np.repeat(np.arange(len(nodes)), counts)
        sure = (point.low[nodes] >= self.threshold)[place]
        share = np.where(sure, holdings.share_min[positions], holdings.share_max[positions])
        owner = holdings.owner[positions]
        joined = np.where(sure, point.sure[owner], point.possible[owner])
        until = np.where(sure, _rounds(point.sure[nodes])[place], _rounds(point.possible[nodes])[place])
        able = np.flatnonzero((share > 0) & (joined != NEVER) & (joined < until))
        positions, place, sure = positions[able], place[able], sure[able]
        low, high = holdings.share_min[positions], holdings.share_max[positions]
        largest_first = np.lexsort((holdings.owner[positions], -high, -low, place))
        positions, place, sure = positions[largest_first], place[largest_first], sure[largest_first]
        shares = np.where(sure, low[largest_first], 0).astype(np.int64)  # in doubt none is to spare
        before = np.cumsum(shares) - shares
        first = np.searchsorted(place, np.arange(len(nodes)))
        needed = before - before[first[place]] < self.threshold
        proving = positions[needed].tolist()
        bounds = np.searchsorted(place[needed], np.arange(len(nodes) + 1)).tolist()
        for node, start, end in zip(nodes.tolist(), bounds, bounds[1:], strict=False):
            self._prepared[node] = proving[start:end]

    def chains(self, first: list[int], limit: int, *, shorten: bool = False) -> tuple[list[Chain], bool]:
        """Follow the proof upward from the `first` holdings to the listed parties.

        Return at most `limit` chains of holdings and whether these are all. With `shorten`, beyond END_STEPS only the
        largest holding of each owner is followed, and of such a chain both ends are given: explaining every owner of a
        deep chain then costs what the chain is long, not its square. Without recursion: a chain may be 100,000 long.
        """
        found: list[Chain] = []
        complete = True
        trail: list[int] = []
        pending = [iter(first)]
        while pending:
            holding = next(pending[-1], None)
            if holding is None:
                pending.pop()
                if trail:
                    trail.pop()
                continue
            if len(found) == limit:
                return found, False
            owner = int(self.holdings.owner[holding])
            trail.append(holding)
            if self.point.sure[owner] == 0:
                found.append(Chain(tuple(trail)))
                trail.pop()
            elif shorten and len(trail) == END_STEPS:
                found.append(self._shortened(tuple(trail), owner))
                complete &= not self._ascent.branches[owner]
                trail.pop()
            else:
                pending.append(iter(self.holdings_for(owner)))
        return found, complete

    def _shortened(self, first: tuple[int, ...], owner: int) -> Chain:
        anchor = int(self._anchors[owner])
        skipped = int(self._ascent.length[owner] - self._ascent.length[anchor])
        return Chain(first, skipped, tuple(self._ascent.way(anchor)))

    @cached_property
    def _ascent(self) -> Ascent:
        joined = np.flatnonzero(self.point.possible != NEVER)
        self.prepare(joined)
        return Ascent.build(self.holdings.owner, self._prepared, self.point.sure == 0)

    @cached_property
    def _anchors(self) -> Ints:
        return self._ascent.before_end(END_STEPS)


def _rounds(joined: Positions) -> Positions:
    """Return the rounds of nodes; a listed one may rest on any other, as it needs no proof itself."""
    return np.where(joined > 0, joined, np.iinfo(np.int32).max).astype(np.int32)
