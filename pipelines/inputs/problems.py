"""What is wrong with the rows of an input file: one row a problem, in the columns of the run's table `problems`."""

from __future__ import annotations

import polars as pl

from pipelines.inputs.country_remarks import BY_NAME, read_by_name
from pipelines.inputs.delimited import NAME_IT
from pipelines.inputs.files import NESTED, ROW, SEVERAL
from pipelines.inputs.jsonlines import MORE, NO_OBJECT
from pipelines.inputs.typed import LIST_OR_OBJECT, MAX_TEXT
from screening.places import read_countries
from screening.tables.kinds import EARLIEST, LATEST, MOST
from screening.tables.outputs import PROBLEMS
from screening.tables.table import Column, Table

SET_ASIDE, IGNORED, CLEANED = PROBLEMS.column("consequence").choices
WITH_NUL = "__with_nul"
"""Column with the names of the columns of a row that had NUL characters."""
WHOLE_FILE = "(file)"
"""Column of a problem that is of the whole file."""
NO_COUNTRY = "not a country"
SHOWN = 80
"""Characters of a value that are shown."""
NOT_ONE = "holds a list or an object: give one value, or map a column that takes several, such as other_names"
ROW_PROBLEMS = {
    ROW: pl.Int64(),
    **PROBLEMS.pick("problems of rows", ("column", "value", "reason", "consequence")).schema(),
}
"""Columns of a problem before its table and file are added."""
_NUMBERS = {"number": "a number", "integer": "an integer", "decimal": "a number"}


def problem_rows(problems: pl.DataFrame, table: str, file: str) -> pl.DataFrame:
    """Write problems with the columns of `ROW_PROBLEMS` in those of `PROBLEMS`, sorted."""
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
        .cast(pl.Schema(PROBLEMS.schema()))
        .sort("row", "column", "reason")
    )


def rows_set_aside(problems: pl.DataFrame) -> int:
    """Count the rows, over all files, that could not be used."""
    return problems.filter(pl.col("consequence") == SET_ASIDE).select("file", "row").n_unique()


def malformed_rows(rows: pl.DataFrame) -> pl.DataFrame:
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
        pl.lit(SET_ASIDE).alias("consequence"),
    )


def bad_values(cleaned: pl.DataFrame, typed: pl.DataFrame, column: Column) -> pl.DataFrame:
    """List the rows in which one column is blank though needed, or filled and not usable.

    `cleaned`: with the text of the column. `typed`: the same rows with its typed value.
    """
    value, result = cleaned[column.name], typed[column.name]
    lost = result.null_count() - value.null_count()
    if not lost and not (column.needed and value.null_count()):
        return pl.DataFrame(schema=ROW_PROBLEMS)
    absent = value.is_null() if column.needed else pl.repeat(False, len(value), eager=True)
    is_nested = value.str.contains(LIST_OR_OBJECT).fill_null(False)
    too_long = value.str.len_chars().fill_null(0) > MAX_TEXT
    return (
        cleaned.select(ROW)
        .with_columns(
            value=value,
            wrong=value.is_not_null() & result.is_null(),
            absent=absent,
            too_long=too_long,
            is_nested=is_nested,
        )
        .filter(pl.col("wrong") | pl.col("absent"))
        .select(
            ROW,
            pl.lit(column.name).alias("column"),
            pl.col("value").str.strip_chars_start(SEVERAL + NESTED),
            pl.when("absent")
            .then(pl.lit("required and blank"))
            .when("too_long")
            .then(pl.lit(f"longer than {MAX_TEXT} characters"))
            .when("is_nested")
            .then(pl.lit(NOT_ONE))
            .otherwise(_unread_country() if column.kind == "country" else pl.lit(_expected(column)))
            .alias("reason"),
            pl.lit(SET_ASIDE if column.needed else IGNORED).alias("consequence"),
        )
    )


def repeated_keys(cleaned: pl.DataFrame, table: Table, again: pl.Series) -> pl.DataFrame:
    """List the rows with the numbers `again`, whose key an earlier row has already."""
    key = table.key[0] if table.key else table.names[0]
    return cleaned.filter(pl.col(ROW).is_in(again.implode())).select(
        ROW,
        pl.lit(key).alias("column"),
        pl.col(key).alias("value"),
        pl.lit("stands in an earlier row already").alias("reason"),
        pl.lit(SET_ASIDE).alias("consequence"),
    )


