"""Why an entity is caught: the holdings that suffice, as paths that print as one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from screening.ownership.arrays import Positions
from screening.ownership.cascade import NEVER, FixedPoint, Holdings
from screening.ownership.shares import format_share


@dataclass(frozen=True, slots=True)
class Step:
    """One holding on a path, in parts per million."""

    owned_id: str
    owner_id: str
    share_min: int
    share_max: int
    owned_name: str
    owner_name: str


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of holdings from an entity up to a listed party.

    >>> first = Step("c", "a", 500_000, 500_000, "Customer", "A")
    >>> print(Path((first, Step("a", "x", 0, 1_000_000, "A", "Listed X"))))
    Customer <- 50% - A <- undisclosed - Listed X
    """

    steps: tuple[Step, ...]

    @property
    def root_id(self) -> str:
        """The listed party at the end."""
        return self.steps[-1].owner_id

    def __str__(self) -> str:
        links = (
            f" <- {format_share(step.share_min, step.share_max)} - {step.owner_name}" for step in self.steps
        )
        return self.steps[0].owned_name + "".join(links)


@dataclass(frozen=True, slots=True)
class PathSet:
    """Holdings that together make an entity's status, none of them to spare where it is restricted.

    `complete` is false when more paths exist than were asked for. Iterates over its paths.
    """

    entity_id: str
    status: str
    paths: tuple[Path, ...]
    complete: bool

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __str__(self) -> str:
        more = "" if self.complete else "; ..."
        return "; ".join(str(path) for path in self.paths) + more


def support(holdings: Holdings, point: FixedPoint, node: int, threshold: int) -> Positions:
    """Return the holdings, largest first, that make the status of `node`.

    For a restricted node: the fewest stakes of holders restricted in an earlier round that reach the
    threshold, so the proof never runs in a circle. Else every stake of a possibly restricted holder, but for
    a possibly restricted node only of those that were so before it.
    """
    edges = holdings.by_owned.of(np.array([node]))
    owner = holdings.owner[edges]
    if point.sure[node] != NEVER and point.low[node] >= threshold:
        earlier = (point.sure[owner] != NEVER) & (point.sure[owner] < _round(point.sure, node))
        edges = _largest_first(holdings, edges[earlier & (holdings.share_min[edges] > 0)])
        enough = int(np.searchsorted(np.cumsum(holdings.share_min[edges]), threshold)) + 1
        return edges[:enough]
    able = (point.possible[owner] != NEVER) & (holdings.share_max[edges] > 0)
    if point.possible[node] != NEVER:
        able &= point.possible[owner] < _round(point.possible, node)
    return _largest_first(holdings, edges[able])


def _round(joined: Positions, node: int) -> int:
    """Return the round of a node; a listed one may rest on any other, as it needs no proof itself."""
    own = int(joined[node])
    return own if own > 0 else np.iinfo(np.int32).max


def _largest_first(holdings: Holdings, edges: Positions) -> Positions:
    return edges[np.lexsort((holdings.owner[edges], -holdings.share_max[edges], -holdings.share_min[edges]))]


def chains(
    holdings: Holdings, point: FixedPoint, node: int, threshold: int, limit: int
) -> tuple[list[list[int]], bool]:
    """Follow the support upward to the listed parties; return at most `limit` chains of holdings and whether
    these are all. Without recursion: a chain may be 100,000 owners long."""
    found: list[list[int]] = []
    trail: list[int] = []
    pending = [iter(support(holdings, point, node, threshold).tolist())]
    while pending:
        edge = next(pending[-1], None)
        if edge is None:
            pending.pop()
            if trail:
                trail.pop()
            continue
        if len(found) == limit:
            return found, False
        owner = int(holdings.owner[edge])
        trail.append(edge)
        if point.sure[owner] == 0:
            found.append(trail.copy())
            trail.pop()
        else:
            pending.append(iter(support(holdings, point, owner, threshold).tolist()))
    return found, True


def steps(
    holdings: Holdings, edges: list[int], ids: Callable[[int], str], names: Callable[[int], str]
) -> Path:
    """Turn one chain of holdings into a path with ids and names."""
    made = []
    for edge in edges:
        owned, owner = int(holdings.owned[edge]), int(holdings.owner[edge])
        low, high = int(holdings.share_min[edge]), int(holdings.share_max[edge])
        made.append(Step(ids(owned), ids(owner), low, high, names(owned), names(owner)))
    return Path(tuple(made))
