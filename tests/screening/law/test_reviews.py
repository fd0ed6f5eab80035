"""Rows of the law that are to be read again."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from screening.law import overdue_reviews
from screening.law.tables import table, table_names

LAST = date(2026, 11, 22)


def test_a_row_is_overdue_on_the_day_after_its_limit() -> None:
    limit = LAST + timedelta(days=180)
    assert overdue_reviews(limit, 180).filter(pl.col("last_reviewed") >= LAST).is_empty()
    found = overdue_reviews(limit + timedelta(days=1), 180).filter(pl.col("last_reviewed") == LAST)
    assert set(found["age_days"]) == {181}
    assert found.filter(
        pl.col("table") == "rule_periods", pl.col("citation") == "15 CFR 744.15; Supp. 6 to part 744"
    )["named"].item().to_list() == ["UVL"]


def test_every_row_of_every_dated_table_is_counted_once_in_the_end() -> None:
    found = overdue_reviews(date(2040, 1, 1), 180)
    whole = {name: table(name).height for name in table_names() if "last_reviewed" in table(name).columns}
    assert dict(found.group_by("table").agg(pl.col("rows").sum()).iter_rows()) == whole
    assert found["citation"].null_count() == 0
