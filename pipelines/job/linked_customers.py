"""The customers that others depend on: only they are in memory all at once, whatever the size of the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import polars as pl

from pipelines.inputs.customers import Customers
from screening.arrays import slice_between
from screening.ownership.directory import Directory
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS

NETWORK_COLUMNS = (
    *("customer_id", "name", "party_type", "country", "hq_country", "incorporation_country"),
    *("identifiers", "parent_name", "parent_country", "country_remarks"),
)
"""Columns of a customer that the ownership network reads."""
GROUP_COLUMNS = ("customer_id", "hq_country", "parent_name", "parent_country")
"""Columns of a customer that decide which group it belongs to, and where its headquarters is."""


def customer_directory(customers: Customers) -> Directory:
    """Return the ids of all customers, to be looked up."""
    every = [pl.Series("customer_id", dtype=pl.String)]
    every.extend(part["customer_id"] for part in customers.ranges(("customer_id",)))
    return Directory.build(pl.concat(every))


def linked_customers(
    customers: Customers,
    directory: Directory,
    book: Book,
    join_by_name: bool,
    named: pl.Series | None = None,
) -> pl.DataFrame:
    """Return the customers that may be connected with somebody else in the ownership network, sorted.

    They own or are owned, declare a parent, are named by their id as a counterparty, or have an identifier by which
    they may be the same as an entity; with `join_by_name` all customers. Columns: `NETWORK_COLUMNS`. `directory`: of
    all customers. `named`: names of counterparties, distinct.
    """
    recorded = pl.Series(directory.mark(chain(_recorded_ids(book), [] if named is None else [named])))
    linked = [pl.DataFrame(schema=_schema(NETWORK_COLUMNS))]
    declares = pl.col("parent_name").is_not_null() | (pl.col("identifiers").list.len() > 0)
    start = 0
    for part in customers.ranges(NETWORK_COLUMNS):
        marked = part.with_columns(recorded=recorded.slice(start, part.height))
        linked.append(marked.filter(pl.col("recorded") | declares | join_by_name).drop("recorded"))
        start += part.height
    return pl.concat(linked)


def customers_by_id(customers: Customers, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield the customers of these sorted ids, range by range: columns `GROUP_COLUMNS`."""
    for part in customers.ranges(GROUP_COLUMNS):
        near = ids[slice_between(ids, part["customer_id"])]
        yield part.filter(pl.col("customer_id").is_in(near.implode()))


def _recorded_ids(book: Book) -> Iterator[pl.Series]:
    """Yield the ids in the edges and among the entities."""
    for batch in book.stored.select("owner_id", "owned_id").collect_batches():
        yield from batch
    yield book.entities["entity_id"]


def _schema(columns: Sequence[str]) -> dict[str, pl.DataType]:
    return {name: CUSTOMERS.schema()[name] for name in columns}
