"""What the server's book holds around a customer whom somebody sends: its own record, everybody above it, the activity
of its group.

The night sees a customer in the midst of the whole book. Here only that is taken from the book on which the answer for
the one customer depends; docs/method/desk.md says what is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from pipelines.inputs.book import OWN
from screening.arrays import expand_ranges
from screening.book.network import BookNetwork, all_entities, build_network, declared_parents
from screening.ownership import OwnershipNetwork
from screening.ownership.edges import check_edges, check_entities
from screening.ownership.entity_resolution import BEARERS, evidence
from screening.ownership.parents import numbered
from screening.tables.book import Book

DIRECTORY_ROWS = 100_000
"""Entities whose evidence is written out at once; kept is only its hash."""
COMMON = 1_000
"""Where more entities bear one name, it tells nobody who is meant."""
ALIKE = 10
"""Most entities of like names that are told of."""


@dataclass(frozen=True)
class BookLookup:
    """The server's book with its network of a day, to look in for whoever is sent."""

    book: Book
    owned: BookNetwork
    by_name: bool  # equal names make one entity

    @cached_property
    def directory(self) -> pl.DataFrame:
        """Where whoever bears an identifier or a name may stand: key (its hash), node; sorted."""
        nodes = self.owned.network.entities.with_row_index("node").iter_slices(DIRECTORY_ROWS)
        keys = [_keyed(rows).join(rows, on="entity_id").select("key", "node") for rows in nodes]
        return pl.concat([pl.DataFrame(schema={"key": pl.UInt64, "node": pl.UInt32}), *keys]).sort("key")

    def who_may_be(self, keys: pl.Series) -> pl.DataFrame:
        """Return the evidence of the entities that may bear these keys, as `_keyed`."""
        wanted = keys.unique().sort()
        first, last = (
            self.directory["key"].search_sorted(wanted, side).to_numpy() for side in ("left", "right")
        )
        told = np.full(len(wanted), self.by_name) | (last - first <= COMMON)
        _, rows = expand_ranges(first[told], last[told])
        return _keyed(self.owned.network.entities[self.directory["node"].gather(rows).unique()])

    @cached_property
    def tops(self) -> pl.DataFrame:
        """Whose group each entity belongs to: entity_id, top_id, sorted; without a parent its own."""
        ids = self.owned.network.entities["entity_id"]
        above = ids.gather(numbered(self.owned.network)["parent"])
        return pl.DataFrame({"entity_id": ids, "top_id": above.zip_with(above.is_not_null(), ids)})

    def customers_at(self, entity_ids: Iterable[str]) -> pl.Series:
        """Return the ids of the customers who are these nodes, sorted."""
        wanted = pl.Series(list(entity_ids), dtype=pl.String).implode()
        merged = self.owned.nodes.filter(pl.col("entity_id").is_in(wanted))["customer_id"]
        alone = self.book.customers.filter(pl.col("customer_id").is_in(wanted))["customer_id"]
        return pl.concat([merged, alone]).unique().sort()

    def nodes_at(self, ids: pl.Series) -> pl.Series:
        """Return the nodes that these ids, of customers or of entities, stand for."""
        merged = self.owned.nodes.filter(pl.col("customer_id").is_in(ids.implode()))["entity_id"]
        return pl.concat([ids, merged]).unique()


@dataclass(frozen=True, slots=True)
class CompletedRequest:
    """What was sent, completed from the book.

    `filled`: columns of the customer. `same_as`: customers of the book who are the one sent. `alike`: entity_id, name,
    country of entities of the book called like somebody sent who were not taken for them.
    """

    book: Book
    filled: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    alike: tuple[dict[str, Any], ...] = ()


def beside(sent: Book, held: BookLookup, as_of: date) -> CompletedRequest:
    """Complete a book of one customer from the server's. What was sent goes before what is held."""
    customer_id = str(sent.customers["customer_id"][0])
    everybody = _everybody(sent)
    linked, alike = _linked(everybody, held)
    own = linked.filter(pl.col("sent_id") == customer_id)["entity_id"]
    same_as = held.customers_at(pl.concat([own, held.nodes_at(pl.Series([customer_id]))]))
    known = customer_id in held.book.customers["customer_id"]
    completed = _completed(sent, held, customer_id) if known else sent
    seeds = pl.concat([held.nodes_at(everybody["entity_id"]), linked["entity_id"]]).unique()
    book = _around(completed, held, seeds, customer_id)
    if completed.activity is not None and completed.activity.height:
        members = _group(book, held, customer_id, as_of)
        book = _around(completed, held, pl.concat([seeds, held.nodes_at(members)]), customer_id)
        theirs = held.book.activity
        if theirs is not None:
            others = theirs.filter(
                pl.col("customer_id").is_in(members.implode()), pl.col("customer_id") != customer_id
            )
            book = replace(book, activity=pl.concat([completed.activity, others], how="diagonal"))
    before, after = (each.customers.row(0, named=True) for each in (sent, completed))
    filled = tuple(name for name in after if before.get(name) is None and after[name] is not None)
    return CompletedRequest(book, filled, tuple(same_as), alike)


