"""Chips that customers have, order or lease, with their class, total processing performance, place and group.

One row for each activity of the kind order, deployment or lease that names accelerators. TPP is exact: a decimal in
thousandths. A lease is no transfer of chips: the ledgers leave it out, the detectors read it.
"""

from __future__ import annotations

import polars as pl

from screening.compute.accelerators import chip_class, identify
from screening.law import Law

ITEMS = ("order", "deployment")
KINDS = (*ITEMS, "lease")
EXCEPTIONS = r"\b(AIA|ACM|LPP|UVEU|NVEU|NAC|ACA)\b"
"""Licence exceptions and forms of validated end user that a licence reference may name."""


def deployments(activity: pl.DataFrame, groups: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the chips on record with what the ledgers need.

    `activity`: as from `read_activity`. `groups`: customer_id, group (ultimate parent), hq_country,
    parent_hq_country. Out: customer_id, activity_id, kind, start, end, model, maker_country, units, tpp_each, tpp (of
    the whole row), chip_class, site_country, use, resale, end_user, end_user_hq,
    authorization (null: none named), group, hq_country, parent_hq_country,
    place (see `seat`), in_use (on the day). Rows with a problem are left out; a rule reports the problem.
    """
    rows = activity.filter(with_chips())
    parts = identify(rows["accelerator"]).select(
        "accelerator",
        "model",
        "maker_country",
        "density",
        "data_center",
        table_tpp=pl.col("tpp").cast(pl.String).cast(pl.Decimal(38, 3)),
        table_density=pl.col("density"),
    )
    joined = rows.join(parts, on="accelerator", how="left").join(groups, on="customer_id", how="left")
    each = pl.coalesce("tpp", "table_tpp")
    # The density is that of the part in the table; a record that only states a TPP has none.
    return (
        joined.with_columns(tpp_each=each, units=pl.col("count").cast(pl.Int64))
        .with_columns(
            chip_class=chip_class(
                pl.col("tpp_each").cast(pl.Float64), pl.col("table_density"), pl.col("data_center")
            ),
            tpp=(pl.col("tpp_each") * pl.col("units").cast(pl.Decimal(38, 0))).cast(pl.Decimal(38, 3)),
            authorization=named_authorization(),
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
            "use",
            "resale",
            "end_user",
            "end_user_hq",
            "authorization",
            "group",
            "hq_country",
            "parent_hq_country",
            "place",
            "in_use",
        )
        .sort("customer_id", "activity_id")
    )


def named_authorization() -> pl.Expr:
    """Return the letters of a licence exception or form of validated end user that a row's `licence_ref` names."""
    return pl.col("licence_ref").str.to_uppercase().str.extract(EXCEPTIONS)


def with_chips() -> pl.Expr:
    """Return whether a conformed activity is about chips and has no problem."""
    named = pl.col("accelerator").is_not_null() | pl.col("tpp").is_not_null()
    return pl.col("kind").is_in(KINDS) & pl.col("problem").is_null() & named


def seat(law: Law) -> pl.Expr:
    """Return where who has the chips is seated: `d5_macau`, `supp_5a` (the 19), `elsewhere` or `unknown`.

    D:5 and Macau come first: a company in one of the 19 with a parent there is treated as that parent.
    """
    places = law.places
    settled = places.codes - places.offshore
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
    """Return whether chips are in use on the day: from their transfer until they leave; a missing date is open."""
    begun = pl.col("start").is_null() | (pl.col("start") <= law.as_of)
    return (pl.col("kind") == "deployment") & begun & (pl.col("end").is_null() | (pl.col("end") >= law.as_of))
