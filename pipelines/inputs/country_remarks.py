"""What country columns hold besides codes: regions, which a code would hide, values read by name, values not read.

A region and an unread value stay with their row as a remark, for the rules (`screening/data/facts.csv`). A value that
was read by its name is told once for each column, so that nobody is surprised by what it was taken for.
"""

from __future__ import annotations

import polars as pl

from pipelines.inputs.files import ROW, SEVERAL
from screening.places import place_label, read_countries
from screening.tables.table import Column, Table

REMARKS = "country_remarks"
KINDS = ("country", "countries")
NO_COUNTRY_GIVEN = "names no country"
SHOWN = 60
"""Characters of an unread value that a remark holds."""
BY_NAME = "read by name"
CODES = ("code", "alpha3", "numeric")
"""Ways to write a country that no one is told about."""
READ = {ROW: pl.Int64(), "column": pl.String(), "value": pl.String(), "iso2": pl.String(), "region": pl.String(),
        "how": pl.String(), "why": pl.String()}  # fmt: skip


def unusual_countries(cleaned: pl.DataFrame, typed: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the values of country columns that are no two-letter code: `READ`, one row a row and value.

    `cleaned`: the rows as text. `typed`: the same rows as they were read.
    """
    parts = [
        _unusual(cleaned, typed, column)
        for column in table.columns
        if column.kind in KINDS and cleaned[column.name].null_count() < cleaned.height
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=READ)


def _unusual(cleaned: pl.DataFrame, typed: pl.DataFrame, column: Column) -> pl.DataFrame:
    written = pl.col(column.name)
    rows = cleaned.select(ROW, value=written, code=typed[column.name])
    if column.kind == "country":
        as_code = pl.col("value").str.to_uppercase() == pl.col("code")
        odd = rows.filter(~as_code.fill_null(False)).select(ROW, "value")
    else:
        values = pl.col("value").str.strip_prefix(SEVERAL).str.split(";")
        odd = rows.select(ROW, value=values).explode("value").with_columns(pl.col("value").str.strip_chars())
        odd = odd.filter(~pl.col("value").str.contains("^[A-Za-z]{2}$") & (pl.col("value") != ""))
    odd = odd.drop_nulls("value")
    if odd.is_empty():
        return pl.DataFrame(schema=READ)
    read = read_countries(odd["value"]).select("iso2", "region", "how", "why")
    each = pl.concat([odd, read], how="horizontal").with_columns(column=pl.lit(column.name))
    return each.select(pl.col(name).cast(kind) for name, kind in READ.items())


def with_remarks(typed: pl.DataFrame, unusual: pl.DataFrame) -> pl.DataFrame:
    """Add to the column `REMARKS` of rows what a code cannot say: `country=UA-43` and `country?Chine Populaire`."""
    region = pl.format("{}={}", "column", "region")
    unread = pl.format("{}?{}", "column", pl.col("value").str.slice(0, SHOWN))
    remarks = unusual.filter(pl.col("region").is_not_null() | _unread()).select(
        ROW, remark=pl.coalesce(region, unread)
    )
    if remarks.is_empty():
        return typed
    by_row = remarks.unique().sort(ROW, "remark").group_by(ROW, maintain_order=True).agg(added="remark")
    rows = typed.join(by_row, on=ROW, how="left", maintain_order="left")
    both = pl.concat_list(pl.col(REMARKS).fill_null([]), pl.col("added").fill_null([]))
    return rows.with_columns(pl.when(both.list.len() > 0).then(both).alias(REMARKS)).drop("added")


def _unread() -> pl.Expr:
    return pl.col("iso2").is_null() & (pl.col("why") != NO_COUNTRY_GIVEN)


def read_by_name(unusual: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each different value that was read by its name: row (the first), column, value, reason."""
    named = unusual.filter(pl.col("iso2").is_not_null(), ~pl.col("how").is_in(CODES))
    groups = named.group_by("column", "value").agg(
        pl.col(ROW, "iso2", "region").first(), rows=pl.len()
    ).sort(ROW, "column")  # fmt: skip
    codes = pl.concat([groups["iso2"], groups["region"]]).drop_nulls().unique()
    names = {code: f"{place_label(code)} ({code})" for code in codes}
    inside = pl.format(", region {}", pl.col("region").replace(names)).fill_null("")
    return groups.select(
        ROW, "column", "value",
        reason=pl.format("{} as {}{}, in {} rows", pl.lit(BY_NAME), pl.col("iso2").replace(names), inside, "rows"),
    )  # fmt: skip
