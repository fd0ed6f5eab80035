"""Whatever a file holds: a clear error or quarantined rows, never a crash, never silence, and the store stays whole."""

from __future__ import annotations

import gzip
import random
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lists.refresh import RefreshReport, refresh
from lists.store import Store

Take = Callable[..., RefreshReport]
TODAY = date(2026, 11, 22)

CORPUS: dict[str, bytes] = {
    "bomb.csv.gz": gzip.compress(b"0" * (40 << 20)),
    "nul.txt": b'"Name"\t"Street_Address"\0\0\0' * 10,
    "dpl.txt": b"Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\t"
    b"Effective_Date\tExpiration_Date\tStandard_Order\n"
    b'"A\0B"\t\t\t\t\t\t01/01/2020\t\tY\n' + b'"x' * 50 + b"\n",
    "sdn.csv": b'1,"A",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"' + b"z" * 200_000 + b'"\r\n\x1a',
    "deep.xml": b"<sdnList>" + b"<a>" * 5_000,
    "laughs.xml": b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sdnList>&b;</sdnList>',
    "outside.xml": b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<Sanctions xmlns="un.org/sanctions">&x;</Sanctions>',
    "wide.xml": b"<sdnList><sdnEntry " + b" ".join(b'a%d="1"' % n for n in range(2_000)) + b"/></sdnList>",
    "deep.json": b'[{"source_list_url": 1, "source": 2, "name": ' + b"[" * 100_000,
    "types.json": b'[{"source_list_url": "", "source": {"a": 1}, "name": ["x"], '
    b'"addresses": "no", "ids": 5, "alt_names": 7}]',
    "odd.ftm.json": b'{"id": "a", "schema": "Person", "properties": {"name": "not a list"}}\n'
    b'{"id": ["x"], "schema": 1, "properties": 2}\n',
    "formula.csv": b"COUNTRY,NAME,ADDRESS\nChina,=HYPERLINK(1),@cmd\n",
    "utf16.csv": "COUNTRY,NAME,ADDRESS\nChina,X,Y\n".encode("utf-16"),
    "twice.csv": b"COUNTRY,NAME,ADDRESS,NAME\nChina,X,Y,Z\n",
    "noise.csv": random.Random(7).randbytes(20_000),
}


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_corpus(store: Store, take: Take, write: Callable[..., Path], name: str) -> None:
    path = write(f"in/{name}", b"")
    path.write_bytes(CORPUS[name])
    report = take(path)
    assert report.outcomes, "something is always said"
    assert all(outcome.message for outcome in report.outcomes if outcome.outcome == "failed")
    assert not any("unexpected content for" in outcome.message for outcome in report.outcomes)
    assert all(file.parsed + file.quarantined == file.rows for file in report.files)
    if not report.failed:
        store.load()


def test_text_is_text_also_where_it_looks_like_a_formula(
    store: Store, take: Take, write: Callable[..., Path]
) -> None:
    take(write("uvl.csv", CORPUS["formula.csv"]))
    assert store.load().frames.parties["primary_name"].to_list() == ["=HYPERLINK(1)"]


def test_a_hundred_megabyte_field_is_quarantined(take: Take, write: Callable[..., Path]) -> None:
    rows = b"COUNTRY,NAME,ADDRESS\nChina,A,B\nChina," + b"x" * (100 << 20) + b",B\nChina,C,D\n"
    (outcome,) = take(write("uvl.csv", rows)).outcomes
    assert (outcome.parties, outcome.quarantined) == (2, 1)


def test_a_zip_that_climbs_out_of_its_folder_writes_nothing(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "in" / "sdn.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.csv", "COUNTRY,NAME,ADDRESS\nChina,X,Y\n")
    assert not take(path).failed
    assert not list(tmp_path.rglob("escaped.csv"))


def test_a_list_for_the_wrong_source_is_refused(take: Take, write: Callable[..., Path]) -> None:
    report = take(write("sdn.csv", "COUNTRY,NAME,ADDRESS\nChina,X,Y\n"), partial=False)
    assert [outcome.list for outcome in report.outcomes] == ["UVL"], "content counts, not the name"
    report = take(write("more/sdn.csv", "ent_num,SDN_Name\n36,AEROCARIBBEAN\n"))
    assert "no layout we know" in report.outcomes[0].message


