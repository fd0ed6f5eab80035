"""What changes about a customer with the day alone: how young it is, and how old its ownership records are."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.law import policy_figure


def young_since(as_of: date) -> pl.Expr:
    """Return the day after which a founding counts as young (Red Flag 4)."""
    return pl.lit(as_of).dt.offset_by(f"-{int(policy_figure('young_months'))}mo")


def just_founded_since(as_of: date) -> date:
    """Return the same counted in days, for the signs of a shell company (G10)."""
    return _days_before(as_of, round(policy_figure("young_months") * 30.4))


def stale_before(as_of: date) -> date:
    """Return the day before which records of ownership are old (Red Flag 21)."""
    return _days_before(as_of, int(policy_figure("stale_ownership_days")))


def age_marks(as_of: date) -> tuple[pl.Expr, ...]:
    """Return all that the day decides about `incorporated_on`: while these stay, another day changes nothing."""
    founded = pl.col("incorporated_on")
    return founded > as_of, founded > young_since(as_of), founded > just_founded_since(as_of)


def _days_before(day: date, days: int) -> date:
    """Return the day so many days earlier, but none before the first that there is."""
    return date.fromordinal(max(1, day.toordinal() - days))
