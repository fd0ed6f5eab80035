"""One customer at onboarding."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from desk.api.desk import desk_of
from desk.api.identity import Screener
from desk.api.onboarding import screen_one
from desk.api.schemas import ScreenAnswer, ScreenBody

router = APIRouter(tags=["screening"])
UseBook = Annotated[bool, Query(description="Look in the server's book for what is not sent.")]


@router.post(
    "/screen", response_model=ScreenAnswer, summary="Screen one customer with its owners and activity"
)
def screen(
    request: Request, person: Screener, body: ScreenBody, as_of: date | None = None, book: UseBook = True
) -> Response:
    """Match, trace the owners, apply the 50 percent tests and every rule of the day. Keeps nothing.

    What the server's book knows of the customer, of everybody above it and of its group's activity counts beside what
    is sent; `inputs` says what was used.
    """
    desk = desk_of(request)
    world = desk.world
    day = world.on(as_of)
    watchlists = world.book.watchlists if world.book else None
    held = world.held(day.as_of) if book else None
    answer = screen_one(body, day, desk.settings.config, watchlists, held)
    return Response(orjson.dumps(answer), media_type="application/json")
