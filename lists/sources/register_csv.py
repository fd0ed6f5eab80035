"""Lists that agencies print as pages, notices and statutes, as a table: `name`, and what else is known, a row a party.

Sections 1260H, 1286 and 889, the UFLPA Entity List, the FCC Covered List, and the bodies that 15 CFR 744.22(f)(2) names
come in no layout of their own. The name of the file says which list it is: `section-1260h-2026-06-10.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from lists.assembly import Parsed, assemble
from lists.fetch import SourceFile
from lists.sources.named_parties import COLUMNS, draft
from lists.tabular import Table, add_absent_columns, read_header, read_table, reject, reject_unread_dates

_FILES = (
    ("1260H", r"1260-?h"),
    ("1286", r"1286"),
    ("889", r"(?<!\d)889(?!\d)"),
    ("UFLPA", r"uflpa"),
    ("FCC", r"fcc|covered-list"),
    ("MIEU", r"744[-.]22|military-intelligence"),
)
_OTHERWISE = {
    "abbreviation": "aliases",
    "in_force_from": "effective_date",
    "citation": "federal_register",
    "scope": "notes",
}
"""What others call a column."""
_CLASS = r"^(?i:category listing)|(?i:\bproduced in (?:a|any) foreign countr)"


def recognize(file: SourceFile) -> bool:
    """Tell by the column of names and one more that we know, and by the name of the file."""
    header = {_OTHERWISE.get(column, column) for column in read_header(file)}
    return "name" in header and len(header & set(COLUMNS)) > 1 and _list(file) is not None


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows without a name, with an unreadable date, or of a class of goods are quarantined."""
    file = found[0]
    code = pl.lit(_list(file), pl.String)
    printed = read_table(file, partial=partial)
    frame = printed.frame.rename(_OTHERWISE, strict=False)
    table = add_absent_columns(Table(printed.file, frame, printed.rejected, printed.warnings), (), COLUMNS)
    table = reject(table, pl.col("name").is_null(), "has no name", code)
    goods = pl.any_horizontal(pl.col("name", "notes").str.contains(_CLASS).fill_null(False))
    table = reject(table, goods, "names a class of goods and no party", code)
    table = reject_unread_dates(table, ("effective_date",), code)
    return assemble(draft(table, code), (table,))


def _list(file: SourceFile) -> str | None:
    return next((code for code, pattern in _FILES if re.search(pattern, file.name)), None)
