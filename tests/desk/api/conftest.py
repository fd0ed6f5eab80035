"""A desk on the sample world, and callers of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api import Limits, Settings, create_app
from desk.api.desk import Desk
from desk.store import people
from desk.store.states import ROLES
from pipelines.demo import demo_job
from pipelines.job.run import run
from tests.desk.conftest import NOW

PASSWORD = "a password for tests"
PATIENCE = 3_600.0
"""Seconds that a test may wait where the machine is busy; a condition ends the wait, never the clock."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a desk on the sample world, without a database yet; its clocks stand still."""
    out = tmp_path_factory.mktemp("sample")
    job = demo_job(out, NOW.date())
    run(job)
    limits = Limits(requests_a_second=1e6, burst=10**6, sign_in_turn_seconds=PATIENCE)
    return Settings(
        job.out, job.store, "", job.files, job.config, clock=lambda: NOW, seconds=lambda: 0.0, limits=limits
    )


@pytest.fixture(scope="session")
def make_app(sample: Settings) -> Callable[[Path], FastAPI]:
    """Makes an application with its own database and one user a role."""
    from dataclasses import replace

    def make(folder: Path, users: Iterable[str] = ROLES, **changed: object) -> FastAPI:
        settings = replace(sample, database=f"sqlite:///{folder / 'desk.db'}", **changed)  # type: ignore[arg-type]
        app = create_app(settings)
        with app.state.desk.ledger.change("setup", NOW) as change:
            for role in users:
                people.add_user(change, role, role, PASSWORD)
        return app

    return make


@pytest.fixture(scope="module")
def app(make_app: Callable[[Path], FastAPI], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    made = make_app(tmp_path_factory.mktemp("desk"))
    yield made
    made.state.desk.ledger.close()


@pytest.fixture(scope="module")
def desk(app: FastAPI) -> Desk:
    found: Desk = app.state.desk
    return found


@pytest.fixture(scope="module")
def as_role(app: FastAPI, desk: Desk) -> Callable[[str | None], TestClient]:
    """Gives a client with a token of a role, or with none."""
    tokens: dict[str, str] = {}
    for role in ROLES:
        with desk.ledger.change(role, NOW) as change:
            tokens[role] = people.add_token(change, role, "tests")

    def make(role: str | None) -> TestClient:
        headers = {"authorization": f"Bearer {tokens[role]}"} if role else {}
        return TestClient(app, headers=headers, raise_server_exceptions=False, follow_redirects=False)

    return make


@pytest.fixture(scope="module")
def analyst(as_role: Callable[[str | None], TestClient]) -> TestClient:
    return as_role("analyst")


DAY = date(2026, 11, 22)
