"""Is the server up, and what does it count?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desk.api.desk import get_desk
from desk.api.identity import Reader
from desk.api.views import lists_view
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
    desk = get_desk(request)
    with desk.ledger.read() as session:
        states = cases.count_by(session, "state")
    ages = {row["list"]: row["age_days"] for row in lists_view(desk.data.current)["lists"]}
    return Response(desk.metrics.text(states, ages), media_type="text/plain; version=0.0.4")
