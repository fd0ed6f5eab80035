"""What `run.json` says of each input file, and the remarks on it among the warnings of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.inputs.unused import REFERENTS
from pipelines.job.bounds import JOINING, of_no_join
from pipelines.job.joins import Join
from screening.tables.accounts import FileAccount, IgnoredValues
from screening.tables.inputs import INPUTS
from screening.tables.table import Column

COUNTRIES = ("country", "countries")
"""Kinds of columns whose ignored values have a remark with their reasons already."""


def file_rows(accounts: Sequence[FileAccount], joins: Mapping[int, Join]) -> list[dict[str, Any]]:
    """Return a row for each file: table, file, rows, rows_set_aside, reasons, values_ignored, joined.

    values_ignored: rows of column, values, filled, share, examples. joined: rows, customers, through; null where a file
    has nothing to join by.
    """
    return [
        {
            "table": account.table,
            "file": account.file,
            "rows": account.rows,
            "rows_set_aside": account.set_aside,
            "reasons": dict(account.reasons),
            "values_ignored": [_ignored_row(lost) for lost in account.ignored],
            "joined": _join_row(joins.get(number)),
        }
        for number, account in enumerate(accounts)
    ]


def file_remarks(accounts: Sequence[FileAccount], joins: Mapping[int, Join]) -> Iterator[str]:
    """Say what is lost of the inputs, a line a file and fault, within the bounds of the configuration."""
    for number, account in enumerate(accounts):
        join = joins.get(number)
        unread, unused = _lost(account, join)
        if unread:
            yield (
                f"{account.file}: values that cannot be read count as unknown: {', '.join(unread)}; "
                "the table problems lists them."
            )
        for column, lost in unused:
            yield f"{account.file}: {lost} name {REFERENTS[column.refers]}; nothing comes of them."
        if join is None or join.rows:
            continue
        if not account.rows:
            yield f"{account.file}: holds no rows of {account.table}."
        elif join.through:
            if account.table != "entities":  # which describe those who stand in the files of edges
                yield f"{account.file}: joins no customer itself, only entities of {join.through}."
        elif account.table in JOINING:
            yield f"{account.file}: none of its {account.rows} rows of {account.table} is of a customer of the book."


def _lost(account: FileAccount, join: Join | None) -> tuple[list[str], list[tuple[Column, str]]]:
    """Return in words how many values of each column cannot be read, and how many refer to nothing."""
    unread, unused = [], []
    for each in account.ignored:
        words = f"{each.values} of {each.filled} of {each.column}"
        columns = {column.name: column for column in INPUTS[account.table].columns}
        column = columns.get(each.column)
        if column is None or not (column.refers or column.kind in COUNTRIES):
            unread.append(words)
        elif column.refers and not of_no_join(account.table, each.column, join):
            unused.append((column, words))
    return unread, unused


def _ignored_row(lost: IgnoredValues) -> dict[str, Any]:
    return {
        "column": lost.column,
        "values": lost.values,
        "filled": lost.filled,
        "share": round(lost.share, 6),
        "examples": list(lost.examples),
    }


def _join_row(join: Join | None) -> dict[str, Any] | None:
    if join is None:
        return None
    return {"rows": join.rows, "customers": join.customers, "through": join.through}
