"""A chart has the matches of the nightly run: customers as customers, under the limits of their segment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
from fastapi import FastAPI

from desk.api.desk import Desk
from pipelines.job.config import Config
from screening.policy import Limit, Matching, Segment

FOUND = ("matched_entity_id", "party_id", "band", "score")


def test_a_customer_has_the_matches_of_the_run(desk: Desk) -> None:
    network = desk.data.network(desk.data.current.as_of)
    recorded = desk.data.run.table("matches").filter(pl.col("role").is_null()).select(FOUND)
    nodes = recorded["matched_entity_id"].unique().sort()
    inside = nodes.filter(nodes.is_in(network.entities["entity_id"].implode()))
    assert len(inside) > 20
    for node in inside:
        matches = desk.charts.chart(node, desk.data.current).matches.select(FOUND)
        own = pl.col("matched_entity_id") == node
        assert matches.filter(own).sort("party_id").equals(recorded.filter(own).sort("party_id")), node


def test_the_limits_of_a_segment_hold_for_its_customers_alone(
    make_app: Callable[..., FastAPI], desk: Desk, tmp_path: Path
) -> None:
    assert desk.data.book is not None
    listed = desk.charts.chart("C006", desk.data.current)
    assert listed.statuses["C006"] == "listed"
    segment = desk.data.book.customers.filter(pl.col("customer_id") == "C006")["segment"][0]
    strict = Matching(limits=(Limit(segment=segment, review=1.0, alert=1.0),))
    app = make_app(tmp_path, config=Config(segments=(Segment(name=segment),), matching=strict))
    other: Desk = app.state.desk
    chart = other.charts.chart("C006", other.data.current)
    assert "C006" not in chart.statuses
    app.state.desk.ledger.close()
