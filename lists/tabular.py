"""Read delimited text without losing a record: each one is a row of the frame or a rejected row with a reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl
from polars import selectors

from lists.errors import MalformedList
from lists.fetch import SourceFile
from lists.normalize import dates

REJECTED = {
    "file": pl.String(),
    "row": pl.Int64(),  # record number in the file, header not counted, from 1; null = the file as a whole
    "list": pl.String(),  # null where the row does not even say on which list it stands
    "reason": pl.String(),
    "text": pl.String(),  # the first 500 characters
}
ROW = "_row"
"""Column of a table that numbers its records; the underscore keeps it apart from the publisher's columns."""
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one file: `frame` (`_row`, then the columns as stripped text, blank = null) and `rejected` rows."""

    file: str
    frame: pl.DataFrame
    rejected: pl.DataFrame
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of records in the file, the header not counted."""
        return self.frame.height + self.rejected.height


def read_table(
    file: SourceFile,
    columns: Sequence[str] | None = None,
    *,
    delimiter: str = ",",
    null: str = "",
    end_mark: bool = False,
    partial: bool = False,
    as_is: Sequence[str] = (),
    least: int | None = None,
    preamble: int = 0,
) -> Table:
    """Read a delimited file; `columns` for files without a header, else the first record names them.

    Rows with too many or too few fields, NUL bytes, broken quotes or giant fields (over 131,072 characters) are
    rejected with a reason. A file that ends within a record, or without the end mark its publisher always writes,
    is cut off: MalformedList, unless `partial`. Columns named in `as_is` keep their outer blanks; rows with at least
    `least` fields may lack the rest. `preamble` records stand before the header.
    """
    content = file.text()
    if not partial:
        _check_end(file, content.text, content.end_mark or not end_mark, delimiter)
    records = islice(_records(content.text, delimiter), preamble, None)
    if columns is None:
        columns = _header(file, next(records, (None, "")))
    good: list[Sequence[str]] = []
    bad: list[tuple[int, str, str]] = []
    numbers: list[int] = []
    end = ""  # what is wrong with the last record
    for number, (record, fault) in enumerate(records, start=1):
        fields = record or []
        end = "" if len(fields) >= len(columns) else fault or f"has {len(fields)} fields, not {len(columns)}"
        if least is not None and least <= len(fields) < len(columns):
            fields = fields + [""] * (len(columns) - len(fields))
        if reason := fault or _fault(fields, columns, delimiter):
            bad.append((number, reason, delimiter.join(fields)[:_SHOWN]))
        else:
            good.append(fields[: len(columns)])
            numbers.append(number)
    if not partial and end and (end.startswith("ends within") or not content.text.endswith("\n")):
        raise MalformedList(f"{file.path}: cut off: the last record {end}; get the file again")
    if not good and not partial:
        raise MalformedList(f"{file.path}: no readable record; get the file again")
    warnings = (
        (f"{file.name}: {content.recoded} lines are not UTF-8, read as cp1252",) if content.recoded else ()
    )
    return Table(
        file.name, _frame(good, numbers, columns, null, as_is), rejected_rows(file.name, bad), warnings
    )


def read_header(file: SourceFile, delimiter: str = ",") -> list[str]:
    """Return the column names in the first line of a file as `read_table` will have them, for recognition."""
    try:
        return _column_names(
            next(csv.reader(io.StringIO(file.head_text, newline=""), delimiter=delimiter), [])
        )
    except csv.Error:
        return []


