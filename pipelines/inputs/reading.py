"""From text columns to a checked frame: mapping, types, keys; every problem kept with its row.

A row that lacks a required value or repeats a key is set aside and counted; an optional value that makes no
sense becomes null with a problem recorded, so that rules see it as unknown, never as clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.cleaning import NUL, bare, holding_nul, rising
from pipelines.inputs.files import NESTED, ROW, SEVERAL, read_text_table
from pipelines.inputs.jsonlines import MORE, NO_OBJECT
from screening.matching.evidence.birth_dates import readable
from screening.tables.book import InputFile
from screening.tables.table import DTYPES, Column, Table

PROBLEMS = {
    "table": pl.String(),
    "file": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
    "consequence": pl.String(),  # row_set_aside | value_ignored | value_cleaned
}
FOUND = {ROW: pl.Int64(), **{name: PROBLEMS[name] for name in ("column", "value", "reason", "consequence")}}
"""Columns of a problem before it is said of which file it is."""
CLEANED = "__cleaned"
"""Names of the columns of a row that held NUL characters."""
MAX_TEXT = 10_000
"""Longest text a field may hold; a longer name cannot be one, and a longer address helps nobody."""
SHOWN = 80
INSIDE = rf'^(?:[{SEVERAL}{NESTED}]|\["|\{{")'
"""How a text begins that was a list or an object in its file."""
NOT_ONE = "holds a list or an object: give one value, or map a column that takes several, such as other_names"


@dataclass(frozen=True, slots=True)
class Reading:
    """A checked table: the usable rows, the problems found, and the files they came from."""

    frame: pl.DataFrame
    problems: pl.DataFrame
    sources: tuple[InputFile, ...]

    @property
    def set_aside(self) -> int:
        """Rows that could not be used."""
        rows = self.problems.filter(pl.col("consequence") == "row_set_aside")
        return rows.select("file", "row").unique().height


def read_table(
    path: Path,
    table: Table,
    columns: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading:
    """Read one file under a table; `columns` maps our names to the file's, `defaults` fill what is blank.

    Raises InputRejected when the file lacks a required column, naming the columns it has.
    """
    text, source = read_text_table(path)
    mapped = map_columns(text.lazy(), table, columns or {}, path.name).collect()
    cleaned = clean(mapped, table, defaults or {})
    frame, problems = check(cleaned, table, source, repeated(cleaned, table))
    return Reading(frame.drop(ROW), problems, (source,))


def map_columns(text: pl.LazyFrame, table: Table, columns: Mapping[str, str], file: str) -> pl.LazyFrame:
    """Rename the file's columns to ours and add the absent optional ones as null.

    Raises InputRejected when the file lacks a required column, naming the columns it has.
    """
    have = text.collect_schema().names()
    known = {column.name for column in table.columns}
    unknown = sorted(set(columns) - known)
    absent = sorted(source for source in columns.values() if source not in have)
    taken = {name: columns.get(name, name) for name in known}
    missing = [column.name for column in table.columns if column.required and taken[column.name] not in have]
    problems = [f"no column of ours is called {name!r}" for name in unknown]
    problems += [f"the file has no column {name!r}" for name in absent]
    problems += [
        f"{name} is required: name its column in the config, [columns.{table.name}]" for name in missing
    ]
    if problems:
        shown = ", ".join(name for name in have if name not in (ROW, MORE))
        raise InputRejected(f"{file}: cannot be read as {table.name}. Its columns: {shown[:500]}", problems)
    return text.select(
        ROW,
        (pl.col(MORE) if MORE in have else pl.lit(None, dtype=pl.String)).alias(MORE),
        *(
            (pl.col(source) if source in have else pl.lit(None, dtype=pl.String)).alias(name)
            for name, source in sorted(taken.items())
        ),
    )


def clean(mapped: pl.DataFrame, table: Table, defaults: Mapping[str, str]) -> pl.DataFrame:
    """Clean the text of rows from `map_columns`: no NULs, no outer blanks, blank is null, then the default."""
    names = [column.name for column in table.columns]
    held = holding_nul(mapped, names)
    told = [pl.when(pl.col(name).str.contains(NUL, literal=True)).then(pl.lit(name)) for name in held]
    marks = pl.concat_str(told, separator=", ", ignore_nulls=True).replace("", None)
    marked = mapped.with_columns((marks if held else pl.lit(None, pl.String)).alias(CLEANED))
    filled = (pl.col(name).fill_null(value) for name, value in defaults.items())
    return bare(marked, names, held).with_columns(filled)


def repeated(cleaned: pl.DataFrame, table: Table) -> pl.Series:
    """Return the numbers of the rows whose key stood in an earlier row already."""
    if not table.key:
        return pl.Series(dtype=pl.Int64)
    key = pl.col(table.key[0])
    if rising(cleaned[table.key[0]]):
        return pl.Series(dtype=pl.Int64)
    return cleaned.filter(key.is_not_null() & ~key.is_first_distinct())[ROW]


def check(
    cleaned: pl.DataFrame, table: Table, source: InputFile, again: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type every column of a frame from `clean`; return the usable rows, still numbered, and every problem.

    `again`: numbers of the rows that repeat a key.
    """
    bent = cleaned[MORE].null_count() < len(cleaned)
    whole = cleaned.filter(pl.col(MORE).is_null()) if bent else cleaned
    typed = whole.select(ROW, *(_typed(column, whole).alias(column.name) for column in table.columns))
    found = [
        *(_problem_rows(whole, typed, column) for column in table.columns),
        *(_repeats(cleaned, table, again), ragged(cleaned), _nuls(cleaned)),
    ]
    if not any(map(len, found)):
        return typed, pl.DataFrame(schema=PROBLEMS)
    problems = problem_rows(pl.concat(found), table.name, source.name)
    bad = problems.filter(pl.col("consequence") == "row_set_aside").select(pl.col("row").unique())
    good = typed.join(bad, left_on=ROW, right_on="row", how="anti", maintain_order="left")
    return good, problems


