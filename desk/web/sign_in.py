"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk.api.desk import Desk, get_desk
from desk.api.identity import COOKIE, Reader
from desk.api.problems import Problem
from desk.store import people
from desk.store.tables import User
from desk.store.user_names import folded

router = APIRouter(prefix="/desk")
Field = Annotated[str, Form(max_length=200)]


@router.get("/sign-in")
def form(request: Request) -> Response:
    """Show the form."""
    return get_desk(request).pages.TemplateResponse(request, "sign_in.html", {"failed": None})


@router.post("/sign-in")
def sign_in(request: Request, name: Field, password: Field) -> Response:
    """Begin a session, or say that name or password are wrong; whoever fails often has to wait."""
    desk = get_desk(request)
    _refuse_other_sites(request)
    address = request.client.host if request.client else "?"
    keys = (f"name {folded(name)}", f"address {address}")
    if not desk.sign_ins.turn.acquire(timeout=desk.settings.limits.sign_in_turn_seconds):
        return _show_form_again(request, "Many people sign in at this moment. Try again.", 429)
    try:
        now = desk.settings.seconds()
        wait = desk.sign_ins.wait(keys, now)
        user = None if wait else _user(desk, name, password)
        if user is None and not wait:
            desk.sign_ins.failed(keys, now)
    finally:
        desk.sign_ins.turn.release()
    if user is None:
        desk.metrics.sign_in_refused()
        if wait:
            return _show_form_again(request, f"Too many tries. Wait {int(wait) + 1} seconds.", 429)
        return _show_form_again(request, "Name or password are wrong.", 401)
    desk.sign_ins.succeeded(keys[0])
    with desk.ledger.change(user.name, desk.settings.clock()) as change:
        secret, _ = people.sign_in(change, user)
    response = RedirectResponse("/desk/cases", 303)
    response.set_cookie(
        COOKIE, secret, max_age=int(people.LONGEST.total_seconds()), httponly=True, samesite="strict",
        secure=desk.settings.secure_cookies,
    )  # fmt: skip
    return response


@router.post("/sign-out")
def sign_out(request: Request, person: Reader) -> Response:
    """End the session."""
    desk = get_desk(request)
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        people.sign_out(change, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/desk/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


def _user(desk: Desk, name: str, password: str) -> User | None:
    with desk.ledger.read() as session:
        return people.check_password(session, name.replace("\x00", ""), password)


def _refuse_other_sites(request: Request) -> None:
    """Refuse a form that another site sends: it would sign the visitor in as somebody else."""
    origin = request.headers.get("origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if elsewhere or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "Sign in on the page of this server.")


def _show_form_again(request: Request, failed: str, status: int) -> Response:
    return get_desk(request).pages.TemplateResponse(
        request, "sign_in.html", {"failed": failed}, status_code=status
    )
