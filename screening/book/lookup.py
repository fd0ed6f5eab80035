"""A look-up in a book: who of it somebody named in a request may be, and to whose group everybody belongs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from screening.arrays import expand_ranges
from screening.book.network import BookNetwork
from screening.book.rows import customer_nodes
from screening.ownership import OwnershipNetwork
from screening.ownership.edges import contains
from screening.ownership.identity_keys import identity_keys
from screening.ownership.parents import numbered_parents
from screening.tables.book import Book

SLICE = 100_000
"""Entities whose identity keys are written out at once; only the hashes of the keys stay."""
COMMON = 1_000
"""A name that more entities bear does not say who is meant."""


@dataclass(frozen=True)
class BookLookup:
    """A book with its ownership network of a day, to find in it the people and companies of a request."""

    book: Book
    book_network: BookNetwork
    by_name: bool  # entities of equal name and country are one

    @property
    def network(self) -> OwnershipNetwork:
        """The ownership network of the book."""
        return self.book_network.network

    @cached_property
    def directory(self) -> pl.DataFrame:
        """The nodes that bear an identifier or a name: key (its hash), node; sorted by key."""
        slices = self.network.entities.with_row_index("node").iter_slices(SLICE)
        keys = [hashed_keys(rows).join(rows, on="entity_id").select("key", "node") for rows in slices]
        return pl.concat([pl.DataFrame(schema={"key": pl.UInt64, "node": pl.UInt32}), *keys]).sort("key")

    def bearers(self, keys: pl.Series) -> pl.DataFrame:
        """Return the identity keys of the entities that bear one of these keys: columns as `hashed_keys`.

        Where names join nobody, a key that more than `COMMON` entities bear finds none of them.
        """
        wanted = keys.unique().sort()
        first, last = (
            self.directory["key"].search_sorted(wanted, side).to_numpy() for side in ("left", "right")
        )
        telling = np.full(len(wanted), self.by_name) | (last - first <= COMMON)
        _, rows = expand_ranges(first[telling], last[telling])
        return hashed_keys(self.network.entities[self.directory["node"].gather(rows).unique()])

    @cached_property
    def groups(self) -> pl.DataFrame:
        """The group of each entity: entity_id, ultimate_id (its own where it has no parent); sorted by entity_id."""
        ids = self.network.entities["entity_id"]
        parents = ids.gather(numbered_parents(self.network)["parent"])
        return pl.DataFrame({"entity_id": ids, "ultimate_id": parents.zip_with(parents.is_not_null(), ids)})

    @cached_property
    def screened_ids(self) -> pl.Series:
        """The entities that a screening of the book matches, by id: the customers and everybody above them."""
        hops = self.network.hops_above(np.flatnonzero(self.book_network.customers))
        return self.network.entities["entity_id"].filter(pl.Series(hops >= 0))

    def screened(self, entity_ids: pl.Series) -> pl.Series:
        """Return those of these ids that a screening of the book matches."""
        return entity_ids.filter(contains(self.screened_ids, entity_ids))

    def customers_among(self, entity_ids: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the customers that are among these entities, and their nodes (customer_id, entity_id)."""
        within = pl.col("entity_id").is_in(entity_ids.implode())
        merged = self.book_network.nodes
        ids = pl.concat([entity_ids, merged.filter(within)["customer_id"]])
        customers = self.book.customers.filter(pl.col("customer_id").is_in(ids.implode()))
        nodes = customer_nodes(customers, merged).filter(within)
        return customers.join(nodes, on="customer_id", how="semi", maintain_order="left"), nodes

    def entity_id(self, id_: str) -> str:
        """Return the entity that a customer is; any other id is an entity's already."""
        nodes = self.book_network.nodes
        found = nodes.filter(pl.col("customer_id") == id_)["entity_id"]
        return str(found[0]) if len(found) else id_

    def customer_ids(self, entity_ids: Iterable[str]) -> pl.Series:
        """Return the ids of the customers who are these entities, sorted."""
        wanted = pl.Series(list(entity_ids), dtype=pl.String).implode()
        merged = self.book_network.nodes.filter(pl.col("entity_id").is_in(wanted))["customer_id"]
        alone = self.book.customers.filter(pl.col("customer_id").is_in(wanted))["customer_id"]
        return pl.concat([merged, alone]).unique().sort()

    def entity_ids(self, ids: pl.Series) -> pl.Series:
        """Return these ids, of customers or entities, and the entities that the customers among them are."""
        merged = self.book_network.nodes.filter(pl.col("customer_id").is_in(ids.implode()))["entity_id"]
        return pl.concat([ids, merged]).unique()


def hashed_keys(entities: pl.DataFrame) -> pl.DataFrame:
    """Return the identifiers and names that entities bear, each with the hash by which it is found.

    Columns: entity_id, evidence, basis, as of `entity_resolution.identity_keys`; name, without its country, null for an
    identifier; key.
    """
    name = pl.when(pl.col("basis") != "identifier").then(pl.col("evidence").str.extract("^(.*) @ "))
    with_names = identity_keys(entities).with_columns(name.alias("name"))
    return with_names.with_columns(key=pl.coalesce("name", "evidence").hash())


def part_above(network: OwnershipNetwork, entity_ids: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entities of the network from these upward, to the end, and every edge that ends in one of them."""
    seeds = network.node_numbers(entity_ids)
    above = network.entities[(network.hops_above(seeds) >= 0).nonzero()[0]]
    return above, network.edges_at(above["entity_id"], "owned").drop("owner", "owned")
