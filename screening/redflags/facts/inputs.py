"""The tables that feed the facts, read as `screening.tables` declares them.

A cell that cannot be read is null; a table that was not given is an empty one, and the facts say that it was not given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import polars as pl

from screening.law import Law
from screening.tables.cells import read_column, read_rows, unreadable
from screening.tables.inputs import (
    ACTIVITY,
    ANSWERS,
    CONNECTIONS,
    EDGES,
    LICENCES,
    TRANSACTIONS,
    WATCHLISTS,
)
from screening.tables.outputs import MATCHES

JOBS = ("training", "fine_tuning")

LISTED = MATCHES.pick("listed", ("matched_entity_id", "list", "party_id", "party_name", "band", "start"))
"""The matches of everybody with whom customers may share something."""
EDGE_HISTORY = EDGES.pick(
    "edges",
    ("owner_id", "owned_id", "share_min", "share_max", "interest", "start", "end", "source_date"),
)
"""The edges, those that ended too."""
TABLES = {
    table.name: table
    for table in (
        *(ACTIVITY, TRANSACTIONS, CONNECTIONS, ANSWERS, LICENCES, WATCHLISTS),
        *(LISTED, EDGE_HISTORY),
    )
}
"""The tables that rules read besides the customers, by name."""

_COUNTS = tuple(column for column in ACTIVITY.columns if column.kind == "operations")
_CHIPS = replace(ACTIVITY.column("count"), kind="number")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the detectors read, each table with exactly its columns. `given`: names of those that were given."""

    customers: pl.DataFrame
    activity: pl.DataFrame
    transactions: pl.DataFrame
    connections: pl.DataFrame
    listed: pl.DataFrame
    edges: pl.DataFrame
    watchlists: pl.DataFrame
    law: Law
    given: frozenset[str]


def read_input(name: str, frame: pl.DataFrame | None, only: Collection[str] | None = None) -> pl.DataFrame:
    """Return a table with exactly its columns, or `only` some of them; None gives an empty one."""
    return read_rows(TABLES[name], frame, only)


def read_activity(activity: pl.DataFrame | None, first: int = 0) -> pl.DataFrame:
    """Return the activities with `problem`: what is wrong with the row, null if nothing is.

    A row with a problem stays; the rules that need it answer "not evaluable" with that text. `first`: number of the
    first row, by which a row without an id is named.
    """
    rows = read_rows(ACTIVITY, activity)
    if activity is None or not activity.width:
        return rows.with_columns(problem=pl.lit(None, pl.String))
    share, number = pl.col("synthetic_share"), pl.col("number")
    problem = (
        pl.when("bad")
        .then(pl.lit("a count of operations is negative, not a number or beyond reason"))
        .when(pl.col("end") < pl.col("start"))
        .then(pl.lit("it ends before it starts"))
        .when((share < 0) | (share > 1) | share.is_nan())
        .then(pl.lit("the synthetic share is not between 0 and 1"))
        .when((number < 0) | (number != number.round()) | number.is_nan() | (pl.col("tpp") < 0))
        .then(pl.lit("the number of accelerators or their TPP is negative or not whole"))
        .when(~pl.col("kind").is_in(ACTIVITY.column("kind").choices).fill_null(False))
        .then(pl.lit("its kind is not known"))
    )
    # What the typed column would hide: a count that cannot be read, and a number of chips that is not whole.
    raw = activity.with_columns(
        bad=unreadable(_COUNTS, activity.schema), number=read_column(_CHIPS, activity.schema)
    ).select("bad", "number")
    numbered = pl.concat([rows, raw], how="horizontal").with_row_index("_row", first)
    return numbered.with_columns(
        activity_id=pl.coalesce("activity_id", pl.format("row {}", "_row")),
        model_id=pl.col("model_id").str.to_lowercase(),
    ).select(
        *ACTIVITY.names,
        problem=pl.when(problem.is_not_null()).then(pl.format("activity {}: {}", "activity_id", problem)),
    )
