"""Input tables: every row is used, set aside with a reason, or refused as a file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import InputRejected
from pipelines.inputs.files import ROW
from pipelines.inputs.reading import check, clean, map_columns, read_table, repeated
from pipelines.inputs.typed import MAX_TEXT
from screening.tables.book import InputFile
from screening.tables.inputs import ACTIVITY, CUSTOMERS

SOURCE = InputFile("book.csv", "0" * 64, 0, 0)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_formats_agree(tmp_path: Path) -> None:
    rows = {"customer_id": ["a", "b"], "name": ["Alpha", "华为"], "incorporated_on": ["2020-01-31", None]}
    frame = pl.DataFrame(rows)
    frame.write_csv(tmp_path / "c.csv")
    frame.write_parquet(tmp_path / "c.parquet")
    frame.write_ndjson(tmp_path / "c.ndjson")
    readings = [read_table(tmp_path / name, CUSTOMERS).frame for name in ("c.csv", "c.parquet", "c.ndjson")]
    assert readings[0].equals(readings[1])
    assert readings[0].equals(readings[2])
    assert readings[0]["incorporated_on"].to_list()[0].isoformat() == "2020-01-31"


def test_missing_required_column_names_the_columns_there(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "id,label\n1,Alpha\n")
    with pytest.raises(InputRejected) as raised:
        read_table(path, CUSTOMERS, {"customer_id": "id", "nome": "label"})
    assert "no column of ours is called 'nome'" in str(raised.value)
    assert "name is required" in str(raised.value)
    assert "id, label" in str(raised.value)


def test_a_date_of_birth_that_nobody_can_read_is_recorded(tmp_path: Path) -> None:
    text = "customer_id,name,date_of_birth\n1,A,31/31/1990\n2,B,circa 1960\n3,C,\n4,D,soon\n5,E,03/04/1972\n"
    reading = read_table(write(tmp_path / "c.csv", text), CUSTOMERS)
    assert reading.frame["date_of_birth"].to_list() == [None, "circa 1960", None, None, "03/04/1972"]
    recorded = reading.problems.select("row", "value", "reason", "consequence").rows()
    assert recorded == [
        (2, "31/31/1990", "not a birth date", "value_ignored"),
        (5, "soon", "not a birth date", "value_ignored"),
    ]


def test_bad_rows_are_set_aside_with_row_and_reason(tmp_path: Path) -> None:
    long = "x" * (MAX_TEXT + 1)
    text = f"customer_id,name,country\n1,Alpha,US\n1,Beta,US\n,Gamma,US\n4,{long},US\n5,Eps,Narnia\n"
    reading = read_table(write(tmp_path / "c.csv", text), CUSTOMERS)
    assert reading.frame["customer_id"].to_list() == ["1", "5"]
    assert reading.set_aside == 3
    found = {(row["row"], row["column"], row["reason"]) for row in reading.problems.to_dicts()}
    assert found == {
        (3, "customer_id", "stands in an earlier row already"),
        (4, "customer_id", "required and blank"),
        (5, "name", f"longer than {MAX_TEXT} characters"),
        (6, "country", "not a country: is no country that we can read"),
    }


def test_unusable_number_is_unknown_not_zero(tmp_path: Path) -> None:
    header = "customer_id,activity_id,kind,training_ops_planned\n"
    text = header + "1,a,training,-5\n1,b,training,1e26\n1,c,training,lots\n"
    reading = read_table(write(tmp_path / "a.csv", text), ACTIVITY)
    assert reading.frame["training_ops_planned"].to_list() == [None, 10**26, None]
    assert reading.problems.height == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b'a,b\n"x'])
def test_broken_files_are_refused_with_the_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(InputRejected, match=r"broken\.csv"):
        read_table(path, CUSTOMERS)


values = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.tuples(values, values, values), max_size=12))
def test_no_row_is_lost(rows: list[tuple[str, str, str]]) -> None:
    text = pl.DataFrame(rows, schema=["customer_id", "name", "country"], orient="row").cast(pl.String)
    numbered = text.with_row_index(ROW, offset=2).cast({ROW: pl.Int64}).lazy()
    cleaned = clean(map_columns(numbered, CUSTOMERS, {}, "book.csv").collect(), CUSTOMERS, {})
    good, problems = check(cleaned, CUSTOMERS, SOURCE, repeated(cleaned, CUSTOMERS))
    aside = problems.filter(pl.col("consequence") == "row_set_aside")["row"].n_unique()
    assert good.height + aside == len(rows)
    assert good["customer_id"].n_unique() == good.height
