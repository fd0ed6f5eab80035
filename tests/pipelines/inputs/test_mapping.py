"""Columns of a file that are ours under other names: one, several joined, one for each type of number."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigInvalid, InputRejected
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.reading import read_table
from pipelines.inputs.request import read_request
from pipelines.job.config import Config, load_config
from screening.tables.inputs import CUSTOMERS

TOML = """
[columns.customers]
customer_id = "KUNNR"
name = ["NAME1", "NAME2"]
address = ["STRAS", "PSTLZ", "ORT01"]
identifiers = { vat = ["STCEG"], lei = "LEI" }
"""
ROWS = "KUNNR,NAME1,NAME2,STRAS,PSTLZ,ORT01,STCEG,LEI\n"


def config(path: Path, text: str = TOML) -> Config:
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def book(path: Path, *rows: str) -> Path:
    path.write_text(ROWS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_several_columns_are_joined(tmp_path: Path) -> None:
    path = book(
        tmp_path / "kna1.csv",
        '1,Krayinvest,bank,"Main St 5",01001,Moscow,DE 12,5493001KJTIIGC8Y1R12',
        "2,Baker, ,,,Leeds,,",
        "3,Baker,,,,,A; tax:B,",
    )
    reading = read_table(path, CUSTOMERS, config(tmp_path / "c.toml").columns.customers)
    assert reading.frame.select("name", "address", pl.col("identifiers").list.join("|")).rows() == [
        ("Krayinvest bank", "Main St 5, 01001, Moscow", "vat:DE 12|lei:5493001KJTIIGC8Y1R12"),
        ("Baker", "Leeds", None),
        ("Baker", None, "vat:A|tax:B"),
    ]
    assert set(reading.problems["column"]) == {"identifiers"}, "numbers too short to name anybody are said"


def test_a_part_that_is_absent_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("KUNNR,NAME1,STCEG\n1,A,\n", encoding="utf-8")
    with pytest.raises(InputRejected, match=r"(?s)no column 'LEI'.*no column 'NAME2'") as refused:
        read_table(tmp_path / "b.csv", CUSTOMERS, config(tmp_path / "c.toml").columns.customers)
    assert "no column 'ORT01'" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[columns.customers]\nname = { first = 'A' }", "name holds no numbers"),
        ("[columns.customers]\nname = []", "name names no column"),
        ("[columns.ownership]\nnickname = 'A'", "ownership has no column nickname"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigInvalid, match=rf"c\.toml:[12]: .*{why}"):
        config(tmp_path / "c.toml", text)


def test_headers_are_ours_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    """Field case 08: headers as a spreadsheet's user writes them, and with blanks around them."""
    for header in ("Customer ID,Name,Party Type,country", "customer_id , name ,party_type,COUNTRY"):
        (tmp_path / "b.csv").write_text(f"{header}\n00017,Société Huawei,organization,FR\n", encoding="utf-8")
        row = read_table(tmp_path / "b.csv", CUSTOMERS).frame.select(
            "customer_id", "name", "party_type", "country"
        )
        assert row.rows() == [("00017", "Société Huawei", "organization", "FR")]
    (tmp_path / "b.csv").write_text("customer_id,name,Country,COUNTRY\n1,A,FR,DE\n", encoding="utf-8")
    with pytest.raises(InputRejected, match="country may be 'Country' or 'COUNTRY'"):
        read_table(tmp_path / "b.csv", CUSTOMERS)
    exact = {"country": "COUNTRY"}
    assert read_table(tmp_path / "b.csv", CUSTOMERS, exact).frame["country"].to_list() == ["DE"]


def test_edges_and_requests_have_them_too(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        "Owner ID,OWNED_ID,First,Last,Share Percent\na,b,Ann,Lee,51\n", encoding="utf-8"
    )
    reading = read_ownership([tmp_path / "e.csv"], columns={"owner_name": ("First", "Last")})
    assert reading.edges.select("owner_id", "owned_id", "owner_name", "share_min").rows() == [
        ("a", "b", "Ann Lee", 510_000)
    ]
    tables = {"customers": [{"KUNNR": "1", "NAME1": "Alpha", "STCEG": "DE 1234567"}]}
    asked = read_request(tables, config(tmp_path / "c.toml"))
    assert asked.customers.select("name", "identifiers").rows() == [("Alpha", ["vat:DE 1234567"])]


def test_what_is_nested_stays_so_when_joined(tmp_path: Path) -> None:
    (tmp_path / "b.ndjson").write_text(
        '{"customer_id":"1","first":"Ann","last":{"a":"b"}}\n', encoding="utf-8"
    )
    reading = read_table(tmp_path / "b.ndjson", CUSTOMERS, {"name": ("first", "last")})
    assert reading.frame.is_empty()
    assert "list or an object" in reading.problems["reason"][0]
