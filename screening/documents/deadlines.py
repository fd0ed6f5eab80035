"""Business days of the United States government, and the days on which reports to OFAC fall due."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache


def business_days_after(day: date, count: int) -> date:
    """Return the `count`-th business day after a day; weekends and federal holidays do not count.

    >>> business_days_after(date(2026, 11, 20), 10)  # over Thanksgiving
    datetime.date(2026, 12, 7)
    """
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in federal_holidays(day.year):
            count -= 1
    return day


def next_annual_report(as_of: date) -> tuple[date, date]:
    """Return the day the next annual report of blocked property is due and the day its holdings are counted.

    >>> next_annual_report(date(2026, 11, 22))
    (datetime.date(2027, 9, 30), datetime.date(2027, 6, 30))
    """
    year = as_of.year if as_of <= date(as_of.year, 9, 30) else as_of.year + 1
    return date(year, 9, 30), date(year, 6, 30)


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """Return the federal holidays as observed within a year (5 U.S.C. 6103): a Sunday moves to Monday, a Saturday to
    Friday."""
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


def _observed(day: date) -> date:
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
