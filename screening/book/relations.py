"""Who was compared for whose sake: owners above customers, people around them, whom they deal with.

A run keeps these relations, so that the certificate of a customer without a match names everybody who was compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from screening.book.counterparties import INNER_FIELDS, Counterparties
from screening.book.deals import EMBEDDED_ROLE
from screening.book.mentions import SPELLED, mentions
from screening.book.network import BookNetwork
from screening.tables.book import Book
from screening.tables.outputs import RECORDED_OWNERSHIP, RELATIONS

OWNER, SAME_AS = "owner", "same_as"
"""Roles of somebody who owns, and of the entity of the network that a counterparty is."""
_ROWS = 500_000
"""Relations written out in one frame: their ids are texts, and a network holds numbers."""


def owner_relations(owned: BookNetwork, parties: Counterparties) -> Iterator[pl.DataFrame]:
    """Yield the owners of customers and counterparties, and of everybody above them: frames of `RELATIONS`, sorted.

    One frame at least. An undisclosed owner has no `related_id`.
    """
    network = owned.network
    start = np.flatnonzero(owned.with_nodes(parties.nodes["node_id"]))
    above = network.hops_above(start) >= 0
    pairs = network.numbered_edges.select("owned", "owner")
    pairs = pairs.filter(pl.Series(above[pairs["owned"].to_numpy()], dtype=pl.Boolean))
    fresh = pl.any_horizontal(pl.col(end) != pl.col(end).shift() for end in pairs.columns)
    pairs = pairs.filter(fresh.fill_null(value=True))
    owner = pairs["owner"].set(pairs["owner"] == network.undisclosed, None)
    for first in range(0, max(1, pairs.height), _ROWS):
        owners = owner.slice(first, _ROWS)
        named = pl.DataFrame(
            {
                "role": pl.repeat(OWNER, len(owners), dtype=pl.String, eager=True),
                "entity_id": network.ids.gather(pairs["owned"].slice(first, _ROWS)),
                "related_id": network.ids.gather(owners),
            }
        )
        yield named.sort("entity_id", "related_id", maintain_order=True)


def other_relations(book: Book, related: pl.DataFrame, parties: Counterparties) -> pl.DataFrame:
    """Return the people around customers and whom they deal with: columns of `RELATIONS`, sorted.

    `related`: as from `subjects.related_people`. `parties`: as from `counterparties.located`.
    """
    people = related.select("role", entity_id="customer_id", related_id="entity_id")
    same = parties.nodes.select(pl.lit(SAME_AS).alias("role"), "entity_id", related_id="node_id")
    every = pl.concat([RELATIONS.empty(), people, same, *_dealings(book, parties)])
    return every.unique().sort(RELATIONS.key)


def recorded_ownership(owned: BookNetwork) -> pl.DataFrame:
    """Return how far the owners of customers are recorded: columns of `RECORDED_OWNERSHIP`, sorted."""
    network, holdings = owned.network, owned.network.holdings
    edges = network.numbered_edges
    day = pl.col("source_date") if "source_date" in edges.columns else pl.lit(None, pl.Date)
    mine = edges.filter(pl.Series(owned.customers[edges["owned"].to_numpy()], dtype=pl.Boolean))
    records = mine.group_by("owned", maintain_order=True).agg(
        oldest=day.min(), newest=day.max(), undated=day.is_null().sum().cast(pl.Int64)
    )
    nodes = records["owned"].to_numpy()
    totals = (
        np.bincount(holdings.owned, share, network.entities.height)
        for share in (holdings.share_min, holdings.share_max)
    )
    low, high = (np.minimum(total[nodes], 1_000_000).astype(np.int64) for total in totals)
    return records.with_columns(
        entity_id=network.ids.gather(records["owned"]),
        holders=pl.Series(holdings.by_owned.counts_at(nodes), dtype=pl.Int64),
        low=pl.Series(low),
        high=pl.Series(high),
    ).select(RECORDED_OWNERSHIP.names)


def _dealings(book: Book, parties: Counterparties) -> Iterator[pl.DataFrame]:
    """Yield whom customers deal with, and the names inside other fields of the same rows."""
    if parties.spelled.is_empty() and parties.inner.is_empty():
        return
    rows = mentions(book)
    named = rows.select("customer_id", "role", *SPELLED).unique()
    found = named.join(parties.spelled.lazy(), on=SPELLED, nulls_equal=True)
    yield found.select("role", entity_id="customer_id", related_id="entity_id").collect()
    for (field,), texts in parties.inner.group_by("field"):
        holding = rows.select("customer_id", text=INNER_FIELDS[str(field)]).drop_nulls().unique()
        quoted = holding.join(texts.lazy(), on="text")
        yield quoted.select(
            pl.lit(EMBEDDED_ROLE).alias("role"), entity_id="customer_id", related_id="entity_id"
        ).collect()
