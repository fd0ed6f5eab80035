"""A layered layout of a small graph: owners above what they own, loops broken, few crossings, always the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where nodes and edges of a drawing are.

    `place`: layer (0 is the top) and column of each node; columns may be fractions. `bends`: the points that an edge
    passes between its ends, likewise. `backward`: edges drawn upward because they close a loop.
    """

    place: Mapping[str, tuple[int, float]]
    bends: Mapping[Edge, tuple[tuple[int, float], ...]]
    backward: frozenset[Edge]


def layered(nodes: Iterable[str], edges: Iterable[Edge]) -> Layout:
    """Place the nodes so that each stands below its owners.

    >>> layout = layered(["A", "B", "X"], [("X", "A"), ("A", "B"), ("X", "B")])
    >>> [layout.place[node][0] for node in ("X", "A", "B")]
    [0, 1, 2]
    """
    names = sorted(nodes)
    pairs = sorted({edge for edge in edges if edge[0] != edge[1]})
    backward = _closing_loops(names, pairs)
    forward = [edge for edge in pairs if edge not in backward] + [(b, a) for a, b in sorted(backward)]
    forward = sorted(set(forward))
    rank = _ranks(names, forward)
    chains, layers = _with_bends(names, forward, rank)
    _order(layers, [step for chain in chains.values() for step in pairwise(chain)])
    column = _columns(layers)
    at = {point: (layer, column[point]) for layer, points in enumerate(layers) for point in points}
    bends = {edge: tuple(at[point] for point in chain[1:-1]) for edge, chain in chains.items()}
    for a, b in backward:
        bends[a, b] = tuple(reversed(bends[b, a]))
    return Layout({name: at[name] for name in names}, bends, frozenset(backward))


def _closing_loops(names: list[str], edges: list[Edge]) -> set[Edge]:
    """Find the edges that close a loop, by walking down from the nodes in order; without recursion."""
    below: dict[str, list[str]] = {name: [] for name in names}
    for a, b in edges:
        below[a].append(b)
    owned = {b for _, b in edges}
    found: set[Edge] = set()
    state: dict[str, int] = {}
    for start in sorted(names, key=lambda name: (name in owned, name)):
        pending = [(start, iter(below[start]))] if start not in state else []
        state.setdefault(start, 1)
        while pending:
            name, rest = pending[-1]
            step = next(rest, None)
            if step is None:
                state[name] = 2
                pending.pop()
            elif step not in state:
                state[step] = 1
                pending.append((step, iter(below[step])))
            elif state[step] == 1:
                found.add((name, step))
    return found


def _ranks(names: list[str], edges: list[Edge]) -> dict[str, int]:
    """Return the layer of each node: the longest path from the top, but an ownerless one just above what it owns."""
    below: dict[str, list[str]] = {name: [] for name in names}
    waiting = dict.fromkeys(names, 0)
    for a, b in edges:
        below[a].append(b)
        waiting[b] += 1
    rank = dict.fromkeys(names, 0)
    without_owner = [name for name in names if not waiting[name]]
    ready = without_owner.copy()
    while ready:
        name = ready.pop()
        for step in below[name]:
            rank[step] = max(rank[step], rank[name] + 1)
            waiting[step] -= 1
            if not waiting[step]:
                ready.append(step)
    for name in without_owner:
        if below[name]:
            rank[name] = min(rank[step] for step in below[name]) - 1
    return rank


def _with_bends(
    names: list[str], edges: list[Edge], rank: dict[str, int]
) -> tuple[dict[Edge, list[str]], list[list[str]]]:
    """Put a bend on every layer that an edge crosses; return each edge as a chain of points, and the layers."""
    layers: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name in names:
        layers[rank[name]].append(name)
    chains = {}
    for a, b in edges:
        inner = [f"{a}\0{b}\0{layer}" for layer in range(rank[a] + 1, rank[b])]
        for layer, point in zip(range(rank[a] + 1, rank[b]), inner, strict=True):
            layers[layer].append(point)
        chains[a, b] = [a, *inner, b]
    return chains, layers


def _order(layers: list[list[str]], steps: list[Edge]) -> None:
    """Sort each layer by the mean place of its neighbours, downward and upward in turn: fewer lines cross."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for a, b in steps:
        above.setdefault(b, []).append(a)
        below.setdefault(a, []).append(b)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for layer in layers if down else reversed(layers):
            place = {
                point: number / max(1, len(row) - 1) for row in layers for number, point in enumerate(row)
            }
            layer.sort(key=lambda point: (_mean([place[other] for other in near.get(point, [point])]), point))


def _columns(layers: list[list[str]]) -> dict[str, float]:
    """Centre every layer on the widest; a bend takes less room than a node."""
    widths = [[0.25 if "\0" in point else 1.0 for point in layer] for layer in layers]
    widest = max((sum(row) for row in widths), default=0)
    column = {}
    for layer, row in zip(layers, widths, strict=True):
        left = (widest - sum(row)) / 2
        for point, width in zip(layer, row, strict=True):
            column[point] = left + width / 2
            left += width
    return column


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
