"""One page: a view that returns a value, shown by a template, and as data at the same address with `.json`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request, Response

from desk.api.desk import get_desk
from desk.store.people import Person

View = Callable[..., dict[str, Any]]


def page(router: APIRouter, path: str, template: str) -> Callable[[View], View]:
    """Register a view, which takes `request` and `person`, at `path` and at `path.json`."""

    def register(view: View) -> View:
        @wraps(view)
        def shown(**named: Any) -> Response:
            return render(named["request"], named["person"], template, view(**named))

        router.add_api_route(f"{path}.json", view, methods=["GET"])
        router.add_api_route(path, shown, methods=["GET"], response_model=None)
        return view

    return register


def render(
    request: Request, person: Person, template: str, view: dict[str, Any], status: int = 200
) -> Response:
    """Return the page; every template knows who is looking and which section it is in."""
    about = {
        "person": person,
        "section": template.split(".", maxsplit=1)[0],
        "path": request.url.path,
        "query": request.url.query,
    }
    return get_desk(request).pages.TemplateResponse(request, template, view | about, status_code=status)
