"""One customer at onboarding."""

from __future__ import annotations

from datetime import date

import orjson
from fastapi import APIRouter, Request, Response

from desk.api.bodies import ScreenAnswer, ScreenBody
from desk.api.desk import desk_of
from desk.api.identity import Screener
from desk.api.onboarding import screen_one

router = APIRouter(tags=["screening"])


@router.post(
    "/screen", response_model=ScreenAnswer, summary="Screen one customer with its owners and activity"
)
def screen(request: Request, person: Screener, body: ScreenBody, as_of: date | None = None) -> Response:
    """Match, trace the owners, apply the 50 percent tests and every rule of the day. Keeps nothing."""
    desk = desk_of(request)
    book = desk.world.book
    watchlists = book.watchlists if book else None
    answer = screen_one(body, desk.world.on(as_of), desk.settings.config, watchlists)
    return Response(orjson.dumps(answer), media_type="application/json")
