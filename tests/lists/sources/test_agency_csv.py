"""The spreadsheets of BIS and State."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.fetch import open_file
from lists.sources import agency_csv
from lists.sources.registry import recognize_source

WIDE = (
    "Source List,Entity Number,SDN Type,Programs,Name,Title,Address,City,State/Province,Postal Code,Country,"
    "Federal Register Notice,Effective Date,Date Lifted/Waived/Expired,Standard Order,License Requirement,"
    "License Policy,Call Sign,Vessel Type,Gross Tonnage,Gross Register Tonnage,Vessel Flag,Vessel Owner,"
    "Remarks/Notes,Address Number,Address Remarks,Alternate Number,Alternate Type,Alternate Name,"
    "Alternate Remarks,Web Link,,,,,\r\n"
)
NARROW = (
    "Source List,Programs,Name,Alternative Names,Country,Federal Register Notice,Effective Date,"
    "Remarks/Notes,Web Link\r\n"
)


def wide(name: str, address: str, alias: str, code: str = "EL", expired: str = "") -> str:
    return (
        f'{code},,,INKSNA,{name},,"{address}",Kabul,,,Afghanistan,76 FR 71867,11/21/2011,{expired},,'
        f"For all items subject to the EAR.,Presumption of denial.,,,,,,,,,,,,{alias},,http://x\r\n"
    )


def test_rows_of_one_entity_are_grouped(write: Callable[..., Path]) -> None:
    rows = [
        wide("F. Farid", address, alias)
        for address in ("Apt. 45", "A2, Plaza")
        for alias in ("Farid", "Idris")
    ]
    file = open_file(write("el.csv", WIDE + "".join(rows) + wide("Other", "B", "")))
    source = recognize_source(file)
    assert source is not None
    assert (source.name, source.publisher) == ("bis_entity_csv", "BIS")
    frames = source.read([file], False).frames
    assert frames.parties.select("primary_name", "countries", "listed_from", "source_ref").sort(
        "primary_name"
    ).rows() == [
        ("F. Farid", ["AF"], date(2011, 11, 21), "el.csv row 1, 2, 3, 4"),
        ("Other", ["AF"], date(2011, 11, 21), "el.csv row 5"),
    ]
    assert frames.addresses.height == 3
    assert frames.names.filter(name_kind="aka").height == 2
    assert frames.measures["license_policy"].to_list() == ["presumption_of_denial"] * 2


def test_isn_programs_of_one_notice_are_joined_and_expiry_is_the_end(write: Callable[..., Path]) -> None:
    names = '"LIMMT, Rainstar Co., Ltd., F.K.A. Old Office"'
    row = f'ISN,{{program}},Abdul Khan,{names},Pakistan,"Vol. 74, No. 11",1/9/2009,,\r\n'
    file = open_file(
        write("isn.csv", NARROW + row.format(program="E.O. 13382") + row.format(program="INKSNA"))
    )
    assert agency_csv.recognize_state(file)
    frames = agency_csv.read([file], partial=False).frames
    assert frames.parties["programs"].to_list() == [["E.O. 13382", "INKSNA"]]
    assert frames.names.filter(name_kind="fka")["name"].to_list() == ["Old Office"]
    expired = open_file(write("isn-wide.csv", WIDE + wide("X", "A", "", code="ISN", expired="11/20/2013")))
    assert agency_csv.read([expired], partial=False).frames.measures["end"].to_list() == [date(2013, 11, 20)]


def test_rows_that_cannot_stand_are_quarantined(write: Callable[..., Path]) -> None:
    bad = wide("", "A", "") + wide("A", "A", "", expired="soon") + wide("B", "A", "", code="XX")
    parsed = agency_csv.read([open_file(write("el.csv", WIDE + wide("Ok", "A", "") + bad))], partial=False)
    assert parsed.account.rows() == [("el.csv", 4, 1, 3)]


@pytest.mark.parametrize(
    ("name", "rows", "parties", "quarantined"),
    [
        ("bis/ita-source-samples/el.csv", 18, 6, 0),
        ("state/isn-2016-07-22.csv", 203, 182, 0),
        ("state/isn-2016-12-02.csv", 213, 192, 0),
        ("state/isn.sample.csv", 7, 3, 2),
    ],
)
def test_official_files(shared: Path, name: str, rows: int, parties: int, quarantined: int) -> None:
    parsed = agency_csv.read([open_file(shared / "data" / name)], partial=True)
    assert parsed.account.rows()[0][1:] == (rows, rows - quarantined, quarantined)
    assert parsed.frames.parties.height == parties
    assert parsed.defects.is_empty()
