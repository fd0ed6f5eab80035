"""The user's book: every input of a screening, checked, as frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from screening.tables.accounts import FileAccount
from screening.tables.inputs import EDGES, ENTITIES
from screening.tables.outputs import PROBLEMS


@dataclass(frozen=True, slots=True)
class InputFile:
    """One input file as it was read: its name (not its path), SHA-256, size in bytes and rows."""

    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """What one file says of the ownership network: its edges, perhaps on disk, and the ids of its entities."""

    edges: pl.LazyFrame
    entity_ids: pl.Series


@dataclass(frozen=True, slots=True)
class Book:
    """The checked inputs. A table that was not given is null; one that was given may be empty.

    Where customers come in ranges, `customers` holds only those that others depend on.
    """

    customers: pl.DataFrame
    stored: pl.LazyFrame = field(
        default_factory=lambda: EDGES.empty().lazy()
    )  # the ownership edges, perhaps on disk
    entities: pl.DataFrame = field(default_factory=ENTITIES.empty)
    activity: pl.DataFrame | None = None
    connections: pl.DataFrame | None = None
    transactions: pl.DataFrame | None = None
    answers: pl.DataFrame | None = None
    problems: pl.DataFrame = field(default_factory=PROBLEMS.empty)
    sources: tuple[InputFile, ...] = ()
    accounts: tuple[FileAccount, ...] = ()  # of each source, in their order
    rows: Mapping[str, pl.Series] = field(default_factory=dict)  # table: the number in its file of each row
    network_files: tuple[NetworkFile, ...] = ()  # of the last accounts
    licences: pl.DataFrame | None = None
    watchlists: pl.DataFrame | None = None
    suppressions: pl.DataFrame | None = None
    renames: pl.DataFrame | None = None

    @property
    def edges(self) -> pl.DataFrame:
        """Return the ownership edges in memory."""
        return self.stored.collect()
