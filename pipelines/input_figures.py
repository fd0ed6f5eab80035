"""Figures of the inputs and lists of a run, for `pipelines.metrics`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

Figure = tuple[str, str, float, Mapping[str, str]]
"""Name without prefix, description, value, labels."""


def input_figures(health: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield a figure for each file, column and list; files of one table and name are counted together."""
    files = sorted(health["files"], key=_file)
    for (table, file), rows in groupby(files, key=_file):
        yield from _file_figures(list(rows), {"table": table, "file": file})
    for row in health["lists"]:
        label = {"list": row["list"]}
        yield (
            "list_age_business_days",
            "Age of the list on the day of the run",
            row["age_business_days"],
            label,
        )
    for loaded, rows in ((1, health["lists"]), (0, health["lists_not_loaded"])):
        for row in rows:
            yield "list_loaded", "Whether the list was screened", loaded, {"list": row["list"]}


def _file_figures(rows: list[Mapping[str, Any]], labels: Mapping[str, str]) -> Iterator[Figure]:
    yield "input_rows", "Rows of the file", sum(row["rows"] for row in rows), labels
    aside = sum(row["rows_set_aside"] for row in rows)
    yield "input_rows_set_aside", "Rows of the file that could not be used", aside, labels
    joins = [row["joined"] for row in rows if row["joined"]]
    if joins:
        joined = sum(join["rows"] for join in joins)
        yield "input_rows_joined", "Rows of the file that are of a customer", joined, labels
        customers = sum(join["customers"] for join in joins)
        yield "input_customers_joined", "Customers of whom the file has a row", customers, labels
    lost = sorted((each for row in rows for each in row["values_ignored"]), key=_column)
    for column, values in groupby(lost, key=_column):
        of_column, counted = {**labels, "column": column}, list(values)
        ignored = sum(each["values"] for each in counted)
        filled = sum(each["filled"] for each in counted)
        yield "input_values_ignored", "Values of the column that could not be used", ignored, of_column
        yield "input_values_filled", "Filled values of a column with ignored ones", filled, of_column


def _file(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["table"], row["file"]


def _column(lost: Mapping[str, Any]) -> str:
    return str(lost["column"])
