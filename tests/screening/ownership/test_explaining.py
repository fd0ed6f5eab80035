"""Alternatives and questions: what stands against an entity, and what would settle it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings

from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.result import CascadeResult
from tests.screening.ownership.test_cascade import parse
from tests.screening.ownership.worlds import Holding, edges_of, worlds


def settled(text: str, *listed: str) -> CascadeResult:
    return OwnershipNetwork.from_edges(parse(text)).settle(listed)


def lines(text: str, *listed: str, entity: str = "C") -> list[str]:
    return [str(found) for found in settled(text, *listed).path_sets(entity)]


def test_each_minimal_path_set_is_enough_alone() -> None:
    assert lines("X>C 50; Y>C 30; Z>C 20", "X", "Y", "Z") == [
        "C <- 50% - X",
        "C <- 30% - Y; C <- 20% - Z",
    ]
    assert lines("X>C 40; Y>C 40; Z>C 20", "X", "Y", "Z") == [
        "C <- 40% - X; C <- 40% - Y",
        "C <- 40% - X; C <- 20% - Z",
        "C <- 40% - Y; C <- 20% - Z",
    ]


def test_who_is_restricted_through_the_entity_itself_proves_nothing() -> None:
    text = "X>C 50; C>B 60; B>C 50"
    assert lines(text, "X") == ["C <- 50% - X"]
    assert lines(text, "X", entity="B") == ["B <- 60% - C <- 50% - X"]


def test_only_restricted_entities_have_path_sets() -> None:
    assert lines("X>C 40", "X") == []


def asked(text: str, *listed: str) -> list[tuple[object, ...]]:
    frame = settled(text, *listed).deciding("C")
    return frame.select("holder_id", "share_max", "needed", "could_restrict", "could_settle").rows()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X>C 49.99", [(None, 500_100, 100, True, True)]),
        ("X>C 25-75; U>C 25", [("X", 750_000, 250_000, True, False)]),
        ("X>C 30; Y>C 10-30; U>C 40", [("Y", 300_000, 100_000, True, False)]),
        ("X>A 25-75; U>A 25; A>C 60; U>C 40", [("A", 600_000, 500_000, True, True)]),
        (
            "X>C 10-30; Y>C 10-30; U>C 50",
            [("X", 300_000, None, False, False), ("Y", 300_000, None, False, False)],
        ),
        ("X>C 5; Y>C 0-60; U>C 40", [("Y", 600_000, 450_000, True, True)]),
        ("X>C 60", []),
        ("X>C 20; U>C 80", []),
    ],
)
def test_what_single_share_could_decide(text: str, expected: list[tuple[object, ...]]) -> None:
    assert asked(text, "X", "Y") == expected


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_a_share_that_could_restrict_does_so_at_its_most(world: tuple[list[Holding], set[str]]) -> None:
    """Where the holder is restricted for sure, putting the share at its most makes the entity restricted."""
    holdings, listed = world
    found = OwnershipNetwork.from_edges(edges_of(holdings)).settle(listed)
    doubtful = found.frame().filter(pl.col("status") == "indeterminate")["entity_id"].to_list()
    for entity in doubtful:
        for row in found.deciding(entity).iter_rows(named=True):
            if row["holder_status"] not in ("listed", "restricted"):
                continue
            told = [
                (a, b, high if (a, b) == (row["holder_id"], entity) else low, high)
                for a, b, low, high in holdings
            ]
            after = OwnershipNetwork.from_edges(edges_of(told)).cascade(listed)
            status = after.filter(pl.col("entity_id") == entity)["status"].item()
            assert (status == "restricted") == row["could_restrict"]
