"""Contact with listed parties: addresses, telephones, e-mail addresses and domains that are also those of a party."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.contact_addresses import ListedAddresses, same_addresses
from screening.book.contact_details import equal_details, read_details
from screening.book.screen import screen
from screening.policy import Policy
from tests.screening.book import parties

DAY = date(2026, 12, 1)
VOLGA = {
    "party_id": "SDN-1", "name": "Volga Shipyard", "countries": ["RU"],
    "address": "House 5, 12 Gagarina Street, Kazan 420111, Russia",
    "identifiers": {
        "email": "info@volga-yard.ru", "website": "https://www.volga-yard.ru/contact", "phone": "(495) 123-45-67",
    },
}  # fmt: skip
HARBIN = {
    "party_id": "MEU-1", "name": "Harbin Aircraft", "countries": ["CN"],
    "identifiers": {"email": "harbin.sales@gmail.com", "website": "www.facebook.com/harbin"},
}  # fmt: skip
LISTED = parties.lists(VOLGA, HARBIN)


def details(kind: str, *texts: str) -> pl.DataFrame:
    rows = {
        "subject_id": [str(n) for n in range(len(texts))],
        "kind": [kind] * len(texts),
        "text": list(texts),
    }
    return read_details(pl.DataFrame(rows))


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "equal"),
    [
        ("phone", "+7 495 123-45-67", "(495) 123-45-67", True),
        ("phone", "8 (495) 123-45-67", "+7 495 1234567", True),
        ("phone", "00357 22660766 ext. 5", "(357)(22660766)", True),
        ("phone", "+1 495 123 45 67", "+7 495 123 45 67", False),
        ("phone", "123-45-67", "123-45-67", False),
        ("email", "Info@Volga.RU", "info@volga.ru", True),
        ("email", "write to <a@gmail.com>", "a@gmail.com", True),
        ("email", "b@gmail.com", "a@gmail.com", False),
        ("email", "sales@volga.ru", "info@volga.ru", True),
        ("domain", "https://shop.volga.ru/x?y", "WWW.VOLGA.RU", True),
        ("domain", "volga.ru", "shop.volga.ru", False),
        ("domain", "facebook.com/a", "www.facebook.com/a", False),
        ("domain", "volga.com.ru", "don.com.ru", False),
        ("domain", "none", "n/a", False),
    ],
)
def test_details_are_equal_however_they_are_written(kind: str, ours: str, theirs: str, equal: bool) -> None:
    found = equal_details(details(kind, ours), details(kind, theirs))
    assert bool(found.height) is equal


@pytest.mark.parametrize(
    ("address", "countries", "kind"),
    [
        ("12 Gagarina St., House 5, Kazan", ["RU"], "address"),
        ("House 5, Gagarina street 12, 420111", [], "address"),
        ("12 Gagarina Street, Kazan", ["RU"], "building"),
        ("House 5, 12 Gagarina Street, Kazan, Russia", ["DE"], "address"),
        ("House 5, 12 Gagarina Street, Kazan", ["DE"], None),
        ("House 6, 12 Gagarina Street, Kazan", ["RU"], None),
        ("House 5, 12 Gagarina Street, Samara", ["RU"], None),
        ("Kazan, Russia", ["RU"], None),
        ("5 Kazan", ["RU"], None),
    ],
)
def test_an_address_is_street_number_and_town(address: str, countries: list[str], kind: str | None) -> None:
    listed = ListedAddresses.read(
        pl.DataFrame(
            {
                "party_id": ["SDN-1"],
                "raw": [VOLGA["address"]],
                "street": ["House 5, 12 Gagarina Street"],
                "city": ["Kazan 420111"],
                "country": ["RU"],
            }
        )
    )
    ours = pl.DataFrame(
        {"subject_id": ["c"], "address": [address], "countries": [countries]},
        schema_overrides={"countries": pl.List(pl.String)},
    )
    assert same_addresses(ours, listed)["kind"].to_list() == ([kind] if kind else [])


def shown(given: Any, customer_id: str = "c") -> tuple[dict[str, Any] | None, pl.DataFrame]:
    """Return what G17 says of a customer of the book, and the contacts among its matches."""
    tables = screen(given, LISTED, DAY, Policy()).tables
    mine = tables["findings"].filter(pl.col("customer_id") == customer_id)
    found = mine.filter(pl.col("rule_id") == "G17")
    matches = tables["matches"].filter(pl.col("customer_id") == customer_id, pl.col("band") == "contact")
    assert (
        mine.filter(pl.col("rule_id").is_in(["SDN_BLOCK", "MEU_LIST", "SDN_50"])).is_empty()
        or matches.is_empty()
    )
    return (found.row(0, named=True) if found.height else None), matches


def connection(kind: str, value: str, entity_id: str = "c") -> parties.Row:
    return {"entity_id": entity_id, "kind": kind, "value": value}


@pytest.mark.parametrize(
    ("customer", "connections"),
    [
        ({"address": "12 Gagarina St., House 5, Kazan", "country": "RU"}, []),
        ({"identifiers": ["phone: +7 495 1234567"]}, []),
        ({"identifiers": ["E-mail: info@volga-yard.ru"]}, []),
        ({"address": "Berlin, info@volga-yard.ru"}, []),
        ({}, [connection("phone", "8 495 123 45 67")]),
        ({}, [connection("email", "boss@volga-yard.ru")]),
        ({}, [connection("domain", "volga-yard.ru")]),
        ({}, [connection("address", "Gagarina Street 12, House 5, Kazan")]),
    ],
)
def test_a_customer_who_has_a_detail_of_a_listed_party_is_asked_about_it(
    customer: parties.Row, connections: list[parties.Row]
) -> None:
    given = parties.book([], customers=[{**parties.CUSTOMER, **customer}], connections=connections)
    found, matches = shown(given)
    assert found
    assert (found["branch"], found["recommendation"], found["severity"]) == ("listed_contact", "ask", 40)
    assert "Volga Shipyard (SDN-1, list SDN)" in found["reason"]
    assert matches["party_id"].unique().to_list() == ["SDN-1"]


def test_a_mailbox_is_one_but_its_public_provider_and_a_page_tell_nothing() -> None:
    given = parties.book([], connections=[connection("email", "harbin.sales@gmail.com")])
    found, _ = shown(given)
    assert found
    assert "Harbin Aircraft" in found["reason"]
    others = [connection("email", "b@gmail.com"), connection("domain", "facebook.com")]
    assert shown(parties.book([], connections=others))[1].is_empty()


def test_a_counterparty_s_detail_is_told_in_its_role() -> None:
    row = {"customer_id": "c", "date": "2026-10-01", "role": "end_user", "counterparty": "Quiet Trade",
           "counterparty_country": "RU", "counterparty_address": "House 5, Gagarina 12, Kazan",
           "counterparty_identifiers": ["email:x@volga-yard.ru"]}  # fmt: skip
    found, matches = shown(parties.book([row, {**row, "date": "2026-11-01"}]))
    assert found
    assert "of Quiet Trade, end user" in found["reason"]
    assert matches.select("role", "counterparty", "transactions").rows() == [("end_user", "Quiet Trade", 2)]


def test_an_owner_s_telephone_is_told_of_the_customer_below() -> None:
    edges = [
        {
            "owner_id": "o",
            "owner_name": "Orchid Holding",
            "owned_id": "c",
            "share_min": 600_000,
            "share_max": 600_000,
        }
    ]
    found, matches = shown(parties.book([], edges, connections=[connection("phone", "+7 495 1234567", "o")]))
    assert found
    assert "of an owner" in found["reason"]
    assert matches["role"].to_list() == ["owner"]


def test_a_contact_is_no_share_of_a_listed_owner() -> None:
    edges = [
        {"owner_id": "o", "owner_name": "Orchid", "owned_id": "c", "share_min": 600_000, "share_max": 600_000}
    ]
    entities = [{"entity_id": "o", "name": "Orchid", "identifiers": ["phone:+7 495 1234567"]}]
    given = parties.book([], edges, entities=entities)
    tables = screen(given, LISTED, DAY, Policy()).tables
    assert tables["matches"]["band"].to_list() == ["contact"]
    assert tables["restricted"].is_empty()


def test_an_address_that_many_have_is_a_weaker_lead() -> None:
    many = [
        {**parties.CUSTOMER, "customer_id": f"c{n}", "name": f"Orchid {n} Ltd", "country": "RU",
         "address": "12 Gagarina St., House 5, Kazan"}
        for n in range(40)
    ]  # fmt: skip
    found, matches = shown(parties.book([], customers=many), "c7")
    assert found
    assert (found["branch"], found["recommendation"], found["severity"]) == ("listed_premises", "review", 20)
    assert matches.height == 1


def test_whoever_is_taken_for_the_party_is_not_told_of_its_telephone() -> None:
    customer = {**parties.CUSTOMER, "name": "Volga Shipyard", "country": "RU"}
    given = parties.book([], customers=[customer], connections=[connection("phone", "+7 495 1234567")])
    tables = screen(given, LISTED, DAY, Policy()).tables
    rules = tables["findings"]["rule_id"].to_list()
    assert "SDN_BLOCK" in rules
    assert "G17" not in rules


def test_a_detail_that_ended_is_nobody_s() -> None:
    given = parties.book([], connections=[{**connection("phone", "+7 495 1234567"), "end": "2026-01-01"}])
    assert shown(given)[1].is_empty()
