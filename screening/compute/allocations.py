"""Country allocation and NVEU allocation of the AI Diffusion text, in TPP of 3A090.a chips in use.

Country: 15 CFR 742.6(b)(10)(iii)(B), 790,000,000 TPP a country for 2025-2027, counted over everybody on record and
from items licensed from 2025. NVEU: 15 CFR 748.15(a)(2)(iii)(B), cumulative by company and country, with a figure a
quarter; its use does not count against the country's allocation. Both concern places outside the 19 destinations, D:5
and Macau. Equal passes.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.compute.results import grouped, no_results, results
from screening.law import Law, table

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


def cap(name: str, period: str) -> int | None:
    """Return a cap in TPP, None where the text gives no figure.

    >>> cap("nveu", "2026Q4"), cap("nveu", "2028Q1")
    (4272750000, None)
    """
    rows = table("caps").filter(pl.col("cap") == name, pl.col("period") == period)
    return int(rows["tpp"].item()) if len(rows) else None


def quarter(day: date) -> str:
    """Return the quarter of a day.

    >>> quarter(date(2026, 11, 22))
    '2026Q4'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def country_allocation(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return COUNTRY_CAP results: `over` or `within` for each customer with chips in a country with an allocation."""
    if not FIRST <= law.as_of <= LAST:
        return no_results()
    counted = _abroad(chips, law).filter(pl.col("authorization").is_null(), _not_before(FIRST))
    by_country = counted.group_by("site_country").agg(used=pl.col("tpp").sum())
    limit = cap("country", "2025-2027")
    over = pl.col("used") > pl.lit(limit)
    rows = counted.select("customer_id", "site_country").unique().join(by_country, on="site_country")
    return _within_or_over(rows, "COUNTRY_CAP", over, limit, "2025-2027")


def company_allocation(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return NVEU_CAP results: `over`, `within`, or `no_figure` for a quarter that the table lacks."""
    counted = _abroad(chips, law).filter(
        pl.col("authorization").fill_null("NVEU") == "NVEU",
        pl.col("place") != "d5_macau",
        pl.col("place") != "supp_5a",
    )
    sums = counted.group_by("group", "site_country").agg(used=pl.col("tpp").sum())
    rows = (
        counted.select("customer_id", "group", "site_country")
        .unique()
        .join(sums, on=["group", "site_country"])
    )
    period = quarter(law.as_of)
    limit = cap("nveu", period)
    if limit is None:
        return results(rows, "NVEU_CAP", "no_figure", place=pl.col("site_country"), period=period)
    return _within_or_over(rows, "NVEU_CAP", pl.col("used") > pl.lit(limit), limit, period)


def _abroad(chips: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the 3A090.a chips in use where an allocation applies: outside the 19, D:5 and Macau."""
    there = law.places.codes - law.places.supp_5a - law.places.d5_or_macau
    return chips.filter(
        pl.col("in_use"), pl.col("chip_class") == "3A090.a", pl.col("site_country").is_in(there)
    )


def _not_before(day: date) -> pl.Expr:
    return pl.col("start").is_null() | (pl.col("start") >= day)


def _within_or_over(
    rows: pl.DataFrame, rule_id: str, over: pl.Expr, limit: int | None, period: str
) -> pl.DataFrame:
    branch = pl.when(over).then(pl.lit("over")).otherwise(pl.lit("within"))
    return results(
        rows,
        rule_id,
        branch,
        figure=grouped(pl.col("used")),
        limit=f"{limit:,}",
        place=pl.col("site_country"),
        period=period,
    )
