"""Numbers of company registers under any spelling of their type, and without the zeros that a spreadsheet took."""

from __future__ import annotations

import polars as pl
import pytest

from screening.law import table
from screening.ownership.identity_keys import number_keys
from screening.ownership.register_numbers import companies_house, companies_house_number

WHOLE = "gb-coh:06734419"


def keys(text: str, country: str | None = "GB") -> set[str]:
    frame = pl.DataFrame({"entity_id": ["x"], "country": [country], "identifiers": [[text]]})
    return set(number_keys(frame)["evidence"]) - {"lei:X"}


@pytest.mark.parametrize(
    "text",
    [
        *("gb-coh:06734419", "GB-COH:06734419", "gb-coh:6734419", "gb_coh:06734419", "GB COH: 6734419"),
        *("registration:06734419", "registration_number:06734419 (GB)", "company_number:06734419"),
        *("06734419", "ra000585:06734419", "RA000585: 06734419", "crn:06734419", "Company No.:06734419"),
        *("companies_house:6734419", "UK company number: 6734419", "registration number:No. 06734419"),
    ],
)
def test_any_spelling_has_one_key(text: str) -> None:
    assert WHOLE in keys(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        *(("company_number:06734419", country) for country in ("DE", None)),
        *(
            ("registration:123", "GB"),
            ("6734419", "GB"),
            ("gb-coh:0000", None),
            ("company_number:HRB 7", "GB"),
        ),
        ("company_number:06734419 (IE)", "GB"),
    ],
)
def test_a_number_of_elsewhere_or_none_has_not(text: str, country: str | None) -> None:
    assert not any(key.startswith("gb-coh:") and key != "gb-coh:0000" for key in keys(text, country))


def test_a_british_number_keeps_the_key_of_its_type_too() -> None:
    assert keys("company_number:06734419") == {WHOLE, "registration:06734419"}
    assert keys("company_number:07000002 (GB)", None) == {"gb-coh:07000002", "registration:07000002"}


def test_scottish_numbers_and_own_ids() -> None:
    assert "gb-coh:SC001234" in keys("company_number:sc 1234")
    frame = pl.DataFrame({"entity_id": ["GB-COH:229269"]})
    assert number_keys(frame)["evidence"].to_list() == ["gb-coh:00229269"]


def test_both_ways_of_writing_agree() -> None:
    texts = ["1", "229269", "0229269", "SC1", "sc 12 34 56", "No. 00229269", "no 5", "NO00229269", "n/a", "", "0",
             "00000000", "123456789", "Co. No.: NI-99", "R0000123", "UK 06734419", "ABC123456", "１２３"]  # fmt: skip
    written = pl.DataFrame({"n": texts}).select(companies_house(pl.col("n")))["n"].to_list()
    assert written == [companies_house_number(text) for text in texts]
    assert len(set(written)) > 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lei_code:5493001KJTIIGC8Y1R12", "LEI:5493001KJTIIGC8Y1R12"),
        ("vat_no:DE 123456", "VAT-ID:DE123456"),
        ("reg no:12345", "registration number:12345"),
        ("ru-inn:7719404118", "INN:7719404118"),
    ],
)
def test_types_are_compared_by_what_they_mean(one: str, other: str) -> None:
    assert keys(one, None) == keys(other, None)


def test_a_bic_names_a_branch_under_any_name() -> None:
    assert keys("swift_code:KRAYRUMM") == set()


def test_schemes_stand_once() -> None:
    schemes = table("identifier_schemes")
    assert schemes["scheme"].is_unique().all()
    assert set(schemes["merges"]) == {"yes", "no"}
