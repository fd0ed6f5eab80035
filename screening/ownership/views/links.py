"""Links between entities of every kind, each with its cost: shares, control, people, addresses, accounts."""

from __future__ import annotations

import polars as pl

from screening.law.tables import policy
from screening.ownership.network import OwnershipNetwork
from screening.ownership.shares import format_shares
from screening.text import plain_address, plain_number

LINKS = {
    "from_id": pl.String(),
    "to_id": pl.String(),
    "kind": pl.String(),
    "cost": pl.Int32(),
    "text": pl.String(),  # what the sentence says of `to` with regard to `from`
}
CROWDS = {"kind": pl.String(), "value": pl.String(), "entities": pl.UInt32()}


def ownership_links(network: OwnershipNetwork) -> pl.DataFrame:
    """Return every disclosed edge as two links, one each way; a larger share is a stronger link.

    Columns: those of `LINKS`.
    """
    rules = policy("proximity")
    cost = rules["cost"]
    by_share = (
        pl.when(pl.col("share_min") >= rules["majority"])
        .then(cost["majority"])
        .when(pl.col("share_max") >= rules["share"])
        .then(cost["share"])
        .otherwise(cost["minor_share"])
    )
    others = pl.col("interest").replace_strict(cost, default=None, return_dtype=pl.Int32)
    edges = network.edges.filter(
        (pl.col("owner") < network.entities.height) & (pl.col("owner") != pl.col("owned"))
    ).with_columns(
        pl.when(pl.col("interest") == "equity").then(by_share).otherwise(others).cast(pl.Int32).alias("cost"),
        format_shares(pl.col("share_min"), pl.col("share_max"), "to an undisclosed part").alias("share"),
    )
    directions = (("owner_id", "owned_id", "up"), ("owned_id", "owner_id", "down"))
    return pl.concat(
        edges.select(
            pl.col(start).alias("from_id"),
            pl.col(end).alias("to_id"),
            pl.col("interest").alias("kind"),
            "cost",
            pl.col("interest")
            .replace_strict(rules[phrases])
            .str.replace("{share}", pl.col("share"), literal=True)
            .alias("text"),
        )
        for start, end, phrases in directions
    )


def shared_links(connections: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the links between entities that share a person, address, account or channel, and the values left out.

    `connections`: entity_id, kind, value; those that count on the day. Columns: those of `LINKS` and of `CROWDS`, the
    values that too many entities share.
    """
    rules = policy("proximity")
    key = (
        pl.when(pl.col("kind") == "address")
        .then(plain_address(pl.col("value")))
        .when(pl.col("kind").is_in(["phone", "bank"]))
        .then(plain_number(pl.col("value")))
        .otherwise(pl.col("value").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " "))
    )
    usable = (
        connections.filter(pl.col("kind").is_in(list(rules["cost"])))
        .drop_nulls(["entity_id", "value"])
        .with_columns(key.str.strip_chars().alias("key"))
        .filter(pl.col("key") != "")
        .unique(["entity_id", "kind", "key"])
    )
    sizes = usable.group_by("kind", "key").agg(pl.len().alias("entities"), pl.col("value").min())
    crowds = sizes.filter(pl.col("entities") > rules["crowd"]).select(*CROWDS).sort("kind", "value")
    few = usable.join(
        sizes.filter(pl.col("entities").is_between(2, rules["crowd"])).select("kind", "key"),
        on=["kind", "key"],
    )
    pairs = few.join(few.select("kind", "key", to_id="entity_id"), on=["kind", "key"]).filter(
        pl.col("entity_id") != pl.col("to_id")
    )
    links = pairs.select(
        pl.col("entity_id").alias("from_id"),
        "to_id",
        "kind",
        pl.col("kind").replace_strict(rules["cost"], return_dtype=pl.Int32).alias("cost"),
        pl.format("shares the {} {} with", pl.col("kind").str.replace_all("_", " "), pl.col("value")).alias(
            "text"
        ),
    )
    return links, crowds
