"""Shipments: deliveries and deployments that a rule on destinations may speak about, one row each.

Rows of transactions, and activities that put machines somewhere. What is named neither as a chip nor by a
classification is left out unless a place or an address of it is one that the law names.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.law import table
from screening.redflags.facts.addresses import with_address_places, with_column_regions
from screening.redflags.facts.chip_items import classify
from screening.redflags.facts.columns import facts_table
from screening.redflags.facts.inputs import Inputs
from screening.redflags.facts.licences import with_licences

FINAL_ROLES = ("end_user", "ultimate_consignee")
"""Roles whose country is where the item ends."""
SHARED = (
    "item", "hs_code", "eccn", "accelerator", "count", "movement", "from_country", "ship_to_country",
    "via_countries", "end_user_country", "consignee_country", "licence_ref", "notice_ref", "notice_date",
)  # fmt: skip
"""What one row of a transaction says for all of its rows."""
WITH_CHIPS = ("order", "deployment", "lease")
WITH_SITE = (*WITH_CHIPS, "training", "fine_tuning", "inference")

_AFTER_NAME = pl.col("counterparty").str.extract(r",\s*(.+)$")
"""What follows the first comma of a counterparty's name: people write the address into the name."""


def shipments(inputs: Inputs, licences: pl.DataFrame) -> pl.DataFrame:
    """Return the shipments of these customers, sorted: customer_id and the fields of the fact `shipments`.

    `licences`: the register, as from `read_input`.
    """
    parts = [_delivered(inputs.transactions), _placed(inputs.activity), _licensed(licences, inputs.law.as_of)]
    rows = pl.concat(parts, how="diagonal")
    rows = with_column_regions(with_address_places(classify(rows))).filter(_matters())
    names = inputs.customers.select("customer_id", customer="name")
    rows = with_licences(rows.join(names, on="customer_id", how="left"), licences, inputs.law.as_of)
    fields = facts_table().column("shipments").fields
    return (
        rows.select("customer_id", *(pl.col(f.name).cast(f.dtype) for f in fields))
        .unique()
        .sort("customer_id", *(f.name for f in fields), nulls_last=True)
    )


def _delivered(transactions: pl.DataFrame) -> pl.DataFrame:
    """Return the transactions as shipments: each row tells what any row of its transaction tells."""
    final = pl.col("role").is_in(FINAL_ROLES).fill_null(False)
    party = pl.col("counterparty_country")
    rows = transactions.with_columns(
        end_user_country=pl.coalesce("end_user_country", pl.when(pl.col("role") == "end_user").then(party)),
        consignee_country=pl.when(pl.col("role") == "ultimate_consignee").then(party),
        via_countries=pl.col("via_countries").list.join("; "),
    )
    return _shared(rows).select(
        "customer_id",
        "accelerator",
        "item",
        "hs_code",
        "eccn",
        "count",
        "movement",
        "from_country",
        "ship_to_country",
        "end_user_country",
        "consignee_country",
        "counterparty",
        "licence_ref",
        "notice_ref",
        "country_remarks",
        kind=pl.lit("transaction"),
        shipment="transaction_id",
        day="date",
        notice_days=(pl.col("date") - pl.col("notice_date")).dt.total_days(),
        via_countries=pl.col("via_countries").str.split("; "),
        party_country=pl.when(~final).then(party),
        party_role=pl.when(~final).then("role"),
        address=pl.concat_str("counterparty_address", _AFTER_NAME, separator=", ", ignore_nulls=True).replace(
            "", None
        ),
        address_country=party,
        address_field=pl.when(pl.col("counterparty_address").is_null())
        .then(pl.lit("counterparty"))
        .otherwise(pl.lit("counterparty_address")),
        address_final=final,
    )


def _shared(rows: pl.DataFrame) -> pl.DataFrame:
    """Fill what a row leaves blank from the other rows of its transaction."""
    key = ("customer_id", "transaction_id")
    if not rows.filter(pl.col("transaction_id").is_not_null()).select(key).is_duplicated().any():
        return rows
    several = pl.col("transaction_id").is_not_null()
    return rows.with_columns(
        pl.when(several)
        .then(pl.col(name).fill_null(pl.col(name).min().over(key)))
        .otherwise(name)
        .alias(name)
        for name in SHARED
    )


def _placed(activity: pl.DataFrame) -> pl.DataFrame:
    """Return the activities that put machines somewhere as shipments."""
    named = pl.col("accelerator").is_not_null() | pl.col("tpp").is_not_null()
    place = pl.any_horizontal(pl.col("site_country", "site_address", "end_user_hq").is_not_null())
    wanted = (pl.col("kind").is_in(WITH_CHIPS) & named) | (pl.col("kind").is_in(WITH_SITE) & place)
    return activity.filter(wanted).select(
        "customer_id",
        "kind",
        "accelerator",
        "count",
        "site_country",
        "end_user_hq",
        "provision",
        "licence_ref",
        "country_remarks",
        shipment="activity_id",
        day="start",
        until="end",
        given_tpp=pl.col("tpp").cast(pl.Float64),
        counterparty="end_user",
        with_evidence=pl.col("evidence").is_not_null(),
        address="site_address",
        address_country="site_country",
        address_field=pl.lit("site_address"),
        address_final=pl.lit(True),
    )


def _licensed(licences: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the licences of the register that have not run out and name places: who has one may deal with them."""
    lasts = pl.col("expires").is_null() | (pl.col("expires") >= as_of)
    return licences.filter(pl.col("destinations").list.len() > 0, lasts).select(
        "customer_id",
        "country_remarks",
        kind=pl.lit("licence"),
        shipment="licence_ref",
        day="issued",
        until="expires",
        item="items",
        named_places="destinations",
    )


def _matters() -> pl.Expr:
    """Return whether a rule on destinations may speak of a row: its item, a place of it, or a region."""
    places = table("destinations")["code"].unique()
    single = (
        "from_country",
        "ship_to_country",
        "site_country",
        "end_user_country",
        "consignee_country",
        "end_user_hq",
        "party_country",
    )
    somewhere = pl.any_horizontal(
        *(pl.col(name).is_in(places.implode()) for name in single),
        *(
            pl.col(name).list.set_intersection(places.to_list()).list.len() > 0
            for name in ("via_countries", "address_places", "address_possible", "named_places")
        ),
    )
    item = (pl.col("item_class") != "none") | pl.col("eccn").is_not_null() | pl.col("by_letter")
    return pl.any_horizontal(item, somewhere, pl.col("region").is_not_null()).fill_null(False)
