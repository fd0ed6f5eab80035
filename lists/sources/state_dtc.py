"""State, Directorate of Defense Trade Controls: statutorily debarred parties (22 CFR 127.7), one row a party."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key
from lists.normalize import dates
from lists.normalize.notices import citations
from lists.tabular import ROW, Table, add_absent_columns, read_header, read_table, reject, reject_unread_dates

NAME = "debarred party full name and alias"
NEEDED = {NAME, "date of birth", "notice", "notice date"}


def recognize(file: SourceFile) -> bool:
    """Tell by the header."""
    return set(read_header(file)) >= NEEDED


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows without a name or with an unreadable notice date are quarantined."""
    table = add_absent_columns(read_table(found[0], partial=partial), (), ("corrected notice",))
    table = reject(table, pl.col(NAME).is_null(), "has no name", pl.lit("DTC"))
    table = reject_unread_dates(table, ("notice date",), pl.lit("DTC"))
    return assemble(_draft(table), (table,))


def _draft(table: Table) -> Draft:
    rows = table.frame.with_columns(entry=ROW)
    notices = pl.concat_str("notice", "corrected notice", separator="; ", ignore_nulls=True)
    born = rows.drop_nulls("date of birth")
    return Draft(
        entries=rows.select(
            "entry",
            name=NAME,
            list=pl.lit("DTC"),
            party_type=pl.when(pl.col("date of birth").is_not_null()).then(pl.lit("person")),
            key=namesake_key(pl.lit("DTC"), pl.lit([], pl.List(pl.String)), pl.col("notice")),
            tiebreak="date of birth",
            start=dates.parse(pl.col("notice date")),
            citations=citations(notices),
            source_ref=pl.lit(f"{table.file} row ") + pl.col(ROW).cast(pl.String),
        ),
        identifiers=born.select("entry", id_type=pl.lit("date_of_birth"), id_value="date of birth"),
    )
