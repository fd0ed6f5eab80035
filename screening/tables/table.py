"""What a table holds: its columns in order, their types and meaning, and the columns that identify a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["text", "texts", "date", "country", "number", "integer", "choice", "flag", "birth date"]

DTYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "texts": pl.List(pl.String()),  # "; "-separated in text formats
    "date": pl.Date(),
    "country": pl.String(),  # ISO alpha-2
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "choice": pl.String(),
    "flag": pl.Boolean(),  # yes/no, true/false, 1/0
    "birth date": pl.String(),  # a year, a date, "circa 1960": kept as written
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, and whether a row without it can be used."""

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One input table: its columns in order and the columns that identify a row (empty: rows may repeat)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def schema(self) -> dict[str, pl.DataType]:
        """Return the Polars schema of a checked frame.

        >>> Table("people", (Column("born", "date"),)).schema()
        {'born': Date}
        """
        return {column.name: DTYPES[column.kind] for column in self.columns}
