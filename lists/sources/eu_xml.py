"""European Union: the consolidated list of financial sanctions as XML 1.1, one `sanctionEntity` a party.

Each part of a party becomes a row as the CSV prints it, so that both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from lists.assembly import Parsed, assemble
from lists.fetch import SourceFile
from lists.normalize.dates import parse_one
from lists.sources.eu import COLUMNS, PARTY, draft
from lists.tabular import ROW, record_table
from lists.xml import Element, child_text, elements, root_name, text, unread_elements

_ENTITY = {
    "logicalId": PARTY,
    "euReferenceNumber": "entity_eu_referencenumber",
    "unitedNationId": "entity_unitednationid",
    "designationDate": "entity_designationdate",
    "designationDetails": "entity_designationdetails",
}
_PARTS = {
    "nameAlias": "namealias", "address": "address", "birthdate": "birthdate", "identification": "identification",
    "citizenship": "citizenship", "regulation": "entity_regulation",
}  # fmt: skip
_OTHERWISE = {
    "dayofmonth": "day", "monthofyear": "month", "identificationtypecode": "typecode", "numbertitle": "numbertitle",
}  # fmt: skip
"""Attributes that the CSV calls otherwise."""
_READ = {*_PARTS, "subjectType", "remark"}


def recognize(file: SourceFile) -> bool:
    """Tell by the root element and its entities."""
    return root_name(file) == "export" and "sanctionEntity" in file.head_text


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; entities without an id or a name are quarantined."""
    file = found[0]
    rows: list[dict[str, object]] = []
    good: list[int] = []
    bad: list[tuple[int, str, str]] = []
    unread: set[str] = set()
    for number, (_, entity) in enumerate(elements(file, ("sanctionEntity",)), start=1):
        parts = list(_rows(entity))
        unread |= {_tag(child) for child in entity} - _READ
        if not entity.get("logicalId") or not any(part.get("namealias_wholename") for part in parts):
            bad.append((number, "has no id or no name", text(entity) or ""))
            continue
        good.append(number)
        rows += [{ROW: number, "entry": number, **part} for part in parts]
    schema = {ROW: pl.Int64(), "entry": pl.Int64()} | {name: pl.String() for name in COLUMNS}
    table = record_table(file.name, good, bad)
    generated = re.search(r'generationDate="(\d{4}-\d\d-\d\d)', file.head_text)
    return assemble(
        draft(pl.DataFrame(rows, schema=schema), table),
        (table,),
        parse_one(generated.group(1)) if generated else None,
        warnings=unread_elements(file.name, unread),
    )


def _rows(entity: Element) -> Iterator[dict[str, str]]:
    """Yield a row for each part of an entity, with the columns of the entity in each."""
    own = {
        column: value for attribute, column in _ENTITY.items() if (value := _folded(entity.get(attribute)))
    }
    subject = next((child for child in entity if _tag(child) == "subjectType"), None)
    if subject is not None and (kind := _folded(subject.get("code"))):
        own["entity_subjecttype"] = kind
    if remark := child_text(entity, "remark"):
        own["entity_remark"] = remark
    for child in entity:
        if prefix := _PARTS.get(_tag(child)):
            part = dict(_columns(child, prefix))
            yield own | {column: value for column, value in part.items() if column in COLUMNS}


def _columns(part: Element, prefix: str) -> Iterator[tuple[str, str]]:
    for attribute, printed in part.attrib.items():
        name = str(attribute).lower()
        if value := _folded(str(printed)):
            yield f"{prefix}_{_OTHERWISE.get(name, name)}", value
    if remark := child_text(part, "remark"):
        yield f"{prefix}_remark", remark


def _folded(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
