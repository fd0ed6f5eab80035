"""License Exceptions LPP, AIA and ACM: their limits, notices and who may not use them.

LPP 15 CFR 740.29: 26,900,000 TPP a calendar year added up at the ultimate parent over all suppliers; prior notice for
a shipment of 3,200,000. AIA 740.27: a certification at 253,000,000 TPP in all. ACM 740.28: closed to Macau and D:5.
"""

from __future__ import annotations

import polars as pl

from screening.compute.allocations import cap
from screening.compute.results import grouped, results
from screening.law import Law

_CLOSED = pl.col("place") == "d5_macau"


def low_processing(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return LPP_CAP results: `not_available`, `over`, `notice`, `seat_unknown`, `within`; one row a customer and year.

    Each row of the record is a shipment: an order and the deployment of the same chips must not both name LPP.
    """
    shipments = chips.filter(pl.col("authorization") == "LPP").with_columns(year=pl.col("start").dt.year())
    limit, notice = cap("lpp_year", "year"), cap("lpp_notice", "shipment")
    totals = shipments.group_by("group", "year").agg(used=pl.col("tpp").sum(), suppliers=pl.len())
    by_customer = shipments.group_by("customer_id", "group", "year", "place").agg(largest=pl.col("tpp").max())
    closed = _CLOSED | pl.col("customer_id").is_in(_shipped_to_closed(shipments, law).implode())
    branch = (
        pl.when(closed)
        .then(pl.lit("not_available"))
        .when(pl.col("used") > pl.lit(limit))
        .then(pl.lit("over"))
        .when(pl.col("year").is_null())
        .then(pl.lit("year_unknown"))
        .when(pl.col("place") == "unknown")
        .then(pl.lit("seat_unknown"))
        .when(pl.col("largest") >= pl.lit(notice))
        .then(pl.lit("notice"))
        .otherwise(pl.lit("within"))
    )
    return results(
        by_customer.join(totals, on=["group", "year"], nulls_equal=True),
        "LPP_CAP",
        branch,
        subject=grouped(pl.col("largest")),
        figure=grouped(pl.col("used")),
        limit=f"{limit:,}",
        period=pl.col("year"),
    )


def artificial_intelligence_authorization(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return AIA_REPORT results: `due` or `below`, for all chips sent to one of the 19 for a group seated there.

    A shipment that names no authorization counts as AIA if place and seat fit; one to the United States is no export.
    """
    partners = law.places.supp_5a - law.places.united_states
    counted = chips.filter(
        pl.col("chip_class") == "3A090.a",
        pl.col("kind") == "deployment",
        pl.col("site_country").is_in(partners),
        pl.col("place") == "supp_5a",
        pl.col("authorization").fill_null("AIA") == "AIA",
        pl.col("start").is_null() | (pl.col("start") <= law.as_of),
    )
    limit = cap("aia_report", "cumulative")
    totals = counted.group_by("group").agg(
        used=pl.col("tpp").sum(), places=pl.col("site_country").unique().sort().str.join(", ")
    )
    branch = pl.when(pl.col("used") >= pl.lit(limit)).then(pl.lit("due")).otherwise(pl.lit("below"))
    return results(
        counted.select("customer_id", "group").unique().join(totals, on="group"),
        "AIA_REPORT",
        branch,
        figure=grouped(pl.col("used")),
        limit=f"{limit:,}",
        place=pl.col("places"),
    )


def manufacturing(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return ACM results: `not_available`, `seat_unknown`, `accounting` (twice a year by facility)."""
    used = chips.filter(pl.col("authorization") == "ACM")
    closed = _CLOSED | pl.col("site_country").is_in(law.places.d5_or_macau)
    branch = (
        pl.when(closed.fill_null(False))
        .then(pl.lit("not_available"))
        .when((pl.col("place") == "unknown") | pl.col("site_country").is_null())
        .then(pl.lit("seat_unknown"))
        .otherwise(pl.lit("accounting"))
    )
    return results(used, "ACM", branch, subject=pl.col("activity_id"), place=pl.col("site_country"))


def _shipped_to_closed(shipments: pl.DataFrame, law: Law) -> pl.Series:
    return shipments.filter(pl.col("site_country").is_in(law.places.d5_or_macau))["customer_id"]
