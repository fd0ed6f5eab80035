"""Whom to screen by name: the customers, and everybody upstream of them in the ownership network."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from screening.ownership import OwnershipNetwork
from screening.ownership.arrays import Flags

SUBJECTS = {
    "query_id": pl.String(),  # one a (record, name)
    "record_id": pl.String(),  # whose particulars are compared: the customer's own, or the entity's
    "entity_id": pl.String(),
    "name": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),  # of a customer
    "words": pl.List(pl.UInt32()),  # ids of the words of the name, as an index reads them; only where it has
}
RELATED = dict.fromkeys(("entity_id", "name", "role", "customer_id"), pl.String())
COUNTRIES = ("country", "hq_country", "incorporation_country")
PERSONAL = ("director", "signatory", "beneficial_owner")
"""Connections whose value is a name to screen (OFAC FAQ 398: no SDN may sign or be dealt with)."""


def customer_subjects(names: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return each name of a customer once, in the columns of `SUBJECTS`.

    `names`: as `customer_names` [, words]. `nodes`: customer_id, entity_id.
    """
    of_nodes = nodes.select("entity_id", record_id="customer_id")
    return _numbered(names.join(of_nodes, on="record_id", maintain_order="left"))


def customer_names(customers: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, name, party_type and segment, one row a name of a customer, in their order.

    Other names are names to screen as well.
    """
    names = pl.concat_list(pl.concat_list("name"), pl.col("other_names").fill_null([]))
    return customers.select("party_type", "segment", record_id="customer_id", name=names).explode("name")


def told_by_customers(customers: pl.DataFrame) -> pl.DataFrame:
    """Return what customers tell of themselves beside their names, by record_id."""
    return customers.rename({"customer_id": "record_id"})


def told_of_entities(entities: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of entities beside their names, by record_id; of several rows of one the first counts."""
    once = entities.sort("entity_id", "name").unique("entity_id", keep="first", maintain_order=True)
    return once.rename({"entity_id": "record_id"})


def around(owners: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Return everybody to screen beside the customers, one row a name, sorted: columns of `owners_above`.

    `owners`: as `owners_above`. `related`: the people of `related_people`.
    """
    people = related.select("entity_id", "name").unique()
    return pl.concat([owners, people], how="diagonal").sort("entity_id", "name")


def divided(entities: pl.DataFrame, count: int) -> list[pl.DataFrame]:
    """Divide rows sorted by entity_id into pieces of `count` entities; all names of one stand in one piece."""
    place = (pl.col("entity_id").rle_id() // count).alias("piece")
    return entities.with_columns(place).partition_by("piece", maintain_order=True, include_key=False)


def related_people(connections: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Return who acts for or behind whom on the day: entity_id, name, role, customer_id, one row a tie.

    A person is one entity for all customers that name it in the same role.
    """
    if connections is None:
        return pl.DataFrame(schema=RELATED)
    day = pl.lit(as_of)
    current = (pl.col("start").is_null() | (pl.col("start") <= day)) & (
        pl.col("end").is_null() | (pl.col("end") >= day)
    )
    ties = connections.filter(pl.col("kind").is_in(PERSONAL) & current)
    return ties.select(
        pl.concat_str("kind", pl.lit(":"), pl.col("value").str.to_lowercase()).alias("entity_id"),
        pl.col("value").alias("name"),
        pl.col("kind").alias("role"),
        pl.col("entity_id").alias("customer_id"),
    ).unique(maintain_order=True)


def entity_subjects(names: pl.DataFrame) -> pl.DataFrame:
    """Return each name of an entity once, in the columns of `SUBJECTS`. `names`: as `entity_names` [, words]."""
    return _numbered(names)


def entity_names(entities: pl.DataFrame) -> pl.DataFrame:
    """Return entity_id, name, party_type, segment and record_id, one row a name of an entity, in their order."""
    return entities.filter(pl.col("name").is_not_null()).select(
        "entity_id",
        "name",
        pl.col("kind").alias("party_type"),
        pl.lit(None, pl.String).alias("segment"),
        record_id="entity_id",
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    distinct = rows.unique(["record_id", "name"], keep="first", maintain_order=True).sort("record_id", "name")
    return (
        distinct.with_row_index("query_id")
        .cast({"query_id": pl.String})
        .select(column for column in SUBJECTS if column in rows.columns or column == "query_id")
    )


def owners_above(network: OwnershipNetwork, customers: Flags) -> pl.DataFrame:
    """Return everybody upstream of the marked nodes, to the end, but for those: entity_id, name, kind, identifiers and
    the columns of `COUNTRIES`."""
    above = network.above(np.flatnonzero(customers)) >= 0
    return network.entities[np.flatnonzero(above & ~customers)].select(
        "entity_id",
        "name",
        "kind",
        *COUNTRIES,
        "identifiers",
    )
