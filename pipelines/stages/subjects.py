"""Whom to screen by name: the customers, and everybody upstream of them in the ownership network."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.ownership import OwnershipNetwork

SUBJECTS = {
    "query_id": pl.String(),  # one a (entity, name)
    "entity_id": pl.String(),
    "name": pl.String(),
    "party_type": pl.String(),
    "country": pl.String(),
}
RELATED = dict.fromkeys(("entity_id", "name", "role", "customer_id"), pl.String())
PERSONAL = ("director", "signatory", "beneficial_owner")
"""Connections whose value is a name to screen (OFAC FAQ 398: no SDN may sign or be dealt with)."""
DECLARED = "declared:"
"""Prefix of the entity ids made for parents that a customer declares by name."""


def declared_parents(customers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn `parent_name` and `parent_country` into edges of control with unknown share, and their entities.

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
        pl.lit("control").alias("interest"),
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
    stacked = pl.concat([entities, own, declared], how="diagonal").group_by("entity_id", maintain_order=True)
    return stacked.agg(pl.all().drop_nulls().first())


def subjects(customers: pl.DataFrame, owners: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Return one row a name to screen; `owners` holds entity_id, name, kind, country of entities upstream, `related`
    the people of `related_people`.

    A customer's other names are names to screen as well.
    """
    own = customers.select(
        pl.col("customer_id").alias("entity_id"),
        pl.concat_list(pl.concat_list("name"), pl.col("other_names").fill_null([])).alias("name"),
        "party_type",
        pl.coalesce("country", "hq_country", "incorporation_country").alias("country"),
    ).explode("name")
    others = owners.join(customers, left_on="entity_id", right_on="customer_id", how="anti")
    nothing = pl.lit(None, dtype=pl.String)
    people = related.select("entity_id", "name", nothing.alias("party_type"), nothing.alias("country"))
    return _numbered(pl.concat([own, _names(others), people]))


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


def entity_subjects(entities: pl.DataFrame) -> pl.DataFrame:
    """Return one row a named entity to screen, in the columns of `SUBJECTS`."""
    return _numbered(_names(entities))


def _names(entities: pl.DataFrame) -> pl.DataFrame:
    return entities.filter(pl.col("name").is_not_null()).select(
        "entity_id", "name", pl.col("kind").alias("party_type"), "country"
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    distinct = rows.unique(["entity_id", "name"], keep="first", maintain_order=True).sort("entity_id", "name")
    return distinct.with_row_index("query_id").cast({"query_id": pl.String}).select(list(SUBJECTS))


def owners_above(network: OwnershipNetwork, customer_ids: pl.Series) -> pl.DataFrame:
    """Return every entity upstream of a customer, to the end: entity_id, name, kind, country."""
    above = network.upstream(customer_ids).select("entity_id")
    return network.entities.join(above, on="entity_id", how="semi", maintain_order="left").select(
        "entity_id",
        "name",
        "kind",
        pl.coalesce("country", "hq_country", "incorporation_country").alias("country"),
    )


def parents_of(network: OwnershipNetwork, customer_ids: pl.Series) -> pl.DataFrame:
    """Return the ultimate parent of each customer: customer_id, parent_id, parent_name, parent_hq_country, ..."""
    parents = network.ultimate_parents().filter(pl.col("entity_id").is_in(customer_ids.implode()))
    return parents.rename({"entity_id": "customer_id", "hq_country": "parent_hq_country"})
