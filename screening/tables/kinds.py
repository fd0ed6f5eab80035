"""The kinds of columns: what a cell says, and the one Polars type that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import polars as pl

Kind = Literal[
    "id", "text", "texts", "word", "choice", "country", "countries", "flag",
    "date", "birth date",
    "number", "fraction", "integer", "integers", "share", "decimal", "operations",
    "rows", "bytes", "hash64", "hash128", "places",
]  # fmt: skip

DTYPES: Mapping[Kind, pl.DataType] = {
    "id": pl.String(),  # compared as it is: an id, a code, the number of a document
    "text": pl.String(),  # as somebody wrote it
    "texts": pl.List(pl.String()),  # "; "-separated in text formats
    "word": pl.String(),  # one of an open list of words, compared in lower case
    "choice": pl.String(),  # one of a closed list of words
    "country": pl.String(),  # ISO alpha-2
    "countries": pl.List(pl.String()),  # ISO alpha-2, "; "-separated in text formats
    "flag": pl.Boolean(),  # yes/no, true/false, 1/0
    "date": pl.Date(),
    "birth date": pl.String(),  # a year, a date, "circa 1960": kept as written
    "number": pl.Float64(),
    "fraction": pl.Float64(),  # from 0 to 1; 11% and 0,11 are 0.11
    "integer": pl.Int64(),
    "integers": pl.List(pl.Int64()),
    "share": pl.Int64(),  # parts per million
    "decimal": pl.Decimal(38, 3),  # exact thousandths
    "operations": pl.Int128(),  # exact: 1e26 does not fit 64 bits, and floats do not add up to it
    "bytes": pl.Binary(),
    "hash64": pl.UInt64(),
    "hash128": pl.Struct({"high": pl.UInt64(), "low": pl.UInt64()}),
    "places": pl.List(pl.UInt32()),  # row numbers in another table
}
"""The type of each kind but "rows", whose type is a list of its column's fields."""

EARLIEST, LATEST = date(1000, 1, 1), date(9999, 12, 31)
"""Days that a date may say. Programs write the year 1 where there is none, and the last day of 9999 for "no end"."""
MOST: Mapping[Kind, int] = {"number": 10**18, "integer": 10**12, "decimal": 10**12}
"""The largest figure of a kind that is no typing error: sums and products of such figures fit their types."""
MOST_OPERATIONS = 10**32
"""More than any machine will do in our lifetime: a larger count of operations is a typing error."""
