"""OFAC's plain XML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.assembly import Parsed
from lists.errors import HostileInput, MalformedList
from lists.fetch import open_file
from lists.sources import ofac_xml

HEAD = (
    '<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation>'
    "<Publish_Date>04/22/2020</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>"
)
ENTRY = """\
<sdnEntry><uid>10689</uid><firstName>Muhammad</firstName><lastName>SAEED</lastName><title>Emir</title>
<sdnType>Individual</sdnType><remarks>(Linked To: LASHKAR-E TAYYIBA)</remarks>
<programList><program>SDGT</program></programList>
<idList><id><idType>Passport</idType><idNumber>BE5978421</idNumber><idCountry>Pakistan</idCountry></id></idList>
<akaList><aka><type>a.k.a.</type><category>strong</category><lastName>SAEED</lastName><firstName>Hafiz</firstName></aka>
<aka><type>a.k.a.</type><category>weak</category><lastName>TATA JI</lastName></aka></akaList>
<addressList><address><address1>House No. 116 E</address1><address2>Mohalla Johar</address2><city>Lahore</city>
<postalCode>54000</postalCode><country>Pakistan</country></address></addressList>
<nationalityList><nationality><country>Pakistan</country></nationality></nationalityList>
<dateOfBirthList><dateOfBirthItem><dateOfBirth>05 Jun 1950</dateOfBirth></dateOfBirthItem></dateOfBirthList>
</sdnEntry>"""
NAMELESS = "<sdnEntry><uid>1</uid><sdnType>Entity</sdnType></sdnEntry>"


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Parsed]:
    def reader(content: str, name: str = "sdn.xml", partial: bool = False) -> Parsed:
        file = open_file(write(name, content))
        assert ofac_xml.recognize(file)
        return ofac_xml.read([file], partial)

    return reader


def test_an_entry_with_everything(read: Callable[..., Parsed]) -> None:
    parsed = read(HEAD.format(count=1) + ENTRY + "</sdnList>")
    frames = parsed.frames
    assert parsed.published == date(2020, 4, 22)
    assert frames.parties.select("party_id", "party_type", "countries", "programs").rows() == [
        ("SDN-10689", "person", ["PK"], ["SDGT"])
    ]
    assert frames.names.select("name", "quality").rows() == [
        ("SAEED, Muhammad", "strong"), ("SAEED, Hafiz", "strong"), ("TATA JI", "weak"),
    ]  # fmt: skip
    assert frames.addresses.drop("party_id", "raw").rows() == [
        ("House No. 116 E, Mohalla Johar", "Lahore", None, "54000", "PK")
    ]
    assert frames.identifiers.drop("party_id").rows() == [
        ("date_of_birth", "05 Jun 1950", None), ("nationality", "Pakistan", "PK"), ("passport", "BE5978421", "PK"),
        ("title", "Emir", None),
    ]  # fmt: skip
    assert frames.relations["other_name"].to_list() == ["LASHKAR-E TAYYIBA"]


def test_the_list_of_a_non_sdn_entry_follows_from_its_programs(read: Callable[..., Parsed]) -> None:
    content = HEAD.format(count=1) + ENTRY.replace("SDGT", "CMIC-EO13959") + "</sdnList>"
    assert read(content, name="consolidated.xml").frames.parties["party_id"].to_list() == ["CMIC-10689"]


def test_nameless_entries_are_quarantined(read: Callable[..., Parsed]) -> None:
    parsed = read(HEAD.format(count=2) + NAMELESS + ENTRY + "</sdnList>")
    assert parsed.account.rows() == [("sdn.xml", 2, 1, 1)]
    assert parsed.quarantine["row"].to_list() == [1]


def test_fewer_records_than_promised_is_a_cut_off_file(read: Callable[..., Parsed]) -> None:
    content = HEAD.format(count=8197) + ENTRY + "</sdnList>"
    with pytest.raises(MalformedList, match="promises 8197 records and holds 1"):
        read(content)
    assert read(content, partial=True).frames.parties.height == 1


def test_broken_xml_is_refused_even_as_a_sample(read: Callable[..., Parsed]) -> None:
    with pytest.raises(MalformedList, match="broken or cut off"):
        read(HEAD.format(count=1) + ENTRY[:300], partial=True)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
)
def test_entities_are_refused(read: Callable[..., Parsed], doctype: str) -> None:
    content = HEAD.format(count=1).replace('<?xml version="1.0"?>', doctype) + ENTRY + "</sdnList>"
    with pytest.raises(HostileInput, match="document type"):
        read(content)


def test_a_document_type_beyond_the_head_means_that_the_root_is_too(write: Callable[..., Path]) -> None:
    doctype = '<!DOCTYPE sdnList [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    body = HEAD.format(count=1).replace('<?xml version="1.0"?>', "<!--" + "x" * 70_000 + "-->" + doctype)
    assert not ofac_xml.recognize(open_file(write("sdn.xml", body + ENTRY + "</sdnList>")))


@pytest.mark.parametrize(
    ("name", "lists"),
    [
        ("sdn.sample-2020-04-22.xml", {"SDN": 8}),
        ("consolidated.sample-2014-12-17.xml", {"PLC": 6, "SSI": 4, "FSE": 3, "MBS": 2, "CAPTA": 1}),
    ],
)
def test_official_samples(shared: Path, name: str, lists: dict[str, int]) -> None:
    parsed = ofac_xml.read([open_file(shared / "data/ofac/xml" / name)], partial=True)
    assert dict(parsed.frames.parties["list"].value_counts().iter_rows()) == lists
    assert parsed.account.rows() == [(name, sum(lists.values()), sum(lists.values()), 0)]
