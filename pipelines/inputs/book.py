"""The user's book: every input of a job, read and checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.customers import Customers, check_share, check_share_set_aside, write_ranges
from pipelines.inputs.ownership import OwnershipReading, read_ownership
from pipelines.inputs.ownership.layouts import StoreEdges
from pipelines.inputs.reading import Reading, read_table
from pipelines.job.config import Config
from pipelines.run.staging import Staging, full_disk_as_error
from screening.tables.book import Book, InputFile
from screening.tables.inputs import CUSTOMERS, INPUTS
from screening.tables.table import Table

T = TypeVar("T")

SINGLE_FILES = tuple(name for name in INPUTS if name not in ("customers", "ownership"))
"""The inputs of which there may be one file each."""
_PLAIN_TABLES = tuple(INPUTS[name] for name in SINGLE_FILES if name != "entities")
"""Those that are not a part of the ownership network."""


@dataclass(frozen=True, slots=True)
class BookFiles:
    """Where the inputs lie."""

    customers: Path
    ownership: tuple[Path, ...] = ()
    entities: Path | None = None
    activity: Path | None = None
    connections: Path | None = None
    transactions: Path | None = None
    answers: Path | None = None
    licences: Path | None = None
    watchlists: Path | None = None
    suppressions: Path | None = None
    renames: Path | None = None

    def named(self) -> Iterator[tuple[str, Path]]:
        """Yield each file that was given, with what it is for."""
        yield "customers", self.customers
        yield from (("ownership", path) for path in self.ownership)
        for role in SINGLE_FILES:
            path = getattr(self, role)
            if path is not None:
                yield role, path


def read_book(files: BookFiles, config: Config) -> Book:
    """Read every input of a job into memory. Raises InputRejected with the problems of all files together."""

    def whole() -> tuple[pl.DataFrame, pl.DataFrame, InputFile]:
        reading = _read(files.customers, CUSTOMERS, config)
        check_share_set_aside(reading.problems, reading.sources[0], config.limits.max_rows_set_aside)
        return reading.frame.sort("customer_id"), reading.problems, reading.sources[0]

    return _gather(files, config, whole, pl.DataFrame.lazy)


def open_book(files: BookFiles, config: Config, staging: Staging, rows: int) -> tuple[Customers, Book]:
    """Read every input of a job; customers, in ranges of about `rows`, and edges are on disk and not in memory.

    Raises InputRejected with the problems of all files together.
    """
    in_range_files: list[Customers] = []

    def in_ranges() -> tuple[pl.DataFrame, pl.DataFrame, InputFile]:
        columns, defaults = config.columns.customers, config.defaults.get("customers", {})
        customers = write_ranges(
            files.customers, columns, defaults, staging, rows, config.encoding.get("customers")
        )
        check_share_set_aside(customers.problems, customers.source, config.limits.max_rows_set_aside)
        in_range_files.append(customers)
        return CUSTOMERS.empty(), customers.problems, customers.source

    edges = staging.scratch("edges")

    def store(batch: pl.DataFrame) -> pl.LazyFrame:
        path = edges / f"{len(list(edges.iterdir())):06d}.parquet"
        staging.write_scratch(path, batch)
        return pl.scan_parquet(path)

    with full_disk_as_error(edges):
        book = _gather(files, config, in_ranges, store)
    return in_range_files[0], book


def _gather(
    files: BookFiles,
    config: Config,
    read_customers: Callable[[], tuple[pl.DataFrame, pl.DataFrame, InputFile]],
    store: StoreEdges,
) -> Book:
    given = [(table, path) for table in _PLAIN_TABLES if (path := getattr(files, table.name)) is not None]
    readers = {table.name: partial(_read, path, table, config) for table, path in given}
    return gather(
        read_customers,
        readers,
        lambda: read_ownership(
            files.ownership,
            files.entities,
            columns=config.columns.ownership,
            entity_columns=config.columns.entities,
            encoding=config.encoding,
            store=store,
        ),
    )


def gather(
    read_customers: Callable[[], tuple[pl.DataFrame, pl.DataFrame, InputFile]],
    readers: Mapping[str, Callable[[], Reading]],
    read_network: Callable[[], OwnershipReading],
) -> Book:
    """Read all inputs, so that one message has the problems of all. `readers`: of the tables that were given.

    Raises InputRejected.
    """
    refused: list[str] = []

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputRejected as error:
            refused.append(str(error))
            return None

    customers = attempt(read_customers)
    readings = {name: attempt(read) for name, read in readers.items()}
    ownership = attempt(read_network)
    if customers is None or ownership is None or refused:
        raise InputRejected("The inputs cannot be used.", refused)
    frame, problems, source = customers
    found = [reading for reading in readings.values() if reading is not None]
    return Book(
        customers=frame,
        stored=ownership.stored,
        entities=ownership.entities,
        **{name: reading.frame for name, reading in readings.items() if reading is not None},
        problems=pl.concat([problems, *(reading.problems for reading in found), ownership.problems]),
        sources=(source, *(one for reading in found for one in reading.sources), *ownership.sources),
    )


def _read(path: Path, table: Table, config: Config) -> Reading:
    """Read one table and fill blank columns with the config's defaults for it."""
    columns = getattr(config.columns, table.name)
    reading = read_table(
        path, table, columns, config.defaults.get(table.name, {}), config.encoding.get(table.name)
    )
    if table is not CUSTOMERS:
        limit = config.limits.max_other_rows_set_aside
        check_share(reading.problems, reading.sources[0], limit, "max_other_rows_set_aside")
    return reading
