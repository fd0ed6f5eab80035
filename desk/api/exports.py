"""A chart to take away: a drawing, or data for other tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from desk.api.chart import Chart
from desk.api.problems import Problem
from screening.ownership.views import bods, ftm, graphml, svg

PUBLISHER = "headwater"
FAN = 12
"""Most owners drawn at one entity; the boxes say how many more there are."""
FAR = 100
"""Owners of owners that an export follows; nobody is further away from a customer than that."""


def drawing(chart: Chart) -> bytes:
    """Return the chart as SVG. Raises Problem 422 where nobody could read it."""
    graph = chart.network.graph(chart.entity_id, FAR, fan=FAN)
    try:
        return svg(graph, chart.entity_id, chart.statuses).encode()
    except ValueError as error:
        raise Problem(422, f"The drawing would be unreadable: {error}") from error


def as_graphml(chart: Chart) -> bytes:
    """Return the chart as GraphML."""
    return graphml(chart.network.graph(chart.entity_id, FAR)).encode()


def as_bods(chart: Chart) -> bytes:
    """Return the chart as statements of the Beneficial Ownership Data Standard 0.4."""
    return orjson.dumps(bods(chart.network.graph(chart.entity_id, FAR), chart.day.as_of, PUBLISHER))


def as_ftm(chart: Chart) -> bytes:
    """Return the chart as lines of FollowTheMoney entities."""
    return b"".join(orjson.dumps(line) + b"\n" for line in ftm(chart.network.graph(chart.entity_id, FAR)))


FORMATS: Mapping[str, tuple[str, str, Callable[[Chart], bytes]]] = {
    "svg": ("image/svg+xml", "svg", drawing),
    "graphml": ("application/xml", "graphml", as_graphml),
    "bods": ("application/json", "bods.json", as_bods),
    "ftm": ("application/x-ndjson", "ftm.ndjson", as_ftm),
}
"""Format -> media type, file ending, writer."""
