"""The tables that feed the facts, made to conform to `screening/data/inputs.csv`.

A cell that cannot be read is null; a table that was not given is an empty one, and the facts say that it was not given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from screening.law import Law, table
from screening.redflags.facts.columns import operations, read_column

JOBS = ("training", "fine_tuning")
KINDS = (*JOBS, "inference", "lease", "order", "deployment")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the detectors read. Frames are conformed; `given` names the tables that were handed in."""

    customers: pl.DataFrame
    activity: pl.DataFrame
    transactions: pl.DataFrame
    connections: pl.DataFrame
    listed: pl.DataFrame
    edges: pl.DataFrame
    watchlists: pl.DataFrame
    law: Law
    given: frozenset[str]


@cache
def input_columns(name: str) -> Mapping[str, str]:
    """Return the columns of an input table with their kinds.

    >>> list(columns_of("answers"))
    ['customer_id', 'rule_id', 'answer', 'evidence', 'date', 'by']
    """
    rows = table("inputs").filter(pl.col("table") == name)
    return dict(zip(rows["column"], rows["type"], strict=True))


def conform_input(name: str, frame: pl.DataFrame | None, only: Collection[str] | None = None) -> pl.DataFrame:
    """Return a table with exactly its columns, or `only` some of them; None gives an empty one."""
    rows = pl.DataFrame(schema={"_": pl.Null}) if frame is None else frame
    read = rows.select(
        read_column(column, kind, rows.schema).alias(column)
        for column, kind in input_columns(name).items()
        if only is None or column in only
    )
    return read.clear() if frame is None else read


def conform_activity(activity: pl.DataFrame | None, first: int = 0) -> pl.DataFrame:
    """Return the activities with `problem`: what is wrong with the row, null when it is sound.

    A wrong row is kept; the rules that need it answer "not evaluable" with that text. `first`: number of the first row,
    after which one without an id is named.
    """
    if activity is None:
        return conform_input("activity", None).with_columns(problem=pl.lit(None, pl.String))
    given = activity.schema
    counts = [
        c
        for c, k in input_columns("activity").items()
        if k == "operations" and given.get(c, pl.Null) != pl.Null
    ]
    unreadable = activity.with_columns(
        bad=pl.any_horizontal(
            pl.lit(False), *[pl.col(c).is_not_null() & operations(c, given[c]).is_null() for c in counts]
        )
    )["bad"]
    share, number = pl.col("synthetic_share"), pl.col("count")
    problem = (
        pl.when("bad")
        .then(pl.lit("a count of operations is negative, not a number or beyond reason"))
        .when(pl.col("end") < pl.col("start"))
        .then(pl.lit("it ends before it starts"))
        .when((share < 0) | (share > 1) | share.is_nan())
        .then(pl.lit("the synthetic share is not between 0 and 1"))
        .when((number < 0) | (number != number.round()) | number.is_nan() | (pl.col("tpp") < 0))
        .then(pl.lit("the number of accelerators or their TPP is negative or not whole"))
        .when(~pl.col("kind").is_in(KINDS).fill_null(False))
        .then(pl.lit("its kind is not known"))
    )
    rows = conform_input("activity", activity).with_columns(bad=unreadable).with_row_index("_row", first)
    return rows.with_columns(
        activity_id=pl.coalesce("activity_id", pl.format("row {}", "_row")),
        model_id=pl.col("model_id").str.to_lowercase(),
    ).select(
        *input_columns("activity"),
        problem=pl.when(problem.is_not_null()).then(pl.format("activity {}: {}", "activity_id", problem)),
    )
