"""Every route as every role, without a sign-in, and with a browser session whose form secret is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.api.throttle import RateLimit
from desk.store import people
from desk.store.states import ROLES, permissions
from tests.desk.api.conftest import PASSWORD
from tests.desk.conftest import NOW

PERMISSION = {
    "GET /health": None, "GET /healthz": None, "GET /readyz": None,
    "GET /catalog": "read", "GET /algorithms": "read", "GET /entities/{entity_id}": "read",
    "GET /search/{dataset}": "screen",
    "GET /metrics": "read", "GET /me": "read", "GET /cases": "read", "GET /cases/{case_id}": "read",
    "GET /entities/{entity_id}/graph": "read", "GET /entities/{entity_id}/export": "read", "GET /lists": "read",
    "GET /lists/parties": "read", "GET /lists/parties/{party_id}": "read", "GET /lists/diff": "read",
    "GET /rules": "read", "GET /runs": "read",
    "POST /match": "screen", "POST /match/{dataset}": "screen", "POST /match/bulk": "screen", "POST /screen": "screen",
    "POST /cases/{case_id}/move": "work", "POST /cases/{case_id}/decline": "work",
    "POST /cases/{case_id}/assign": "work", "POST /cases/{case_id}/notes": "work", "POST /cases/{case_id}/due": "work",
    "POST /cases/{case_id}/approve": "approve", "POST /cases/{case_id}/hold": "hold",
    "GET /audit": "audit", "GET /audit/check": "audit",
    "GET /users": "administer", "POST /users": "administer", "POST /users/{name}/retire": "administer",
    "POST /tokens": "read", "POST /lists/refresh": "administer",
}  # fmt: skip
"""Route -> the permission it must ask for."""


def described(app: FastAPI) -> set[str]:
    return {f"{verb.upper()} {path}" for path, verbs in app.openapi()["paths"].items() for verb in verbs}


def test_the_table_names_every_route(app: FastAPI) -> None:
    assert described(app) == set(PERMISSION)


def call(client: TestClient, route: str) -> int:
    verb, path = route.split(" ")
    for name in ("case_id", "entity_id", "party_id", "dataset", "name"):
        path = path.replace("{" + name + "}", "no-such-thing")
    return int(client.request(verb, path, json={} if verb == "POST" else None).status_code)


@pytest.mark.parametrize("route", sorted(PERMISSION))
@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_as_every_role(
    as_role: Callable[[str | None], TestClient], role: str | None, route: str
) -> None:
    status, needed = call(as_role(role), route), PERMISSION[route]
    if needed is None:
        assert status == 200
    elif role is None:
        assert status == 401
    elif needed not in permissions(role):
        assert status == 403
    else:
        assert status not in (401, 403)
        assert status < 500


@pytest.mark.parametrize(
    "token", ["", "x", "hw_" + "a" * 43, "' OR 1=1 --", "\u00e9".encode("latin-1").decode("latin-1")]
)
def test_wrong_tokens(app: FastAPI, token: str) -> None:
    header = {"authorization": f"Bearer {token}".encode("latin-1")}
    assert TestClient(app).get("/cases", headers=header).status_code == 401


@pytest.fixture
def browser(app: FastAPI, desk: Desk) -> Iterator[TestClient]:
    """A signed-in analyst's browser; `csrf` is its form secret."""
    with desk.ledger.change("analyst", NOW) as change:
        user = people.check_password(change.session, "analyst", PASSWORD)
        assert user
        secret, person = people.sign_in(change, user)
    client = TestClient(app, cookies={"headwater": secret}, raise_server_exceptions=False)
    client.headers["x-test-csrf"] = person.csrf or ""
    yield client


def test_cookie_reads_but_changes_nothing_without_the_form_secret(browser: TestClient, desk: Desk) -> None:
    case_id = browser.get("/cases?limit=1").json()["cases"][0]["case_id"]
    body: dict[str, Any] = {"text": "from another site"}
    url = f"/cases/{case_id}/notes"
    assert browser.post(url, json=body).status_code == 403
    assert browser.post(url, json=body, headers={"x-csrf-token": "wrong"}).status_code == 403
    good = {"x-csrf-token": browser.headers["x-test-csrf"]}
    assert browser.post(url, json=body, headers=good).status_code == 200


def test_security_headers_are_everywhere(as_role: Callable[[str | None], TestClient]) -> None:
    client = as_role("viewer")
    for path in ("/health", "/cases", "/no-such-page", "/static/nothing.js"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_rate_limit(
    as_role: Callable[[str | None], TestClient], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(desk, "rate", RateLimit(rate=1, burst=3))
    try:
        statuses = [as_role("viewer").get("/me").status_code for _ in range(5)]
    finally:
        object.__setattr__(desk, "rate", RateLimit(rate=1e6, burst=10**6))
    assert statuses == [200, 200, 200, 429, 429]


def test_errors_are_problem_details(as_role: Callable[[str | None], TestClient]) -> None:
    for answer in (
        as_role(None).get("/cases"),
        as_role("viewer").get("/cases/none"),
        as_role("viewer").get("/nowhere"),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["title"]
