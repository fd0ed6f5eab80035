"""Name queries in the shape that FollowTheMoney clients send, answered from the index in one batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from desk.api.day_lists import ListDay
from desk.api.entity_query import ReadQuery, empty_fault, from_words, read_queries
from desk.api.entity_view import DATASETS, SCHEMAS, lists_of, topics
from desk.api.problems import Problem
from desk.api.schemas import EntityQuery
from lists.schema import LIST_CODES
from screening.book import CONTACT
from screening.matching import LEADS, WRITTEN, search, with_second_names

SEARCHED, LEAST_LIKE = 1_000, 0.2
"""Parties that a search returns at most, and the likeness down to which it looks."""
NAMELESS = ("",)
"""In place of the names of a query that has numbers only."""
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

    A query that holds nothing to look at is answered with the status 422 and what to do.

    A name that stands in a field behind c/o or on behalf of is a lead: `name_kind` says so, and it is no `match`.

    `match` is set from `threshold` on; by default from the score on that the nightly job calls an alert, for the list
    and type of the party.
    """
    read = read_queries(queries)
    faults = {key: fault for key, query in read.items() if (fault := empty_fault(query))}
    asked = {key: query for key, query in read.items() if key not in faults}
    results: dict[str, dict[str, dict[str, Any]]] = {key: {} for key in asked}
    for match in [*_by_name_or_number(day, asked, cutoff), *_by_address(day, asked, cutoff)]:
        best, party_id = results[match["subject_id"]], match["party_id"]
        if len(best) < limit and party_id not in best:
            party = day.party(party_id)
            if not lists or party["list"] in lists:
                best[party_id] = _result(match, party, _is_sure(day, match, threshold))
    return {
        key: {"status": 422, "detail": faults[key]}
        if key in faults
        else _answer(query, read[key], [*results[key].values()])
        for key, query in queries.items()
    }


def _by_name_or_number(day: ListDay, queries: Mapping[str, ReadQuery], cutoff: float) -> list[dict[str, Any]]:
    """Return the matches of names and numbers with `name_kind`, the best of each query first.

    A party that the query's own name matches as an alert is not also there as a lead.
    """
    rows = [
        (key, name, query.party_type) for key, query in queries.items() for name in query.names or NAMELESS
    ]
    given = pl.DataFrame([(str(i), *row) for i, row in enumerate(rows)], schema=QUERIES, orient="row")
    every = with_second_names(given, without=())
    lead = pl.col("name_kind").is_in(LEADS)
    holders = every.filter(lead)["query_id"].unique()
    whole = pl.col("query_id").is_in(holders.implode()) & (pl.col("name_kind") == WRITTEN)
    attributes = [
        (key, *[*query.countries, None, None, None][:3], query.address, list(query.identifiers))
        for key, query in queries.items()
    ]
    screener = day.screener
    compared = pl.DataFrame(attributes, schema=ATTRIBUTES, orient="row")
    bare = compared.select("subject_id").join(compared.clear(), on="subject_id", how="left")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for names, attached in (
        (every.filter(~lead & ~whole), compared),
        (every.filter(whole), compared),
        (every.filter(lead), bare),
    ):
        if names.is_empty():
            continue
        kinds = names.select("query_id", "subject_id", "name_kind", query_name="name").unique(
            ["subject_id", "query_name"], keep="first", maintain_order=True
        )
        matches = search(screener.index, names, attached, screener.attributes, cutoff).drop(
            "query_id", strict=False
        )
        shown = matches.filter(pl.col("score") >= cutoff).join(
            kinds, on=["subject_id", "query_name"], how="left", maintain_order="left"
        )
        for match in shown.to_dicts():
            pair = (match["subject_id"], match["party_id"])
            other = found.get(pair)
            if other is None or _is_better(day, match, other, set(holders)):
                found[pair] = match
    return sorted(found.values(), key=lambda match: (match["subject_id"], -match["score"], match["party_id"]))


