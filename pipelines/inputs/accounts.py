"""The account of an input file, made from its problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from pipelines.inputs.problems import IGNORED, SET_ASIDE
from pipelines.inputs.unused import NOTHING_COMES
from screening.tables.accounts import FileAccount, IgnoredValues
from screening.tables.book import InputFile

EXAMPLES = 3
CUT = 40
"""Characters of an example that are shown."""
REASONS = 8
"""Reasons that are counted one by one; those of fewer rows are counted together."""
OTHER_REASONS = "other reasons"
ROWS_SHOWN = 10

CountFilled = Callable[[Sequence[str]], Mapping[str, int]]
"""From columns to the number of values in the usable rows; a column that the table does not have is left out."""


def make_account(
    table: str, source: InputFile, problems: pl.DataFrame, count_filled: CountFilled
) -> FileAccount:
    """Count what became of a file. problems: those of the file. The share of a column whose values nobody counted is
    taken of the rows."""
    aside = problems.filter(pl.col("consequence") == SET_ASIDE)
    first = aside.unique("row", keep="first", maintain_order=True).head(ROWS_SHOWN)
    return FileAccount(
        table,
        source.name,
        source.rows,
        aside["row"].n_unique(),
        _reasons(aside),
        _ignored(problems.filter(pl.col("consequence") == IGNORED), source.rows, count_filled),
        tuple(f"row {row}: {column}: {reason}" for row, column, reason in _words(first)),
    )


def add_ignored(account: FileAccount, problems: pl.DataFrame, filled: int) -> FileAccount:
    """Count further values that were ignored in an account. problems: those of them. filled: values of the column."""
    further = _ignored(problems, filled, lambda columns: dict.fromkeys(columns, filled))
    every = sorted((*account.ignored, *further), key=lambda lost: lost.column)
    return replace(account, ignored=tuple(every))


def filled_in(frame: pl.DataFrame) -> CountFilled:
    """Return what counts the values of columns of a frame.

    >>> filled_in(pl.DataFrame({"a": ["x", None]}))(["a", "b"])
    {'a': 1}
    """
    return lambda columns: {
        name: frame.height - frame[name].null_count() for name in columns if name in frame.columns
    }


def shown(value: str) -> str:
    """Return a value cut short, without characters that steer a terminal or turn the direction of text.

    >>> shown("a\\x1b[31m\\u202eb")
    'a�[31m�b'
    """
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
    return plain if len(plain) <= CUT else f"{plain[:CUT]}..."


def _words(rows: pl.DataFrame) -> list[tuple[int, str, str]]:
    return rows.select("row", "column", "reason").rows()


def _reasons(aside: pl.DataFrame) -> dict[str, int]:
    """Count the rows of each reason, the commonest first; a row with several reasons counts for each."""
    if aside.is_empty():
        return {}
    counted = aside.group_by(reason=pl.format("{}: {}", "column", "reason")).agg(
        rows=pl.col("row").n_unique()
    )
    ranked = counted.sort("rows", "reason", descending=[True, False])
    found = dict(ranked.head(REASONS).iter_rows())
    rest = int(ranked.slice(REASONS)["rows"].sum())
    return {**found, OTHER_REASONS: rest} if rest else found


def _ignored(problems: pl.DataFrame, rows: int, count_filled: CountFilled) -> tuple[IgnoredValues, ...]:
    """Count the ignored values by column; a value with two faults counts once.

    One of which nothing comes stays in its row, so it is among the filled ones already.
    """
    if problems.is_empty():
        return ()
    columns = problems["column"].unique().sort().to_list()
    used = count_filled(columns)
    found = []
    for column in columns:
        values = problems.filter(pl.col("column") == column)
        count = values["row"].n_unique()
        gone = values.filter(~pl.col("reason").str.ends_with(NOTHING_COMES))["row"].n_unique()
        filled = used[column] + gone if column in used else max(rows, count)
        found.append(IgnoredValues(column, count, filled, _examples(values["value"])))
    return tuple(found)


def _examples(values: pl.Series) -> tuple[str, ...]:
    """Return the commonest values."""
    counted = (
        values.drop_nulls().value_counts(name="times").sort("times", values.name, descending=[True, False])
    )
    return tuple(shown(value) for value in counted[values.name].head(EXAMPLES))
