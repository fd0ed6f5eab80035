"""Reading a frame of whatever types as a table: a cell that does not fit becomes null, and nothing raises.

Programs hand facts and tables in as they have them: dates as text, yes as true, counts as floats. What cannot be read
is unknown, and the rule that needs it says so. Files are read more strictly, with a problem row for each bad cell
(`pipelines.inputs.reading`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from screening.tables.kinds import DTYPES, MOST_OPERATIONS
from screening.tables.table import Column, Table

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_rows(table: Table, frame: pl.DataFrame | None, only: Collection[str] | None = None) -> pl.DataFrame:
    """Return a table's columns, or `only` some of them, from a frame; None gives an empty table.

    >>> people = Table("people", "Who was asked", (Column("country", "", "country"), Column("born", "", "date")))
    >>> read_rows(people, pl.DataFrame({"country": [" us "], "born": ["soon"]})).row(0)
    ('US', None)
    """
    columns = [column for column in table.columns if only is None or column.name in only]
    if frame is None or not frame.width:
        return pl.DataFrame(schema={column.name: column.dtype for column in columns})
    return frame.with_columns(read_columns(columns, frame.schema)).select(column.name for column in columns)


def read_columns(columns: Sequence[Column], given: Mapping[str, pl.DataType]) -> Iterator[pl.Expr]:
    """Yield the expression that reads each column from a frame with the schema `given`."""
    return (read_column(column, given) for column in columns)


def read_column(column: Column, given: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return a column of a frame with the schema `given` in its type; what cannot be read, or is absent, is null."""
    return _read(pl.col(column.name), column, given.get(column.name, pl.Null())).alias(column.name)


def unreadable(columns: Sequence[Column], given: Mapping[str, pl.DataType]) -> pl.Expr:
    """Mark the rows in which any of these columns, as far as they are there, says something that cannot be read."""
    there = [column for column in columns if given.get(column.name, pl.Null()) != pl.Null]
    lost = [pl.col(c.name).is_not_null() & read_column(c, given).is_null() for c in there]
    return pl.any_horizontal(pl.lit(False), *lost)


def exact_operations(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return counts of operations as exact integers; what is no plausible count is null.

    Floats and text go through their shortest decimal form, so that 3e25 + 7e25 is 1e26.

    >>> pl.DataFrame({"a": [1e26, 9.999999999999999e25, -1.0]}).select(
    ...     exact_operations(pl.col("a"), pl.Float64()))["a"].to_list()
    [100000000000000000000000000, 99999999999999990000000000, None]
    """
    if not dtype.is_integer():
        value = value.cast(pl.String, strict=False).cast(pl.Decimal(38, 0), strict=False)
    value = value.cast(DTYPES["operations"], strict=False)
    return pl.when((value >= 0) & (value <= exactly(MOST_OPERATIONS))).then(value)


def country_codes(text: pl.Expr) -> pl.Expr:
    """Return the ISO codes of a list of countries separated by ";"; a list with anything else in it is null.

    >>> pl.DataFrame({"a": ["tr; KZ", "TR; Narnia", ""]}).select(country_codes(pl.col("a")))["a"].to_list()
    [['TR', 'KZ'], None, None]
    """
    parts = text.str.to_uppercase().str.split(";").list.eval(pl.element().str.strip_chars())
    named = parts.list.eval(pl.element().filter(pl.element() != ""))
    are_codes = named.list.eval(pl.element().str.contains("^[A-Z]{2}$")).list.all()
    return pl.when(named.list.len() > 0, are_codes).then(named)


def fraction(text: pl.Expr) -> pl.Expr:
    """Return a share that is written as a fraction or in percent, with a point or a comma; null for anything else.

    >>> written = ["0.11", "11%", "11 percent", "0,11", "about a tenth", "11"]
    >>> pl.DataFrame({"a": written}).select(fraction(pl.col("a")))["a"].to_list()
    [0.11, 0.11, 0.11, 0.11, None, 11.0]
    """
    number = text.str.extract(
        r"(?i)^\s*([0-9]+(?:[.,][0-9]+)?(?:e-?[0-9]{1,3})?)\s*(?:%|percent|per cent|pct)?\s*$"
    )
    written = number.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    value = pl.when(written.is_finite()).then(written)
    in_percent = text.str.contains(r"(?i)(?:%|percent|per cent|pct)\s*$")
    return pl.when(in_percent).then((value / 100).round(12)).otherwise(value)


def exactly(count: int) -> pl.Expr:
    """Return a literal count of operations, exact beyond 64 bits."""
    return pl.lit(count, dtype=DTYPES["operations"])


def _read(value: pl.Expr, column: Column, dtype: pl.DataType) -> pl.Expr:
    """Read a value of any type as what its column holds; what does not fit is null."""
    wanted = column.dtype
    if dtype in (pl.Null, pl.Binary, pl.Object):
        return pl.lit(None, wanted)
    if column.kind == "rows":
        return _read_entries(value, column, dtype)
    if isinstance(wanted, pl.List):
        return _read_list(value, column, dtype)
    if dtype.is_nested():
        return pl.lit(None, wanted)
    if column.kind == "operations":
        return exact_operations(value, dtype)
    text = value.cast(pl.String, strict=False).str.strip_chars().replace("", None)
    read = _read_text(text, column)
    return value.cast(wanted, strict=False) if read is None else read


def _read_text(text: pl.Expr, column: Column) -> pl.Expr | None:
    """Return what is read from the text of a value; None where the value itself is cast."""
    match column.kind:
        case "id" | "text" | "birth date":
            return text
        case "decimal":
            return text.cast(column.dtype, strict=False)
        case "country":
            return text.str.to_uppercase()
        case "word" | "choice":
            return text.str.to_lowercase().replace({"true": "yes", "false": "no"})
        case "fraction":
            return fraction(text)
        case "flag":
            return text.str.to_lowercase().replace_strict(TRUTHS, default=None, return_dtype=pl.Boolean)
        case "date":
            return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        case _:
            return None


def _read_list(value: pl.Expr, column: Column, dtype: pl.DataType) -> pl.Expr:
    if column.kind == "countries" and dtype == pl.String:
        return country_codes(value)
    if not isinstance(dtype, pl.List):
        return pl.lit(None, column.dtype)
    entries = value.cast(column.dtype, strict=False)
    return country_codes(entries.list.join("; ")) if column.kind == "countries" else entries


def _read_entries(value: pl.Expr, column: Column, dtype: pl.DataType) -> pl.Expr:
    """Give the entries of a nested column the fields they lack; a column of another shape is unknown."""
    wanted = column.dtype
    if dtype == wanted:
        return value
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    if inner == pl.Null:
        return value.cast(wanted)
    if not isinstance(inner, pl.Struct):
        return pl.lit(None, wanted)
    given: Mapping[str, Any] = inner.to_schema()
    entry = pl.element().struct
    fields = [
        (
            _read(entry.field(field.name), field, given[field.name])
            if field.name in given
            else pl.lit(None, field.dtype)
        ).alias(field.name)
        for field in column.fields
    ]
    return value.list.eval(pl.struct(fields)).cast(wanted)
