"""The edges of every type, for every column of every input table: one row a column and edge, good but for that cell.

The columns come from the declarations, so a new one is tried without being asked.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.inputs.files import ROW
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.ownership.checks import undisclosed_names
from pipelines.inputs.reading import read_table
from screening.ownership.shares import share_range
from screening.tables.cells import TRUTHS
from screening.tables.inputs import INPUTS, OWNERSHIP
from screening.tables.table import Column, Table
from tests.matrix.spoils import usable

DATES = (
    *("0000-00-00", "0000-01-01", "0001-01-01", "0001-12-31", "0099-06-15", "1582-10-10", "1752-09-05"),
    *("1849-12-31", "1899-12-30", "1970-01-01", "2100-12-31", "9999-12-31", "10000-01-01", "-0001-01-01"),
    *(
        "+262143-12-31",
        "292277026596-12-04",
        "2026-02-29",
        "2026-11-22T23:59:60Z",
        "2026-11-22T00:00:00+14:00",
    ),
    *("2026-11-22 08:30:00-05:00", "0000", "0001", "9999", "circa 0001", "circa 9999", "0001 to 9999"),
    *("00000000", "99999999", "01/01/0001", "31 Dec 9999", "circa 2262", "1850 to 2100"),
)
INTEGERS = tuple(
    str(sign * number)
    for number in (
        *(2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64),
        *(2**127 - 1, 2**127, 2**128, 10**38 - 1, 10**38, 10**400),
    )
    for sign in (1, -1)
)
FIGURES = (
    *(
        "0",
        "-0",
        "-1",
        "007",
        "1,000,000",
        "1.5",
        "0.1",
        "0.30000000000000004",
        "-0.0",
        "1e2",
        "1e38",
        "1e39",
    ),
    *(
        "1e308",
        "1e309",
        "1e400",
        "-1e400",
        "1e-400",
        "5e-324",
        "12345678901234567890.123456789",
        "1e",
        "0x1F",
    ),
    *(
        "1_000",
        "1.2.3",
        "--1",
        "+1",
        "½",
        "٣",
        "100%",
        "100.0000001",
        "25-50",
        ">=75",
        ">75",
        "50-25",
        "1e5-1e6",
    ),
    *("NaN", "nan", "-nan", "inf", "-inf", "Infinity", "∞"),
)
WORDS = (
    "null",
    "None",
    "NULL",
    "N/A",
    "true",
    "FALSE",
    "yes",
    "unknown",
    "US",
    "us",
    "XX",
    "USA",
    "840",
    "Crimea",
)
BLANKS = ("", "   ", "\t", "\u00a0", "\u3000", "\u2003 ")
TEXTS = (
    *("x" * 10_000, "x" * 10_001, "x " * 5_000, "\u0301" * 9_000, "7" * 10_000, ";" * 50, "; ; ;", "a;b;;c"),
    *("\0", "a\0b", "\ufeff", "\u202egnissorc", "a\u200bb", "\U000e0041\U000e0042", "Acme\U000e0041"),
    *(
        '"',
        "'",
        '""',
        "a,b",
        "a|b",
        "a\tb",
        "a\r\nb",
        "=1+1",
        "%s",
        "{0}",
        "{}",
        "[]",
        '["a"]',
        '{"a": 1}',
        "`a`",
    ),
    *(
        "\x1f",
        "\x1e",
        "\x1fa; b",
        "\x1e{}",
        "a\x1bb",
        "../../etc/passwd",
        ":",
        "lei:",
        ":5",
        "a:b:c",
        "(",
        "[0-9",
    ),
    *("?", "country?x", "country=UA-43", "👨‍👩‍👧‍👦", "\U0010ffff", "ﷺ", "ß", "İ", "ǅ", "중국"),
)


@cache
def categories() -> tuple[str, ...]:
    """Return a character of every Unicode category that UTF-8 can hold, alone and behind a name."""
    found: dict[str, str] = {}
    for number in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(number))
        if category != "Cs":
            found.setdefault(category, chr(number))
    return tuple(text for char in found.values() for text in (char, f"Linden{char} Bakery"))


@cache
def edges() -> tuple[str, ...]:
    """Return all edges, each once."""
    every = (*DATES, *INTEGERS, *FIGURES, *WORDS, *BLANKS, *TEXTS, *categories())
    return tuple(dict.fromkeys(every))


@dataclass(frozen=True)
class Edge:
    """An edge in a field of a row of a file."""

    column: Column
    value: str
    row: int  # in a CSV, whose header is row 1


BASE = 12
"""Customers in order, of whom the rows of the further tables are."""


def edge_table(
    table: Table, values: tuple[str, ...], needed: bool | None = None
) -> tuple[pl.DataFrame, list[Edge]]:
    """Return rows of text, good but for one edge each, behind good rows, and where the edges stand.

    `needed`: only in the columns that a row needs, or in those that it does not.
    """
    rows = [_good(table, number) for number in range(BASE if table.name == "customers" else 2)]
    cells = []
    for column in table.columns:
        if needed not in (None, column.needed):
            continue
        for value in values:
            cells.append(Edge(column, value, len(rows) + 2))
            rows.append(_good(table, len(rows)) | {column.name: value})
    return _frame(table, rows), cells


def diagonal_table(table: Table, values: tuple[str, ...]) -> tuple[pl.DataFrame, list[Edge]]:
    """Return few rows with all edges: each has another one in each column that a row can do without."""
    alone, cells = edge_table(table, values, needed=True)
    optional = [column for column in table.columns if not column.needed]
    rows = []
    for number in range(len(values)):
        at = alone.height + number
        row = _good(table, at)
        for place, column in enumerate(optional):
            row[column.name] = values[(number + 7 * place) % len(values)]
            cells.append(Edge(column, row[column.name], at + 2))
        rows.append(row)
    return pl.concat([alone, _frame(table, rows)]), cells


def _frame(table: Table, rows: list[dict[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(table.names, pl.String()), orient="row")


def _good(table: Table, number: int) -> dict[str, str]:
    row = {column.name: usable(column, number) for column in table.columns}
    for column in table.columns:
        if column.refers in ("customer", "entity") or column.name == "customer_id":
            row[column.name] = f"C{number}" if table.name == "customers" else f"C{number % BASE}"
    if table.name == "ownership":
        row |= {"owner_id": f"O{number}", "owned_id": f"C{number % BASE}"}
    return row


def edge_tables() -> Iterator[tuple[str, Table]]:
    """Yield the input tables; that of ownership with shares in either of two ways."""
    for name, table in INPUTS.items():
        if table is not OWNERSHIP:
            yield name, table
    yield "ownership", OWNERSHIP.pick("ownership", [n for n in OWNERSHIP.names if n != "share_percent"])
    yield (
        "percent",
        OWNERSHIP.pick("ownership", [n for n in OWNERSHIP.names if n not in ("share_min", "share_max")]),
    )


BLANK = "\0 \t\r\n"
"""What is taken from the ends of a text, besides Unicode's own blanks."""


