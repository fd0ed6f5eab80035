"""The pages; each answers at its address, and as data at the same address with `.json`."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from desk.api.desk import get_desk
from desk.api.identity import Admin, Auditor, Reader
from desk.api.masking import for_person
from desk.api.problems import Problem
from desk.api.routes.entities import graph_view
from desk.api.schemas import FormDay, Id, Words
from desk.api.views import (
    audit_view,
    case_view,
    lists_view,
    log_and_tables_view,
    parties_view,
    party_view,
    queue_on,
    rules_view,
    runs_view,
    users_view,
)
from desk.store import cases
from desk.store.cases import Filter
from desk.web import case_forms, screened_pages, sign_in
from desk.web.case_page import case_page_view
from desk.web.explanation import explanation
from desk.web.figures import case_counts, life_lines, timings, trend
from desk.web.page import page, render
from desk.web.run_health import health_view
from lists.diff import diff
from screening.law.tables import table

router = APIRouter()
desk_pages = APIRouter(prefix="/desk")
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
PAGE = 50
EXPLAINED = 10
"""Matches that the evidence pack takes apart, the highest scores first; all are in its table."""


@router.get("/")
def home() -> Response:
    """Lead to the queue."""
    return RedirectResponse("/desk/cases", 303)


@page(desk_pages, "/cases", "cases.html")
def queue(
    request: Request, person: Reader, state: Words = "unsettled", recommendation: Words = "", assignee: Words = "",
    q: Words = "", waiting: bool = False, order: Literal["severity", "due", "name"] = "severity", offset: Offset = 0,
    as_of: FormDay = None,
) -> dict[str, Any]:  # fmt: skip
    """The queue with its filters and counts, now or as it stood at the end of a day."""
    desk = get_desk(request)
    wanted = Filter(
        state or None, recommendation or None, assignee or None, q, None, waiting, order, offset, PAGE
    )
    with queue_on(desk, as_of) as session:
        found = cases.queue(session, wanted)
        anywhere = Filter(None, words=q, limit=0)
        return {
            "elsewhere": 0 if found.total or not q else cases.queue(session, anywhere).total,
            "cases": [cases.summary(case) for case in found.cases],
            "total": found.total, "offset": offset, "limit": PAGE, "today": desk.settings.clock().date().isoformat(),
            "filter": {"state": state, "recommendation": recommendation, "assignee": assignee, "q": q,
                       "waiting": waiting, "order": order, "as_of": as_of or ""},
            "by_recommendation": case_counts(cases.count_by(session, "recommendation")),
            "by_state": cases.count_by(session, "state"),
            "assignees": sorted(cases.count_by(session, "assignee")),
        }  # fmt: skip


@page(desk_pages, "/cases/{case_id}", "case.html")
def case(request: Request, person: Reader, case_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """One case: what, why, questions, history, and what to do."""
    return case_page_view(request, person, case_id, as_of)


@page(desk_pages, "/cases/{case_id}/print", "print.html")
def evidence(request: Request, person: Reader, case_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """The evidence pack: everything that a decision rests on, to print."""
    view = case_page_view(request, person, case_id, as_of)
    desk = get_desk(request)
    with desk.ledger.read() as session:
        verdict = audit_view(session)
        manifest = next(
            (run for run in runs_view(session)["runs"] if run["run_id"] == view["case"]["run_id"]), None
        )
    rules = {finding["rule_id"] for finding in view["case"]["content"]["findings"]}
    statuses = [row for row in (manifest or {}).get("rules", []) if row["rule_id"] in rules]
    matches = view["case"]["content"]["matches"]
    why = [explanation(desk, view["case"]["as_of"], match) for match in matches[:EXPLAINED]]
    return view | {
        "not_explained": max(0, len(matches) - EXPLAINED), "run": manifest, "rules": statuses,
        "audit_head": verdict["head"], "audit_sound": verdict["sound"],
        "explanations": [found for found in why if found], "printed_at": desk.settings.clock(),
    }  # fmt: skip


@desk_pages.get("/cases/{case_id}/why")
def why(
    request: Request, person: Reader, case_id: Id, party: Words, name: Words, as_of: date | None = None
) -> Response:
    """Why a name matches a party: the aligned words and the steps of the score, as a fragment of the case page."""
    desk = get_desk(request)
    with desk.ledger.read() as session:
        view = case_view(session, case_id, desk.settings.clock().date(), as_of)
    found, _ = for_person(person, view, None)
    matches = found["content"]["matches"]
    match = next((m for m in matches if m["party_id"] == party and m["query_name"] == name), None)
    if match is None:
        raise Problem(404, "The case holds no such match.")
    return render(request, person, "_why.html", {"why": explanation(desk, found["as_of"], match)})


@page(desk_pages, "/entities/{entity_id:path}", "entity.html")
def entity(
    request: Request, person: Reader, entity_id: Id, as_of: date | None = None, what_if: Words = ""
) -> dict[str, Any]:
    """The ownership graph of an entity, to walk."""
    desk = get_desk(request)
    graph = graph_view(desk, entity_id, as_of, what_if or None)
    today = desk.data.current.as_of
    span = {"first": today - timedelta(days=3 * 365), "last": today + timedelta(days=365)}
    return {
        "graph": graph,
        "names": {node["id"]: node["label"] for node in graph["nodes"]},
        "entity_id": graph["focus"],
        "today": today,
        "has_book": desk.data.book is not None,
        **span,
    }


@page(desk_pages, "/lists", "lists.html")
def lists(
    request: Request,
    person: Reader,
    q: Words = "",
    list: Words = "",
    as_of: date | None = None,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The lists in use, and their parties."""
    day = get_desk(request).data.lists_on(as_of)
    return (
        lists_view(day)
        | parties_view(day, q, list or None, offset, PAGE)
        | {"q": q, "list": list, "limit": PAGE}
    )


