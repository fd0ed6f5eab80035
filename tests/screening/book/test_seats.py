"""Owners, counterparties and further records of a customer that are seated in an embargoed country."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.screen import screen
from screening.policy import Policy
from tests.matrix.scenes import edge, entity
from tests.screening.book import parties

DAY = date(2026, 12, 1)
COUNTRY, CONFLICT = "EMBARGO_COUNTRY", "EMBARGO_ADDRESS_CONFLICT"
DEAL = {"customer_id": "c", "date": "2026-10-01", "transaction_id": "t", "role": "end_user", "counterparty": "p",
        "item": "ovens", "ship_to_country": "DE", "movement": "export"}  # fmt: skip


def found(
    entities: Sequence[parties.Row] = (),
    edges: Sequence[parties.Row] = (),
    deals: Sequence[parties.Row] = (),
    customers: Sequence[parties.Row] = (parties.CUSTOMER,),
) -> dict[str, dict[str, Any]]:
    """Return the findings of customer c on places by their rule."""
    given = parties.book(deals, edges, customers, entities=entities)
    rows = screen(given, parties.lists(), DAY, Policy()).tables["findings"]
    mine = rows.filter(pl.col("customer_id") == "c", pl.col("rule_id").str.contains("^(EMBARGO|DEST)_"))
    return {row["rule_id"]: row for row in mine.iter_rows(named=True)}


def seated(entity_id: str, country: str | None = "IR", **more: str) -> dict[str, Any]:
    return entity(entity_id) | {"country": country} | more


def test_an_owner_is_named_with_its_share_and_place() -> None:
    rows = found([seated("o")], [edge("o", "c")])
    assert set(rows) == {COUNTRY}
    row = rows[COUNTRY]
    assert (row["branch"], row["recommendation"], row["severity"]) == ("around", "ask", 40)
    assert (
        "Maple Dairy o (o), owner, 60% (equity): column country of table entities says Iran (IR)"
        in row["reason"]
    )
    assert "Does Maple Dairy o own, direct" in row["question"]


@pytest.mark.parametrize(
    ("low", "high", "words"), [(250_000, 500_000, "25% to 50%"), (0, 1_000_000, "share undisclosed")]
)
def test_a_share_is_given_as_far_as_it_is_recorded(low: int, high: int, words: str) -> None:
    stake = edge("o", "c") | {"share_min": low, "share_max": high}
    assert f"owner, {words} (equity)" in found([seated("o")], [stake])[COUNTRY]["reason"]


def test_an_owner_further_up_and_others_are_all_named() -> None:
    """A loop among the owners does not make the customer its own owner."""
    edges = [edge("top", "o"), edge("o", "c"), edge("c", "o", 1), edge("near", "c", 100_000)]
    reason = found([seated("top"), seated("near", "DE", hq_country="CU")], edges)[COUNTRY]["reason"]
    assert "(top), owner, further up: column country" in reason
    assert "(near), owner, 10% (equity): column hq_country of table entities says Cuba (CU)" in reason


@pytest.mark.parametrize("country", ["DE", "SY", "UA", None])
def test_another_country_is_no_finding(country: str | None) -> None:
    assert found([seated("o", country)], [edge("o", "c")]) == {}


def test_an_owner_who_is_a_customer_is_read_in_the_table_of_customers() -> None:
    owner = parties.CUSTOMER | {"customer_id": "o", "name": "Maple Dairy", "country": "KP"}
    reason = found((), [edge("o", "c")], customers=[parties.CUSTOMER, owner])[COUNTRY]["reason"]
    assert "Maple Dairy (o), owner, 60% (equity): column country of table customers says" in reason


def test_a_counterparty_and_its_owner_are_named_with_role_and_dealings() -> None:
    reason = found([seated("p")], deals=[DEAL])[COUNTRY]["reason"]
    assert "Maple Dairy p (p), end user p, 1 transaction on 2026-10-01: column country" in reason
    reason = found([entity("p"), seated("h")], [edge("h", "p")], [DEAL])[COUNTRY]["reason"]
    assert "owner of the end user p" in reason


def test_what_the_destination_says_is_not_said_again() -> None:
    assert set(found([seated("p")], deals=[DEAL | {"counterparty_country": "IR"}])) == {"DEST_EMBARGO"}
    assert COUNTRY in found([seated("p")], deals=[DEAL | {"counterparty_country": "AE"}])


def test_a_further_record_of_the_customer_holds_and_contradicts_its_row() -> None:
    rows = found([seated("c")])
    assert {rule: (row["branch"], row["recommendation"], row["severity"]) for rule, row in rows.items()} == {
        COUNTRY: ("record", "hold", 85),
        CONFLICT: ("embargoed", "hold", 70),
    }
    assert "while its own row states residence Germany (DE)" in rows[COUNTRY]["reason"]


def test_a_further_record_that_agrees_says_nothing_more() -> None:
    rows = found([seated("c")], customers=[parties.CUSTOMER | {"country": "IR"}])
    assert {rule: row["branch"] for rule, row in rows.items()} == {COUNTRY: "seated"}


def test_a_record_of_the_same_number_is_the_customers_own() -> None:
    number = {"identifiers": ["lei:969500ABCDEFGHJKLM02"]}
    rows = found([seated("x") | number], customers=[parties.CUSTOMER | number])
    assert rows[COUNTRY]["branch"] == "record"
    assert "(x)" in rows[COUNTRY]["reason"]


REGION = "EMBARGO_REGION"


@pytest.mark.parametrize("place", ["UA-43", "UA-14", "UA-09"])
def test_a_region_in_a_country_column_of_an_entity_is_not_lost(place: str) -> None:
    """The code of the country says Ukraine; the reader notes the region beside it."""
    owner = seated("o", "UA") | {"country_remarks": [f"hq_country={place}"]}
    row = found([owner], [edge("o", "c")])[REGION]
    assert (row["branch"], row["recommendation"], row["severity"]) == ("around", "ask", 40)
    assert f"({place})" in row["reason"]
    assert "(o), owner, 60% (equity): column hq_country of table entities says" in row["reason"]


def test_a_further_record_of_the_customer_in_a_region_decides() -> None:
    record = seated("c", "UA") | {"country_remarks": ["country=UA-43"]}
    assert found([record])[REGION]["branch"] == "named_elsewhere"


def test_an_owner_who_is_a_customer_keeps_its_region() -> None:
    owner = parties.CUSTOMER | {"customer_id": "o", "country": "UA", "country_remarks": ["country=UA-43"]}
    row = found((), [edge("o", "c")], customers=[parties.CUSTOMER, owner])[REGION]
    assert "column country of table customers says Crimea (UA-43)" in row["reason"]


def test_a_region_that_is_no_embargoed_one_raises_nothing() -> None:
    owner = seated("o", "UA") | {"country_remarks": ["country=UA-65", "country?Narnia"]}
    assert found([owner], [edge("o", "c")]) == {}
