"""Whom a customer deals with: who is a subject, who it is in the network, and what comes of its matches."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.counterparties import located, named_counterparties
from screening.book.network import build_network
from screening.book.screen import screen
from screening.policy import Policy
from screening.tables.book import Book
from tests.screening.book import parties

DAY = date(2026, 12, 1)
HUAWEI = {"counterparty": "Huawei Technologies Co., Ltd.", "counterparty_country": "CN"}
HOLDING = {
    "owner_id": "L-1",
    "owner_name": "Huawei Technologies Co., Ltd.",
    "share_min": 600_000,
    "share_max": 600_000,
}
OTHER = {"customer_id": "d", "name": "Birch Cloud Ltd", "country": "MY", "incorporation_country": "MY"}


def deal(**columns: Any) -> parties.Row:
    return {"customer_id": "c", "date": "2026-10-01", **columns}


def tables(given: Book) -> dict[str, pl.DataFrame]:
    return dict(screen(given, parties.lists(), DAY, Policy()).tables)


def finding(given: Book, rule_id: str, customer_id: str = "c") -> dict[str, Any]:
    """Return what a rule says of a customer, material or not."""
    every = parties.findings(parties.prepared(given, DAY), given)
    mine = every.filter(pl.col("customer_id") == customer_id, pl.col("rule_id") == rule_id)
    return mine.row(0, named=True)


def test_a_counterparty_is_one_subject_however_often_it_is_named() -> None:
    again = deal(**{**HUAWEI, "counterparty": "HUAWEI  technologies Co., Ltd."})
    elsewhere = deal(**{**HUAWEI, "counterparty_address": "Bantian, Shenzhen"})
    found = named_counterparties(parties.book([deal(**HUAWEI), again, deal(**HUAWEI), elsewhere]))
    assert found.subjects["name"].to_list() == [
        "HUAWEI  technologies Co., Ltd.",
        "Huawei Technologies Co., Ltd.",
    ]
    assert found.subjects["entity_id"][0] == "counterparty:huawei technologies co., ltd.@CN"
    assert found.subjects["entity_id"][1].startswith("counterparty:huawei technologies co., ltd.@CN#")


def test_transactions_of_one_role_and_name_are_one_entry_with_first_and_last_day() -> None:
    rows = [
        deal(role="end_user", transaction_id="t1", **HUAWEI),
        deal(role="end_user", transaction_id="t1", **HUAWEI),
        deal(role="end_user", date="2026-11-05", counterparty_address="Bantian, Shenzhen", **HUAWEI),
        deal(role="purchaser", **HUAWEI),
    ]
    found = finding(parties.book(rows), "EL_LISTING")
    named = dict(part.split("=", 1) for part in found["evidence"].split("; "))
    assert named["parties"].split(" | ") == [
        "Huawei Technologies Co., Ltd. (EL-1): Huawei Technologies Co., Ltd., end user, 2 transactions from 2026-10-01 "
        "to 2026-11-05",
        "Huawei Technologies Co., Ltd. (EL-1): Huawei Technologies Co., Ltd., purchaser, 1 transaction on 2026-10-01",
    ]
    assert "One more in a role is named in the evidence." in found["reason"]


def test_matches_say_role_and_transactions() -> None:
    rows = [deal(role="end_user", **HUAWEI), deal(role="end_user", date="2026-11-05", **HUAWEI)]
    given = parties.book(rows, customers=[{**parties.CUSTOMER, "name": "Volga Shipyard", "country": "RU"}])
    shown = ("role", "counterparty", "transactions", "first_day", "last_day", "party_id")
    first, last = date(2026, 10, 1), date(2026, 11, 5)
    assert tables(given)["matches"].select(shown).rows() == [
        (None, None, None, None, None, "SDN-1"),
        ("end_user", "Huawei Technologies Co., Ltd.", 2, first, last, "EL-1"),
    ]


def test_a_customer_s_own_match_goes_first_and_names_the_others() -> None:
    given = parties.book(
        [deal(role="end_user", **HUAWEI)], customers=[{**parties.CUSTOMER, "name": HUAWEI["counterparty"]}]
    )
    found = finding(given, "EL_LISTING")
    assert found["branch"] == "listed"
    assert "in a role is named in the evidence" in found["reason"]
    assert "end user, 1 transaction" in found["evidence"]


@pytest.mark.parametrize("text", ["d", "E-9"])
def test_an_id_in_place_of_a_name_is_that_customer_or_entity(text: str) -> None:
    edges = [{**HOLDING, "owned_id": "d"}]
    entities = [{"entity_id": "E-9", "name": "Birch", "identifiers": ["lei:5493001KJTIIGC8Y1R12"]}]
    other = {**OTHER, "identifiers": ["LEI: 5493001KJTIIGC8Y1R12"]}
    given = parties.book(
        [deal(role="end_user", counterparty=text)], edges, [parties.CUSTOMER, other], entities=entities
    )
    assert finding(given, "BIS_AFFILIATES")["branch"] == "party_restricted"
    path = tables(given)["cases"].filter(pl.col("customer_id") == "c")["paths"][0][0]
    assert (path["role"], path["counterparty"], path["path"]) == (
        "end_user", text, "Birch Cloud Ltd <- 60% - Huawei Technologies Co., Ltd.",
    )  # fmt: skip


def test_an_identifier_joins_an_entity_of_the_network() -> None:
    edges = [{**HOLDING, "owned_id": "N-1", "owned_name": "Palm Cloud Sdn Bhd"}]
    entities = [
        {"entity_id": "N-1", "name": "Palm Cloud Sdn Bhd", "identifiers": ["lei:5493001KJTIIGC8Y1R12"]}
    ]
    row = deal(role="end_user", counterparty="PC Services", counterparty_country="MY",
               counterparty_identifiers=["lei:5493001KJTIIGC8Y1R12"])  # fmt: skip
    given = parties.book([row], edges, entities=entities)
    assert finding(given, "BIS_AFFILIATES")["branch"] == "party_restricted"
    owners = tables(given)["matches"].filter(pl.col("matched_entity_id") == "L-1")
    assert owners.select("role", "counterparty").rows() == [("end_user_owner", "PC Services")]


def test_a_number_that_many_bear_joins_nobody() -> None:
    entities = [
        {"entity_id": f"N-{n}", "name": f"Shelf {n}", "identifiers": ["registration:00001111"]}
        for n in range(11)
    ]
    row = deal(role="end_user", counterparty="PC", counterparty_identifiers=["registration:00001111"])
    given = parties.book([row], entities=entities)
    owned = build_network(given, DAY)
    assert located(named_counterparties(given), owned, by_name=False).nodes.is_empty()


def test_a_name_joins_an_entity_only_on_request() -> None:
    given = parties.book(
        [deal(role="end_user", counterparty="PALM CLOUD, Sdn. Bhd.", counterparty_country="MY")],
        entities=[{"entity_id": "N-1", "name": "Palm Cloud Sdn Bhd", "country": "MY"}],
    )
    owned, named = build_network(given, DAY), named_counterparties(given)
    assert located(named, owned, by_name=False).nodes.is_empty()
    assert located(named, owned, by_name=True).nodes["node_id"].to_list() == ["N-1"]


def test_an_owner_of_unknown_share_is_named_in_its_role() -> None:
    edges = [{"owner_id": "L-1", "owner_name": "Volga Shipyard", "owned_id": "N-1", "owned_name": "Palm Cloud",
              "share_min": 0, "share_max": 1_000_000, "interest": "control"}]  # fmt: skip
    given = parties.book([deal(role="end_user", counterparty="N-1", counterparty_country="MY")], edges)
    found = finding(given, "SDN_TIES")
    assert (found["branch"], found["recommendation"], found["severity"]) == ("party_near", "hold", 70)
    assert "control N-1, end user in 1 transaction on 2026-10-01" in found["reason"]
    assert "Volga Shipyard (control)" in found["reason"]
    assert not finding(given, "SDN_BLOCK")["material"]


def test_end_users_sites_and_consignees_are_parties_too() -> None:
    lease = {
        "customer_id": "c",
        "activity_id": "a1",
        "kind": "lease",
        "start": "2026-05-01",
        "end_user": "Volga Shipyard",
    }
    site = {"customer_id": "c", "activity_id": "a2", "kind": "deployment", "site_country": "HK",
            "site_address": "Rm 805, Lee Chau House, 20 Luard Rd, Wan Chai"}  # fmt: skip
    licence = {"customer_id": "c", "licence_ref": "D1", "consignee": HUAWEI["counterparty"]}
    given = parties.book([], activity=[lease, site], licences=[licence])
    assert "end user in 1 activity on 2026-05-01 (lease)" in finding(given, "SDN_BLOCK")["reason"]
    address = finding(given, "EL_ADDRESS")
    assert address["branch"] == "party_listed"
    assert "place where the machines stand in 1 activity without a day (deployment)" in address["reason"]
    assert "ultimate consignee in 1 licence without a day" in finding(given, "EL_LISTING")["reason"]


def test_rows_of_one_transaction_share_its_item_and_its_licence() -> None:
    rows = [
        deal(
            transaction_id="t",
            role="purchaser",
            counterparty="Orchid Ltd",
            item="switches",
            licence_ref="D1234567",
        ),
        deal(
            transaction_id="t",
            role="end_user",
            counterparty="Emirates Bright Trading LLC",
            counterparty_country="AE",
        ),
    ]
    found = finding(parties.book(rows), "UVL")
    assert (found["branch"], found["severity"]) == ("licensed", 40)
    assert "(switches)" in found["reason"]
    exception = [{**row, "licence_ref": "NAC"} for row in rows]
    assert finding(parties.book(exception), "UVL")["branch"] == "party_listed"


@pytest.mark.parametrize(
    ("columns", "branch"),
    [
        ({"role": "end_user", "date": "2020-04-30"}, "closed"),
        ({"role": "end_user", "date": "2020-05-01"}, "party_listed"),
        ({"role": "End User"}, "party_listed"),
        ({"role": "end_user", "movement": "service"}, "remote_only"),
        ({}, "role_unsettled"),
        ({"role": "forwarder", "takes_possession": "no"}, "line"),
        ({"role": "bank"}, "line"),
        ({"role": "bank", "takes_possession": "unknown"}, "role_unsettled"),
        ({"role": "bank", "takes_possession": "yes"}, "party_listed"),
        ({"role": "payer"}, "line"),
        ({"role": "exporter"}, "party_listed"),
    ],
)
def test_what_the_row_says_decides_the_branch(columns: dict[str, str], branch: str) -> None:
    row = deal(counterparty="Emirates Bright Trading LLC", counterparty_country="AE", **columns)
    assert finding(parties.book([row]), "UVL")["branch"] == branch


@pytest.mark.parametrize(
    ("columns", "inner"),
    [
        ({"counterparty": "Quiet Trade on behalf of Volga Shipyard"}, "Volga Shipyard"),
        ({"counterparty": "Quiet Trade (Volga Shipyard)"}, "Volga Shipyard"),
        (
            {"counterparty": "Quiet Trade", "counterparty_address": "c/o Volga Shipyard, Nevsky 1"},
            "Volga Shipyard",
        ),
        ({"counterparty": "Quiet Trade", "item": "pumps, end user: Volga Shipyard"}, "Volga Shipyard"),
    ],
)
def test_a_name_inside_another_field_is_a_lead_and_never_raises_the_outer_party(
    columns: dict[str, str], inner: str
) -> None:
    given = parties.book([deal(role="end_user", counterparty_country="RU", **columns)])
    found = finding(given, "SDN_BLOCK")
    assert (found["branch"], found["outcome"], found["recommendation"]) == (
        "embedded",
        "not_evaluable",
        "review",
    )
    assert found["reason"].startswith(f"{inner} stands inside")
    assert finding(given, "SDN_EAR_744_8")["recommendation"] == "review"
    matches = tables(given)["matches"]
    assert matches.select("role", "query_name", "band").unique().rows() == [("embedded", inner, "review")]


def test_an_unnamed_role_is_a_question_and_a_row_without_a_role_is_none() -> None:
    assert finding(parties.book([deal(role="freight-forwarder")]), "RF21")["branch"] == "party_not_named"
    assert finding(parties.book([deal(item="racks")]), "RF21")["branch"] != "party_not_named"


def test_nobody_is_looked_for_where_nobody_is_named() -> None:
    given = parties.book([deal(item="racks", movement="export")])
    ready = parties.prepared(given, DAY)
    assert ready.around.is_empty()
    assert ready.context.dealings.is_empty()
