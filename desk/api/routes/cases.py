"""Cases and what people do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from desk.api.desk import get_desk
from desk.api.identity import Approver, Holder, Reader, Worker
from desk.api.masking import for_person
from desk.api.schemas import AssignBody, DueBody, HoldBody, Id, MoveBody, NoteBody, ReasonBody, Words
from desk.api.views import case_view, queue_on, record_view
from desk.store import Change, Person, cases, decisions
from desk.store.cases import Filter
from desk.store.ledger import image
from desk.store.tables import Case

router = APIRouter(prefix="/cases", tags=["cases"])
Step = Callable[[Change], Case]


@router.get("", summary="The queue")
def queue(
    request: Request, person: Reader, state: Words | None = "unsettled",
    recommendation: Words | None = None,
    assignee: Words | None = None, q: Words = "",
    waiting: bool = False, order: Literal["severity", "due", "name"] = "severity",
    as_of: date | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:  # fmt: skip
    """Cases that fit, most severe first. `state`: one, `unsettled`, or empty for all; `assignee`: `-` for nobody.

    With `as_of` as the queue stood at the end of that day.
    """
    wanted = Filter(state or None, recommendation, assignee, q, None, waiting, order, offset, limit)
    with queue_on(get_desk(request), as_of) as session:
        page = cases.queue(session, wanted)
        return {"total": page.total, "offset": offset, "cases": [cases.summary(case) for case in page.cases]}


@router.get("/{case_id}", summary="One case, with its whole history")
def case(request: Request, person: Reader, case_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """By the case's id or the customer's; with `as_of` as it stood at the end of that day."""
    desk = get_desk(request)
    with desk.ledger.read() as session:
        view = case_view(session, case_id, desk.settings.clock().date(), as_of)
    return for_person(person, view, record_view(desk.data.book, view["customer_id"]))[0]


@router.post("/{case_id}/move", summary="Take a case to another state, or propose it")
def move(request: Request, person: Worker, case_id: Id, body: MoveBody) -> dict[str, Any]:
    """At or above the four-eyes severity a settling state is only proposed; somebody else approves it."""
    eyes = get_desk(request).settings.four_eyes_from
    return _do(
        request, person, lambda c: decisions.move(c, case_id, body.version, body.to, body.reason, eyes)
    )


@router.post("/{case_id}/approve", summary="Agree to somebody else's proposal")
def approve(request: Request, person: Approver, case_id: Id, body: ReasonBody) -> dict[str, Any]:
    """The second signature."""
    return _do(request, person, lambda c: decisions.approve(c, case_id, body.version, body.reason))


@router.post("/{case_id}/decline", summary="Turn a proposal down, or take one's own back")
def decline(request: Request, person: Worker, case_id: Id, body: ReasonBody) -> dict[str, Any]:
    """The case goes on as before."""
    return _do(request, person, lambda c: decisions.decline(c, case_id, body.version, body.reason))


@router.post("/{case_id}/assign", summary="Give a case to somebody")
def assign(request: Request, person: Worker, case_id: Id, body: AssignBody) -> dict[str, Any]:
    """`null` gives it to nobody."""
    return _do(request, person, lambda c: decisions.assign(c, case_id, body.version, body.assignee))


@router.post("/{case_id}/notes", summary="Add a note")
def note(request: Request, person: Worker, case_id: Id, body: NoteBody) -> dict[str, Any]:
    """Notes are part of the log and stay."""
    return _do(request, person, lambda c: decisions.note(c, case_id, body.text))


@router.post("/{case_id}/due", summary="Move the due day")
def due(request: Request, person: Worker, case_id: Id, body: DueBody) -> dict[str, Any]:
    """With a reason."""
    return _do(
        request, person, lambda c: decisions.set_due(c, case_id, body.version, body.due_on, body.reason)
    )


@router.post("/{case_id}/hold", summary="Legal hold, blocked property")
def hold(request: Request, person: Holder, case_id: Id, body: HoldBody) -> dict[str, Any]:
    """Both suspend the retention clock."""
    return _do(
        request,
        person,
        lambda c: decisions.set_hold(c, case_id, body.version, body.what, body.on, body.reason),
    )


def _do(request: Request, person: Person, step: Step) -> dict[str, Any]:
    """Do one step in one transaction and return the case as it stands then."""
    desk = get_desk(request)
    with desk.ledger.change(person.name, desk.settings.clock()) as change:
        case = step(change)
    return image(case)
