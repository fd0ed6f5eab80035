"""The health page of a run: what was lost of its inputs, which lists it did not screen; hostile names stay text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.store import import_run
from tests.desk.conftest import NOW

SignedIn = Callable[[str], TestClient]
HOSTILE = '<script>alert("x")</script>\u202egpj.exe'
FILE = {
    "table": "customers", "file": HOSTILE, "rows": 40, "rows_set_aside": 2, "reasons": {f"name: {HOSTILE}": 2},
    "values_ignored": [
        {"column": "country", "values": 3, "filled": 40, "share": 0.075, "examples": [HOSTILE, "Narnia"]}
    ],
    "joined": None,
}  # fmt: skip
JOINED = {
    "table": "ownership", "file": "psc.jsonl", "rows": 5, "rows_set_aside": 0, "reasons": {}, "values_ignored": [],
    "joined": {"rows": 0, "customers": 0, "through": HOSTILE},
}  # fmt: skip


def bring(desk: Desk, run_id: str, **changed: object) -> None:
    """Import a run that differs from the desk's own in these fields of its manifest."""
    manifest: Mapping[str, Any] = {**desk.data.run.manifest, "run_id": run_id, **changed}
    with desk.ledger.change("setup", NOW + timedelta(seconds=1)) as change:
        import_run(change, manifest, [])


@pytest.fixture(scope="module")
def page(app: FastAPI, desk: Desk, signed_in: SignedIn) -> str:
    health = desk.data.run.manifest["health"]
    old = {**health["lists"][0], "list": "OWN", "name": HOSTILE, "publisher": HOSTILE, "age_business_days": 9}
    lists = [*health["lists"], old]
    bring(desk, "spoiled", health={**health, "files": [FILE, JOINED], "lists": lists}, warnings=[HOSTILE])
    answer = signed_in("viewer").get("/desk/runs/spoiled/health")
    assert answer.status_code == 200
    return str(answer.text)


def test_hostile_files_values_and_lists_are_text(page: str) -> None:
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 7
    assert "\u202e" not in page
    assert "U+202E" in page


def test_it_says_what_was_lost_and_what_was_not_screened(page: str) -> None:
    for shown in (
        "3 of 40",
        "7.5%",
        "Narnia",
        "by way of",
        "9 business days",
        "UFLPA Entity List",
        "does not read",
    ):
        assert shown in page


def test_the_runs_lead_to_it(page: str, signed_in: SignedIn) -> None:
    runs = signed_in("viewer").get("/desk/runs").text
    assert 'href="/desk/runs/spoiled/health"' in runs


def test_the_page_as_data(page: str, signed_in: SignedIn) -> None:
    found = signed_in("viewer").get("/desk/runs/spoiled/health.json").json()
    assert found["files"] == [FILE, JOINED]
    assert [row["stale"] for row in found["lists"] if row["list"] == "OWN"] == [True]


def test_a_run_of_an_earlier_version_says_that_nothing_was_recorded(desk: Desk, signed_in: SignedIn) -> None:
    bring(desk, "earlier", health=None)
    answer = signed_in("viewer").get("/desk/runs/earlier/health")
    assert (answer.status_code, "did not record it" in answer.text) == (200, True)


def test_an_unknown_run_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("viewer").get("/desk/runs/nobody/health").status_code == 404


def test_nobody_sees_it_without_signing_in(app: FastAPI) -> None:
    answer = TestClient(app, follow_redirects=False).get("/desk/runs/spoiled/health")
    assert answer.headers["location"] == "/desk/sign-in"
