"""What clients of yente ask for besides matches: is the server up, which lists it has, a party, a search."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from desk.api.desk import get_desk
from desk.api.entity_query import EMPTY, unknown_parameters
from desk.api.entity_view import catalog_view, entity_view
from desk.api.identity import Reader, ScreeningUser
from desk.api.matching import dataset_lists, search_parties
from desk.api.problems import Problem
from desk.api.schemas import Id, Words
from desk.api.views import party_view

router = APIRouter(tags=["yente"])


@router.get("/healthz", summary="Up or not; needs no sign-in")
@router.get("/readyz", summary="Ready or not; needs no sign-in")
def healthz() -> dict[str, str]:
    """Says nothing about the data: the server answers only once its lists are loaded."""
    return {"status": "ok"}


@router.get("/catalog", summary="The lists in use, as datasets")
def catalog(request: Request, person: Reader, as_of: date | None = None) -> dict[str, Any]:
    """Each with its day and size; the names under which several of them can be asked for follow."""
    return catalog_view(get_desk(request).data.lists_on(as_of))


@router.get("/algorithms", summary="How matches are scored")
def algorithms(person: Reader) -> dict[str, Any]:
    """One way only: a calibrated probability, from names and all other evidence."""
    only = {"name": "headwater", "description": "A calibrated probability.", "features": {}}
    return {"algorithms": [only], "default": "headwater", "best": "headwater"}


@router.get("/search/{dataset}", summary="Search the listed parties by name or number")
def search(
    request: Request, person: ScreeningUser, dataset: Id, q: Words = "", as_of: date | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10, offset: Annotated[int, Query(ge=0, le=1_000)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Best first, down to a likeness that is no match yet. To screen somebody, use `/match`: it weighs all evidence."""
    lists = dataset_lists(dataset)
    if not any(char.isalnum() for char in q):
        raise Problem(422, EMPTY.replace("The query", "The parameter q"))
    day = get_desk(request).data.lists_on(as_of)
    found = search_parties(day, q, lists)
    return {
        "limit": limit,
        "offset": offset,
        "total": {"value": len(found), "relation": "eq"},
        "results": found[offset : offset + limit],
        "facets": {},
        "warnings": unknown_parameters(request.query_params, ("q", "as_of", "limit", "offset")),
    }  # fmt: skip


@router.get("/entities/{entity_id:path}", summary="A listed party as an entity of FollowTheMoney")
def entity(request: Request, person: Reader, entity_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """Names, numbers, addresses. Entities of the ownership network are at `/entities/ID/graph`."""
    desk = get_desk(request)
    found = party_view(desk, desk.data.lists_on(as_of), entity_id)
    return entity_view(found["party"], found)
