"""Users and tokens, and the audit log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from desk.api.desk import get_desk
from desk.api.identity import Admin, Auditor, Reader
from desk.api.problems import Problem
from desk.api.schemas import Id, TokenBody, UserBody
from desk.api.views import log_and_tables_view, user_view, users_view
from desk.store import cases, people
from desk.store.states import permissions

router = APIRouter()


@router.get("/me", tags=["access"], summary="Who am I, and what may I do?")
def me(person: Reader) -> dict[str, Any]:
    """Name, role, permissions."""
    return {"name": person.name, "role": person.role, "permissions": sorted(permissions(person.role))}


@router.get("/users", tags=["access"], summary="Every user")
def users(request: Request, person: Admin) -> dict[str, Any]:
    """Names and roles; never a secret."""
    with get_desk(request).ledger.read() as session:
        return {"users": users_view(session)}


@router.post("/users", tags=["access"], status_code=201, summary="Add a user")
def add_user(request: Request, person: Admin, body: UserBody) -> dict[str, Any]:
    """Passwords are stored as argon2id hashes."""
    desk = get_desk(request)
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        user = people.add_user(change, body.name, body.role, body.password)
    return user_view(user)


@router.post("/users/{name}/retire", tags=["access"], summary="Shut a user out")
def retire(request: Request, person: Admin, name: Id) -> dict[str, Any]:
    """Ends sessions and tokens at once; the name stays in the log."""
    desk = get_desk(request)
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        people.retire_user(change, name)
    return {"name": name, "active": False}


@router.post("/tokens", tags=["access"], status_code=201, summary="Make a token for programs")
def add_token(request: Request, person: Reader, body: TokenBody) -> dict[str, Any]:
    """The token is shown once, in this answer. One made for somebody else needs an administrator and signs nothing."""
    desk = get_desk(request)
    if person.made_by is not None:
        raise Problem(403, "This token was made for you by somebody else; sign in to make your own.")
    if body.user != person.name and not person.may("administer"):
        raise Problem(403, "Make tokens for yourself; only an administrator makes them for others.")
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        token = people.add_token(change, body.user, body.label, body.days)
    return {"token": token, "user": body.user, "label": body.label, "signs": body.user == person.name}


@router.get("/audit", tags=["audit"], summary="The audit log, newest first")
def log(
    request: Request, person: Auditor, before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:  # fmt: skip
    """Lines before a sequence number."""
    with get_desk(request).ledger.read() as session:
        return {"lines": cases.log(session, before, limit)}


@router.get(
    "/audit/check",
    tags=["audit"],
    summary="Recompute the chain of hashes, and compare every table with the log",
)
def check(
    request: Request, person: Auditor, head: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None
) -> dict[str, Any]:
    """`head`: a head that was noted elsewhere, which the log must contain."""
    with get_desk(request).ledger.read() as session:
        return log_and_tables_view(session, head)
