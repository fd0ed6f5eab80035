"""Which customers others depend on: of them, something is held in memory together, whatever the size of the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.inputs.book import Book
from pipelines.inputs.contracts import CUSTOMERS
from pipelines.inputs.customers import Customers
from screening.ownership.directory import Directory

SEEN = (
    *("customer_id", "name", "party_type", "country", "hq_country", "incorporation_country"),
    *("identifiers", "parent_name", "parent_country"),
)
"""Columns of a customer that the network looks at."""


def circle(customers: Customers, book: Book, join_by_name: bool) -> pl.DataFrame:
    """Return the customers that may stand in the network with somebody else, sorted by customer_id: columns `SEEN`.

    They have a holder or a holding, declare a parent, or bear an identifier that may make them one with an entity; all
    of them where entities are joined by name.
    """
    every = [pl.Series("customer_id", dtype=pl.String)]
    every.extend(part["customer_id"] for part in customers.ranges(("customer_id",)))
    known = pl.Series(Directory.of(pl.concat(every)).mark(_named(book)))
    inside = [pl.DataFrame(schema=_only(SEEN))]
    told = pl.col("parent_name").is_not_null() | (pl.col("identifiers").list.len() > 0)
    start = 0
    for part in customers.ranges(SEEN):
        mine = part.with_columns(known=known.slice(start, part.height))
        inside.append(mine.filter(pl.col("known") | told | join_by_name).drop("known"))
        start += part.height
    return pl.concat(inside)


def _named(book: Book) -> Iterator[pl.Series]:
    """Yield the ids that stand in the edges and among the entities."""
    for batch in book.stored.select("owner_id", "owned_id").collect_batches():
        yield from batch
    yield book.entities["entity_id"]


def between(ids: pl.Series, range_ids: pl.Series) -> pl.Series:
    """Return the sorted ids from the first to the last of a range."""
    return ids[span(ids, range_ids)]


def span(ids: pl.Series, range_ids: pl.Series) -> slice:
    """Return where the ids of a range stand among sorted ones."""
    if not len(range_ids):
        return slice(0, 0)
    first, last = str(range_ids.min()), str(range_ids.max())
    return slice(int(ids.search_sorted(first, side="left")), int(ids.search_sorted(last, side="right")))


SEATED = ("customer_id", "hq_country", "parent_name", "parent_country")
"""Columns of a customer that tell which group it belongs to, and where its seat is."""


def some_of(customers: Customers, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield the customers of these sorted ids, range by range: columns `SEATED`."""
    for part in customers.ranges(SEATED):
        yield part.filter(pl.col("customer_id").is_in(between(ids, part["customer_id"]).implode()))


def _only(columns: Sequence[str]) -> dict[str, pl.DataType]:
    return {name: CUSTOMERS.schema()[name] for name in columns}
