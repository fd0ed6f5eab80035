"""NAME_HIDDEN in a whole screening: the customer, its other names, its owners and those it deals with."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.screen import screen
from screening.policy import Policy
from tests.matrix.scenes import edge, entity
from tests.screening.book import parties

DAY = date(2026, 12, 1)
DEAL = {"customer_id": "f", "date": "2026-10-01", "transaction_id": "t", "role": "end_user",
        "counterparty": "V\u200bolga", "item": "ovens", "ship_to_country": "DE", "movement": "export"}  # fmt: skip
WORDS = " ".join(
    f"{a}{b}" for a in ("lo", "mi", "tu", "ra", "se", "vo") for b in ("bad", "nor", "kes", "vil", "pom")
)
CUSTOMERS = (
    parties.CUSTOMER | {"customer_id": "a"},
    parties.CUSTOMER | {"customer_id": "b", "name": "Quartz Har\u200bbour B\u200bank"},
    parties.CUSTOMER | {"customer_id": "d", "other_names": ["\u202eegdirB"]},
    parties.CUSTOMER | {"customer_id": "e"},
    parties.CUSTOMER | {"customer_id": "f"},
    parties.CUSTOMER | {"customer_id": "g", "name": f"{WORDS} Granite Sea Forwarding"},
)


@pytest.fixture(scope="module")
def tables() -> Any:
    book = parties.book(
        [DEAL], [edge("o", "e")], CUSTOMERS, entities=[entity("o") | {"name": "Bir\x1b[8mch"}]
    )
    return screen(book, parties.lists(), DAY, Policy()).tables


@pytest.mark.parametrize(
    ("customer", "recommendation", "words"),
    [
        ("b", "ask", "The name Quartz Har<U+200B>bour B<U+200B>ank hides something: marks without width"),
        ("d", "ask", "The other name <U+202E>egdirB hides something: letters turned round (U+202E at 1)"),
        ("e", "ask", "The owner Bir<U+001B>[8mch hides something: control characters (U+001B at 4)"),
        ("f", "ask", "The end user V<U+200B>olga hides something"),
        ("g", "note", "33 words: too long to be compared as one name, compared in parts"),
    ],
)
def test_a_name_that_hides_something_is_asked_about(
    tables: Any, customer: str, recommendation: str, words: str
) -> None:
    findings = tables["findings"].filter(
        pl.col("customer_id") == customer, pl.col("rule_id") == "NAME_HIDDEN"
    )
    (row,) = findings.iter_rows(named=True)
    assert row["recommendation"] == recommendation
    assert words in row["reason"]


def test_an_ordinary_name_is_not(tables: Any) -> None:
    findings = tables["findings"].filter(pl.col("rule_id") == "NAME_HIDDEN")
    assert "a" not in findings["customer_id"].to_list()


def test_a_listed_name_among_many_words_is_a_lead(tables: Any) -> None:
    """A part of a long name is compared, and is nobody's own name: a review at most."""
    found = tables["matches"].filter(pl.col("customer_id") == "g", pl.col("party_id") == "EL-2")
    assert found.select("role", "band").unique().rows() == [("embedded", "review")]


def test_a_listed_name_behind_marks_is_found(tables: Any) -> None:
    assert "EL-3" in tables["matches"].filter(pl.col("customer_id") == "b")["party_id"].to_list()
