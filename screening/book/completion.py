"""One customer of a request, completed from a book: its own record, everybody above it, the activity of its group.

The screening of a whole book sees each customer in the midst of all others. Only that part of the book is taken here on
which the answer for the one customer depends; docs/method/desk.md says what is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from screening.book.lookup import BookLookup, hashed_keys, part_above
from screening.book.network import all_entities, build_network, declared_parents
from screening.ownership.edges import check_edges, check_entities
from screening.ownership.identity_keys import BEARERS
from screening.tables.book import Book

OWN_TABLES = {
    "activity": "customer_id",
    "connections": "entity_id",
    "transactions": "customer_id",
    "answers": "customer_id",
    "licences": "customer_id",
}
"""Tables with rows of a customer's own -> the column that names it."""
NAMESAKES = 10
"""Most namesakes that an answer names."""


@dataclass(frozen=True, slots=True)
class CompletedRequest:
    """What was sent, completed from a book.

    `filled`: columns of the customer that the book filled. `same_as`: ids of customers of the book who are the one
    sent. `namesakes`: entity_id, name and country of entities of the book that are called like somebody sent and were
    not taken for them.
    """

    book: Book
    filled: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    namesakes: tuple[dict[str, Any], ...] = ()


def complete_request(sent: Book, lookup: BookLookup, as_of: date) -> CompletedRequest:
    """Complete a book of one customer from a larger one. What was sent goes before what the larger one says."""
    customer_id = str(sent.customers["customer_id"][0])
    entities = _all_sent(sent)
    same, namesakes = _find(entities, lookup)
    own = same.filter(pl.col("sent_id") == customer_id)["entity_id"]
    same_as = lookup.customer_ids(pl.concat([own, lookup.entity_ids(pl.Series([customer_id]))]))
    in_book = customer_id in lookup.book.customers["customer_id"]
    filled = _fill(sent, lookup, customer_id) if in_book else sent
    seeds = pl.concat([lookup.entity_ids(entities["entity_id"]), same["entity_id"]]).unique()
    book = _add_above(filled, lookup, seeds, customer_id)
    if filled.activity is not None and filled.activity.height:
        members = _group_members(book, lookup, customer_id, as_of)
        book = _add_above(filled, lookup, pl.concat([seeds, lookup.entity_ids(members)]), customer_id)
        recorded = lookup.book.activity
        if recorded is not None:
            others = recorded.filter(
                pl.col("customer_id").is_in(members.implode()), pl.col("customer_id") != customer_id
            )
            book = replace(book, activity=pl.concat([filled.activity, others], how="diagonal"))
    before, after = (each.customers.row(0, named=True) for each in (sent, filled))
    columns = tuple(name for name in after if before.get(name) is None and after[name] is not None)
    return CompletedRequest(book, columns, tuple(same_as), namesakes)


def _all_sent(sent: Book) -> pl.DataFrame:
    """Return everybody whom a request names, in whatever table: columns as ENTITIES, one row an entity."""
    _, declared = declared_parents(sent.customers)
    edges = check_edges(sent.edges)
    ends = [edges.select(entity_id=f"{end}_id", name=f"{end}_name") for end in ("owner", "owned")]
    rows = pl.concat([all_entities(sent.customers, sent.entities, declared), *ends], how="diagonal")
    once = (
        rows.drop_nulls("entity_id")
        .group_by("entity_id", maintain_order=True)
        .agg(pl.all().drop_nulls().first())
    )
    return check_entities(once)


def _find(entities: pl.DataFrame, lookup: BookLookup) -> tuple[pl.DataFrame, tuple[dict[str, Any], ...]]:
    """Return who of those sent is which entity of the book (sent_id, entity_id), and the mere namesakes."""
    sent = hashed_keys(entities).rename({"entity_id": "sent_id"})
    bearers = lookup.bearers(sent["key"])
    pairs = sent.join(bearers, on="evidence", maintain_order="left")
    count = pl.col("entity_id").n_unique().over("evidence")
    by_number = (pl.col("basis") == "identifier") & (count <= BEARERS)
    same = pairs.filter(by_number | ((pl.col("basis") != "identifier") & lookup.by_name))
    called_alike = bearers.join(sent.drop_nulls("name"), on="name", how="semi")["entity_id"]
    found = pl.concat([entities["entity_id"], same["entity_id"]])
    strangers = called_alike.filter(~called_alike.is_in(found.implode())).unique().sort().head(NAMESAKES)
    country = pl.coalesce("hq_country", "incorporation_country", "country").alias("country")
    rows = lookup.network.entities.filter(pl.col("entity_id").is_in(strangers.implode()))
    return same.select("sent_id", "entity_id"), tuple(rows.select("entity_id", "name", country).to_dicts())


def _fill(sent: Book, lookup: BookLookup, customer_id: str) -> Book:
    """Fill the blanks of a customer of the book, and take its own rows of the tables that were not sent."""
    entity_ids = lookup.entity_ids(pl.Series([customer_id])).implode()
    entity = lookup.network.entities.filter(pl.col("entity_id").is_in(entity_ids)).select(
        "country", "hq_country", "incorporation_country", "identifiers"
    )
    rows = [sent.customers, lookup.book.customers.filter(pl.col("customer_id") == customer_id), entity]
    tables = {name: getattr(sent, name) for name in OWN_TABLES}
    for name, key in OWN_TABLES.items():
        recorded = getattr(lookup.book, name)
        if tables[name] is None and recorded is not None:
            tables[name] = recorded.filter(pl.col(key) == customer_id)
    customer = pl.concat(rows, how="diagonal").select(pl.all().drop_nulls().first())
    return replace(sent, customers=customer, **tables)


def _add_above(sent: Book, lookup: BookLookup, seeds: pl.Series, customer_id: str) -> Book:
    """Add everybody above the seeds, with their records as customers where they are customers."""
    entities, edges = part_above(lookup.network, seeds)
    others = lookup.customer_ids(entities["entity_id"])
    customers = lookup.book.customers.filter(
        pl.col("customer_id").is_in(others.implode()), pl.col("customer_id") != customer_id
    )
    # what was sent of the customer itself goes before what the book says of it
    others_above = entities.filter(pl.col("entity_id") != customer_id)
    return replace(
        sent,
        customers=pl.concat([sent.customers, customers], how="diagonal").sort("customer_id"),
        stored=pl.concat([sent.edges, edges], how="diagonal").lazy(),
        entities=pl.concat([sent.entities, others_above], how="diagonal"),
    )


def _group_members(book: Book, lookup: BookLookup, customer_id: str, as_of: date) -> pl.Series:
    """Return the customers of the larger book with activity who have the same ultimate parent as the one sent."""
    network = build_network(book, as_of, lookup.by_name)
    parents = network.network.ultimate_parents().select(
        "entity_id", ultimate_id=pl.coalesce("parent_id", "entity_id")
    )
    node = network.nodes.filter(pl.col("customer_id") == customer_id)["entity_id"]
    own = parents.filter(pl.col("entity_id") == (node[0] if len(node) else customer_id))["ultimate_id"]
    members = parents.filter(pl.col("ultimate_id").is_in(own.implode()))["entity_id"]
    group = lookup.groups.filter(pl.col("ultimate_id").is_in(members.implode()))["entity_id"]
    activity = lookup.book.activity
    users = lookup.book.customers["customer_id"].clear() if activity is None else activity["customer_id"]
    entity_ids = lookup.entity_ids(users.unique())
    return lookup.customer_ids(group.filter(group.is_in(entity_ids.implode())))
