"""What the description promises holds for whatever callers send: every operation, with generated requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

from screening.tables.inputs import CUSTOMERS, INPUTS, REQUEST_TABLES

pytestmark = pytest.mark.slow  # hundreds of requests made up from the schema

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

NOT_TRIED = {
    "POST /users/{name}/retire",  # would shut the tests' own users out
    "POST /match/bulk",  # lines, which the generator does not speak; test_screening.py sends broken ones
}


def test_no_request_breaks_the_server(app: FastAPI, as_role: Callable[[str | None], TestClient]) -> None:
    from schemathesis.specs.openapi import checks

    promised = [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    headers = {"authorization": as_role("admin").headers["authorization"]}
    operations = [result.ok() for result in schema.get_all_operations()]
    tried = [operation for operation in operations if operation.label not in NOT_TRIED]
    assert len(tried) > 25
    for operation in tried:

        @given(case=operation.as_strategy())
        @settings(max_examples=15, database=None, suppress_health_check=list(HealthCheck))
        def keeps_its_promise(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=promised)

        keeps_its_promise()


def test_bodies_describe_every_column_of_the_tables(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    bodies = {"Customer": CUSTOMERS, **{f"{name.capitalize()}Row": INPUTS[name] for name in REQUEST_TABLES}}
    for body, table in bodies.items():
        described = {name: about["description"] for name, about in schemas[body]["properties"].items()}
        assert described == {column.name: column.description for column in table.columns}
    assert schemas["Customer"]["required"] == ["customer_id", "name"]
    for name in REQUEST_TABLES:
        assert schemas["ScreenBody"]["properties"][name]["items"]["$ref"].endswith(f"/{name.capitalize()}Row")
        assert schemas[f"{name.capitalize()}Row"]["additionalProperties"] == {
            "$ref": "#/components/schemas/Cell"
        }
