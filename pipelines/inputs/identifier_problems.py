"""What is said of identifiers that are not looked up as they are written: a problem a column and kind, with counts."""

from __future__ import annotations

import polars as pl

from pipelines.inputs.files import ROW, SEVERAL
from pipelines.inputs.problems import CLEANED, ROW_PROBLEMS
from screening.matching import identifier_remarks
from screening.tables.table import Column, Table

NOT_AS_WRITTEN = "identifiers"
"""How the reason of such a problem begins."""
NAMELESS = "blank: goes by its identifiers, which are looked up"
_NUMBER = r"\d|[A-Z]{8}"
"""What a number holds, and a nationality does not."""
_KEY = ("kind", "type")


def identifier_problems(typed: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a problem for each kind of identifiers that need a word: the columns of `ROW_PROBLEMS`.

    Without a type, of no known type, of no form that their type can have, or too short without a country. `typed`: rows
    as they were read; the row and value are those of the first.
    """
    columns = [column for column in table.columns if "identifier" in column.holds and column.kind == "texts"]
    return pl.concat(
        [pl.DataFrame(schema=ROW_PROBLEMS), *(_problems(typed, table, column) for column in columns)]
    )


def _problems(typed: pl.DataFrame, table: Table, column: Column) -> pl.DataFrame:
    if typed[column.name].null_count() == typed.height:
        return pl.DataFrame(schema=ROW_PROBLEMS)
    places = [other.name for other in table.columns if other.kind == "country"]
    given = typed.select(
        subject_id=ROW, text=column.name, placed=pl.any_horizontal(pl.col(places).is_not_null())
    ).drop_nulls("text")
    remarks = identifier_remarks(given.explode("text", empty_as_null=False).drop_nulls("text"))
    kinds = remarks.group_by(*_KEY, maintain_order=True).agg(pl.len().alias("count"), pl.all().first())
    reason = pl.format("{}, in {} values", pl.concat_str(pl.lit(f"{NOT_AS_WRITTEN} "), _remarks()), "count")
    return kinds.select(
        pl.col("subject_id").alias(ROW),
        pl.lit(column.name).alias("column"),
        pl.col("text").alias("value"),
        reason.alias("reason"),
        pl.lit(CLEANED).alias("consequence"),
    ).cast(pl.Schema(ROW_PROBLEMS))


def _remarks() -> pl.Expr:
    kind, type_ = pl.col("kind"), pl.col("type").str.slice(0, 40)
    compared = "read by their form, else as passports and numbers"
    return (
        pl.when(kind == "no_type")
        .then(pl.lit(f"without a type are {compared}: write type:value"))
        .when(kind == "unknown_type")
        .then(pl.format(f"of the type {{}}, which is not known, are {compared}", type_))
        .when(kind == "unusable").then(pl.format("of the type {} cannot be one and are not looked up", type_))
        .otherwise(pl.format("of the type {} find nobody without a like name: give a country", type_))
    )  # fmt: skip


def identifier_lines(problems: pl.DataFrame) -> list[str]:
    """Say of each file and kind how many identifiers there are, for the warnings of a run."""
    reason = pl.col("reason").str
    counted = problems.filter(reason.starts_with(f"{NOT_AS_WRITTEN} ")).select(
        "file",
        "row",
        "column",
        "value",
        remarks=reason.extract(r"^\w+ (.*), in \d+ values$"),
        count=reason.extract(r"in (\d+) values$").cast(pl.Int64),
    )
    lines = (
        counted.sort("row")
        .group_by("file", "column", "remarks")
        .agg(pl.col("count").sum(), pl.all().exclude("count").first())
    )
    return [
        f"{file}: {count} {column} {remarks}; the first is {value!r} in row {row}."
        for file, column, remarks, count, row, value in lines.sort("file", "column", "remarks").rows()
    ]


def nameless(cleaned: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Let a row without a name go by its identifiers; return the rows, and a problem for each of these.

    `cleaned`: rows as text.
    """
    stand_ins = {column.name: column.instead for column in table.columns if column.instead}
    rows, found = cleaned, [pl.DataFrame(schema=ROW_PROBLEMS)]
    for name, instead in stand_ins.items():
        used = pl.col(name).is_null() & pl.col(instead).str.contains(_NUMBER)
        number = pl.col(instead).str.strip_prefix(SEVERAL)
        found.append(
            cleaned.filter(used).select(
                ROW, pl.lit(name).alias("column"), number.alias("value"), pl.lit(NAMELESS).alias("reason"),
                pl.lit(CLEANED).alias("consequence"),
            )
        )  # fmt: skip
        rows = rows.with_columns(pl.when(used).then(number).otherwise(name).alias(name))
    return rows, pl.concat(found)
