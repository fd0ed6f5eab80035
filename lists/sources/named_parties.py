"""Parties of lists that agencies print as pages and tables, a row a party: what their names say beside the name.

Names carry aliases in words, and whom they cover: `and subsidiaries`. One party may stand in several tables.
"""

from __future__ import annotations

import polars as pl

from lists.assembly import Draft
from lists.identity import normalized
from lists.normalize import dates
from lists.normalize.countries import country_code
from lists.normalize.notices import citations
from lists.tabular import ROW, Table

COLUMNS = ("name", "aliases", "country", "address", "effective_date", "federal_register", "notes")
_SAYS = r"(aliases|alias|also known as|formerly known as)"
_BRACKET = rf"(?i)\s*\((?:and|including)?\s*(?:\w+\s+)?{_SAYS}:?\s+((?:[^()]|\([^()]*\))*)\)"
_SCOPE = r"(?i),?\s+and\s+(?:its\s+)?(?:subordinate and affiliated entities|subsidiaries|affiliates)\s*$"
_FORMER = r"(?i)^formerly known as\s+"
_SHORT = r"^[A-Z0-9-]{1,5}$"


def draft(table: Table, code: pl.Expr) -> Draft:
    """Return the draft of a table with the columns of `COLUMNS`; rows of one name and country are one party,
    and its id is made of the name alone, since not every layout gives the country.

    code: the list. Short names in capitals, such as `RGB`, are weak.
    """
    bare = pl.col("name").str.replace(_BRACKET, "")
    countries = pl.concat_list(country_code(pl.col("country"))).list.drop_nulls()
    rows = table.frame.with_columns(
        list=code,
        countries=countries,
        bare=bare.str.replace(_SCOPE, "").str.strip_chars(" ,"),
        scope=bare.str.extract(f"({_SCOPE})", 1).str.strip_chars(" ,"),
    )
    party = pl.struct(normalized(pl.col("bare")), "country")
    rows = rows.with_columns(entry=pl.col(ROW).min().over(party)).sort(ROW)
    entries = rows.group_by("entry", maintain_order=True).agg(
        pl.first("list", "countries"),
        name=pl.first("bare"),
        start=dates.parse(pl.col("effective_date")).min(),
        tiebreak=pl.first("notes"),
        remarks=_joined("notes"),
        notices=_joined("federal_register"),
        source_ref=pl.format("{} row {}", pl.lit(table.file), pl.col(ROW).cast(pl.String).str.join(", ")),
    )
    return Draft(
        entries=entries.with_columns(
            party_type=pl.lit("organization"),
            citations=citations(pl.col("notices")),
        ),
        names=_aliases(rows),
        addresses=rows.drop_nulls("address")
        .select("entry", "country", raw="address", street="address")
        .unique(maintain_order=True),
        relations=rows.drop_nulls("scope").select("entry", relation=pl.lit("scope"), text="name"),
    )


def _joined(column: str) -> pl.Expr:
    return pl.col(column).drop_nulls().unique(maintain_order=True).str.join("; ").replace("", None)


def _aliases(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the aliases of a column and those in words inside a name, parted by semicolons."""
    label, inside = (pl.col("name").str.extract(_BRACKET, group) for group in (1, 2))
    former = label.str.to_lowercase() == "formerly known as"
    within = rows.select(
        "entry", text=inside, kind=pl.when(former).then(pl.lit("fka")).otherwise(pl.lit("aka"))
    )
    column = rows.select("entry", text="aliases", kind=pl.lit("aka"))
    parts = (
        pl.concat([column, within])
        .with_columns(pl.col("text").str.split(";"))
        .explode("text", empty_as_null=True)
    )
    plain = pl.col("text").str.strip_chars().str.replace(r"(?i)^and\s+", "")
    name = plain.str.replace(_FORMER, "").str.strip_chars(" ,").replace("", None)
    weak = pl.col("name").str.contains(_SHORT)
    return (
        parts.with_columns(
            name=name, name_kind=pl.when(plain.str.contains(_FORMER)).then(pl.lit("fka")).otherwise("kind")
        )
        .drop_nulls("name")
        .select(
            "entry",
            "name",
            "name_kind",
            quality=pl.when(weak).then(pl.lit("weak")).otherwise(pl.lit("strong")),
        )
        .unique(maintain_order=True)
    )
