"""Name queries in the shape that FollowTheMoney clients send, answered from the index in one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from desk.api.day_lists import ListDay
from desk.api.problems import Problem
from desk.api.schemas import EntityQuery
from screening.matching import search

PARTY_TYPES = {
    "Person": "person", "Company": "organization", "Organization": "organization", "PublicBody": "organization",
    "Vessel": "vessel", "Airplane": "aircraft",
}  # fmt: skip
SCHEMAS = {
    "person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane",
    "address": "Address",
}  # fmt: skip
NAMES = ("name", "alias", "previousName", "weakAlias")
COUNTRIES = ("country", "jurisdiction", "mainCountry")
IDENTIFIERS = {
    "birthDate": "date_of_birth", "nationality": "nationality", "citizenship": "citizenship",
    "registrationNumber": "registration", "taxNumber": "tax_id", "vatCode": "vat", "innCode": "inn", "ogrnCode": "ogrn",
    "okpoCode": "okpo", "uscCode": "uscc", "idNumber": "id", "passportNumber": "passport",
    "socialSecurityNumber": "ssn", "leiCode": "lei", "dunsCode": "duns", "giiNumber": "giin", "swiftBic": "bic",
    "bikCode": "bik", "imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "serialNumber": "serial_number",
    "publicKey": "crypto_address", "isin": "isin",
}  # fmt: skip
"""Properties that are compared as well as the name, and what the customers file calls them."""
QUERIES = {
    "query_id": pl.String(),
    "subject_id": pl.String(),
    "name": pl.String(),
    "party_type": pl.String(),
}
ATTRIBUTES = {
    "subject_id": pl.String(),
    "country": pl.String(),
    "hq_country": pl.String(),
    "incorporation_country": pl.String(),
    "address": pl.String(),
    "identifiers": pl.List(pl.String()),
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

    `match` is set from `threshold` on; by default from the score on that the nightly job calls an alert, for the list
    and type of the party.
    """
    rows = [(key, *row) for key, query in queries.items() for row in _rows(query)]
    names = pl.DataFrame([(str(i), *row) for i, row in enumerate(rows)], schema=QUERIES, orient="row")
    attributes = pl.DataFrame(
        [(key, *_attributes(query)) for key, query in queries.items()], schema=ATTRIBUTES, orient="row"
    )
    results: dict[str, dict[str, dict[str, Any]]] = {key: {} for key in queries}
    screener = day.screener
    found = search(screener.index, names, attributes, screener.attributes, cutoff)
    for match in found.filter(pl.col("score") >= cutoff).iter_rows(named=True):
        best, party_id = results[match["subject_id"]], match["party_id"]
        if len(best) < limit:
            party = day.party(party_id)
            if not lists or party["list"] in lists:
                score = match["score"]
                sure = day.is_alert(party_id, score) if threshold is None else score >= threshold
                best[party_id] = _result(match, party, sure)
    return {key: _answer(query, [*results[key].values()]) for key, query in queries.items()}


def lists_used(day: ListDay) -> dict[str, date]:
    """Return the lists that were searched, each with the day on which it was published."""
    return {ref.list: ref.published for ref in day.lists.snapshots}


def check_queries(queries: Mapping[str, EntityQuery], most: int) -> None:
    """Raise Problem 413 for more queries than one call may have."""
    if len(queries) > most:
        raise Problem(
            413, f"{len(queries)} queries in one call; at most {most}. Send them to /match/bulk, one a line."
        )


def _rows(query: EntityQuery) -> list[tuple[str, str | None]]:
    """Return one row a name of a query; a person's name may come in its parts."""
    names = [name for column in NAMES for name in _values(query, column) if name.strip()]
    parts = [" ".join(_values(query, column)[:1]) for column in ("firstName", "lastName")]
    if not names and any(parts):
        names = [" ".join(part for part in parts if part)]
    return [(name, PARTY_TYPES.get(query.schema_)) for name in dict.fromkeys(names)]


def _attributes(query: EntityQuery) -> tuple[str | None, str | None, str | None, str | None, list[str]]:
    """Return the attributes of a query in the shape of a customer's: three countries, address, identifiers."""
    countries = dict.fromkeys(value.upper()[:2] for column in COUNTRIES for value in _values(query, column))
    first, second, third = [*countries, None, None, None][:3]
    kinds = [(kind, value) for name, kind in IDENTIFIERS.items() for value in _values(query, name)]
    address = next(iter(_values(query, "address")), None)
    return first, second, third, address, [f"{kind}:{value}" for kind, value in kinds]


def _values(query: EntityQuery, column: str) -> list[str]:
    value = query.properties.get(column, [])
    return [value] if isinstance(value, str) else value


def _result(match: Mapping[str, Any], party: Mapping[str, Any], sure: bool) -> dict[str, Any]:
    name = party["primary_name"]
    matched_name = match["matched_name"] or name
    return {
        "id": match["party_id"],
        "caption": name,
        "schema": SCHEMAS.get(party["party_type"], "LegalEntity"),
        "properties": {
            "name": [name],
            "alias": [matched_name] if matched_name != name else [],
            "country": [country.lower() for country in party["countries"]],
            "programId": list(party["programs"]),
            "topics": ["sanction" if party["list"] in ("SDN", "SSI", "CMIC") else "export.control"],
        },
        "datasets": [party["list"]],
        "target": True,
        "score": round(match["score"], 6),
        "match": sure,
        "features": {
            "name": round(match["name_score"] or 0.0, 6),
            "similarity": round(match["similarity"] or 0.0, 6),
            "weak_alias": float(match["quality"] == "weak"),
        },
        "evidence": match["evidence"],
        "matched_name": matched_name,
        "query_name": match["query_name"],
    }


def _answer(query: EntityQuery, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": 200,
        "results": results,
        "total": {"value": len(results), "relation": "eq"},
        "query": {"schema": query.schema_, "properties": query.properties},
    }
