"""Who is compared with the lists: customers, everybody above them in the ownership network, and their related people.

Each is a subject with an id of its own (`subject_id`), and one or several names.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from screening.book.contacts import contact_points
from screening.book.counterparties import PREFIX, Counterparties
from screening.book.embedded import lead_kinds
from screening.book.further_names import other_names
from screening.book.network import BookNetwork
from screening.names.fields import with_numbers, with_second_names
from screening.ownership import OwnershipNetwork
from screening.ownership.arrays import Flags

SUBJECTS = {
    "query_id": pl.String(),  # one for each name of a subject
    "subject_id": pl.String(),  # whose attributes are compared: the customer's own, or the entity's
    "entity_id": pl.String(),  # its node in the ownership network
    "name": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),  # of a customer
    "words": pl.List(pl.UInt32()),  # ids of the name's words in an index; only where the names were tokenized
}
RELATED = dict.fromkeys(("entity_id", "name", "role", "customer_id"), pl.String())
COUNTRIES = ("country", "hq_country", "incorporation_country")
PERSONAL = ("director", "signatory", "beneficial_owner")
"""Connections whose value is the name of a person to screen (OFAC FAQ 398: dealings with an SDN who signs)."""


def customer_subjects(names: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return each name of each customer once, in the columns of `SUBJECTS`.

    `names`: as from `customer_names`, also with `words`. `nodes`: customer_id, entity_id.
    """
    by_subject = nodes.select("entity_id", subject_id="customer_id")
    return _queries(names.join(by_subject, on="subject_id", maintain_order="left"))


def customer_names(customers: pl.DataFrame) -> pl.DataFrame:
    """Return subject_id, name, name_kind, party_type and segment, one row for each name of each customer.

    Names are `name`, `other_names`, and those that stand inside them, as of `with_second_names`.
    """
    given = customers.select("party_type", "segment", subject_id="customer_id", name=given_names())
    return with_second_names(given.explode("name"))


def given_names() -> pl.Expr:
    """Return the expression of all names of a customer as one list, the main name first."""
    return pl.concat_list(pl.concat_list("name"), pl.col("other_names").fill_null([]))


def customer_attributes(customers: pl.DataFrame) -> pl.DataFrame:
    """Return what is compared of customers besides their names, by subject_id."""
    return with_numbers(customers.rename({"customer_id": "subject_id"}))


def entity_subjects(names: pl.DataFrame) -> pl.DataFrame:
    """Return each name of each entity once, in the columns of `SUBJECTS`.

    `names`: as from `entity_names`, also with `words`.
    """
    return _queries(names)


def entity_names(entities: pl.DataFrame) -> pl.DataFrame:
    """Return entity_id, name, name_kind, party_type, segment (null) and subject_id, a row for each name of each entity.

    An entity without a name goes by its identifiers: they are looked up, and a match needs something to call it.
    """
    numbered = isinstance(entities.schema.get("identifiers"), pl.List)
    numbers = pl.col("identifiers").list.join("; ").replace("", None) if numbered else pl.lit(None, pl.String)
    called = pl.coalesce("name", numbers)
    named = entities.filter(called.is_not_null()).select(
        "entity_id",
        called.alias("name"),
        pl.col("kind").alias("party_type"),
        pl.lit(None, pl.String).alias("segment"),
        subject_id="entity_id",
    )
    # What stands in brackets or after dba in a counterparty's name is a lead (`embedded`), in others' a name of theirs.
    theirs = pl.col("name_kind").is_in(lead_kinds("counterparty")) & pl.col("entity_id").str.starts_with(
        PREFIX
    )
    return with_second_names(named).filter(~theirs)


def entity_attributes(entities: pl.DataFrame) -> pl.DataFrame:
    """Return what is compared of entities besides their names, by subject_id; of several rows of one the first."""
    once = entities.sort("entity_id", "name").unique("entity_id", keep="first", maintain_order=True)
    return with_numbers(once.rename({"entity_id": "subject_id"}))


def everybody_around(owned: BookNetwork, related: pl.DataFrame, parties: Counterparties) -> pl.DataFrame:
    """Return everybody to screen besides the customers, one row for each name: columns of `owners_above`, sorted.

    Owners of customers and of counterparties, the counterparties, the people around customers, and all of them and the
    customers under further names (`further_names.other_names`). `related`: as from
    `related_people`. `parties`: as from `counterparties.located`.
    """
    reached = [name for name in ("address", "contact") if name in related.columns]
    people = related.select("entity_id", "name", *reached).unique()
    start = owned.with_nodes(parties.nodes["node_id"])
    owners = owners_above(owned.network, owned.customers, start)
    above = owned.network.hops_above(np.flatnonzero(start)) >= 0
    others = other_names(owned.network, owned.records, owned.customers, above)
    return pl.concat([owners, others, people, parties.subjects], how="diagonal").sort("entity_id", "name")


def owners_above(network: OwnershipNetwork, customers: Flags, start: Flags) -> pl.DataFrame:
    """Return the nodes marked in `start` and everybody above them, however far, except those marked in `customers`.

    Columns: entity_id, name, kind, those of `COUNTRIES`, identifiers, address (null).
    """
    above = network.hops_above(np.flatnonzero(start)) >= 0
    return network.entities[np.flatnonzero(above & ~customers)].select(
        "entity_id",
        "name",
        "kind",
        *COUNTRIES,
        "identifiers",
        address=pl.lit(None, pl.String),
    )


def related_people(connections: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Return the people who act for or stand behind customers on the day, and how customers and others can be reached.

    One row a connection: entity_id, name, role, customer_id; address, contact of a detail (`contacts.contact_points`).
    A person is one entity for all customers that name it in the same role, a detail for all that have it.
    """
    if connections is None:
        return pl.DataFrame(schema=RELATED)
    day = pl.lit(as_of)
    current = (pl.col("start").is_null() | (pl.col("start") <= day)) & (
        pl.col("end").is_null() | (pl.col("end") >= day)
    )
    people = connections.filter(pl.col("kind").is_in(PERSONAL) & current)
    named = people.select(
        pl.concat_str("kind", pl.lit(":"), pl.col("value").str.to_lowercase()).alias("entity_id"),
        pl.col("value").alias("name"),
        pl.col("kind").alias("role"),
        pl.col("entity_id").alias("customer_id"),
    ).unique(maintain_order=True)
    return pl.concat([named, contact_points(connections, as_of)], how="diagonal")


def split_entities(entities: pl.DataFrame, count: int) -> list[pl.DataFrame]:
    """Split rows sorted by entity_id into parts of `count` entities; all names of one entity stay in one part."""
    part = (pl.col("entity_id").rle_id() // count).alias("part")
    return entities.with_columns(part).partition_by("part", maintain_order=True, include_key=False)


def _queries(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each distinct name of a subject a query id; sorted by subject and name."""
    distinct = rows.unique(["subject_id", "name"], keep="first", maintain_order=True).sort(
        "subject_id", "name"
    )
    return (
        distinct.with_row_index("query_id")
        .cast({"query_id": pl.String})
        .select(column for column in SUBJECTS if column in rows.columns or column == "query_id")
    )
