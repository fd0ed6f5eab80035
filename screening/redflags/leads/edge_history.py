"""Leads from the history of ownership: shares moved to just under half, sold after a listing, or on old records.

OFAC FAQ 402: a share sold before the relevant day no longer counts, and the sale must be shown. `Inputs.edges` is the
whole history here, edges that ended included.
"""

from __future__ import annotations

import polars as pl

from screening.compute.results import percent, results
from screening.law import figure, policy_figure
from screening.redflags.facts.age import stale_before
from screening.redflags.facts.inputs import Inputs

HALF = figure("ownership_half")


def detect(inputs: Inputs, restricted: pl.DataFrame) -> pl.DataFrame:
    """Return the leads G19 (`moved`, `just_under`) and SDN_50 (`sold_after_listing`, `listing_day_unknown`).

    `restricted`: customer_id, status, low, path; one row a customer and regime.
    """
    equity = inputs.edges.filter(pl.col("interest").fill_null("equity") == "equity").join(
        inputs.customers.select("customer_id"), left_on="owned_id", right_on="customer_id"
    )
    listed = inputs.listed.filter(pl.col("band").fill_null("alert") == "alert").select(
        "matched_entity_id", "list", "party_name", listed_on="start"
    )
    listed_edges = equity.join(listed, left_on="owner_id", right_on="matched_entity_id")
    return pl.concat([_moved(listed_edges), _just_under_half(restricted), _sold(listed_edges, inputs)])


def _moved(listed_edges: pl.DataFrame) -> pl.DataFrame:
    """G19 `moved`: an edge of half or more that became less than half within some months of the owner's listing."""
    keys = ["owner_id", "owned_id", "party_name", "listed_on"]
    steps = listed_edges.sort(*keys, "start", "share_max").with_columns(
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


def _just_under_half(restricted: pl.DataFrame) -> pl.DataFrame:
    """G19 `just_under`: the share of listed owners is just under half, however long it has been."""
    low = pl.col("low")
    rows = restricted.filter(
        pl.col("status").is_in(["minority", "indeterminate"]),
        low >= policy_figure("just_under_half"),
        low < HALF,
    )
    return results(rows, "G19", "just_under", subject=pl.col("path"), figure=percent(low, pl.lit(1_000_000)))


def _sold(listed_edges: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """SDN_50 `sold_after_listing`: an edge of a blocked person that ended on or after the day of listing.

    `listing_day_unknown`: the list gives no such day, so nobody can say which came first.
    """
    keys = ["owner_id", "owned_id"]
    last = (
        listed_edges.filter(pl.col("list") == "SDN")
        .sort(*keys, "start")
        .unique(keys, keep="last", maintain_order=True)
    )
    sold = last.filter(pl.col("end") < inputs.law.as_of, pl.col("share_max") >= HALF).rename(
        {"owned_id": "customer_id"}
    )
    since = pl.col("end") >= pl.col("listed_on")
    rows = sold.filter(since.fill_null(True))
    return results(
        rows,
        "SDN_50",
        pl.when(since.is_null()).then(pl.lit("listing_day_unknown")).otherwise(pl.lit("sold_after_listing")),
        subject=pl.col("party_name"),
        figure=percent(pl.col("share_max"), pl.lit(1_000_000)),
        period=pl.col("end"),
        limit=pl.col("listed_on"),
    )


def stale(inputs: Inputs, restricted: pl.DataFrame) -> pl.DataFrame:
    """RF21 `stale_ownership`: a listed party has a share, and the records that say so are old."""
    oldest = inputs.edges.group_by(customer_id="owned_id").agg(recorded=pl.col("source_date").min())
    rows = (
        restricted.select("customer_id")
        .unique()
        .join(oldest, on="customer_id")
        .filter(pl.col("recorded") < stale_before(inputs.law.as_of))
    )
    return results(rows, "RF21", "stale_ownership", period=pl.col("recorded"))
