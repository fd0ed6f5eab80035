"""The user's book: every input of a screening, checked, as frames."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True)
class InputFile:
    """One input file as it was read: its name (not its path), SHA-256, size in bytes and rows."""

    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Book:
    """The checked inputs. A table that was not given is null; one that was given may be empty.

    Where customers come in ranges, `customers` holds only those that others depend on.
    """

    customers: pl.DataFrame
    stored: pl.LazyFrame  # the ownership edges, on disk where customers come in ranges
    entities: pl.DataFrame
    activity: pl.DataFrame | None
    connections: pl.DataFrame | None
    transactions: pl.DataFrame | None
    answers: pl.DataFrame | None
    problems: pl.DataFrame
    sources: tuple[InputFile, ...] = field(default=())
    licences: pl.DataFrame | None = None
    watchlists: pl.DataFrame | None = None
    suppressions: pl.DataFrame | None = None
    renames: pl.DataFrame | None = None

    @property
    def edges(self) -> pl.DataFrame:
        """Return the ownership edges in memory."""
        return self.stored.collect()
