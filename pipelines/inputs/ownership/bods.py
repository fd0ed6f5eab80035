"""Beneficial Ownership Data Standard 0.4: statements about entities, persons and relationships."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from pipelines.inputs.ownership.records import Record, Rows, day, first_text, inside, objects
from screening.ownership.shares import WHOLE

HIDDEN = ("anonymousPerson", "unknownPerson", "anonymousEntity", "unknownEntity")
KINDS = {"state": "state", "stateBody": "state", "arrangement": "arrangement"}


@cache
def interest_kinds() -> dict[str, str]:
    """Return our word for each interest type of the standard."""
    text = files(__package__).joinpath("data/bods_interests.csv").read_text(encoding="utf-8")
    return {row["type"]: row["interest"] for row in csv.DictReader(text.splitlines())}


def read_bods(statements: Iterable[tuple[int, Record]], rows: Rows) -> None:
    """Collect edges and entities from statements.

    Of several statements about one relationship each counts until the day before the next; a closing one ends it.
    """
    hidden: set[str] = set()
    versions: dict[str, list[tuple[str, int, Record]]] = {}
    for row, statement in statements:
        details, record_id = statement.get("recordDetails"), statement.get("recordId")
        if not isinstance(details, dict) or not isinstance(record_id, str):
            rows.problem(row, "recordDetails", record_id, "a statement without recordId or recordDetails")
        elif statement.get("recordType") == "relationship":
            stated = str(statement.get("statementDate") or "")
            versions.setdefault(record_id, []).append((stated, row, statement))
        elif statement.get("recordType") in ("entity", "person"):
            if _type(details) in HIDDEN:
                hidden.add(record_id)
            else:
                rows.entities.append(_entity(row, record_id, details, rows))
        else:
            rows.problem(
                row, "recordType", statement.get("recordType"), "neither entity, person nor relationship"
            )
    for statements_of_one in versions.values():
        _relationship(sorted(statements_of_one, key=lambda version: version[:2]), hidden, rows)


def _type(details: Record) -> str:
    return str(details.get("personType") or inside(details, "entityType", "type") or "")


def _entity(row: int, record_id: str, details: Record, rows: Rows) -> Record:
    """Describe an entity or a person."""
    names = [name.get("fullName") for name in objects(details.get("names"))]
    places = [inside(place, "country", "code") for place in objects(details.get("addresses"))]
    nations = [nation.get("code") for nation in objects(details.get("nationalities"))]
    identifiers = [
        f"{scheme}:{value}"
        for item in objects(details.get("identifiers"))
        if (scheme := first_text(item.get("scheme"), item.get("schemeName")))
        and (value := first_text(item.get("id")))
    ]
    person = "personType" in details
    return {
        "entity_id": record_id,
        "name": first_text(details.get("name"), *names),
        "kind": "person" if person else KINDS.get(_type(details), "organization"),
        "hq_country": None,
        "identifiers": identifiers or None,
        **rows.countries(
            row,
            country=[*places, *nations],
            incorporation_country=[inside(details, "jurisdiction", "code")],
        ),
    }


def _relationship(versions: list[tuple[str, int, Record]], hidden: set[str], rows: Rows) -> None:
    """Add the edges of one relationship, version after version."""
    for place, (stated, row, statement) in enumerate(versions):
        if statement.get("recordStatus") == "closed":
            continue
        details = statement["recordDetails"]
        subject, party = details.get("subject"), details.get("interestedParty")
        if not isinstance(subject, str):
            rows.problem(
                row, "subject", inside(subject, "reason"), "a relationship whose subject is not named"
            )
            continue
        ends = _day_before(versions[place + 1][0]) if place + 1 < len(versions) else None
        unnamed = not isinstance(party, str) or party in hidden
        edge = {
            "__row": row,
            "owner_id": None if unnamed else party,
            "owner_name": first_text(inside(party, "reason")) or ("anonymous" if unnamed else None),
            "owned_id": subject,
            "undisclosed": unnamed,
            "source": first_text(inside(statement, "source", "type")) or "BODS",
            "source_date": day(stated),
        }
        for interest in objects(details.get("interests")) or [{}]:
            rows.edges.append(edge | _interest(interest, ends, row, rows))


def _interest(interest: Record, ends: str | None, row: int, rows: Rows) -> Record:
    """Describe one interest. Of an interest of no stated type nothing is sure but that it may be a stake."""
    named = interest.get("type")
    kind = interest_kinds().get(str(named))
    if kind is None and named not in (None, "unknownInterest", "unpublishedInterest"):
        rows.problem(
            row, "interests.type", named, "no interest type of the standard; may be a stake", ignored=True
        )
    low, high = _share(interest.get("share"), row, rows)
    return {
        "interest": kind or "equity",
        "direct": None if interest.get("directOrIndirect") == "direct" else False,
        "share_min": low if kind else 0,
        "share_max": high,
        "start": day(interest.get("startDate")),
        "end": min(filter(None, (day(interest.get("endDate")), ends)), default=None),
    }


def _share(share: object, row: int, rows: Rows) -> tuple[int, int]:
    """Return the range of a share in percent; exclusive bounds move in by one part per million."""
    if not isinstance(share, dict):
        return 0, WHOLE
    try:
        bounds = {key: round(float(value) * 10_000) for key, value in share.items() if value is not None}
    except (TypeError, ValueError, OverflowError):
        bounds = {"exact": -1}
    exact = bounds.get("exact")
    low = (
        exact if exact is not None else max(bounds.get("minimum", 0), bounds.get("exclusiveMinimum", -1) + 1)
    )
    high = (
        exact
        if exact is not None
        else min(bounds.get("maximum", WHOLE), bounds.get("exclusiveMaximum", WHOLE + 1) - 1)
    )
    if not 0 <= low <= high <= WHOLE:
        rows.problem(
            row, "share", share, "not a share from 0 to 100 percent; taken as undisclosed", ignored=True
        )
        return 0, WHOLE
    return low, high


def _day_before(stated: str) -> str | None:
    try:
        return (date.fromisoformat(stated[:10]) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):  # no day, or the first there is
        return None
