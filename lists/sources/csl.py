"""The Consolidated Screening List of trade.gov as CSV, in its layouts of 2019, 2023 and 2025.

Columns are found by name, the list of a row by the code in brackets in `source`. Lists within a field are joined by
`; `. A row is a party, whichever list it stands on.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key
from lists.normalize import dates
from lists.normalize.list_codes import list_code
from lists.normalize.notices import citations
from lists.normalize.remarks import read_remarks
from lists.sources.ofac import PARTY_TYPES
from lists.tabular import ROW, Table, add_absent_columns, read_header, read_table, reject, reject_unread_dates

COLUMNS = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses", "federal_register_notice",
    "start_date", "end_date", "license_requirement", "license_policy", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "ids",
)  # fmt: skip
NEEDED = ("source", "entity_number", "type", "programs", "name", "addresses", "alt_names")

_PLAIN = ("call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage", "vessel_flag", "title")
_MANY = {
    "dates_of_birth": "date_of_birth",
    "places_of_birth": "place_of_birth",
    "nationalities": "nationality",
    "citizenships": "citizenship",
}


def recognize(file: SourceFile) -> bool:
    """Tell by the header."""
    return set(read_header(file)) >= {*NEEDED, "source_list_url"}


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows of an unknown list, without a name or with an unreadable date are quarantined."""
    table = add_absent_columns(read_table(found[0], partial=partial), COLUMNS)
    frame = table.frame.with_columns(list=list_from_source(pl.col("source")), entry=ROW)
    table = Table(table.file, frame, table.rejected, table.warnings)
    table = reject(table, pl.col("list").is_null(), "names a list that is not known")
    table = reject(table, pl.col("name").is_null(), "has no name", pl.col("list"))
    table = reject_unread_dates(table, ("start_date", "end_date"), pl.col("list"))
    return assemble(draft(table.frame, table.file), (table,))


def list_from_source(source: pl.Expr) -> pl.Expr:
    """Return our code of a list from its printed name: `Entity List (EL) - Bureau of Industry and Security`."""
    return list_code(source.str.extract(r"\(([^()]+)\)[^()]*$"))


def draft(rows: pl.DataFrame, file: str) -> Draft:
    """Make a draft of rows in CSL columns (text, lists joined by `; `), with `entry` and `list`."""
    addresses = _addresses(rows)
    countries = addresses.group_by("entry").agg(pl.col("country").alias("countries"))
    facts = read_remarks(rows.select("entry", remarks=_facts()))
    dated = rows.join(countries, on="entry", how="left", maintain_order="left")
    labelled = pl.col("name").str.contains(r"^Address \d+$") & (pl.col("list") == "EL")
    entries = dated.select(
        "entry",
        "list",
        number="entity_number",
        party_type=pl.when(labelled).then(pl.lit("address")).otherwise(_party_type()),
        name="name",
        key=namesake_key(pl.col("list"), pl.col("countries"), pl.col("federal_register_notice")),
        tiebreak=pl.concat_str("federal_register_notice", "addresses", separator="|", ignore_nulls=True),
        programs=pl.col("programs").str.split("; "),
        start=dates.parse(pl.col("start_date")),
        end=dates.parse(pl.col("end_date")),
        remarks="remarks",
        license_requirement="license_requirement",
        license_policy="license_policy",
        citations=citations(pl.col("federal_register_notice")),
        source_ref=pl.lit(f"{file} row ") + pl.col(ROW).cast(pl.String),
    )
    return Draft(
        entries=entries,
        names=pl.concat([_alt_names(rows), facts.names]),
        addresses=addresses,
        identifiers=pl.concat([facts.identifiers, _identifiers(rows)]),
        relations=pl.concat([facts.relations, _vessel_owner(rows)]),
    )


def _party_type() -> pl.Expr:
    return pl.col("type").str.to_lowercase().replace_strict(PARTY_TYPES, default="unknown")


