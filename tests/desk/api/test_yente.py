"""What clients of yente ask for besides matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from desk.api.entity_view import entity_view

HUAWEI = "Huawei Technologies"


def test_it_is_up_and_says_so_to_everybody(as_role: Callable[[str | None], TestClient]) -> None:
    nobody = as_role(None)
    for path in ("/healthz", "/readyz"):
        assert nobody.get(path).json() == {"status": "ok"}
    for path in ("/catalog", "/algorithms", "/search/default?q=x", "/entities/x"):
        assert nobody.get(path).status_code == 401
    assert as_role("viewer").get("/search/default?q=x").status_code == 403


def test_a_token_may_be_announced_as_an_api_key(analyst: TestClient) -> None:
    token = analyst.headers["authorization"].partition(" ")[2]
    assert analyst.get("/catalog", headers={"authorization": f"ApiKey {token}"}).status_code == 200
    assert analyst.get("/catalog", headers={"authorization": "ApiKey wrong"}).status_code == 401


def test_the_catalog_has_the_lists_in_use(analyst: TestClient) -> None:
    catalog = analyst.get("/catalog").json()
    versions = {row["name"]: row.get("version") for row in catalog["datasets"]}
    assert versions["EL"] == "2026-11-20"
    assert {"default", "us_ofac_sdn"} <= versions.keys()
    assert set(catalog["current"]) == versions.keys()
    assert analyst.get("/algorithms").json()["best"] == "headwater"


def test_a_search_finds_by_name_and_leads_to_the_entity(analyst: TestClient) -> None:
    found = analyst.get("/search/default", params={"q": HUAWEI, "limit": 2, "fuzzy": "false"}).json()
    assert 0 < len(found["results"]) <= 2
    assert len(found["results"]) <= found["total"]["value"]
    assert found["warnings"] == ["parameter 'fuzzy' is not known: ignored."]
    second = analyst.get("/search/default", params={"q": HUAWEI, "limit": 1, "offset": 1}).json()
    assert second["results"] == found["results"][1:]
    entity = analyst.get(f"/entities/{found['results'][0]['id']}").json()
    assert entity["caption"] == found["results"][0]["caption"]
    assert entity["properties"]["country"] == ["cn"]
    assert entity["schema"] == "LegalEntity"


def test_a_search_is_narrowed_to_a_list_of_any_name(analyst: TestClient) -> None:
    for dataset in ("SDN", "sdn", "us_ofac_sdn"):
        found = analyst.get(f"/search/{dataset}", params={"q": "Mahan Air"}).json()["results"]
        assert {row["datasets"][0] for row in found} == {"SDN"}


@pytest.mark.parametrize(("number", "party_id"), [("9116412", "SDN-27304"), ("EP-MNG", "SDN-15438")])
def test_a_search_finds_by_number(analyst: TestClient, number: str, party_id: str) -> None:
    found = analyst.get("/search/default", params={"q": number}).json()["results"]
    assert found[0]["id"] == party_id


def test_what_is_not_there_is_said(analyst: TestClient) -> None:
    missing = analyst.get("/search/gb_hmt_sanctions?q=x")
    assert missing.status_code == 404
    assert "us_ofac_sdn" in missing.json()["detail"]
    assert analyst.get("/entities/NOBODY-1").status_code == 404
    for empty in ("", "?q=", "?q=%20...%20"):
        answer = analyst.get(f"/search/default{empty}")
        assert answer.status_code == 422
        assert "nothing to look at" in answer.json()["detail"]


def test_the_graph_of_an_entity_of_the_book_is_still_reached(analyst: TestClient) -> None:
    assert "ownership network" in analyst.get("/entities/nobody-at-all/graph").json()["detail"]


def test_everything_a_list_says_of_a_party_is_in_its_entity() -> None:
    party: dict[str, Any] = {
        "party_id": "SDN-1", "list": "SDN", "party_type": "vessel", "primary_name": "OCEAN PEARL", "countries": ["IR"],
        "programs": ["IRAN"], "listed_from": None, "remarks": "Crude oil tanker",
    }  # fmt: skip
    names = [("OCEAN PEARL", "primary", "strong"), ("PEARL", "aka", "weak"), ("SUNDIAL", "fka", "strong")]
    tables: dict[str, list[dict[str, Any]]] = {
        "names": [dict(zip(("name", "name_kind", "quality"), row, strict=True)) for row in names],
        "identifiers": [
            {"id_type": "imo", "id_value": "9187655"},
            {"id_type": "built", "id_value": "2001"},
        ],
        "addresses": [{"raw": "Tehran"}],
    }
    assert entity_view(party, tables)["properties"] == {
        "name": ["OCEAN PEARL"], "weakAlias": ["PEARL"], "previousName": ["SUNDIAL"], "imoNumber": ["9187655"],
        "notes": ["built: 2001", "Crude oil tanker"], "address": ["Tehran"], "country": ["ir"], "programId": ["IRAN"],
        "topics": ["sanction"],
    }  # fmt: skip


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "<script>", "%00", "x" * 600])
def test_hostile_ids_are_only_ids(analyst: TestClient, hostile: str) -> None:
    assert analyst.get(f"/entities/{hostile}").status_code in (404, 422)
