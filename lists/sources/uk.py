"""United Kingdom: the UK Sanctions List and OFSI's older consolidated list (ConList), both as CSV.

A line with the date stands above the header. A party has several rows, one for each name and address, which repeat the
rest; several values of a cell are parted by a bar or numbered. `Name 6` is the surname of a person and the whole name
of anybody else. Days are written 24/06/1964, and what is not known of them 00 or dd, mm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.tabular import ROW, Table, add_absent_columns, read_table, reject

NAME_PARTS = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
ADDRESS_LINES = tuple(f"address line {line}" for line in range(1, 7))
FACTS: Mapping[str, str] = {
    "d.o.b": "date_of_birth", "nationality(/ies)": "nationality", "national identifier number": "national_id",
    "passport number": "passport", "position": "title", "title": "title", "gender": "gender",
    "type of entity": "organization_type", "business registration number (s)": "registration", "imo number": "imo",
    "phone number": "phone", "website": "website", "email address": "email", "ofsi group id": "ofsi_group_id",
    "un reference number": "un_reference", "current believed flag of ship": "vessel_flag",
    "previous flags": "former_vessel_flag", "type of ship": "vessel_type", "tonnage of ship": "tonnage",
    "year built": "built", "hull identification number (hin)": "vessel_registration", "length of ship": "length",
}  # fmt: skip
"""Columns that identify a party, and the type under which each is kept."""
RELATIONS: Mapping[str, str] = {
    "parent company": "owned_by", "subsidiaries": "parent_of", "current owner/operator (s)": "operator",
    "previous owner/operator (s)": "former_operator", "national identifier additional information": "note",
    "passport additional information": "note", "designation source": "note", "uk statement of reasons": "note",
}  # fmt: skip
COLUMNS = (
    "unique id", "last updated", *NAME_PARTS, "name type", "alias strength", "name non-latin script", "regime name",
    "designation type", "sanctions imposed", "other information", *ADDRESS_LINES, "address postal code",
    "address country", "date designated", "town of birth", "country of birth", *FACTS, *RELATIONS,
)  # fmt: skip
"""Every column that is read, in small letters."""

CONLIST: Mapping[str, str] = {
    "group id": "unique id", "alias type": "name type", "alias quality": "alias strength", "regime": "regime name",
    "group type": "designation type", **{f"address {line}": f"address line {line}" for line in range(1, 7)},
    "post/zip code": "address postal code", "country": "address country", "listed on": "date designated",
    "dob": "d.o.b", "nationality": "nationality(/ies)", "national identification number": "national identifier number",
    "ni details": "national identifier additional information", "passport details": "passport additional information",
}  # fmt: skip
"""What OFSI's list calls otherwise."""

_TYPES = {"individual": "person", "entity": "organization", "ship": "vessel"}
_PRIMARY = r"(?i)^prim"
_KINDS = {"fka": "fka", "formerly known as": "fka", "f.k.a": "fka"}
_BANNERS = {"uk": "report date", "ofsi": "last updated"}
_BRACKET = r"\s*\([^()]*\)\s*$"
_NAMES_A_COUNTRY = ("nationality", "vessel_flag", "former_vessel_flag")


def recognize(file: SourceFile) -> bool:
    """Tell the UK Sanctions List by its first line and its header."""
    return _banner(file, "uk") and "unique id" in _header(file)


def recognize_ofsi(file: SourceFile) -> bool:
    """Tell OFSI's list by its first line and its header."""
    return _banner(file, "ofsi") and "group id" in _header(file)


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read a file of the UK Sanctions List; rows without an id or of a party without a name are quarantined."""
    return _read(found[0], read_table(found[0], partial=partial, preamble=1))


def read_ofsi(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read a file of OFSI's list, in the columns of the UK Sanctions List."""
    table = read_table(found[0], partial=partial, preamble=1)
    frame = table.frame.rename(CONLIST, strict=False)
    return _read(found[0], Table(table.file, frame, table.rejected, table.warnings))


