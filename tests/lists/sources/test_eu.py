"""The EU's consolidated list: CSV and XML of one made-up world give the same tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.assembly import Parsed
from lists.fetch import open_file
from lists.refresh import RefreshReport
from lists.sources import eu, eu_xml
from lists.store import Store

ROWS = (
    {"NameAlias_LastName": "Muster", "NameAlias_FirstName": "Jan", "NameAlias_WholeName": "Jan Muster",
     "NameAlias_NameLanguage": "EN", "NameAlias_Gender": "M", "NameAlias_Function": "Clerk"},
    {"NameAlias_WholeName": "Ян Мустер", "NameAlias_NameLanguage": "RU"},
    {"NameAlias_WholeName": "Jan  Muster", "NameAlias_NameLanguage": "SV"},
    {"NameAlias_WholeName": "Johnny", "NameAlias_Remark": "low quality alias"},
    {"Address_Street": "1 Road", "Address_City": "Minsk", "Address_ZipCode": "220", "Address_CountryIso2Code": "BY"},
    {"BirthDate_Year": "1958", "BirthDate_Circa": "true", "BirthDate_CalendarType": "GREGORIAN",
     "BirthDate_City": "Minsk", "BirthDate_CountryIso2Code": "00", "BirthDate_CountryDescription": "UNKNOWN"},
    {"BirthDate_BirthDate": "1959-02-03", "BirthDate_Year": "1959", "BirthDate_CalendarType": "GREGORIAN"},
    {"BirthDate_Year": "1343", "BirthDate_CalendarType": "ISLAMIC"},
    {"Identification_Number": "P1", "Identification_TypeCode": "passport", "Identification_CountryIso2Code": "BY",
     "Identification_KnownFalse": "true"},
    {"Citizenship_CountryIso2Code": "BY"},
)  # fmt: skip
ENTITY = {
    "fileGenerationDate": "15/03/2026", "Entity_LogicalId": "9", "Entity_EU_ReferenceNumber": "EU.9.1",
    "Entity_DesignationDate": "2020-10-02", "Entity_SubjectType": "P", "Entity_Regulation_Programme": "TST",
    "Entity_Regulation_NumberTitle": "2020/1 (OJ L1)", "Entity_Remark": "A remark",
}  # fmt: skip
FIRM = {"fileGenerationDate": "15/03/2026", "Entity_LogicalId": "10", "Entity_SubjectType": "E"}
XML = """\
<?xml version="1.0"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-15T15:29:22+02:00">
<sanctionEntity designationDate="2020-10-02" euReferenceNumber="EU.9.1" logicalId="9" unitedNationId="">
<remark>A remark</remark><regulation numberTitle="2020/1 (OJ L1)" programme="TST"><publicationUrl>u</publicationUrl>
</regulation><subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Jan" lastName="Muster" wholeName="Jan Muster" nameLanguage="EN"
 gender="M" function="Clerk" strong="true"/>
<nameAlias wholeName="Ян Мустер" nameLanguage="RU" strong="true"/>
<nameAlias wholeName="Jan  Muster" nameLanguage="SV" strong="true"/>
<nameAlias wholeName="Johnny" strong="false"/>
<address street="1 Road" city="Minsk" zipCode="220" countryIso2Code="BY"/>
<birthdate circa="true" calendarType="GREGORIAN" city="Minsk" year="1958"
 countryIso2Code="00" countryDescription="UNKNOWN"/>
