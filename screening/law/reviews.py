"""Which rows of the law nobody has read again for long, and what to read for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from screening.law.tables import table, table_names

SCHEMA: Mapping[str, pl.DataType] = {
    "table": pl.String(), "citation": pl.String(), "certainty": pl.String(), "last_reviewed": pl.Date(),
    "age_days": pl.Int64(), "rows": pl.Int64(), "named": pl.List(pl.String()),
}  # fmt: skip
NAMED_ROWS = 5


def overdue_reviews(as_of: date, max_age_days: int) -> pl.DataFrame:
    """Return the rows of the law that were read more than `max_age_days` days before `as_of`, by what to read.

    One row a table, citation and day of review. Columns: table (of `screening/data/law`), citation (what to read),
    certainty, last_reviewed, age_days, rows (how many rest on it), named (first cells of up to five of them).
    Oldest first.

    >>> overdue_reviews(date(2026, 12, 1), 180).height
    0
    >>> overdue_reviews(date(2027, 12, 1), 180).height > 100
    True
    """
    parts = [pl.DataFrame(schema=dict(SCHEMA))]
    for name in table_names():
        frame = table(name)
        if "last_reviewed" in frame.columns:
            parts.append(_by_citation(name, frame, as_of))
    found = pl.concat(parts).filter(pl.col("age_days") > max_age_days)
    return found.sort("last_reviewed", "table", "citation", "certainty")


def _by_citation(name: str, frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    read = pl.col("last_reviewed").str.to_date()
    return (
        frame.group_by("citation", "certainty", read, maintain_order=True)
        .agg(
            rows=pl.len().cast(pl.Int64),
            named=pl.col(frame.columns[0]).unique(maintain_order=True).head(NAMED_ROWS),
        )
        .with_columns(table=pl.lit(name), age_days=(pl.lit(as_of) - pl.col("last_reviewed")).dt.total_days())
        .select(*SCHEMA)
    )
