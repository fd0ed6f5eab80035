"""Matching and screening over HTTP, and what hostile callers send."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import orjson
import polars as pl
import pytest
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from screening.matching import thresholds


def query(*names: str, schema: str = "Company") -> dict[str, Any]:
    return {"queries": {"q": {"schema": schema, "properties": {"name": list(names)}}}}


def test_match_in_the_shape_of_yente(analyst: TestClient) -> None:
    answer = analyst.post("/match", json=query("Huawei Technologies Co Ltd")).json()
    response = answer["responses"]["q"]
    best = response["results"][0]
    assert response["status"] == 200
    assert response["total"] == {"value": len(response["results"]), "relation": "eq"}
    assert {"id", "caption", "schema", "properties", "score", "match", "features", "datasets"} <= best.keys()
    assert best["match"]
    assert best["score"] >= thresholds()["organization"]["alert"]
    assert "Huawei" in best["caption"]
    assert answer["lists"]["EL"] == "2026-11-20"


def test_match_narrowed_to_a_list_and_a_score(analyst: TestClient) -> None:
    found = analyst.post("/match/SDN", json=query("Huawei Technologies")).json()["responses"]["q"]["results"]
    assert {name for row in found for name in row["datasets"]} <= {"SDN"}
    none = analyst.post("/match?cutoff=1&limit=1", json=query("Alpenrose Dental Clinic")).json()
    assert none["responses"]["q"]["results"] == []
    assert analyst.post("/match/NOPE", json=query("x")).status_code == 404


def test_parts_of_a_persons_name_are_joined(analyst: TestClient) -> None:
    whole = analyst.post("/match", json=query("Igor Sechin", schema="Person")).json()
    body = {
        "queries": {"q": {"schema": "Person", "properties": {"firstName": ["Igor"], "lastName": ["Sechin"]}}}
    }
    parts = analyst.post("/match", json=body).json()
    ids = [[row["id"] for row in answer["responses"]["q"]["results"]] for answer in (whole, parts)]
    assert ids[0] == ids[1]


def test_batch_equals_one_by_one(analyst: TestClient) -> None:
    names = ["Huawei", "Rosneft", "Bank Melli", "nobody at all"]
    queries = {n: {"schema": "Company", "properties": {"name": [n]}} for n in names}
    together = analyst.post("/match", json={"queries": queries}).json()["responses"]
    for name in names:
        alone = analyst.post("/match", json={"queries": {name: queries[name]}}).json()["responses"]
        assert alone[name] == together[name]


def test_bulk_keeps_order_and_answers_faults_in_place(analyst: TestClient) -> None:
    lines = [
        orjson.dumps({"id": "a", "schema": "Company", "properties": {"name": ["Huawei Technologies"]}}),
        b"{broken",
        b'{"properties": 3}',
        b'"just text"',
        orjson.dumps({"id": "long", "properties": {"name": ["x" * 100_000]}}),
        b"",
        orjson.dumps({"id": "z", "schema": "Company", "properties": {"name": ["Rosneft"]}}),
    ]
    answer = analyst.post("/match/bulk", content=b"\n".join(lines))
    assert answer.headers["content-type"] == "application/x-ndjson"
    rows = [orjson.loads(line) for line in answer.content.splitlines()]
    assert [row["status"] for row in rows] == [200, 422, 422, 422, 422, 200]
    assert [row["id"] for row in rows if row["status"] == 200] == ["a", "z"]
    assert rows[0]["results"]


def test_bulk_of_many_lines(analyst: TestClient) -> None:
    line = orjson.dumps({"properties": {"name": ["Some Company Ltd"]}}) + b"\n"
    answer = analyst.post("/match/bulk", content=line * 3_000)
    assert answer.content.count(b"\n") == 3_000


def test_ten_thousand_queries_in_one_call_are_refused(analyst: TestClient) -> None:
    queries = {str(i): {"properties": {"name": [f"Company {i}"]}} for i in range(10_000)}
    answer = analyst.post("/match", json={"queries": queries})
    assert answer.status_code == 413
    assert "/match/bulk" in answer.json()["detail"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"x"', b'{"queries": []}', b'{"queries": {"q": 1}}', b"[" * 50_000,
        b'{"queries": {"q": {"properties": {"name": 3}}}}', b"\xff\xfe\x00",
        b'{"queries": {"q": {"properties": {"name": ["\\ud800"]}}}}',
        b'{"queries": {"q": {"properties": {"name": ["a\\u0000b"]}}}}',
    ],
)  # fmt: skip
def test_what_is_not_a_query_is_refused(analyst: TestClient, content: bytes) -> None:
    answer = analyst.post("/match", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_name_of_a_megabyte_is_refused_and_body_of_five_too(analyst: TestClient) -> None:
    assert analyst.post("/match", json=query("x" * (1 << 20))).status_code == 422
    assert analyst.post("/match", content=b"x" * (5 << 20)).status_code == 413
    screened = analyst.post("/screen", json={"customer": {"customer_id": "1", "name": "x" * (1 << 20)}})
    assert screened.status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>", "=HYPERLINK(1)", "'; DROP TABLE cases; --", "{{7*7}}", "../../etc/passwd",
        "\u202eevil", "\U0001f642" * 99,
    ],
)  # fmt: skip
def test_hostile_names_are_only_names(analyst: TestClient, name: str) -> None:
    answer = any(char.isalnum() for char in name)
    assert analyst.post("/match", json=query(name)).status_code == (200 if answer else 422)
    answer = analyst.post("/screen", json={"customer": {"customer_id": name, "name": name}})
    assert answer.status_code == 200
    assert answer.json()["customer_id"] == name


CASCADIA = {
    "customer": {"customer_id": "new-1", "name": "Cascadia Radio", "country": "DE", "incorporation_country": "DE"},
    "ownership": [{"owner_id": "h", "owned_id": "new-1", "share_percent": "60"}],
    "entities": [{"entity_id": "h", "name": "Huawei Technologies Co., Ltd.", "country": "CN", "hq_country": "CN"}],
}  # fmt: skip


def test_screen_one_customer_with_its_owner(analyst: TestClient) -> None:
    answer = analyst.post("/screen", json=CASCADIA).json()
    found = {finding["rule_id"]: finding for finding in answer["findings"]}
    assert {"BIS_AFFILIATES", "HQ_D5_MACAU"} <= found.keys()
    assert answer["restricted"][0]["low"] == 600_000
    assert answer["matches"][0]["matched_entity_id"] == "h"
    assert answer["questions"]
    assert "cleared" not in answer["statement"].lower()


def test_screen_takes_licences_and_the_watch_lists_of_the_server(
    analyst: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = pl.DataFrame({"list": ["bis_letter"], "name": ["RADIO Cascadia"], "source": ["letter of May"]})
    monkeypatch.setattr(desk.data, "book", replace(desk.data.book, watchlists=letter))  # type: ignore[type-var]
    answer = analyst.post("/screen", json={**CASCADIA, "licences": [{"licence_ref": "D1"}]})
    assert "customer_id" in answer.json()["detail"]
    licence = {"customer_id": "new-1", "licence_ref": "D1", "expires": "2027-01-01"}
    answer = analyst.post("/screen", json={**CASCADIA, "licences": [licence]})
    (found,) = [finding for finding in answer.json()["findings"] if finding["rule_id"] == "G16"]
    assert "letter of May" in found["reason"]


def test_screen_on_an_earlier_day_uses_the_rules_of_that_day(analyst: TestClient) -> None:
    answer = analyst.post("/screen?as_of=2026-01-15", json=CASCADIA).json()
    status = {finding["rule_id"]: finding["rule_status"] for finding in answer["findings"]}
    assert status.get("BIS_AFFILIATES", "suspended") == "suspended"


def test_screen_says_what_was_not_checked_where_nothing_was_found(analyst: TestClient) -> None:
    answer = analyst.post(
        "/screen", json={"customer": {"customer_id": "n", "name": "Alpenrose Florist", "country": "CH"}}
    )
    assert answer.json()["findings"] == []
    assert answer.json()["not_checked"]
    assert "not checked" in answer.json()["statement"]


@pytest.mark.parametrize(
    "body",
    [
        {"customer": {"customer_id": "1"}},
        {"customer": {"customer_id": "1", "name": "a", "colour": "red"}},
        {"customer": {"customer_id": "1", "name": "a"}, "ownership": [{"owner_id": "x"}]},
        {"customer": {"customer_id": "1", "name": "a"}, "activity": [{"oops": 1}]},
        {"customer": {"customer_id": "   ", "name": "a"}},
    ],
)
def test_screen_tells_what_it_cannot_use(analyst: TestClient, body: dict[str, Any]) -> None:
    answer = analyst.post("/screen", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_callers_at_once_get_the_same_answer(analyst: TestClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: analyst.post("/match", json=query("Huawei", "Rosneft")).content, range(16))
        )
    assert len(set(answers)) == 1
