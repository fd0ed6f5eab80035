"""The spoiled matrix: every field of every input table, spoiled in each way a file can spoil it, one row a cell."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import read_table
from screening.tables.inputs import ENTITIES, INPUTS, OWNERSHIP
from screening.tables.inputs.columns import country_remarks
from screening.tables.kinds import Kind
from screening.tables.table import Column, Table

GOOD: Mapping[Kind, str] = {
    "text": "Linden Bakery",
    "texts": "Linden Bakery; Birch Mill",
    "word": "usual",
    "country": "DE",
    "countries": "DE; FR",
    "flag": "yes",
    "date": "2026-10-01",
    "birth date": "1970-01-31",
    "number": "0.5",
    "fraction": "11%",
    "integer": "8",
    "share": "600000",
    "decimal": "15824",
    "operations": "1e20",
}
"""A usable value of each kind of column; of an id and of a word of a closed list see `usable`."""
EVERYWHERE = {
    "huge": "x" * 10_001,
    "list": '["a{n}"]',
    "object": '{{"a": {n}}}',
    "NUL": "{good}\0",
    "formula": '=HYPERLINK("http://x.example/{n}")',
    "HTML": "<b onmouseover=alert({n})>x</b>",
    "control characters": "a\x07\x1b[31mb{n}",
}
"""How any field can be spoiled -> what then stands in it."""
FIGURES = {"unreadable": "12abc", "negative": "-5", "no number": "NaN", "endless": "1e999"}
BY_KIND: Mapping[Kind, Mapping[str, str]] = {
    "country": {"unreadable": "Chine Populaire {n}", "wrong code": "ZZ", "two places": "IR/AE"},
    "countries": {"unreadable": "TR; Chine Populaire {n}", "wrong code": "TR; ZZ"},
    "date": {"unreadable": "31.31.2026", "wrong type": "soon"},
    "birth date": {"unreadable": "31.31.2026", "wrong type": "soon"},
    "flag": {"wrong code": "perhaps"},
    "choice": {"wrong code": "bogus"},
    "word": {"wrong code": "bogus{n}"},
    **dict.fromkeys(("number", "fraction", "integer", "share", "decimal", "operations"), FIGURES),
}
HARMLESS = ("formula", "HTML", "control characters")
"""What takes nothing away from a text: it is compared as it stands, and escaped where it is shown."""
REMARKS = country_remarks().name
"""A column that only the reader fills: whatever stands in it in a file is a problem."""
TEXTS = ("text", "texts", "id", "word")


@dataclass(frozen=True)
class Spoiled:
    """One field of one row of a table, and what stands in it."""

    table: Table
    column: Column
    how: str
    value: str
    row: int  # in the file, whose header is row 1

    @property
    def name(self) -> str:
        """By what the exceptions name it: `answers.date: unreadable`."""
        return f"{self.table.name}.{self.column.name}: {self.how}"


def usable(column: Column, row: int) -> str:
    """Return a value that the column takes."""
    if column.refers == "rule":
        return "RF28"
    if column.kind == "id":
        return f"{column.name}-{row}"
    if column.name == REMARKS:
        return ""
    if "identifier" in column.holds:
        return "imo:9074729"
    if column.name == "share_percent":
        return "60"
    return column.choices[0] if column.choices else GOOD[column.kind]


def tables() -> Iterator[tuple[str, Table]]:
    """Yield the input tables by name; that of ownership twice, for shares are given in either of two ways."""
    for table in INPUTS.values():
        if table is not OWNERSHIP:
            yield table.name, table
    names = [name for name in OWNERSHIP.names if name != "share_percent"]
    yield "ownership", OWNERSHIP.pick("ownership", names)
    yield (
        "ownership in percent",
        OWNERSHIP.pick(
            "ownership", [n for n in OWNERSHIP.names if n[:9] != "share_min" and n != "share_max"]
        ),
    )


def spoil(table: Table) -> list[Spoiled]:
    """Return every field of a table in each way it can be spoiled."""
    cells: list[Spoiled] = []
    for column in table.columns:
        ways = {**EVERYWHERE, **BY_KIND.get(column.kind, {})}
        if column.needed and not column.instead:
            ways["blank"] = ""
        if column.name in table.key[:1]:
            ways["repeated"] = usable(column, 2)
        for how, text in ways.items():
            row = len(cells) + 3
            value = text.format(n=row, good=usable(column, row)) if "{" in text else text
            cells.append(Spoiled(table, column, how, value, row))
    return cells


def write(table: Table, cells: list[Spoiled], path: Path) -> None:
    """Write a file with a good row, and a row for each cell that is good but for that cell."""
    good = [{c.name: usable(c, row) for c in table.columns} for row in range(2, len(cells) + 3)]
    for cell in cells:
        good[cell.row - 2][cell.column.name] = cell.value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table.names)
        writer.writeheader()
        writer.writerows(good)


def read(table: Table, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the usable rows and the problems of a file."""
    if table.name == OWNERSHIP.name:
        found = read_ownership([path])
        return found.edges, found.problems
    if table is ENTITIES:
        network = read_ownership([], path)
        return network.entities, network.problems
    reading = read_table(path, table)
    return reading.frame, reading.problems


def trace(cell: Spoiled, frame: pl.DataFrame, problems: pl.DataFrame) -> str:
    """Return what shows of a spoiled field: a "problem" of its row, the text as it stands ("kept"), or nothing."""
    column = pl.col("column").str.contains(cell.column.name, literal=True)
    if problems.filter(pl.col("row") == cell.row, column | pl.col("column").is_in(["share", "(row)"])).height:
        return "problem"
    name = cell.column.name
    if cell.column.kind not in TEXTS or name not in frame.columns:
        return ""
    values = frame[name].explode() if cell.column.kind == "texts" else frame[name]
    return "kept" if cell.value in values else ""
