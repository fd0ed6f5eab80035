"""From text columns to a checked frame: mapping, types, keys; every problem with its row.

A row that lacks a needed value or repeats a key is set aside and counted; an optional value that makes no sense becomes
null with a problem recorded, so that rules see it as unknown, never as clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.cleaning import clean_text, columns_with_nul, is_strictly_increasing, names_with_nul
from pipelines.inputs.country_remarks import REMARKS, unusual_countries, with_remarks
from pipelines.inputs.files import ROW, read_text_table
from pipelines.inputs.identifier_problems import identifier_problems, nameless
from pipelines.inputs.jsonlines import MORE
from pipelines.inputs.mapping import ColumnMap, expression, headers, resolve
from pipelines.inputs.problems import (
    SET_ASIDE,
    WITH_NUL,
    bad_values,
    countries_by_name,
    guessed_encoding,
    malformed_rows,
    problem_rows,
    removed_nuls,
    repeated_keys,
    rows_set_aside,
)
from pipelines.inputs.typed import type_column
from pipelines.inputs.unused import unused_values
from screening.tables.book import InputFile
from screening.tables.outputs import PROBLEMS
from screening.tables.table import Table


@dataclass(frozen=True, slots=True)
class Reading:
    """A checked table: the usable rows, the problems found, and the files they came from."""

    frame: pl.DataFrame
    problems: pl.DataFrame  # columns of `PROBLEMS`
    sources: tuple[InputFile, ...]
    rows: pl.Series  # the number in its file of each row of the frame

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        return rows_set_aside(self.problems)


def read_table(
    path: Path,
    table: Table,
    columns: ColumnMap | None = None,
    defaults: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Reading:
    """Read one file as a table; `columns` maps our names to the file's, `defaults` fill what is blank.

    encoding: of a delimited file that is not UTF-8, where it cannot be told.

    Raises InputRejected when the file lacks a needed column, naming the columns it has.
    """
    text, source, guessed = read_text_table(path, encoding, required_names(table, columns or {}))
    reading = check_table(text, source, table, columns, defaults)
    if guessed is None:
        return reading
    return replace(
        reading, problems=pl.concat([guessed_encoding(guessed, table.name, path.name), reading.problems])
    )


def check_table(
    text: pl.DataFrame,
    source: InputFile,
    table: Table,
    columns: ColumnMap | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading:
    """Check a table whose columns are text and whose rows are numbered, as from `read_text_table`.

    `columns`, `defaults` and errors: as of `read_table`.
    """
    mapped = map_columns(text.lazy(), table, columns or {}, source.name).collect()
    cleaned = clean(mapped, table, defaults or {})
    frame, problems = check(cleaned, table, source, repeated(cleaned, table))
    return Reading(frame.drop(ROW), problems, (source,), frame[ROW])


def required_names(table: Table, columns: ColumnMap) -> list[str]:
    """Return what the needed columns of a table are called in a file."""
    needed = (columns.get(column.name, column.name) for column in table.columns if column.needed)
    return [header for source in needed for header in headers(source)]


def map_columns(text: pl.LazyFrame, table: Table, columns: ColumnMap, file: str) -> pl.LazyFrame:
    """Rename the file's columns to ours, join those that are one of ours, and add absent optional ones as null.

    Raises InputRejected when the file lacks a needed column, naming the columns it has.
    """
    have = text.collect_schema().names()
    unknown = sorted(set(columns) - set(table.names))
    absent = sorted({header for source in columns.values() for header in headers(source)} - set(have))
    sources, unclear = resolve(columns, table.names, [name for name in have if name not in (ROW, MORE)])
    missing = [column.name for column in table.columns if column.needed and column.name not in sources]
    problems = [f"no column of ours is called {name!r}" for name in unknown]
    problems += [f"the file has no column {name!r}" for name in absent]
    problems += unclear
    problems += [
        f"{name} is required: name its column in the config, [columns.{table.name}]; "
        "headwater inspect writes that for you"
        for name in missing
    ]
    if problems:
        shown = ", ".join(name for name in have if name not in (ROW, MORE))
        raise InputRejected(f"{file}: cannot be read as {table.name}. Its columns: {shown[:500]}", problems)
    nothing = pl.lit(None, dtype=pl.String)
    return text.select(
        ROW,
        (pl.col(MORE) if MORE in have else nothing).alias(MORE),
        *(
            (expression(column, sources[column.name]) if column.name in sources else nothing).alias(
                column.name
            )
            for column in sorted(table.columns, key=lambda column: column.name)
        ),
    )


def clean(mapped: pl.DataFrame, table: Table, defaults: Mapping[str, str]) -> pl.DataFrame:
    """Clean the text of rows from `map_columns`: no NULs, no outer blanks, blank is null, then the default."""
    with_nul = columns_with_nul(mapped, table.names)
    marked = mapped.with_columns(names_with_nul(with_nul).alias(WITH_NUL))
    filled = (pl.col(name).fill_null(value) for name, value in defaults.items())
    return clean_text(marked, table.names, with_nul).with_columns(filled)


def repeated(cleaned: pl.DataFrame, table: Table) -> pl.Series:
    """Return the numbers of the rows whose key an earlier row has already."""
    if not table.key or is_strictly_increasing(cleaned[table.key[0]]):
        return pl.Series(dtype=pl.Int64)
    key = pl.col(table.key[0])
    return cleaned.filter(key.is_not_null() & ~key.is_first_distinct())[ROW]


def check(
    cleaned: pl.DataFrame, table: Table, source: InputFile, again: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type every column of a frame from `clean`; return the usable rows, still numbered, and every problem.

    `again`: numbers of the rows that repeat a key.
    """
    any_malformed = cleaned[MORE].null_count() < len(cleaned)
    whole = cleaned.filter(pl.col(MORE).is_null()) if any_malformed else cleaned
    whole, numbered = nameless(whole, table)
    typed = whole.select(ROW, *(type_column(column, whole).alias(column.name) for column in table.columns))
    unusual = unusual_countries(whole, typed, table)
    if REMARKS in table.names:
        typed = with_remarks(typed, unusual)
    found = [
        countries_by_name(unusual),
        numbered,
        identifier_problems(typed, table),
        unused_values(typed, table),
        *(bad_values(whole, typed, column) for column in table.columns),
        *(repeated_keys(cleaned, table, again), malformed_rows(cleaned), removed_nuls(cleaned)),
    ]
    if not any(map(len, found)):
        return typed, PROBLEMS.empty()
    problems = problem_rows(pl.concat(found), table.name, source.name)
    bad = problems.filter(pl.col("consequence") == SET_ASIDE).select(pl.col("row").unique())
    good = typed.join(bad, left_on=ROW, right_on="row", how="anti", maintain_order="left")
    return good, problems
