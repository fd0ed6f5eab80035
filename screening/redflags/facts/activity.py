"""The table of activities, made to conform: types, spelling, and what is wrong with a row.

A wrong row is kept and says so in `problem`; the rules that need it answer "not evaluable" with that text.
"""

from __future__ import annotations

import polars as pl

from screening.redflags.facts.columns import operations, read_column
from screening.redflags.tables import table

JOBS = ("training", "fine_tuning")
KINDS = (*JOBS, "inference", "lease", "order", "deployment")


def conform_activity(activity: pl.DataFrame) -> pl.DataFrame:
    """Return the activities with every column of `activity.csv` and `problem` (null when the row is sound)."""
    rows = table("activity")
    given = activity.schema
    kinds = dict(zip(rows["column"], rows["type"], strict=True))
    counts = [c for c, kind in kinds.items() if kind == "operations" and c in given and given[c] != pl.Null]
    frame = activity.select(
        *[read_column(column, kind, given) for column, kind in kinds.items()],
        *[(pl.col(c).is_not_null() & operations(c, given[c]).is_null()).alias(f"_{c}") for c in counts],
    ).with_row_index("_row")
    bad_count = pl.any_horizontal(pl.lit(False), *[pl.col(f"_{c}") for c in counts])
    share = pl.col("synthetic_share")
    problem = (
        pl.when(bad_count)
        .then(pl.lit("a count is negative, not a number or beyond reason"))
        .when(pl.col("end") < pl.col("start"))
        .then(pl.lit("it ends before it starts"))
        .when((share < 0) | (share > 1) | share.is_nan())
        .then(pl.lit("the synthetic share is not between 0 and 1"))
        .when(~pl.col("kind").is_in(KINDS).fill_null(False))
        .then(pl.lit("its kind is not known"))
    )
    return frame.with_columns(
        activity_id=pl.coalesce("activity_id", pl.format("row {}", "_row")),
        model_id=pl.col("model_id").str.to_lowercase(),
    ).select(
        *kinds,
        problem=pl.when(problem.is_not_null()).then(pl.format("activity {}: {}", "activity_id", problem)),
    )
