"""Listed addresses: numbers decide, words may vary."""

from __future__ import annotations

import polars as pl
import pytest

from screening.addresses import match_addresses

LISTED = pl.DataFrame(
    {
        "party_id": ["EL-hk-1", "EL-tr-1"],
        "raw": [
            "Room 1605, 16/F, Harbour Trade Centre, 42 Connaught Road West, Hong Kong",
            "Yildiz Mah. Deniz Cad. No: 17/4, Bahcelievler, Istanbul",
        ],
        "country": ["HK", "TR"],
    }
)


def book(address: str | None, country: str | None = "HK") -> pl.DataFrame:
    return pl.DataFrame(
        {"customer_id": ["c"], "address": [address], "country": [country]},
        schema={"customer_id": pl.String, "address": pl.String, "country": pl.String},
    )


@pytest.mark.parametrize(
    "address",
    [
        "Rm 1605 16th Floor Harbour Trade Ctr 42 Connaught Rd W",
        "UNIT 1605, 16 FLR., HARBOUR TRADE CENTER, 42 CONNAUGHT ROAD WEST",
        "42 Connaught Road West, Harbour Trade Centre, 16/F, Room 1605",
    ],
)
def test_the_same_address_in_other_words(address: str) -> None:
    match = match_addresses(book(address), LISTED).row(0, named=True)
    assert (match["party_id"], match["band"]) == ("EL-hk-1", "alert")
    assert match_addresses(book(address, None), LISTED).height == 1, "unknown country is compared everywhere"


@pytest.mark.parametrize(
    "address",
    [
        "Hong Kong",
        "Connaught Road West, Hong Kong",
        "Room 7, 2/F, Peak House, 5 Connaught Road West",
        None,
        "",
    ],
)
def test_a_street_or_a_city_is_not_an_address(address: str | None) -> None:
    assert match_addresses(book(address), LISTED).is_empty()


def test_another_unit_of_the_building_has_its_own_band() -> None:
    found = match_addresses(book("Room 905, 9/F, Harbour Trade Centre, 42 Connaught Road West"), LISTED)
    assert found["band"].to_list() == ["building"]


def test_another_country_is_another_address() -> None:
    assert match_addresses(book(LISTED["raw"][0], "SG"), LISTED).is_empty()


def test_nothing_listed_is_nothing_found() -> None:
    assert match_addresses(book("1 Main Street"), LISTED.clear()).is_empty()
