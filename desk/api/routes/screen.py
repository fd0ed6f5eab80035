"""One customer at onboarding."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from desk.api.desk import get_desk
from desk.api.identity import ScreeningUser
from desk.api.onboarding import screen_one
from desk.api.schemas import ScreenAnswer
from desk.api.screen_body import ScreenBody

router = APIRouter(tags=["screening"])
UseBook = Annotated[bool, Query(description="Complete what is sent from the server's book.")]


@router.post(
    "/screen", response_model=ScreenAnswer, summary="Screen one customer with its owners and activity"
)
def screen(
    request: Request, person: ScreeningUser, body: ScreenBody, as_of: date | None = None, book: UseBook = True
) -> Response:
    """Match, trace the owners, apply the 50 percent tests and every rule of the day. Keeps nothing.

    What the server's book records of the customer, of everybody above it and of its group's activity completes what is
    sent; `inputs` says what was used.
    """
    desk = get_desk(request)
    day = desk.data.lists_on(as_of)
    watchlists = desk.data.book.watchlists if desk.data.book else None
    lookup = desk.data.book_lookup(day.as_of) if book else None
    answer = screen_one(body, day, desk.settings.config, watchlists, lookup)
    return Response(orjson.dumps(answer), media_type="application/json")
