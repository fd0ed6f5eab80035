"""Names inside the names of customers, owners and people: `Doe Ventures c/o Almaz LLC`. Each is a lead of its holder.

As in the fields of transactions (`embedded`): the inner name is compared by itself, its band is review at most, and it
says nothing of whoever is named first. What stands after dba, fka or in brackets is a name of the holder, and no lead.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from screening.book.counterparties import EMBEDDED, PREFIX, folded
from screening.book.deals import EMBEDDED_ROLE
from screening.book.embedded import inner_names, likely_pattern
from screening.book.network import BookNetwork
from screening.names.first_look import perhaps_long
from screening.ownership.edges import find
from screening.redflags.party_effects import role_words

FIELD = "name"
"""The field in which the lead stands; its cues are those of `embedding_cues.csv` with that word."""
COLUMNS = ("customer_id", "name", "other_names")
"""Columns of customers that are read."""
STATED = ("counterparty", "field", "occasions")
"""What a lead says of its holder: the name as written, the field, whose name it is."""
OF_CUSTOMER, OF_OWNER = "the customer", "an owner"
_HOLDERS = {"customer_id": pl.String(), "text": pl.String(), "occasions": pl.String()}


def with_name_leads(
    customers: Iterable[pl.DataFrame], owned: BookNetwork, related: pl.DataFrame, around: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `related` and `around` with the names inside names, each in the role `embedded` of its holder.

    `customers`: in parts, the columns of `COLUMNS`. `related`: as from `subjects.related_people`. `around`: as from
    `subjects.everybody_around`. A lead has `STATED` too; that of an owner has the owner as its customer_id.
    """
    around_named = around.filter(
        pl.col("name").is_not_null()
        & ~pl.col("entity_id").str.starts_with(PREFIX)
        & ~pl.col("entity_id").str.starts_with(EMBEDDED)
    )
    own = [_of_customers(part) for part in customers]
    others = _of_others(around_named, owned, related)
    found = _leads(pl.concat([pl.DataFrame(schema=_HOLDERS), *own, others]))
    if found.is_empty():
        return related, around
    new = found.join(around, on="entity_id", how="anti").select("entity_id", "name").unique()
    everybody = pl.concat([around, new], how="diagonal").sort("entity_id", "name")
    return pl.concat([related, found], how="diagonal"), everybody


def lifted_role() -> pl.Expr:
    """Return in which role what an owner bears counts for those below: a lead stays one, all else is an owner's."""
    return pl.when(pl.col("role") == EMBEDDED_ROLE).then("role").otherwise(pl.lit("owner"))


def stated(rows: pl.DataFrame) -> list[str]:
    """Return those of `STATED` that the rows have."""
    return [name for name in STATED if name in rows.columns]


def _of_customers(part: pl.DataFrame) -> pl.DataFrame:
    further = part.select("customer_id", text="other_names").drop_nulls("text")
    rows = pl.concat([part.select("customer_id", text="name"), further.explode("text")])
    return _with_cues(rows.with_columns(occasions=pl.lit(OF_CUSTOMER)))


def _of_others(around: pl.DataFrame, owned: BookNetwork, related: pl.DataFrame) -> pl.DataFrame:
    """Return the names with a cue of people, as their customers', and of everybody else as that node's."""
    named = _with_cues(around.select("entity_id", text="name"))
    people = related.select("entity_id", "role", "customer_id").unique()
    acting = named.join(people, on="entity_id").select(
        "customer_id", "text", occasions=pl.format("the {}", role_words(pl.col("role")))
    )
    nodes = named.join(people, on="entity_id", how="anti")
    customer = pl.Series(owned.customers[find(owned.network.ids, nodes["entity_id"])], dtype=pl.Boolean)
    whose = pl.when(customer).then(pl.lit(OF_CUSTOMER)).otherwise(pl.lit(OF_OWNER))
    own = nodes.select(customer_id="entity_id", text="text", occasions=whose)
    merged = own.join(owned.nodes, left_on="customer_id", right_on="entity_id").select(
        customer_id="customer_id_right", text="text", occasions="occasions"
    )
    return pl.concat([acting, own, merged])


def _with_cues(rows: pl.DataFrame) -> pl.DataFrame:
    cues = pl.col("text").str.contains(likely_pattern(FIELD)).fill_null(value=False)
    return rows.filter(cues | perhaps_long(rows["text"]))


def _leads(holders: pl.DataFrame) -> pl.DataFrame:
    """Return the names inside the names of holders: entity_id, name, role, customer_id and `STATED`, sorted."""
    texts = holders.select(pl.lit(FIELD).alias("field"), "text").unique()
    inner = inner_names(texts).with_columns(entity_id=pl.lit(EMBEDDED) + folded(pl.col("name")))
    rows = holders.unique().join(inner, on="text")
    return (
        rows.select(
            "entity_id",
            pl.col("name").min().over("entity_id"),
            "customer_id",
            "field",
            "occasions",
            role=pl.lit(EMBEDDED_ROLE),
            counterparty="text",
        )
        .unique()
        .sort("entity_id", "customer_id", "counterparty", "occasions")
    )
