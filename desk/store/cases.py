"""Reading cases: the queue, one case, its history, and how it stood on an earlier day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from desk.store.audit import ERASED
from desk.store.errors import NotFound
from desk.store.ledger import image
from desk.store.states import states
from desk.store.tables import CASE_FIELDS, Case, Event
from screening.cases import case_id as id_of

Order = Literal["severity", "due", "name"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases to show. `state` may be `unsettled` for every state that does not settle a case."""

    state: str | None = "unsettled"
    recommendation: str | None = None
    assignee: str | None = None
    words: str = ""
    overdue_on: date | None = None
    waiting_for_approval: bool = False
    order: Order = "severity"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the cases that fit, and how many fit in all."""

    cases: list[Case]
    total: int


def find(session: Session, case_id: str) -> Case:
    """Return one case by its id or its customer's. Raises NotFound."""
    case = session.get(Case, case_id) or session.scalar(select(Case).where(Case.customer_id == case_id))
    if case is None:
        ids = (case_id, id_of(case_id))
        gone = select(Event.seq, Event.at).where(Event.case_id.in_(ids), Event.kind == ERASED)
        for seq, at in session.execute(gone.order_by(Event.seq.desc()).limit(1)):
            raise NotFound(f"The case {case_id!r} was erased on {at[:10]} (line {seq} of the audit log).")
        raise NotFound(f"No case {case_id!r}. A customer without a finding has none.")
    return case


def queue(session: Session, wanted: Filter) -> Page:
    """Return the cases that fit, most severe first (or by due day, or by name)."""
    fitting = _narrow(select(Case), wanted)
    orders = {
        "severity": (Case.severity.desc(), Case.due_on, Case.case_id),
        "due": (Case.due_on, Case.severity.desc(), Case.case_id),
        "name": (Case.name, Case.case_id),
    }
    total = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    page = fitting.order_by(*orders[wanted.order]).offset(wanted.offset).limit(wanted.limit)
    return Page(list(session.scalars(page)), total)


def for_customers(session: Session, customer_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the cases of customers, most severe first: case_id, customer_id, recommendation, state."""
    fields = (Case.case_id, Case.customer_id, Case.recommendation, Case.state)
    selected = select(*fields).where(Case.customer_id.in_(customer_ids))
    return [
        dict(row._mapping) for row in session.execute(selected.order_by(Case.severity.desc(), Case.case_id))
    ]


def count_by(session: Session, column: Literal["state", "recommendation", "assignee"]) -> dict[str, int]:
    """Count the cases by state, or the unsettled ones by recommendation or assignee."""
    field = getattr(Case, column)
    counts = select(field, func.count()).group_by(field)
    if column != "state":
        counts = counts.where(Case.state.in_(_unsettled()))
    return {str(value): number for value, number in session.execute(counts) if value is not None}


def history(session: Session, case_id: str) -> list[dict[str, Any]]:
    """Return everything that happened to a case, oldest first: seq, kind, who, at, hash, and the body's fields."""
    lines = session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.seq))
    return [line_fields(line) for line in lines]


def log(session: Session, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Return lines of the whole log, newest first, from before a line on."""
    lines = select(Event).order_by(Event.seq.desc()).limit(limit)
    return [
        line_fields(line)
        for line in session.scalars(lines if before is None else lines.where(Event.seq < before))
    ]


def case_on(session: Session, case_id: str, day: date) -> dict[str, Any]:
    """Return a case at the end of a day (UTC), replayed from the log. Raises NotFound where it had not opened yet."""
    past = [line for line in history(session, case_id) if line["at"] < day_end(day)]
    if not past:
        raise NotFound(f"No case {case_id!r} on {day}.")
    fields = replay(past)
    if is_erased(fields):
        raise NotFound(f"What case {case_id!r} was on {day} was erased. Its history says when and by whom.")
    return {"case_id": case_id, **fields}


def day_end(day: date) -> str:
    """Return text that sorts after every moment of a day (UTC)."""
    return day.isoformat() + "T99"


def replay(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Fold the changes of a case's history into its fields."""
    fields: dict[str, Any] = dict.fromkeys(CASE_FIELDS)
    for line in lines:
        fields |= dict.fromkeys(CASE_FIELDS) if line["kind"] == ERASED else line.get("changes", {})
    return fields


def is_erased(fields: Mapping[str, Any]) -> bool:
    """Tell whether a replay found nothing because the content of its lines was erased."""
    return fields["content"] is None


def summary(case: Case) -> dict[str, Any]:
    """Return a case without its nested content, with the first reason."""
    findings = case.content["findings"]
    fields = {name: value for name, value in image(case).items() if name not in ("content", "settled")}
    rules = list(dict.fromkeys(finding["rule_id"] for finding in findings))
    return fields | {"rules": rules, "reason": findings[0]["reason"] if findings else ""}


def _narrow(cases: Select[tuple[Case]], wanted: Filter) -> Select[tuple[Case]]:
    if wanted.state == "unsettled":
        cases = cases.where(Case.state.in_(_unsettled()))
    elif wanted.state:
        cases = cases.where(Case.state == wanted.state)
    if wanted.recommendation:
        cases = cases.where(Case.recommendation == wanted.recommendation)
    if wanted.assignee:
        cases = cases.where(
            Case.assignee.is_(None) if wanted.assignee == "-" else Case.assignee == wanted.assignee
        )
    if wanted.overdue_on:
        cases = cases.where(Case.due_on < wanted.overdue_on.isoformat())
    if wanted.waiting_for_approval:
        cases = cases.where(Case.proposed.is_not(None))
    for word in wanted.words.lower().split()[:8]:
        cases = cases.where(Case.search.contains(word, autoescape=True))
    return cases


def _unsettled() -> list[str]:
    return [name for name, state in states().items() if not state.closing]


def line_fields(line: Event) -> dict[str, Any]:
    """Return a line of the log with the fields of its body."""
    body: dict[str, Any] = orjson.loads(line.body)
    head = {name: getattr(line, name) for name in ("seq", "case_id", "kind", "who", "at", "previous", "hash")}
    return body | head
