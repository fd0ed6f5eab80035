"""Which listed parties stand behind each entity: sets of roots, shared between the entities that have the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from screening.ownership.arrays import Adjacency, Flags, Ints, Positions, distinct
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings

NOBODY = -1
MOST_ROOTS = 20
"""Roots given for an entity that is not restricted: doubt can spread through a whole market, and the first twenty by id
say as much as all. A restricted entity has every root, because the strictest decides."""


@dataclass(frozen=True, slots=True)
class RootSets:
    """The distinct sets of roots, each a sorted tuple of node numbers.

    `numbers[n]`: the number in `sets` of the roots of node `n`, or -1. `complete[k]`: false where set `k` was cut at
    MOST_ROOTS.
    """

    numbers: Ints
    sets: tuple[tuple[int, ...], ...]
    complete: tuple[bool, ...]


def counting(holdings: Holdings, point: FixedPoint, restricted: Flags) -> Positions:
    """Return the positions of the holdings that count for the owned entity's outcome.

    For a restricted entity those are the disclosed holdings of restricted holders, else any holding of a possibly
    restricted one.
    """
    possible = np.flatnonzero(point.possible != NEVER)  # who is restricted is possibly so too
    positions = holdings.by_owner.edges(possible)
    certain = (point.sure[holdings.owner[positions]] != NEVER) & (holdings.share_min[positions] > 0)
    perhaps = holdings.share_max[positions] > 0
    counted: Positions = positions[np.where(restricted[holdings.owned[positions]], certain, perhaps)]
    return counted


def root_sets(holdings: Holdings, point: FixedPoint, restricted: Flags, listed: Positions) -> RootSets:
    """Collect for every entity the listed parties whose holdings reach it through counting holdings.

    Loops share one set. A listed entity passes on itself, and also its own roots where it is restricted too: its
    subsidiary is then an affiliate of both.
    """
    positions = counting(holdings, point, restricted)
    as_root = np.full(holdings.nodes, NOBODY, dtype=np.int64)
    as_root[listed] = holdings.nodes + np.arange(len(listed))
    owner = holdings.owner[positions].astype(np.int64)
    source = np.where(as_root[owner] == NOBODY, owner, as_root[owner])
    both = listed[restricted[listed]].astype(np.int64)
    tail = np.concatenate([source, both])
    head = np.concatenate([holdings.owned[positions].astype(np.int64), as_root[both]])
    members = np.unique(np.concatenate([tail, head]))
    tail, head = np.searchsorted(members, tail), np.searchsorted(members, head)
    count, label = connected_components(
        coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(len(members),) * 2).tocsr(),
        connection="strong",
    )
    seeds: dict[int, list[int]] = {}
    owners = listed[np.isin(as_root[listed], members)]  # nobody stands below the others
    for node, place in zip(owners.tolist(), np.searchsorted(members, as_root[owners]).tolist(), strict=True):
        seeds.setdefault(int(label[place]), []).append(node)
    entities = members < holdings.nodes
    whole = np.zeros(count, dtype=np.bool_)  # a loop is restricted as a whole or not at all
    whole[label[entities]] = restricted[members[entities]]
    sets = _Sets(seeds, whole)
    number = _pass_down(count, label[tail], label[head], sets, np.array(sorted(seeds), dtype=np.int32))
    numbers = np.full(holdings.nodes, NOBODY, dtype=np.int64)
    numbers[members[entities]] = number[label[entities]]
    return RootSets(numbers, tuple(sets.members), tuple(sets.complete))


class _Sets:
    """The distinct sets found so far, numbered; each union is worked out once."""

    def __init__(self, seeds: dict[int, list[int]], whole: Flags) -> None:
        self.members: list[tuple[int, ...]] = []
        self.complete: list[bool] = []
        self._seeds, self._whole = seeds, whole
        self._numbers: dict[tuple[tuple[int, ...], bool], int] = {}
        self._unions: dict[tuple[frozenset[int], bool], int] = {}

    def number(self, junctions: Positions, counts: Ints, parts: Ints) -> Ints:
        """Return the number of each junction's set; `parts` are the sets of its sources, `counts` of them each."""
        numbers = np.full(len(junctions), NOBODY, dtype=np.int64)
        starts = np.cumsum(counts) - counts
        fed = np.flatnonzero(counts > 0)
        mixed = counts == 0
        if len(fed):
            numbers[fed] = np.minimum.reduceat(parts, starts[fed])
            mixed[fed] = numbers[fed] != np.maximum.reduceat(parts, starts[fed])
        mixed |= np.isin(junctions, list(self._seeds))
        for place in np.flatnonzero(mixed).tolist():
            sources = parts[starts[place] : starts[place] + counts[place]].tolist()
            numbers[place] = self._union(frozenset(sources) - {NOBODY}, int(junctions[place]))
        return numbers

    def _union(self, parts: frozenset[int], junction: int) -> int:
        """Unite sets and the junction's own seeds, cut at MOST_ROOTS unless the junction is restricted.

        The first twenty of a union are the first twenty of the parts' first twenties: the cut depends on no order.
        """
        seeds, whole = self._seeds.get(junction), bool(self._whole[junction])
        if seeds is None and (parts, whole) in self._unions:
            return self._unions[parts, whole]
        found = sorted(set(seeds or ()).union(*(self.members[part] for part in parts)))
        roots = tuple(found if whole else found[:MOST_ROOTS])
        complete = len(roots) == len(found) and all(self.complete[part] for part in parts)
        number = self._numbers.setdefault((roots, complete), len(self.members))
        if number == len(self.members):
            self.members.append(roots)
            self.complete.append(complete)
        if seeds is None:
            self._unions[parts, whole] = number
        return number


def _pass_down(count: int, tail: Positions, head: Positions, sets: _Sets, seeded: Positions) -> Ints:
    """Pass the seeds down an acyclic graph and number each node's set.

    A node with one source and no seed has its source's set, so chains collapse by pointer doubling. The junctions that
    are left follow in rounds; sets are united only where a junction's sources differ.
    """
    head, tail = _distinct_pairs(head[head != tail], tail[head != tail], count)
    passing = np.bincount(head, minlength=count) == 1
    passing[seeded] = False
    above = np.arange(count, dtype=np.int32)
    above[head[passing[head]]] = tail[passing[head]]
    while not np.array_equal(above, further := above[above]):
        above = further
    head, tail = _distinct_pairs(head[~passing[head]], above[tail[~passing[head]]], count)
    feeding, fed = Adjacency.build(head, count), Adjacency.build(tail, count)
    waiting = np.diff(feeding.start)
    counts = waiting.copy()
    number = np.full(count, NOBODY, dtype=np.int64)
    stamp = np.zeros(count, dtype=np.int32)
    frontier = np.flatnonzero((waiting == 0) & ~passing).astype(np.int32)
    while len(frontier):
        number[frontier] = sets.number(frontier, counts[frontier], number[tail[feeding.edges(frontier)]])
        below = head[fed.edges(frontier)]
        np.subtract.at(waiting, below, 1)
        frontier = distinct(below[waiting[below] == 0], stamp)
    return number[above]


def _distinct_pairs(head: Positions, tail: Positions, count: int) -> tuple[Positions, Positions]:
    pairs = np.unique(head.astype(np.int64) * count + tail)
    return (pairs // count).astype(np.int32), (pairs % count).astype(np.int32)
