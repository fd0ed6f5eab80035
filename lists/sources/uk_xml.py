"""United Kingdom: the UK Sanctions List as XML, one `Designation` a party.

Each name, address and fact becomes a row as the CSV prints it, so that both are read alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from lists.assembly import Parsed, assemble
from lists.fetch import SourceFile
from lists.sources.uk import ADDRESS_LINES, COLUMNS, NAME_PARTS, day_of, draft
from lists.tabular import ROW, record_table
from lists.xml import Element, child_text, elements, root_name, text, unread_elements

_NAME = {**{part.title().replace(" ", ""): part for part in NAME_PARTS}, "NameType": "name type"}
_NAME |= {"AliasStrength": "alias strength"}
_ADDRESS = {line.title().replace(" ", ""): line for line in ADDRESS_LINES}
_ADDRESS |= {"AddressPostalCode": "address postal code", "AddressCountry": "address country"}
_BIRTH = {"TownOfBirth": "town of birth", "CountryOfBirth": "country of birth"}
_WHOLE = {"Name": _NAME, "Address": _ADDRESS, "Location": _BIRTH}
"""Elements whose parts belong together in one row."""
_FACTS = {
    "LastUpdated": "last updated", "DateDesignated": "date designated", "OFSIGroupID": "ofsi group id",
    "UNReferenceNumber": "un reference number", "RegimeName": "regime name", "IndividualEntityShip": "designation type",
    "DesignationSource": "designation source", "SanctionsImposed": "sanctions imposed",
    "OtherInformation": "other information", "UKStatementofReasons": "uk statement of reasons",
    "NameNonLatinScript": "name non-latin script", "Title": "title", "DOB": "d.o.b", "Nationality": "nationality(/ies)",
    "NationalIdentifierNumber": "national identifier number",
    "NationalIdentifierAdditionalInformation": "national identifier additional information",
    "PassportNumber": "passport number", "PassportAdditionalInformation": "passport additional information",
    "Position": "position", "Gender": "gender", "TypeOfEntity": "type of entity", "Subsidiary": "subsidiaries",
    "ParentCompany": "parent company", "BusinessRegistrationNumber": "business registration number (s)",
    "PhoneNumber": "phone number", "EmailAddress": "email address", "Website": "website", "IMONumber": "imo number",
    "CurrentOwnerOperator": "current owner/operator (s)", "PreviousOwnerOperator": "previous owner/operator (s)",
    "CurrentBelievedFlagOfShip": "current believed flag of ship", "PreviousFlag": "previous flags",
    "TypeOfShip": "type of ship", "TonnageOfShip": "tonnage of ship", "LengthOfShip": "length of ship",
    "YearBuilt": "year built", "HullIdentificationNumber": "hull identification number (hin)",
}  # fmt: skip
_OWN = {"UniqueID", "NonLatinScriptType", "NonLatinScriptLanguage"}
"""Elements that name the party, or describe the script, which is read from the letters."""


def recognize(file: SourceFile) -> bool:
    """Tell by the root element."""
    return root_name(file) == "Designations"


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; designations without an id or a name are quarantined."""
    file = found[0]
    rows: list[dict[str, object]] = []
    good: list[int] = []
    bad: list[tuple[int, str, str]] = []
    unread: set[str] = set()
    published, number = None, 0
    for tag, element in elements(file, ("DateGenerated", "Designation")):
        if tag == "DateGenerated":
            published = day_of(text(element) or "")
            continue
        number += 1
        party = child_text(element, "UniqueID")
        parts = list(_rows(element, unread))
        if not party or not any(set(NAME_PARTS) & set(part) for part in parts):
            bad.append((number, "has no id or no name", text(element) or ""))
            continue
        good.append(number)
        rows += [{ROW: number, "entry": number, "unique id": party, **part} for part in parts]
    schema = {ROW: pl.Int64(), "entry": pl.Int64()} | {name: pl.String() for name in COLUMNS}
    table = record_table(file.name, good, bad)
    return assemble(
        draft(pl.DataFrame(rows, schema=schema), table),
        (table,),
        published,
        warnings=unread_elements(file.name, unread),
    )


def _rows(element: Element, unread: set[str]) -> Iterator[dict[str, str]]:
    """Yield a row for each name, place and fact; what carries a text that nobody reads goes into `unread`."""
    for part in element:
        tag = part.tag.rpartition("}")[2]
        if columns := _WHOLE.get(tag):
            leaves = {leaf.tag.rpartition("}")[2]: text(leaf) for leaf in part}
            unread |= {leaf for leaf, value in leaves.items() if value} - set(columns) - _OWN
            yield {columns[leaf]: value for leaf, value in leaves.items() if value and leaf in columns}
        elif len(part):
            yield from _rows(part, unread)
        elif value := text(part):
            if column := _FACTS.get(tag):
                yield {column: value}
            elif tag not in _OWN:
                unread.add(tag)
