"""The book of a request: rows that a program sent, checked as the files of a job are, and never written to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.book import gather, in_memory
from pipelines.inputs.files import MAX_COLUMNS, ROW
from pipelines.inputs.jsonlines import MORE
from pipelines.inputs.mapping import ColumnMap, present
from pipelines.inputs.ownership.layouts import OwnershipFile, edges_from_rows, entities_from_rows
from pipelines.inputs.ownership.reading import gather as gather_ownership
from pipelines.inputs.reading import Reading, check_table
from pipelines.inputs.strangers import rows_of_no_customer, with_strangers
from pipelines.job.bounds import check_set_aside
from pipelines.job.config import Config
from screening.tables.book import Book, InputFile
from screening.tables.inputs import INPUTS

Rows = Sequence[Mapping[str, object]]


def read_request(tables: Mapping[str, Rows], config: Config) -> Book:
    """Read the rows of a request into a book: table -> rows; a table without rows counts as not given.

    A value is read like the same text in a file, and a list as several values. Columns have our names, or those that
    the configuration says a file has. Raises InputRejected with the problems of all tables together.
    """
    given = {name: rows for name, rows in tables.items() if rows and name != "customers"}
    network = [
        partial(_check_network, name, given.pop(name), config)
        for name in ("ownership", "entities")
        if name in given
    ]
    readers = {name: partial(_check, name, rows, config) for name, rows in given.items()}
    book = gather(
        lambda: in_memory(_check("customers", tables["customers"], config)),
        readers,
        lambda: gather_ownership(network),
        config.limits,
    )
    check_set_aside(book.accounts, config.limits)
    return book


def strangers(sent: Book, completed: Book) -> list[str]:
    """Say which rows that were sent are of nobody, neither in the request nor in what completed it."""
    edges, entities = completed.edges, completed.entities["entity_id"]
    customers = completed.customers["customer_id"].implode()
    everybody = pl.concat(
        [entities, edges["owner_id"], edges["owned_id"], completed.customers["customer_id"]]
    )
    unjoined = rows_of_no_customer(sent, lambda ids: ids.is_in(customers))
    noted = with_strangers(sent, unjoined, lambda ids: ids.is_in(everybody.unique().implode())).problems
    return [
        f"{row['table']}, row {row['row']}: {row['column']} {row['value']!r} {row['reason']}."
        for row in noted.slice(sent.problems.height).iter_rows(named=True)
    ]


def _check(name: str, rows: Rows, config: Config) -> Reading:
    table = INPUTS[name]
    text, source = _text_table(name, rows)
    return check_table(text, source, table, _columns(name, text, config), config.defaults.get(name, {}))


def _check_network(name: str, rows: Rows, config: Config) -> OwnershipFile:
    text, source = _text_table(name, rows)
    check = edges_from_rows if name == "ownership" else entities_from_rows
    return check(text, source, _columns(name, text, config))


def _columns(name: str, text: pl.DataFrame, config: Config) -> ColumnMap:
    """Return our name -> the name in files, for the columns that a request calls as the files do."""
    in_files: ColumnMap = getattr(config.columns, name)
    given = {ours: present(theirs, text.columns) for ours, theirs in in_files.items()}
    return {ours: theirs for ours, theirs in given.items() if theirs is not None}


def _text_table(name: str, rows: Rows) -> tuple[pl.DataFrame, InputFile]:
    """Return the rows as `read_text_table` returns those of a file: text columns, and the number of each row."""
    columns = [
        column for column in dict.fromkeys(key for row in rows for key in row) if column not in (ROW, MORE)
    ]
    if not 0 < len(columns) <= MAX_COLUMNS:
        raise InputRejected(f"{name}: {len(columns)} columns; 1 to {MAX_COLUMNS} are read.")
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    text = pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")
    return text.with_row_index(ROW, offset=1).cast({ROW: pl.Int64}), InputFile(name, "", 0, len(rows))


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "; ".join(value) or None
    return None if value is None else str(value)
