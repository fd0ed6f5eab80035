"""The graph shows the matches of the run where they hold; else it screens again and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.api.listed_entities import ListedEntities
from tests.desk.api.conftest import DAY

PAIR = ["matched_entity_id", "party_id", "score", "band"]


def everybody(desk: Desk) -> pl.DataFrame:
    return desk.data.network(DAY).entities


def test_matches_are_those_of_the_run(desk: Desk) -> None:
    found = ListedEntities(desk.data).find(everybody(desk), desk.data.lists_on(DAY))
    recorded = desk.data.run.table("matches").filter(
        ~pl.col("role").fill_null("").is_in(["director", "signatory"])
    )
    nodes = everybody(desk)["entity_id"]
    expected = (
        recorded.filter(pl.col("matched_entity_id").is_in(nodes.implode())).select(PAIR).unique().sort(PAIR)
    )
    matches = found.matches.filter(pl.col("matched_entity_id").is_in(found.from_run.implode()))
    assert matches.select(PAIR).sort(PAIR).equals(expected)
    assert len(found.from_run) > 300


def test_entities_are_screened_as_in_the_night_where_the_run_is_of_another_day(desk: Desk) -> None:
    """The same lists and rows give the same scores: customers with birth date, address and numbers."""
    today, later = desk.data.lists_on(DAY), replace(desk.data.lists_on(DAY), as_of=DAY + timedelta(days=1))
    listed = ListedEntities(desk.data)
    run, fresh = (listed.find(everybody(desk), day) for day in (today, later))
    assert len(fresh.from_run) == 0
    in_both = pl.col("matched_entity_id").is_in(run.from_run.implode())
    assert fresh.matches.filter(in_both).select(PAIR).equals(run.matches.filter(in_both).select(PAIR))


def test_entities_are_screened_again_where_the_run_had_other_lists(desk: Desk) -> None:
    day = desk.data.lists_on(DAY)
    fewer = replace(day, lists=replace(day.lists, snapshots=day.lists.snapshots[1:]))
    assert len(ListedEntities(desk.data).find(everybody(desk), fewer).from_run) == 0


def test_the_graph_says_where_its_matches_are_from(analyst: TestClient) -> None:
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
    assert {match["written"] for node in nodes for match in node["listed"]} <= {
        "0.99+",
        "0.99",
        "0.98",
        "0.97",
    }


def test_a_listed_owner_that_no_regime_counts_is_named(desk: Desk, analyst: TestClient) -> None:
    """CMIC and others have no 50 percent rule: nothing reached is not nothing found."""
    matches = desk.data.run.table("matches").filter(
        pl.col("role") == "owner",
        pl.col("band") == "alert",
        ~pl.col("list").is_in(["SDN", "EL", "MEU", "SSI"]),
    )
    graphs = [
        analyst.get(f"/entities/{each}/graph").json() for each in matches["customer_id"].unique().sort()
    ]
    assert all(graph["verdicts"] or "on a list" in graph["unreached"] for graph in graphs)


def test_an_entity_outside_the_chart_has_the_status_of_its_own_chart(analyst: TestClient) -> None:
    """What a holder owns: each as in its own graph, not as if nothing were recorded of it."""
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
