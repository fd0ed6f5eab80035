"""Dates of birth: read as people write them, compared by how sources disagree about one person.

A date is an interval of days, so a year alone, "circa 1960" and "1951 to 1953" compare with a full date as far as they
go. What may be read two ways (03/04/1972) is read both ways. The first of January is read as its year: it stands where
the day is unknown (one exact date in 37 on the SDN List of 2023-12-28, ten times its share).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

BIRTHS = {"subject_id": pl.String(), "born": pl.String(), "low": pl.Date(), "high": pl.Date()}
LONGEST = 64
"""Longer texts are no date."""
CIRCA, NEAR = 2, 3
"""Years that "circa" may be off, and that two sources often differ by: four in five of the alternative dates that the
SDN List gives for one person (2023-12-28)."""

WIDEST = 6
"""Years beyond which an interval says nothing by overlapping another."""

_CIRCA = r"(?:\b(?:circa|ca|about|approximately|approx|around)\b\.?|~)"
_EARLIEST, _LATEST = pl.date(1850, 1, 1), pl.date(2100, 12, 31)
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%b-%d-%Y", "%Y-%b-%d")
_MONTHS = ("%d-%Y-%m", "%d-%b-%Y", "%d-%m-%Y")
_ORDERS = ("%d-%m-%Y", "%m-%d-%Y")


def read_births(births: pl.DataFrame) -> pl.DataFrame:
    """Read dates of birth (subject_id, born) as intervals: the columns of `BIRTHS`, a row for each way to read a date.

    `low` and `high` are the first and last day that a date may mean. A text that is no date yields no row.

    >>> born = pl.DataFrame({"subject_id": ["a", "b", "c"], "born": ["04 Mar 1972", "circa 1960", "soon"]})
    >>> [(str(low), str(high)) for _, _, low, high in read_births(born).rows()]
    [('1972-03-04', '1972-03-04'), ('1958-01-01', '1962-12-31')]
    """
    if births.is_empty():
        return pl.DataFrame(schema=BIRTHS | {"subject_id": births.schema["subject_id"]})
    text = pl.col("born").str.to_lowercase().str.replace(r"[t ]\d\d:\d\d.*$", "")
    texts = births.lazy().unique().filter(pl.col("born").str.len_chars().is_between(4, LONGEST))
    ends = texts.with_columns(circa=text.str.contains(_CIRCA), text=_with_hyphens(text)).with_columns(
        first=pl.col("text").str.extract(r"^(.*?)(?:~|$)"), last=pl.col("text").str.extract(r"([^~]*)$")
    )
    ways = [
        ends.with_columns(low=low, high=high)
        for low, high in zip(_ends(pl.col("first"), 0), _ends(pl.col("last"), 1), strict=True)
    ]
    years = [pl.col(end).dt.year().cast(pl.String).str.zfill(4) for end in ("low", "high")]
    first = (years[0] + "-01-01").str.to_date(strict=False)
    last = (years[1] + "-12-31").str.to_date(strict=False)
    read = pl.concat(ways).with_columns(
        low=pl.when("circa").then(first.dt.offset_by(f"-{CIRCA}y")).otherwise("low"),
        high=pl.when("circa").then(last.dt.offset_by(f"{CIRCA}y")).otherwise("high"),
    )
    read = read.with_columns(
        high=pl.when((pl.col("low") == pl.col("high")) & (pl.col("low").dt.ordinal_day() == 1))
        .then(pl.col("low").dt.offset_by("1y").dt.offset_by("-1d"))
        .otherwise("high")
    )
    sound = (pl.col("low") <= pl.col("high")) & (pl.col("low") >= _EARLIEST) & (pl.col("high") <= _LATEST)
    return read.filter(sound).select("subject_id", "born", "low", "high").unique().sort(pl.all()).collect()


def readable(born: pl.Series) -> pl.Series:
    """Say which texts `read_births` can read; null of a blank.

    >>> readable(pl.Series(["circa 1960", "31/31/1990", None])).to_list()
    [True, False, None]
    """
    dates = read_births(pl.DataFrame({"subject_id": born, "born": born}))["born"]
    return born.is_in(dates.implode())


def birth_level(prefix: str = "their_") -> pl.Expr:
    """Return how two dates agree, from low, high and the same with a prefix. Symmetric.

    day (both exact and equal), swapped (day and month), slip (one of the three parts, the year by 1 or 10), overlap
    (they agree as far as they go), year (the same year, another day), near (up to `NEAR` years apart), other.

    >>> from datetime import date
    >>> day, other = date(1972, 3, 4), date(1972, 4, 3)
    >>> pl.select(low=day, high=day, their_low=other, their_high=other).select(birth_level()).item()
    'swapped'
    """
    low, high, their_low, their_high = (pl.col(p + end) for p in ("", prefix) for end in ("low", "high"))
    exact = (low == high) & (their_low == their_high)
    year, month, day = (
        (getattr(low.dt, part)(), getattr(their_low.dt, part)()) for part in ("year", "month", "day")
    )
    apart = (year[0] - year[1]).abs()
    swapped = (apart == 0) & (month[0] == day[1]) & (day[0] == month[1])
    same_month, same_day = month[0] == month[1], day[0] == day[1]
    slip = ((apart == 0) & (same_month | same_day)) | (apart.is_in([1, 10]) & same_month & same_day)
    overlap = (low <= their_high) & (their_low <= high)
    wide = pl.max_horizontal(high - low, their_high - their_low) > pl.duration(days=366 * WIDEST)
    gap = pl.max_horizontal(
        their_low.dt.year() - high.dt.year(), low.dt.year() - their_high.dt.year(), pl.lit(0)
    )
    return (
        pl.when(exact & (low == their_low)).then(pl.lit("day"))
        .when(exact & swapped).then(pl.lit("swapped"))
        .when(exact & slip).then(pl.lit("slip"))
        .when(~exact & overlap & ~wide).then(pl.lit("overlap"))
        .when(gap == 0).then(pl.lit("year"))
        .when(gap <= NEAR).then(pl.lit("near"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip


def _with_hyphens(text: pl.Expr) -> pl.Expr:
    """Write dates with hyphens and three-letter months, and "~" between the ends of a range."""
    return (
        text.str.replace_all(_CIRCA, " ")
        .str.replace(r"\b(?:between|from|born|dob)\b", " ")
        .str.strip_chars(" :.,")
        .str.replace(r"^(\d{4})\s*[-–/]\s*(\d{4})$", "$1~$2")
        .str.replace(r"\s+(?:to|and|until|[-–])\s+", "~")
        .str.replace_all(r"([a-z]{3})[a-z]*", "$1")
        .str.replace_all(r"(\d)(?:st|nd|rd|th)\b", "$1")
        .str.replace_all(r"[\s./,-]+", "-")
    )


def _ends(text: pl.Expr, end: int) -> Iterator[pl.Expr]:
    """Yield the first (0) or last (1) day that a text may mean, day first, then month first."""
    month = pl.coalesce((pl.lit("01-") + text).str.to_date(form, strict=False) for form in _MONTHS)
    year = pl.when(text.str.contains(r"^\d{4}$")).then(text)
    whole_year = (year + ("-12-31" if end else "-01-01")).str.to_date("%Y-%m-%d", strict=False)
    for order in _ORDERS:
        days = [text.str.to_date(form, strict=False) for form in (*_DAYS, order)]
        yield pl.coalesce(whole_year, *days, month.dt.month_end() if end else month)
