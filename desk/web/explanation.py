"""Why a name matches, as a value that a page can draw: aligned words, their weight, what speaks for or against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from desk.api.desk import Desk
from screening.errors import InvalidFrame

WIDTH = 240


def explanation(desk: Desk, as_of: str, match: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the match taken apart, with the width of each word's bar; nothing where the party is listed no more."""
    day = desk.world.on(date.fromisoformat(as_of))
    kind, country = _known(desk, day.as_of, match["matched_entity_id"])
    try:
        found = day.index.explain(match["query_name"], match["party_id"], kind, country)
    except InvalidFrame:
        return None  # a listed address, or a party that the lists of that day do not hold
    heaviest = max((part.weight for part in found.parts), default=1.0) or 1.0
    return {
        "query_name": found.query_name,
        "matched_name": found.matched_name,
        "party_id": found.party_id,
        "score": found.score,
        "similarity": found.similarity,
        "width": WIDTH,
        "parts": [
            {
                "query": part.query, "name": part.name, "similarity": part.similarity, "weight": part.weight,
                "bar": round(WIDTH * part.weight / heaviest),
                "full": round(WIDTH * part.weight * part.similarity / heaviest),
            }
            for part in found.parts
        ],
        "measures": [{"name": name, "value": value} for name, value in found.measures.items() if value],
    }  # fmt: skip


def _known(desk: Desk, as_of: date, entity_id: str) -> tuple[str | None, str | None]:
    """Return type and country of who was screened, which the score took into account."""
    rows = desk.world.network(as_of).entities.filter(pl.col("entity_id") == entity_id)
    if rows.is_empty():
        return None, None
    row = rows.row(0, named=True)
    return row["kind"], row["country"] or row["hq_country"] or row["incorporation_country"]