def part_above(network: OwnershipNetwork, ids: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entities that the network holds from these upward, to the end, and every holding in them."""
    seeds = network.places(ids)
    above = network.entities[(network.above(seeds) >= 0).nonzero()[0]]
    return above, network.edges_at(above["entity_id"], "owned").drop("owner", "owned")


def _everybody(sent: Book) -> pl.DataFrame:
    """Return everybody whom a caller names, in whatever table: columns as ENTITIES."""
    _, declared = declared_parents(sent.customers)
    edges = check_edges(sent.edges)
    ends = [edges.select(entity_id=f"{end}_id", name=f"{end}_name") for end in ("owner", "owned")]
    told = pl.concat([all_entities(sent.customers, sent.entities, declared), *ends], how="diagonal")
    once = (
        told.drop_nulls("entity_id")
        .group_by("entity_id", maintain_order=True)
        .agg(pl.all().drop_nulls().first())
    )
    return check_entities(once)


def _linked(everybody: pl.DataFrame, held: BookLookup) -> tuple[pl.DataFrame, tuple[dict[str, Any], ...]]:
    """Return who of those sent is whom of the book (sent_id, entity_id), and who is only called alike."""
    sent = _keyed(everybody).rename({"entity_id": "sent_id"})
    theirs = held.who_may_be(sent["key"])
    met = sent.join(theirs, on="evidence", maintain_order="left")
    bearers = pl.col("entity_id").n_unique().over("evidence")
    number = (pl.col("basis") == "identifier") & (bearers <= BEARERS)
    sure = met.filter(number | ((pl.col("basis") != "identifier") & held.by_name))
    alike = theirs.join(sent.drop_nulls("name"), on="name", how="semi")["entity_id"]
    found = pl.concat([everybody["entity_id"], sure["entity_id"]])
    strangers = alike.filter(~alike.is_in(found.implode())).unique().sort().head(ALIKE)
    country = pl.coalesce("hq_country", "incorporation_country", "country").alias("country")
    about = held.owned.network.entities.filter(pl.col("entity_id").is_in(strangers.implode()))
    return sure.select("sent_id", "entity_id"), tuple(about.select("entity_id", "name", country).to_dicts())


def _keyed(entities: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence of entities as `identity.evidence`, with the bare name, and the hash that finds it."""
    name = pl.when(pl.col("basis") != "identifier").then(pl.col("evidence").str.extract("^(.*) @ "))
    known = evidence(entities).with_columns(name.alias("name"))
    return known.with_columns(key=pl.coalesce("name", "evidence").hash())


def _completed(sent: Book, held: BookLookup, customer_id: str) -> Book:
    """Fill the blanks of a customer whom the book knows, and take its own rows of the tables that were not sent."""
    about = pl.col("customer_id") == customer_id
    entity = held.owned.network.entities.filter(
        pl.col("entity_id").is_in(held.nodes_at(pl.Series([customer_id])).implode())
    ).select("country", "hq_country", "incorporation_country", "identifiers")
    rows = [sent.customers, held.book.customers.filter(about), entity]
    tables = {name: getattr(sent, name) for name in OWN}
    for name, rows_sent in tables.items():
        rows_held = getattr(held.book, name)
        if rows_sent is None and rows_held is not None:
            key = "entity_id" if name == "connections" else "customer_id"
            tables[name] = rows_held.filter(pl.col(key) == customer_id)
    customer = pl.concat(rows, how="diagonal").select(pl.all().drop_nulls().first())
    return replace(sent, customers=customer, **tables)


def _around(sent: Book, held: BookLookup, seeds: pl.Series, customer_id: str) -> Book:
    """Add everybody above the seeds, with their records as customers where they are customers."""
    entities, edges = part_above(held.owned.network, seeds)
    others = held.customers_at(entities["entity_id"])
    theirs = held.book.customers.filter(
        pl.col("customer_id").is_in(others.implode()), pl.col("customer_id") != customer_id
    )
    told = entities.filter(
        pl.col("entity_id") != customer_id
    )  # what is sent of the customer itself goes before
    return replace(
        sent,
        customers=pl.concat([sent.customers, theirs], how="diagonal").sort("customer_id"),
        stored=pl.concat([sent.edges, edges], how="diagonal").lazy(),
        entities=pl.concat([sent.entities, told], how="diagonal"),
    )


def _group(book: Book, held: BookLookup, customer_id: str, as_of: date) -> pl.Series:
    """Return the customers of the book with activity who have the same ultimate parent as the one sent."""
    owned = build_network(book, as_of, held.by_name)
    parents = owned.network.ultimate_parents().select(
        "entity_id", top_id=pl.coalesce("parent_id", "entity_id")
    )
    node = owned.nodes.filter(pl.col("customer_id") == customer_id)["entity_id"]
    mine = parents.filter(pl.col("entity_id") == (node[0] if len(node) else customer_id))["top_id"]
    tops = parents.filter(pl.col("top_id").is_in(mine.implode()))["entity_id"]
    group = held.tops.filter(pl.col("top_id").is_in(tops.implode()))["entity_id"]
    active = held.book.activity
    users = held.book.customers["customer_id"].clear() if active is None else active["customer_id"].unique()
    nodes = held.nodes_at(users)
    return held.customers_at(group.filter(group.is_in(nodes.implode())))
