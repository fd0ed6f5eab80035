"""The UK Sanctions List as CSV and XML, and OFSI's older list: one made-up world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.assembly import Parsed
from lists.fetch import open_file
from lists.sources import uk, uk_xml
from lists.sources.registry import recognize_source

ROWS = (
    {"Unique ID": "TST0001", "OFSI Group ID": "77", "UN Reference Number": "TLi.001", "Name 6": "MUSTER",
     "Name 1": "Jan", "Name 2": "Piotr", "Name type": "Primary Name", "Regime Name": "The Test Regulations 2020",
     "Designation Type": "Individual", "Sanctions Imposed": "Asset freeze|Travel Ban", "Date Designated": "24/06/2021",
     "D.O.B": "dd/mm/1945", "Nationality(/ies)": "(1) Ukraine (2) Russia", "Passport number": "P1",
     "Address Line 1": "1 Road", "Address Line 6": "Minsk", "Address Country": "Belarus",
     "Other Information": "A remark", "Name non-latin script": "Ян Мустер"},
    {"Unique ID": "TST0001", "Name 6": "JOHNNY", "Name type": "Alias", "Alias strength": "Low quality alias",
     "D.O.B": "00/04/1946", "Designation Type": "Individual", "Town of birth": "Minsk", "Country of birth": "Belarus"},
    {"Unique ID": "TST0001", "Name 6": "MUSTERR", "Name 1": "Jan", "Name type": "Primary Name Variation",
     "D.O.B": "24/06/1964", "Designation Type": "Individual"},
    {"Unique ID": "TST0002", "Name 6": "MUSTER STAR", "Name type": "Primary Name", "Designation Type": "Ship",
     "Sanctions Imposed": "Shipping sanctions", "IMO number": "IMO9826902", "Date Designated": "31/07/2024",
     "Current owner/operator (s)": "Muster Ships", "Current believed flag of ship": "Gabon"},
    {"Name 6": "NOBODY", "Name type": "Primary Name"},
)  # fmt: skip
XML = """\
<?xml version="1.0" encoding="utf-8"?><Designations><DateGenerated>08/10/2026</DateGenerated><Designation>
<DateDesignated>24/06/2021</DateDesignated><UniqueID>TST0001</UniqueID><OFSIGroupID>77</OFSIGroupID>
<UNReferenceNumber>TLi.001</UNReferenceNumber><Names>
<Name><Name1>Jan</Name1><Name2>Piotr</Name2><Name6>MUSTER</Name6><NameType>Primary Name</NameType></Name>
<Name><Name6>JOHNNY</Name6><NameType>Alias</NameType><AliasStrength>Low quality alias</AliasStrength></Name>
<Name><Name1>Jan</Name1><Name6>MUSTERR</Name6><NameType>Primary Name Variation</NameType></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>Ян Мустер</NameNonLatinScript></NonLatinName></NonLatinNames>
<RegimeName>The Test Regulations 2020</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
<SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><OtherInformation>A remark</OtherInformation>
<UKStatementofReasons>
</UKStatementofReasons><Addresses><Address><AddressLine1>1 Road</AddressLine1><AddressLine6>Minsk</AddressLine6>
<AddressCountry>Belarus</AddressCountry></Address></Addresses><IndividualDetails><Individual>
<DOBs><DOB>dd/mm/1945</DOB><DOB>00/04/1946</DOB><DOB>24/06/1964</DOB></DOBs>
<Nationalities><Nationality>Ukraine</Nationality><Nationality>Russia</Nationality></Nationalities>
<PassportDetails><Passport><PassportNumber>P1</PassportNumber></Passport></PassportDetails>
<BirthDetails><Location><TownOfBirth>Minsk</TownOfBirth><CountryOfBirth>Belarus</CountryOfBirth></Location>
</BirthDetails><ShoeSize>44</ShoeSize></Individual></IndividualDetails></Designation>
<Designation><DateDesignated>31/07/2024</DateDesignated><UniqueID>TST0002</UniqueID>
<Names><Name><Name6>MUSTER STAR</Name6><NameType>Primary Name</NameType></Name></Names>
<IndividualEntityShip>Ship</IndividualEntityShip><SanctionsImposed>Shipping sanctions</SanctionsImposed><ShipDetails>
<Ship><IMONumbers><IMONumber>IMO9826902</IMONumber></IMONumbers>
<CurrentOwnerOperators><CurrentOwnerOperator>Muster Ships
</CurrentOwnerOperator></CurrentOwnerOperators><CurrentBelievedFlagOfShip>Gabon</CurrentBelievedFlagOfShip></Ship>
</ShipDetails></Designation><Designation><UniqueID>TST0003</UniqueID></Designation></Designations>
"""
OFSI = """\
Last Updated,27/04/2020,,,,,,,,,
Name 6,Name 1,Name 2,Title,DOB,Nationality,Country,Group Type,Alias Type,Alias Quality,Listed On,Group ID
MUSTER,Jan,,,00/00/1936,Belarus,Belarus (location as at May 2008),Individual,AKA,Low quality,24/03/2007,9053
MUSTER,Jan,Piotr,,00/00/1937,Belarus,,Individual,Prime Alias,,24/03/2007,9053
"""


def sanctions_list(banner: str = "Report Date: 08-Oct-2026") -> str:
    header = [*uk.COLUMNS]
    lines = [banner, ",".join(header)]
    for row in ROWS:
        cells = {name.lower(): value for name, value in row.items()}
        lines.append(",".join(cells.get(name, "") for name in header))
    return "\n".join(lines) + "\n"


def facts(parsed: Parsed, party: str) -> set[tuple[str, str]]:
    own = parsed.frames.identifiers.filter(pl.col("party_id") == party)
    return set(own.select("id_type", "id_value").rows())


def test_rows_of_a_party_are_put_together(write: Callable[..., Path]) -> None:
    file = open_file(write("uk.csv", sanctions_list()))
    assert uk.recognize(file)
    assert not uk.recognize_ofsi(file)
    parsed = uk.read([file], partial=False)
    assert parsed.account.rows() == [("uk.csv", 5, 4, 1)]
    assert parsed.published == date(2026, 10, 8)
    person, ship = parsed.frames.parties.to_dicts()
    assert (person["party_id"], person["primary_name"], person["party_type"]) == (
        "UK-TST0001", "Jan Piotr MUSTER", "person",
    )  # fmt: skip
    assert (person["countries"], person["listed_from"]) == (["BY", "RU", "UA"], date(2021, 6, 24))
    assert (ship["primary_name"], ship["party_type"]) == ("MUSTER STAR", "vessel")
    own = parsed.frames.names.filter(pl.col("party_id") == "UK-TST0001")
    assert set(own.select("name", "name_kind", "quality").rows()) == {
        ("Jan Piotr MUSTER", "primary", "strong"), ("JOHNNY", "aka", "weak"), ("Jan MUSTERR", "aka", "strong"),
        ("Ян Мустер", "aka", "strong"),
    }  # fmt: skip
    assert facts(parsed, "UK-TST0001") == {
        ("date_of_birth", "1945"), ("date_of_birth", "1946-04"), ("date_of_birth", "1964-06-24"),
        ("nationality", "Ukraine"), ("nationality", "Russia"), ("passport", "P1"), ("ofsi_group_id", "77"),
        ("un_reference", "TLi.001"), ("place_of_birth", "Minsk, Belarus"),
    }  # fmt: skip
    assert ("imo", "9826902") in facts(parsed, "UK-TST0002")
    assert parsed.frames.measures["license_requirement_raw"].to_list() == [
        "Asset freeze; Travel Ban", "Shipping sanctions",
    ]  # fmt: skip
    assert parsed.frames.relations.filter(relation="operator")["other_name"].to_list() == ["Muster Ships"]


def test_the_xml_says_the_same(write: Callable[..., Path]) -> None:
    file = open_file(write("uk.xml", XML))
    assert uk_xml.recognize(file)
    parsed = uk_xml.read([file], partial=False)
    assert parsed.account.rows() == [("uk.xml", 3, 2, 1)]
    assert parsed.published == date(2026, 10, 8)
    assert parsed.warnings == ("uk.xml: there are elements that nobody reads: ShoeSize",)
    other = uk.read([open_file(write("uk.csv", sanctions_list()))], partial=False).frames
    assert parsed.frames.parties.drop("source_ref").equals(other.parties.drop("source_ref"))
    for table in ("names", "addresses", "identifiers", "measures", "relations"):
        assert parsed.frames.tables()[table].equals(other.tables()[table]), table


def test_ofsi_rows_are_grouped_by_their_id(write: Callable[..., Path]) -> None:
    file = open_file(write("ConList.csv", OFSI))
    source = recognize_source(file)
    assert source is not None
    assert source.name == "uk_ofsi"
    parsed = uk.read_ofsi([file], partial=False)
    assert parsed.published == date(2020, 4, 27)
    assert parsed.frames.parties.select("party_id", "primary_name", "listed_from").rows() == [
        ("UK-9053", "Jan Piotr MUSTER", date(2007, 3, 24))
    ]
    assert parsed.frames.names.filter(quality="weak")["name"].to_list() == ["Jan MUSTER"]
    assert facts(parsed, "UK-9053") >= {("date_of_birth", "1936"), ("date_of_birth", "1937")}
    assert parsed.frames.addresses["country"].to_list() == ["BY"]


@pytest.mark.parametrize(
    ("name", "source", "rows", "parties", "names"),
    [
        ("uksl-csv.header-and-sample.csv", "uk", 1, 1, 1),
        ("uksl-xml.sample-2026-09-02.xml", "uk_xml", 2, 2, 4),
        ("ofsi-ConList.sample-2020-04-27.csv", "uk_ofsi", 23, 6, 10),
    ],
)
def test_samples(shared: Path, name: str, source: str, rows: int, parties: int, names: int) -> None:
    file = open_file(shared / "data/lists-other/uk" / name)
    reader = recognize_source(file)
    assert reader is not None
    assert reader.name == source
    parsed = reader.read([file], False)
    assert parsed.account.select("rows", "quarantined").rows() == [(rows, 0)]
    assert (parsed.frames.parties.height, parsed.frames.names.height) == (parties, names)
    assert parsed.frames.parties["listed_from"].null_count() == 0
    assert parsed.warnings == ()
