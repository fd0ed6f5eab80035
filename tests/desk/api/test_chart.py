"""A chart finds whom the night found: customers as customers, under the limits of their segment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
from fastapi import FastAPI

from desk.api.desk import Desk
from pipelines.job.config import Config
from screening.policy import Limit, Matching, Segment

FOUND = ("matched_entity_id", "party_id", "band", "score")


def test_a_customer_is_found_as_by_the_night(desk: Desk) -> None:
    network = desk.world.network(desk.world.current.as_of)
    told = desk.world.run.table("matches").filter(pl.col("role").is_null()).select(FOUND)
    nodes = told["matched_entity_id"].unique().sort()
    inside = nodes.filter(nodes.is_in(network.entities["entity_id"].implode()))
    assert len(inside) > 20
    for node in inside:
        hits = desk.charts.of(node, desk.world.current).hits.select(FOUND)
        mine = pl.col("matched_entity_id") == node
        assert hits.filter(mine).sort("party_id").equals(told.filter(mine).sort("party_id")), node


def test_the_limits_of_a_segment_hold_for_its_customers_alone(
    make_app: Callable[..., FastAPI], desk: Desk, tmp_path: Path
) -> None:
    assert desk.world.book is not None
    listed = desk.charts.of("C006", desk.world.current)
    assert listed.marks["C006"] == "listed"
    segment = desk.world.book.customers.filter(pl.col("customer_id") == "C006")["segment"][0]
    strict = Matching(limits=(Limit(segment=segment, review=1.0, alert=1.0),))
    app = make_app(tmp_path, config=Config(segments=(Segment(name=segment),), matching=strict))
    other: Desk = app.state.desk
    chart = other.charts.of("C006", other.world.current)
    assert "C006" not in chart.marks
    app.state.desk.ledger.close()
