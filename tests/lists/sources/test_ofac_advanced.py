"""OFAC's advanced XML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.assembly import Parsed
from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import ofac_advanced

CODES = """\
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="7">Russia</Country></CountryValues>
<DocNameStatusValues><DocNameStatus ID="1">Primary Latin</DocNameStatus></DocNameStatusValues>
<DetailReferenceValues><DetailReference ID="5">Male</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="25">Location</FeatureType>
<FeatureType ID="224">Gender</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1">Tax ID No.</IDRegDocType></IDRegDocTypeValues>
<ListValues><List ID="1550">SDN List</List><List ID="91507">Sectoral Sanctions Identifications List</List>
<List ID="91512">Consolidated List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1454">CITY</LocPartType>
</LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
</NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15003">Owned or Controlled By</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="1705">Block</SanctionsType>
</SanctionsTypeValues>
<ScriptValues><Script ID="215">Latin</Script><Script ID="220">Cyrillic</Script></ScriptValues>
"""


def part(group: int, script: int, value: str) -> str:
    return (
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{group}" ScriptID="{script}">{value}</NamePartValue>'
        "</DocumentedNamePart>"
    )


def party(number: int) -> str:
    return f"""\
<DistinctParty FixedRef="{number}"><Comment/><Profile ID="{number}" PartySubTypeID="4"><Identity ID="9{number}">
<Alias AliasTypeID="1403" Primary="true" LowQuality="false">
<DocumentedName DocNameStatusID="2">{part(3, 220, "Марков")}{part(4, 220, "Илья")}</DocumentedName>
<DocumentedName DocNameStatusID="1">{part(1, 215, "Markov")}{part(2, 215, "Ilya")}</DocumentedName></Alias>
<Alias AliasTypeID="1400" Primary="false" LowQuality="true">
<DocumentedName DocNameStatusID="2">{part(5, 215, "Shorty")}</DocumentedName></Alias>
<NamePartGroups><NamePartGroup ID="1" NamePartTypeID="1520"/><NamePartGroup ID="2" NamePartTypeID="1521"/>
<NamePartGroup ID="3" NamePartTypeID="1520"/><NamePartGroup ID="4" NamePartTypeID="1521"/></NamePartGroups></Identity>
<Feature FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="25"/></FeatureVersion></Feature>
<Feature FeatureTypeID="224"><FeatureVersion><VersionDetail DetailReferenceID="5"/></FeatureVersion></Feature>
<Feature FeatureTypeID="8"><FeatureVersion><DatePeriod>
<Start Approximate="true"><From><Year>1976</Year><Month>1</Month><Day>1</Day></From></Start>
<End Approximate="true"><To><Year>1976</Year><Month>12</Month><Day>31</Day></To></End>
</DatePeriod></FeatureVersion></Feature></Profile></DistinctParty>"""


def listing(number: int, list_id: int, program: str) -> str:
    return f"""\
<SanctionsEntry ID="1" ProfileID="{number}" ListID="{list_id}"><EntryEvent><Date><Year>2022</Year><Month>2</Month>
<Day>24</Day></Date></EntryEvent><SanctionsMeasure SanctionsTypeID="1705"><Comment/></SanctionsMeasure>
<SanctionsMeasure SanctionsTypeID="1"><Comment>{program}</Comment></SanctionsMeasure></SanctionsEntry>"""


def advanced(parties: str, listings: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="3">
<DateOfIssue><Year>2024</Year><Month>2</Month><Day>23</Day></DateOfIssue>
<ReferenceValueSets>{CODES}</ReferenceValueSets>
<Locations><Location ID="25"><LocationCountry CountryID="7"/>
<LocationPart LocPartTypeID="1451"><LocationPartValue><Value>1 Arbat</Value></LocationPartValue></LocationPart>
<LocationPart LocPartTypeID="1454"><LocationPartValue><Value>Moscow</Value></LocationPartValue></LocationPart>
</Location></Locations>
<IDRegDocuments><IDRegDocument IDRegDocTypeID="1" IdentityID="936" IssuedBy-CountryID="7">
<IDRegistrationNo>770</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties>{parties}</DistinctParties>
<ProfileRelationships><ProfileRelationship From-ProfileID="36" To-ProfileID="37" RelationTypeID="15003"
Former="false"/></ProfileRelationships>
<SanctionsEntries>{listings}</SanctionsEntries></Sanctions>"""


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Parsed]:
    def reader(content: str, partial: bool = False) -> Parsed:
        file = open_file(write("sdn_advanced.xml", content))
        assert ofac_advanced.recognize(file)
        return ofac_advanced.read([file], partial)

    return reader


