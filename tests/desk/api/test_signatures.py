"""Nobody settles a case alone: not with a token in another's name, nor with an account of one's own making."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from desk.api.desk import Desk
from desk.api.guard import Guard
from desk.store import decisions, people
from desk.store.errors import MoveRefused
from desk.store.tables import Case
from tests.desk.api.conftest import PASSWORD
from tests.desk.conftest import NOW


def client(app: FastAPI, token: str) -> TestClient:
    return TestClient(app, headers={"authorization": f"Bearer {token}"}, raise_server_exceptions=False)


@pytest.fixture
def proposal(analyst: TestClient) -> tuple[str, int]:
    """A severe case that the analyst proposes to settle."""
    case = next(c for c in analyst.get("/cases?limit=200").json()["cases"] if c["severity"] >= 60)
    case_id, version = case["case_id"], case["version"]
    if case["state"] == "open":
        moved = analyst.post(f"/cases/{case_id}/move", json={"to": "in_review", "version": version}).json()
        version = moved["version"]
    body = {"to": "true_match", "version": version, "reason": "same birth date"}
    proposed = analyst.post(f"/cases/{case_id}/move", json=body)
    assert proposed.status_code == 200, proposed.text
    return case_id, proposed.json()["version"]


def test_a_token_made_for_somebody_else_reads_and_screens_but_signs_nothing(
    app: FastAPI, as_role: Callable[[str | None], TestClient], proposal: tuple[str, int], analyst: TestClient
) -> None:
    made = as_role("admin").post("/tokens", json={"user": "approver", "label": "night"})
    assert (made.status_code, made.json()["signs"]) == (201, False)
    borrowed = client(app, made.json()["token"])
    case_id, version = proposal
    assert borrowed.get(f"/cases/{case_id}").status_code == 200
    refused = borrowed.post(f"/cases/{case_id}/approve", json={"version": version})
    assert refused.status_code == 403
    assert "made by admin" in refused.text
    for path, body in {
        "move": {"to": "in_review", "version": version},
        "notes": {"text": "mine"},
        "hold": {"what": "legal_hold", "on": True, "reason": "x", "version": version},
    }.items():
        assert borrowed.post(f"/cases/{case_id}/{path}", json=body).status_code == 403
    assert borrowed.post("/tokens", json={"user": "approver", "label": "own"}).status_code == 403
    own = as_role("approver").post(f"/cases/{case_id}/approve", json={"version": version})
    assert own.status_code == 200, own.text


def test_people_make_tokens_for_themselves(app: FastAPI, as_role: Callable[[str | None], TestClient]) -> None:
    made = as_role("viewer").post("/tokens", json={"user": "viewer", "label": "mine"})
    assert (made.status_code, made.json()["signs"]) == (201, True)
    assert client(app, made.json()["token"]).get("/me").json()["name"] == "viewer"


@pytest.mark.parametrize("maker_signs", ["first", "second"])
def test_whoever_made_an_account_and_the_account_are_one_person(desk: Desk, maker_signs: str) -> None:
    account = f"{maker_signs} made account"
    with desk.ledger.change("mallory", NOW) as change:
        people.add_user(change, account, "approver", PASSWORD)
    with desk.ledger.read() as session:
        severe = (
            select(Case.case_id)
            .where(Case.severity >= 60, Case.state == "open")
            .order_by(Case.case_id.desc())
        )
        case_id = str(session.scalars(severe).first())
    first, second = ("mallory", account) if maker_signs == "first" else (account, "mallory")
    with desk.ledger.change(first, NOW) as change:
        case = decisions.move(change, case_id, change.case(case_id).version, "in_review")
        decisions.move(change, case_id, case.version, "false_positive", "it is somebody else")
    with (
        desk.ledger.change(second, NOW) as change,
        pytest.raises(MoveRefused, match="made the other's account"),
    ):
        decisions.approve(change, case_id, change.case(case_id).version)
    with desk.ledger.change(first.upper(), NOW) as change, pytest.raises(MoveRefused, match="yourself"):
        decisions.approve(change, case_id, change.case(case_id).version)


def test_guesses_under_many_spellings_of_a_name_are_counted_as_one(app: FastAPI, desk: Desk) -> None:
    tries = [
        TestClient(app, client=(f"10.0.0.{number}", 1)).post(
            "/desk/sign-in", data={"name": "analyst" + "\x00" * number, "password": "wrong"}
        )
        for number in range(12)
    ]
    assert 429 in [answer.status_code for answer in tries]
    desk.sign_ins.succeeded("name analyst")


def test_ones_own_sign_in_does_not_clear_the_address(app: FastAPI, desk: Desk) -> None:
    visitor = TestClient(app, client=("10.9.9.9", 1), follow_redirects=False)
    for guess in range(5):
        visitor.post("/desk/sign-in", data={"name": f"nobody {guess}", "password": "wrong"})
    assert visitor.post("/desk/sign-in", data={"name": "viewer", "password": PASSWORD}).status_code == 303
    visitor.post("/desk/sign-in", data={"name": "nobody else", "password": "wrong"})
    assert visitor.post("/desk/sign-in", data={"name": "nobody else", "password": "wrong"}).status_code == 429


def test_a_form_from_another_site_signs_nobody_in(app: FastAPI) -> None:
    form = {"name": "viewer", "password": PASSWORD}
    for origin in ("https://elsewhere.example", "null"):
        assert TestClient(app).post("/desk/sign-in", data=form, headers={"origin": origin}).status_code == 403
    visitor = TestClient(app, client=("10.8.8.8", 1), follow_redirects=False)
    assert (
        visitor.post("/desk/sign-in", data=form, headers={"origin": "http://testserver"}).status_code == 303
    )


def test_a_server_answers_under_its_own_names_alone(app: FastAPI, desk: Desk) -> None:
    guarded = TestClient(
        Guard(app, desk.metrics, 1000, 1000, ("Desk.example",)), raise_server_exceptions=False
    )
    answers = [
        guarded.get("/health", headers={"host": name}).status_code
        for name in ("desk.example", "DESK.example:8000", "elsewhere.example", "", "desk.example.evil")
    ]
    assert answers == [200, 200, 421, 421, 421]
