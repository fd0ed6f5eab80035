"""The ownership graph, to walk and to take away."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query, Request, Response

from desk.api.chart import Chart
from desk.api.desk import Desk, get_desk
from desk.api.exports import FORMATS
from desk.api.graph_json import PAGE, expansion, overview
from desk.api.identity import Reader
from desk.api.schemas import Id, Words
from desk.store import cases
from screening.ownership import WHOLE, format_share

router = APIRouter(prefix="/entities", tags=["ownership"])
WhatIf = Annotated[
    Words | None,
    Query(description="An entity above, or `?ID` for the undisclosed rest of one, taken as listed."),
]


@router.get("/{entity_id:path}/graph", summary="Owners above an entity, who is listed, and what follows")
def graph(
    request: Request, person: Reader, entity_id: Id, as_of: date | None = None, what_if: WhatIf = None,
    node: Words | None = None, direction: Literal["owners", "owned"] = "owners",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
) -> dict[str, Any]:  # fmt: skip
    """The neighbourhood to begin with; with `node` one page of that node's owners, or of what it owns."""
    desk = get_desk(request)
    return graph_view(desk, entity_id, as_of, what_if, node, direction, offset, limit)


@router.get(
    "/{entity_id:path}/export",
    summary="The same as SVG, GraphML, BODS or FollowTheMoney",
    response_class=Response,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind, _, _ in FORMATS.values()}}},
)
def export(
    request: Request, person: Reader, entity_id: Id, format: Literal["svg", "graphml", "bods", "ftm"],
    as_of: date | None = None,
) -> Response:  # fmt: skip
    """Everybody above the entity, to the end."""
    desk = get_desk(request)
    media_type, ending, write = FORMATS[format]
    day = desk.data.lists_on(as_of)
    content = write(desk.charts.chart(desk.data.entity_id(entity_id, day.as_of), day))
    name = {"Content-Disposition": f'attachment; filename="ownership.{ending}"'}
    return Response(content, media_type=media_type, headers=name)


def graph_view(
    desk: Desk, entity_id: str, as_of: date | None, what_if: str | None = None, node: str | None = None,
    direction: Literal["owners", "owned"] = "owners", offset: int = 0, limit: int = PAGE,
) -> dict[str, Any]:  # fmt: skip
    """Return elements to draw with what the 50 percent rules say of the entity."""
    day = desk.data.lists_on(as_of)
    entity_id = desk.data.entity_id(entity_id, day.as_of)
    chart = desk.charts.chart(entity_id, day, what_if or None)
    network = desk.data.network(day.as_of)
    drawn = (
        overview(chart, network)
        if node is None
        else expansion(
            chart, network, lambda ids: desk.charts.joint_chart(ids, day), node, direction, offset, limit
        )
    )
    _name_cases(desk, drawn["nodes"], day.as_of)
    verdicts = [
        row | {"held": format_share(row["low"], row["high"])}
        for row in chart.restricted.filter(chart.restricted["entity_id"] == entity_id).to_dicts()
    ]
    return drawn | {
        "as_of": day.as_of, "what_if": what_if, "whole": WHOLE, "verdicts": verdicts,
        "unreached": _unreached(chart), "marks": _source(chart, desk.data.run_day),
    }  # fmt: skip


def _name_cases(desk: Desk, nodes: list[dict[str, Any]], as_of: date) -> None:
    """Add to each node the cases of the customers that it stands for: case_id, customer_id, recommendation, state."""
    ids = pl.Series([node["id"] for node in nodes], dtype=pl.String)
    lookup = desk.data.book_lookup(as_of)
    pairs = lookup.customers_among(ids)[1] if lookup else None
    customers = {} if pairs is None else dict(pairs.select("customer_id", "entity_id").iter_rows())
    with desk.ledger.read() as session:
        found = cases.for_customers(session, list(customers))
    for node in nodes:
        node["cases"] = [case for case in found if customers[case["customer_id"]] == node["id"]]


def _unreached(chart: Chart) -> str:
    """Say whether anybody above is listed, for the case that no 50 percent rule reaches the entity."""
    alerts = chart.matches.filter(pl.col("band") == "alert")["matched_entity_id"].unique()
    above = len(alerts.filter(alerts != chart.entity_id))
    if not above:
        return "No listed party found above on this day."
    return f"No 50 percent rule reaches it, but {above} above {'is' if above == 1 else 'are'} on a list."


def _source(chart: Chart, run_day: date) -> str:
    """Say whether the matches of the chart are those of the run."""
    every = chart.network.entities.height
    fresh = every - len(chart.from_run)
    if not fresh:
        return f"Names as the run of {run_day} found them."
    return (
        f"{fresh} of {every} names were looked up for this picture: the run of {run_day} did not screen them on this "
        "day with these lists, settings and files. Decisions on them do not count here."
    )