def problem_rows(problems: pl.DataFrame, table: str, file: str) -> pl.DataFrame:
    """Write problems found in rows (`ROW`, column, value, reason, consequence) in the columns of `PROBLEMS`, sorted."""
    return (
        problems.select(
            pl.lit(table).alias("table"),
            pl.lit(file).alias("file"),
            pl.col(ROW).alias("row"),
            "column",
            pl.col("value").str.slice(0, SHOWN),
            "reason",
            "consequence",
        )
        .cast(pl.Schema(PROBLEMS))
        .sort("row", "column", "reason")
    )


def ragged(rows: pl.DataFrame) -> pl.DataFrame:
    """List the rows with more fields than the header, where nobody can tell which is which, and broken lines."""
    broken = pl.col(MORE).str.starts_with(NO_OBJECT)
    return rows.filter(pl.col(MORE).is_not_null()).select(
        ROW,
        pl.lit("(row)").alias("column"),
        pl.col(MORE).str.strip_prefix(NO_OBJECT).alias("value"),
        pl.when(broken)
        .then(pl.lit("is no JSON object: correct the line, or leave it out"))
        .otherwise(pl.lit("has more fields than the header"))
        .alias("reason"),
        pl.lit("row_set_aside").alias("consequence"),
    )


def _typed(column: Column, cleaned: pl.DataFrame) -> pl.Expr:
    """Return the expression that types one column of these rows; what cannot be typed becomes null."""
    written = cleaned[column.name]
    if written.null_count() == len(written):
        return pl.lit(None, DTYPES[column.kind])
    value = pl.col(column.name)
    if column.kind == "texts":
        value = value.str.strip_prefix(SEVERAL)
    if (written.str.len_bytes() > MAX_TEXT).any() or written.str.contains(INSIDE).any():
        value = pl.when(value.str.len_chars() <= MAX_TEXT, ~value.str.contains(INSIDE)).then(value)
    lower = value.str.to_lowercase()
    match column.kind:
        case "date":
            return value.str.to_date("%Y-%m-%d", strict=False)
        case "country":
            upper = value.str.to_uppercase()
            return pl.when(upper.str.contains(r"^[A-Z]{2}$")).then(upper)
        case "number":
            number = value.str.replace_all(",", "").cast(pl.Float64, strict=False)
            return pl.when(number.is_finite() & (number >= 0)).then(number)
        case "integer":
            integer = value.str.replace_all(",", "").cast(pl.Int64, strict=False)
            return pl.when(integer >= 0).then(integer)
        case "choice":
            return pl.when(lower.is_in(column.choices)).then(lower)
        case "flag":
            return lower.replace_strict(
                {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False},
                default=None,
                return_dtype=pl.Boolean,
            )
        case "texts":
            parts = value.str.split(";").list.eval(pl.element().str.strip_chars())
            return parts.list.eval(pl.element().filter(pl.element() != ""))
        case "birth date":
            return pl.when(value.map_batches(readable, return_dtype=pl.Boolean)).then(value)
        case _:
            return value


def _problem_rows(cleaned: pl.DataFrame, typed: pl.DataFrame, column: Column) -> pl.DataFrame:
    """List the rows in which one column is absent though required, or present but unusable."""
    value, result = cleaned[column.name], typed[column.name]
    lost = result.null_count() - value.null_count()
    if not lost and not (column.required and value.null_count()):
        return pl.DataFrame(schema=FOUND)
    wrong = value.is_not_null() & result.is_null()
    absent = value.is_null() if column.required else pl.repeat(False, len(value), eager=True)
    expected = f"not one of {', '.join(column.choices)}" if column.choices else f"not a {column.kind}"
    inside = value.str.contains(INSIDE).fill_null(False)
    too_long = value.str.len_chars().fill_null(0) > MAX_TEXT
    return (
        cleaned.select(ROW)
        .with_columns(value=value, wrong=wrong, absent=absent, too_long=too_long, inside=inside)
        .filter(pl.col("wrong") | pl.col("absent"))
        .select(
            ROW,
            pl.lit(column.name).alias("column"),
            pl.col("value").str.strip_chars_start(SEVERAL + NESTED),
            pl.when("absent")
            .then(pl.lit("required and blank"))
            .when("too_long")
            .then(pl.lit(f"longer than {MAX_TEXT} characters"))
            .when("inside")
            .then(pl.lit(NOT_ONE))
            .otherwise(pl.lit(expected))
            .alias("reason"),
            pl.lit("row_set_aside" if column.required else "value_ignored").alias("consequence"),
        )
    )


def _repeats(cleaned: pl.DataFrame, table: Table, again: pl.Series) -> pl.DataFrame:
    """List the rows whose key stood in an earlier row already."""
    key = table.key[0] if table.key else table.columns[0].name
    return cleaned.filter(pl.col(ROW).is_in(again.implode())).select(
        ROW,
        pl.lit(key).alias("column"),
        pl.col(key).alias("value"),
        pl.lit("stands in an earlier row already").alias("reason"),
        pl.lit("row_set_aside").alias("consequence"),
    )


def _nuls(cleaned: pl.DataFrame) -> pl.DataFrame:
    """List the rows from which NUL characters were taken."""
    return cleaned.filter(pl.col(CLEANED).is_not_null()).select(
        ROW,
        pl.col(CLEANED).alias("column"),
        pl.lit(None, dtype=pl.String).alias("value"),
        pl.lit("held NUL characters, which were removed").alias("reason"),
        pl.lit("value_cleaned").alias("consequence"),
    )
