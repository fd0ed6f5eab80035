"""The rows of some customers out of the tables of a book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from screening.arrays import slice_between
from screening.tables.book import Book


def customer_nodes(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return customer_id and entity_id, its node in the network: the one in `nodes`, else that of its own id."""
    near = nodes.filter(_between(customers["customer_id"], "customer_id"))
    joined = customers.select("customer_id").join(near, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("entity_id", "customer_id").alias("entity_id"))


def sort_usage(book: Book) -> Book:
    """Return the book with activity and transactions sorted by customer_id and without their empty columns."""

    def ordered(rows: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if rows is None else without_empty_columns(rows).sort("customer_id", maintain_order=True)

    return replace(book, activity=ordered(book.activity), transactions=ordered(book.transactions))


def usage_tables(book: Book) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield activity and transactions with their names, as far as they were given."""
    tables = (("activity", book.activity), ("transactions", book.transactions))
    return ((name, rows) for name, rows in tables if rows is not None)


def customer_slice(rows: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of these customers from a table that is sorted by customer_id."""
    ids = customers.select("customer_id")
    near = rows[slice_between(rows["customer_id"], ids["customer_id"])]
    return near.join(ids, on="customer_id", how="semi", maintain_order="left")


def without_empty_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out the columns that are null in every row: they take memory too."""
    return rows.select(column for column in rows if column.null_count() < len(column) or not len(column))


def customer_rows(rows: pl.DataFrame, customers: pl.DataFrame, key: str = "customer_id") -> pl.DataFrame:
    """Return the rows of these customers from any table, in the order of the table."""
    near = rows.filter(_between(customers["customer_id"], key))
    ids = customers.select("customer_id")
    return near.join(ids, left_on=key, right_on="customer_id", how="semi", maintain_order="left")


def _between(ids: pl.Series, key: str) -> pl.Expr:
    """Return whether a key is in the range of these ids: a cheap first filter, far cheaper than to look up each."""
    return pl.col(key).is_between(pl.lit(ids.min(), pl.String), pl.lit(ids.max(), pl.String))
