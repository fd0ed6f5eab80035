"""The cascade written plainly on networkx and exact fractions: slow, readable, what the array engine must equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import networkx as nx

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Outcome:
    low: Fraction
    recorded: Fraction
    high: Fraction
    status: str
    cause: str | None
    half_or_more: bool
    in_restricted: bool
    in_possible: bool


def build_graph(edges: Iterable[tuple[str, str, int, int]]) -> nx.DiGraph[str]:
    """Build the graph from (owner, owned, share_min, share_max) in parts per million, one edge a pair."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for owner, owned, low, high in edges:
        graph.add_edge(owner, owned, low=Fraction(low, 10**6), high=Fraction(high, 10**6))
    return graph


def cascade(
    graph: nx.DiGraph[str], listed: set[str], threshold: Fraction = HALF, floor: Fraction = Fraction(1, 10)
) -> dict[str, Outcome]:
    """Find R, then P, by asking every entity again until nothing changes (docs/method/ownership.md)."""
    restricted = listed & set(graph)
    while joining := {e for e in set(graph) - restricted if low(graph, e, restricted) >= threshold}:
        restricted |= joining
    possible = set(restricted)
    while joining := {
        e for e in set(graph) - possible if upper(graph, e, restricted, possible, floor)[1] >= threshold
    }:
        possible |= joining
    outcomes = {}
    for entity in graph:
        least = low(graph, entity, restricted)
        recorded, high = upper(graph, entity, restricted, possible, floor)
        cause = None
        if least >= threshold:
            status = "restricted"
        elif high >= threshold:
            status = "indeterminate"
            cause = "holder_share_unknown" if recorded >= threshold else "remainder_unknown"
        else:
            status = "minority" if recorded > 0 else "none_found"
        outcomes[entity] = Outcome(
            least, recorded, high, status, cause, least >= threshold, entity in restricted, entity in possible
        )
    return outcomes


def low(graph: nx.DiGraph[str], entity: str, restricted: set[str]) -> Fraction:
    return sum(
        (data["low"] for owner, _, data in graph.in_edges(entity, data=True) if owner in restricted),
        Fraction(),
    )


def upper(
    graph: nx.DiGraph[str], entity: str, restricted: set[str], possible: set[str], floor: Fraction
) -> tuple[Fraction, Fraction]:
    """Return `recorded` and `high`; neither falls below what is certain, even where records exceed 100 percent."""
    inside = [d for o, _, d in graph.in_edges(entity, data=True) if o in possible]
    others = sum((d["low"] for o, _, d in graph.in_edges(entity, data=True) if o not in possible), Fraction())
    most = sum((d["high"] for d in inside), Fraction())
    recorded = max(min(most, 1 - others), low(graph, entity, restricted))
    if most > 0 and recorded >= floor:
        return recorded, max(1 - others, recorded)
    return recorded, recorded


def roots(graph: nx.DiGraph[str], entity: str, listed: set[str], outcomes: dict[str, Outcome]) -> list[str]:
    """Walk upward through the holdings that count and collect the listed parties found."""
    found: set[str] = set()
    pending, visited = [entity], set()
    while pending:
        below = pending.pop()
        for owner, _, data in graph.in_edges(below, data=True):
            if outcomes[below].half_or_more:
                counts = outcomes[owner].in_restricted and data["low"] > 0
            else:
                counts = outcomes[owner].in_possible and data["high"] > 0
            if not counts or owner in visited:
                continue
            visited.add(owner)
            if owner in listed:
                found.add(owner)
            if owner not in listed or outcomes[owner].half_or_more:
                pending.append(owner)
    return sorted(found)