<birthdate circa="false" calendarType="GREGORIAN" birthdate="1959-02-03" year="1959"/>
<birthdate circa="false" calendarType="ISLAMIC" year="1343"/>
<identification number="P1" identificationTypeCode="passport" countryIso2Code="BY" knownFalse="true"/>
<citizenship countryIso2Code="BY"/></sanctionEntity>
<sanctionEntity logicalId="10"><subjectType code="enterprise"/>
<nameAlias lastName="Muster Werke" wholeName="Muster Werke"/></sanctionEntity>
<sanctionEntity logicalId="11"><subjectType code="enterprise"/></sanctionEntity></export>
"""


def content() -> str:
    rows = [ENTITY | row for row in ROWS]
    rows += [FIRM | {"NameAlias_LastName": "Muster Werke"}, FIRM | {"Entity_LogicalId": "11"}]
    rows += [{"NameAlias_WholeName": "Nobody"}]
    header = list(dict.fromkeys(column for row in rows for column in row))
    lines = [";".join(header), *(";".join(row.get(column, "") for column in header) for row in rows)]
    return "\ufeff" + "\n".join(lines) + "\n"


def test_parts_of_a_party_are_put_together(write: Callable[..., Path]) -> None:
    file = open_file(write("fsf.csv", content()))
    assert eu.recognize(file)
    parsed = eu.read([file], partial=False)
    assert parsed.account.rows() == [("fsf.csv", 13, 11, 2)]
    assert set(parsed.quarantine["reason"]) == {"belongs to no party", "belongs to a party without a name"}
    assert parsed.published == date(2026, 3, 15)
    firm, person = parsed.frames.parties.to_dicts()
    assert (firm["party_id"], firm["party_type"], firm["primary_name"]) == (
        "EU-10",
        "organization",
        "Muster Werke",
    )
    assert (person["party_id"], person["primary_name"], person["countries"], person["programs"]) == (
        "EU-9.1", "Jan Muster", ["BY"], ["TST"],
    )  # fmt: skip
    assert (person["listed_from"], person["remarks"]) == (date(2020, 10, 2), "A remark")
    own = pl.col("party_id") == "EU-9.1"
    assert set(parsed.frames.names.filter(own).select("name", "quality").rows()) == {
        ("Jan Muster", "strong"), ("Ян Мустер", "strong"), ("Johnny", "weak"),
    }  # fmt: skip
    assert set(parsed.frames.identifiers.select("id_type", "id_value", "country").rows()) == {
        ("date_of_birth", "circa 1958", None), ("date_of_birth", "1959-02-03", None), ("gender", "M", None),
        ("date_of_birth", "1343 (islamic calendar)", None), ("passport", "P1", "BY"), ("citizenship", "BY", "BY"),
        ("title", "Clerk", None), ("place_of_birth", "Minsk", None),
    }  # fmt: skip
    assert parsed.frames.measures.filter(own)["citations"].item().to_list() == ["2020/1 (OJ L1)"]
    assert "document P1 is known to be false" in parsed.frames.relations["text"].to_list()


def test_the_xml_says_the_same(write: Callable[..., Path]) -> None:
    file = open_file(write("fsf.xml", XML))
    assert eu_xml.recognize(file)
    parsed = eu_xml.read([file], partial=False)
    assert parsed.account.rows() == [("fsf.xml", 3, 2, 1)]
    assert (parsed.published, parsed.warnings) == (date(2026, 3, 15), ())
    other = eu.read([open_file(write("fsf.csv", content()))], partial=False).frames
    assert parsed.frames.parties.drop("source_ref").equals(other.parties.drop("source_ref"))
    for table in ("names", "addresses", "identifiers", "measures"):
        assert parsed.frames.tables()[table].equals(other.tables()[table]), table


def test_an_optional_list_is_loaded_only_where_somebody_asks(
    write: Callable[..., Path], take: Callable[..., RefreshReport], store: Store, ofac: Path
) -> None:
    assert not take(write("fsf.csv", content()), ofac).failed
    assert store.optional() == ("EU",)
    assert {ref.list for ref in store.load().snapshots} == {"SDN"}
    assert {ref.list for ref in store.load(optional=["EU"]).snapshots} == {"SDN", "EU"}
    assert {ref.list for ref in store.load(lists=["EU"]).snapshots} == {"EU"}
    with pytest.raises(Exception, match="no snapshot of UN"):
        store.load(optional=["UN"])


@pytest.mark.parametrize(
    ("name", "read", "rows", "parties", "names"),
    [
        ("fsf-csv-1.1.rebuilt-2026-03-15.csv.gz", eu.read, 41_494, 5_860, 30_038),
        ("fsf-csv-1.1.first-21-columns.sample-2026-08-05.csv", eu.read, 2, 1, 2),
        ("fsf-xml-1.1.sample-2020-04-15.xml", eu_xml.read, 7, 7, 15),
    ],
)
def test_reference_files(
    shared: Path, name: str, read: Callable[..., Parsed], rows: int, parties: int, names: int
) -> None:
    parsed = read([open_file(shared / "data/lists-other/eu" / name)], False)
    assert parsed.account.select("rows", "quarantined").rows() == [(rows, 0)]
    assert (parsed.frames.parties.height, parsed.frames.names.height) == (parties, names)
    assert parsed.warnings == ()
