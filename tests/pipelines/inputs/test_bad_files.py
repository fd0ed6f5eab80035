"""Hostile and broken files: what can be used is used, the rest is told with its row, and a bomb is never unpacked."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import sample_folder
from pipelines.errors import InputRejected
from pipelines.inputs import packed
from pipelines.inputs.book import BookFiles, open_book, read_book
from pipelines.inputs.files import MAX_COLUMNS, read_text_table
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.packed import check_packed
from pipelines.inputs.reading import read_table
from pipelines.job.config import Config
from pipelines.run.staging import Staging
from screening.tables.inputs import CUSTOMERS

HEAD = "customer_id,name\n"


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("name", ["book.csv", "book.csv.gz"])
def test_a_row_with_too_many_fields_costs_itself_only(tmp_path: Path, name: str) -> None:
    text = HEAD + 'c1,Alpha\nc2,Beta,Inc\nc3,"Gamma, Ltd"\nc4,Delta,a,b,c\nc5\n'
    content = gzip.compress(text.encode()) if name.endswith("gz") else text
    reading = read_table(write(tmp_path / name, content), CUSTOMERS)
    assert reading.frame["customer_id"].to_list() == ["c1", "c3"]
    assert reading.problems.select("row", "reason").rows() == [
        (3, "has more fields than the header"),
        (5, "has more fields than the header"),
        (6, "required and blank"),
    ]


def test_so_it_is_in_ownership(tmp_path: Path) -> None:
    text = "owner_id,owned_id,share_percent\na,b,50\nc,d,50,000\ne,f,10\n"
    reading = read_ownership([write(tmp_path / "edges.csv", text)])
    assert reading.edges["owner_id"].to_list() == ["a", "e"]
    assert reading.problems.select("row", "reason", "consequence").rows() == [
        (3, "has more fields than the header", "row_set_aside")
    ]


def test_nuls_are_removed_and_recorded(tmp_path: Path) -> None:
    reading = read_table(write(tmp_path / "book.csv", HEAD + "c1,Al\0pha\nc2,\0\nc3,Gamma\n"), CUSTOMERS)
    assert reading.frame.select("customer_id", "name").rows() == [("c1", "Alpha"), ("c3", "Gamma")]
    assert reading.problems.select("row", "column", "consequence").rows() == [
        (2, "name", "value_cleaned"),
        (3, "name", "value_cleaned"),
        (3, "name", "row_set_aside"),
    ]
    assert reading.set_aside == 1


def test_five_hundred_columns_are_read_and_far_too_many_are_not(tmp_path: Path) -> None:
    more = ",".join(f"x{number}" for number in range(498))
    wide = write(tmp_path / "wide.csv", f"customer_id,name,{more}\nc1,Alpha,{more}\n")
    assert read_table(wide, CUSTOMERS).frame.height == 1
    wider = write(tmp_path / "wider.csv", ",".join(f"x{number}" for number in range(MAX_COLUMNS + 1)) + "\n")
    with pytest.raises(InputRejected, match=f"{MAX_COLUMNS + 1} columns"):
        read_text_table(wider)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", (HEAD + "c1,Алексей\n").encode("cp1251"), "Save it as UTF-8"),
        ("b.csv", HEAD + 'c1,Alpha\nc2,"Beta\nc3,Gamma\n', "quotation mark"),
        ("c.ndjson", "customer_id,name\n{broken\n[]\n", "line 2: not a JSON object"),
        ("c.ndjson.gz", gzip.compress(b"{broken\n", mtime=0), "line 1: not a JSON object"),
        ("d.csv", "", "empty.*Is it whole"),
        ("e.parquet", b"PAR1 and no more", "Is it whole, and of the kind that its name says"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(InputRejected, match=message) as raised:
        read_table(write(tmp_path / name, content), CUSTOMERS)
    assert "Beta" not in str(raised.value), "messages go to logs, and names do not"


@pytest.mark.parametrize("name", ["book.ndjson", "book.ndjson.gz"])
@pytest.mark.parametrize(
    "line",
    [b"{broken", b"[]", b'"text"', b'{"customer_id": "c2", "name": "B', b'{"name": "\xff"}', b"{}{}"],
)
def test_a_broken_line_costs_itself_only(tmp_path: Path, name: str, line: bytes) -> None:
    whole = [b'{"customer_id": "c%d", "name": "N%d"}' % (number, number) for number in (1, 3)]
    content = b"\n".join([whole[0], line, whole[1]])
    packed = gzip.compress(content) if name.endswith("gz") else content
    reading = read_table(write(tmp_path / name, packed), CUSTOMERS)
    assert reading.frame.select("customer_id", "name").rows() == [("c1", "N1"), ("c3", "N3")]
    ((row, value, reason, consequence),) = reading.problems.select(
        "row", "value", "reason", "consequence"
    ).rows()
    assert (row, consequence) == (2, "row_set_aside")
    assert reason.startswith("is no JSON object")
    assert value == line.decode(errors="replace")
    assert reading.sources[0].rows == 3


def test_too_many_broken_lines_are_refused_with_their_rows(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ndjson", '{"customer_id": "c1", "name": "A"}\n{broken\n')
    with pytest.raises(InputRejected, match=r"row 2: \(row\): is no JSON object") as raised:
        read_book(BookFiles(book), Config())
    assert "limits.max_rows_set_aside" in str(raised.value)


def test_broken_lines_are_set_aside_in_ranges_too(tmp_path: Path) -> None:
    lines = [b'{"customer_id": "c%03d", "name": "N"}' % number for number in range(200)]
    book = write(tmp_path / "book.ndjson", b"\n".join([*lines, b"{broken"]))
    customers, read = open_book(BookFiles(book), Config(), Staging.open(tmp_path / "run", "x"), 50)
    assert customers.count == 200
    assert read.problems["row"].to_list() == [201]


NESTED = {
    "customer_id": ["c1", "c2", "c3"],
    "name": [["A", "B"], ["C"], None],
    "other_names": [["X", "Y; Z"], [], None],
    "country": [{"code": "DE"}, None, None],
    "identifiers": [[{"type": "lei"}], [{"type": "lei"}], None],
}


@pytest.mark.parametrize("kind", ["parquet", "ndjson"])
def test_a_list_where_one_value_belongs_is_recorded(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(NESTED)
    path = tmp_path / f"book.{kind}"
    _ = frame.write_parquet(path) if kind == "parquet" else frame.write_ndjson(path)
    reading = read_table(path, CUSTOMERS)
    assert reading.frame.select("customer_id", "name", "identifiers").rows() == [("c2", "C", None)]
    recorded = reading.problems.filter(pl.col("row") == 1).select("column", "value", "consequence").rows()
    assert ("name", "A; B", "row_set_aside") in recorded
    assert {column for column, *_ in recorded} == {"name", "country", "identifiers"}
    reasons = reading.problems.filter(pl.col("row") < 3)["reason"]
    assert reasons.str.contains("other_names").all()


def test_lists_are_read_where_several_values_belong(tmp_path: Path) -> None:
    rows = {
        "customer_id": ["c1"],
        "name": ["A"],
        "other_names": [["X", "Y"]],
        "identifiers": [["lei:506700GE1G29325QX363"]],
    }
    pl.DataFrame(rows).write_parquet(tmp_path / "book.parquet")
    reading = read_table(tmp_path / "book.parquet", CUSTOMERS)
    assert reading.frame.select("other_names", "identifiers").rows() == [
        (["X", "Y"], ["lei:506700GE1G29325QX363"])
    ]
    assert reading.problems.is_empty()


def test_a_single_row_of_another_shape_is_recorded(tmp_path: Path) -> None:
    rows = '{"customer_id": "c1", "name": "A"}\n{"customer_id": "c2", "name": ["B", "C"]}\n'
    reading = read_table(write(tmp_path / "book.ndjson", rows), CUSTOMERS)
    assert reading.frame["customer_id"].to_list() == ["c1"]
    assert reading.problems.select("row", "column").rows() == [(2, "name")]


def test_names_of_ten_thousand_characters_are_read_and_longer_ones_are_not(tmp_path: Path) -> None:
    long = f"c1,{'A' * 10_000}\nc2,{'B' * 10_001}\n"
    read = read_table(write(tmp_path / "a.csv", HEAD + long), CUSTOMERS)
    assert read.frame["customer_id"].to_list() == ["c1"]
    assert read.problems.select("row", "reason", "consequence").rows() == [
        (3, "longer than 10000 characters", "row_set_aside")
    ]


def zeros(path: Path) -> Path:
    with gzip.open(path, "wb", compresslevel=9) as stream:
        stream.write(HEAD.encode())
        for _ in range(80):
            stream.write(b"c," + b"0" * (1 << 20) + b"\n")
    return path


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.csv", "bomb.ndjson.gz"])
def test_a_gzip_bomb_is_refused_whatever_its_name(tmp_path: Path, name: str) -> None:
    bomb = zeros(tmp_path / name)
    with pytest.raises(InputRejected, match="over 200 times its size"):
        read_table(bomb, CUSTOMERS)
    with pytest.raises(InputRejected, match="over 200 times its size"):
        read_ownership([bomb])


def test_other_packings_and_broken_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputRejected, match="Use gzip"):
        check_packed(write(tmp_path / "a.csv", zlib.compress(HEAD.encode())))
    with pytest.raises(InputRejected, match="broken or cut off"):
        check_packed(write(tmp_path / "b.csv.gz", gzip.compress(HEAD.encode() * 99)[:-9]))
    book = tmp_path / "c.xlsx"
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (packed.FLOOR + 1))
    with pytest.raises(InputRejected, match="over 200 times its size"):
        check_packed(book)
    plain = write(tmp_path / "d.csv.gz", gzip.compress(HEAD.encode()))
    check_packed(plain)
    monkeypatch.setattr(packed, "MAX_UNPACKED", 5)
    with pytest.raises(InputRejected, match="unpacks to more than"):
        check_packed(plain)


def test_other_tables_have_a_bound_too(tmp_path: Path) -> None:
    bad = "customer_id,activity_id,kind\nC001,a1,training\nC001,a2,dancing\nC001,a3,singing\n"
    files = BookFiles(sample_folder() / "customers.csv", activity=write(tmp_path / "activity.csv", bad))
    with pytest.raises(InputRejected, match=r"limits\.max_other_rows_set_aside") as raised:
        read_book(files, Config())
    assert "row 3: kind: not one of" in str(raised.value)
    assert "Correct them, or raise that bound" in str(raised.value)
    lenient = Config.model_validate({"limits": {"max_other_rows_set_aside": 0.7}})
    read = read_book(files, lenient)
    assert read.activity is not None
    assert read.activity.height == 1


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet", "ndjson"])
def test_a_name_with_brackets_is_no_pattern(tmp_path: Path, ending: str) -> None:
    """book[1].csv, as browsers name a second download, is not book1.csv."""
    for name, customer in (("book[1]", "right"), ("book1", "wrong")):
        frame, path = pl.DataFrame({"customer_id": ["1"], "name": [customer]}), tmp_path / f"{name}.{ending}"
        if ending == "parquet":
            frame.write_parquet(path)
        elif ending == "ndjson":
            frame.write_ndjson(path)
        else:
            text = frame.write_csv().encode()
            path.write_bytes(gzip.compress(text) if ending == "csv.gz" else text)
    assert read_table(tmp_path / f"book[1].{ending}", CUSTOMERS).frame["name"].to_list() == ["right"]


@pytest.mark.parametrize("name", ["__row", "__row of the file"])
def test_a_column_with_the_name_of_one_of_our_own_is_one_that_nobody_reads(tmp_path: Path, name: str) -> None:
    path = tmp_path / "book.csv"
    path.write_text(f"customer_id,name,{name}\nc1,A,x\nc2,B,\n")
    assert read_table(path, CUSTOMERS).frame["name"].to_list() == ["A", "B"]
