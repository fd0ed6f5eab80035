"""Homeland Security: the UFLPA Entity List as the page on which the department prints it, tables of name and day.

Parties on several of its tables are one; under which paragraph of the statute they stand is kept as their remark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from lists.assembly import Parsed, assemble
from lists.errors import MalformedList
from lists.fetch import SourceFile
from lists.sources.named_parties import COLUMNS, draft
from lists.tabular import ROW, Table, reject_unread_dates, rejected_rows
from lists.xml import page_tables

_TITLE = re.compile(r"<title>\s*UFLPA Entity List\b")
_HEADINGS = (["name of entity", "effective date"], ["entity name", "effective date"])
_PARAGRAPHS = ("Sec. 2(d)(2)(B)(i)", "Sec. 2(d)(2)(B)(ii)", "Sec. 2(d)(2)(B)(v)")
"""The tables in their order: those of paragraphs (iii) and (iv) are printed with others, or empty."""


def recognize(file: SourceFile) -> bool:
    """Tell by the title of the page."""
    return bool(_TITLE.search(file.head_text))


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read the page; rows without two cells or with an unreadable day are quarantined. Raises MalformedList."""
    file = found[0]
    tables = [rows for rows in page_tables(file) if [cell.lower() for cell in rows[0]] in _HEADINGS]
    if not tables:
        raise MalformedList(
            f"{file.path}: the page has no table of entities; it may have changed, or was cut off"
        )
    printed = [(cells, number) for number, rows in enumerate(tables) for cells in rows[1:]]
    good = [(row, *cells, number) for row, (cells, number) in enumerate(printed, start=1) if _whole(cells)]
    bad = [
        (row, "has not a name and a day", " | ".join(cells))
        for row, (cells, _) in enumerate(printed, start=1)
        if not _whole(cells)
    ]
    schema = {ROW: pl.Int64(), "name": pl.String(), "effective_date": pl.String(), "table": pl.Int64()}
    frame = pl.DataFrame(good, schema=schema, orient="row").with_columns(notes=_paragraph(len(tables)))
    absent = [pl.lit(None, pl.String).alias(column) for column in COLUMNS if column not in frame.columns]
    table = Table(file.name, frame.with_columns(absent), rejected_rows(file.name, bad, "UFLPA"))
    table = reject_unread_dates(table, ("effective_date",), pl.lit("UFLPA"))
    return assemble(draft(table, pl.lit("UFLPA")), (table,))


def _whole(cells: list[str]) -> bool:
    return len(cells) == 2 and all(cells)


def _paragraph(tables: int) -> pl.Expr:
    """Return the paragraph of a table, where there are as many tables as when this was written."""
    if tables != len(_PARAGRAPHS):
        return pl.lit(None, pl.String)
    return pl.col("table").replace_strict(range(tables), _PARAGRAPHS, return_dtype=pl.String)