def _is_better(
    day: ListDay, match: Mapping[str, Any], other: Mapping[str, Any], holders: Collection[str]
) -> bool:
    """Say whether a match goes before another of the same party.

    A lead goes before the text that holds it, where it is more alike; but not before an alert of the query's own name.
    """
    if match["name_kind"] in LEADS and other["name_kind"] == WRITTEN and other["query_id"] in holders:
        return bool((match["name_score"] or 0.0) > (other["name_score"] or 0.0))
    if match["name_kind"] in LEADS and day.is_alert(match["party_id"], other["score"]):
        return False
    return bool(match["score"] > other["score"])


def _by_address(day: ListDay, queries: Mapping[str, ReadQuery], cutoff: float) -> list[dict[str, Any]]:
    """Return the addresses on the lists that resemble those of queries (15 CFR 744.16(f)), and details they share."""
    rows = [
        (key, query.address, next(iter(query.countries), None), list(query.identifiers))
        for key, query in queries.items()
        if query.address or query.identifiers
    ]
    if not rows:
        return []
    texts = dict.fromkeys(("customer_id", "address", "country"), pl.String)
    customers = pl.DataFrame(rows, schema={**texts, "identifiers": pl.List(pl.String)}, orient="row")
    nodes = customers.select("customer_id", entity_id="customer_id")
    found = day.screener.match_addresses(customers, nodes).filter(pl.col("score") >= cutoff)
    return found.sort("subject_id", "score", "party_id", descending=[False, True, False]).to_dicts()


def _is_sure(day: ListDay, match: Mapping[str, Any], threshold: float | None) -> bool:
    """Say whether a match is an alert: from a score on, or as the night calls it. Contacts and leads are none."""
    if match.get("band") == CONTACT or match.get("name_kind") in LEADS:
        return False
    if threshold is not None:
        return bool(match["score"] >= threshold)
    return bool(match.get("band") == "alert" or day.is_alert(match["party_id"], match["score"]))


def search_parties(day: ListDay, words: str, lists: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the parties that words or a number may mean, best first, at most `SEARCHED`."""
    found = _by_name_or_number(day, {"q": from_words(words)}, LEAST_LIKE)
    parties = ((match, day.party(match["party_id"])) for match in found)
    wanted_parties = [(match, party) for match, party in parties if not lists or party["list"] in lists]
    return [_result(match, party, _is_sure(day, match, None)) for match, party in wanted_parties[:SEARCHED]]


def dataset_lists(dataset: str) -> tuple[str, ...]:
    """Return the lists that a dataset of a call means; none: all. Raises Problem 404."""
    lists = lists_of(dataset)
    if lists is None:
        datasets = ", ".join([*DATASETS, *LIST_CODES])
        raise Problem(404, f"No list {dataset[:50]!r}; there are {datasets}.")
    return lists


def lists_used(day: ListDay) -> dict[str, date]:
    """Return the lists that were searched, each with the day on which it was published."""
    return {ref.list: ref.published for ref in day.lists.snapshots}


def check_queries(queries: Mapping[str, EntityQuery], most: int) -> None:
    """Raise Problem 413 for more queries than one call may have."""
    if len(queries) > most:
        raise Problem(
            413, f"{len(queries)} queries in one call; at most {most}. Send them to /match/bulk, one a line."
        )


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
            "topics": topics(party["list"]),
        },
        "datasets": [party["list"]],
        "target": True,
        "score": round(match["score"], 6),
        "match": sure,
        "features": {
            "name": round(match["name_score"] or 0.0, 6),
            "similarity": round(match["similarity"] or 0.0, 6),
            "weak_alias": float(match.get("quality") == "weak"),
        },
        "evidence": match["evidence"] or [],
        "matched_name": matched_name,
        "query_name": match["query_name"],
        "name_kind": match.get("name_kind"),
    }


def _answer(query: EntityQuery, read: ReadQuery, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": 200,
        "results": results,
        "total": {"value": len(results), "relation": "eq"},
        "query": {"schema": query.schema_, "properties": query.properties},
        "warnings": [*read.warnings],
        "ignored": [*read.ignored],
    }
