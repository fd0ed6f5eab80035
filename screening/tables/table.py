"""What a table holds: its columns in order, their types and meaning, and the columns that identify a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

import polars as pl

from screening.errors import InvalidFrame
from screening.tables.kinds import DTYPES, Kind

Content = Literal["name", "address", "country", "identifier", "contact"]
"""What a cell may hold by which somebody can be recognized."""

Referent = Literal["", "customer", "entity", "rule"]
"""What an id has to be one of for its row to count."""

F = TypeVar("F", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `needed`: a frame without the column cannot be used, nor a row without a value. `choices`: the words of a "choice",
    or usual ones of a "word". `holds`: by what in it somebody can be recognized. `free_text`: why no list is asked
    about it, where it is nobody's name or place by its meaning. `fields`: the columns of a column of "rows". `instead`:
    the column that stands for this one where it is blank. `refers`: of what it is the id; nothing comes of another.
    """

    name: str
    meaning: str
    kind: Kind = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()
    holds: tuple[Content, ...] = ()
    free_text: str = ""
    fields: tuple[Column, ...] = ()
    instead: str = ""
    refers: Referent = ""

    @property
    def description(self) -> str:
        """The meaning, with those words of the cells that it does not name.

        >>> Column("state", "Where it stands", "choice", choices=("open", "closed")).description
        'Where it stands: open, closed'
        """
        if all(choice in self.meaning for choice in self.choices):
            return self.meaning
        return f"{self.meaning}{', such as' if self.kind == 'word' else ':'} {', '.join(self.choices)}"

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of the column.

        >>> Column("low", "Smallest share", "share").dtype
        Int64
        """
        if self.kind == "rows":
            return pl.List(pl.Struct({field.name: field.dtype for field in self.fields}))
        return DTYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in order, and the key.

    The key of an input identifies a row (empty: rows may repeat); that of a table of a run is what it is sorted by.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return one column. Raises KeyError where there is none of the name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def schema(self) -> dict[str, pl.DataType]:
        """Return the Polars schema of a frame of this table.

        >>> Table("people", "Who was asked", (Column("born", "First day", "date"),)).schema()
        {'born': Date}
        """
        return {column.name: column.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """Return a frame of this table without rows."""
        return pl.DataFrame(schema=self.schema())

    def pick(self, name: str, columns: Iterable[str]) -> Table:
        """Return a table of some of the columns, in the order given. Raises KeyError for a name that is no column.

        >>> people = Table("people", "Who was asked", (Column("id", "Id"), Column("born", "First day", "date")))
        >>> people.pick("days", ["born"]).names
        ('born',)
        """
        picked = tuple(self.column(column) for column in columns)
        return Table(name, self.meaning, picked, tuple(c for c in self.key if c in {p.name for p in picked}))

    def conform(self, frame: F) -> F:
        """Return the frame with exactly the columns of this table, each in its type; an absent one is null.

        A frame that is not in memory stays where it is: what does not fit a type shows when it is collected.
        Raises InvalidFrame naming every needed column that is absent and every column that does not fit its type.
        """
        given = frame.collect_schema().names()
        absent = [f"column {c.name} is missing" for c in self.columns if c.needed and c.name not in given]
        if absent:
            raise InvalidFrame(f"The {self.name} cannot be used. Columns: {', '.join(given)}", absent)
        try:
            return frame.with_columns(_typed(column, given) for column in self.columns).select(self.names)
        except pl.exceptions.PolarsError as error:
            faults = list(filter(None, (_fault(frame, column, given) for column in self.columns)))
            raise InvalidFrame(f"The {self.name} cannot be used.", faults or [_first_line(error)]) from error


def _typed(column: Column, given: list[str]) -> pl.Expr:
    value = pl.col(column.name) if column.name in given else pl.lit(None)
    return value.cast(column.dtype).alias(column.name)


def _fault(frame: pl.DataFrame | pl.LazyFrame, column: Column, given: list[str]) -> str | None:
    """Return what is wrong with one column of a frame, or None."""
    try:
        frame.lazy().select(_typed(column, given)).collect()
    except pl.exceptions.PolarsError as error:
        return f"column {column.name}: {_first_line(error)}"
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
