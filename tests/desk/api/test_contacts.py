"""Contact with a listed party through the API: told as contact, never as a match."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from desk.api.desk import Desk
from tests.desk.conftest import NOW

AsRole = Callable[[str | None], TestClient]


def test_screening_one_customer_tells_of_a_listed_party_s_domain(as_role: AsRole) -> None:
    customer = {
        "customer_id": "new", "name": "Quiet Analytics OÜ", "country": "EE",
        "identifiers": ["email:info@banksepah.ir"],
    }  # fmt: skip
    answer = as_role("analyst").post("/screen", json={"customer": customer})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    (match,) = [match for match in body["matches"] if match["band"] == "contact"]
    assert (match["list"], match["query_name"]) == ("SDN", "internet domain banksepah.ir")
    (found,) = [finding for finding in body["findings"] if finding["rule_id"] == "G17"]
    assert "BANK SEPAH" in found["reason"]
    assert body["recommendation"] == "ask"


def test_a_query_at_a_listed_party_s_address_is_answered_but_no_match(as_role: AsRole, desk: Desk) -> None:
    rows = desk.data.lists_on(NOW.date()).screener.contacts.addresses.rows
    there = rows.filter(rows["numbers"].list.len() > 0, rows["city"].is_not_null()).row(0, named=True)
    query = {
        "schema": "Company",
        "properties": {"name": ["Zzyqx Ltd"], "address": [there["written"]], "country": [there["country"]]},
    }
    answer = as_role("analyst").post("/match", json={"queries": {"q": query}})
    assert answer.status_code == 200, answer.text
    results = answer.json()["responses"]["q"]["results"]
    (found,) = [result for result in results if result["id"] == there["party_id"]]
    assert not found["match"]
