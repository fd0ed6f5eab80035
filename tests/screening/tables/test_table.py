"""What a table promises: exact columns and types, every fault at once, and null for what cannot be read."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import InvalidFrame
from screening.tables.cells import exact_operations, read_rows, unreadable
from screening.tables.inputs import INPUTS
from screening.tables.outputs import OUTPUTS
from screening.tables.table import Column, Table
from tests.tables import frames, random_frame

PEOPLE = Table(
    "people",
    "Who was asked.",
    (
        Column("person_id", "Id", "id", needed=True),
        Column("name", "Name", needed=True, holds=("name",)),
        Column("born", "Day of birth", "date"),
        Column("answer", "What was said", "word"),
        Column("operations", "How many", "operations"),
        Column("jobs", "What is done", "rows", fields=(Column("kind", "What", "word"), Column("count", "", "integer"))),
    ),
    key=("person_id",),
)  # fmt: skip
EVERY = [*INPUTS.values(), *OUTPUTS.values()]


@settings(max_examples=10)
@given(data=st.data())
@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_a_frame_of_a_table_conforms_unchanged(table: Table, data: st.DataObject) -> None:
    frame = data.draw(frames(table))
    assert table.conform(frame).equals(frame)
    assert table.conform(frame.lazy()).collect().equals(frame)
    assert table.conform(frame.select(reversed(frame.columns)).with_columns(more=1)).equals(frame)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_random_frames_are_those_of_their_seed(table: Table) -> None:
    frame = random_frame(table, 50, seed=7)
    assert dict(frame.schema) == table.schema()
    assert frame.equals(random_frame(table, 50, seed=7))
    assert not frame.equals(random_frame(table, 50, seed=8))
    assert table.conform(frame).equals(frame)


def test_absent_columns_are_null_unless_they_are_needed() -> None:
    frame = PEOPLE.conform(pl.DataFrame({"person_id": ["p"], "name": ["N"]}))
    assert dict(frame.schema) == PEOPLE.schema()
    assert frame.row(0) == ("p", "N", None, None, None, None)
    assert PEOPLE.empty().schema == frame.schema
    with pytest.raises(InvalidFrame) as raised:
        PEOPLE.conform(pl.DataFrame({"born": ["soon"], "more": [1]}))
    assert raised.value.problems == ("column person_id is missing", "column name is missing")
    assert "Columns: born, more" in str(raised.value)


def test_every_column_that_does_not_fit_is_named_at_once() -> None:
    frame = pl.DataFrame({"person_id": ["p"], "name": ["N"], "born": ["soon"], "operations": ["many"]})
    with pytest.raises(InvalidFrame) as raised:
        PEOPLE.conform(frame)
    assert [problem.split(":")[0] for problem in raised.value.problems] == [
        "column born",
        "column operations",
    ]


def test_a_table_has_only_its_columns() -> None:
    assert PEOPLE.column("born").dtype == pl.Date
    with pytest.raises(KeyError, match="people has no column age"):
        PEOPLE.column("age")
    assert PEOPLE.pick("days", ["born", "person_id"]).schema() == {
        "born": pl.Date(),
        "person_id": pl.String(),
    }
    assert PEOPLE.pick("days", ["born"]).key == ()


def test_what_cannot_be_read_is_null_and_never_an_error() -> None:
    frame = pl.DataFrame(
        {"person_id": [1, 2], "born": ["2020-01-31T12:00:00", "soon"], "answer": [True, False],
         "operations": [1e26, float("nan")], "jobs": [[{"kind": " Lease "}], []], "name": [["a", "b"], None]},
        strict=False,
    )  # fmt: skip
    read = read_rows(PEOPLE, frame)
    assert dict(read.schema) == PEOPLE.schema()
    assert read.row(0) == ("1", None, date(2020, 1, 31), "yes", 10**26, [{"kind": "lease", "count": None}])
    assert read.row(1) == ("2", None, None, "no", None, [])
    counts = [PEOPLE.column("operations")]
    assert frame.select(lost=unreadable(counts, frame.schema))["lost"].to_list() == [False, True]


@pytest.mark.parametrize("frame", [None, pl.DataFrame()])
def test_a_table_that_was_not_given_is_an_empty_one(frame: pl.DataFrame | None) -> None:
    assert read_rows(PEOPLE, frame).equals(PEOPLE.empty())
    assert read_rows(PEOPLE, frame, only=["born"]).schema == {"born": pl.Date}


@given(st.lists(st.integers(0, 10**32), min_size=1, max_size=5))
def test_operations_are_counted_exactly(counts: list[int]) -> None:
    frame = pl.DataFrame({"a": [str(count) for count in counts]})
    read = frame.select(exact_operations(pl.col("a"), pl.String()))["a"]
    assert read.sum() == sum(counts)