@page(desk_pages, "/lists/changes", "changes.html")
def changes(request: Request, person: Reader, before: Words = "", after: Words = "") -> dict[str, Any]:
    """What changed between two publications."""
    store = get_desk(request).data.store
    lists = groupby(store.snapshots(), key=lambda ref: ref.list)
    choices = [(code, [ref.name for ref in refs][::-1]) for code, refs in lists]
    found = diff(store, before, after) if before and after else None
    tables = {
        name: getattr(found, name).to_dicts() if found else [] for name in ("added", "removed", "changed")
    }
    return {"known": choices, "before": before, "after": after, "compared": found is not None, **tables}


@page(desk_pages, "/parties/{party_id:path}", "party.html")
def party(request: Request, person: Reader, party_id: Id, as_of: date | None = None) -> dict[str, Any]:
    """Everything that a list says about a party."""
    desk = get_desk(request)
    return party_view(desk, desk.data.lists_on(as_of), party_id)


@page(desk_pages, "/rules", "rules.html")
def rules(request: Request, person: Reader, as_of: date | None = None, q: Words = "") -> dict[str, Any]:
    """The rules in time."""
    settings = get_desk(request).settings
    day = as_of or settings.clock().date()
    view = rules_view(day, settings.config)
    fitting = [
        row
        for row in view["rules"]
        if q.lower() in f"{row['rule_id']} {row['title']} {row['citation']}".lower()
    ]
    return view | {"rules": life_lines(fitting, day), "q": q, "statuses": table("statuses").to_dicts()}


@page(desk_pages, "/runs", "runs.html")
def runs(request: Request, person: Reader, as_of: date | None = None) -> dict[str, Any]:
    """Counts, trends, timings, warnings, and the age of the lists; the runs are those imported by the end of a day."""
    desk = get_desk(request)
    with desk.ledger.read() as session:
        view = runs_view(session, as_of)
        states = cases.count_by(session, "state")
        unsettled = cases.count_by(session, "recommendation")
    latest = view["runs"][0] if view["runs"] else None
    figures = {"trend": trend(view["runs"]), "stages": timings(latest["timings"] if latest else {})}
    return view | figures | {"states_now": states, "by_recommendation": case_counts(unsettled), "latest": latest,
                             "lists_now": lists_view(desk.data.current)["lists"]}  # fmt: skip


@page(desk_pages, "/runs/{run_id}/health", "health.html")
def health(request: Request, person: Reader, run_id: Id) -> dict[str, Any]:
    """What a run was given: files with what was lost of them, lists that it screened, lists that it did not."""
    with get_desk(request).ledger.read() as session:
        return health_view(session, run_id)


@page(desk_pages, "/audit", "audit.html")
def log(
    request: Request, person: Auditor, before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None
) -> dict[str, Any]:
    """The audit log, the check of its chain, and what in the tables it does not bear."""
    with get_desk(request).ledger.read() as session:
        verdict = log_and_tables_view(session)
        lines = cases.log(session, before, PAGE)
    for line in lines:
        line.get("changes", {}).pop("content", None)
    return {"verdict": verdict, "lines": lines}


@page(desk_pages, "/users", "users.html")
def users(request: Request, person: Admin) -> dict[str, Any]:
    """Who may sign in."""
    with get_desk(request).ledger.read() as session:
        return {"users": users_view(session), "token": None}


@page(desk_pages, "/docs", "docs.html")
def docs(request: Request, person: Reader) -> dict[str, Any]:
    """The description of the API, to read and try."""
    return {"openapi": "/openapi.json"}


@router.get("/openapi.json")
def openapi(request: Request, person: Reader) -> dict[str, Any]:
    """OpenAPI 3.1."""
    description: dict[str, Any] = request.app.openapi()
    return description


router.include_router(sign_in.router)
router.include_router(case_forms.router)
router.include_router(screened_pages.router)
router.include_router(desk_pages)
