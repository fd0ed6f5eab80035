"""Chips that customers hold or order, with their class, total processing performance, place and group.

One row an activity of kind order, deployment or lease that names accelerators. TPP is exact: thousandths as decimals.
A lease is no transfer of chips: the ledgers leave it out, the detectors read it.
"""

from __future__ import annotations

import polars as pl

from screening.compute.accelerators import chip_class, identify
from screening.law import Law

ITEMS = ("order", "deployment")
KINDS = (*ITEMS, "lease")
EXCEPTIONS = r"\b(AIA|ACM|LPP|UVEU|NVEU|NAC|ACA)\b"
"""Licence exceptions and validated end-user forms a licence reference may name."""


def deployments(activity: pl.DataFrame, holders: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the chips on record with what the ledgers need.

    `activity`: as conformed. `holders`: customer_id, group (ultimate parent), hq_country, parent_hq_country,
    parent_unknown. Out: customer_id, activity_id, kind, start, end, model, maker_country, units, tpp_each, tpp (sum of
    the row), chip_class, site_country, authorization (null = none named), group, place (see `seat`), in_use on the day.
    Rows with a problem are left out; they speak through the problem.
    """
    rows = activity.filter(with_chips())
    known = identify(rows["accelerator"]).select(
        "accelerator",
        "model",
        "maker_country",
        "density",
        "data_center",
        table_tpp=pl.col("tpp").cast(pl.String).cast(pl.Decimal(38, 3)),
        table_density=pl.col("density"),
    )
    joined = rows.join(known, on="accelerator", how="left").join(holders, on="customer_id", how="left")
    each = pl.coalesce("tpp", "table_tpp")
    # The table's die area goes with the table's part; a record that only states a TPP has no density.
    return (
        joined.with_columns(tpp_each=each, units=pl.col("count").cast(pl.Int64))
        .with_columns(
            chip_class=chip_class(
                pl.col("tpp_each").cast(pl.Float64), pl.col("table_density"), pl.col("data_center")
            ),
            tpp=(pl.col("tpp_each") * pl.col("units").cast(pl.Decimal(38, 0))).cast(pl.Decimal(38, 3)),
            authorization=pl.col("licence_ref").str.to_uppercase().str.extract(EXCEPTIONS),
            group=pl.coalesce("group", "customer_id"),
            place=seat(law),
            in_use=_covers(law),
        )
        .select(
            "customer_id",
            "activity_id",
            "kind",
            "start",
            "end",
            "model",
            "maker_country",
            "units",
            "tpp_each",
            "tpp",
            "chip_class",
            "site_country",
            "authorization",
            "group",
            "hq_country",
            "parent_hq_country",
            "place",
            "in_use",
        )
        .sort("customer_id", "activity_id")
    )


def with_chips() -> pl.Expr:
    """Return whether a conformed activity is about chips, and sound."""
    named = pl.col("accelerator").is_not_null() | pl.col("tpp").is_not_null()
    return pl.col("kind").is_in(KINDS) & pl.col("problem").is_null() & named


def seat(law: Law) -> pl.Expr:
    """Return where a holder belongs: `d5_macau`, `supp_5a`, `elsewhere` or `unknown`.

    The D:5 and Macau test comes first: a company in one of the 19 with such a parent falls under denial.
    """
    places = law.places
    settled = places.known - places.offshore
    own, parent = pl.col("hq_country"), pl.col("parent_hq_country")
    return (
        pl.when(own.is_in(places.d5_or_macau) | parent.is_in(places.d5_or_macau))
        .then(pl.lit("d5_macau"))
        .when(~own.is_in(settled).fill_null(False) | ~parent.is_in(settled).fill_null(False))
        .then(pl.lit("unknown"))
        .when(own.is_in(places.supp_5a) | parent.is_in(places.supp_5a))
        .then(pl.lit("supp_5a"))
        .otherwise(pl.lit("elsewhere"))
    )


def _covers(law: Law) -> pl.Expr:
    """Chips count from the day they were transferred to the day they left; open dates count."""
    begun = pl.col("start").is_null() | (pl.col("start") <= law.as_of)
    return (pl.col("kind") == "deployment") & begun & (pl.col("end").is_null() | (pl.col("end") >= law.as_of))
