"""Is the server up, and what does it count?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desk.api.desk import desk_of
from desk.api.identity import Reader
from desk.store import cases

router = APIRouter(tags=["server"])


@router.get("/health", summary="Up or not; needs no sign-in")
def health() -> dict[str, str]:
    """Says nothing about the data."""
    return {"status": "ok"}


@router.get(
    "/metrics",
    summary="Counters in Prometheus' text format",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, person: Reader) -> Response:
    """Requests and times by route, cases by state, age of lists, index swaps, refused sign-ins."""
    desk = desk_of(request)
    day = desk.world.current
    with desk.ledger.read() as session:
        states = cases.count_by(session, "state")
    ages = {ref.list: (day.as_of - ref.published).days for ref in day.listed.snapshots}
    return Response(desk.metrics.text(states, ages), media_type="text/plain; version=0.0.4")
