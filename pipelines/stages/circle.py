"""Which customers others depend on: they are held in memory together, whatever the size of the book."""

from __future__ import annotations

import polars as pl

from pipelines.inputs.book import Book
from pipelines.inputs.contracts import CUSTOMERS
from pipelines.inputs.customers import Customers


def circle(customers: Customers, book: Book, join_by_name: bool) -> pl.DataFrame:
    """Return the customers that may stand in the network with somebody else, sorted by customer_id.

    They have a holder or a holding, declare a parent, or bear an identifier that may make them one with an entity; all
    of them where entities are joined by name.
    """
    ends = pl.concat([book.edges["owner_id"], book.edges["owned_id"], book.entities["entity_id"]])
    known = pl.DataFrame({"customer_id": ends.drop_nulls().unique()})
    told = pl.col("parent_name").is_not_null() | (pl.col("identifiers").list.len() > 0)
    inside = [
        pl.concat([part.join(known, on="customer_id", how="semi"), part.filter(told | join_by_name)])
        for part in customers.ranges()
    ]
    return (
        pl.concat([pl.DataFrame(schema=CUSTOMERS.schema()), *inside])
        .unique("customer_id")
        .sort("customer_id")
    )


def users(customers: Customers, book: Book) -> pl.DataFrame:
    """Return the customers with activities or transactions, sorted by customer_id."""
    given = [rows.select("customer_id") for rows in (book.activity, book.transactions) if rows is not None]
    ids = pl.concat([pl.DataFrame(schema={"customer_id": pl.String}), *given]).unique()
    inside = [part.join(ids, on="customer_id", how="semi") for part in customers.ranges()]
    return pl.concat([pl.DataFrame(schema=CUSTOMERS.schema()), *inside]).sort("customer_id")
