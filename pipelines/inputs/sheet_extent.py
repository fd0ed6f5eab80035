"""How far the first sheet of an XLSX workbook reaches, found as XML and not as text: whatever quotes or order it uses.

The reader of workbooks makes the rectangle of all cells in memory and ends the process where that does not fit.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

BLOCK = 1 << 20
FIRST = "xl/worksheets/sheet1.xml"
_CELL = re.compile(r"([A-Za-z]{1,7})([0-9]{1,12})")


@dataclass(slots=True)
class Extent:
    """The last row and column in use, from 1, and the name of the cell that reaches there."""

    rows: int = 0
    columns: int = 0
    cell: str = ""
    _row: int = 0
    _column: int = 0

    def add(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of the start of an element; a row or cell that says no place follows the one before."""
        local = name.rpartition(":")[2]
        if local == "row":
            number = attributes.get("r", "").strip()
            self._row = int(number) if number.isdecimal() and len(number) < 13 else self._row + 1
            self._column = 0
        elif local == "c":
            self._column += 1
            if place := _CELL.fullmatch(attributes.get("r", "").strip()):
                self._column, self._row = _column_number(place[1]), int(place[2])
            if self._row > self.rows or self._column > self.columns:
                self.cell = f"{_letters(self._column)}{self._row}"
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)


def first_sheet_extent(archive: zipfile.ZipFile) -> Extent:
    """Return how far the first sheet reaches; where it is not clear which that is, the furthest of all sheets.

    Raises ValueError for XML that is broken or declares a document type.
    """
    extents = [_extent(archive, part) for part in _first_sheets(archive)]
    return max(extents, key=lambda extent: extent.rows * extent.columns, default=Extent())


def _extent(archive: zipfile.ZipFile, part: str) -> Extent:
    extent = Extent()
    with archive.open(part) as stream:
        _walk(stream, extent)
    return extent


def _walk(stream: IO[bytes], extent: Extent) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.add
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while block := stream.read(BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(f"its first sheet is broken XML ({error})") from error


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it declares a document type, as no workbook does")


def _first_sheets(archive: zipfile.ZipFile) -> list[str]:
    """Return the part with the first sheet, as the workbook links it; all sheets where the link leads nowhere."""
    parts = {name.lower(): name for name in archive.namelist()}
    sheets = _attributes(archive, parts, "xl/workbook.xml", "sheet")
    links = _attributes(archive, parts, "xl/_rels/workbook.xml.rels", "Relationship")
    key = next((value for name, value in (sheets[0] if sheets else {}).items() if name.endswith(":id")), None)
    targets = [link.get("Target", "").lstrip("/") for link in links if key and link.get("Id") == key]
    for target in targets[:1]:
        part = parts.get((target if target.lower().startswith("xl/") else f"xl/{target}").lower())
        if part is not None:
            return [part]
    return [
        name for lower, name in parts.items() if lower.startswith("xl/worksheets/") and lower.endswith(".xml")
    ]


def _attributes(
    archive: zipfile.ZipFile, parts: dict[str, str], part: str, element: str
) -> list[dict[str, str]]:
    """Return the attributes of the elements of one local name in a part; none where there is no such part."""
    if part not in parts:
        return []
    found: list[dict[str, str]] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == element:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(archive.read(parts[part]), True)
    except expat.ExpatError as error:
        raise ValueError(f"its part {part} is broken XML ({error})") from error
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters
