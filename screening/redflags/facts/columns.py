"""The columns of the facts frame, and how any given frame is made to conform to them.

`screening/data/facts.csv` says what each column means. Every column except `customer_id` may be missing or null: that
is unknown, never clear. A cell that cannot be read is unknown too, and the rule that needs it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from screening.errors import InvalidFrame
from screening.law.tables import table

OPERATIONS = pl.Int128()
"""Operations are counted exactly: 1e26 does not fit 64 bits and floats do not add up to it."""

MOST_OPERATIONS = 10**32
"""More than all machines together will do in decades: a larger figure is a typing error."""

_SCALARS: Mapping[str, pl.DataType] = {
    "string": pl.String(),
    "country": pl.String(),
    "answer": pl.String(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
    "integer": pl.Int64(),
    "ppm": pl.Int64(),
    "float": pl.Float64(),
    "operations": OPERATIONS,
    "decimal": pl.Decimal(38, 3),
    "strings": pl.List(pl.String()),
    "integers": pl.List(pl.Int64()),
}


@cache
def nested(name: str) -> pl.Struct:
    """Return the entry type of a nested column.

    >>> nested("restricted").fields[0].name
    'regime'
    """
    return pl.Struct({field: _SCALARS[kind] for field, kind in _fields(name).items()})


@cache
def _fields(name: str) -> Mapping[str, str]:
    rows = table("facts").filter(pl.col("column").str.starts_with(f"{name}."))
    return dict(zip(rows["column"].str.strip_prefix(f"{name}."), rows["type"], strict=True))


@cache
def schema() -> Mapping[str, pl.DataType]:
    """Return every column of the facts frame with its Polars type."""
    return {column: _SCALARS.get(kind) or pl.List(nested(column)) for column, kind in _kinds().items()}


def operations(column: str, given: pl.DataType) -> pl.Expr:
    """Return a column of operations as exact integers; what is no plausible count becomes null.

    Floats and text go through their shortest decimal form, so that 3e25 + 7e25 is 1e26.

    >>> pl.DataFrame({"a": [1e26, 9.999999999999999e25, -1.0]}).select(operations("a", pl.Float64()))["a"].to_list()
    [100000000000000000000000000, 99999999999999990000000000, None]
    """
    return _exact(pl.col(column), given).alias(column)


def _exact(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_nested() or dtype in (pl.Null, pl.Binary, pl.Object):
        return pl.lit(None, OPERATIONS)
    if not dtype.is_integer():
        value = value.cast(pl.String, strict=False).cast(pl.Decimal(38, 0), strict=False)
    value = value.cast(OPERATIONS, strict=False)
    return pl.when((value >= 0) & (value <= exactly(MOST_OPERATIONS))).then(value)


def exactly(count: int) -> pl.Expr:
    """Return a literal of operations, exact beyond 64 bits."""
    return pl.lit(count, dtype=OPERATIONS)


def conform(facts: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return the facts with every column of the schema, in its type; further columns are left out.

    Raises `InvalidFrame` when `customer_id` is missing, null or not unique.
    """
    frame = facts.lazy().collect()
    _check_key(frame)
    given = frame.schema
    kinds = _kinds()
    counts = [c for c, kind in kinds.items() if kind == "operations" and c in given and given[c] != pl.Null]
    unreadable = [pl.col(c).is_not_null() & operations(c, given[c]).is_null() for c in counts]
    # Whoever gives a column of operations says that the customers train models, also where a cell is empty.
    trains = pl.lit(
        True if set(given) & {c for c, kind in kinds.items() if kind == "operations"} else None, pl.Boolean
    )
    training = _given("training_activity", given, trains)
    counted = [read_column(c, "operations", given) for c in _COUNTED]
    special = {
        "training_ops": pl.max_horizontal(counted),
        "training_activity": training,
        "has_activity": _given("has_activity", given, training),
        "has_address": pl.when(read_column("address", "string", given).is_not_null()).then(True),
        "has_payers": pl.max_horizontal(
            read_column(c, "boolean", given) for c in ("has_activity", "has_transactions")
        ),
        "ownership_traced": pl.when(read_column("restricted", "restricted", given).is_not_null()).then(True),
        "training_problem": pl.when(pl.any_horizontal(pl.lit(False), *unreadable))
        .then(pl.lit("a count of operations is negative, not a number or beyond reason"))
        .otherwise(read_column("training_problem", "string", given)),
    }
    return frame.with_columns(
        special.get(c, read_column(c, kind, given)).alias(c) for c, kind in kinds.items()
    ).select(list(kinds))


