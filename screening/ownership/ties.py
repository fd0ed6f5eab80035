"""Ties to blocked persons that the 50 percent test leaves open: shares below half, control, a stake in an owner above.

OFAC FAQ 398 and 400: ownership alone blocks, and everything below it calls for caution. How much is a small number, so
that ties can be compared and handed down: an owner with a tie hands it to what it owns, but never more than its own
holding would give if it were blocked itself. So more share or control never makes a tie weaker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.ownership.arrays import Flags, Ints, Positions
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings
from screening.ownership.edges import ADDING
from screening.ownership.graph_data import GraphData
from screening.ownership.shares import WHOLE

CONTROLLING = ("control", "board", "board_majority", "golden_share", "nominee")
"""Interests that are a sign of control, whatever their size."""
SIGNING = "signatory"
Numbers = npt.NDArray[np.integer]
NO_TIE, SMALL, SIGNIFICANT, NEAR, DEALING = range(5)
"""How strong a tie is. `NEAR`: just under half, could reach half, or control. `DEALING`: a blocked person signs."""
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Bands:
    """From which shares (parts per million) a tie is how strong. `half`: from here on the entity is blocked itself."""

    significant: int
    near: int
    half: int

    def strength(self, share: Ints) -> Ints:
        """Return how strong a tie each share is by itself."""
        return np.select(
            [share >= self.near, share >= self.significant, share > 0], [NEAR, SIGNIFICANT, SMALL]
        )


@dataclass(frozen=True, slots=True)
class Ties:
    """The ties of each node. `strength`: the strongest. `own`: without those that owners above hand down.

    `signs`: marks the nodes under control of a blocked person, or of which votes of half or more may be theirs.
    `source`: the owner above from whom the strongest tie comes, -1 where it is the node's own. All zero for blocked
    nodes: the 50 percent rule speaks of them.
    """

    strength: Ints
    own: Ints
    signs: Flags
    source: Positions


def tying(edges: pl.DataFrame, half: int) -> pl.Series:
    """Mark the edges that hand a tie down: what adds up, signs of control, votes of half or more."""
    votes = (pl.col("interest") == "votes") & (pl.col("share_max") >= half)
    return edges.select(pl.col("interest").is_in([*ADDING, *CONTROLLING, SIGNING]) | votes).to_series()


def sign_edges(data: GraphData, blocked: Numbers) -> pl.DataFrame:
    """Return the edges of blocked nodes that are signs of control or signatures, with their shares."""
    edges = data.numbered_edges[data.by_owner.edges(blocked)]
    return edges.filter(pl.col("interest").is_in([*CONTROLLING, SIGNING, "votes"])).select(
        "owner", "owned", "share_min", "share_max", pl.col("interest").cast(pl.String)
    )


def find_ties(data: GraphData, point: FixedPoint, bands: Bands) -> Ties:
    """Find the ties of every node.

    `point`: of the cascade from the listed nodes; those and the ones that the 50 percent rule blocks have no ties.
    """
    blocked = point.sure != NEVER
    own = np.where(point.high >= bands.half, NEAR, bands.strength(point.recorded))
    signs = _signs(data, np.flatnonzero(blocked), bands.half, own)
    own[blocked] = NO_TIE
    counted = _counted(data.holdings, point)
    strength, source = own.copy(), np.full(len(own), NOBODY, dtype=np.int32)
    for level in (NEAR, SIGNIFICANT, SMALL):
        frontier = np.flatnonzero(strength >= level)
        while len(frontier):
            owner, owned = _handed_down(data, frontier, point, counted, bands, level)
            new = (strength[owned] < level) & ~blocked[owned]
            owner, owned = owner[new], owned[new]
            source[owned] = np.where(source[owner] == NOBODY, owner, source[owner])
            strength[owned] = level
            frontier = np.unique(owned)
    return Ties(strength, own, signs & ~blocked, source)


def _signs(data: GraphData, blocked: Numbers, half: int, own: Ints) -> Flags:
    """Mark the nodes with signs of control, and raise `own` where there are any."""
    edges = sign_edges(data, blocked)
    marked = np.zeros(len(own), dtype=np.bool_)
    marked[edges.filter(pl.col("interest").is_in(CONTROLLING))["owned"].to_numpy()] = True
    voting = edges.filter(pl.col("interest") == "votes")
    votes = np.bincount(voting["owned"], weights=voting["share_max"], minlength=len(own))
    marked |= votes >= half
    own[marked] = np.maximum(own[marked], NEAR)
    own[edges.filter(pl.col("interest") == SIGNING)["owned"].to_numpy()] = DEALING
    return marked


def _counted(holdings: Holdings, point: FixedPoint) -> Ints:
    """Return of each node the minimum shares of holders who are blocked or may be."""
    positions = holdings.by_owner.edges(np.flatnonzero(point.possible != NEVER))
    total = np.zeros(holdings.nodes, dtype=np.int64)
    np.add.at(total, holdings.owned[positions], holdings.share_min[positions])
    return total


def _handed_down(
    data: GraphData, owners: Numbers, point: FixedPoint, counted: Ints, bands: Bands, level: int
) -> tuple[Positions, Positions]:
    """Return owner and owned of the holdings and signs of control that hand down a tie of this strength."""
    holdings = data.holdings
    positions = holdings.by_owner.edges(owners)
    owned = holdings.owned[positions]
    share = holdings.share_max[positions].astype(np.int64)
    # What would be recorded of the owned if this owner were blocked too: less where the others leave no room.
    several, place = np.unique(owned, return_inverse=True)
    room = (WHOLE - holdings.total_min_at(several.astype(np.int32)))[place] + counted[owned]
    joined = np.minimum(point.recorded[owned] + share, room + holdings.share_min[positions])
    inside = point.possible[holdings.owner[positions]] != NEVER  # recorded already
    would_be = np.where(inside, point.recorded[owned], np.maximum(joined, point.recorded[owned]))
    enough = (share > 0) & (bands.strength(would_be) >= level)
    edges = data.numbered_edges[data.by_owner.edges(owners)]
    votes = (pl.col("interest") == "votes") & (pl.col("share_max") >= bands.half)
    control = edges.filter(pl.col("interest").is_in(CONTROLLING) | votes)
    return (
        np.concatenate([holdings.owner[positions][enough], control["owner"].to_numpy()]),
        np.concatenate([owned[enough], control["owned"].to_numpy()]),
    )
