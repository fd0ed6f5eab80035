"""Errors as the web expects them: problem details (RFC 9457), one shape for every failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from desk.store import errors as store
from lists.errors import ListError, SnapshotNotFound
from pipelines.errors import InputRejected, PipelineError
from screening.errors import InvalidFrame, ScreeningError, UnknownEntity

MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[type[Exception], int] = {
    store.NotFound: 404,
    store.CaseChanged: 409,
    store.MoveRefused: 422,
    store.StaleRun: 409,
    store.NameTaken: 409,
    store.LogDisagrees: 409,
    UnknownEntity: 404,
    SnapshotNotFound: 404,
    InvalidFrame: 422,
    InputRejected: 422,
}
TITLES = {
    400: "Bad request", 401: "Sign in first", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 413: "Too large", 422: "Cannot be used", 429: "Too many requests", 500: "Failed here",
}  # fmt: skip


class Problem(Exception):
    """A failure to report to the caller: status, what is wrong and what to do; of several faults also where each is."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers
        super().__init__(detail)


class ProblemBody(BaseModel):
    """Problem details, RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Not found", "status": 404, "detail": "No case 'C-1'."}]}
    )
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []


Faults = list[dict[str, Any]] | None

_SHAPE = {"$ref": "#/components/schemas/ProblemBody"}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": _SHAPE}}}
    for status in (400, 401, 403, 404, 409, 413, 422, 429)
}  # fmt: skip


def problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None, **headers: str) -> Response:
    """Return the response for a failure."""
    body = ProblemBody(title=TITLES.get(status, "Failed"), status=status, detail=detail, errors=errors or [])
    return Response(body.model_dump_json(), status, headers or None, MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Let every failure answer as a problem; a page that needs a sign-in leads to the sign-in page instead."""

    def respond(
        request: Request, status: int, detail: str, faults: Faults = None, **headers: str
    ) -> Response:
        if not _reads_pages(request):
            return problem(status, detail, faults, **headers)
        shown = {"title": TITLES.get(status, "Failed"), "detail": detail, "errors": faults or []}
        pages: Jinja2Templates = request.app.state.desk.pages
        return pages.TemplateResponse(request, "problem.html", shown, status, headers)

    @app.exception_handler(Problem)
    def refused(request: Request, error: Problem) -> Response:
        if error.status == 401 and _is_page(request) and request.method == "GET":
            return RedirectResponse("/desk/sign-in", 303)
        return respond(request, error.status, error.detail, error.errors, **dict(error.headers or {}))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return respond(request, error.status_code, str(error.detail), None, **dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            {"where": ".".join(str(part) for part in fault["loc"])[:300], "what": str(fault["msg"])[:300]}
            for fault in error.errors()[:50]
        ]
        return respond(request, 422, "The request cannot be used as it is.", faults)

    for root in (store.StoreError, ListError, PipelineError, ScreeningError):

        @app.exception_handler(root)
        def purposeful(request: Request, error: Exception) -> Response:
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
            return respond(request, status, str(error)[:2000])

    @app.exception_handler(Exception)
    def accident(request: Request, error: Exception) -> Response:
        return respond(request, 500, "Something failed here; the server's log says what.")


def _reads_pages(request: Request) -> bool:
    """Tell whether a person waits for a page: not a program, and not the script of a page for a piece of it."""
    return (
        _is_page(request)
        and "text/html" in request.headers.get("accept", "")
        and "hx-request" not in request.headers
    )


def _is_page(request: Request) -> bool:
    return request.url.path.startswith("/desk") and not request.url.path.endswith(".json")
