"""When reports to agencies are due: business days of the United States government, and the calendar of fixed days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

from screening.law import table


def business_days_after(day: date, count: int) -> date:
    """Return the `count`-th business day after a day; weekends and federal holidays do not count.

    >>> business_days_after(date(2026, 11, 20), 10)  # over Thanksgiving
    datetime.date(2026, 12, 7)
    """
    while count > 0:
        day += timedelta(days=1)
        count -= _is_business_day(day)
    return day


def business_days_between(day: date, later: date) -> int:
    """Count the business days after a day up to a later one; 0 where that is not later.

    >>> business_days_between(date(2026, 11, 25), date(2026, 11, 30))  # over Thanksgiving
    2
    """
    days = (day + timedelta(days=n) for n in range(1, (later - day).days + 1))
    return sum(_is_business_day(each) for each in days)


def next_reports(as_of: date) -> pl.DataFrame:
    """Return the next day of every report that is due on a fixed day of the year, by that day.

    Columns: due, report, who, counted_on (day as of which the report counts, null: that of the report), rule_id,
    citation, certainty. From `report_days.csv`.

    >>> next_reports(date(2026, 11, 22)).select("due", "report").row(0)
    (datetime.date(2027, 1, 15), 'Report on users')
    """
    rows = table("report_days").with_columns(
        pl.col("month", "day", "counted_month", "counted_day").cast(pl.Int8)
    )
    due = pl.date(as_of.year, pl.col("month"), pl.col("day"))
    year = as_of.year + (due < as_of).cast(pl.Int32)
    return (
        rows.with_columns(
            due=pl.date(year, pl.col("month"), pl.col("day")),
            counted_on=pl.date(year, pl.col("counted_month"), pl.col("counted_day")),
        )
        .select("due", "report", "who", "counted_on", "rule_id", "citation", "certainty")
        .sort("due", "report")
    )


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which federal holidays are observed (5 U.S.C. 6103).

    One on a Sunday is observed on Monday, one on a Saturday on Friday.
    """
    fixed = [date(year, 1, 1), date(year + 1, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    moving = [
        _nth(year, 1, 0, 3),
        _nth(year, 2, 0, 3),
        _nth(year, 6, 0, 1) - timedelta(days=7),  # the last Monday of May
        _nth(year, 9, 0, 1),
        _nth(year, 10, 0, 2),
        _nth(year, 11, 3, 4),
    ]
    observed = {_observed(day) for day in fixed}
    return frozenset(day for day in observed | set(moving) if day.year == year)


def _is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def _observed(day: date) -> date:
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