WHOLE = advanced(
    party(36) + party(37),
    listing(36, 1550, "SDGT") + listing(36, 91507, "UKRAINE-EO13662") + listing(37, 1550, "SDGT"),
)


def test_a_party_on_two_lists_is_two_parties(read: Callable[..., Parsed]) -> None:
    parsed = read(WHOLE)
    assert parsed.published == date(2024, 2, 23)
    assert parsed.frames.parties.select("party_id", "primary_name", "programs", "listed_from").rows() == [
        ("SDN-36", "Markov, Ilya", ["SDGT"], date(2022, 2, 24)),
        ("SDN-37", "Markov, Ilya", ["SDGT"], date(2022, 2, 24)),
        ("SSI-36", "Markov, Ilya", ["UKRAINE-EO13662"], date(2022, 2, 24)),
    ]
    assert parsed.account.select("file", "rows", "quarantined").rows() == [
        ("sdn_advanced.xml:IDRegDocument", 1, 0), ("sdn_advanced.xml:DistinctParty", 2, 0),
        ("sdn_advanced.xml:ProfileRelationship", 1, 0), ("sdn_advanced.xml:SanctionsEntry", 3, 0),
    ]  # fmt: skip


def test_names_by_script_and_quality(read: Callable[..., Parsed]) -> None:
    names = read(WHOLE).frames.names.filter(party_id="SDN-36").drop("party_id")
    assert names.rows() == [
        ("Markov, Ilya", "primary", "strong", "Latn"), ("Shorty", "aka", "weak", "Latn"),
        ("Марков Илья", "aka", "strong", "Cyrl"),
    ]  # fmt: skip


def test_features_documents_places_and_relationships(read: Callable[..., Parsed]) -> None:
    frames = read(WHOLE).frames
    assert frames.identifiers.filter(party_id="SDN-36").drop("party_id").rows() == [
        ("date_of_birth", "circa 1976", None), ("gender", "Male", None), ("tax_id", "770", "RU"),
    ]  # fmt: skip
    assert frames.addresses.row(0) == (
        "SDN-36",
        "1 Arbat, Moscow, Russia",
        "1 Arbat",
        "Moscow",
        None,
        None,
        "RU",
    )
    assert ("SDN-36", "owned_or_controlled_by", "Markov, Ilya", "SDN-37", "Owned or Controlled By 37") in (
        frames.relations.rows()
    )


def test_the_umbrella_list_counts_only_where_no_list_is_named(read: Callable[..., Parsed]) -> None:
    parties = advanced(
        party(36) + party(37),
        listing(36, 91512, "CMIC-EO13959") + listing(37, 91507, "X") + listing(37, 91512, "X"),
    )
    assert read(parties).frames.parties["party_id"].to_list() == ["CMIC-36", "SSI-37"]


def test_a_party_on_no_list_is_quarantined_but_stays_in_a_sample(read: Callable[..., Parsed]) -> None:
    content = advanced(party(36) + party(37), listing(37, 1550, "SDGT"))
    whole = read(content)
    assert whole.frames.parties["party_id"].to_list() == ["SDN-37"]
    assert "stands on no list" in whole.quarantine["reason"].to_list()
    assert read(content, partial=True).frames.parties["party_id"].to_list() == ["SDN-36", "SDN-37"]


def test_cut_off_file_is_refused(read: Callable[..., Parsed]) -> None:
    with pytest.raises(MalformedList, match="cut off"):
        read(WHOLE[:-400], partial=True)


def test_official_sample(shared: Path) -> None:
    path = shared / "data/ofac/xml/sdn_advanced.sample-2024-02-23.xml"
    parsed = ofac_advanced.read([open_file(path)], partial=True)
    assert parsed.frames.parties.height == 37
    assert parsed.account["rows"].to_list() == [12, 37, 3, 147]
    assert (parsed.account["parsed"] + parsed.account["quarantined"]).to_list() == [12, 37, 3, 147]
    assert set(parsed.frames.names["script"]) == {"Latn", "Cyrl"}
    assert parsed.frames.parties["primary_name"].str.contains(r"^[\x00-\x7F]+$").all(), (
        "Latin names come first"
    )
