"""Dates as the publishers write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import polars as pl

EARLIEST = date(1940, 1, 1)
LATEST = date(2100, 12, 31)
"""Bounds of a believable listing date; the Denied Persons List carries a `Last_Update` in the year 3017."""

_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d", "%Y%m%d", "%m/%d/%y")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_US_DAY = re.compile(r"(?<!\d)(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])[-_.]?((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?![-_.]?\d)")


def parse(text: pl.Expr) -> pl.Expr:
    """Parse a date in any of the publishers' spellings; null where it is none or beyond reason.

    >>> frame = pl.DataFrame({"d": ["2022-09-02", "9/2/2022", "02 Sep 2022", "3017-08-22", "soon"]})
    >>> [str(day) for day in frame.select(parse(pl.col("d")))["d"]]
    ['2022-09-02', '2022-09-02', '2022-09-02', 'None', 'None']
    """
    tries = [text.str.strptime(pl.Date, form, strict=False) for form in _FORMATS]
    return pl.coalesce(pl.when(day.is_between(EARLIEST, LATEST)).then(day) for day in tries)


def parse_one(text: str | None) -> date | None:
    """Parse one date, in the spellings of `parse`.

    >>> parse_one("04/22/2020")
    datetime.date(2020, 4, 22)
    """
    day = pl.select(parse(pl.lit(text, pl.String))).item()
    return day if isinstance(day, date) else None


def from_name(*names: str) -> tuple[date, str] | None:
    """Find the publication date that a file or folder name carries: a day, else the last day of a month.

    >>> from_name("sdn.csv", "2023-12-28")
    (datetime.date(2023, 12, 28), 'name')
    >>> from_name("itar_debarred_party_list_01242018.csv")
    (datetime.date(2018, 1, 24), 'name')
    >>> from_name("consolidated.partial-2023-11.csv")
    (datetime.date(2023, 11, 30), 'month in the name')
    """
    for name in names:
        if found := _DAY.search(name):
            year, month, day = map(int, found.groups())
        elif found := _US_DAY.search(name):
            month, day, year = map(int, found.groups())
        else:
            continue
        if day <= monthrange(year, month)[1]:
            return date(year, month, day), "name"
    for name in names:
        if found := _MONTH.search(name):
            year, month = map(int, found.groups())
            return date(year, month, monthrange(year, month)[1]), "month in the name"
    return None
