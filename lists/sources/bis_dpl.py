"""BIS Denied Persons List, `dpl.txt`: tab-separated, nine columns until 2014, twelve since.

The file has no key. Rows of one name under one order (same dates, same first notice) are one party with several
addresses, as in the Consolidated Screening List; expired orders stay, with their end.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key, normalized
from lists.normalize import dates
from lists.normalize.countries import country_code
from lists.normalize.notices import citations, first_notice
from lists.tabular import ROW, Table, add_absent_columns, read_header, read_table, reject, reject_unread_dates

COLUMNS = (
    "name", "street_address", "city", "state", "country", "postal_code",
    "effective_date", "expiration_date", "standard_order",
)  # fmt: skip
SINCE_2018 = ("last_update", "action", "fr_citation")

_STATE = r"^[A-Z]{2}$"


def recognize(file: SourceFile) -> bool:
    """Tell by the header."""
    return read_header(file, "\t")[: len(COLUMNS)] == list(COLUMNS)


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows without a name or with an unreadable date are quarantined."""
    table = add_absent_columns(
        read_table(found[0], delimiter="\t", partial=partial, least=len(COLUMNS)), COLUMNS, SINCE_2018
    )
    table = reject(table, pl.col("name").is_null(), "has no name", pl.lit("DPL"))
    table = reject_unread_dates(table, ("effective_date", "expiration_date"), pl.lit("DPL"))
    return assemble(_draft(table), (table,))


def _draft(table: Table) -> Draft:
    order = (
        normalized(pl.col("name")),
        "effective_date",
        "expiration_date",
        first_notice(pl.col("fr_citation")),
    )
    rows = (
        table.frame.with_columns(country=_country())
        .with_columns(entry=pl.col(ROW).min().over(pl.struct(order)), raw=_raw(), remarks=_remarks())
        .sort(ROW)
    )
    entries = rows.group_by("entry", maintain_order=True).agg(
        pl.first("name", "fr_citation", "effective_date", "expiration_date"),
        pl.col("remarks").unique(maintain_order=True).str.join(" | "),
        tiebreak=pl.col("raw").sort().str.join("|"),
        countries=country_code(pl.col("country")).drop_nulls(),
        rows=pl.col(ROW).cast(pl.String).str.join(", "),
    )
    notice = pl.col("fr_citation")
    return Draft(
        entries=entries.select(
            "entry",
            "name",
            "tiebreak",
            "remarks",
            list=pl.lit("DPL"),
            key=namesake_key(pl.lit("DPL"), pl.col("countries"), notice),
            start=dates.parse(pl.col("effective_date")),
            end=dates.parse(pl.col("expiration_date")),
            citations=citations(notice),
            source_ref=pl.lit(f"{table.file} row ") + pl.col("rows"),
        ),
        addresses=rows.select(
            "entry", "raw", "city", "postal_code", "country", street="street_address", region="state"
        ),
    )


def _raw() -> pl.Expr:
    parts = ("street_address", "city", "state", "postal_code", "country")
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)


def _country() -> pl.Expr:
    """A third of the rows names a US state and leaves the country blank."""
    in_the_states = pl.col("country").is_null() & pl.col("state").str.contains(_STATE)
    return pl.when(in_the_states).then(pl.lit("US")).otherwise(pl.col("country"))


def _remarks() -> pl.Expr:
    return pl.concat_str(
        pl.lit("Standard order: ") + pl.col("standard_order").str.to_uppercase(),
        pl.lit("Last update: ") + pl.col("last_update"),
        pl.lit("Action: ") + pl.col("action"),
        separator="; ",
        ignore_nulls=True,
    )
