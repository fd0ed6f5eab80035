"""Which listed parties stand behind each entity: sets of roots, shared between the entities that have the
same."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from screening.ownership.arrays import Flags, Ints, Positions
from screening.ownership.cascade import NEVER, FixedPoint, Holdings

NOBODY = -1


@dataclass(frozen=True, slots=True)
class RootSets:
    """`of_node[n]` is the number of the root set of node `n` in `sets`, or -1; a set is a sorted tuple of
    nodes."""

    of_node: Ints
    sets: tuple[tuple[int, ...], ...]


def counting(holdings: Holdings, point: FixedPoint, restricted: Flags) -> Flags:
    """Mark the holdings that count for the owned entity's outcome.

    For a restricted entity those are the disclosed stakes of restricted holders, else any stake of a possibly
    restricted one.
    """
    certain = (point.sure[holdings.owner] != NEVER) & (holdings.share_min > 0)
    perhaps = (point.possible[holdings.owner] != NEVER) & (holdings.share_max > 0)
    marked: Flags = np.where(restricted[holdings.owned], certain, perhaps)
    return marked


def root_sets(holdings: Holdings, point: FixedPoint, restricted: Flags, listed: Positions) -> RootSets:
    """Collect for every entity the listed parties whose holdings reach it through counting holdings.

    Loops share one set. A listed entity passes on itself, and also its own roots where it is restricted too:
    its subsidiary is then an affiliate of both.
    """
    edges = np.flatnonzero(counting(holdings, point, restricted))
    as_root = np.full(holdings.nodes, NOBODY, dtype=np.int64)
    as_root[listed] = holdings.nodes + np.arange(len(listed))
    owner = holdings.owner[edges].astype(np.int64)
    source = np.where(as_root[owner] == NOBODY, owner, as_root[owner])
    both = listed[restricted[listed]].astype(np.int64)
    tail = np.concatenate([source, both])
    head = np.concatenate([holdings.owned[edges].astype(np.int64), as_root[both]])
    members = np.unique(np.concatenate([tail, head, as_root[listed]]))
    tail, head = np.searchsorted(members, tail), np.searchsorted(members, head)
    loops, label = connected_components(
        coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(len(members),) * 2).tocsr(),
        connection="strong",
    )
    seeds = defaultdict(set)
    for node, place in zip(listed.tolist(), np.searchsorted(members, as_root[listed]).tolist(), strict=True):
        seeds[int(label[place])].add(node)
    of_loop, sets = _spread(loops, label[tail], label[head], seeds)
    of_node = np.full(holdings.nodes, NOBODY, dtype=np.int64)
    entities = members < holdings.nodes
    of_node[members[entities]] = of_loop[label[entities]]
    return RootSets(of_node, sets)


def _spread(
    count: int, tail: Positions, head: Positions, seeds: dict[int, set[int]]
) -> tuple[Ints, tuple[tuple[int, ...], ...]]:
    """Pass the seeds down an acyclic graph. A node with one source and no seed has its source's set, so
    chains collapse by pointer doubling and only junctions are visited one by one."""
    pairs = np.unique(np.stack([head, tail], axis=1)[head != tail], axis=0)
    head, tail = pairs[:, 0], pairs[:, 1]
    sources = np.bincount(head, minlength=count)
    passing = sources == 1
    passing[list(seeds)] = False
    above = np.arange(count)
    single = passing[head]
    above[head[single]] = tail[single]
    while not np.array_equal(above, further := above[above]):
        above = further
    feeds: dict[int, set[int]] = defaultdict(set)
    for junction, source in zip(head[~single].tolist(), above[tail[~single]].tolist(), strict=True):
        feeds[junction].add(source)
    numbers: dict[frozenset[int], int] = {}
    found: dict[int, frozenset[int]] = {}
    for junction in _in_order(feeds, set(seeds) | set(feeds)):
        above_it = [found[source] for source in feeds[junction] if source in found]
        roots = frozenset(seeds.get(junction, ())).union(*above_it)
        found[junction] = roots
        numbers.setdefault(roots, len(numbers))
    number = np.full(count, NOBODY, dtype=np.int64)
    for junction, roots in found.items():
        number[junction] = numbers[roots] if roots else NOBODY
    return number[above], tuple(tuple(sorted(roots)) for roots in numbers)


def _in_order(feeds: dict[int, set[int]], junctions: set[int]) -> list[int]:
    """Order the junctions so that each comes after those that feed it."""
    waiting = {junction: len(feeds[junction] & junctions) for junction in sorted(junctions)}
    fed: dict[int, list[int]] = defaultdict(list)
    for junction in waiting:
        for source in feeds[junction] & junctions:
            fed[source].append(junction)
    ready = deque(junction for junction, left in waiting.items() if not left)
    order: list[int] = []
    while ready:
        junction = ready.popleft()
        order.append(junction)
        for below in fed[junction]:
            waiting[below] -= 1
            if not waiting[below]:
                ready.append(below)
    return order
