"""A case from the field: counterparties, directors and goods of six small customers, none of whom is listed."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.screen import screen
from screening.policy import Policy
from tests.screening.book import parties

DAY = date(2026, 12, 1)
LISTED: tuple[parties.Row, ...] = (
    {"party_id": "SDN-37447", "name": "JSC ARGUMENT", "countries": ["RU"], "programs": ["RUSSIA-EO14024"]},
    {"party_id": "SDN-22790", "name": "MADURO MOROS, Nicolas", "party_type": "person", "countries": ["VE"]},
    {"party_id": "SDN-16865", "name": "JOINT-STOCK COMPANY CONCERN ALMAZ-ANTEY", "countries": ["RU"]},
    {"party_id": "SDN-90002", "name": "STJEPANOVIC, Savo", "party_type": "person", "countries": ["SI"]},
    {
        "party_id": "SDN-90003",
        "name": "RUELAS TOPETE, Carlos Antonio",
        "party_type": "person",
        "countries": ["MX"],
    },
)
CUSTOMERS = [
    {"customer_id": "C1", "name": "Rowan App Studio", "party_type": "organization", "country": "SI"},
    {"customer_id": "C3", "name": "Rowan Payer", "party_type": "organization", "country": "US"},
    {"customer_id": "C5", "name": "Rowan Dist", "party_type": "organization", "country": "CA"},
    {"customer_id": "C7", "name": "Rowan Ship", "party_type": "organization", "country": "US"},
    {"customer_id": "C8", "name": "Rowan Syria Iran ship", "party_type": "organization", "country": "AE"},
    {"customer_id": "C9", "name": "Rowan Crimea ship", "party_type": "organization", "country": "TR"},
]
CONNECTIONS = [
    {"entity_id": "C1", "kind": "signatory", "value": "Savo Stjepanovic"},
    {"entity_id": "C5", "kind": "director", "value": "Ruelas Topete, Carlos Antonio"},
]


def row(customer_id: str, role: str, counterparty: str, item: str, to: str, payer: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id, "date": "2026-10-02", "role": role, "counterparty": counterparty, "item": item,
        "ship_to_country": to, "payer_country": payer, "amount": 745_322.0, "payment_method": "wire",
    }  # fmt: skip


TRANSACTIONS = [
    row("C3", "end_user", "JSC Argument", "RF switches", "RU", "US"),
    row("C3", "purchaser", "MADURO MOROS, Nicolas", "RF switches", "VE", "US"),
    row("C5", "ultimate_consignee", "Almaz Antey", "RF switches", "RU", "CA"),
    row("C7", "ultimate_consignee", "Orchid Lane Imports", "GPU servers", "IR", "US"),
    row("C8", "ultimate_consignee", "Petal Road Imports", "GPU servers", "IR", "IR"),
    row("C9", "ultimate_consignee", "Petal Road Imports, Sevastopol, Crimea", "GPU servers", "UA", "TR"),
]


@pytest.fixture(scope="module")
def cases() -> pl.DataFrame:
    given = parties.book(TRANSACTIONS, customers=CUSTOMERS, connections=CONNECTIONS)
    return screen(given, parties.lists(*LISTED), DAY, Policy()).tables["cases"]


@pytest.mark.parametrize(
    ("customer_id", "recommendation", "rule_id"),
    [
        ("C1", "hold", "SDN_BLOCK"),
        ("C3", "stop_confirm", "SDN_BLOCK"),
        ("C5", "stop_confirm", "SDN_BLOCK"),
        ("C7", "hold", "DEST_EMBARGO"),
        ("C8", "hold", "DEST_EMBARGO"),
        ("C9", "hold", "DEST_REGION"),
    ],
)
def test_each_customer_has_the_case_that_was_expected(
    cases: pl.DataFrame, customer_id: str, recommendation: str, rule_id: str
) -> None:
    case = cases.row(by_predicate=pl.col("customer_id") == customer_id, named=True)
    assert case["recommendation"] == recommendation
    assert rule_id in {finding["rule_id"] for finding in case["findings"]}


def test_the_case_names_both_counterparties_of_the_payer(cases: pl.DataFrame) -> None:
    case = cases.row(by_predicate=pl.col("customer_id") == "C3", named=True)
    roles = {(match["role"], match["counterparty"], match["transactions"]) for match in case["matches"]}
    assert roles == {("end_user", "JSC Argument", 1), ("purchaser", "MADURO MOROS, Nicolas", 1)}
    block = next(finding for finding in case["findings"] if finding["rule_id"] == "SDN_BLOCK")
    assert "JSC Argument, end user" in block["evidence"]
    assert "MADURO MOROS, Nicolas, purchaser" in block["evidence"]


def test_a_director_and_a_blocked_consignee_are_both_in_the_evidence(cases: pl.DataFrame) -> None:
    case = cases.row(by_predicate=pl.col("customer_id") == "C5", named=True)
    block = next(finding for finding in case["findings"] if finding["rule_id"] == "SDN_BLOCK")
    assert "Ruelas Topete, Carlos Antonio, director" in block["evidence"]
    assert "Almaz Antey, ultimate consignee" in block["reason"]
