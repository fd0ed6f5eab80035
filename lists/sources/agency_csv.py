"""The spreadsheets of BIS and State in the common 31 columns (Entity List, ISN until mid-2016), and ISN's nine.

One row stands for a party, an address and an alias; rows of one party under one notice are grouped.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key, normalized
from lists.normalize import dates
from lists.normalize.countries import country_code
from lists.normalize.list_codes import list_code
from lists.normalize.names import listed_names
from lists.normalize.notices import citations
from lists.tabular import ROW, Table, add_absent_columns, read_header, read_table, reject, reject_unread_dates

NEEDED = {"source list", "name", "country", "federal register notice", "effective date"}
OPTIONAL = (
    "programs", "address", "city", "state/province", "postal code", "date lifted/waived/expired",
    "license requirement", "license policy", "remarks/notes", "alternate name", "alternative names", "title",
)  # fmt: skip


def recognize_bis(file: SourceFile) -> bool:
    """Tell BIS's file by its header and the list that its first row names."""
    return _first_list(file) == "EL"


def recognize_state(file: SourceFile) -> bool:
    """Tell State's file by its header and the list that its first row names."""
    return _first_list(file) == "ISN"


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows of an unknown list, without a name or with an unreadable date are quarantined."""
    table = add_absent_columns(read_table(found[0], partial=partial), (), OPTIONAL)
    frame = table.frame.with_columns(list=list_code(pl.col("source list")))
    table = Table(table.file, frame, table.rejected, table.warnings)
    table = reject(table, pl.col("list").is_null(), "names a list that is not known")
    table = reject(table, pl.col("name").is_null(), "has no name", pl.col("list"))
    table = reject_unread_dates(table, ("effective date", "date lifted/waived/expired"), pl.col("list"))
    return assemble(_draft(table), (table,))


def _first_list(file: SourceFile) -> str | None:
    header = read_header(file)
    if not set(header) >= NEEDED:
        return None
    first = file.head_text.splitlines()[1:2]
    return first[0].split(",")[header.index("source list")].strip('"') if first else None


def _draft(table: Table) -> Draft:
    party = pl.struct("list", normalized(pl.col("name")), pl.col("federal register notice").str.strip_chars())
    rows = table.frame.with_columns(entry=pl.col(ROW).min().over(party), raw=_raw()).sort(ROW)
    notice = pl.col("federal register notice")
    entries = rows.group_by("entry", maintain_order=True).agg(
        pl.first("list", "name", "federal register notice", "license requirement", "license policy"),
        countries=country_code(pl.col("country")).drop_nulls().unique(),
        programs=pl.col("programs").drop_nulls().unique(),
        start=dates.parse(pl.col("effective date")).min(),
        end=dates.parse(pl.col("date lifted/waived/expired")).max(),
        remarks=pl.col("remarks/notes")
        .drop_nulls()
        .unique(maintain_order=True)
        .str.join(" | ")
        .replace("", None),
        tiebreak=pl.concat_str(notice, "raw", separator="|", ignore_nulls=True).sort().str.join("|"),
        rows=pl.col(ROW).cast(pl.String).str.join(", "),
    )
    aliases = rows.select("entry", name="alternate name", name_kind=pl.lit("aka"), quality=pl.lit("strong"))
    titles = rows.drop_nulls("title").select("entry", id_type=pl.lit("title"), id_value="title")
    return Draft(
        entries=entries.select(
            "entry", "list", "name", "countries", "programs", "start", "end", "remarks", "tiebreak",
            key=namesake_key(pl.col("list"), pl.col("countries"), notice),
            license_requirement="license requirement",
            license_policy="license policy",
            citations=citations(notice),
            source_ref=pl.lit(f"{table.file} row ") + pl.col("rows"),
        ),
        names=pl.concat(
            [aliases.drop_nulls("name").unique(), listed_names(rows.select("entry", name="alternative names")).unique()]
        ),
        addresses=rows.filter(pl.any_horizontal(pl.col("address", "city", "postal code").is_not_null()))
        .select(
            "entry", "raw", "city", "country", street="address", region="state/province", postal_code="postal code"
        )
        .unique(),
        identifiers=titles.unique(),
    )  # fmt: skip


def _raw() -> pl.Expr:
    parts = ("address", "city", "state/province", "postal code", "country")
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)
