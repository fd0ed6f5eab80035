"""European Union: the consolidated list of financial sanctions as CSV, and what its XML shares with it.

A row of the CSV is a part of a party (a name, an address, a birth date, a number, a citizenship); the columns of the
party stand in each. How many columns there are differs between publications, so they are read by name. Names come in
all languages of the Union, often the same one several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.tabular import ROW, Table, add_absent_columns, read_header, read_table, reject

PARTY = "entity_logicalid"
NEEDED = {PARTY, "entity_regulation_programme", "namealias_wholename"}
COLUMNS = (
    PARTY, "filegenerationdate", "entity_eu_referencenumber", "entity_unitednationid", "entity_designationdate",
    "entity_designationdetails", "entity_remark", "entity_subjecttype", "entity_regulation_numbertitle",
    "entity_regulation_programme", "namealias_lastname", "namealias_firstname", "namealias_middlename",
    "namealias_wholename", "namealias_namelanguage", "namealias_gender", "namealias_title", "namealias_function",
    "namealias_strong", "namealias_remark", "address_city", "address_street", "address_pobox", "address_zipcode",
    "address_region", "address_place", "address_contactinfo", "address_countryiso2code", "address_remark",
    "birthdate_birthdate", "birthdate_day", "birthdate_month", "birthdate_year", "birthdate_yearrangefrom",
    "birthdate_yearrangeto", "birthdate_circa", "birthdate_calendartype", "birthdate_region", "birthdate_place",
    "birthdate_city", "birthdate_countryiso2code", "birthdate_countrydescription", "birthdate_remark",
    "identification_number", "identification_typecode", "identification_countryiso2code", "identification_remark",
    "identification_knownexpired", "identification_knownfalse", "identification_nameondocument",
    "citizenship_countryiso2code", "citizenship_region", "citizenship_remark",
)  # fmt: skip
"""Every column that is read, in small letters."""

_TYPES = {"p": "person", "person": "person", "e": "organization", "enterprise": "organization"}
_NUMBERS = {
    "passport": "passport", "travelcardid": "travel_document", "id": "national_id", "ssn": "social_security",
    "regnumber": "registration", "tradelic": "licence", "fiscalcode": "tax_id", "taxid": "tax_id", "euvat": "vat",
    "swiftbic": "swift_bic", "imo": "imo", "drivinglicence": "drivers_licence",
}  # fmt: skip
_OTHER = "identification_number"
_REMARKS = (
    "address_remark",
    "birthdate_remark",
    "identification_remark",
    "citizenship_remark",
    "namealias_remark",
)
_LATIN = r"^[^\p{Cyrillic}\p{Greek}\p{Arabic}\p{Han}]+$"


def recognize(file: SourceFile) -> bool:
    """Tell by the header."""
    return set(read_header(file, ";")) >= NEEDED


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows that belong to no party, and parties of which no row gives a name, are quarantined."""
    table = add_absent_columns(read_table(found[0], delimiter=";", partial=partial), (), COLUMNS)
    table = reject(table, pl.col(PARTY).is_null(), "belongs to no party", pl.lit("EU"))
    nameless = (_whole_name().is_null()).all().over(PARTY)
    table = reject(table, nameless, "belongs to a party without a name", pl.lit("EU"))
    rows = table.frame.with_columns(entry=pl.col(ROW).min().over(PARTY))
    generated = pl.col("filegenerationdate").str.to_date("%d/%m/%Y", strict=False).max()
    published = rows.select(generated).item()
    return assemble(draft(rows, table), (table,), published if isinstance(published, date) else None)


def draft(rows: pl.DataFrame, table: Table) -> Draft:
    """Return the draft of rows with the columns of `COLUMNS`, ordered as printed, and `entry`, a number a party."""
    names = _names(rows)
    first = names.group_by("entry", maintain_order=True).agg(pl.col("name").sort_by("rank").first())
    texts = [
        pl.col(c).drop_nulls().unique(maintain_order=True)
        for c in ("entity_remark", "entity_designationdetails")
    ]
    entries = rows.group_by("entry", maintain_order=True).agg(
        number=pl.coalesce(pl.col("entity_eu_referencenumber").str.strip_prefix("EU."), PARTY).first(),
        party_type=pl.col("entity_subjecttype").drop_nulls().first().str.to_lowercase(),
        programs=pl.col("entity_regulation_programme").drop_nulls().unique(),
        citations=pl.col("entity_regulation_numbertitle").drop_nulls().unique(maintain_order=True),
        start=pl.col("entity_designationdate").str.to_date("%Y-%m-%d", strict=False).min(),
        remarks=pl.concat_str(
            [text.str.join("; ").replace("", None) for text in texts], separator="; ", ignore_nulls=True
        ),
        source_ref=pl.format("{} row {}", pl.lit(table.file), pl.col(ROW).min()),
    )
    return Draft(
        entries=entries.join(first, on="entry", maintain_order="left").with_columns(
            list=pl.lit("EU"),
            party_type=pl.col("party_type").replace_strict(_TYPES, default="unknown"),
            remarks=pl.col("remarks").replace("", None),
        ),
        names=names.join(first, on=["entry", "name"], how="anti", maintain_order="left").select(
            "entry", "name", name_kind=pl.lit("aka"), quality=pl.col("quality")
        ),
        addresses=_addresses(rows),
        identifiers=_identifiers(rows),
        relations=_notes(rows),
    )


