"""The rows of a book that name somebody in a role, in one shape: transactions, activities, licences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from screening.tables.book import Book
from screening.tables.inputs import ACTIVITY, LICENCES, TRANSACTIONS
from screening.tables.table import Table

SPELLED = ("name", "country", "address", "numbers")
"""What tells one counterparty from another, as it is written."""
UNNAMED_ROLE = "counterparty"
"""The role of somebody whose role is not given."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table that names somebody: how its columns are read as a mention."""

    table: Table
    columns: Mapping[str, pl.Expr]


def _role() -> pl.Expr:
    word = pl.col("role").str.to_lowercase().str.replace_all(r"[\s-]+", "_")
    return word.replace("", None).fill_null(UNNAMED_ROLE)


_NOBODY = pl.lit(None, pl.String)
SOURCES = (
    Source(
        TRANSACTIONS,
        {
            "occasion": pl.col("transaction_id"),
            "role": _role(),
            "day": pl.col("date"),
            "name": pl.col("counterparty"),
            "country": pl.col("counterparty_country"),
            "address": pl.col("counterparty_address"),
            "numbers": pl.col("counterparty_identifiers").list.join("; ").replace("", None),
            "possession": pl.col("takes_possession"),
            "item": pl.col("item"),
            "service": pl.col("movement") == "service",
            "licence_ref": pl.col("licence_ref"),
        },
    ),
    Source(
        ACTIVITY,
        {
            "occasion": pl.col("activity_id"),
            "role": pl.lit("end_user"),
            "day": pl.col("start"),
            "name": pl.col("end_user"),
            "country": pl.col("end_user_hq"),
            "address": _NOBODY,
            "numbers": _NOBODY,
            "possession": _NOBODY,
            "item": pl.concat_str("kind", "accelerator", separator=" ", ignore_nulls=True),
            "service": (pl.col("provision") == "remote_only") & pl.col("evidence").is_not_null(),
            "licence_ref": pl.col("licence_ref"),
        },
    ),
    Source(
        ACTIVITY,
        {
            "occasion": pl.col("activity_id"),
            "role": pl.lit("site"),
            "day": pl.col("start"),
            "name": _NOBODY,
            "country": pl.col("site_country"),
            "address": pl.col("site_address"),
            "numbers": _NOBODY,
            "possession": _NOBODY,
            "item": pl.concat_str("kind", "accelerator", separator=" ", ignore_nulls=True),
            "service": (pl.col("provision") == "remote_only") & pl.col("evidence").is_not_null(),
            "licence_ref": pl.col("licence_ref"),
        },
    ),
    Source(
        LICENCES,
        {
            "occasion": pl.col("licence_ref"),
            "role": pl.lit("ultimate_consignee"),
            "day": pl.col("issued"),
            "name": pl.col("consignee"),
            "country": _NOBODY,
            "address": _NOBODY,
            "numbers": _NOBODY,
            "possession": _NOBODY,
            "item": pl.col("items"),
            "service": pl.lit(False),
            "licence_ref": pl.col("licence_ref"),
        },
    ),
)


def mentions(book: Book, customers: pl.Series | None = None) -> pl.LazyFrame:
    """Return every row that may name somebody.

    `customers`: only theirs, and then what one row of a transaction says of its item counts for all of its rows.
    Columns: customer_id, source (the table), occasion (its id, or the row's number), role, day, `SPELLED`, possession,
    item, service, licence_ref.
    """
    parts = []
    for source in SOURCES:
        rows = getattr(book, source.table.name)
        if rows is None:
            continue
        given = (
            rows.lazy()
            if customers is None
            else rows.lazy().filter(pl.col("customer_id").is_in(customers.implode()))
        )
        absent = [
            pl.lit(None, c.dtype).alias(c.name) for c in source.table.columns if c.name not in rows.columns
        ]
        read = given.with_columns(absent).with_row_index("_row")
        if source.table is TRANSACTIONS and customers is not None and "transaction_id" in rows.columns:
            read = _shared(read)
        occasion = pl.coalesce(source.columns["occasion"], pl.format("row {}", "_row"))
        parts.append(
            read.select(
                "customer_id", source=pl.lit(source.table.name), **{**source.columns, "occasion": occasion}
            )
        )
    return pl.concat(parts) if parts else pl.LazyFrame(schema=_SCHEMA)


_SHARED = ("item", "movement", "licence_ref")
"""What one row of a transaction says for all of its rows."""


def _shared(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Fill what the row of a party leaves blank from the other rows of its transaction."""
    key = ("customer_id", "transaction_id")
    several = pl.col("transaction_id").is_not_null()
    return rows.with_columns(
        pl.when(several)
        .then(pl.col(name).fill_null(pl.col(name).min().over(key)))
        .otherwise(name)
        .alias(name)
        for name in _SHARED
    )


_TEXTS = dict.fromkeys(("customer_id", "source", "occasion", "role"), pl.String())
_SCHEMA = {
    **_TEXTS,
    "day": pl.Date(),
    **dict.fromkeys((*SPELLED, "possession", "item"), pl.String()),
    "service": pl.Boolean(),
    "licence_ref": pl.String(),
}
