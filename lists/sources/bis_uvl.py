"""BIS Unverified List as a spreadsheet: COUNTRY, NAME, ADDRESS; one row an address."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key, normalized
from lists.normalize.countries import country_code
from lists.tabular import ROW, Table, read_header, read_table, reject

COLUMNS = ("country", "name", "address")


def recognize(file: SourceFile) -> bool:
    """Tell by the header."""
    return tuple(read_header(file)) == COLUMNS


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows without a name are quarantined."""
    table = read_table(found[0], partial=partial)
    table = reject(table, pl.col("name").is_null(), "has no name", pl.lit("UVL"))
    return assemble(_draft(table), (table,))


def _draft(table: Table) -> Draft:
    party = pl.struct(country_code(pl.col("country")), normalized(pl.col("name")))
    rows = table.frame.with_columns(entry=pl.col(ROW).min().over(party)).sort(ROW)
    entries = rows.group_by("entry", maintain_order=True).agg(
        pl.first("name"),
        countries=country_code(pl.col("country")).drop_nulls().unique(),
        tiebreak=pl.col("address").sort().str.join("|"),
        rows=pl.col(ROW).cast(pl.String).str.join(", "),
    )
    return Draft(
        entries=entries.select(
            "entry",
            "countries",
            "tiebreak",
            "name",
            list=pl.lit("UVL"),
            key=namesake_key(pl.lit("UVL"), pl.col("countries"), pl.lit(None, pl.String)),
            source_ref=pl.lit(f"{table.file} row ") + pl.col("rows"),
        ),
        addresses=rows.drop_nulls("address").select("entry", "country", raw="address", street="address"),
    )
