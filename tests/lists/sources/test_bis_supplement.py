"""The supplements to part 744 as XML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.assembly import Parsed
from lists.fetch import open_file
from lists.sources import bis_supplement
from lists.sources.bis_entry import read_entry

REQUIREMENT = "For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4"
ECFR = f"""<?xml version="1.0"?><DIV9 N="Supplement No. 4 to Part 744" TYPE="APPENDIX">
<HEAD>Supplement No. 4 to Part 744—Entity List</HEAD><TABLE>
<THEAD><TR><TH>Country</TH><TH>Entity</TH><TH>License requirement</TH><TH>License review policy</TH>
<TH>Federal Register citation</TH></TR></THEAD>
<TR><TD>AFGHANISTAN</TD><TD>Ghoura Co., Ltd., 501, 5th Floor, Kabul, Afghanistan; <I>and</I> 12 Rd, Peshawar, Pakistan.
(See alternate addresses under Pakistan).</TD><TD>{REQUIREMENT}</TD><TD>Presumption of denial</TD>
<TD>76 FR 71869, 11/21/11.</TD></TR>
<TR><TD/><TD>Phytium, a.k.a., the following two aliases:<br/>—Tianjin Feiteng; <I>and</I><br/>—Feiteng.</TD>
<TD>{REQUIREMENT}</TD><TD>Policy of denial</TD><TD>86 FR 18438, 4/9/21.</TD></TR>
<TR><TD/><TD>5 Haitai Road, Tianjin, China.</TD><TD/><TD/><TD/></TR>
<TR><TD>CHINA, PEOPLE'S REPUBLIC OF</TD><TD>Address 01<br/>Unit D, 18 Luard Rd, Wan Chai, Hong Kong.</TD>
<TD>{REQUIREMENT}</TD><TD>See §744.2(d)</TD><TD>89 FR 51652, 6/18/24.</TD></TR>
</TABLE></DIV9>"""


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[[str], Parsed]:
    def reader(content: str) -> Parsed:
        file = open_file(write("supplement.xml", content))
        assert bis_supplement.recognize(file)
        return bis_supplement.read([file], partial=True)

    return reader


def test_the_entity_list_as_the_ecfr_prints_it(read: Callable[[str], Parsed]) -> None:
    parsed = read(ECFR)
    parties = parsed.frames.parties.sort("primary_name")
    assert parties.select("primary_name", "party_type", "countries", "listed_from").rows() == [
        ("Address 01", "address", ["CN", "HK"], date(2024, 6, 18)),
        ("Ghoura Co., Ltd.", "unknown", ["AF", "PK"], date(2011, 11, 21)),
        ("Phytium", "unknown", ["AF", "CN"], date(2021, 4, 9)),
    ]
    assert sorted(parsed.frames.names.filter(name_kind="aka")["name"]) == ["Feiteng", "Tianjin Feiteng"]
    assert parsed.frames.measures.explode("footnotes")["footnotes"].to_list() == [4, 4, 4]
    assert set(parsed.frames.measures["license_policy"]) == {
        "presumption_of_denial",
        "policy_of_denial",
        "see_section",
    }
    assert parsed.account.rows() == [("supplement.xml", 4, 4, 0)]
    assert parsed.frames.relations["text"].to_list() == ["See alternate addresses under Pakistan"]


def test_the_military_end_user_list_has_three_columns(read: Callable[[str], Parsed]) -> None:
    content = """<DIV9><HEAD>Supplement No. 7 to Part 744—'Military End-User' (MEU) List</HEAD><TABLE>
    <TR><TD>CHINA</TD><TD>Academy of Aerospace, Baqiao District, Xian, China</TD><TD>85 FR 83799, 12/23/2020</TD></TR>
    </TABLE></DIV9>"""
    frames = read(content).frames
    assert frames.parties.select("list", "primary_name", "listed_from").rows() == [
        ("MEU", "Academy of Aerospace", date(2020, 12, 23))
    ]
    assert frames.measures["citations"].to_list() == [["85 FR 83799"]]


def test_rows_before_any_country_are_quarantined(read: Callable[[str], Parsed]) -> None:
    table = "<TABLE><TR><TD/><TD>X Ltd.</TD><TD>a</TD></TR></TABLE>"
    content = f"<DIV9><HEAD>Supplement No. 4 to Part 744</HEAD>{table}</DIV9>"
    assert read(content).quarantine["reason"].to_list() == ["stands under no country"]


@pytest.mark.parametrize(
    ("lines", "name", "aliases", "addresses"),
    [
        (["A Co., Ltd."], "A Co., Ltd.", (), ()),
        (["A, Inc., 5 Rd, X"], "A, Inc.", (), ("5 Rd, X",)),
        (["A, a.k.a., the following two aliases: —B; and —C. 12 Rd, X."], "A", ("B", "C"), ("12 Rd, X",)),
        (
            ["A, a.k.a., the following one alias:", "—B Ltd.", "1 Rd; and 2 Rd."],
            "A",
            ("B Ltd.",),
            ("1 Rd", "2 Rd"),
        ),
        ([""], "", (), ()),
    ],
)
def test_entity_cells(
    lines: list[str], name: str, aliases: tuple[str, ...], addresses: tuple[str, ...]
) -> None:
    entry = read_entry(lines)
    assert (entry.name, entry.aliases, entry.addresses) == (name, aliases, addresses)


def test_rule_of_the_federal_register(shared: Path) -> None:
    path = shared / "data/bis/FR-2023-03929-entity-list-rule.xml"
    parsed = bis_supplement.read([open_file(path)], partial=True)
    assert parsed.published == date(2023, 2, 24)
    assert parsed.frames.parties.height == 13, "ten entities under thirteen entries, as the rule says"
    countries = parsed.frames.parties["countries"].list.first().value_counts()
    assert dict(countries.iter_rows()) == {"CA": 2, "CN": 5, "FR": 1, "LU": 1, "NL": 1, "RU": 3}
    assert parsed.frames.measures["footnotes"].to_list() == [[3]] * 13
    assert parsed.account.rows()[0][1:] == (22, 22, 0)
