"""Lists that come as pages and notices: tables of names, and the page of the UFLPA Entity List."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import register_csv, uflpa_page

TABLE = """\
name,aliases,country,address,effective_date,federal_register,notes
"Muster Chips Co., Ltd. and subsidiaries",MC; formerly known as Old Chips; Muster Semi,China,,"June 21, 2022",91 FR 1,x
"Muster Chips Co., Ltd",,China,1 Road,2022-06-22,,y
Routers produced in a foreign country,,,,2026-03-23,,Category listing (not a named company). Routers
Muster Two,,China,,some day,,
,,China,,,,
"""
PAGE = """\
<!DOCTYPE html><html><head><title>UFLPA Entity List | Somebody</title><script>alert(1)</script></head><body>
<table><tr><td>menu</td></tr></table>
<table><thead><tr><th>Name of Entity</th><th>Effective Date</th></tr></thead><tbody>
<tr><td>Muster Silicon (Stadt) Co., Ltd (including two aliases: Muster (Stadt); and MSC) and subsidiaries</td>
<td>June 21, 2022</td></tr><tr><td>Muster &amp; S&ouml;hne (formerly known as Alt &amp; Co.)</td><td>soon</td></tr>
<tr><td>No day</td><td></td></tr></tbody></table>
<table><tr><th>Entity Name</th><th>Effective Date</th></tr>
<tr><td>Muster Silicon (Stadt) Co., Ltd., and Subsidiaries</td><td>August 2, 2022</td></tr></table></body></html>
"""


def test_a_table_of_names(write: Callable[..., Path]) -> None:
    file = open_file(write("fcc-covered-list.csv", TABLE))
    assert register_csv.recognize(file)
    parsed = register_csv.read([file], partial=False)
    assert parsed.account.rows() == [("fcc-covered-list.csv", 5, 2, 3)]
    assert set(parsed.quarantine.select("row", "list", "reason").rows()) == {
        (3, "FCC", "names a class of goods and no party"), (4, "FCC", "effective_date is no date"),
        (5, "FCC", "has no name"),
    }  # fmt: skip
    assert parsed.frames.parties.select("list", "primary_name", "countries", "listed_from").rows() == [
        ("FCC", "Muster Chips Co., Ltd.", ["CN"], date(2022, 6, 21))
    ]
    assert set(parsed.frames.names.select("name", "name_kind", "quality").rows()) == {
        ("Muster Chips Co., Ltd.", "primary", "strong"), ("MC", "aka", "weak"), ("Old Chips", "fka", "strong"),
        ("Muster Semi", "aka", "strong"),
    }  # fmt: skip
    assert parsed.frames.relations.filter(relation="scope").height == 1
    assert parsed.frames.measures["citations"].to_list() == [["91 FR 1"]]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("other.csv", "name,aliases"),
        ("uflpa.csv", "name,x"),
        ("ns-cmic.csv", "name,aliases"),
        ("889.csv", "a,scope"),
    ],
)
def test_what_is_no_such_table(write: Callable[..., Path], name: str, header: str) -> None:
    assert not register_csv.recognize(open_file(write(name, f"{header}\nA,B\n")))


def test_the_page_of_the_department(write: Callable[..., Path]) -> None:
    file = open_file(write("uflpa-2026-07-09.html", PAGE))
    assert uflpa_page.recognize(file)
    parsed = uflpa_page.read([file], partial=False)
    assert parsed.account.rows() == [("uflpa-2026-07-09.html", 4, 2, 2)]
    assert parsed.frames.parties.select("primary_name", "listed_from").rows() == [
        ("Muster Silicon (Stadt) Co., Ltd", date(2022, 6, 21))
    ]
    assert set(parsed.frames.names.select("name", "quality").rows()) >= {
        ("Muster (Stadt)", "strong"),
        ("MSC", "weak"),
    }
    assert parsed.frames.relations.filter(relation="scope").height == 2


def test_another_page_is_no_list(write: Callable[..., Path]) -> None:
    with pytest.raises(MalformedList, match="HTML page"):
        open_file(write("a.html", PAGE.replace("UFLPA", "Other")))
    bare = write("b.html", "<html><title>UFLPA Entity List</title></html>")
    with pytest.raises(MalformedList, match="no table of entities"):
        uflpa_page.read([open_file(bare)], partial=False)


@pytest.mark.parametrize(
    ("name", "code", "rows", "parties", "set_aside"),
    [
        ("section-1260h-2026-06-10", "1260H", 80, 80, 0),
        ("section-1286-fy2024", "1286", 134, 134, 0),
        ("ndaa-section-889", "889", 5, 5, 0),
        ("uflpa-entity-list-2026-07-09", "UFLPA", 148, 145, 0),
        ("fcc-covered-list-2026", "FCC", 15, 13, 2),
        ("military-intelligence-end-users.744.22-f-2", "MIEU", 13, 13, 0),
    ],
)
def test_reference_tables(
    shared: Path, name: str, code: str, rows: int, parties: int, set_aside: int
) -> None:
    file = open_file(shared / f"data/lists-us/{name}.derived.csv")
    parsed = register_csv.read([file], partial=False)
    assert parsed.account.select("rows", "quarantined").rows() == [(rows, set_aside)]
    assert (set(parsed.frames.parties["list"]), parsed.frames.parties.height) == ({code}, parties)


def test_the_page_and_the_table_made_of_it_name_the_same_parties(shared: Path) -> None:
    folder = shared / "data/lists-us"
    page = uflpa_page.read([open_file(folder / "uflpa-entity-list-2026-07-09.source.html")], partial=False)
    table = register_csv.read([open_file(folder / "uflpa-entity-list-2026-07-09.derived.csv")], partial=False)
    assert page.account.select("rows", "quarantined").rows() == [(160, 0)]
    assert set(page.frames.parties["party_id"]) == set(table.frames.parties["party_id"])
    names = [{name.rstrip(".") for name in each.frames.names["name"]} for each in (page, table)]
    assert names[0] == names[1]
