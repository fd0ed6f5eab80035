"""Ties to blocked persons below half: what is handed down, and that more share or control never makes one weaker."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.fixed_point import NEVER
from screening.ownership.ties import DEALING, NEAR, NO_TIE, SIGNIFICANT, SMALL, Bands, find_ties

BANDS = Bands(250_000, 450_000, 500_000)
BLOCKED = DEALING + 1
Edge = tuple[str, str, int, int, str]
NODES = "XYABCD"


def strengths(edges: list[Edge], listed: set[str]) -> dict[str, int]:
    """Return how strong the tie of each node is; a node that the 50 percent rule blocks is above all ties."""
    schema = ["owner_id", "owned_id", "share_min", "share_max", "interest"]
    entities = pl.DataFrame({"entity_id": list(NODES)})
    net = OwnershipNetwork.from_edges(pl.DataFrame(edges, schema=schema, orient="row"), entities)
    result = net.run_cascade(listed)
    blocked = result.point.sure != NEVER
    ties = find_ties(net, result.point, BANDS)
    return dict(zip(net.ids.to_list(), np.where(blocked, BLOCKED, ties.strength).tolist(), strict=True))


def equity(owner: str, owned: str, low: int, high: int | None = None) -> Edge:
    return owner, owned, low * 10_000, (low if high is None else high) * 10_000, "equity"


def test_bands() -> None:
    for share, wanted in (
        (50, BLOCKED),
        (49, NEAR),
        (45, NEAR),
        (44, SIGNIFICANT),
        (25, SIGNIFICANT),
        (24, SMALL),
    ):
        rest = equity("Y", "A", 100 - share)
        assert strengths([equity("X", "A", share), rest], {"X"})["A"] == wanted


def test_half_of_the_votes_is_a_sign_of_control_and_less_is_none() -> None:
    full = [equity("X", "A", 20), equity("Y", "A", 80)]
    assert strengths([*full, ("X", "A", 500_000, 500_000, "votes")], {"X"})["A"] == NEAR
    assert strengths([*full, ("X", "A", 490_000, 490_000, "votes")], {"X"})["A"] == SMALL


def test_a_signature_goes_before_everything_below_half() -> None:
    assert strengths([("X", "A", 0, 0, "signatory")], {"X"})["A"] == DEALING


def test_an_owner_hands_down_its_tie_but_no_more_than_its_own_holding_would_give() -> None:
    above = [equity("X", "A", 49), equity("Y", "A", 51)]
    assert strengths([*above, equity("A", "B", 100)], {"X"})["B"] == NEAR
    assert strengths([*above, equity("A", "B", 10), equity("Y", "B", 90)], {"X"})["B"] == SMALL
    assert strengths([*above, ("A", "B", 0, 0, "family")], {"X"})["B"] == NO_TIE


def test_an_owner_that_may_be_blocked_is_not_counted_twice() -> None:
    edges = [equity("A", "C", 51), equity("D", "C", 0, 1), equity("X", "C", 0, 23), equity("Y", "D", 1),
             equity("X", "D", 49)]  # fmt: skip
    assert strengths(edges, {"X"})["C"] == strengths(edges, {"X", "Y"})["C"] == SMALL


@st.composite
def worlds(draw: st.DrawFn) -> list[Edge]:
    """Networks in which nobody is owned by more than 100 percent, with gaps and ranges."""
    edges = []
    for owned in "ABCD":
        left = 100
        for owner in draw(st.permutations([n for n in NODES if n != owned]))[: draw(st.integers(0, 3))]:
            low = draw(st.integers(0, left))
            high = draw(st.integers(low, 100))
            left -= low
            edges.append(equity(owner, owned, low, draw(st.sampled_from([low, high]))))
        if draw(st.booleans()):
            interest = draw(st.sampled_from(["control", "board", "votes", "golden_share", "family"]))
            edges.append((draw(st.sampled_from("XY")), owned, 0, draw(st.integers(0, 1_000_000)), interest))
    return edges


@given(worlds(), st.sampled_from("ABCD"), st.sampled_from(["control", "board_majority", "signatory"]))
def test_more_control_never_makes_a_tie_weaker(edges: list[Edge], owned: str, interest: str) -> None:
    before, after = strengths(edges, {"X"}), strengths([*edges, ("X", owned, 0, 0, interest)], {"X"})
    assert all(after[node] >= before[node] for node in NODES)


@given(worlds(), st.data())
def test_more_share_of_a_blocked_person_never_makes_a_tie_weaker(
    edges: list[Edge], data: st.DataObject
) -> None:
    mine = [place for place, edge in enumerate(edges) if edge[0] == "X" and edge[4] == "equity"]
    if not mine:
        return
    place = data.draw(st.sampled_from(mine))
    owner, owned, low, high, interest = edges[place]
    taken = sum(edge[2] for edge in edges if edge[1] == owned and edge[4] == "equity")
    more = low + data.draw(st.integers(0, 1_000_000 - taken))
    changed = [*edges[:place], (owner, owned, more, max(more, high), interest), *edges[place + 1 :]]
    before, after = strengths(edges, {"X"}), strengths(changed, {"X"})
    assert all(after[node] >= before[node] for node in NODES)


@given(worlds())
def test_one_more_blocked_person_never_makes_a_tie_weaker(edges: list[Edge]) -> None:
    before, after = strengths(edges, {"X"}), strengths(edges, {"X", "Y"})
    assert all(after[node] >= before[node] for node in NODES)


@given(worlds(), st.sampled_from("ABCD"))
def test_an_unknown_holder_never_makes_a_tie_weaker(edges: list[Edge], owned: str) -> None:
    before = strengths(edges, {"X"})
    for unknown in ((None, owned, 0, 1_000_000, "equity"), ("X", owned, 0, 1_000_000, "consolidation")):
        after = strengths([*edges, unknown], {"X"})  # type: ignore[list-item]
        assert all(after[node] >= before[node] for node in NODES)
