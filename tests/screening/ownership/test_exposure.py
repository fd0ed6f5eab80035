"""Exposure: shares multiplied along paths and added up."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from screening.ownership import OwnershipNetwork
from tests.screening.ownership.test_cascade import parse


def exposure(text: str, target: str, *listed: str) -> int:
    frame = OwnershipNetwork.from_edges(parse(text)).look_through(listed)
    return int(frame.filter(pl.col("entity_id") == target)["look_through"].item())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("X>A 50; A>C 50", 250_000),
        ("X>A 40; A>C 60; X>C 30", 540_000),
        ("X>A 51; A>B 51; B>C 51", 132_651),
        ("X>C 25-50", 250_000),
        ("X>C 50; C>C 50", 1_000_000),
        ("X>X 100; X>C 30", 300_000),
        ("U>C 100", 0),
    ],
)
def test_shares_are_multiplied_and_added_up(text: str, parts: int) -> None:
    assert exposure(text, "C", "X") == pytest.approx(parts, abs=1)


def test_it_differs_from_the_cascade_as_the_regulation_note_says() -> None:
    with Path(__file__).with_name("regulation_examples.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["multiply_through_percent"] != "n/a"]
    assert len(rows) == 11
    for row in rows:
        listed = [name for name in "XYZ" if f"{name}>" in row["holdings_percent"]]
        got = exposure(row["holdings_percent"], row["target"], *listed)
        assert got / 10_000 == pytest.approx(float(row["multiply_through_percent"]), abs=0.005), row[
            "case_id"
        ]