def removed_nuls(cleaned: pl.DataFrame) -> pl.DataFrame:
    """List the rows from which NUL characters were taken, as the column `WITH_NUL` says."""
    return cleaned.filter(pl.col(WITH_NUL).is_not_null()).select(
        ROW,
        pl.col(WITH_NUL).alias("column"),
        pl.lit(None, dtype=pl.String).alias("value"),
        pl.lit("held NUL characters, which were removed").alias("reason"),
        pl.lit(CLEANED).alias("consequence"),
    )


def guessed_encoding(encoding: str, table: str, file: str) -> pl.DataFrame:
    """Say of a file that its encoding was guessed."""
    reason = f"is no UTF-8 and was read as {encoding}: where names look wrong, save it as UTF-8, or {NAME_IT}"
    row = (1, WHOLE_FILE, encoding, reason, CLEANED)
    return problem_rows(pl.DataFrame([row], schema=ROW_PROBLEMS, orient="row"), table, file)


def _unread_country() -> pl.Expr:
    """Return the expression that says why each `value` is not used as a country."""

    def why(values: pl.Series) -> pl.Series:
        return (
            read_countries(values)
            .select(pl.col("why").fill_null("is no country that we can read"))
            .to_series()
        )

    return pl.lit(f"{NO_COUNTRY}: ") + pl.col("value").map_batches(why, return_dtype=pl.String)


def countries_by_name(unusual: pl.DataFrame) -> pl.DataFrame:
    """List the values of country columns that were read by name, once each. `unusual`: as of `unusual_countries`."""
    return read_by_name(unusual).with_columns(consequence=pl.lit(CLEANED)).select(*ROW_PROBLEMS)


def problem_remarks(problems: pl.DataFrame) -> list[str]:
    """Say in a line each what is wrong with whole files or columns of countries, for the warnings of a run."""
    unread = problems.filter(pl.col("reason").str.starts_with(NO_COUNTRY))
    counts = unread.group_by("file", "column").len().sort("file", "column")
    countries = [
        f"{file}: {count} values of {column} are not read as a country and count as unknown; "
        "the table problems lists them."
        for file, column, count in counts.rows()
    ]
    countries += _named_countries(problems)
    whole = problems.filter(pl.col("column") == WHOLE_FILE).select("file", "reason").sort("file", "reason")
    return [*(f"{file}: {reason}." for file, reason in whole.rows()), *countries]


def _named_countries(problems: pl.DataFrame) -> list[str]:
    """Say in a line for each column of countries how many values were read by name, with examples."""
    reason = pl.col("reason").str
    named = problems.filter(reason.starts_with(BY_NAME)).select(
        "file",
        "column",
        rows=reason.extract(r"in (\d+) rows$").cast(pl.Int64),
        example=pl.format("{} {}", "value", reason.extract(rf"^{BY_NAME} (as .+), in \d+ rows$")),
    )
    sums = named.group_by("file", "column").agg(pl.col("rows").sum(), pl.col("example").unique().sort())
    return [
        f"{file}: {rows} values of {column} are names, not codes, and were read so: {'; '.join(examples[:5])}"
        f"{'; and others' if len(examples) > 5 else ''}. Give ISO 3166 codes to be sure."
        for file, column, rows, examples in sums.sort("file", "column").rows()
    ]


def _expected(column: Column) -> str:
    if column.kind == "choice":
        return f"not one of {', '.join(column.choices)}"
    if column.kind == "countries":
        return "not a list of countries: give codes such as TR; KZ"
    if column.kind == "fraction":
        return "not a share such as 0.11 or 11%"
    if column.kind == "date":
        return f"not a date from {EARLIEST} to {LATEST}, written YYYY-MM-DD"
    if column.kind in MOST:
        return f"not {_NUMBERS[column.kind]} from 0 to {MOST[column.kind]:,}"
    return f"not a {'number' if column.kind == 'operations' else column.kind}"
