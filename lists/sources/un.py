"""United Nations Security Council: the consolidated list as XML, one element a listed individual or entity.

A name stands in up to four parts in no fixed order. Aliases of individuals are of good or low quality, those of
entities also known as or formerly known as; empty ones are printed too. A date of birth may be a year, a pair of years
or a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from lists.assembly import ADDRESSES, IDENTIFIERS, NAMES, RELATIONS, Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.normalize.countries import country_names
from lists.normalize.dates import parse_one
from lists.tabular import record_table
from lists.xml import Element, child_text, elements, root_name, text, unread_elements

_TYPES = {"INDIVIDUAL": "person", "ENTITY": "organization"}
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_QUALITIES = {
    "Good": ("aka", "strong"),
    "Low": ("aka", "weak"),
    "a.k.a.": ("aka", None),
    "f.k.a.": ("fka", None),
}
_FORMER = re.compile(r"^(?:formerly|previously) listed as", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*;\s*|\s+[b-z]\)\s+|^a\)\s+")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_VALUES = {"NATIONALITY": "nationality", "DESIGNATION": "title", "TITLE": "title"}
_READ = {
    *_NAME_PARTS, *_VALUES, "UN_LIST_TYPE", "REFERENCE_NUMBER", "LISTED_ON", "DELISTED_ON", "GENDER", "COMMENTS1",
    "NAME_ORIGINAL_SCRIPT", "INDIVIDUAL_ALIAS", "INDIVIDUAL_ADDRESS", "INDIVIDUAL_DATE_OF_BIRTH",
    "INDIVIDUAL_PLACE_OF_BIRTH", "INDIVIDUAL_DOCUMENT", "ENTITY_ALIAS", "ENTITY_ADDRESS",
}  # fmt: skip
_OWN = {
    "SUBMITTED_BY",
    "SUBMITTED_ON",
    "DATAID",
    "VERSIONNUM",
    "LIST_TYPE",
    "LAST_DAY_UPDATED",
    "SORT_KEY",
    "SORT_KEY_LAST_MOD",
}
"""Elements by which the publisher keeps its list; they say nothing of the party."""
_REMARKS = ("NOTE", "DATE_OF_ISSUE", "CITY_OF_ISSUE")
_ENTRY = {
    "entry": pl.Int64(),
    "number": pl.String(),
    "name": pl.String(),
    "party_type": pl.String(),
    "program": pl.String(),
    "listed": pl.String(),
    "delisted": pl.String(),
    "remarks": pl.String(),
}


def recognize(file: SourceFile) -> bool:
    """Tell by the root element."""
    return root_name(file) == "CONSOLIDATED_LIST"


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; elements without a reference number or a name are quarantined."""
    file = found[0]
    entries: list[tuple[object, ...]] = []
    names: list[tuple[object, ...]] = []
    addresses: list[dict[str, object]] = []
    facts: list[tuple[object, ...]] = []
    notes: list[tuple[object, ...]] = []
    bad: list[tuple[int, str, str]] = []
    unread: set[str] = set()
    for row, (tag, element) in enumerate(elements(file, tuple(_TYPES)), start=1):
        number, name = child_text(element, "REFERENCE_NUMBER"), _joined(element, _NAME_PARTS, " ")
        unread |= {_tag(child) for child in element} - _READ - _OWN
        if not number or not name:
            bad.append((row, "has no reference number or no name", text(element) or ""))
            continue
        plain = (
            child_text(element, each) for each in ("UN_LIST_TYPE", "LISTED_ON", "DELISTED_ON", "COMMENTS1")
        )
        entries.append((row, number, name, _TYPES[tag], *plain))
        names += _names(element, row)
        addresses += _addresses(element, row)
        facts += [(row, *fact) for fact in _facts(element)]
        notes += [(row, "note", None, None, note) for note in _notes(element)]
    draft = Draft(
        entries=_entries(pl.DataFrame(entries, schema=_ENTRY, orient="row"), file),
        names=pl.DataFrame(names, schema=NAMES, orient="row").unique(maintain_order=True),
        addresses=pl.DataFrame(addresses, schema=ADDRESSES).unique(maintain_order=True),
        identifiers=pl.DataFrame(facts, schema=IDENTIFIERS, orient="row"),
        relations=pl.DataFrame(notes, schema=RELATIONS, orient="row"),
    )
    account = record_table(file.name, [int(str(row[0])) for row in entries], bad)
    return assemble(draft, (account,), _generated(file), warnings=unread_elements(file.name, unread))


def _entries(frame: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    def day(column: str) -> pl.Expr:
        return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)

    return frame.select(
        "entry",
        "number",
        "name",
        "party_type",
        "remarks",
        list=pl.lit("UN"),
        programs=pl.concat_list("program").list.drop_nulls(),
        start=day("listed"),
        end=day("delisted"),
        source_ref=pl.lit(f"{file.name} entry ") + pl.col("entry").cast(pl.String),
    )


