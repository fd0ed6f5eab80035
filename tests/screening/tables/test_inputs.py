"""What the declared input tables promise: to those who fill them, to the reader of files, and to the rules."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.api.screen_body import Customer, ScreenBody
from desk.cli.screen_options import ScreenOptions
from pipelines.inputs.book import SINGLE_FILES, BookFiles
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import read_table
from pipelines.job.config import Columns
from screening.redflags.facts.inputs import TABLES, read_activity, read_input
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS, EDGES, INPUTS, OWNERSHIP, REQUEST_TABLES
from screening.tables.outputs import MATCHES, OUTPUTS
from screening.tables.table import Column, Table
from tests.tables import frames, random_frame, written

EVERY = [*INPUTS.values(), *OUTPUTS.values()]
SIMPLE = [table for table in INPUTS.values() if table is not OWNERSHIP]
RULES_READ = [INPUTS[name] for name in TABLES if name in INPUTS]


def columns() -> list[object]:
    return [
        pytest.param(column, id=f"{table.name}.{column.name}") for table in EVERY for column in table.columns
    ]


@pytest.mark.parametrize("column", columns())
def test_every_column_says_what_it_means_and_whom_it_may_name(column: Column) -> None:
    assert column.meaning
    assert not column.meaning.endswith(".")
    assert bool(column.choices) <= (column.kind in ("choice", "word"))
    assert bool(column.fields) == (column.kind == "rows")
    if column.kind in ("text", "country", "countries"):
        assert bool(column.holds) != bool(column.free_text), (
            "a text holds something of somebody, or is nobody's"
        )
    if {"name", "address", "country", "identifier", "contact"} & set(column.holds):
        assert not column.free_text
    for field in column.fields:
        test_every_column_says_what_it_means_and_whom_it_may_name(field)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_every_table_says_what_a_row_is_and_has_each_column_once(table: Table) -> None:
    assert table.meaning.endswith(".")
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)


def test_the_lists_of_input_tables_are_one() -> None:
    names = list(INPUTS)
    files = [field.name for field in fields(BookFiles)]
    assert files == names
    assert list(Columns.model_fields) == names
    assert [name for name in signature(ScreenOptions).parameters if name in names] == names
    in_book = {field.name for field in fields(Book)} - {
        "problems",
        "sources",
        "accounts",
        "rows",
        "network_files",
    }
    assert in_book == {"stored" if name == "ownership" else name for name in names}
    assert list(ScreenBody.model_fields) == [*REQUEST_TABLES, "customer"]
    assert tuple(Customer.model_fields) == CUSTOMERS.names
    assert {"customers", "ownership", *SINGLE_FILES} == set(names)


def test_shares_may_be_given_in_percent() -> None:
    assert OWNERSHIP.names == (*EDGES.names, "share_percent")
    for column in EDGES.columns:
        assert OWNERSHIP.column(column.name).dtype == column.dtype


@pytest.mark.parametrize("table", SIMPLE, ids=lambda table: table.name)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_written_is_read_in_the_declared_types(
    table: Table, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    frame = data.draw(frames(table))
    path = tmp_path_factory.mktemp("book") / f"{table.name}.csv"
    written(frame, table).write_csv(path)
    reading = read_table(path, table)
    assert reading.problems.is_empty()
    assert reading.frame.select(table.names).equals(frame)


@pytest.mark.parametrize("table", SIMPLE, ids=lambda table: table.name)
def test_typed_files_are_read_as_text_is(table: Table, tmp_path: Path) -> None:
    frame = random_frame(table, 200)
    written(frame, table).write_csv(tmp_path / "a.csv")
    written(frame, table).write_ndjson(tmp_path / "a.ndjson")
    frame.write_parquet(tmp_path / "a.parquet")
    for name in ("a.csv", "a.ndjson", "a.parquet"):
        reading = read_table(tmp_path / name, table)
        assert reading.problems.is_empty(), name
        assert reading.frame.select(table.names).equals(frame), name


def edges(rows: int) -> pl.DataFrame:
    frame = random_frame(EDGES, rows, blank=0)
    low, high = pl.min_horizontal("share_min", "share_max"), pl.max_horizontal("share_min", "share_max")
    first, last = pl.min_horizontal("start", "end"), pl.max_horizontal("start", "end")
    return frame.with_columns(share_min=low, share_max=high, start=first, end=last)


def test_edges_are_read_in_the_declared_types(tmp_path: Path) -> None:
    frame = edges(200).filter(pl.col("owner_id") != pl.col("owned_id"))
    written(frame, EDGES).write_csv(tmp_path / "edges.csv")
    frame.write_parquet(tmp_path / "edges.parquet")
    for name in ("edges.csv", "edges.parquet"):
        reading = read_ownership([tmp_path / name])
        assert reading.problems.is_empty(), name
        assert reading.edges.equals(frame), name


@pytest.mark.parametrize("table", RULES_READ, ids=lambda table: table.name)
@settings(max_examples=20)
@given(data=st.data())
def test_every_column_a_rule_looks_at_can_be_given(table: Table, data: st.DataObject) -> None:
    """What the reader of files yields is, column by column and type by type, what the rules read of it."""
    frame = data.draw(frames(table))
    assert read_input(table.name, frame).equals(frame)


def test_rules_read_every_table_that_says_more_of_a_customer() -> None:
    assert {table.name for table in RULES_READ} == {*REQUEST_TABLES, "watchlists"} - {"ownership", "entities"}
    for name, whole in (("edges", EDGES), ("listed", MATCHES)):
        assert set(TABLES[name].schema().items()) <= set(whole.schema().items())


def test_an_activity_that_makes_sense_has_no_problem() -> None:
    rows = random_frame(INPUTS["activity"], 100).with_columns(
        start=pl.lit(None, pl.Date), synthetic_share=0.25, model_id=pl.col("model_id").str.to_lowercase()
    )
    read = read_activity(rows)
    assert read["problem"].null_count() == 100
    assert read.drop("problem").equals(rows)
