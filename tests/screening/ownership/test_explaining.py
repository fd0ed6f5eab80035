"""Questions: which open share could decide an indeterminate entity."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings

from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.result import CascadeResult
from tests.screening.ownership.test_cascade import parse
from tests.screening.ownership.worlds import Edge, edge_table, worlds


def result(text: str, *listed: str) -> CascadeResult:
    return OwnershipNetwork.from_edges(parse(text)).run_cascade(listed)


def questions(text: str, *listed: str) -> list[tuple[object, ...]]:
    frame = result(text, *listed).deciding("C")
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
    assert questions(text, "X", "Y") == expected


@settings(max_examples=100)
@given(worlds())
def test_a_share_that_could_restrict_does_so_at_its_most(world: tuple[list[Edge], set[str]]) -> None:
    """Where the holder is restricted for sure, putting the share at its most makes the entity restricted."""
    edges, listed = world
    found = OwnershipNetwork.from_edges(edge_table(edges)).run_cascade(listed)
    doubtful = found.frame().filter(pl.col("status") == "indeterminate")["entity_id"].to_list()
    for entity in doubtful:
        for row in found.deciding(entity).iter_rows(named=True):
            if row["holder_status"] not in ("listed", "restricted"):
                continue
            at_most = [
                (a, b, high if (a, b) == (row["holder_id"], entity) else low, high)
                for a, b, low, high in edges
            ]
            after = OwnershipNetwork.from_edges(edge_table(at_most)).cascade(listed)
            status = after.filter(pl.col("entity_id") == entity)["status"].item()
            assert (status == "restricted") == row["could_restrict"]
