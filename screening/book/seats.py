"""Who around a customer is seated in an embargoed country: its own records, its owners, those it deals with.

31 CFR parts 510, 515 and 560. Only the records of such countries are followed, so the cost is theirs.
"""

from __future__ import annotations

import polars as pl

from screening.book.counterparties import Counterparties
from screening.book.deals import dealings
from screening.book.network import BookNetwork
from screening.ownership import OwnershipNetwork
from screening.ownership.lineage import lineage
from screening.redflags.party_effects import OWNER_SUFFIX
from screening.tables.book import Book

OWNER = "owner"
"""The role of everybody above a customer."""
SEATS = {
    **dict.fromkeys(("customer_id", "role", "source", "record", "name", "column", "seat"), pl.String()),
    "low": pl.Int64(),
    "high": pl.Int64(),
    **dict.fromkeys(("interest", "counterparty", "occasions"), pl.String()),
    "first_day": pl.Date(),
    "last_day": pl.Date(),
}
"""Columns of the fact `seats`. role: null is the customer itself. low, high: parts per million, held directly."""


def seats_around(book: Book, owned: BookNetwork, parties: Counterparties) -> pl.DataFrame:
    """Return whoever stands around a customer and has such a record: columns of `SEATS`, sorted.

    A record that both tables hold counts once.
    A counterparty of whom the book itself states that country is passed over: the rules on destinations speak of it.
    """
    records, network = owned.embargoed, owned.network
    if records.is_empty():
        return pl.DataFrame(schema=SEATS)
    pairs = lineage(network, records["entity_id"].unique(), owned.with_nodes(parties.nodes["node_id"]))
    above = pairs.join(records.rename({"entity_id": "ancestor_id"}), on="ancestor_id")
    owners = above.join(_shares(network, pairs), on=["entity_id", "ancestor_id"], how="left")
    own = owned.by_customer(records)
    itself = (pl.col("source") == "customers") & (pl.col("record") == pl.col("customer_id"))
    parts = [
        pl.DataFrame(schema=SEATS),
        own.filter(~itself),
        owned.by_customer(owners).with_columns(role=pl.lit(OWNER)),
        *_of_parties(book, parties, records, above),
    ]
    every = pl.concat(parts, how="diagonal_relaxed")
    named = every.join(
        network.entities.select(record="entity_id", called="name"), on="record", how="left"
    ).with_columns(name=pl.coalesce("name", "called"))
    rows = named.select(pl.col(name).cast(kind) for name, kind in SEATS.items())
    once = [name for name in SEATS if name not in ("source", "name", "column")]
    return rows.sort(*SEATS, nulls_last=True).unique(once, keep="first", maintain_order=True)


def _shares(network: OwnershipNetwork, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what each ancestor holds directly of the entity below it: entity_id, ancestor_id, low, high, interest."""
    edges = network.edges_at(pairs["ancestor_id"].unique().to_list(), "owner")
    shares = edges.rename({"owner_id": "ancestor_id", "owned_id": "entity_id"})
    return (
        shares.join(pairs, on=["entity_id", "ancestor_id"], how="semi")
        .group_by("entity_id", "ancestor_id")
        .agg(
            low=pl.col("share_min").max(),
            high=pl.col("share_max").max(),
            interest=pl.col("interest").cast(pl.String).unique().sort().str.join(", "),
        )
    )


def _of_parties(
    book: Book, parties: Counterparties, records: pl.DataFrame, above: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the counterparties with such records, and those with such owners, each with its dealings."""
    concerned = pl.concat([records["entity_id"], above["entity_id"]]).unique()
    nodes = parties.nodes.filter(pl.col("node_id").is_in(concerned.implode()))
    deals = dealings(book, parties, nodes["entity_id"].unique()).join(nodes, on="entity_id")
    stated = parties.subjects.select("entity_id", stated="country")
    placed = deals.join(stated, on="entity_id", how="left").drop("entity_id")
    themselves = placed.join(records.rename({"entity_id": "node_id"}), on="node_id")
    owners = placed.join(above.rename({"entity_id": "node_id"}), on="node_id").with_columns(
        role=pl.col("role") + OWNER_SUFFIX
    )
    return themselves.filter(pl.col("stated").ne_missing(pl.col("seat"))), owners
