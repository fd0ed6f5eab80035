"""Lists, parties, rules and runs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from desk.api.desk import get_desk
from desk.api.identity import Admin, Reader
from desk.api.schemas import Id, Words
from desk.api.views import lists_view, parties_view, party_view, rules_view, runs_view
from lists.diff import diff

router = APIRouter(tags=["reference"])
Snapshot = Annotated[Id, Query(examples=["SDN@2026-11-20"])]


@router.get("/lists", summary="The lists in use, and how old they are")
def lists(request: Request, person: Reader, as_of: date | None = None) -> dict[str, Any]:
    """Per list: publisher, day, hash, counts, age."""
    return lists_view(get_desk(request).data.lists_on(as_of))


@router.get("/lists/parties", summary="Browse and search the listed parties")
def parties(
    request: Request, person: Reader, q: Words = "",
    list: Words | None = None, as_of: date | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:  # fmt: skip
    """Names are matched as in screening, so spelling and script do not matter."""
    return parties_view(get_desk(request).data.lists_on(as_of), q, list, offset, limit)


@router.get("/lists/parties/{party_id:path}", summary="Everything a list says of a party")
def party(request: Request, person: Reader, party_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """Names, addresses, identifiers, measure, relations, publications."""
    desk = get_desk(request)
    return party_view(desk, desk.data.lists_on(as_of), party_id)


@router.get("/lists/diff", summary="What changed between two publications")
def changes(request: Request, person: Reader, before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """`before`, `after`: the beginning of a snapshot's name, or `LIST@DATE`."""
    found = diff(get_desk(request).data.store, before, after)
    return {
        "before": before, "after": after, "added": found.added.to_dicts(), "removed": found.removed.to_dicts(),
        "changed": found.changed.to_dicts(), "uncompared": [*found.uncompared],
    }  # fmt: skip


@router.get("/rules", summary="Every rule with its status on a day and its periods")
def rules(request: Request, person: Reader, as_of: date | None = None) -> dict[str, Any]:
    """The day defaults to today."""
    settings = get_desk(request).settings
    return rules_view(as_of or settings.clock().date(), settings.config)


@router.get("/runs", summary="Imported runs")
def runs(request: Request, person: Reader, as_of: date | None = None) -> dict[str, Any]:
    """Newest first; with `as_of` those imported by the end of that day."""
    with get_desk(request).ledger.read() as session:
        return runs_view(session, as_of)


@router.post("/lists/refresh", summary="Take newer lists into use now")
def refresh(request: Request, person: Admin) -> dict[str, Any]:
    """The server also looks by itself from time to time; no request is dropped."""
    desk = get_desk(request)
    return {"changed": desk.refresh(), "lists": [*desk.data.current.snapshot_names]}
