"""The sample lists have the agencies' layouts, byte for byte in style, and are read without a loss."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import RefreshReport
from lists.snapshot import ListSet

NULL = "-0- "
OFAC = {"sdn": (12, 26), "add": (6, 34), "alt": (5, 30), "sdn_comments": (2, 1)}
DPL_HEADER = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t"Expiration_Date"'
    '\t"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"'
)
CSL_HEADER = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,"
    "standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,"
    "vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,"
    "places_of_birth,source_information_url,ids"
)
CSL_ROWS = {
    "CAP": 1, "CMIC": 3, "DPL": 1, "DTC": 2, "EL": 19, "FSE": 1, "ISN": 2, "MBS": 2, "MEU": 3, "PLC": 1,
    "SDN": 1, "SSI": 2, "UVL": 3,
}  # fmt: skip


def ofac(sample: Path, name: str) -> list[list[str]]:
    text = (sample / "lists" / "ofac" / f"{name}.csv").read_bytes().decode("ascii").removesuffix("\x1a")
    return list(csv.reader(io.StringIO(text, newline="")))


def csl(sample: Path) -> pl.DataFrame:
    return pl.read_csv(sample / "lists" / "csl" / "consolidated.csv", infer_schema=False)


def code(sources: pl.Series) -> pl.Series:
    return sources.str.extract(r"\((?:NS-)?([A-Z]+)(?: List)?\)")


@pytest.mark.parametrize("name", OFAC)
def test_ofac_bytes(sample: Path, name: str) -> None:
    raw = (sample / "lists" / "ofac" / f"{name}.csv").read_bytes()
    assert raw.endswith(b"\r\n\x1a")
    assert raw.count(b"\x1a") == 1
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert raw.isascii()
    assert re.match(rb'\d+,("|\d)', raw), "no header row"
    assert b'"-0- "' not in raw, "a null is not quoted"


@pytest.mark.parametrize(("name", "shape"), OFAC.items())
def test_ofac_columns_and_rows(sample: Path, name: str, shape: tuple[int, int]) -> None:
    rows = ofac(sample, name)
    assert ({len(row) for row in rows}, len(rows)) == ({shape[0]}, shape[1])
    assert all(cell for row in rows for cell in row), "a blank is written as the null"


def test_ofac_keys_join(sample: Path) -> None:
    parties = [row[0] for row in ofac(sample, "sdn")]
    assert len(set(parties)) == len(parties)
    assert {row[0] for row in ofac(sample, "add")} == set(parties)
    for name in ("alt", "sdn_comments"):
        assert {row[0] for row in ofac(sample, name)} <= set(parties)
    for name in ("add", "alt"):
        keys = [row[1] for row in ofac(sample, name)]
        assert len(set(keys)) == len(keys)


def test_ofac_holds_every_type_and_quirk(sample: Path) -> None:
    rows = ofac(sample, "sdn")
    assert {row[2] for row in rows} == {NULL, "individual", "vessel", "aircraft"}
    assert any("] [" in row[3] for row in rows)
    remarks = " ".join(row[11] for row in rows)
    for label in ("DOB ", "Linked To: ", "IMO ", "a.k.a. '", "Tax ID No. "):
        assert label in remarks
    assert {row[2] for row in ofac(sample, "alt")} == {"aka", "fka"}


def test_ofac_remarks_go_on_in_the_comments(sample: Path) -> None:
    remarks = {row[0]: row[11] for row in ofac(sample, "sdn")}
    assert {number for number, text in remarks.items() if len(text) == 1_000} == {
        row[0] for row in ofac(sample, "sdn_comments")
    }
    assert max(map(len, remarks.values())) == 1_000


def test_dpl_layout(sample: Path, today: date) -> None:
    raw = (sample / "lists" / "bis" / "dpl.txt").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b'"\n')
    header, *lines = raw.decode("ascii").splitlines()
    assert header == DPL_HEADER
    assert len(lines) == 8
    rows = [[cell.removeprefix('"').removesuffix('"') for cell in line.split("\t")] for line in lines]
    assert all(line == "\t".join(f'"{cell}"' for cell in row) for line, row in zip(lines, rows, strict=True))
    assert {len(row) for row in rows} == {12}
    names = [row[0] for row in rows]
    assert sum(name.startswith(" ") for name in names) == 1
    assert len(set(names)) == len(names) - 1, "one party has two rows"
    assert any(row[4] == "" and row[3] == "CA" for row in rows), "a US address may lack its country"
    ends = [row[7] for row in rows]
    assert "" in ends
    expired = [end for end in ends if end and date(int(end[6:]), int(end[:2]), int(end[3:5])) < today]
    assert expired == ["06/23/2026"]


def test_csl_layout(sample: Path) -> None:
    raw = (sample / "lists" / "csl" / "consolidated.csv").read_bytes()
    assert b"\r" not in raw
    text = raw.decode("utf-8")
    assert not text.startswith("\ufeff")
    header, *lines = text.splitlines()
    assert header == CSL_HEADER
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {29}
    assert len({row[0] for row in rows}) == len(rows)
    written = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows[1:])
    assert "\n".join(lines) == written, "every field is quoted"


def test_csl_rows_by_list(sample: Path) -> None:
    counted = code(csl(sample)["source"]).value_counts().sort("source").rows()
    assert dict(counted) == CSL_ROWS


def test_csl_repeats_the_agencies_only_on_purpose(sample: Path) -> None:
    rows = csl(sample)
    sdn = rows.filter(pl.col("source").str.contains("(SDN)", literal=True))
    dpl = rows.filter(pl.col("source").str.contains("(DPL)", literal=True))
    assert sdn.height == dpl.height == 1
    assert set(sdn["entity_number"]) <= {row[0] for row in ofac(sample, "sdn")}
    assert set(sdn["name"]) <= {row[1] for row in ofac(sample, "sdn")}
    printed = (sample / "lists" / "bis" / "dpl.txt").read_text(encoding="ascii")
    assert all(f'"{name}"' in printed for name in dpl["name"])


def test_layouts_are_those_of_the_real_files(sample: Path, shared: Path) -> None:
    real = shared / "data"
    with (real / "csl" / "consolidated.partial-2023-11.csv").open(encoding="utf-8") as stream:
        assert stream.readline().rstrip("\n") == CSL_HEADER
        sources = {row[1] for row in csv.reader(stream) if len(row) == 29}
    assert set(csl(sample)["source"]) <= sources
    with (real / "bis" / "dpl-2022.txt").open(encoding="ascii") as stream:
        assert stream.readline().rstrip("\n") == DPL_HEADER
    with (real / "ofac" / "2021-07-07" / "sdn.csv").open("rb") as raw:
        first = raw.readline()
    assert first.endswith(b"\r\n")
    assert first.startswith(b'36,"AEROCARIBBEAN AIRLINES",-0- ,')
    assert (sample / "lists" / "ofac" / "sdn.csv").read_bytes().startswith(first)


def test_every_row_is_read(refreshed: tuple[RefreshReport, ListSet]) -> None:
    report, listed = refreshed
    assert not report.failed
    assert sum(outcome.quarantined + outcome.defects for outcome in report.outcomes) == 0
    assert listed.frames.parties.height == 26 + 7 + sum(CSL_ROWS.values()) - 2, (
        "one denied party has two rows"
    )
    twice = [warning for warning in listed.warnings if "trade.gov" in warning]
    assert [warning[:3] for warning in twice] == ["DPL", "SDN"], (
        "the agency's own file is used, with a warning"
    )


def test_measures_are_understood(refreshed: tuple[RefreshReport, ListSet]) -> None:
    _, listed = refreshed
    measures = listed.frames.measures.join(listed.frames.parties.select("party_id", "list"), on="party_id")
    entity_list = measures.filter(pl.col("list") == "EL")
    assert entity_list["license_policy"].null_count() == 0
    assert {"policy_of_denial", "presumption_of_denial", "mixed"} <= set(entity_list["license_policy"])
    assert set(entity_list["footnotes"].explode().drop_nulls()) == {1, 3, 4, 5}
    tagged = measures.filter(pl.col("list") == "SDN")["ear_744_8"]
    assert set(tagged) == {True, False}
    assert not measures.filter(pl.col("list") != "SDN")["ear_744_8"].fill_null(False).any()
    types = listed.frames.parties["party_type"]
    assert {"person", "organization", "vessel", "aircraft", "address"} <= set(types)
    assert (types == "address").sum() == 2
