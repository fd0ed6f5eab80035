"""Whatever stands in a field of a request, it is answered, or refused with what is wrong: never a failure of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from desk.api.entity_query import COMPARED
from desk.api.screen_body import MAX_ROWS
from screening.tables import CUSTOMERS, INPUTS, REQUEST_TABLES
from tests.matrix.edges import edge_table, edges

LITERALS = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0.0", "0.30000000000000004"),
    *(str(2**31), str(2**53), str(2**63), str(2**64), str(2**127), str(-(2**127)), "9" * 5000),
    *("true", "null", "[]", "{}", '[["a"]]', '{"a": 1}', '"\\ud800"', '"\\u0000"', '"\\udbff\\udfff"'),
)
"""Values as JSON writes them, some of which no other format can hold."""
SCREENED = '{"customer": {"customer_id": "C0", "name": "Linden"}, "TABLE": [ROW]}'
LINE = '{"schema": "Company", "properties": {"name": [%s]}}'
JSON = {"content-type": "application/json"}
ANSWERED = (200, 422)
UNREADABLE = 400
"""What a number of more digits than the reader of JSON takes is answered with."""
STRIDE = 60
"""A request costs some hundred milliseconds, so one edge in so many is sent."""
FINE = {"customer_id": "C0", "name": "Linden Bakery"}


def bodies() -> Iterator[Mapping[str, Any]]:
    """Bodies of `POST /screen` with every edge in every column of the further tables, many rows each."""
    for name in REQUEST_TABLES:
        frame, _ = edge_table(INPUTS[name], edges())
        for part in frame.gather_every(STRIDE, len(name)).iter_slices(MAX_ROWS):
            yield {"customer": FINE, name: part.to_dicts()}


def columns_of_customers() -> Iterator[tuple[str, Any]]:
    """Some edges in each column, others in the next; each edge in each column is read by the job's fuzz."""
    for place, column in enumerate(CUSTOMERS.columns):
        for edge in edges()[place % STRIDE :: STRIDE]:
            yield column.name, [edge] if column.kind in ("texts", "countries") else edge


@pytest.mark.slow
def test_every_edge_in_every_table_is_answered(analyst: TestClient) -> None:
    statuses = [analyst.post("/screen", content=_json(body), headers=JSON).status_code for body in bodies()]
    assert set(statuses) <= set(ANSWERED)
    assert 200 in statuses


@pytest.mark.slow
def test_every_edge_in_every_column_of_a_customer_is_answered(analyst: TestClient) -> None:
    failed = []
    for name, value in columns_of_customers():
        answer = analyst.post("/screen", content=_json({"customer": FINE | {name: value}}), headers=JSON)
        if answer.status_code not in ANSWERED:
            failed.append((name, value, answer.status_code))
    assert failed == []


@pytest.mark.parametrize("literal", LITERALS)
def test_whatever_json_can_write_is_answered(analyst: TestClient, literal: str) -> None:
    rows = {
        "activity": '{"customer_id": "C0", "activity_id": "a", "kind": "order", "count": %s, "tpp": %s}',
        "ownership": '{"owner_id": "o", "owned_id": "C0", "share_percent": %s, "start": %s}',
        "transactions": '{"customer_id": "C0", "date": "2026-01-05", "amount": %s, "transistors": %s}',
    }
    for table, row in rows.items():
        body = SCREENED.replace("TABLE", table).replace("ROW", row.replace("%s", literal))
        answer = analyst.post("/screen", content=body.encode(), headers=JSON)
        assert answer.status_code in (*ANSWERED, UNREADABLE), table
    query = '{"queries": {"q": {"schema": "Company", "properties": {"name": ["Linden"], "country": [%s]}}}}'
    answer = analyst.post("/match", content=query.replace("%s", literal).encode(), headers=JSON)
    assert answer.status_code in (*ANSWERED, UNREADABLE)
    line = LINE.replace("%s", literal).encode()
    assert analyst.post("/match/bulk", content=line).status_code == 200


def test_every_edge_as_a_query_is_answered(analyst: TestClient) -> None:
    """Each edge in all properties together, and as the name alone."""
    failed = []
    for edge in edges()[::6]:
        for properties in ({name: [edge] for name in COMPARED}, {"name": ["Linden"], "birthDate": [edge]}):
            body = {"queries": {"q": {"schema": "Person", "properties": properties}}}
            answer = analyst.post("/match", content=_json(body), headers=JSON)
            if answer.status_code not in ANSWERED:
                failed.append((edge, answer.status_code))
    assert failed == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1582-10-10", "10000-01-01", "0000-00-00", "x"])
@pytest.mark.parametrize("path", ["/screen", "/match"])
def test_any_day_is_answered(analyst: TestClient, path: str, day: str) -> None:
    body = (
        {"customer": FINE} if path == "/screen" else {"queries": {"q": {"properties": {"name": ["Linden"]}}}}
    )
    assert analyst.post(f"{path}?as_of={day}", content=_json(body), headers=JSON).status_code in (
        *ANSWERED,
        404,
    )


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()


def test_rows_of_nobody_are_named_in_the_answer(analyst: TestClient) -> None:
    rows = {
        "answers": [{"customer_id": "C9", "rule_id": "RF28", "answer": "no"}],
        "connections": [
            {"entity_id": "O1", "kind": "director", "value": "Wren"},
            {"entity_id": "O9", "kind": "director", "value": "Wren"},
        ],
        "ownership": [{"owner_id": "O1", "owned_id": "C0", "share_percent": "60"}],
    }
    answer = analyst.post("/screen", content=_json({"customer": FINE, **rows}), headers=JSON)
    assert answer.status_code == 200, answer.text
    warnings = answer.json()["warnings"]
    found = [text for text in warnings if "nothing comes of it" in text]
    assert found == [
        "connections, row 2: entity_id 'O9' names no customer of the book and no entity of the ownership files: "
        "nothing comes of it.",
        "answers, row 1: customer_id 'C9' names no customer of the book: nothing comes of it.",
    ]
