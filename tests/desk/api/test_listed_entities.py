"""The graph marks who is listed as the run did, where the run looked; else it says that it looked anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.api.listed_entities import Marks
from tests.desk.api.conftest import DAY

PAIR = ["matched_entity_id", "party_id", "score", "band"]


def everybody(desk: Desk) -> pl.DataFrame:
    return desk.world.network(DAY).entities


def test_marks_are_those_of_the_run(desk: Desk) -> None:
    marked = Marks(desk.world).on(everybody(desk), desk.world.on(DAY))
    of_run = desk.world.run.table("matches").filter(
        ~pl.col("role").fill_null("").is_in(["director", "signatory"])
    )
    nodes = everybody(desk)["entity_id"]
    met = of_run.filter(pl.col("matched_entity_id").is_in(nodes.implode())).select(PAIR).unique().sort(PAIR)
    found = marked.hits.filter(pl.col("matched_entity_id").is_in(marked.of_run.implode()))
    assert found.select(PAIR).sort(PAIR).equals(met)
    assert len(marked.of_run) > 300


def test_a_name_is_looked_up_as_in_the_night_where_the_run_is_of_another_day(desk: Desk) -> None:
    """The same lists and rows give the same scores: customers with birth date, address and numbers."""
    today, later = desk.world.on(DAY), replace(desk.world.on(DAY), as_of=DAY + timedelta(days=1))
    marks = Marks(desk.world)
    as_run, anew = marks.on(everybody(desk), today), marks.on(everybody(desk), later)
    assert len(anew.of_run) == 0
    known = pl.col("matched_entity_id").is_in(as_run.of_run.implode())
    assert anew.hits.filter(known).select(PAIR).equals(as_run.hits.filter(known).select(PAIR))


def test_other_lists_than_the_runs_are_looked_up(desk: Desk) -> None:
    day = desk.world.on(DAY)
    fewer = replace(day, listed=replace(day.listed, snapshots=day.listed.snapshots[1:]))
    assert len(Marks(desk.world).on(everybody(desk), fewer).of_run) == 0


def test_the_graph_says_where_its_marks_are_from(analyst: TestClient) -> None:
    graph = analyst.get("/entities/C062/graph").json()
    assert graph["marks"] == f"Names as the run of {DAY} found them."
    assert all(node["of_run"] for node in graph["nodes"] if node["kind"] != "undisclosed")
    past = analyst.get("/entities/C062/graph?as_of=2026-11-21").json()
    assert "were looked up for this picture" in past["marks"]
    listed = [node["reason"] for node in past["nodes"] if node["status"] == "listed"]
    assert listed
    assert all(", looked up now)" in reason for reason in listed)


def test_paths_come_apart_and_scores_are_written(analyst: TestClient) -> None:
    nodes = analyst.get("/entities/C062/graph").json()["nodes"]
    ways = [way for node in nodes for regime in node["regimes"] for way in regime["ways"]]
    assert all(len(way) % 2 == 1 and way[0] for way in ways)
    assert any(len(way) > 1 for way in ways)
    assert {hit["written"] for node in nodes for hit in node["listed"]} <= {"0.99+", "0.99", "0.98", "0.97"}


def test_a_listed_owner_that_no_regime_counts_is_told(desk: Desk, analyst: TestClient) -> None:
    """CMIC and others have no 50 percent rule: nothing reached is not nothing found."""
    matches = desk.world.run.table("matches").filter(
        pl.col("role") == "owner",
        pl.col("band") == "alert",
        ~pl.col("list").is_in(["SDN", "EL", "MEU", "SSI"]),
    )
    told = [analyst.get(f"/entities/{each}/graph").json() for each in matches["customer_id"].unique().sort()]
    assert all(graph["verdicts"] or "on a list" in graph["unreached"] for graph in told)


def test_who_stands_outside_is_marked_as_it_stands_itself(analyst: TestClient) -> None:
    """The holdings of a holder: each as its own graph says, not as if nothing were known of it."""
    opened = analyst.get("/entities/C064/graph").json()
    holder = next(node for node in opened["nodes"] if node["owned"] > 1)
    page = analyst.get(f"/entities/C064/graph?node={holder['id']}&direction=owned").json()
    others = [node for node in page["nodes"] if node["id"] not in {row["id"] for row in opened["nodes"]}]
    assert others
    for node in others:
        own = analyst.get(f"/entities/{node['id']}/graph").json()
        focus = next(row for row in own["nodes"] if row["focus"])
        assert (node["status"], node["reason"]) == (focus["status"], focus["reason"])
    assert any(node["status"] != "plain" for node in others)


def test_nodes_lead_to_their_cases(analyst: TestClient) -> None:
    nodes = analyst.get("/entities/C062/graph").json()["nodes"]
    focus = next(node for node in nodes if node["focus"])
    assert [case["customer_id"] for case in focus["cases"]] == ["C062"]
    assert analyst.get(f"/cases/{focus['cases'][0]['case_id']}").json()["customer_id"] == "C062"
    assert all(node["cases"] == [] for node in nodes if node["kind"] == "undisclosed")
