"""Random frames of any declared table: a hypothesis strategy for small ones, a seeded maker for large ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from screening.tables.kinds import MOST_OPERATIONS, Kind
from screening.tables.table import Column, Table

Random = np.random.Generator

LETTERS = "abcXYZ 09.,'\"&-éß華為Хуа\n"
"""Of texts: quotes, commas, line ends and letters of several scripts, but no ";", which parts lists in text."""
BIRTH_DATES = ("1951-08-28", "circa 1960", "1951", "1951 to 1953", "03/04/1972")
COUNTRIES = ("US", "CN", "DE", "RU")
IDENTIFIER = "duns:{}"
"""Of a type that any nine digits fit, if they are not all alike: what has no type is a problem of its row."""
RULES = ("RF28", "RF01", "G18", "CERT_I")
"""Ids that an answer may speak to: another is a problem of its row."""
WORDS = ("first", "second", "third")
FIRST_DAY = date(1990, 1, 1)


def _clean(text: str) -> str:
    return text.strip().strip('"').strip() or "x"


texts = st.text(LETTERS, min_size=1, max_size=12).map(_clean)
ids = st.text("abcXYZ019-_", min_size=1, max_size=8)
codes = st.sampled_from(("AE", "CN", "CU", "DE", "IR", "RU", "US", "XK"))
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))

CELLS: Mapping[Kind, st.SearchStrategy[Any]] = {
    "id": ids,
    "text": texts,
    "texts": st.lists(texts, min_size=1, max_size=3),
    "word": st.sampled_from(WORDS),
    "country": codes,
    "countries": st.lists(codes, min_size=1, max_size=3),
    "flag": st.booleans(),
    "date": days,
    "birth date": st.sampled_from(BIRTH_DATES),
    "number": st.floats(0, 1e18, allow_nan=False),
    "fraction": st.floats(0, 1, allow_nan=False),
    "integer": st.integers(0, 10**12),
    "integers": st.lists(st.integers(0, 9), max_size=3),
    "share": st.integers(0, 1_000_000),
    "decimal": st.decimals(0, 10**12, places=3),
    "operations": st.integers(0, MOST_OPERATIONS),
    "bytes": st.binary(max_size=4),
    "hash64": st.integers(0, 2**64 - 1),
    "hash128": st.fixed_dictionaries(dict.fromkeys(("high", "low"), st.integers(0, 2**64 - 1))),
    "places": st.lists(st.integers(0, 9), max_size=3),
}


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Usable values of a column; null too where a row can do without."""
    if column.kind == "rows":
        entry = st.fixed_dictionaries({field.name: cells(field) for field in column.fields})
        values: st.SearchStrategy[Any] = st.lists(entry, max_size=2)
    elif column.refers == "rule":
        values = st.sampled_from(RULES)
    elif column.choices:
        values = st.sampled_from(column.choices)
    elif "identifier" in column.holds and column.kind == "texts":
        values = st.lists(
            st.integers(123_000_000, 123_999_999).map(IDENTIFIER.format), min_size=1, max_size=3
        )
    else:
        values = CELLS[column.kind]
    return values if column.needed else st.none() | values


def frames(table: Table, *, min_rows: int = 0, max_rows: int = 6) -> st.SearchStrategy[pl.DataFrame]:
    """Frames of a table in its types; the first column of an input's key is unique."""
    row = st.fixed_dictionaries({column.name: cells(column) for column in table.columns})
    key = table.key[0] if table.key and table.column(table.key[0]).needed else None
    once: Callable[[dict[str, Any]], Any] | None = (lambda cells: cells[key]) if key else None
    rows = st.lists(row, min_size=min_rows, max_size=max_rows, unique_by=once)
    return rows.map(lambda rows: pl.DataFrame(rows, schema=table.schema(), orient="row"))


def random_frame(table: Table, rows: int, seed: int = 0, blank: float = 0.2) -> pl.DataFrame:
    """Return a frame of a table, the same one for a seed; a share `blank` of the cells that may be null are."""
    random = np.random.default_rng(seed)
    columns = {}
    for column in table.columns:
        values = _values(column, rows, random)
        if column.name == next(iter(table.key), None) and column.kind == "id":
            values = [f"{column.name[0]}{row:07d}" for row in range(rows)]
        elif not column.needed:
            values = [
                None if gone else v for v, gone in zip(values, random.random(rows) < blank, strict=True)
            ]
        columns[column.name] = pl.Series(values, dtype=column.dtype)
    return pl.DataFrame(columns)


def _values(column: Column, rows: int, random: Random) -> list[Any]:
    """Return usable values of a column."""
    if column.refers == "rule":
        return [RULES[i] for i in random.integers(0, len(RULES), rows)]
    if column.choices:
        return [column.choices[i] for i in random.integers(0, len(column.choices), rows)]
    numbers = random.integers(0, 1_000_000, rows).tolist()
    if "identifier" in column.holds and column.kind == "texts":
        return [[IDENTIFIER.format(123_000_000 + number)] for number in numbers]
    if column.kind == "rows":
        entries = {field.name: _values(field, rows, random) for field in column.fields}
        return [[{name: values[row] for name, values in entries.items()}] for row in range(rows)]
    return [_MADE[column.kind](number) for number in numbers]


_MADE: Mapping[Kind, Callable[[int], Any]] = {
    "id": lambda n: f"i{n}",
    "text": lambda n: f"Text {n}, 華為",
    "texts": lambda n: [f"Text {n}", f"Text {n + 1}"],
    "word": lambda n: WORDS[n % 3],
    "country": lambda n: COUNTRIES[n % 4],
    "countries": lambda n: [COUNTRIES[n % 4], COUNTRIES[n % 3]],
    "flag": lambda n: n % 2 == 0,
    "date": lambda n: FIRST_DAY + timedelta(days=n % 13_000),
    "birth date": lambda n: BIRTH_DATES[n % len(BIRTH_DATES)],
    "number": lambda n: n / 1000,
    "fraction": lambda n: n % 101 / 100,
    "integer": lambda n: n,
    "integers": lambda n: [n % 5],
    "share": lambda n: n,
    "decimal": lambda n: Decimal(n) / 1000,
    "operations": lambda n: n * 10**21 + 1,
    "bytes": lambda n: n.to_bytes(4, "big"),
    "hash64": lambda n: n * 0x9E3779B97F4A7C15 % 2**64,
    "hash128": lambda n: {"high": n, "low": n + 1},
    "places": lambda n: [n % 7, 0],
}


def written(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a frame as people write it into a file: every cell text, several values separated by "; "."""
    return frame.select(_written(column) for column in table.columns)


def _written(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    match column.kind:
        case "texts" | "countries":
            return value.list.join("; ")
        case "flag":
            return pl.when(value).then(pl.lit("yes")).when(~value).then(pl.lit("no")).alias(column.name)
        case "rows" | "hash128":
            return value.map_elements(lambda cell: json.dumps(cell, default=str), pl.String)
        case _:
            return value.cast(pl.String)
