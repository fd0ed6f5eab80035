"""Leads from the history of holdings: stakes moved to just under half, sold after a listing, or long not looked at.

OFAC FAQ 402: a stake sold before the relevant day no longer counts, and the sale must be shown. `edges` here is the
whole history, holdings that ended included.
"""

from __future__ import annotations

import polars as pl

from screening.compute.results import percent, results
from screening.law import policy_figure
from screening.redflags.facts.age import stale_before
from screening.redflags.facts.inputs import Inputs

HALF = 500_000


def detect(inputs: Inputs, restricted: pl.DataFrame) -> pl.DataFrame:
    """Return the leads G19 (moved or standing just under half) and SDN_50 `sold_after_listing`.

    `restricted`: customer_id, status, low, path; one row a customer and regime.
    """
    mine = inputs.edges.filter(pl.col("interest").fill_null("equity") == "equity").join(
        inputs.customers.select("customer_id"), left_on="owned_id", right_on="customer_id"
    )
    listed = inputs.listed.filter(pl.col("band").fill_null("alert") == "alert").select(
        "matched_entity_id", "list", "party_name", listed_on="start"
    )
    held = mine.join(listed, left_on="owner_id", right_on="matched_entity_id")
    return pl.concat([_moved(held), _standing(restricted), _sold(held, inputs)])


def _moved(held: pl.DataFrame) -> pl.DataFrame:
    """A holding of half or more that became less than half within some months of the owner's listing."""
    keys = ["owner_id", "owned_id", "party_name", "listed_on"]
    steps = held.sort(*keys, "start", "share_max").with_columns(
        pl.col("share_min").shift(1).over(keys).alias("was"), pl.col("end").shift(1).over(keys).alias("ended")
    )
    day = pl.coalesce("start", "ended")
    near = (day - pl.col("listed_on")).dt.total_days().abs() <= policy_figure("near_listing_days")
    rows = steps.filter(pl.col("was") >= HALF, pl.col("share_max") < HALF, near.fill_null(True)).rename(
        {"owned_id": "customer_id"}
    )
    whole = pl.lit(1_000_000)
    return results(
        rows,
        "G19",
        "moved",
        subject=pl.col("party_name"),
        figure=pl.format("{} to {}", percent(pl.col("was"), whole), percent(pl.col("share_max"), whole)),
        period=day,
        limit=pl.col("listed_on"),
    )


def _standing(restricted: pl.DataFrame) -> pl.DataFrame:
    """A listed share that stands just under half, whenever it came there."""
    low = pl.col("low")
    rows = restricted.filter(
        pl.col("status").is_in(["minority", "indeterminate"]),
        low >= policy_figure("just_under_half"),
        low < HALF,
    )
    return results(rows, "G19", "just_under", subject=pl.col("path"), figure=percent(low, pl.lit(1_000_000)))


def _sold(held: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """A holding of a blocked person that ended on or after the day of listing."""
    keys = ["owner_id", "owned_id"]
    last = (
        held.filter(pl.col("list") == "SDN")
        .sort(*keys, "start")
        .unique(keys, keep="last", maintain_order=True)
    )
    rows = last.filter(
        pl.col("end") < inputs.law.as_of, pl.col("end") >= pl.col("listed_on"), pl.col("share_max") >= HALF
    ).rename({"owned_id": "customer_id"})
    return results(
        rows,
        "SDN_50",
        "sold_after_listing",
        subject=pl.col("party_name"),
        figure=percent(pl.col("share_max"), pl.lit(1_000_000)),
        period=pl.col("end"),
        limit=pl.col("listed_on"),
    )


def stale(inputs: Inputs, restricted: pl.DataFrame) -> pl.DataFrame:
    """RF21 `stale_ownership`: a listed owner is in the picture and the records behind it are old."""
    oldest = inputs.edges.group_by(customer_id="owned_id").agg(seen=pl.col("source_date").min())
    rows = (
        restricted.select("customer_id")
        .unique()
        .join(oldest, on="customer_id")
        .filter(pl.col("seen") < stale_before(inputs.law.as_of))
    )
    return results(rows, "RF21", "stale_ownership", period=pl.col("seen"))
