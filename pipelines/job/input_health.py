"""What `run.json` says of each input file, and the remarks on it among the warnings of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.job.bounds import JOINING
from pipelines.job.joins import Join
from screening.tables.accounts import FileAccount, IgnoredValues
from screening.tables.inputs import INPUTS

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
        lost = [
            f"{each.values} of {each.filled} of {each.column}"
            for each in account.ignored
            if account.table not in INPUTS or not _is_country(account.table, each.column)
        ]
        if lost:
            yield (
                f"{account.file}: values that cannot be read count as unknown: {', '.join(lost)}; "
                "the table problems lists them."
            )
        join = joins.get(number)
        if join is None or join.rows:
            continue
        if not account.rows:
            yield f"{account.file}: holds no rows of {account.table}."
        elif join.through:
            if account.table != "entities":  # which describe those who stand in the files of edges
                yield f"{account.file}: joins no customer itself, only entities of {join.through}."
        elif account.table in JOINING:
            yield f"{account.file}: none of its {account.rows} rows of {account.table} is of a customer of the book."


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


def _is_country(table: str, column: str) -> bool:
    names = INPUTS[table].names
    return column in names and INPUTS[table].column(column).kind in COUNTRIES
