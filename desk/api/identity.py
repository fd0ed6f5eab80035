"""Who is asking, and whether they may. Every route names the permission it needs.

Programs send a token; browsers send a cookie, and with every request that changes something the secret of their
session, in a header or a form field, which another site cannot know.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from secrets import compare_digest
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from desk.api.desk import Desk, get_desk
from desk.api.problems import Problem
from desk.store import people
from desk.store.people import Person
from desk.store.states import permissions

COOKIE = "headwater"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
SCHEMES = ("bearer", "apikey")
"""How a token may be announced; clients of yente write `ApiKey`."""
SAFE = ("GET", "HEAD", "OPTIONS")


async def identify(request: Request) -> Person:
    """Return who is asking. Raises Problem 401 without or with a spent token or cookie, 403 without the form secret."""
    desk = get_desk(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in SCHEMES and token:
        person = await run_in_threadpool(_by_token, desk, token.strip())
    else:
        person = await run_in_threadpool(_by_cookie, desk, request.cookies.get(COOKIE, ""))
    if person is None:
        raise Problem(401, "Sign in, or send a token.", headers={"WWW-Authenticate": "Bearer"})
    _limit(desk, person)
    if person.csrf is not None and request.method not in SAFE:
        await _check_form_secret(request, person.csrf)
    return person


def need(permission: str) -> Callable[[Person], Awaitable[Person]]:
    """Return a dependency that lets only those pass whose role carries the permission."""

    async def allowed(person: Annotated[Person, Depends(identify)]) -> Person:
        if not person.may(permission):
            raise Problem(403, _lacks(person, permission))
        return person

    return allowed


def _lacks(person: Person, permission: str) -> str:
    if permission in permissions(person.role):
        return f"This token was made by {person.made_by}, not by you: it does not carry the permission {permission!r}."
    return f"Your role ({person.role}) does not carry the permission {permission!r}."


Reader = Annotated[Person, Depends(need("read"))]
ScreeningUser = Annotated[Person, Depends(need("screen"))]
Worker = Annotated[Person, Depends(need("work"))]
Approver = Annotated[Person, Depends(need("approve"))]
Holder = Annotated[Person, Depends(need("hold"))]
Auditor = Annotated[Person, Depends(need("audit"))]
Admin = Annotated[Person, Depends(need("administer"))]


def _by_token(desk: Desk, token: str) -> Person | None:
    with desk.ledger.read() as session:
        return people.by_token(session, token, desk.settings.clock())


def _by_cookie(desk: Desk, secret: str) -> Person | None:
    if not secret:
        return None
    now = desk.settings.clock()
    with desk.ledger.read() as session:
        found = people.by_cookie(session, secret, now)
    if found is None:
        return None
    person, old = found
    if old:
        with desk.ledger.change(person.name, now) as change:
            people.renew(change.session, secret, now)
    return person


def _limit(desk: Desk, person: Person) -> None:
    wait = desk.rate.wait(person.name, desk.settings.seconds())
    if wait:
        raise Problem(
            429, f"Too many requests; try again in {wait:.1f} s.", headers={"Retry-After": str(int(wait) + 1)}
        )


async def _check_form_secret(request: Request, secret: str) -> None:
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    ):
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not compare_digest((given or "").encode(), secret.encode()):
        raise Problem(403, "The form's secret is missing or old: load the page again.")