def _read(file: SourceFile, table: Table) -> Parsed:
    table = add_absent_columns(table, (), COLUMNS)
    table = reject(table, pl.col("unique id").is_null(), "has no id", pl.lit("UK"))
    nameless = _whole_name().is_null().all().over("unique id")
    table = reject(table, nameless, "belongs to a party without a name", pl.lit("UK"))
    rows = table.frame.with_columns(entry=pl.col(ROW).min().over("unique id"))
    printed = re.search(r"\d{1,2}[-/](?:\d{1,2}|[A-Za-z]{3})[-/]\d{4}", file.head_text.partition("\n")[0])
    return assemble(draft(rows, table), (table,), day_of(printed.group()) if printed else None)


def _banner(file: SourceFile, kind: str) -> bool:
    return file.head_text.lower().lstrip("\"'").startswith(_BANNERS[kind])


def _header(file: SourceFile) -> str:
    return "".join(file.head_text.lower().splitlines()[1:2]) if "name 6" in file.head_text.lower() else ""


def draft(rows: pl.DataFrame, table: Table) -> Draft:
    """Return the draft of rows with the columns of `COLUMNS`, ordered as printed, and `entry`, a number a party."""
    names = _names(rows)
    first = names.group_by("entry", maintain_order=True).agg(pl.col("name").sort_by("rank").first())
    entries = rows.group_by("entry", maintain_order=True).agg(
        number=pl.col("unique id").first(),
        party_type=pl.col("designation type").drop_nulls().first().str.to_lowercase(),
        programs=pl.col("regime name").drop_nulls().unique(),
        license_requirement=_several("sanctions imposed")
        .unique(maintain_order=True)
        .str.join("; ")
        .replace("", None),
        start=_day("date designated").min(),
        remarks=pl.col("other information")
        .drop_nulls()
        .unique(maintain_order=True)
        .str.join("; ")
        .replace("", None),
        source_ref=pl.format("{} row {}", pl.lit(table.file), pl.col(ROW).min()),
    )
    return Draft(
        entries=entries.join(first, on="entry", maintain_order="left").with_columns(
            list=pl.lit("UK"), party_type=pl.col("party_type").replace_strict(_TYPES, default="unknown")
        ),
        names=names.join(first, on=["entry", "name"], how="anti", maintain_order="left").select(
            "entry", "name", "name_kind", "quality"
        ),
        addresses=_addresses(rows),
        identifiers=_identifiers(rows),
        relations=_relations(rows),
    )


def _whole_name() -> pl.Expr:
    joined = pl.concat_str(*NAME_PARTS, separator=" ", ignore_nulls=True).str.replace_all(r"\s+", " ")
    return joined.str.strip_chars().replace("", None)


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the names of each party, each once: entry, name, name_kind, quality, rank (0: its primary name)."""
    kind = pl.col("name type").str.to_lowercase()
    primary = kind.str.contains(_PRIMARY) & ~kind.str.contains("variation")
    weak = pl.col("alias strength").str.contains("(?i)low|weak")
    latin = rows.with_columns(name=_whole_name(), rank=pl.when(primary).then(0).otherwise(1))
    original = rows.with_columns(name=pl.col("name non-latin script"), rank=pl.lit(2))
    columns = {
        "name_kind": kind.replace_strict(_KINDS, default="aka", return_dtype=pl.String),
        "quality": pl.when(weak).then(pl.lit("weak")).otherwise(pl.lit("strong")),
        "rank": pl.col("rank").cast(pl.Int8),
    }
    every = pl.concat([latin, original]).drop_nulls("name").select("entry", "name", **columns)
    return every.sort("entry", "rank", "quality", maintain_order=True).unique(
        ["entry", "name"], maintain_order=True
    )


def _several(column: str) -> pl.Expr:
    """Return the values of a cell: parted by a bar, or numbered (1), (2)."""
    numbered = pl.col(column).str.replace_all(r"\s*\(\d{1,2}\)\s*", "|")
    return (
        numbered.str.split("|")
        .explode(empty_as_null=True)
        .str.strip_chars(" .;")
        .replace("", None)
        .drop_nulls()
    )


def _values(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return entry and value of each value of a column, each once."""
    values = pl.col(column).str.replace_all(r"\s*\(\d{1,2}\)\s*", "|").str.split("|")
    found = rows.select("entry", value=values).explode("value", empty_as_null=True)
    stripped = found.with_columns(pl.col("value").str.strip_chars(" ;").replace("", None))
    return stripped.drop_nulls("value").unique(maintain_order=True)


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    street = pl.concat_str(*ADDRESS_LINES[:4], separator=", ", ignore_nulls=True).replace("", None)
    lines = (*ADDRESS_LINES, "address postal code", "address country")
    return (
        rows.select(
            "entry",
            raw=pl.concat_str(*lines, separator=", ", ignore_nulls=True).replace("", None),
            street=street,
            city=pl.col(ADDRESS_LINES[5]),
            region=pl.col(ADDRESS_LINES[4]),
            postal_code="address postal code",
            country=pl.col("address country").str.replace(_BRACKET, ""),
        )
        .drop_nulls("raw")
        .unique(maintain_order=True)
    )


