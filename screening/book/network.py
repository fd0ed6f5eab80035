"""The ownership network of a book: what the user recorded, what customers declare, one node for one entity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from screening.book.embargoed_records import COLUMNS, REMARKS, embargoed_records
from screening.book.further_names import further_records
from screening.law import law_on
from screening.ownership import OwnershipNetwork
from screening.ownership.arrays import Flags
from screening.ownership.directory import Directory
from screening.ownership.edges import contains, find
from screening.ownership.entity_resolution import merge
from screening.redflags.signals.places import embargoed_countries, embargoed_regions
from screening.tables.book import Book

DECLARED = "declared:"
"""Prefix of the entity ids made for parents that a customer declares by name."""


@dataclass(frozen=True, slots=True)
class BookNetwork:
    """The network of everybody in the book, and which of its nodes are customers.

    `nodes`: customer_id, entity_id of the customers that share a node with another record, sorted; every other customer
    is the node of its own id. `aliases`: alias_id, entity_id of all records that were merged into another. `customers`:
    marks the nodes that are customers. `records`: as from `further_names.further_records`. `embargoed`: as from
    `embargoed_records.embargoed_records`, of the countries and regions that are embargoed on the day. `warnings`:
    sentences on what in the records cannot be right.
    """

    network: OwnershipNetwork
    nodes: pl.DataFrame
    aliases: pl.DataFrame
    customers: Flags
    records: pl.DataFrame
    embargoed: pl.DataFrame
    warnings: tuple[str, ...]

    def without_attributes(self) -> BookNetwork:
        """Return the network with only the columns of its entities that paths and parents need."""
        columns = ("entity_id", "name", "hq_country", "incorporation_country", "kind", "dispersed")
        entities = self.network.entities.select(columns)
        return replace(self, network=replace(self.network, entities=entities))

    def has_entities(self, ids: pl.Series) -> pl.Series:
        """Return of which of these ids there is a record, merged into another or not."""
        return contains(self.network.ids, ids) | ids.is_in(self.aliases["alias_id"].implode())

    def with_nodes(self, entity_ids: pl.Series) -> Flags:
        """Mark the nodes that are customers, and those with these ids."""
        marked: Flags = self.customers.copy()
        marked[self.network.node_numbers(entity_ids)] = True
        return marked

    def by_customer(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table keyed by `entity_id` that are of customers, keyed and sorted by `customer_id`.

        A row of a node that several customers share is repeated for each.
        """
        nodes = find(self.network.ids, table["entity_id"])
        rows = table.filter(pl.Series(self.customers[nodes], dtype=pl.Boolean))
        alone = rows.join(self.nodes, on="entity_id", how="anti", maintain_order="left")
        shared = self.nodes.join(rows, on="entity_id", maintain_order="left").drop("entity_id")
        every = pl.concat([alone.rename({"entity_id": "customer_id"}), shared], how="diagonal")
        return every.sort("customer_id", maintain_order=True)


def build_network(book: Book, as_of: date, by_name: bool = False) -> BookNetwork:
    """Build the network of a book on a day.

    A customer is the node of its own id, or the one whose record carries the same identifier; with `by_name` also the
    one of the same name in the same country.
    """
    declared_edges, declared = declared_parents(book.customers)
    edges = pl.concat([book.stored, declared_edges.lazy()], how="diagonal")
    ids = book.customers.select("customer_id")
    entities = all_entities(book.customers, book.entities, declared)
    recorded, customers_rows = (
        book.entities,
        book.customers.select(
            "customer_id", "name", "identifiers", *COLUMNS, *({REMARKS} & set(book.customers.columns))
        ),
    )
    del book  # so that the largest tables are in memory once only
    merged = merge(edges, entities, keep=ids["customer_id"], by_name=by_name)
    del entities
    records = further_records(recorded, customers_rows, merged.aliases.select("alias_id", "entity_id"))
    law = law_on(as_of)
    embargoed = embargoed_records(
        recorded, customers_rows, merged.aliases, embargoed_countries(law) | embargoed_regions(law)
    )
    del recorded, customers_rows
    moved = merged.aliases.select(pl.col("alias_id").alias("customer_id"), "entity_id").join(
        ids, on="customer_id", how="semi"
    )
    taking_in = ids.join(moved, left_on="customer_id", right_on="entity_id", how="semi")
    nodes = pl.concat([moved, taking_in.with_columns(entity_id="customer_id")]).sort("customer_id")
    network = OwnershipNetwork.from_edges(merged.stored, merged.entities, as_of)
    customers = Directory.build(network.ids).mark([ids["customer_id"], moved["entity_id"]])
    aliases = merged.aliases.select("alias_id", "entity_id")
    warnings = _warnings(network, merged.shared.height)
    return BookNetwork(network, nodes, aliases, customers, records, embargoed, warnings)


def declared_parents(customers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn `parent_name` and `parent_country` into edges of unknown share, and their entities.

    Customers who declare a parent of the same name and country share one entity.
    """
    declared = customers.filter(pl.col("parent_name").is_not_null()).with_columns(
        owner_id=pl.concat_str(
            pl.lit(DECLARED),
            pl.col("parent_name").str.to_lowercase().str.replace_all(r"\s+", " "),
            pl.lit("@"),
            pl.col("parent_country").fill_null("?"),
        )
    )
    edges = declared.select(
        "owner_id",
        pl.col("customer_id").alias("owned_id"),
        pl.lit(0, dtype=pl.Int64).alias("share_min"),
        pl.lit(1_000_000, dtype=pl.Int64).alias("share_max"),
        pl.col("parent_name").alias("owner_name"),
        pl.col("name").alias("owned_name"),
        pl.lit("declared").alias("interest"),
        pl.lit("declared by the customer").alias("source"),
    )
    entities = declared.select(
        pl.col("owner_id").alias("entity_id"),
        pl.col("parent_name").alias("name"),
        pl.col("parent_country").alias("hq_country"),
    ).unique("entity_id", keep="first", maintain_order=True)
    return edges, entities


def all_entities(customers: pl.DataFrame, entities: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """Describe everybody the network should know: what the user's entity table says, then customers, then declared
    parents. Where a customer is an entity too, the customer's own fields fill the blanks."""
    own = customers.select(
        pl.col("customer_id").alias("entity_id"),
        "name",
        pl.col("party_type").alias("kind"),
        "country",
        "hq_country",
        "incorporation_country",
        "identifiers",
    )
    stacked = pl.concat([entities.drop(REMARKS, strict=False), own, declared], how="diagonal")
    again = stacked["entity_id"].hash().is_duplicated()  # two ids of one hash become two groups below
    several = stacked.filter(again).group_by("entity_id", maintain_order=True)
    return pl.concat([stacked.filter(~again), several.agg(pl.all().drop_nulls().first())])


def _warnings(network: OwnershipNetwork, shared: int) -> tuple[str, ...]:
    """Return sentences on what in the ownership records cannot be right."""
    counted = (
        (network.oversubscribed().height, "entities have recorded holders of more than 100 percent in all."),
        (
            network.conflicts.height,
            "holdings are reported differently by two sources; the wider range counts.",
        ),
        (shared, "identifiers are borne by too many entities to name one; nobody was merged by them."),
    )
    return tuple(f"{count} {text}" for count, text in counted if count)
