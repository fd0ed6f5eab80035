"""Validated end users: who may be one, the three shares of a universal one, and the notices it must give.

15 CFR 748.15 and Supp. 10 to part 748. The shares are of all 3A090.a chips of the group on record; transferred chips
count before they are installed. "Not more than": equal passes; products of integers are compared, never quotients.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from screening.compute.deployments import ITEMS
from screening.compute.results import grouped, percent, results
from screening.law import Law, figure


def shares(chips: pl.DataFrame, law: Law, from_tpp: int) -> pl.DataFrame:
    """Return UVEU_25, UVEU_7 and UVEU_50 results: `over`, `site_unknown`, `within`.

    For groups seated in the 19 that name UVEU or hold at least `from_tpp` (a smaller fleet needs no such status).
    """
    counted = chips.filter(pl.col("in_use"), pl.col("chip_class") == "3A090.a", pl.col("place") == "supp_5a")
    site, tpp = pl.col("site_country"), pl.col("tpp")
    outside = site.is_not_null() & ~site.is_in(law.places.supp_5a)
    abroad = site.is_not_null() & ~site.is_in(law.places.united_states)
    by_country = counted.filter(outside).group_by("group", "site_country").agg(one=tpp.sum())
    largest = by_country.sort("one", "site_country", descending=[True, False]).unique(
        "group", keep="first", maintain_order=True
    )
    american = pl.col("hq_country").is_in(law.places.united_states) | pl.col("parent_hq_country").is_in(
        law.places.united_states
    )
    groups = (
        counted.group_by("group")
        .agg(
            total=tpp.sum(),
            outside=tpp.filter(outside).sum(),
            abroad=tpp.filter(abroad).sum(),
            unplaced=site.is_null().any(),
            american=american.any(),
            named=(pl.col("authorization") == "UVEU").any(),
        )
        .filter(pl.col("named").fill_null(False) | (pl.col("total") >= pl.lit(from_tpp)))
        .join(largest.rename({"site_country": "country"}), on="group", how="left")
    )
    rows = counted.select("customer_id", "group").unique().join(groups, on="group")
    return pl.concat(
        [
            _share(rows, "UVEU_25", pl.col("outside"), figure("uveu_outside_percent")),
            _share(rows, "UVEU_7", pl.col("one"), figure("uveu_country_percent"), place=pl.col("country")),
            _share(rows.filter("american"), "UVEU_50", pl.col("abroad"), figure("uveu_abroad_percent")),
        ]
    )


def _share(
    rows: pl.DataFrame, rule_id: str, part: pl.Expr, limit: int, place: pl.Expr | None = None
) -> pl.DataFrame:
    over = 100 * part > limit * pl.col("total")
    branch = (
        pl.when(over.fill_null(False))
        .then(pl.lit("over"))
        .when("unplaced")
        .then(pl.lit("site_unknown"))
        .otherwise(pl.lit("within"))
    )
    part = part.fill_null(pl.lit(0))
    return results(
        rows,
        rule_id,
        branch,
        subject=grouped(pl.col("total")),
        figure=percent(part, pl.col("total")),
        limit=f"{limit}%",
        place=place if place is not None else pl.lit(None, pl.String),
    )


def eligibility(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return VEU_ELIGIBILITY results for each order or deployment of 3A090.a chips.

    `closed` (headquarters, parent or place in D:5 or Macau), `seat_unknown`, `universal` (seat in the 19), `national`.
    """
    transferred = chips.filter(pl.col("chip_class") == "3A090.a", pl.col("kind").is_in(ITEMS))
    closed = (pl.col("place") == "d5_macau") | pl.col("site_country").is_in(law.places.d5_or_macau)
    branch = (
        pl.when(closed.fill_null(False))
        .then(pl.lit("closed"))
        .when(pl.col("place") == "unknown")
        .then(pl.lit("seat_unknown"))
        .when(pl.col("place") == "supp_5a")
        .then(pl.lit("universal"))
        .otherwise(pl.lit("national"))
    )
    return results(
        transferred, "VEU_ELIGIBILITY", branch, subject=pl.col("activity_id"), place=pl.col("site_country")
    )


def notices(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the notices that planned moves of UVEU chips need, by the latest day on which to give them.

    Columns: group, site_country, starts, notice, latest_day, overdue. For a country where the group has no chips in
    use: 60 days before the move ("new country"), and 180 days before items go to a data centre in a new place ("new
    place").
    """
    uveu = chips.filter(pl.col("authorization") == "UVEU")
    present = uveu.filter(pl.col("in_use")).select("group", "site_country").unique()
    planned = (
        uveu.filter(pl.col("start") > law.as_of)
        .join(present, on=["group", "site_country"], how="anti")
        .group_by("group", "site_country")
        .agg(starts=pl.col("start").min())
    )
    kinds = pl.DataFrame(
        {
            "notice": ["new country", "new place"],
            "days": [timedelta(figure("veu_new_country_days")), timedelta(figure("veu_new_place_days"))],
        }
    )
    return (
        planned.join(kinds, how="cross")
        .with_columns(latest_day=pl.col("starts") - pl.col("days"))
        .with_columns(overdue=pl.col("latest_day") < law.as_of)
        .drop("days")
        .sort("latest_day", "group", "site_country", "notice")
    )
