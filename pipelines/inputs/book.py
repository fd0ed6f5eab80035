"""The user's book: every input of a job, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.config import Config
from pipelines.errors import InputRejected
from pipelines.inputs.contracts import ACTIVITY, ANSWERS, CONNECTIONS, CUSTOMERS, TRANSACTIONS, Contract
from pipelines.inputs.files import SourceFile
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import PROBLEMS, Reading, read_table


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


@dataclass(frozen=True, slots=True)
class Book:
    """The checked inputs. A table that was not given is null; one that was given may be empty."""

    customers: pl.DataFrame
    edges: pl.DataFrame
    entities: pl.DataFrame
    activity: pl.DataFrame | None
    connections: pl.DataFrame | None
    transactions: pl.DataFrame | None
    answers: pl.DataFrame | None
    problems: pl.DataFrame
    sources: tuple[SourceFile, ...] = field(default=())


def read_book(files: BookFiles, config: Config) -> Book:
    """Read every input of a job. Raises InputRejected with the problems of all files together."""
    refused: list[str] = []
    readings: dict[str, Reading | None] = {}
    for contract, path in _tables(files):
        try:
            readings[contract.table] = _read(path, contract, config) if path else None
        except InputRejected as error:
            refused.append(str(error))
    try:
        held = read_ownership(
            files.ownership,
            files.entities,
            columns=config.columns.ownership,
            entity_columns=config.columns.entities,
        )
    except InputRejected as error:
        refused.append(str(error))
    if refused:
        raise InputRejected("The inputs cannot be used.", refused)
    customers = readings["customers"]
    assert customers is not None  # its path is not optional
    _check_share_set_aside(customers, config.limits.max_rows_set_aside)
    given = [reading for reading in readings.values() if reading is not None]
    return Book(
        customers=customers.frame.sort("customer_id"),
        edges=held.edges,
        entities=held.entities,
        **{
            name: reading.frame if reading else None
            for name, reading in readings.items()
            if name != "customers"
        },
        problems=pl.concat(
            [pl.DataFrame(schema=PROBLEMS), *(reading.problems for reading in given), held.problems]
        ),
        sources=tuple(source for reading in given for source in reading.sources) + held.sources,
    )


def _tables(files: BookFiles) -> tuple[tuple[Contract, Path | None], ...]:
    return (
        (CUSTOMERS, files.customers),
        (ACTIVITY, files.activity),
        (CONNECTIONS, files.connections),
        (TRANSACTIONS, files.transactions),
        (ANSWERS, files.answers),
    )


def _read(path: Path, contract: Contract, config: Config) -> Reading:
    """Read one table and fill blank columns with the config's defaults for it."""
    columns = getattr(config.columns, contract.table)
    return read_table(path, contract, columns, config.defaults.get(contract.table, {}))


def _check_share_set_aside(customers: Reading, limit: float) -> None:
    """Refuse a customers file of which too much cannot be used: it is probably the wrong file."""
    rows = customers.frame.height + customers.set_aside
    if not rows:
        raise InputRejected(f"{customers.sources[0].name}: holds no customers. Check the file.")
    if customers.set_aside > limit * rows:
        shown = customers.problems.filter(pl.col("consequence") == "row_set_aside").head(10)
        raise InputRejected(
            f"{customers.sources[0].name}: {customers.set_aside} of {rows} rows cannot be used, more than the "
            f"{limit:.1%} allowed by limits.max_rows_set_aside.",
            [
                f"row {row}: {column}: {reason}"
                for row, column, reason in shown.select("row", "column", "reason").rows()
            ],
        )