def read_columns(facts: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return some columns of the facts, each in its type; one that was not given is null.

    >>> read_columns(pl.DataFrame({"country": ["us"]}), ["country", "name"]).row(0)
    ('US', None)
    """
    kinds, given = _kinds(), facts.schema
    return facts.select(read_column(column, kinds[column], given) for column in columns)


_COUNTED = ("training_ops", "training_ops_planned", "training_ops_metered")


@cache
def _kinds() -> Mapping[str, str]:
    rows = table("facts").filter(~pl.col("column").str.contains(".", literal=True))
    return dict(zip(rows["column"], rows["type"], strict=True))


def _given(column: str, given: Mapping[str, pl.DataType], otherwise: pl.Expr) -> pl.Expr:
    return read_column(column, "boolean", given) if column in given else otherwise


def read_column(name: str, kind: str, given: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return a column of a given frame in the type of its kind; what cannot be read is null.

    >>> pl.DataFrame({"c": [" us "]}).select(read_column("c", "country", {"c": pl.String()}))["c"].item()
    'US'
    """
    dtype = given.get(name, pl.Null())
    return _read(pl.col(name), kind, dtype, name if kind not in _SCALARS else None).alias(name)


def _read(value: pl.Expr, kind: str, dtype: pl.DataType, entries: str | None = None) -> pl.Expr:
    """Read a value of any type as its kind; what does not fit is null. `entries` names a nested column."""
    wanted = pl.List(nested(entries)) if entries else _SCALARS[kind]
    if dtype in (pl.Null, pl.Binary, pl.Object):
        return pl.lit(None, wanted)
    if entries:
        return _entries(value, entries, dtype)
    if isinstance(wanted, pl.List):
        return value.cast(wanted, strict=False) if isinstance(dtype, pl.List) else pl.lit(None, wanted)
    if dtype.is_nested():
        return pl.lit(None, wanted)
    if kind == "operations":
        return _exact(value, dtype)
    words = value.cast(pl.String, strict=False).str.strip_chars().replace("", None)
    if kind == "string":
        return words
    if kind == "decimal":
        return words.cast(wanted, strict=False)
    if kind == "country":
        return words.str.to_uppercase()
    if kind == "answer":
        return words.str.to_lowercase().replace({"true": "yes", "false": "no"})
    if kind == "boolean":
        return words.str.to_lowercase().replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
    if kind == "date":
        return words.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return value.cast(wanted, strict=False)


_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _entries(value: pl.Expr, name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a nested column whose entries have every field; a column of another shape is unknown."""
    wanted = pl.List(nested(name))
    if dtype == wanted:
        return value
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    if inner == pl.Null:
        return value.cast(wanted)
    if not isinstance(inner, pl.Struct):
        return pl.lit(None, wanted)
    given: Mapping[str, Any] = inner.to_schema()
    element = pl.element().struct
    fields = [
        (
            _read(element.field(field), kind, given[field])
            if field in given
            else pl.lit(None, _SCALARS[kind])
        ).alias(field)
        for field, kind in _fields(name).items()
    ]
    return value.list.eval(pl.struct(fields)).cast(wanted)


def _check_key(frame: pl.DataFrame) -> None:
    if "customer_id" not in frame.columns:
        raise InvalidFrame("the facts frame has no column customer_id; give one row a customer")
    ids = frame["customer_id"].cast(pl.String)
    problems = []
    if ids.null_count():
        problems.append(f"customer_id is blank in {ids.null_count()} rows")
    repeated = ids.filter(ids.is_duplicated() & ids.is_not_null()).unique().sort()
    if len(repeated):
        problems.append(
            f"customer_id is not unique: {', '.join(repeated.head(5).to_list())} ({len(repeated)} ids repeat)"
        )
    if problems:
        raise InvalidFrame("the facts frame needs one row a customer", problems)
