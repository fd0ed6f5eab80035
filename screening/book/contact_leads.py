"""What contacts with listed parties mean for customers: whose detail it is, how many share it, what G17 is told."""

from __future__ import annotations

import polars as pl

from screening.book.contact_addresses import ADDRESS
from screening.book.contacts import POINTS
from screening.book.deals import EMBEDDED_ROLE
from screening.book.matches import CONTACT
from screening.book.name_leads import OF_CUSTOMER, OF_OWNER, lifted_role, stated
from screening.compute.results import no_results, results
from screening.law import policy_figure, table
from screening.redflags.party_effects import role_words

OWNER = "owner"
LEAD = "G17"


def point_bearers(related: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Return whose details are those of listed parties, or whose name holds one: the rows of `related` that matched."""
    points = related.filter(pl.col("role").is_in([*POINTS, EMBEDDED_ROLE]))
    return points.join(
        matches, left_on="entity_id", right_on="matched_entity_id", how="semi", maintain_order="left"
    )


def points_above(bearers: pl.DataFrame, ancestors: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return the details of the owners of customers as those of the customers, in the role of an owner.

    A name inside an owner's name stays in its role, with what is stated of it.

    `ancestors`: entity_id, ancestor_id. `nodes`: customer_id, entity_id of customers who share a node.
    """
    about = stated(bearers)
    pairs = ancestors.join(
        bearers.select("customer_id", *about, role=lifted_role(), point="entity_id"),
        left_on="ancestor_id",
        right_on="customer_id",
    )
    own = pairs.select("point", "role", *about, customer_id="entity_id")
    merged = pairs.drop("customer_id", strict=False).join(nodes, on="entity_id").select(own.columns)
    every = pl.concat([own, merged]).unique().sort("customer_id", "point", "role", *about)
    if about:
        every = every.with_columns(pl.col("occasions").replace(OF_CUSTOMER, OF_OWNER))
    return every.select("customer_id", "role", *about, entity_id="point")


def with_sharing(matches: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Add `sharing`: of a contact how many customers and others have the same detail of the same party, else null."""
    bearers = related.group_by(matched_entity_id="entity_id").agg(bearers=pl.len().cast(pl.Int64))
    found = matches.join(bearers, on="matched_entity_id", how="left", maintain_order="left")
    number = pl.col("bearers").fill_null(1).sum().over("party_id", "matched_name")
    contact = pl.col("band") == CONTACT
    return found.with_columns(sharing=pl.when(contact).then(number)).drop("bearers")


def contact_results(matches: pl.DataFrame) -> pl.DataFrame:
    """Return the leads of G17 that the contacts of customers are: columns of `compute.results.RESULT`.

    `matches`: those of customers, with `sharing`. A party that a customer is taken for already, in any role, is left
    out: its own finding speaks. An address without its unit, and one that many have, is a weaker lead.
    """
    contacts = matches.filter(pl.col("band") == CONTACT)
    if contacts.is_empty():
        return no_results()
    alerts = matches.filter(pl.col("band") == "alert").select("customer_id", "party_id").unique()
    open_contacts = contacts.join(alerts, on=["customer_id", "party_id"], how="anti")
    kinds = table("contact_kinds").cast({"strength": pl.Float64})
    words, full = kinds.row(by_predicate=pl.col("kind") == ADDRESS)[1:]
    crowd = pl.col("sharing") >= policy_figure("shared_address")
    weak = pl.col("matched_name").str.starts_with(f"{words} ") & ((pl.col("score") < full) | crowd)
    role = pl.col("role")
    above = pl.when(role == OWNER).then(pl.lit(" of an owner"))
    in_role = pl.when(pl.col("counterparty").is_not_null()).then(
        pl.format(" of {}, {}", "counterparty", role_words(role))
    )
    whose = pl.coalesce(in_role, above, pl.lit(""))
    return results(
        open_contacts,
        LEAD,
        pl.when(weak).then(pl.lit("listed_premises")).otherwise(pl.lit("listed_contact")),
        subject=pl.format("{}{}", "query_name", whose),
        figure=pl.format("{} ({}, list {})", "party_name", "party_id", "list"),
        limit=pl.col("matched_name"),
    ).unique()