def numbered_rows(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read a file as the table; return its usable rows, with their numbers in the file where the reader tells them,
    and the problems."""
    table = INPUTS["ownership" if name == "percent" else name]
    if table is OWNERSHIP:
        found = read_ownership([path])
        return found.edges, found.problems
    reading = read_table(path, table)
    return reading.frame.with_columns(reading.rows), reading.problems


def silent(cells: list[Edge], frame: pl.DataFrame, problems: pl.DataFrame) -> list[Edge]:
    """Return the edges that are not blank, stand nowhere in the typed rows and are no problem of their row."""
    noted: dict[int, str] = {}
    for row, column in problems.select("row", "column").iter_rows():
        noted[row] = f"{noted.get(row, '')} {column}"
    numbers = frame[ROW].to_list() if ROW in frame.columns else None
    typed = {name: frame[name].to_list() for name in frame.columns}
    places = {row: place for place, row in enumerate(numbers or ())}
    lost = []
    for cell in cells:
        name, problem = cell.column.name, noted.get(cell.row, "")
        if not cell.value.strip(BLANK).strip() or name in problem or "(row)" in problem:
            continue
        if numbers is None:
            if not _in_edges(cell, typed, problem):
                lost.append(cell)
        elif cell.row not in places or typed[name][places[cell.row]] is None:
            lost.append(cell)
    return lost


def _in_edges(cell: Edge, typed: Mapping[str, list[object]], noted: str) -> bool:
    """Tell whether an edge of the ownership file, whose rows have no numbers, may be thought to be read."""
    name, value = cell.column.name, cell.value.replace("\0", "").strip()
    match cell.column.kind:
        case "date":
            return bool(re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d", value))
        case "flag" | "choice":
            return value.lower() in (*cell.column.choices, *TRUTHS)
        case "share":
            return "share" in noted or bool(re.fullmatch(r"[-+]?\d+", value))
    if name == "share_percent":
        return "share" in noted or share_range_of(value)
    if "owner_id" in noted or "owned_id" in noted or value.lower() in undisclosed_names():
        return True
    parts = [value, *(part.strip() for part in value.split(";"))]
    return any(part in typed[name] for part in parts)


def share_range_of(value: str) -> bool:
    """Tell whether a share can be read."""
    return pl.select(share_range(pl.lit(value)).struct.field("share_min")).item() is not None
