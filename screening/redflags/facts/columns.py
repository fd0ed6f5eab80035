"""The columns of the facts frame, and how any given frame is made to conform to them.

`screening/data/facts.csv` says what each column means. Every column except `customer_id` may be missing or null: that
is unknown, never clear. A cell that cannot be read is unknown too, and the rule that needs it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

import polars as pl

from screening.errors import InvalidFrame
from screening.law.tables import table
from screening.tables.cells import read_column, read_columns, read_rows, unreadable
from screening.tables.kinds import Kind
from screening.tables.table import Column, Table

_COUNTED = ("training_ops", "training_ops_planned", "training_ops_metered")


@cache
def facts_table() -> Table:
    """Return the declaration of the facts frame, from `screening/data/facts.csv`.

    >>> facts_table().column("restricted").fields[0].name
    'regime'
    """
    rows = table("facts").select("column", "type", "meaning").rows()
    fields: dict[str, list[Column]] = {}
    for name, kind, meaning in rows:
        parent, _, field = name.rpartition(".")
        fields.setdefault(parent, []).append(Column(field, meaning, cast(Kind, kind)))
    columns = (
        Column(column.name, column.meaning, column.kind, fields=tuple(fields.get(column.name, ())))
        for column in fields[""]
    )
    return Table("facts", "One row a customer.", tuple(columns), key=("customer_id",))


@cache
def schema() -> Mapping[str, pl.DataType]:
    """Return every column of the facts frame with its Polars type."""
    return facts_table().schema()


def conform(facts: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return the facts with every column of the schema, in its type; further columns are left out.

    Raises `InvalidFrame` if `customer_id` is missing, null or not unique.
    """
    frame = facts.lazy().collect()
    _check_key(frame)
    given, columns = frame.schema, facts_table().columns
    counts = [column for column in columns if column.kind == "operations"]
    # Whoever gives a column of operations says that the customers train models, also where a cell is empty.
    trains = pl.lit(True if any(column.name in given for column in counts) else None, pl.Boolean)
    training = _given("training_activity", given, trains)
    special = {
        "training_ops": pl.max_horizontal(_read(name, given) for name in _COUNTED),
        "training_activity": training,
        "has_activity": _given("has_activity", given, training),
        "has_address": pl.when(_read("address", given).is_not_null()).then(True),
        "has_payers": pl.max_horizontal(_read(name, given) for name in ("has_activity", "has_transactions")),
        "ownership_traced": pl.when(_read("restricted", given).is_not_null()).then(True),
        "training_problem": pl.when(unreadable(counts, given))
        .then(pl.lit("a count of operations is negative, not a number or beyond reason"))
        .otherwise(_read("training_problem", given)),
    }
    plain = read_columns([column for column in columns if column.name not in special], given)
    computed = (value.alias(name) for name, value in special.items())
    return frame.with_columns(*plain, *computed).select(facts_table().names)


def read_facts(facts: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return some columns of the facts, each in its type; one that was not given is null.

    >>> read_facts(pl.DataFrame({"country": ["us"]}), ["name", "country"]).row(0)
    (None, 'US')
    """
    return read_rows(facts_table(), facts, list(columns))


def _read(name: str, given: Mapping[str, pl.DataType]) -> pl.Expr:
    return read_column(facts_table().column(name), given)


def _given(name: str, given: Mapping[str, pl.DataType], otherwise: pl.Expr) -> pl.Expr:
    return _read(name, given) if name in given else otherwise


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
