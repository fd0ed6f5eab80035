"""The cascade written plainly on networkx and exact fractions: slow, readable, the judge of the array
engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import networkx as nx

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Outcome:
    low: Fraction
    known: Fraction
    high: Fraction
    status: str
    cause: str | None
    caught: bool
    in_restricted: bool
    in_possible: bool


def graph_of(holdings: Iterable[tuple[str, str, int, int]]) -> nx.DiGraph[str]:
    """Build the graph from (owner, owned, share_min, share_max) in parts per million, one row a pair."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for owner, owned, low, high in holdings:
        graph.add_edge(owner, owned, low=Fraction(low, 10**6), high=Fraction(high, 10**6))
    return graph


def cascade(
    graph: nx.DiGraph[str], listed: set[str], threshold: Fraction = HALF, floor: Fraction = Fraction(1, 10)
) -> dict[str, Outcome]:
    """Settle R, then P, by asking every entity again until nothing changes (docs/method/ownership.md)."""
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
        known, high = upper(graph, entity, restricted, possible, floor)
        cause = None
        if least >= threshold:
            status = "restricted"
        elif high >= threshold:
            status = "indeterminate"
            cause = "holder_share_unknown" if known >= threshold else "remainder_unknown"
        else:
            status = "minority" if known > 0 else "none_found"
        caught = least >= threshold
        outcomes[entity] = Outcome(
            least, known, high, status, cause, caught, entity in restricted, entity in possible
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
    """Return `known` and `high`; neither falls below what is surely held, even where records exceed 100
    percent."""
    inside = [d for o, _, d in graph.in_edges(entity, data=True) if o in possible]
    others = sum((d["low"] for o, _, d in graph.in_edges(entity, data=True) if o not in possible), Fraction())
    most = sum((d["high"] for d in inside), Fraction())
    known = max(min(most, 1 - others), low(graph, entity, restricted))
    if most > 0 and known >= floor:
        return known, max(1 - others, known)
    return known, known


def roots(graph: nx.DiGraph[str], entity: str, listed: set[str], outcomes: dict[str, Outcome]) -> list[str]:
    """Walk upward through the holdings that count and collect the listed parties met."""
    found: set[str] = set()
    pending, seen = [entity], set()
    while pending:
        below = pending.pop()
        for owner, _, data in graph.in_edges(below, data=True):
            if outcomes[below].caught:
                counts = outcomes[owner].in_restricted and data["low"] > 0
            else:
                counts = outcomes[owner].in_possible and data["high"] > 0
            if not counts or owner in seen:
                continue
            seen.add(owner)
            if owner in listed:
                found.add(owner)
            if owner not in listed or outcomes[owner].caught:
                pending.append(owner)
    return sorted(found)
