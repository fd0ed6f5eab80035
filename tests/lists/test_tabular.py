"""Delimited text: every record is a row or a rejected row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lists.errors import MalformedList
from lists.fetch import open_file
from lists.tabular import Table, read_table


def table(path: Path, content: str | bytes, **options: bool) -> Table:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(open_file(path), **options)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_records_are_numbered_stripped_and_blank_is_null(path: Path) -> None:
    read = table(path, 'a, B \n1,""\n" x ",-\n')
    assert read.frame.rows() == [(1, "1", None), (2, "x", "-")]
    assert read.frame.columns == ["_row", "a", "b"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1", "has 1 fields, not 2"),
        ("1,2,3", "has 3 fields, not 2"),
        (",", "is empty"),
        ("A,B", "repeats the header"),
        ("1,x\0y", "NUL"),
        ('1,"x"y', "not readable"),
        ("1," + "x" * 200_000, "field larger"),
    ],
)
def test_bad_rows_are_rejected_with_number_and_reason(path: Path, row: str, reason: str) -> None:
    read = table(path, f"a,b\n1,2\n{row}\n3,4\n")
    assert read.frame["_row"].to_list() == [1, 3]
    assert read.rejected["row"].to_list() == [2]
    assert reason in read.rejected["reason"][0]
    assert len(read.rejected["text"][0]) <= 500


def test_empty_fields_beyond_the_header_do_no_harm(path: Path) -> None:
    assert table(path, "a,b,,\n1,2,,\n").frame.rows() == [(1, "1", "2")]


@pytest.mark.parametrize("content", ["a,b\n1,2\n3,4", 'a,b\n1,2\n3,"fo', "a,b\n1,2\n3,4\n5"])
def test_cut_off_file_is_refused_and_read_in_part_only_on_request(path: Path, content: str) -> None:
    with pytest.raises(MalformedList, match="cut off"):
        table(path, content)
    assert table(path, content, partial=True).rows >= 2


def test_missing_end_mark_is_a_cut_off_file(path: Path) -> None:
    assert table(path, "a\n1\n\x1a", end_mark=True).rows == 1
    with pytest.raises(MalformedList, match="end mark"):
        table(path, "a\n1\n", end_mark=True)


def test_header_that_names_a_column_twice_is_refused(path: Path) -> None:
    with pytest.raises(MalformedList, match="names a more than once"):
        table(path, "a,b,A\n1,2,3\n")


@settings(max_examples=60)
@given(st.text(alphabet='ab,"\n\r\0é 1', max_size=60))
def test_every_record_is_parsed_or_rejected(path: Path, body: str) -> None:
    read = table(path, "x,y\n" + body + "\n", partial=True)
    numbers = sorted(read.frame["_row"].to_list() + read.rejected["row"].to_list())
    assert numbers == list(range(1, read.rows + 1))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text("ab\"', \n"), st.text("xyz,", min_size=1)), min_size=1))
def test_well_written_records_all_arrive(path: Path, rows: list[tuple[str, str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("h1", "h2"), *rows])
    assert table(path, written.getvalue()).frame.height == len(rows)
