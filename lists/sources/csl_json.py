"""The Consolidated Screening List as JSON: the API's answers, and the bulk file (`{"results": [...]}`).

The records carry the columns of the CSV, but addresses and identity documents by part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from lists.assembly import ADDRESSES, Parsed, assemble
from lists.fetch import SourceFile
from lists.jsonrecords import read_records
from lists.sources import csl
from lists.tabular import ROW, record_table

_TEXT = (
    "source", "entity_number", "type", "name", "title", "federal_register_notice", "start_date", "end_date",
    "standard_order", "license_requirement", "license_policy", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks",
)  # fmt: skip
_MANY = ("programs", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")
_PARTS = ("address", "city", "state", "postal_code", "country")


def recognize(file: SourceFile) -> bool:
    """Tell by the first record: it names its source list and a name, as no other JSON does."""
    head = file.head_text.lstrip()
    return head[:1] in ("[", "{") and '"source_list_url"' in head and '"source"' in head and '"name"' in head


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; what is no record, names no known list or has no name is quarantined."""
    file = found[0]
    records, bad = read_records(file)
    rows = _rows(records).with_columns(list=csl.list_from_source(pl.col("source")))
    for column, reason in (("list", "names a list that is not known"), ("name", "has no name")):
        for row, source in rows.filter(pl.col(column).is_null()).select(ROW, "source").iter_rows():
            bad.append((row, reason, source or ""))
        rows = rows.drop_nulls(column)
    draft = csl.draft(rows.with_columns(entry=ROW), file.name)
    usable = set(rows[ROW])
    addresses = [address for row, record in records if row in usable for address in _addresses(row, record)]
    return assemble(
        replace(draft, addresses=pl.DataFrame(addresses, schema=ADDRESSES)),
        (record_table(file.name, sorted(usable), bad),),
    )


def _rows(records: list[tuple[int, dict[str, Any]]]) -> pl.DataFrame:
    """Return the records in the columns of the CSV, lists joined."""
    schema = {ROW: pl.Int64()} | {name: pl.String() for name in (*_TEXT, *_MANY, "addresses", "ids")}
    return pl.DataFrame(
        [
            {ROW: row}
            | {name: _text(record.get(name)) for name in _TEXT}
            | {name: _joined(record.get(name)) for name in _MANY}
            | {"addresses": _countries(row, record), "ids": _ids(record.get("ids"))}
            for row, record in records
        ],
        schema=schema,
    )


def _text(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None


def _joined(values: object) -> str | None:
    """Join a list; a text stands for a list of one, as in copies that other programs made of the file.

    >>> _joined(["1960", None, "1961"]), _joined("1960-01-02"), _joined([])
    ('1960; 1961', '1960-01-02', None)
    """
    several = values if isinstance(values, list) else [values]
    return "; ".join(str(value).strip() for value in several if value) or None


def _ids(ids: object) -> str | None:
    if isinstance(ids, str):
        return ids.strip() or None
    if isinstance(ids, dict):
        ids = [ids]
    if not isinstance(ids, list):
        return None
    parts = [[one.get("type"), one.get("number"), one.get("country")] for one in ids if isinstance(one, dict)]
    return "; ".join(", ".join(str(value) for value in part if value) for part in parts) or None


def _countries(row: int, record: dict[str, Any]) -> str | None:
    return "; ".join(str(address["raw"]) for address in _addresses(row, record) if address["raw"]) or None


def _addresses(row: int, record: dict[str, Any]) -> Iterator[dict[str, object]]:
    given = record.get("addresses")
    addresses = given if isinstance(given, list) else [given] if given else []
    if not addresses and record.get("country"):
        addresses = [{"country": record["country"]}]  # ISN rows carry only a country
    for given_address in addresses:
        address = {"address": given_address} if isinstance(given_address, str) else given_address
        if isinstance(address, dict):
            street, city, region, postal_code, country = (_text(address.get(part)) for part in _PARTS)
            yield {
                "entry": row,
                "raw": ", ".join(filter(None, (street, city, region, postal_code, country))) or None,
                "street": street,
                "city": city,
                "region": region,
                "postal_code": postal_code,
                "country": country,
            }
