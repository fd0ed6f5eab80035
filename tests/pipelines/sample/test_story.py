"""STORY.csv lists what the sample data must yield; here it is compared with the data and with the table of rules."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.redflags import rules_on
from screening.tables.book import Book

PLANTED = 107
LISTINGS = {
    "EL_LISTING", "EL_ADDRESS", "DPL", "UVL", "MEU_LIST", "SDN_BLOCK", "SDN_EAR_744_8", "SSI", "CMIC", "MBS",
    "CAPTA", "PLC", "FSE", "ISN", "AECA_DEBARRED",
}  # fmt: skip
OPTIONAL = {
    "UN_FREEZE",
    "EU_FREEZE",
    "UK_FREEZE",
    "UFLPA",
    "S1260H",
    "S1286",
    "S889",
    "FCC_COVERED",
    "MIEU_LIST",
}
NOT_PLANTED = OPTIONAL | {
    "OTHER_LIST", "IAAS_CIP", "LISTED_OWNER_US", "EMBARGO_ADDRESS_CONFLICT", "INPUT_COUNTRY", "NAME_HIDDEN",
    "SDN_TIES",
}  # fmt: skip
"""The sample world prints no optional list, nor the bodies of section 744.22(f)(2) (see
tests/pipelines/job/test_optional_lists), and no list beyond those we know; the proposed identification rule would meet
the whole book; no firm of the sample world is organized in the United States below a listed owner
(tests/screening/book/test_party_cases), its addresses and countries are in order
(tests/screening/book/test_customer_places), and its names hide nothing (tests/screening/book/test_hidden_names)."""
UNEVENTFUL = 193
NOT_PLAIN = ("BY", "CN", "CU", "HK", "IR", "KH", "KP", "MM", "MO", "NI", "RU", "SY", "VE")


def test_columns_and_outcomes(story: pl.DataFrame) -> None:
    assert story.columns == ["customer_id", "kind", "rule_id", "outcome", "why"]
    assert set(story["outcome"]) == {"raised", "not_raised", "not_applicable", "not_evaluable", "no_case"}
    assert story["why"].str.ends_with(".").all()
    assert story["kind"].str.contains(r"^[a-z0-9_]+$").all()
    assert not story.select("customer_id", "rule_id").is_duplicated().any()


def test_customers_exist_and_the_rest_is_plain(story: pl.DataFrame, book: Book) -> None:
    planted = story["customer_id"].unique().sort()
    assert planted.len() == PLANTED
    assert planted.is_in(book.customers["customer_id"].implode()).all()
    plain = book.customers.filter(~pl.col("customer_id").is_in(planted.implode()))
    assert plain.height == UNEVENTFUL
    for column in ("country", "hq_country", "incorporation_country", "parent_country"):
        assert plain.filter(pl.col(column).is_in(NOT_PLAIN)).is_empty()
    for table in (book.connections, book.transactions, book.answers):
        assert table is not None
        key = table.columns[0]
        assert table.filter(pl.col(key).is_in(plain["customer_id"].implode())).is_empty()


def test_a_customer_without_a_case_raises_nothing(story: pl.DataFrame) -> None:
    none = story.filter(pl.col("outcome") == "no_case")
    assert none["rule_id"].null_count() == none.height > 8
    assert story.filter(pl.col("outcome") != "no_case")["rule_id"].null_count() == 0
    others = story.join(none, on="customer_id", how="semi")
    assert set(others["outcome"]) <= {"no_case", "not_raised", "not_applicable"}


def test_every_rule_is_raised_somewhere(story: pl.DataFrame, today: date) -> None:
    rules = set(rules_on(today).filter(pl.col("degree") != "context")["rule_id"])
    named = set(story["rule_id"].drop_nulls())
    raised = set(story.filter(pl.col("outcome") == "raised")["rule_id"])
    assert named <= rules
    assert raised >= LISTINGS
    assert rules - raised == NOT_PLANTED
