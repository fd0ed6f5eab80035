"""The user's book: every input of a job, read and checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.accounts import filled_in, make_account
from pipelines.inputs.customers import Customers, check_not_empty, write_ranges
from pipelines.inputs.ownership import OwnershipReading, read_ownership
from pipelines.inputs.ownership.layouts import StoreEdges
from pipelines.inputs.payments import Ranges, payment_layout, read_payments
from pipelines.inputs.reading import Reading, read_table
from pipelines.job.bounds import check_set_aside, too_much_set_aside
from pipelines.job.config import Config
from pipelines.job.limits import Limits
from pipelines.run.staging import Staging, full_disk_as_error
from screening.tables.accounts import FileAccount
from screening.tables.book import Book, InputFile
from screening.tables.inputs import CONNECTIONS, CUSTOMERS, INPUTS
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


@dataclass(frozen=True, slots=True)
class CustomersReading:
    """The customers as read; those that are in ranges on disk leave an empty frame."""

    frame: pl.DataFrame
    problems: pl.DataFrame
    source: InputFile
    account: FileAccount


def read_book(files: BookFiles, config: Config) -> Book:
    """Read every input of a job into memory. Raises InputRejected with the problems of all files together."""
    read: list[pl.DataFrame] = []

    def whole() -> CustomersReading:
        customers = in_memory(_read(files.customers, CUSTOMERS, config))
        read.append(customers.frame)
        return customers

    book = _gather(files, config, whole, lambda: iter(read), pl.DataFrame.lazy)
    check_set_aside(book.accounts, config.limits)
    return book


def in_memory(reading: Reading) -> CustomersReading:
    """Return customers that were read whole. Raises InputRejected where there are none."""
    check_not_empty(reading.sources[0])
    return CustomersReading(
        reading.frame.sort("customer_id"),
        reading.problems,
        reading.sources[0],
        _account(CUSTOMERS.name, reading),
    )


def open_book(files: BookFiles, config: Config, staging: Staging, rows: int) -> tuple[Customers, Book]:
    """Read every input of a job; customers, in ranges of about `rows`, and edges are on disk and not in memory.

    Raises InputRejected with the problems of all files together; how much of them is lost, the caller judges.
    """
    in_range_files: list[Customers] = []

    def in_ranges() -> CustomersReading:
        columns, defaults = config.columns.customers, config.defaults.get("customers", {})
        customers = write_ranges(
            files.customers, columns, defaults, staging, rows, config.encoding.get("customers")
        )
        check_not_empty(customers.source)
        in_range_files.append(customers)
        return CustomersReading(CUSTOMERS.empty(), customers.problems, customers.source, customers.account())

    edges = staging.scratch("edges")

    def store(batch: pl.DataFrame) -> pl.LazyFrame:
        path = edges / f"{len(list(edges.iterdir())):06d}.parquet"
        staging.write_scratch(path, batch)
        return pl.scan_parquet(path)

    with full_disk_as_error(edges):
        book = _gather(
            files, config, in_ranges, lambda: chain(*(each.ranges() for each in in_range_files)), store
        )
    return in_range_files[0], book


def _gather(
    files: BookFiles,
    config: Config,
    read_customers: Callable[[], CustomersReading],
    ranges: Ranges,
    store: StoreEdges,
) -> Book:
    given = [(table, path) for table in _PLAIN_TABLES if (path := getattr(files, table.name)) is not None]
    readers = {table.name: partial(_read, path, table, config) for table, path in given}
    if files.transactions is not None and (layout := payment_layout(files.transactions)):
        readers["transactions"] = partial(_read_payments, files, layout, ranges, config)
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
        config.limits,
    )


def gather(
    read_customers: Callable[[], CustomersReading],
    readers: Mapping[str, Callable[[], Reading]],
    read_network: Callable[[], OwnershipReading],
    limits: Limits,
) -> Book:
    """Read all inputs, so that one message has the problems of all. `readers`: of the tables that were given.

    limits: where a file cannot be read at all, the message also names those of which too much is lost.

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
    found = {name: reading for name, reading in readings.items() if reading is not None}
    accounts = (
        *([customers.account] if customers else []),
        *(_account(name, reading) for name, reading in found.items()),
        *(ownership.accounts if ownership else []),
    )
    if customers is None or ownership is None or refused:
        raise InputRejected("The inputs cannot be used.", [*refused, *too_much_set_aside(accounts, limits)])
    return Book(
        customers=customers.frame,
        stored=ownership.stored,
        entities=ownership.entities,
        **{name: reading.frame for name, reading in found.items()},
        problems=pl.concat(
            [customers.problems, *(reading.problems for reading in found.values()), ownership.problems]
        ),
        sources=(
            customers.source,
            *(one for reading in found.values() for one in reading.sources),
            *ownership.sources,
        ),
        accounts=accounts,
        rows={name: reading.rows for name, reading in found.items()},
        network_files=ownership.files,
    )


def _account(table: str, reading: Reading) -> FileAccount:
    return make_account(table, reading.sources[0], reading.problems, filled_in(reading.frame))


def _read_payments(files: BookFiles, layout: str, ranges: Ranges, config: Config) -> Reading:
    """Read payment messages as transactions of the customers who take part in them."""
    assert files.transactions is not None
    connections = _read(files.connections, CONNECTIONS, config).frame if files.connections else None
    defaults = config.defaults.get("transactions", {})
    return read_payments(files.transactions, layout, ranges, connections, defaults)


def _read(path: Path, table: Table, config: Config) -> Reading:
    """Read one table and fill blank columns with the config's defaults for it."""
    columns = getattr(config.columns, table.name)
    defaults, encoding = config.defaults.get(table.name, {}), config.encoding.get(table.name)
    return read_table(path, table, columns, defaults, encoding)
