"""Names as customers write them: each line of the field cases about name fields is found, or is not expected to be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from screening.book.screener import Screener
from screening.book.subjects import customer_names
from screening.matching import search, with_second_names
from screening.policy import Matching

TODAY = date(2026, 12, 1)
CASES = "field-cases"
REVIEW = 0.5
NOT_EXPECTED = ("Q2", "Q4", "Q13", "Q14", "Q15")
"""Customers of case 10 that no list names, or that no name tells apart."""


@pytest.fixture(scope="module")
def screener(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Screener:
    store = Store(tmp_path_factory.mktemp("store"))
    refresh([shared / CASES / "stmini"], store, partial=True)
    return Screener.on_day(store.load(TODAY).frames, TODAY, Matching())


def best(screener: Screener, names: pl.DataFrame) -> dict[str, float]:
    """Return the best score of each subject."""
    queries = names.with_row_index("query_id").cast({"query_id": pl.String})
    attributes = names.select("subject_id", identifiers=pl.lit([], pl.List(pl.String))).unique("subject_id")
    found = search(screener.index, queries, attributes, screener.attributes, 0.0)
    return dict(found.group_by("subject_id").agg(pl.col("score").max()).iter_rows())


def test_every_line_of_added_words_is_found(shared: Path, screener: Screener) -> None:
    lines = (shared / CASES / "23-added-words/names4.txt").read_text("utf-8").splitlines()
    names = pl.DataFrame({"subject_id": lines, "name": lines}).with_columns(
        party_type=pl.lit(None, pl.String)
    )
    scores = best(screener, with_second_names(names, without=()))
    assert not {line: scores.get(line) for line in lines if scores.get(line, 0.0) < REVIEW}


def test_the_customers_of_the_quirks_are_found(shared: Path, screener: Screener) -> None:
    written = pl.read_csv(shared / CASES / "10-customer-quirks/customers.csv", infer_schema=False)
    book = written.with_columns(pl.col("other_names").str.split(";"), segment=pl.lit(None, pl.String))
    scores = best(screener, customer_names(book))
    expected = [customer for customer in book["customer_id"] if customer not in NOT_EXPECTED]
    assert not {customer: scores.get(customer) for customer in expected if scores.get(customer, 0.0) < REVIEW}