def add_absent_columns(table: Table, expected: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Add the columns that are absent, as nulls; a warning says which of the `expected` ones the file no longer has."""
    absent = [name for name in (*expected, *optional) if name not in table.frame.columns]
    frame = table.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    lost = [name for name in expected if name in absent]
    warning = (f"{table.file}: the layout has changed, there is no column {', '.join(lost)}",) if lost else ()
    return Table(table.file, frame, table.rejected, table.warnings + warning)


def rejected_rows(
    file: str, rows: Sequence[tuple[int | None, str, str]], list_code: str | None = None
) -> pl.DataFrame:
    """Return rejected rows as a frame with the columns of `REJECTED`."""
    return pl.DataFrame(
        [(file, row, list_code, reason, text[:_SHOWN]) for row, reason, text in rows],
        schema=REJECTED,
        orient="row",
    )


def record_table(file: str, rows: Sequence[int], bad: Sequence[tuple[int | None, str, str]]) -> Table:
    """Return a table of record numbers, for the account of a file that is not delimited text.

    rows: numbers of the records read. bad: number, reason and text of the rejected ones.
    """
    return Table(file, pl.DataFrame({ROW: rows}, schema={ROW: pl.Int64()}), rejected_rows(file, bad))


def reject(table: Table, bad: pl.Expr, reason: str, list_code: pl.Expr | None = None) -> Table:
    """Move the rows for which `bad` is true from the frame to the rejected rows, with `reason`."""
    bad_rows = table.frame.filter(bad)
    if bad_rows.is_empty():
        return table
    text = pl.concat_str(pl.exclude(ROW).cast(pl.String), separator="|", ignore_nulls=True)
    moved = bad_rows.select(
        pl.lit(table.file).alias("file"),
        pl.col(ROW).alias("row"),
        (list_code if list_code is not None else pl.lit(None, pl.String)).alias("list"),
        pl.lit(reason).alias("reason"),
        text.str.slice(0, _SHOWN).alias("text"),
    )
    good_rows = table.frame.join(bad_rows.select(ROW), on=ROW, how="anti", maintain_order="left")
    return Table(table.file, good_rows, pl.concat([table.rejected, moved]), table.warnings)


def reject_unread_dates(table: Table, columns: Sequence[str], list_code: pl.Expr) -> Table:
    """Move the rows in which one of the columns holds a text that is no date to the rejected rows."""
    for column in columns:
        unread = pl.col(column).is_not_null() & dates.parse(pl.col(column)).is_null()
        table = reject(table, unread, f"{column} is no date", list_code)
    return table


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str] | None, str]]:
    """Yield every record, or the reason why it cannot be read; blank lines are no records."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            end = "unexpected end" in str(error)
            yield None, "ends within a quoted field" if end else f"is not readable: {error}"
        else:
            if record:
                yield record, ""


def _header(file: SourceFile, first: tuple[list[str] | None, str]) -> list[str]:
    if first[0] is None:
        raise MalformedList(f"{file.path}: the header {first[1] or 'is missing'}")
    columns = _column_names(first[0])
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise MalformedList(f"{file.path}: the header names {', '.join(sorted(twice))} more than once")
    return columns


def _column_names(record: Sequence[str]) -> list[str]:
    columns = [" ".join(name.split()).lower() for name in record]
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _fault(record: list[str], columns: Sequence[str], delimiter: str) -> str:
    if len(record) < len(columns):
        return f"has {len(record)} fields, not {len(columns)}"
    if any(value.strip() for value in record[len(columns) :]):
        return f"has {len(record)} fields, not {len(columns)}"
    if "\0" in delimiter.join(record):
        return "holds a NUL byte"
    if not any(value.strip() for value in record):
        return "is empty"
    if record[0].strip().lower() == columns[0] and _column_names(record) == list(columns):
        return "repeats the header"
    return ""


def _check_end(file: SourceFile, text: str, marked: bool, delimiter: str) -> None:
    if not marked:
        raise MalformedList(f"{file.path}: cut off: the publisher's end mark is missing; get the file again")
    if not text.endswith(("\n", '"', delimiter)):
        raise MalformedList(f"{file.path}: cut off: the last record does not end; get the file again")


def _frame(
    rows: list[Sequence[str]], numbers: list[int], columns: Sequence[str], null: str, as_is: Sequence[str]
) -> pl.DataFrame:
    values = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    frame = pl.DataFrame(
        {ROW: numbers} | dict(zip(columns, values, strict=True)),
        schema={ROW: pl.Int64()} | {name: pl.String() for name in columns},
    )
    text = selectors.string() - selectors.by_name(*as_is)
    return frame.with_columns(text.str.strip_chars()).with_columns(
        selectors.string().replace({"": None, null: None, f"{null} ": None})
    )
