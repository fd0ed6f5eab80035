"""The pages without a browser: who may see them, the same as data, forms, hostile content."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from math import exp
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.api.server_data import ServerData
from desk.api.throttle import SignInThrottle
from desk.api.views import rules_view
from desk.store import import_run
from desk.store.states import ROLES, permissions
from desk.web.explanation import STEPS_WIDTH, explanation
from desk.web.history import folded
from desk.web.templates import name
from lists.store import Store
from pipelines.job.config import Config
from tests.desk.conftest import NOW, match

SignedIn = Callable[[str], TestClient]
PAGES = {
    "/desk/cases": "read", "/desk/cases/C062": "read", "/desk/cases/C062/print": "read", "/desk/entities/C062": "read",
    "/desk/lists": "read", "/desk/lists?q=huawei": "read", "/desk/lists/changes": "read", "/desk/rules": "read",
    "/desk/runs": "read", "/desk/screened": "read", "/desk/customers/C062": "read", "/desk/customers/C200": "read",
    "/desk/docs": "read", "/desk/audit": "audit", "/desk/users": "administer",
}  # fmt: skip


def secret(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/desk/cases").text)
    assert found
    return found[1]


def open_case(client: TestClient, customer: str) -> dict[str, Any]:
    return dict(client.get(f"/desk/cases/{customer}.json").json()["case"])


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(PAGES))
@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_page_as_every_role(app: FastAPI, signed_in: SignedIn, role: str | None, path: str) -> None:
    client = signed_in(role) if role else TestClient(app, follow_redirects=False)
    answer = client.get(path)
    data = client.get(path.replace("?", ".json?") if "?" in path else f"{path}.json")
    if role is None:
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
        assert data.status_code == 401
    elif PAGES[path] in permissions(role):
        assert answer.status_code == data.status_code == 200
        assert "<main" in answer.text or "Evidence pack" in answer.text
        assert data.json()
    else:
        assert answer.status_code == data.status_code == 403


@pytest.mark.parametrize("step", ["move", "approve", "decline", "assign", "note", "due", "hold"])
def test_viewer_can_do_nothing(signed_in: SignedIn, step: str) -> None:
    viewer = signed_in("viewer")
    case_id = open_case(viewer, "C062")["case_id"]
    data = {"csrf": secret(viewer), "version": "1", "value": "in_review", "reason": "x"}
    assert viewer.post(f"/desk/cases/{case_id}/{step}", data=data).status_code == 403


def test_forms_need_the_secret(signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    case_id = open_case(analyst, "C062")["case_id"]
    assert analyst.post(f"/desk/cases/{case_id}/note", data={"reason": "x"}).status_code == 403
    assert analyst.post("/desk/sign-out").status_code == 403


def test_decide_on_the_page_with_two_people(signed_in: SignedIn) -> None:
    analyst, approver = signed_in("analyst"), signed_in("approver")
    case = open_case(analyst, "C055")
    url = f"/desk/cases/{case['case_id']}"
    data = {
        "csrf": secret(analyst),
        "version": case["version"],
        "value": "true_match",
        "reason": "same register number",
    }
    assert analyst.post(f"{url}/move", data=data).status_code == 303
    refused = analyst.post(f"{url}/move", data=data)
    assert refused.status_code == 409
    assert "changed by somebody else" in refused.text
    case = open_case(approver, "C055")
    assert case["proposed"] == "true_match"
    approval = {"csrf": secret(approver), "version": case["version"], "reason": "agreed"}
    assert approver.post(f"{url}/approve", data=approval).status_code == 303
    assert open_case(analyst, "C055")["state"] == "true_match"


def test_refused_step_is_reported_on_the_page(signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    case = open_case(analyst, "C066")
    data = {"csrf": secret(analyst), "version": case["version"], "value": "closed", "reason": " "}
    answer = analyst.post(f"/desk/cases/{case['case_id']}/move", data=data)
    assert answer.status_code == 422
    assert "needs a reason" in answer.text


def test_sign_in_is_throttled(app: FastAPI, desk: Desk) -> None:
    object.__setattr__(desk, "sign_ins", SignInThrottle(3))
    client = TestClient(app, follow_redirects=False)
    try:
        tries = [
            client.post("/desk/sign-in", data={"name": "ann", "password": f"guess {i}"}) for i in range(6)
        ]
        assert [answer.status_code for answer in tries] == [401, 401, 401, 401, 429, 429]
    finally:
        object.__setattr__(desk, "sign_ins", SignInThrottle(1000))


def test_guesses_sent_at_once_are_throttled_too(app: FastAPI, desk: Desk) -> None:
    object.__setattr__(desk, "sign_ins", SignInThrottle(3))
    client = TestClient(app, follow_redirects=False)

    def guess(i: int) -> int:
        return int(client.post("/desk/sign-in", data={"name": "ann", "password": f"guess {i}"}).status_code)

    try:
        with ThreadPoolExecutor(8) as pool:
            statuses = sorted(pool.map(guess, range(16)))
    finally:
        object.__setattr__(desk, "sign_ins", SignInThrottle(1000))
    assert statuses == [401] * 4 + [429] * 12


def test_sign_in_from_another_site_is_refused(app: FastAPI) -> None:
    data = {"name": "analyst", "password": "x"}
    answer = TestClient(app).post("/desk/sign-in", data=data, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_cookie_is_kept_from_scripts_and_other_sites(app: FastAPI) -> None:
    from tests.desk.api.conftest import PASSWORD

    client = TestClient(app, follow_redirects=False)
    cookie = (
        client.post("/desk/sign-in", data={"name": "viewer", "password": PASSWORD})
        .headers["set-cookie"]
        .lower()
    )
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_signed_out_is_out(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    cookie = client.cookies["headwater"]
    assert client.post("/desk/sign-out", data={"csrf": secret(client)}).status_code == 303
    client.cookies.set("headwater", cookie)
    assert client.get("/desk/cases").status_code == 303


def test_hostile_content_is_shown_as_text(
    signed_in: SignedIn, desk: Desk, flagged: Callable[..., dict[str, Any]]
) -> None:
    evil = "<img src=x onerror=alert(1)>\"'{{7*7}}=cmd()"
    with desk.ledger.change("setup", NOW) as change:
        import_run(change, {"run_id": "evil", "as_of": "2026-11-22"}, [flagged("evil", name=evil)])
    client = signed_in("analyst")
    for path in ("/desk/cases?q=onerror", "/desk/cases/evil"):
        text = client.get(path).text
        assert "<img" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text
        assert "{{7*7}}" in text
    assert client.get("/desk/cases", params={"q": evil, "state": evil}).status_code == 200
    assert "<img" not in client.get("/desk/cases", params={"q": evil, "state": evil}).text


def test_explanation_adds_up_to_the_score_of_the_run(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    case = open_case(client, "C062")
    pair = case["content"]["matches"][0]
    params = {"party": pair["party_id"], "name": pair["query_name"]}
    text = client.get(f"/desk/cases/{case['case_id']}/why", params=params).text
    assert "Same country: CN" in text
    assert text.count("0.99+") >= 2  # after the last step, and the score
    assert "The run gave" not in text
    assert (
        client.get(f"/desk/cases/{case['case_id']}/why", params=params | {"party": "no"}).status_code == 404
    )


def test_every_match_of_the_run_is_taken_apart_whole(desk: Desk) -> None:
    as_of = str(desk.data.run.manifest["as_of"])
    pairs = [pair for case in desk.data.run.table("cases").to_dicts() for pair in case["matches"]]
    taken = [(pair, explanation(desk, as_of, pair)) for pair in pairs]
    named = [(pair, why) for pair, why in taken if why]
    assert len(named) > 50
    assert all(pair["list"] == "EL" for pair, why in taken if not why)  # an address-only entry
    for pair, why in named:
        assert why["as_in_run"]
        total = sum(step["log_odds"] for step in why["steps"])
        assert 1 / (1 + exp(-total)) == pytest.approx(pair["score"], abs=1e-9)
        assert all(0 <= step["x"] <= step["x"] + step["width"] <= STEPS_WIDTH + 1 for step in why["steps"])


def test_match_of_a_party_that_is_gone_says_so(desk: Desk) -> None:
    as_of = str(desk.data.run.manifest["as_of"])
    gone = {"query_name": "Gone Ltd", "matched_name": "GONE LTD", "party_id": "SDN-gone", "score": 0.9}
    why = explanation(desk, as_of, gone)
    assert why
    assert not why["as_in_run"]
    assert why["steps"] == []


def test_compared_attributes_are_shown_and_escaped(
    signed_in: SignedIn, desk: Desk, flagged: Callable[..., dict[str, Any]]
) -> None:
    evil = "<script>alert(1)</script>"
    parts = [
        {"kind": "birth", "verdict": "agrees", "weight": 4.6, "text": f"same date of birth: {evil}"},
        {"kind": "country", "verdict": "contradicts", "weight": -0.7, "text": "another country: DE / RU"},
        {"kind": "identifier", "verdict": "missing", "weight": 0.0, "text": "passport not compared: 1 / not given"},
    ]  # fmt: skip
    row = flagged("attributes", matches=[match() | {"evidence": parts, "name_score": 0.9, "role": evil}])
    with desk.ledger.change("setup", NOW) as change:
        manifest = dict(desk.data.run.manifest) | {"run_id": "attributes"}
        import_run(change, manifest, [row])
    client = signed_in("analyst")  # a viewer sees no texts of evidence
    for path in ("/desk/cases/attributes", "/desk/cases/attributes/print"):
        text = client.get(path).text
        assert evil not in text
        assert "Same date of birth: &lt;script&gt;" in text
        for word in ("Agrees", "Contradicts", "Not compared", "+4.60", "-0.70"):
            assert word in text


def test_store_of_another_version_is_reported_on_a_page(
    signed_in: SignedIn, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "<b>lists"
    shutil.copytree(desk.data.store.root, copy)
    manifest = next(copy.glob("SDN/*/manifest.json"))
    content = orjson.loads(manifest.read_bytes())
    manifest.write_bytes(orjson.dumps(content | {"absent": ["alt.csv"]}))
    monkeypatch.setattr(ServerData, "store", Store(copy))
    client = signed_in("viewer")
    reader = client.get("/desk/lists/changes", headers={"accept": "text/html"})
    assert reader.status_code == 500
    assert "remove the folder, refresh again" in reader.text
    assert "<h1>" in reader.text
    assert "<b>" not in reader.text
    program = client.get("/desk/lists/changes.json", headers={"accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"


def test_a_refusal_is_a_page_for_people(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    page = client.get("/desk/cases/no-<i>such", headers={"accept": "text/html,*/*"})
    assert page.status_code == 404
    assert "<title>Not found" in page.text
    assert "<i>" not in page.text
    assert client.get("/desk/cases/no-such").headers["content-type"] == "application/problem+json"
    fragment = client.get("/desk/users", headers={"accept": "text/html", "hx-request": "true"})
    assert (fragment.status_code, fragment.headers["content-type"]) == (403, "application/problem+json")


def test_case_shows_what_the_customer_provided(signed_in: SignedIn, desk: Desk) -> None:
    client = signed_in("viewer")
    assert desk.data.book
    assert desk.data.book.activity is not None
    record = client.get("/desk/cases/C035.json").json()["record"]
    assert record["customer"]["customer_id"] == "C035"
    rows = desk.data.book.activity.filter(customer_id="C035")
    assert len(record["tables"]["activity"]) == rows.height > 0
    text = client.get("/desk/cases/C035").text
    assert f"Activity ({rows.height})" in text
    assert "Not given: " in text


def test_openapi_is_version_3_1_with_examples(signed_in: SignedIn) -> None:
    description = signed_in("viewer").get("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert description["components"]["schemas"]["MatchBody"]["properties"]["queries"]["examples"]
    assert "ProblemBody" in description["components"]["schemas"]


def test_quiet_nights_stand_in_one_line_and_none_is_lost() -> None:
    def night(seq: int, **changes: str) -> dict[str, Any]:
        return {"seq": seq, "kind": "seen_again", "at": f"2026-11-{seq:02d}T03:00", "changes": changes}

    opened, note = ({"seq": 1, "kind": "opened"}, {"seq": 5, "kind": "noted"})
    history = [opened, *(night(n, as_of=f"2026-11-{n:02d}") for n in (2, 3, 4)), note, night(6)]
    rows = folded(history)
    quiet = [None, "unchanged on 3 nights, 2026-11-02 to 2026-11-04", None, "unchanged on 2026-11-06"]
    assert [row["quiet"] for row in rows] == quiet
    assert [line for row in rows for line in row["lines"]] == history


def test_the_rules_name_the_segments_with_another_weight() -> None:
    settings = {
        "rules": {"precautionary": ["G22"]},
        "segments": [{"name": "cloud", "precautionary": ["RF28", "G22"]}],
    }
    config = Config.model_validate(settings)
    rows = {row["rule_id"]: row for row in rules_view(date(2026, 11, 22), config)["rules"]}
    assert rows["RF28"]["recommendation"] == "ask"
    assert [(row["segment"], row["recommendation"]) for row in rows["RF28"]["segments"]] == [
        ("cloud", "licence_check")
    ]
    assert (rows["G22"]["precautionary"], rows["G22"]["segments"]) == (True, [])


def test_names_cannot_turn_the_text_around_them() -> None:
    path = name("شركة <- 60% - نفط")
    assert path.count("\u200e") == 2  # the holding keeps its place between two names from right to left
    assert "\u202e" not in name("\u202eevil\u2069")
    assert name("<i>") == "<bdi>&lt;i&gt;</bdi>"


def test_an_empty_queue_says_where_else_to_look(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    text = client.get("/desk/cases", params={"q": "cascadia", "state": "escalated"}).text
    assert "No case fits" in text
    assert "/desk/lists?q=cascadia" in text
    assert (
        client.get("/desk/cases.json", params={"q": "cascadia", "state": "escalated"}).json()["elsewhere"]
        == 1
    )
