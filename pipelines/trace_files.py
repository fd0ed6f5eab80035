"""A traced neighbourhood as a picture or as data for other tools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import orjson

from pipelines.errors import PipelineError
from pipelines.trace import Trace
from screening.ownership.views.export import bods, ftm, graphml
from screening.ownership.views.svg import svg

FAN = 12
"""Most owners, and most owned entities, drawn at one entity; the boxes say how many more there are."""
PUBLISHER = "headwater"


def write_neighbourhood(trace: Trace, files: Mapping[str, Path], hops: int, as_of: date) -> None:
    """Write the neighbourhood of a traced entity to each file; keys are svg, graphml, bods, ftm.

    Raises PipelineError where a picture would have too many boxes to read.
    """
    for kind, path in files.items():
        path.write_bytes(_content(kind, trace, hops, as_of))


def _content(kind: str, trace: Trace, hops: int, as_of: date) -> bytes:
    """Return the file of one kind; a picture shows the largest shares only, data files have every edge."""
    graph = trace.network.graph(trace.entity_id, hops, fan=FAN if kind == "svg" else None)
    match kind:
        case "svg":
            try:
                return svg(graph, trace.entity_id, trace.marks).encode()
            except ValueError as error:
                raise PipelineError(f"The picture cannot be drawn: {error} Use --hops.") from error
        case "graphml":
            return graphml(graph).encode()
        case "bods":
            return orjson.dumps(bods(graph, as_of, PUBLISHER), option=orjson.OPT_INDENT_2)
        case _:
            return b"".join(orjson.dumps(entity) + b"\n" for entity in ftm(graph))
