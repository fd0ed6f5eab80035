"""Name queries in the shape that FollowTheMoney clients send, answered from the index in one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from desk.api.bodies import EntityQuery
from desk.api.problems import Problem
from desk.api.world import ListDay
from screening.matching import thresholds

PARTY_TYPES = {
    "Person": "person", "Company": "organization", "Organization": "organization", "PublicBody": "organization",
    "Vessel": "vessel", "Airplane": "aircraft",
}  # fmt: skip
SCHEMAS = {
    "person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane",
    "address": "Address",
}  # fmt: skip
NAMES = ("name", "alias", "previousName", "weakAlias")
COUNTRIES = ("country", "jurisdiction", "nationality", "mainCountry")
QUERIES = {
    "query_id": pl.String,
    "key": pl.String,
    "name": pl.String,
    "party_type": pl.String,
    "country": pl.String,
}


def match_queries(
    day: ListDay,
    queries: Mapping[str, EntityQuery],
    limit: int = 5,
    threshold: float | None = None,
    cutoff: float = 0.5,
    lists: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """Answer every query: the best `limit` parties that score `cutoff` or more, best first.

    `match` is set from `threshold` on, or from the alert score measured for the party's type.
    """
    asked = pl.DataFrame(
        [row for key, query in queries.items() for row in _rows(key, query)], schema=QUERIES, orient="row"
    ).with_columns(pl.int_range(pl.len()).cast(pl.String).alias("query_id"))
    alert = {kind: bands["alert"] if threshold is None else threshold for kind, bands in thresholds().items()}
    parties = day.parties.filter(pl.col("list").is_in(list(lists))) if lists else day.parties
    found = (
        day.index.match(asked.drop("key"), limit=None if lists else limit * 4, min_score=cutoff)
        .join(asked.select("query_id", "key"), on="query_id")
        .join(
            parties.select(
                "party_id", "list", "party_type", "primary_name", "countries", "programs", "listed_from"
            ),
            on="party_id",
        )
        .sort("key", "score", "party_id", descending=[False, True, False])
        .unique(["key", "party_id"], keep="first", maintain_order=True)
    )
    best = found.group_by("key", maintain_order=True).head(limit)
    results: dict[str, list[dict[str, Any]]] = {}
    for row in best.to_dicts():
        results.setdefault(row["key"], []).append(_result(row, alert))
    return {key: _answer(query, results.get(key, [])) for key, query in queries.items()}


def lists_used(day: ListDay) -> dict[str, date]:
    """Name the lists that were looked at, each with the day it was published."""
    return {ref.list: ref.published for ref in day.listed.snapshots}


def check_queries(queries: Mapping[str, EntityQuery], most: int) -> None:
    """Raise Problem 413 for more queries than one call may have."""
    if len(queries) > most:
        raise Problem(
            413, f"{len(queries)} queries in one call; at most {most}. Send them to /match/bulk, one a line."
        )


def _rows(key: str, query: EntityQuery) -> list[tuple[str | None, str, str, str | None, str | None]]:
    """Return one row a name of a query; a person's name may come in its parts."""
    names = [name for column in NAMES for name in _values(query, column) if name.strip()]
    parts = [" ".join(_values(query, column)[:1]) for column in ("firstName", "lastName")]
    if not names and any(parts):
        names = [" ".join(part for part in parts if part)]
    country = next((value.upper()[:2] for column in COUNTRIES for value in _values(query, column)), None)
    return [(None, key, name, PARTY_TYPES.get(query.schema_), country) for name in dict.fromkeys(names)]


def _values(query: EntityQuery, column: str) -> list[str]:
    value = query.properties.get(column, [])
    return [value] if isinstance(value, str) else value


def _result(row: Mapping[str, Any], alert: Mapping[str, float]) -> dict[str, Any]:
    limit = alert.get(row["party_type"], alert["unknown"])
    return {
        "id": row["party_id"],
        "caption": row["primary_name"],
        "schema": SCHEMAS.get(row["party_type"], "LegalEntity"),
        "properties": {
            "name": [row["primary_name"]],
            "alias": [row["matched_name"]] if row["matched_name"] != row["primary_name"] else [],
            "country": [country.lower() for country in row["countries"]],
            "programId": list(row["programs"]),
            "topics": ["sanction" if row["list"] in ("SDN", "SSI", "CMIC") else "export.control"],
        },
        "datasets": [row["list"]],
        "target": True,
        "score": round(row["score"], 6),
        "match": row["score"] >= limit,
        "features": {
            "similarity": round(row["similarity"], 6),
            "weak_alias": float(row["quality"] == "weak"),
        },
        "matched_name": row["matched_name"],
        "query_name": row["query_name"],
    }


def _answer(query: EntityQuery, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": 200,
        "results": results,
        "total": {"value": len(results), "relation": "eq"},
        "query": {"schema": query.schema_, "properties": query.properties},
    }
