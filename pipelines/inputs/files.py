"""Reading a table from CSV, Parquet, NDJSON or XLSX, every value as text and every row numbered.

Types are decided by the contract afterwards, so that a bad value is one problem in one row,
not a failed file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.hashing import file_hash
from pipelines.inputs.delimited import Scan, scan_delimited
from pipelines.inputs.dialect import Dialect, DialectUnclear
from pipelines.inputs.jsonlines import LINES, MORE, broken_lines, mended_lines
from pipelines.inputs.packed import check_packed
from pipelines.inputs.workbook import read_workbook
from screening.tables.book import InputFile

ROW = "__row"
"""Row number in the file as its reader counts: the header of a CSV or XLSX is row 1."""

FORMATS = (".csv", ".csv.gz", ".tsv", ".parquet", *LINES, ".xlsx")
MAX_COLUMNS = 5_000
SEVERAL, NESTED = "\x1f", "\x1e"
"""How the text of a field begins that held a list, or something else that is nested."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of a file as text, numbered.

    `guessed`: the encoding that was taken because the file is no UTF-8 and nobody says what it is. `first`: the number
    of the first row. `dialect`: of a delimited file.
    """

    frame: pl.LazyFrame
    guessed: str | None = None
    first: int = 1
    dialect: Dialect | None = None


def read_text_table(
    path: Path, encoding: str | None = None, required: Collection[str] = ()
) -> tuple[pl.DataFrame, InputFile, str | None]:
    """Read `path` into a frame of text columns plus the row number; lists are marked and joined with "; ".

    Third: the encoding that was guessed, as of `TextTable`.

    Raises InputRejected for a file that is absent, of an unknown format, empty of columns or unreadable.
    """
    with unchanged(path) as sha256, readable(path):
        scanned = scan_text_table(path, marked=True, encoding=encoding, required=required)
        text = scanned.frame.collect()
    return text, InputFile(path.name, sha256, path.stat().st_size, text.height), scanned.guessed


def scan_text_table(
    path: Path, *, marked: bool = False, encoding: str | None = None, required: Collection[str] = ()
) -> TextTable:
    """Return what `read_text_table` would read, without reading it yet; errors of the file come when it is collected.

    `marked`: begin the text of several values with `SEVERAL`, and that of anything else nested with `NESTED`.
    `encoding`: of a delimited file, where the user names it. `required`: names by which the header of a workbook is
    known, where titles stand above it. Rows without any value are left out.

    Raises InputRejected for a file that is absent, of an unknown format or empty of columns.
    """
    if not path.is_file():
        raise InputRejected(f"{path}: no such file. Check the path.")
    check_packed(path)
    with readable(path):
        scanned = _scan(path, encoding, required)
        frame = scanned.frame
        try:
            schema = frame.collect_schema()
        except pl.exceptions.PolarsError:
            if (mended := mended_lines(path)) is None:
                raise
            frame = pl.scan_ndjson(mended, infer_schema_length=None)
            schema = frame.collect_schema()
    count = len(schema) - (MORE in schema)
    if not 0 < count <= MAX_COLUMNS:
        raise InputRejected(
            f"{path.name}: {count} columns; 1 to {MAX_COLUMNS} are read. Check the separator."
        )
    theirs = {ROW: f"{ROW} of the file"}  # no column of ours has that name, so it is one that nobody reads
    text = (
        _as_text(frame, schema, marked)
        .rename(theirs, strict=False)
        .with_row_index(ROW, offset=scanned.first)
        .cast({ROW: pl.Int64})
    )
    if scanned.has_blanks:
        text = text.filter(pl.any_horizontal(pl.exclude(ROW).str.strip_chars(" \t") != ""))
    return TextTable(text, scanned.guessed, scanned.first, scanned.dialect)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what a reader says of a file it cannot read into InputRejected."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise InputRejected(
            f"{path.name}: cannot be read: {_first_line(error).rstrip('.')}.{_advice(error)}",
            broken_lines(path),
        ) from error


@contextmanager
def unchanged(path: Path) -> Iterator[str]:
    """Yield the file's SHA-256; raises InputRejected where the file is another one afterwards."""
    if not path.is_file():
        raise InputRejected(f"{path}: no such file. Check the path.")
    before = file_hash(path)
    yield before
    if before != file_hash(path):
        raise InputRejected(f"{path.name}: changed while it was read. Run again when it is complete.")


def _scan(path: Path, encoding: str | None, required: Collection[str]) -> Scan:
    """Return the raw rows of a file."""
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        return scan_delimited(path, ",", encoding)
    if name.endswith(".tsv"):
        return scan_delimited(path, "\t", encoding)
    if name.endswith(".parquet"):
        return Scan(pl.scan_parquet(path, glob=False), 1)
    if name.endswith(LINES):
        # A name such as book[1].ndjson is no pattern of names.
        return Scan(pl.scan_ndjson(escape(str(path)), infer_schema_length=None), 1)
    if name.endswith(".xlsx"):
        rows, first = read_workbook(path, required)
        return Scan(rows.lazy(), first, has_blanks=True)
    raise InputRejected(f"{path.name}: unknown format. Use one of {', '.join(FORMATS)}.")


def _as_text(frame: pl.LazyFrame, schema: pl.Schema, marked: bool) -> pl.LazyFrame:
    """Cast every column to text; plain lists are joined with "; ", what else is nested is written as JSON."""

    def column(name: str, dtype: pl.DataType) -> pl.Expr:
        value = pl.col(name)
        if isinstance(dtype, pl.List) and not dtype.inner.is_nested():
            text = value.list.eval(pl.element().cast(pl.String)).list.join("; ")
            mark = pl.when(value.list.len() > 1).then(pl.lit(SEVERAL)).otherwise(pl.lit(""))
        elif dtype.is_nested():
            text = pl.when(value.is_not_null()).then(pl.struct(name).struct.json_encode())
            mark = pl.lit(NESTED)
        else:
            return value.cast(pl.String)
        return (mark + text).alias(name) if marked else text.alias(name)

    return frame.select(column(name, dtype) for name, dtype in schema.items())


def _first_line(error: Exception) -> str:
    """Return what a reader says, without the values that it quotes: they may be names."""
    message = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
    return re.sub("`[^`]*(`|$)", "a value", message).rstrip(".")


def _advice(error: Exception) -> str:
    """Say what to do about the commonest faults of a text file."""
    if isinstance(error, DialectUnclear):
        return ""
    text = str(error).lower()
    if "utf-8" in text or "utf8" in text:
        return " Save it as UTF-8."
    if "malformed" in text or 'could not parse `"' in text:
        return " Is a quotation mark opened and not closed?"
    return " Is it whole, and of the kind that its name says?"
