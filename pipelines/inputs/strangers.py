"""Rows of the further tables that are of nobody in the book: each is a problem, for nothing comes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from pipelines.inputs.accounts import add_ignored
from pipelines.inputs.files import ROW
from pipelines.inputs.problems import IGNORED, problem_rows
from pipelines.inputs.unused import refers_to_nothing
from screening.tables.book import Book
from screening.tables.inputs import INPUTS
from screening.tables.table import Column

Contains = Callable[[pl.Series], pl.Series]
"""From ids to whether each is among those that are there."""
UNJOINED = {"table": pl.String(), ROW: pl.Int64(), "value": pl.String()}


def referring_columns() -> dict[str, Column]:
    """Return the column of each input table that names a customer or other entity whom its rows are of.

    >>> {name: column.name for name, column in referring_columns().items()}["connections"]
    'entity_id'
    """
    return {
        table.name: column
        for table in INPUTS.values()
        for column in table.columns
        if column.refers in ("customer", "entity")
    }


def rows_of_no_customer(book: Book, is_customer: Contains) -> pl.DataFrame:
    """Return the rows that name no customer: columns of `UNJOINED`. The tables are in the order of their files."""
    return pl.concat([pl.DataFrame(schema=UNJOINED), *_unjoined(book, is_customer)])


def _unjoined(book: Book, is_customer: Contains) -> Iterator[pl.DataFrame]:
    for name, column in referring_columns().items():
        if name in book.rows:
            ids: pl.Series = getattr(book, name)[column.name]
            rows = pl.DataFrame({ROW: book.rows[name], "value": ids}).filter(~is_customer(ids))
            yield rows.select(pl.lit(name).alias("table"), ROW, "value")


def with_strangers(book: Book, unjoined: pl.DataFrame, is_entity: Contains) -> Book:
    """Tell of these rows in the problems and accounts of the book, except those of other entities where a table takes
    such."""
    columns, problems, accounts = referring_columns(), [book.problems], list(book.accounts)
    for place, account in enumerate(accounts):
        rows = unjoined.filter(pl.col("table") == account.table)
        if rows.is_empty():
            continue
        column = columns[account.table]
        if column.refers == "entity":
            rows = rows.filter(~is_entity(rows["value"]))
        noted = rows.select(
            ROW, "value", pl.lit(column.name).alias("column"),
            pl.lit(refers_to_nothing(column.refers)).alias("reason"), pl.lit(IGNORED).alias("consequence"),
        )  # fmt: skip
        problems.append(problem_rows(noted, account.table, account.file))
        accounts[place] = add_ignored(account, problems[-1], len(book.rows[account.table]))
    return replace(book, problems=pl.concat(problems), accounts=tuple(accounts))
