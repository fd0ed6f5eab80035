"""`POST /screen` completes a request from the server's book: the answer for one customer is the nightly job's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.api.onboarding import NIGHT_ONLY
from screening.book.completion import OWN_TABLES, complete_request
from screening.book.lookup import BookLookup
from screening.book.network import build_network
from screening.tables.book import Book
from tests.desk.api.conftest import DAY

COMPARED = ("rule_id", "outcome", "recommendation", "severity", "reason")
CUSTOMERS = ("C009", "C014", "C028", "C035", "C055", "C062", "C064")
"""Customers with listed owners, declared parents, a group that trains, shared identifiers."""


@pytest.fixture(scope="module")
def lookup(desk: Desk) -> BookLookup:
    found = desk.data.book_lookup(DAY)
    assert found is not None
    return found


def compared(findings: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in COMPARED) for row in findings]


@pytest.mark.parametrize("customer_id", CUSTOMERS)
def test_a_customer_of_the_book_is_assessed_as_in_the_night(
    analyst: TestClient, desk: Desk, lookup: BookLookup, customer_id: str
) -> None:
    rows = lookup.book.customers.filter(pl.col("customer_id") == customer_id)
    body = {"customer": {"customer_id": customer_id, "name": rows["name"][0]}}
    answer = analyst.post("/screen", json=body).json()
    case = desk.data.run.table("cases").filter(pl.col("customer_id") == customer_id)
    assert compared(answer["findings"]) == (compared(case["findings"][0].to_list()) if case.height else [])
    assert answer["inputs"]["book"]
    assert customer_id in answer["inputs"]["customer_in_book"]


def test_an_owner_by_its_id_brings_everybody_above_it(analyst: TestClient) -> None:
    body = {
        "customer": {"customer_id": "new-1", "name": "Quillfjord Data AS", "country": "NO"},
        "ownership": [{"owner_id": "C062", "owned_id": "new-1", "share_percent": "70"}],
    }
    found = analyst.post("/screen", json=body).json()
    alone = analyst.post("/screen?book=false", json=body).json()
    assert [row["status"] for row in found["restricted"]] == ["restricted"]
    assert (alone["restricted"], alone["findings"], alone["inputs"]["book"]) == ([], [], False)
    ownership = found["inputs"]["tables"][0]
    assert (ownership["table"], ownership["sent"]) == ("ownership", 1)
    assert ownership["from_book"] > 0
    assert all(table["from_book"] == 0 for table in alone["inputs"]["tables"])


def test_the_seat_of_an_owner_is_asked_about(analyst: TestClient) -> None:
    body = {
        "customer": {"customer_id": "new-1", "name": "Quillfjord Data AS", "country": "NO"},
        "ownership": [{"owner_id": "o", "owned_id": "new-1", "share_percent": "70"}],
        "entities": [{"entity_id": "o", "name": "Maple Dairy", "country": "IR"}],
    }
    for path in ("/screen", "/screen?book=false"):
        (row,) = analyst.post(path, json=body).json()["findings"]
        assert (row["rule_id"], row["recommendation"]) == ("EMBARGO_COUNTRY", "ask")
        assert "Maple Dairy (o), owner, 70% (equity)" in row["reason"]


def test_an_identifier_finds_the_customer_in_the_book(analyst: TestClient, lookup: BookLookup) -> None:
    recorded = lookup.book.customers.filter(pl.col("identifiers").list.len() > 0).row(0, named=True)
    body = {"customer": {"customer_id": "again", "name": "Anything", "identifiers": recorded["identifiers"]}}
    assert recorded["customer_id"] in analyst.post("/screen", json=body).json()["inputs"]["customer_in_book"]


def test_a_declared_parent_of_the_same_name_is_named_and_not_taken(analyst: TestClient) -> None:
    customer = {"customer_id": "new-2", "name": "Quillfjord", "parent_name": "SUGON information industry"}
    answer = analyst.post("/screen", json={"customer": customer}).json()
    assert [row["entity_id"] for row in answer["inputs"]["alike_in_book"]] == ["L-SUGON"]
    assert any("'L-SUGON'" in text for text in answer["warnings"])
    assert answer["inputs"]["tables"][0]["from_book"] == 0


def test_what_was_sent_goes_before_what_the_book_says(lookup: BookLookup) -> None:
    mine = lookup.book.customers.filter(pl.col("customer_id") == "C035")
    sent = one_customer_book(mine.with_columns(hq_country=pl.lit("NZ"), country=pl.lit(None, pl.String)))
    row = (
        complete_request(sent, lookup, DAY)
        .book.customers.filter(pl.col("customer_id") == "C035")
        .row(0, named=True)
    )
    assert (row["hq_country"], row["country"]) == ("NZ", mine["country"][0])


def test_a_stranger_is_completed_with_nothing(lookup: BookLookup) -> None:
    stranger = lookup.book.customers.head(1).with_columns(
        customer_id=pl.lit("stranger"),
        name=pl.lit("Nobody Else Is Called So"),
        identifiers=pl.lit(None, pl.List(pl.String)),
        parent_name=pl.lit(None, pl.String),
    )
    found = complete_request(one_customer_book(stranger), lookup, DAY)
    assert (found.same_as, found.namesakes, found.filled) == ((), (), ())
    assert found.book.edges.is_empty()
    assert all(getattr(found.book, name) is None for name in OWN_TABLES)  # not given is not the same as none


def test_a_number_that_too_many_bear_names_nobody(lookup: BookLookup) -> None:
    many = pl.DataFrame({"customer_id": [f"m{i:02}" for i in range(12)]}).with_columns(
        name=pl.format("Bearer {}", "customer_id"), identifiers=pl.lit(["vat:99999999"])
    )
    book = replace(lookup.book, customers=pl.concat([lookup.book.customers.clear(), many], how="diagonal"))
    crowd = BookLookup(book, build_network(book, DAY), by_name=False)
    one = many.head(1).with_columns(customer_id=pl.lit("new"), name=pl.lit("New"))
    sent = one_customer_book(pl.concat([lookup.book.customers.clear(), one], how="diagonal"))
    assert complete_request(sent, crowd, DAY).same_as == ()


def test_the_answer_says_what_only_the_night_compares(analyst: TestClient) -> None:
    customer = {"customer_id": "new-3", "name": "Quillfjord"}
    job = {"customer_id": "new-3", "activity_id": "a", "kind": "training", "training_ops_planned": "1e20"}
    assert (
        NIGHT_ONLY
        in analyst.post("/screen", json={"customer": customer, "activity": [job]}).json()["warnings"]
    )
    assert NIGHT_ONLY not in analyst.post("/screen", json={"customer": customer}).json()["warnings"]


def one_customer_book(customers: pl.DataFrame) -> Book:
    shares = {"share_min": pl.Int64, "share_max": pl.Int64}
    edges = pl.DataFrame(schema={"owner_id": pl.String, "owned_id": pl.String, **shares})
    entities = pl.DataFrame(schema={"entity_id": pl.String})
    problems = pl.DataFrame(schema={"reason": pl.String})
    return Book(customers, edges.lazy(), entities, None, None, None, None, problems)
