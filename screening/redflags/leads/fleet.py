"""Leads from activities: first large orders, young firms with controlled goods, unclear users, PRC accelerators."""

from __future__ import annotations

import polars as pl

from screening.compute.deployments import ITEMS
from screening.compute.results import grouped, results
from screening.law import policy_figure, table
from screening.redflags.facts.inputs import Inputs
from screening.redflags.leads.word_patterns import control_date, mentions

ADVANCED = pl.col("chip_class").is_in(["3A090.a", "3A090.b"])


def detect(inputs: Inputs, chips: pl.DataFrame) -> pl.DataFrame:
    """Return the leads RF02, RF12, RF21, G01, G02 and G23. `chips`: as from `compute.deployments`."""
    fleets = chips.group_by("customer_id").agg(
        tpp=pl.col("tpp").sum(), units=pl.col("units").sum(), advanced=ADVANCED.any()
    )
    owners = inputs.customers.join(fleets, on="customer_id")
    return pl.concat(
        [
            _first_order(inputs, chips),
            _young(inputs, owners),
            _unsuited(owners),
            _unclear_user(inputs, owners),
            _resale(inputs),
            _from_china(chips),
        ]
    )


def _first_order(inputs: Inputs, chips: pl.DataFrame) -> pl.DataFrame:
    """G01: a first order of 3A090.a chips, or a first large lease, after October 2022 and no earlier business."""
    since = control_date("advanced chips")
    earlier = pl.concat(
        [
            inputs.activity.filter(pl.col("start") < since).select("customer_id"),
            inputs.transactions.filter(pl.col("date") < since).select("customer_id"),
        ]
    ).unique()
    large = pl.col("kind").is_in(ITEMS) | (pl.col("tpp") >= pl.lit(int(policy_figure("large_fleet_tpp"))))
    first = (
        chips.filter(pl.col("chip_class") == "3A090.a", large, pl.col("start") >= since)
        .sort("customer_id", "start", "activity_id")
        .unique("customer_id", keep="first", maintain_order=True)
        .join(earlier, on="customer_id", how="anti")
    )
    return results(
        first,
        "G01",
        "first",
        subject=pl.format("{} of {}", "kind", pl.col("model").fill_null("accelerators")),
        figure=grouped(pl.col("units")),
        place=pl.col("site_country"),
        period=pl.col("start"),
    )


def _young(inputs: Inputs, owners: pl.DataFrame) -> pl.DataFrame:
    """G02: formed after a control date, and ordering the goods it controls."""
    goods = inputs.transactions.with_columns(hs6=_hs6()).join(table("priority_goods").select("hs6"), on="hs6")
    ordered = goods.group_by("customer_id").agg(hs6=pl.col("hs6").sort().first())
    chips = owners.filter(pl.col("advanced"), pl.col("incorporated_on") >= control_date("advanced chips"))
    goods_rows = inputs.customers.join(ordered, on="customer_id").filter(
        pl.col("incorporated_on") >= control_date("Russia")
    )
    formed = pl.col("incorporated_on")
    return pl.concat(
        [
            results(chips, "G02", "chips", figure=grouped(pl.col("units")), period=formed),
            results(goods_rows, "G02", "goods", subject=pl.col("hs6"), period=formed),
        ]
    )


def _hs6() -> pl.Expr:
    return pl.col("hs_code").str.replace_all(r"\D", "").str.slice(0, 6)


def _unsuited(owners: pl.DataFrame) -> pl.DataFrame:
    """RF02: advanced accelerators for a line of business that has no use for them."""
    rows = owners.filter(pl.col("advanced") & mentions(pl.col("segment"), "no_compute_need"))
    return results(rows, "RF02", "unsuited", subject=pl.col("segment"), figure=grouped(pl.col("units")))


def _unclear_user(inputs: Inputs, owners: pl.DataFrame) -> pl.DataFrame:
    """RF21: resale without a named end user, or a large fleet for an owner nobody knows."""
    named = inputs.transactions.filter(pl.col("role") == "end_user").select("customer_id").unique()
    resells = inputs.activity.filter(pl.col("resale") == "yes").select("customer_id").unique()
    reseller = owners.join(resells, on="customer_id").join(named, on="customer_id", how="anti")
    owner = owners.filter(
        pl.col("parent_unknown"), pl.col("tpp") >= pl.lit(int(policy_figure("large_fleet_tpp")))
    )
    tpp = grouped(pl.col("tpp"))
    return pl.concat(
        [
            results(reseller, "RF21", "user_not_named", figure=tpp),
            results(owner, "RF21", "owner_unknown", figure=tpp),
        ]
    )


def _resale(inputs: Inputs) -> pl.DataFrame:
    """RF12: contradicting or unclear statements on resale of items."""
    statements = (
        inputs.activity.filter(pl.col("kind").is_in(ITEMS))
        .group_by("customer_id")
        .agg(
            yes=(pl.col("resale") == "yes").any(),
            no=(pl.col("resale") == "no").any(),
            unclear=((pl.col("resale") == "unknown") & (pl.col("provision") == "items")).any(),
        )
    )
    return pl.concat(
        [
            results(statements.filter(pl.col("yes") & pl.col("no")), "RF12", "contradicting_resale"),
            results(statements.filter(pl.col("unclear")), "RF12", "resale_unclear"),
        ]
    )


def _from_china(chips: pl.DataFrame) -> pl.DataFrame:
    """G23: a part of a Chinese maker that may be 3A090 (General Prohibition 10, guidance of 2025-05-13)."""
    rows = chips.filter(
        pl.col("maker_country") == "CN", pl.col("chip_class").is_in(["3A090.a", "3A090.b", "unknown"])
    )
    return results(
        rows,
        "G23",
        "found",
        subject=pl.col("model"),
        figure=grouped(pl.col("units")),
        place=pl.col("site_country"),
    )
