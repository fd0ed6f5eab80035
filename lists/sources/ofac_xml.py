"""OFAC's SDN.XML and consolidated.xml (`sdnList`): names by part, aliases strong or weak, ids with their countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from lists.assembly import ADDRESSES, NAMES, Draft, Parsed, assemble
from lists.errors import MalformedList
from lists.fetch import SourceFile
from lists.normalize.dates import parse_one
from lists.normalize.remarks import read_facts, read_remarks
from lists.sources.ofac import PARTY_TYPES, full_name, non_sdn_list
from lists.tabular import record_table
from lists.xml import Element, child_text, elements, root_name, text

_KINDS = {"a.k.a.": "aka", "f.k.a.": "fka", "n.k.a.": "nka"}
_ENTRY: dict[str, pl.DataType] = {
    "entry": pl.Int64(),
    "number": pl.String(),
    "name": pl.String(),
    "type": pl.String(),
    "programs": pl.List(pl.String()),
    "title": pl.String(),
    "remarks": pl.String(),
}
_FACTS = {"entry": pl.Int64(), "text": pl.String()}
_LABELS = {
    "nationalityList/nationality/country": "nationality",
    "citizenshipList/citizenship/country": "citizen",
    "dateOfBirthList/dateOfBirthItem/dateOfBirth": "DOB",
    "placeOfBirthList/placeOfBirthItem/placeOfBirth": "POB",
    "vesselInfo/callSign": "Vessel Call Sign",
    "vesselInfo/vesselType": "VESSEL TYPE",
    "vesselInfo/vesselFlag": "Vessel Flag",
    "vesselInfo/vesselOwner": "Vessel Owner",
    "vesselInfo/tonnage": "Vessel Tonnage",
    "vesselInfo/grossRegisteredTonnage": "Vessel Gross Registered Tonnage",
    "title": "Title",
}


def recognize(file: SourceFile) -> bool:
    """Tell by the root element."""
    return root_name(file) == "sdnList"


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file. Entries without uid or name are quarantined; a record count that is not met is a cut-off file."""
    file = found[0]
    entries: list[tuple[object, ...]] = []
    names: list[tuple[object, ...]] = []
    addresses: list[dict[str, object]] = []
    facts: list[tuple[int, str]] = []
    bad: list[tuple[int, str, str]] = []
    published, promised = None, None
    row = 0
    for tag, element in elements(file, ("publshInformation", "sdnEntry")):
        if tag == "publshInformation":
            published = parse_one(child_text(element, "Publish_Date"))
            promised = child_text(element, "Record_Count")
            continue
        row += 1
        number, name = child_text(element, "uid"), _name(element)
        if not number or not name:
            bad.append((row, "has no uid or no name", text(element) or ""))
            continue
        entries.append((row, number, name, *_plain(element)))
        names += _aliases(element, row)
        addresses += _addresses(element, row)
        facts += _facts(element, row)
    if not partial and promised and int(promised) != row:
        raise MalformedList(
            f"{file.path}: cut off: promises {promised} records and holds {row}; get the file again"
        )
    frame = pl.DataFrame(entries, schema=_ENTRY, orient="row")
    read_from_ids = read_facts(pl.DataFrame(facts, schema=_FACTS, orient="row"))
    read_from_remarks = read_remarks(frame.select("entry", "remarks"))
    draft = Draft(
        entries=_entries(frame, file),
        names=pl.concat([pl.DataFrame(names, schema=NAMES, orient="row"), read_from_remarks.names]),
        addresses=pl.DataFrame(addresses, schema=ADDRESSES),
        identifiers=pl.concat([read_from_ids.identifiers, read_from_remarks.identifiers]),
        relations=pl.concat([read_from_ids.relations, read_from_remarks.relations]),
    )
    return assemble(draft, (record_table(file.name, frame["entry"].to_list(), bad),), published=published)


def _entries(frame: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    non_sdn = "cons" in file.name
    return frame.select(
        "entry",
        "number",
        "name",
        "programs",
        "remarks",
        list=non_sdn_list(pl.col("programs")) if non_sdn else pl.lit("SDN"),
        party_type=pl.col("type").str.to_lowercase().replace_strict(PARTY_TYPES, default="unknown"),
        source_ref=pl.lit(f"{file.name} entry ") + pl.col("entry").cast(pl.String),
    )


def _name(element: Element) -> str | None:
    return full_name(child_text(element, "lastName"), child_text(element, "firstName"))


def _plain(element: Element) -> tuple[object, ...]:
    programs = [text(program) for program in element.iterfind("{*}programList/{*}program")]
    party_type = child_text(element, "sdnType") or child_text(element, "nspType")
    return party_type, programs, child_text(element, "title"), child_text(element, "remarks")


def _aliases(element: Element, row: int) -> Iterator[tuple[object, ...]]:
    for alias in element.iterfind("{*}akaList/{*}aka"):
        kind = _KINDS.get(child_text(alias, "type") or "", "aka")
        yield row, _name(alias), kind, child_text(alias, "category") or "strong"


def _addresses(element: Element, row: int) -> Iterator[dict[str, object]]:
    for address in element.iterfind("{*}addressList/{*}address"):
        parts = {
            etag: child_text(address, etag) for etag in ("city", "stateOrProvince", "postalCode", "country")
        }
        street = (
            ", ".join(filter(None, (child_text(address, f"address{line}") for line in (1, 2, 3)))) or None
        )
        yield {
            "entry": row,
            "raw": ", ".join(filter(None, (street, *parts.values()))) or None,
            "street": street,
            "city": parts["city"],
            "region": parts["stateOrProvince"] or child_text(address, "region"),
            "postal_code": parts["postalCode"],
            "country": parts["country"],
        }


def _facts(element: Element, row: int) -> Iterator[tuple[int, str]]:
    for path, label in _LABELS.items():
        for found in element.iterfind("/".join(f"{{*}}{step}" for step in path.split("/"))):
            yield row, f"{label} {text(found) or ''}"
    for document in element.iterfind("{*}idList/{*}id"):
        country = child_text(document, "idCountry")
        label, number = child_text(document, "idType") or "", child_text(document, "idNumber") or ""
        yield row, f"{label} {number}" + (f" ({country})" if country else "")
