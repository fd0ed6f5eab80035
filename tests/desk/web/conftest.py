"""Browser sessions on the desk of the API's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.desk.api.conftest import PASSWORD, app, desk, make_app, sample  # noqa: F401 - fixtures


@pytest.fixture(scope="module")
def signed_in(app: FastAPI) -> Callable[[str], TestClient]:  # noqa: F811
    """Gives a client that signed in through the form; `csrf` stands in its headers for the tests to send."""

    def make(name: str) -> TestClient:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        answer = client.post("/desk/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return make