def _generated(file: SourceFile) -> date | None:
    found = re.search(r"""dateGenerated=["'](\d{4}-\d\d-\d\d)""", file.head_text)
    return parse_one(found.group(1)) if found else None


def _names(element: Element, row: int) -> Iterator[tuple[object, ...]]:
    """Yield further names; where several stand in one alias, parted by semicolons or letters, each."""
    original = child_text(element, "NAME_ORIGINAL_SCRIPT")
    if original:
        yield row, original, "aka", "strong"
    for alias in _children(element, "INDIVIDUAL_ALIAS", "ENTITY_ALIAS"):
        kind, quality = _QUALITIES.get(child_text(alias, "QUALITY") or "", ("aka", None))
        if _FORMER.match(child_text(alias, "NOTE") or ""):
            kind = "fka"
        for name in filter(None, _SEVERAL.split(child_text(alias, "ALIAS_NAME") or "")):
            yield row, name, kind, quality


def _addresses(element: Element, row: int) -> Iterator[dict[str, object]]:
    for address in _children(element, "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"):
        street, city, region, postal, country = (child_text(address, part) for part in _PLACE)
        raw = _joined(address, (*_PLACE, "NOTE"), ", ")
        last = (raw or "").rpartition(",")[2].strip(" .")
        country = country or (last if last.lower() in country_names() else None)
        if raw:
            parts = {
                "street": street,
                "city": city,
                "region": region,
                "postal_code": postal,
                "country": country,
            }
            yield {"entry": row, "raw": raw, **parts}


def _facts(element: Element) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield type, value and country of what identifies the party."""
    for tag, kind in _VALUES.items():
        for value in filter(None, map(text, element.iterfind(f"{{*}}{tag}/{{*}}VALUE"))):
            yield kind, value, value if kind == "nationality" else None
    if gender := child_text(element, "GENDER"):
        yield "gender", gender, None
    for born in _children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        if day := _birth(born):
            yield "date_of_birth", day, None
    for alias in _children(element, "INDIVIDUAL_ALIAS"):
        if day := child_text(alias, "DATE_OF_BIRTH"):
            yield "date_of_birth", day, None
        if place := _joined(alias, ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"), ", "):
            yield "place_of_birth", place, None
    for place_of_birth in _children(element, "INDIVIDUAL_PLACE_OF_BIRTH"):
        if place := _joined(place_of_birth, ("CITY", "STATE_PROVINCE", "COUNTRY"), ", "):
            yield "place_of_birth", place, None
    for document in _children(element, "INDIVIDUAL_DOCUMENT"):
        if number := child_text(document, "NUMBER"):
            issued_by = child_text(document, "ISSUING_COUNTRY") or child_text(document, "COUNTRY_OF_ISSUE")
            yield _document(document), number, issued_by


def _document(document: Element) -> str:
    printed = _joined(document, ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2"), " ") or ""
    return "passport" if re.search(r"pass(e)?port|pasaporte", printed, re.IGNORECASE) else "national_id"


def _birth(born: Element) -> str | None:
    """Return a date of birth as it is compared: a day, `1971`, `circa 1960`, `1955 to 1958`, else the remark."""
    exact = child_text(born, "DATE") or child_text(born, "YEAR")
    between = _joined(born, ("FROM_YEAR", "TO_YEAR"), " to ")
    about = "circa " if child_text(born, "TYPE_OF_DATE") == "APPROXIMATELY" and exact else ""
    return about + exact if exact else between or child_text(born, "NOTE")


def _notes(element: Element) -> Iterator[str]:
    """Yield what is said of aliases, births and documents, and documents that have no number."""
    parts = (
        "INDIVIDUAL_ALIAS",
        "INDIVIDUAL_DATE_OF_BIRTH",
        "INDIVIDUAL_PLACE_OF_BIRTH",
        "INDIVIDUAL_DOCUMENT",
    )
    for part in _children(element, *parts):
        unnumbered = _tag(part) == "INDIVIDUAL_DOCUMENT" and not child_text(part, "NUMBER")
        remark = any(child_text(part, tag) for tag in _REMARKS)
        if (remark or unnumbered) and (note := _texts(part)):
            yield note


def _texts(element: Element) -> str:
    return " ".join(filter(None, map(text, element)))


def _children(element: Element, *tags: str) -> list[Element]:
    return [child for child in element if _tag(child) in tags]


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _joined(element: Element, tags: Sequence[str], separator: str) -> str | None:
    return separator.join(filter(None, (child_text(element, tag) for tag in tags))) or None