def _whole_name() -> pl.Expr:
    parts = [pl.col(f"namealias_{part}name") for part in ("first", "middle", "last")]
    joined = pl.concat_str(parts, separator=" ", ignore_nulls=True).replace("", None)
    return pl.coalesce(pl.col("namealias_wholename"), joined).str.replace_all(r"\s+", " ")


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the names of each party, each once: entry, name, quality, rank (0: the one to call the party by)."""
    weak = (pl.col("namealias_strong").str.to_lowercase() == "false") | pl.col(
        "namealias_remark"
    ).str.contains(r"(?i)low[ -]quality|weak alias")
    language = pl.col("namealias_namelanguage").fill_null("").str.to_uppercase()
    own = (language == "EN") | ((language == "") & pl.col("name").str.contains(_LATIN))
    return (
        rows.with_columns(name=_whole_name())
        .drop_nulls("name")
        .select(
            "entry",
            "name",
            weak=weak.fill_null(False),
            own=own,
            parted=pl.col("namealias_lastname").is_not_null(),
        )
        .group_by("entry", "name", maintain_order=True)
        .agg(pl.col("weak").all(), pl.col("own", "parted").any())
        .with_columns(
            quality=pl.when("weak").then(pl.lit("weak")).otherwise(pl.lit("strong")),
            rank=pl.col("weak").cast(pl.Int8) * 4
            + (~pl.col("own")).cast(pl.Int8) * 2
            + (~pl.col("parted")).cast(pl.Int8),
        )
    )


def _country(column: str) -> pl.Expr:
    return pl.col(column).replace("00", None)


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    street = pl.concat_str(
        "address_street", "address_place", "address_pobox", separator=", ", ignore_nulls=True
    )
    parts = {
        "street": street.replace("", None),
        "city": pl.col("address_city"),
        "region": pl.col("address_region"),
        "postal_code": pl.col("address_zipcode"),
        "country": _country("address_countryiso2code"),
    }
    raw = pl.concat_str(list(parts), separator=", ", ignore_nulls=True).replace("", None)
    return rows.select("entry", **parts).with_columns(raw=raw).drop_nulls("raw").unique(maintain_order=True)


def _identifiers(rows: pl.DataFrame) -> pl.DataFrame:
    number, none = pl.col("identification_number"), pl.lit(None, pl.String)
    place = ("birthdate_place", "birthdate_city", "birthdate_region")
    born_in = _country("birthdate_countryiso2code")
    described = pl.when(born_in.is_not_null()).then("birthdate_countrydescription")
    kinds = [
        (pl.col("identification_typecode").str.to_lowercase().replace_strict(_NUMBERS, default=_OTHER), number,
         _country("identification_countryiso2code")),
        (pl.lit("date_of_birth"), _birth(), none),
        (pl.lit("place_of_birth"),
         pl.concat_str(*place, described, separator=", ", ignore_nulls=True).replace("", None), born_in),
        (pl.lit("citizenship"), _country("citizenship_countryiso2code"), _country("citizenship_countryiso2code")),
        (pl.lit("gender"), pl.col("namealias_gender"), none),
        (pl.lit("title"), pl.col("namealias_title"), none),
        (pl.lit("title"), pl.col("namealias_function"), none),
        (pl.lit("un_reference"), pl.col("entity_unitednationid"), none),
    ]  # fmt: skip
    found = [
        rows.select("entry", id_type=kind, id_value=value, country=country) for kind, value, country in kinds
    ]
    return (
        pl.concat(found).drop_nulls("id_value").filter(pl.col("id_value") != "-").unique(maintain_order=True)
    )


def _birth() -> pl.Expr:
    """Return a date of birth as it is compared; one of another calendar that was not converted says so."""
    year, month, day = (pl.col(f"birthdate_{part}") for part in ("year", "month", "day"))
    dated = pl.format("{}-{}-{}", year, month.str.zfill(2), day.str.zfill(2))
    monthly = pl.format("{}-{}", year, month.str.zfill(2))
    between = pl.format("{} to {}", "birthdate_yearrangefrom", "birthdate_yearrangeto")
    exact = pl.coalesce("birthdate_birthdate", dated, monthly, year)
    circa = pl.col("birthdate_circa").str.to_lowercase() == "true"
    other = (pl.col("birthdate_calendartype").str.to_uppercase() != "GREGORIAN") & pl.col(
        "birthdate_birthdate"
    ).is_null()
    return (
        pl.when(other)
        .then(pl.format("{} ({} calendar)", exact, pl.col("birthdate_calendartype").str.to_lowercase()))
        .when(circa)
        .then(pl.lit("circa ") + exact)
        .otherwise(pl.coalesce(exact, between))
    )


def _notes(rows: pl.DataFrame) -> pl.DataFrame:
    """Return remarks, contacts and doubts about documents as notes; a document that is false or has expired stays."""
    doubts = [
        (pl.col("identification_knownfalse"), "known to be false"),
        (pl.col("identification_knownexpired"), "expired"),
    ]
    number = pl.col("identification_number")
    texts = [
        *(pl.col(column) for column in (*_REMARKS, "address_contactinfo", "citizenship_region")),
        pl.format("name on document {}: {}", number, "identification_nameondocument"),
        *(
            pl.when(flag.str.to_lowercase() == "true").then(pl.format(f"document {{}} is {words}", number))
            for flag, words in doubts
        ),
    ]
    notes = [rows.select("entry", relation=pl.lit("note"), text=text) for text in texts]
    return pl.concat(notes).drop_nulls("text").unique(maintain_order=True)
