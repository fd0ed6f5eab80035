"""Licences of the register that concern a shipment."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.law import table
from screening.text import plain_name

ANYWHERE = "*"
"""Stands for the places of a licence that names none."""


def with_licences(rows: pl.DataFrame, licences: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Add licence, licensed_places and exception to rows with customer_id, customer, counterparty, day, licence_ref.

    A licence concerns a shipment where it is valid on its day and names its consignee, or the shipment names the
    licence. Whether it covers item, quantity and conditions is for a person to say.
    """
    rows = rows.with_row_index("_row")
    letters = "|".join(table("chip_exceptions")["exception"])
    exception = pl.col("licence_ref").str.to_uppercase().str.extract(rf"\b({letters})\b")
    registered = licences.filter(pl.col("kind").fill_null("licence") == "licence").select(
        "customer_id", "issued", "expires", "consignee", "destinations", number="licence_ref"
    )
    shipped = pl.min_horizontal(pl.col("day"), pl.lit(as_of)).fill_null(as_of)
    valid = (pl.col("issued").fill_null(shipped) <= shipped) & (
        pl.col("expires").fill_null(shipped) >= shipped
    )
    consignee = plain_name(pl.col("consignee"))
    names_party = (consignee == plain_name(pl.col("counterparty"))) | (
        consignee == plain_name(pl.col("customer"))
    )
    referred = pl.col("number").str.to_uppercase() == pl.col("licence_ref").str.to_uppercase()
    places = (
        pl.when(pl.col("destinations").is_null() & referred)
        .then(pl.lit([ANYWHERE]))
        .otherwise("destinations")
    )
    concerned = (
        rows.select("_row", "customer_id", "customer", "counterparty", "day", "licence_ref")
        .join(registered, on="customer_id")
        .filter(valid, (names_party.fill_null(False) | referred.fill_null(False)))
        .select("_row", "number", places=places)
        .explode("places", empty_as_null=True)
        .group_by("_row")
        .agg(
            licence=pl.col("number").unique().sort().str.join(", "),
            licensed_places=pl.col("places").drop_nulls().unique().sort(),
        )
    )
    return rows.with_columns(exception=exception).join(concerned, on="_row", how="left").drop("_row")
