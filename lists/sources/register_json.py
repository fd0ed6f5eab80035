"""A register of entities as JSON (`list_id`, `entities`): lists re-laid by others from the agencies' own files.

Entities carry name, aliases, country, address, effective date, Federal Register notice and notes; what the notes say
depends on the list. Not an official layout: read it where the agency's own file is not at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from lists.assembly import NAMES, Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.identity import namesake_key
from lists.jsonrecords import read_records
from lists.normalize import dates
from lists.normalize.countries import country_code
from lists.normalize.dates import parse_one
from lists.normalize.notices import citations, first_notice_date
from lists.tabular import ROW, record_table

_LISTS = {
    "bis-entity-list": "EL",
    "bis-meu": "MEU",
    "bis-dpl": "DPL",
    "bis-uvl": "UVL",
    "state-nonproliferation": "ISN",
    "state-debarred-statutory": "DTC",
}
_TEXT = ("name", "country", "address", "effective_date", "federal_register", "notes")
_HEAD = '"list_id"'


def recognize(file: SourceFile) -> bool:
    """Tell by the id of the list that stands before the entities."""
    head = file.head_text[:2_000]
    return _HEAD in head and any(f'"{name}"' in head for name in _LISTS)


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; entities without a name are quarantined."""
    file = found[0]
    code = next(code for name, code in _LISTS.items() if f'"{name}"' in file.head_text[:2_000])
    records, bad = read_records(file)
    nameless = [row for row, record in records if not str(record.get("name") or "").strip()]
    bad += [(row, "has no name", "") for row in nameless]
    usable = [(row, record) for row, record in records if row not in set(nameless)]
    rows = pl.DataFrame(
        [{ROW: row} | {name: _text(record.get(name)) for name in _TEXT} for row, record in usable],
        schema={ROW: pl.Int64()} | {name: pl.String() for name in _TEXT},
    )
    published = next((parse_one(day) for day in _extracted(file)), None)
    return assemble(
        _draft(rows, code, usable, file.name), (record_table(file.name, rows[ROW].to_list(), bad),), published
    )


def _text(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None


def _extracted(file: SourceFile) -> list[str]:
    """Return the day of extraction, the only sign of the file's age, in a list that is empty where it is missing."""
    _, found, rest = file.head_text[:2_000].partition('"extracted"')
    return rest.split('"')[1:2] if found else []


def _draft(rows: pl.DataFrame, code: str, records: Sequence[tuple[int, dict[str, Any]]], file: str) -> Draft:
    rows = rows.with_columns(
        entry=ROW,
        list=pl.lit(code),
        countries=pl.concat_list(country_code(pl.col("country"))).list.drop_nulls(),
    )
    notice, notes = pl.col("federal_register"), pl.col("notes")
    requires = pl.lit(code == "EL")
    labelled = requires & pl.col("name").str.contains(r"^Address \d+$")
    aliases = [
        (row, str(name), "aka", None)
        for row, record in records
        for name in record.get("aliases") or ()
        if name
    ]
    born = notes.str.extract(r"^Date of birth: (.+)$")
    return Draft(
        entries=rows.select(
            "entry",
            "list",
            "name",
            "countries",
            party_type=pl.when(labelled).then(pl.lit("address")),
            key=namesake_key(pl.col("list"), pl.col("countries"), notice),
            tiebreak=pl.concat_str(notice, "address", separator="|", ignore_nulls=True),
            programs=notes.str.extract_all(r"Authority: ([^;]+)").list.eval(
                pl.element().str.strip_prefix("Authority: ")
            ),
            start=pl.coalesce(dates.parse(pl.col("effective_date")), first_notice_date(notice)),
            end=dates.parse(notes.str.extract(r"Expires: (\S+)")),
            remarks=pl.when(~requires).then(notes),
            license_requirement=pl.when(requires).then(notes),
            citations=citations(notice),
            source_ref=pl.lit(f"{file} entity ") + pl.col(ROW).cast(pl.String),
        ),
        names=pl.DataFrame(aliases, schema=NAMES, orient="row"),
        addresses=_addresses(rows),
        identifiers=rows.select("entry", id_type=pl.lit("date_of_birth"), id_value=born).drop_nulls(
            "id_value"
        ),
        relations=rows.filter(notes.str.starts_with("Subordinate institution of ")).select(
            "entry",
            relation=pl.lit("sub_unit_of"),
            other_name=notes.str.strip_prefix("Subordinate institution of "),
            text="notes",
        ),
    )


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    raw = pl.col("address").str.replace_all(r";\s*and\s+", "; ").str.split("; ")
    parts = rows.drop_nulls("address").select("entry", "country", raw=raw).explode("raw")
    return parts.select(
        "entry", "country", pl.col("raw").str.strip_chars(" ."), street=pl.col("raw").str.strip_chars(" .")
    )