def _identifiers(rows: pl.DataFrame) -> pl.DataFrame:
    found = []
    for column, kind in FACTS.items():
        value = pl.col("value")
        if kind == "date_of_birth":
            value = birth(value)
        elif kind == "imo":
            value = pl.coalesce(value.str.extract(r"(\d{7})"), value)
        country = value if kind in _NAMES_A_COUNTRY else pl.lit(None, pl.String)
        found.append(
            _values(rows, column).select("entry", id_type=pl.lit(kind), id_value=value, country=country)
        )
    place = pl.concat_str("town of birth", "country of birth", separator=", ", ignore_nulls=True).replace(
        "", None
    )
    found.append(
        rows.select("entry", id_type=pl.lit("place_of_birth"), id_value=place, country="country of birth")
    )
    return pl.concat(found).drop_nulls("id_value").unique(maintain_order=True)


def _relations(rows: pl.DataFrame) -> pl.DataFrame:
    found = []
    for column, relation in RELATIONS.items():
        other = pl.lit(None, pl.String) if relation == "note" else pl.col("value")
        found.append(
            _values(rows, column).select("entry", relation=pl.lit(relation), other_name=other, text="value")
        )
    return pl.concat(found)


def birth(text: pl.Expr) -> pl.Expr:
    """Return a date of birth without what is not known of it: 1964-06-24, 1984-04, 1936; others as printed.

    >>> frame = pl.DataFrame({"d": ["24/06/1964", "00/04/1984", "dd/mm/1945", "circa 1960"]})
    >>> frame.select(birth(pl.col("d"))).to_series().to_list()
    ['1964-06-24', '1984-04', '1945', 'circa 1960']
    """
    day, month, year = (text.str.extract(r"^(\d\d|dd)/(\d\d|mm)/(\d{4})$", group) for group in (1, 2, 3))
    no_day, no_month = day.is_in(["00", "dd"]), month.is_in(["00", "mm"])
    return (
        pl.when(year.is_null())
        .then(text)
        .when(no_month)
        .then(year)
        .when(no_day)
        .then(pl.format("{}-{}", year, month))
        .otherwise(pl.format("{}-{}-{}", year, month, day))
    )


def _day(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.coalesce(text.str.to_date(form, strict=False) for form in ("%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d"))


def day_of(text: str) -> date | None:
    """Return a day as these lists write it, none where the text is none.

    >>> day_of("08-Oct-2026"), day_of("27/04/2020")
    (datetime.date(2026, 10, 8), datetime.date(2020, 4, 27))
    """
    day = pl.DataFrame({"day": [text]}).select(_day("day")).item()
    return day if isinstance(day, date) else None
