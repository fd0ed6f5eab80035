"""The forms of the pages: a step is done and the page shown again; a step that is refused says why on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk.api.desk import get_desk
from desk.api.identity import Admin, Reader
from desk.api.problems import Problem
from desk.api.schemas import Id
from desk.store import Change, decisions, people
from desk.store.errors import CaseChanged, MoveRefused, NameTaken
from desk.store.tables import Case
from desk.web.case_page import case_page_view
from desk.web.page import render

router = APIRouter(prefix="/desk")
Text = Annotated[str, Form(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of a form of the case page."""

    case_id: str
    version: int
    value: str
    reason: str
    four_eyes_from: int


def _due(change: Change, entry: Entry) -> Case:
    try:
        day = date.fromisoformat(entry.value)
    except ValueError as error:
        raise MoveRefused("Give the due day as year-month-day.") from error
    return decisions.set_due(change, entry.case_id, entry.version, day, entry.reason)


def _hold(change: Change, entry: Entry) -> Case:
    what, _, on = entry.value.partition(" ")
    return decisions.set_hold(change, entry.case_id, entry.version, what, on == "on", entry.reason)


STEPS: Mapping[str, tuple[str, Callable[[Change, Entry], Case]]] = {
    "move": (
        "work",
        lambda c, e: decisions.move(c, e.case_id, e.version, e.value, e.reason, e.four_eyes_from),
    ),
    "approve": ("approve", lambda c, e: decisions.approve(c, e.case_id, e.version, e.reason)),
    "decline": ("work", lambda c, e: decisions.decline(c, e.case_id, e.version, e.reason)),
    "assign": ("work", lambda c, e: decisions.assign(c, e.case_id, e.version, e.value[:80] or None)),
    "note": ("work", lambda c, e: decisions.note(c, e.case_id, e.reason)),
    "due": ("work", _due),
    "hold": ("hold", _hold),
}
"""Form -> the permission it needs, and what it does."""


@router.post("/cases/{case_id}/{step}")
def step(
    request: Request, person: Reader, case_id: Id, step: str, version: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    value: Text = "", reason: Text = "",
) -> Response:  # fmt: skip
    """Do one step on a case."""
    if step not in STEPS:
        raise Problem(404, "No such step.")
    permission, do = STEPS[step]
    if not person.may(permission):
        raise Problem(403, f"Your role ({person.role}) does not carry the permission {permission!r}.")
    desk = get_desk(request)
    entry = Entry(
        case_id, version, value.replace("\x00", ""), reason.replace("\x00", ""), desk.settings.four_eyes_from
    )
    try:
        with desk.ledger.change(person.name, desk.settings.clock()) as change:
            do(change, entry)
    except (CaseChanged, MoveRefused) as error:
        view = case_page_view(request, person, case_id, None) | {"failed": str(error)}
        return render(request, person, "case.html", view, 409 if isinstance(error, CaseChanged) else 422)
    return RedirectResponse(f"/desk/cases/{case_id}", 303)


@router.post("/users")
def add_user(request: Request, person: Admin, name: Text, role: Text, password: Text) -> Response:
    """Add a user."""
    desk = get_desk(request)
    try:
        with desk.ledger.change(person.name, desk.settings.clock()) as change:
            people.add_user(change, name.replace("\x00", "").strip(), role, password)
    except (MoveRefused, NameTaken) as error:
        raise Problem(422, str(error)) from error
    return RedirectResponse("/desk/users", 303)


@router.post("/users/{name}/retire")
def retire(request: Request, person: Admin, name: Id) -> Response:
    """Shut a user out."""
    desk = get_desk(request)
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        people.retire_user(change, name)
    return RedirectResponse("/desk/users", 303)