def _split(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return entry and value, one row for each part of a joined field."""
    parts = rows.drop_nulls(column).select("entry", value=pl.col(column).str.split("; ")).explode("value")
    return parts.with_columns(pl.col("value").str.strip_chars(" ;")).filter(pl.col("value") != "")


def _alt_names(rows: pl.DataFrame) -> pl.DataFrame:
    """Aliases; the Entity List writes the last one as `and Engineer Idris`, an empty list as `[]`.

    Some are joined by a semicolon alone or with a no-break space: `CETC 24;Sichuan Solid Circuit Institute;CETC 44`.
    """
    joined = rows.with_columns(pl.col("alt_names").str.replace_all(r";\s*", "; "))
    names = _split(joined, "alt_names").with_columns(pl.col("value").str.replace(r"^and\s+", ""))
    return names.filter(~pl.col("value").is_in(["", "[]"])).select(
        "entry", name="value", name_kind=pl.lit("aka"), quality=pl.lit("strong")
    )


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    """Addresses; the publisher joins street, city, state, postal code and country and leaves out what is missing."""
    raw = _split(rows, "addresses").rename({"value": "raw"})
    pieces = raw.with_columns(
        country=pl.col("raw").str.extract(r"(?:^|, )([A-Z]{2})$"),
        rest=pl.col("raw").str.replace(r"(?:^|, )[A-Z]{2}$", "").replace("", None),
    )
    postal = r", ([A-Z0-9 -]*\d[A-Z0-9 -]*)$"
    pieces = pieces.with_columns(
        postal_code=pl.col("rest").str.extract(postal), rest=pl.col("rest").str.replace(postal, "")
    )
    state = pl.col("country").is_in(["US", "CA"]) | pl.col("country").is_null()
    pieces = pieces.with_columns(region=pl.when(state).then(pl.col("rest").str.extract(r", ([A-Z]{2})$")))
    pieces = pieces.with_columns(
        rest=pl.when(pl.col("region").is_null())
        .then(pl.col("rest"))
        .otherwise(pl.col("rest").str.replace(r", [A-Z]{2}$", ""))
    )
    city = r", ([^,]+)$"
    return pieces.select(
        "entry",
        "raw",
        street=pl.col("rest").str.replace(city, ""),
        city=pl.col("rest").str.extract(city),
        region="region",
        postal_code="postal_code",
        country="country",
    )


def _facts() -> pl.Expr:
    """OFAC's labelled facts, from `ids` (`Cedula No., 42895110, CO`) and remarks, as one text of remarks."""
    ids = (
        pl.col("ids")
        .str.split("; ")
        .list.eval(
            pl.element()
            .str.replace(", ", " ", literal=True)
            .str.replace(r", ([A-Z]{2})((?:, .*)?)$", " ($1)$2")
        )
    )
    remarks = pl.col("remarks").str.replace_all(r"\((Linked To: [^()]+)\)", "; $1")
    from_ofac = pl.col("entity_number").is_not_null()
    return pl.when(from_ofac).then(
        pl.concat_str(ids.list.join("; "), remarks, separator="; ", ignore_nulls=True)
    )


def _identifiers(rows: pl.DataFrame) -> pl.DataFrame:
    many = [
        _split(rows, column).select("entry", id_type=pl.lit(kind), id_value="value")
        for column, kind in _MANY.items()
    ]
    plain = [
        rows.drop_nulls(column).select("entry", id_type=pl.lit(column), id_value=column) for column in _PLAIN
    ]
    names_country = pl.col("id_type").is_in(["nationality", "citizenship", "vessel_flag"])
    return pl.concat(many + plain).with_columns(country=pl.when(names_country).then(pl.col("id_value")))


def _vessel_owner(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop_nulls("vessel_owner").select(
        "entry", relation=pl.lit("vessel_owner"), other_name="vessel_owner", text="vessel_owner"
    )
