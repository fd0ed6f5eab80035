"""The declared tables as Markdown: what `docs/method/inputs.md` and `docs/method/run-tables.md` quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from screening.tables.inputs import (
    ACTIVITY,
    ANSWERS,
    CONNECTIONS,
    CUSTOMERS,
    ENTITIES,
    LICENCES,
    OWNERSHIP,
    RENAMES,
    SUPPRESSIONS,
    TRANSACTIONS,
    WATCHLISTS,
)
from screening.tables.outputs import OUTPUTS
from screening.tables.table import Column, Table

KINDS = {
    "id": "text",
    "texts": "list of texts",
    "word": "text",
    "choice": "text",
    "country": "country",
    "countries": "list of countries",
    "flag": "yes or no",
    "number": "number",
    "fraction": "share from 0 to 1, or in percent",
    "integer": "whole number",
    "integers": "list of whole numbers",
    "share": "parts per million",
    "decimal": "number, exact to thousandths",
    "operations": "number, exact",
    "rows": "list of rows",
    "hash64": "64 bits",
    "hash128": "two numbers of 64 bits",
    "places": "list of row numbers",
}
"""What people call the kinds that do not say it themselves."""


def _input_section(table: Table) -> str:
    """Return what an input table is and its columns, those that are needed in bold."""
    return f"{table.meaning}\n\n{_lines(_input_rows(table.columns))}"


customers = partial(_input_section, CUSTOMERS)
ownership = partial(_input_section, OWNERSHIP)
entities = partial(_input_section, ENTITIES)
activity = partial(_input_section, ACTIVITY)
connections = partial(_input_section, CONNECTIONS)
transactions = partial(_input_section, TRANSACTIONS)
answers = partial(_input_section, ANSWERS)
licences = partial(_input_section, LICENCES)
watchlists = partial(_input_section, WATCHLISTS)
suppressions = partial(_input_section, SUPPRESSIONS)
renames = partial(_input_section, RENAMES)


def run_tables() -> str:
    """Return a section for each table of a run."""
    return "\n\n".join(
        f"## {table.name}\n\n{table.meaning} Sorted by {_list(table.key)}.\n\n{_lines(_run_rows(table.columns))}"
        for table in OUTPUTS.values()
    )


def _input_rows(columns: Iterable[Column]) -> Iterator[tuple[str, ...]]:
    yield "column", "kind", "what it holds"
    for column in columns:
        name = f"**`{column.name}`**" if column.needed else f"`{column.name}`"
        yield name, KINDS.get(column.kind, column.kind), column.description


def _run_rows(columns: Iterable[Column], parent: str = "") -> Iterator[tuple[str, ...]]:
    if not parent:
        yield "column", "type", "what it holds"
    for column in columns:
        dtype = "List(Struct)" if column.kind == "rows" else str(column.dtype)
        yield f"`{parent}{column.name}`", f"`{dtype}`", column.description
        yield from _run_rows(column.fields, f"{parent}{column.name}.") if column.fields else ()


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
