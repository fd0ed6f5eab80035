"""The application: its routes, the guard around them, errors as problems, and the check for newer lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from desk.api.chart import Charts
from desk.api.desk import Desk
from desk.api.guard import Guard
from desk.api.problems import RESPONSES, ProblemBody, register
from desk.api.routes import cases, entities, health, match, people, reference, screen, yente
from desk.api.server_data import ServerData
from desk.api.settings import Settings
from desk.api.throttle import RateLimit, SignInThrottle
from desk.store import Ledger
from desk.web import pages
from desk.web.templates import templates

DESCRIPTION = """Screens names and customers against the US restricted-party lists, follows ownership, and keeps what
people decide. A score is a lead; nothing found is never a clearance; the software never grants permission.

Every read takes `as_of` (YYYY-MM-DD). Programs send `Authorization: Bearer TOKEN`."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application of one desk: its run imported, its lists loaded, its index warm.

    Raises RunNotFound, SnapshotNotFound, InputRejected, SchemaUnknown.
    """
    desk = _desk(settings)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        with desk.watching():
            yield
        desk.ledger.close()

    app = FastAPI(
        title="Headwater", version=version("headwater"), description=DESCRIPTION, lifespan=life,
        docs_url=None, redoc_url=None, openapi_url=None, responses=RESPONSES,
    )  # fmt: skip
    app.state.desk = desk
    for module in (health, match, screen, cases, entities, reference, people, yente):
        app.include_router(module.router)
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    register(app)
    limits = settings.limits
    app.add_middleware(Guard, desk.metrics, limits.body_bytes, limits.bulk_bytes, settings.host_names)
    _describe(app)
    return app


def static_folder() -> Path:
    """Return the folder of scripts, styles and vendored files."""
    return Path(str(files("desk.web") / "static"))


def _desk(settings: Settings) -> Desk:
    data = ServerData(settings)
    limits = settings.limits
    desk = Desk(
        settings,
        data,
        Ledger(settings.database),
        Charts(data),
        RateLimit(limits.requests_a_second, limits.burst),
        SignInThrottle(limits.sign_ins_before_waiting),
        templates(),
    )
    desk.import_run()
    data.warm()
    return desk


def _describe(app: FastAPI) -> None:
    """Add to the OpenAPI description the shape of every failure and how to sign in."""
    description = app.openapi()
    parts = description.setdefault("components", {})
    parts.setdefault("schemas", {})["ProblemBody"] = ProblemBody.model_json_schema()
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    description["security"] = [{"token": []}]
    for path in ("/health", "/healthz", "/readyz"):
        description["paths"][path]["get"]["security"] = []