UN_ENTRY = """<ENTITY><FIRST_NAME>A</FIRST_NAME><REFERENCE_NUMBER>Xe.1</REFERENCE_NUMBER>
<LISTED_ON>2007-03-29</LISTED_ON></ENTITY>"""
EU_ROWS = """Entity_LogicalId;Entity_Regulation_Programme;NameAlias_WholeName;BirthDate_Year;BirthDate_CalendarType
1;TST;A B;1950;GREGORIAN
1;TST;"C";;
"""
UK_ROWS = """Report Date: 08-Oct-2026
Unique ID,Name 6,Name type,D.O.B,Date Designated
T1,A B,Primary Name,dd/mm/1945,01/02/2020
T1,"C",Alias,,
"""
PAGE = """<html><title>UFLPA Entity List</title><table><tr><th>Entity Name</th><th>Effective Date</th></tr>
<tr><td>A Co. (including one alias: B)</td><td>June 21, 2022</td></tr></table></html>"""
SAMPLES = ("sdn", "dpl", "csl", "uvl", "xml", "json", "ftm", "un", "eu", "uk", "page")


@pytest.fixture
def samples(
    ofac: Path, write: Callable[..., Path], make_dpl: Callable[..., str], make_csl: Callable[..., str]
) -> dict[str, Path]:
    order = (
        "I. ASH",
        "FCI",
        "SEAGOVILLE",
        "TX",
        "",
        "75159",
        "06/19/2003",
        "",
        "Y",
        "2007-01-31",
        "NEW",
        "68 F.R. 38290",
    )
    entity = {"source": "Entity List (EL) - Bureau of Industry", "name": "Huawei, a.k.a. HW", "alt_names": "A; B",
              "license_policy": "Presumption of denial", "addresses": "1 Rd, Shenzhen, 518129, CN"}  # fmt: skip
    entry = "<sdnEntry><uid>1</uid><lastName>A</lastName><sdnType>Entity</sdnType></sdnEntry>"
    return {
        "sdn": ofac / "sdn.csv",
        "dpl": write("s/dpl.txt", make_dpl(order, order)),
        "csl": write("s/consolidated.csv", make_csl(entity, entity)),
        "uvl": write("s/uvl.csv", "COUNTRY,NAME,ADDRESS\nChina,X,Y\nHong Kong,Z,\n"),
        "xml": write("s/sdn.xml", f"<sdnList>{entry * 2}</sdnList>"),
        "json": write("s/el.json", '[{"source": "Entity List (EL) - B", "name": "A", "source_list_url": ""}]'),
        "un": write("s/un.xml", f"<CONSOLIDATED_LIST>{UN_ENTRY * 2}</CONSOLIDATED_LIST>"),
        "eu": write("s/fsf.csv", EU_ROWS),
        "uk": write("s/uk.csv", UK_ROWS),
        "page": write("s/uflpa.html", PAGE),
        "ftm": write("s/x.json", '{"id": "a", "schema": "Person", "properties": {"name": ["A B"]}}\n' * 2),
    }  # fmt: skip


@settings(max_examples=150)
@given(kind=st.sampled_from(SAMPLES), data=st.data())
def test_a_mutated_file_never_breaks_anything(
    samples: dict[str, Path], tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    content = samples[kind].read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 20)))
        junk = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b'"', b",", b"\n", b"\0", b"\x1a", b"&x;", b"]]>", b"a.k.a. "]),
            )
        )
        content = content[:start] + junk + content[end:]
    folder = tmp_path / "fuzz"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / samples[kind].name
    path.write_bytes(content)
    store = Store(folder / "store")
    report = refresh([path], store, published=date(2024, 1, 1), partial=data.draw(st.booleans()), today=TODAY)
    assert report.outcomes
    assert not any("unexpected content for" in outcome.message for outcome in report.outcomes)
    assert all(file.parsed + file.quarantined == file.rows for file in report.files)
    if any(outcome.outcome == "new" for outcome in report.outcomes):
        assert store.load(optional=store.optional()).frames.parties.height > 0
