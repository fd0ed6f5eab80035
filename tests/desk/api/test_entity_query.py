"""What is read from a query, what is said of the rest, and that an empty one is no clean one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from desk.api.entity_query import empty_fault, read_queries
from desk.api.schemas import EntityQuery


def read(schema: str = "Person", **properties: Any) -> Any:
    query = EntityQuery.model_validate({"schema": schema, "properties": properties})
    return read_queries({"q": query})["q"]


def test_parts_of_a_name_make_every_spelling_of_it() -> None:
    assert read(firstName=["Walter"], middleName=["Alexander"], lastName=["Del Nogal", "Marquez"]).names == (
        "Walter Alexander Del Nogal Marquez",
        "Walter Alexander Del Nogal",
        "Walter Alexander Marquez",
        "Walter Del Nogal Marquez",
        "Walter Del Nogal",
        "Walter Marquez",
    )
    assert read(lastName=["Maduro"]).names == ("Maduro",)


@pytest.mark.parametrize("written", ["cn", "CN", "chn", "China", "中国"])
def test_a_country_is_read_as_people_write_it(written: str) -> None:
    assert read(name=["Huawei"], country=[written]).countries == ("CN",)


def test_what_cannot_be_used_is_said() -> None:
    query = read(
        name=["Walter"], country=["Atlantis"], birthDate=["1969-13-45", "1969-10-02T00:00:00"],
        leiCode=["123"], gender=["male"],
    )  # fmt: skip
    answer = " ".join(query.warnings)
    assert all(word in answer for word in ("Atlantis", "1969-13-45", "lei:123"))
    assert "date_of_birth:1969-10-02" in query.identifiers
    assert query.ignored == ("gender",)
    assert not read(name=["Walter"], country=["ve"], birthDate=["1969"]).warnings


def test_a_schema_that_we_do_not_know_is_said_and_case_does_not_matter() -> None:
    assert "Ownership" in read("Ownership", name=["x"]).warnings[0]
    assert read("person", name=["x"]).party_type == "person"


def test_numbers_and_blanks_among_the_values_are_read() -> None:
    assert read(name=["Maduro", None], birthDate=[1962]).identifiers == ("date_of_birth:1962",)


def test_the_registration_of_an_aircraft_is_its_tail_number() -> None:
    assert read("Airplane", registrationNumber=["EP-MNG"]).identifiers == ("tail_number:EP-MNG",)


@pytest.mark.parametrize(
    "properties",
    [
        {}, {"name": []}, {"name": [""]}, {"name": ["  "]}, {"name": None}, {"name": ["..."]}, {"gender": ["male"]},
        {"country": ["ru"]}, {"birthDate": ["1962"]}, {"nationality": ["ru"]}, {"passportNumber": ["N/A"]},
    ],
)  # fmt: skip
def test_a_query_with_nothing_to_look_at_is_an_error(analyst: TestClient, properties: dict[str, Any]) -> None:
    body = {"queries": {"empty": {"schema": "Person", "properties": properties}}}
    for path in ("/match", "/match/default", "/match/SDN"):
        answer = analyst.post(path, json=body)
        assert answer.status_code == 422
        assert "nothing to look at" in answer.json()["detail"]
        assert answer.json()["errors"][0]["where"] == "queries.empty"
    (line,) = analyst.post("/match/bulk", content=orjson.dumps(body["queries"]["empty"])).content.splitlines()
    assert orjson.loads(line)["status"] == 422
    assert "results" not in orjson.loads(line)


def test_a_query_with_a_number_is_not_empty() -> None:
    assert empty_fault(read(passportNumber=["C1940147"])) is None
    assert empty_fault(read(address=["1 Main Street"])) is None
    assert "listed themselves" in read(address=["1 Main Street"]).warnings[-1]


@pytest.mark.parametrize(
    ("schema", "properties", "party_id"),
    [
        ("Vessel", {"imoNumber": ["9116412"]}, "SDN-27304"),
        ("Vessel", {"imoNumber": ["IMO 9116412"], "name": ["Pelagic Wanderer"]}, "SDN-27304"),
        ("Company", {"registrationNumber": ["1027700073466"], "jurisdiction": ["ru"]}, "SDN-35936"),
        ("Company", {"taxNumber": ["J000950369"], "country": ["Venezuela"]}, "SDN-26367"),
        ("Organization", {"swiftBic": ["SEPBIRTHXXX"]}, "SDN-25580"),
        ("Airplane", {"registrationNumber": ["EP-MNG"]}, "SDN-15438"),
    ],
)
def test_a_number_alone_is_looked_up(
    analyst: TestClient, schema: str, properties: dict[str, list[str]], party_id: str
) -> None:
    query = {"schema": schema, "properties": properties}
    answer = analyst.post("/match/default", json={"queries": {"q": query}}).json()["responses"]["q"]
    (line,) = analyst.post("/match/bulk", content=orjson.dumps(query)).content.splitlines()
    for results in (answer["results"], orjson.loads(line)["results"]):
        assert party_id in [row["id"] for row in results]
        assert all(row["score"] >= 0.5 for row in results)


def test_the_answer_says_what_of_the_call_was_not_used(analyst: TestClient) -> None:
    query = {"schema": "Company", "properties": {"name": ["Huawei Technologies"], "country": ["Atlantis"]}}
    body = {"queries": {"q": query}, "weights": {}}
    answer = analyst.post("/match/default?algorithm=best&limit=3", json=body).json()
    assert answer["warnings"] == [
        "parameter 'algorithm' is not known: ignored.",
        "field 'weights' is not known: ignored.",
    ]
    assert "Atlantis" in answer["responses"]["q"]["warnings"][0]
    assert answer["responses"]["q"]["results"]
