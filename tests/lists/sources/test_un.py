"""The consolidated list of the UN Security Council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.errors import HostileInput
from lists.fetch import open_file
from lists.sources import un

CONTENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-03-04T00:00:09.554Z"><INDIVIDUALS>
<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>OMAR </FIRST_NAME><SECOND_NAME>BEISPIEL</SECOND_NAME>
<FOURTH_NAME>AL-MUSTER</FOURTH_NAME><UN_LIST_TYPE>Testland</UN_LIST_TYPE><REFERENCE_NUMBER>TLi.001</REFERENCE_NUMBER>
<LISTED_ON>2012-12-31-05:00</LISTED_ON><GENDER>Male</GENDER><NAME_ORIGINAL_SCRIPT>عمر مثال</NAME_ORIGINAL_SCRIPT>
<COMMENTS1>A remark.</COMMENTS1><DESIGNATION><VALUE>Treasurer</VALUE></DESIGNATION>
<NATIONALITY><VALUE>Kuwait</VALUE></NATIONALITY><LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Umar Beispiel; Omer Beispiel b) O. Muster</ALIAS_NAME>
</INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Test</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Omar Altname</ALIAS_NAME><NOTE>previously listed as</NOTE>
</INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Kabul</CITY><COUNTRY>Afghanistan</COUNTRY><NOTE>previous address</NOTE></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ADDRESS><COUNTRY/><NOTE>Branch 2: Market, Herat, Pakistan.</NOTE></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1959-09-24</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1960</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1955</FROM_YEAR><TO_YEAR>1958</TO_YEAR>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Musterstadt</CITY><COUNTRY>Kuwait</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de passeport</TYPE_OF_DOCUMENT><NUMBER>A123</NUMBER>
<ISSUING_COUNTRY>Kuwait</ISSUING_COUNTRY><NOTE>valid until 2017</NOTE></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>77</NUMBER>
</INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/><HAIR_COLOUR>grey</HAIR_COLOUR></INDIVIDUAL>
<INDIVIDUAL><FIRST_NAME>NAMELESS NUMBER</FIRST_NAME></INDIVIDUAL>
</INDIVIDUALS><ENTITIES>
<ENTITY><FIRST_NAME>MUSTER  TRADING HOUSE</FIRST_NAME><UN_LIST_TYPE>Testland</UN_LIST_TYPE>
<REFERENCE_NUMBER>TLe.002</REFERENCE_NUMBER><LISTED_ON>2007-03-29</LISTED_ON>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Muster House</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Muster</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><STREET>1 Road</STREET><CITY>Goma</CITY><ZIP_CODE>9</ZIP_CODE>
<COUNTRY>Iran (Islamic Republic of)</COUNTRY></ENTITY_ADDRESS></ENTITY>
</ENTITIES></CONSOLIDATED_LIST>
"""


def test_names_dates_and_numbers(write: Callable[..., Path]) -> None:
    file = open_file(write("consolidated.xml", CONTENT))
    assert un.recognize(file)
    parsed = un.read([file], partial=False)
    assert parsed.account.rows() == [("consolidated.xml", 3, 2, 1)]
    assert parsed.published == date(2026, 3, 4)
    assert parsed.warnings == ("consolidated.xml: there are elements that nobody reads: HAIR_COLOUR",)
    person, entity = parsed.frames.parties.sort("party_id", descending=True).to_dicts()
    assert (person["party_id"], person["party_type"], person["primary_name"]) == (
        "UN-TLi.001", "person", "OMAR BEISPIEL AL-MUSTER",
    )  # fmt: skip
    assert (person["listed_from"], person["programs"], person["countries"]) == (
        date(2012, 12, 31), ["Testland"], ["AF", "KW", "PK"],
    )  # fmt: skip
    assert (entity["primary_name"], entity["party_type"], entity["countries"]) == (
        "MUSTER TRADING HOUSE", "organization", ["IR"],
    )  # fmt: skip
    names = set(parsed.frames.names.select("name", "name_kind", "quality").rows())
    assert names == {
        ("OMAR BEISPIEL AL-MUSTER", "primary", "strong"), ("عمر مثال", "aka", "strong"),
        ("Umar Beispiel", "aka", "strong"), ("Omer Beispiel", "aka", "strong"), ("O. Muster", "aka", "strong"),
        ("Abu Test", "aka", "weak"), ("Omar Altname", "fka", "strong"), ("MUSTER TRADING HOUSE", "primary", "strong"),
        ("Muster House", "aka", "strong"), ("Old Muster", "fka", "strong"),
    }  # fmt: skip
    assert set(parsed.frames.identifiers.select("id_type", "id_value", "country").rows()) == {
        ("date_of_birth", "1959-09-24", None), ("date_of_birth", "circa 1960", None),
        ("date_of_birth", "1955 to 1958", None), ("date_of_birth", "Nov. 1973", None),
        ("place_of_birth", "Musterstadt, Kuwait", None), ("nationality", "Kuwait", "KW"), ("gender", "Male", None),
        ("title", "Treasurer", None), ("passport", "A123", "KW"), ("national_id", "77", None),
    }  # fmt: skip
    assert parsed.frames.addresses["raw"].to_list() == [
        "1 Road, Goma, 9, Iran (Islamic Republic of)", "Branch 2: Market, Herat, Pakistan.",
        "Kabul, Afghanistan, previous address",
    ]  # fmt: skip
    notes = parsed.frames.relations.filter(relation="note")["text"].to_list()
    assert "Numéro de passeport A123 Kuwait valid until 2017" in notes
    assert "Omar Altname" in " ".join(notes)


def test_a_document_type_is_refused(write: Callable[..., Path]) -> None:
    file = open_file(write("c.xml", '<!DOCTYPE a [<!ENTITY x "y">]>' + CONTENT.partition("?>")[2]))
    with pytest.raises(HostileInput):
        un.read([file], partial=True)


@pytest.mark.parametrize(
    ("name", "people", "entities", "names", "weak"),
    [
        ("UN_consolidated.2026-02-27.xml.gz", 730, 273, 4352, 670),
        ("consolidated.2024-11-30.xml.gz", 686, 193, 4128, 668),
        ("consolidated.2020-03-20.xml.gz", 709, 305, 4265, 658),
        ("un-consolidated.sample-2024-10-17.xml", 7, 0, 40, 3),
    ],
)
def test_official_files(shared: Path, name: str, people: int, entities: int, names: int, weak: int) -> None:
    parsed = un.read([open_file(shared / "data/lists-other/un" / name)], partial=False)
    counts = dict(parsed.frames.parties["party_type"].value_counts().iter_rows())
    assert (counts.get("person", 0), counts.get("organization", 0)) == (people, entities)
    assert parsed.account["quarantined"].sum() == 0
    assert parsed.warnings == ()
    assert parsed.frames.names.height == names
    assert parsed.frames.names.filter(pl.col("quality") == "weak").height == weak
    assert parsed.frames.parties["listed_from"].null_count() == 0


def test_a_delta_keeps_its_ids(shared: Path) -> None:
    folder = shared / "data/lists-other/un"
    old, new = (
        set(un.read([open_file(folder / name)], False).frames.parties["party_id"])
        for name in ("consolidated.2024-11-30.xml.gz", "UN_consolidated.2026-02-27.xml.gz")
    )
    assert (len(new - old), len(old - new)) == (130, 6)
