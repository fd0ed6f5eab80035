"""From cleaned text to the type of a column: what cannot be typed becomes null, and is a problem of its row."""

from __future__ import annotations

import polars as pl

from pipelines.inputs.files import NESTED, SEVERAL
from screening.matching.evidence.birth_dates import readable
from screening.places import read_countries
from screening.tables.cells import TRUTHS, fraction
from screening.tables.kinds import EARLIEST, LATEST, MOST
from screening.tables.table import Column

MAX_TEXT = 10_000
"""Longest text a field may hold; a longer name cannot be one, and a longer address helps nobody."""
_YES_NO = {"true": "yes", "false": "no"}
"""What programs write for yes and no."""
LIST_OR_OBJECT = rf'^(?:[{SEVERAL}{NESTED}]|\["|\{{")'
"""How a text begins that was a list or an object in its file."""


def type_column(column: Column, cleaned: pl.DataFrame) -> pl.Expr:
    """Return the expression that types one column of these rows, which hold text or null."""
    written = cleaned[column.name]
    if written.null_count() == len(written):
        return pl.lit(None, column.dtype)
    value = pl.col(column.name)
    if isinstance(column.dtype, pl.List):
        value = value.str.strip_prefix(SEVERAL)
    if (written.str.len_bytes() > MAX_TEXT).any() or written.str.contains(LIST_OR_OBJECT).any():
        usable = value.str.len_chars() <= MAX_TEXT, ~value.str.contains(LIST_OR_OBJECT)
        value = pl.when(*usable).then(value)
    if column.kind == "country":
        return _country(value, written)
    if column.kind == "countries":
        return _countries(value, written)
    return _typed(value, column)


def _country(value: pl.Expr, written: pl.Series) -> pl.Expr:
    """Read countries as people write them: codes, numbers, names in many languages.

    A value that names an embargoed region gives its country, and the region is a remark of the row
    (`country_remarks.py`). Two letters that are no code are no country: it would be in no group, and so look free.
    """
    distinct = written.drop_nulls().unique().sort()
    return value.replace_strict(
        distinct, read_countries(distinct)["iso2"], default=None, return_dtype=pl.String
    )


def _countries(value: pl.Expr, written: pl.Series) -> pl.Expr:
    """Read a list of countries, each as `_country` does; a list with one that cannot be read is null as a whole."""
    parts = _parts(value)
    names = (
        written.str.strip_prefix(SEVERAL).to_frame("all").select(_parts(pl.col("all")).explode()).to_series()
    )
    codes = parts.list.eval(_country(pl.element(), names))
    return pl.when(codes.list.len() > 0, codes.list.drop_nulls().list.len() == codes.list.len()).then(codes)


def _typed(value: pl.Expr, column: Column) -> pl.Expr:
    lower = value.str.to_lowercase()
    match column.kind:
        case "date":
            return plausible_day(value.str.to_date("%Y-%m-%d", strict=False))
        case "fraction":
            return fraction(value)
        case "number" | "integer" | "decimal":
            # What is not finite is in no range.
            number = _plain(value).cast(column.dtype, strict=False)
            return pl.when(number.is_between(0, MOST[column.kind])).then(number)
        case "operations":
            # Not by way of a float: 10^26 - 1 is none, and is on the other side of a limit than 10^26.
            count = _plain(value).cast(pl.Decimal(38, 0), strict=False).cast(column.dtype)
            return pl.when(count >= 0).then(count)
        case "choice":
            word = lower.replace(_YES_NO) if "yes" in column.choices else lower
            return pl.when(word.is_in(column.choices)).then(word)
        case "flag":
            return lower.replace_strict(TRUTHS, default=None, return_dtype=pl.Boolean)
        case "texts":
            return _parts(value)
        case "birth date":
            return pl.when(value.map_batches(readable, return_dtype=pl.Boolean)).then(value)
        case _:
            return value


def plausible_day(day: pl.Expr) -> pl.Expr:
    """Return a day, or null where no record can mean it.

    >>> from datetime import date
    >>> pl.DataFrame({"day": [date(1, 1, 1), date(2026, 11, 22)]}).select(plausible_day(pl.col("day")))["day"].to_list()
    [None, datetime.date(2026, 11, 22)]
    """
    return pl.when(day.is_between(EARLIEST, LATEST)).then(day)


def _parts(value: pl.Expr) -> pl.Expr:
    """Return the parts of a text that are separated by ";", without blanks around them; empty ones are left out."""
    parts = value.str.split(";").list.eval(pl.element().str.strip_chars())
    return parts.list.eval(pl.element().filter(pl.element() != ""))


def _plain(number: pl.Expr) -> pl.Expr:
    """Return the text of a number without separators of thousands."""
    return number.str.replace_all(",", "")
