"""Workbooks: titles above the header, numbers and days as Excel keeps them, a stray cell at the end of the world."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipelines.errors import InputRejected
from pipelines.inputs import sheet_extent
from pipelines.inputs.book import BookFiles, open_book
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import read_table
from pipelines.job.config import Config
from pipelines.run.staging import Staging
from screening.tables.inputs import CUSTOMERS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DAY = 's="1"'


def text(cell: str, value: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>'


def number(cell: str, value: float, style: str = "") -> str:
    return f'<c r="{cell}" {style}><v>{value}</v></c>'


def sheet(*rows: tuple[int, list[str]]) -> str:
    written = "".join(f'<row r="{place}">{"".join(cells)}</row>' for place, cells in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{written}</sheetData></worksheet>'


def write(path: Path, first: str, second: str | None = None) -> Path:
    """Write a workbook whose first sheet is the part sheet2.xml, as Excel does where sheets were moved."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="A" sheetId="1" '
        'r:id="rId2"/><sheet name="B" sheetId="2" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINKS}/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="rId3" Type="{LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": second or sheet(),
        "xl/worksheets/sheet2.xml": first,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


TITLED = sheet(
    (2, [text("A2", "Customers of the branch"), text("C2", "confidential")]),
    (4, [text("A4", "customer_id"), text("B4", "name"), text("C4", "incorporated_on"), text("E4", "name")]),
    (5, [number("A5", 1001.0), text("B5", "Krayinvestbank"), number("C5", 44197, DAY)]),
    (7, [number("A7", 1002), text("B7", "Leobardo Ruelas"), number("C7", 44197.5)]),
    (8, [text("A8", " "), text("B8", "Nobody")]),
)
FAR = sheet(
    (1, [text("A1", "customer_id"), text("B1", "name")]),
    (2, [text("A2", "1"), text("B2", "Alpha")]),
    (1_048_576, [text("XFD1048576", "x")]),
)


def test_titles_are_skipped_and_cells_read_as_text(tmp_path: Path) -> None:
    reading = read_table(write(tmp_path / "book.xlsx", TITLED, FAR), CUSTOMERS)
    rows = (
        reading.frame.select("customer_id", "name", "incorporated_on").cast({"incorporated_on": str}).rows()
    )
    assert rows == [("1001", "Krayinvestbank", "2021-01-01"), ("1002", "Leobardo Ruelas", None)]
    assert reading.problems.select("row", "column", "consequence").rows() == [
        (7, "incorporated_on", "value_ignored"),
        (8, "customer_id", "row_set_aside"),
    ]


def test_so_it_is_in_ranges_and_under_other_names(tmp_path: Path) -> None:
    titled = TITLED.replace(">customer_id<", ">Client<")
    path = write(tmp_path / "book.xlsx", titled)
    config = Config.model_validate({"columns": {"customers": {"customer_id": "Client"}}})
    customers, book = open_book(BookFiles(path), lenient(config), Staging.open(tmp_path / "run", "key"), 1)
    assert (customers.count, customers.source.rows, book.problems["row"].to_list()) == (2, 3, [7, 8])
    with pytest.raises(InputRejected, match="Customers of the branch"):
        read_table(path, CUSTOMERS)


def lenient(config: Config) -> Config:
    return Config.model_validate({**config.model_dump(), "limits": {"max_rows_set_aside": 0.5}})


def test_edges_below_a_title(tmp_path: Path) -> None:
    edges = sheet(
        (1, [text("A1", "Register of holders")]),
        (2, [text("A2", "owner_id"), text("B2", "owned_id"), text("C2", "share_percent")]),
        (3, [text("A3", "a"), number("B3", 1001), number("C3", 51)]),
    )
    reading = read_ownership([write(tmp_path / "edges.xlsx", edges)])
    assert reading.edges.select("owner_id", "owned_id", "share_min").rows() == [("a", "1001", 510_000)]


def test_a_cell_at_the_end_of_the_sheet_is_refused_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "book.xlsx", FAR)
    for size in (sheet_extent.BLOCK, 7):
        monkeypatch.setattr(sheet_extent, "BLOCK", size)
        with pytest.raises(
            InputRejected, match=r"reaches to cell XFD1048576, 1,048,576 rows by 16,384 columns"
        ):
            read_table(path, CUSTOMERS)


@pytest.mark.parametrize(
    "spelled",
    [
        FAR.replace('r="XFD1048576"', "r='XFD1048576'"),
        FAR.replace('r="XFD1048576"', 'r = "xfd1048576"'),
        FAR.replace('r="XFD1048576"', f's="{"1" * 5000}" r="XFD1048576"'),
        FAR.replace(' r="XFD1048576"', "").replace('r="B2"', 'r="XFD2"'),
        FAR.replace("XFD1048576", "A4294967295").replace('r="B2"', 'r="XFD2"'),
        FAR.replace("XFD1048576", "&#88;FD1048576"),
        FAR.replace('r="XFD1048576"', 'r="A1048576"').replace(text("B2", "Alpha"), "<c/>" * 2_000),
        FAR.replace("<c ", "<x:c ")
        .replace("</c>", "</x:c>")
        .replace("<worksheet", f'<worksheet xmlns:x="{MAIN}"'),
    ],
    ids=["quotes", "blanks", "late", "row alone", "beyond", "entity", "cells without place", "prefix"],
)
def test_however_a_far_cell_is_spelled_it_is_refused(tmp_path: Path, spelled: str) -> None:
    with pytest.raises(InputRejected, match="too many to read"):
        read_table(write(tmp_path / "book.xlsx", spelled), CUSTOMERS)


def test_a_sheet_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + FAR
    with pytest.raises(InputRejected, match="declares a document type"):
        read_table(write(tmp_path / "book.xlsx", bomb), CUSTOMERS)


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no sheets")
    with pytest.raises(InputRejected, match=r"book\.xlsx: cannot be read"):
        read_table(tmp_path / "book.xlsx", CUSTOMERS)
