"""Files as spreadsheets write them: separators, encodings, line ends, blank lines, rows above the header."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.errors import InputRejected
from pipelines.inputs import delimited
from pipelines.inputs.book import BookFiles, open_book, read_book
from pipelines.inputs.dialect import DialectUnclear, detect
from pipelines.inputs.ownership import read_ownership
from pipelines.inputs.problems import problem_remarks
from pipelines.inputs.reading import read_table
from pipelines.job.config import Config
from pipelines.run.staging import Staging
from screening.tables.inputs import CUSTOMERS

TEXT = (
    "customer_id,name,party_type,country\n00017,Société Huawei Technologies,organization,FR\n"
    "17,José Ruelas Ávila,person,MX\n1E5,Krayinvestbank,organization,RU\n"
    "100000,Clean Baker Ltd,organization,GB\n"
)
"""Field case 08."""
SEMICOLONS, TABS = TEXT.replace(",", ";"), TEXT.replace(",", "\t")
ROWS = [
    ("00017", "Société Huawei Technologies", "FR"), ("17", "José Ruelas Ávila", "MX"), ("1E5", "Krayinvestbank", "RU"),
    ("100000", "Clean Baker Ltd", "GB"),
]  # fmt: skip


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        SEMICOLONS.encode("utf-8-sig"),
        ("sep=;\n" + SEMICOLONS).encode(),
        ("sep=;\r\n" + SEMICOLONS.replace("\n", "\r\n")).encode("utf-8-sig"),
        TABS.encode(),
        TEXT.replace(",", "|").encode(),
        TABS.encode("utf-16"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        b"\xfe\xff" + SEMICOLONS.replace("\n", "\r\n").encode("utf-16-be"),
        gzip.compress(SEMICOLONS.encode("utf-16"), mtime=0),
        ("\n \n" + TEXT).encode(),
    ],
)
def test_every_dialect_reads_the_same(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "book.csv", content)
    reading = read_table(path, CUSTOMERS)
    assert reading.frame.select("customer_id", "name", "country").rows() == ROWS
    assert reading.problems.is_empty()
    customers, _ = open_book(BookFiles(path), Config(), Staging.open(tmp_path / "run", "key"), 2)
    assert customers.count == customers.source.rows == len(ROWS)


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", TEXT.encode("cp1252"))
    customers, book = open_book(BookFiles(path), Config(), Staging.open(tmp_path / "run", "key"), 2)
    assert {name for part in customers.ranges() for name in part["name"]} == {name for _, name, _ in ROWS}
    (remark,) = problem_remarks(book.problems)
    assert remark.startswith("book.csv: is no UTF-8 and was read as cp1252")
    assert "[encoding]" in remark
    whole = read_book(BookFiles(path), Config())
    assert whole.problems.equals(book.problems)
    assert whole.problems["consequence"].to_list() == ["value_cleaned"]


def test_an_encoding_that_is_named_is_used_and_not_remarked(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", "customer_id,name\n1,Алексей\n".encode("cp1251"))
    with pytest.raises(InputRejected, match=r"looks like no Western one.*\[encoding\]"):
        read_book(BookFiles(path), Config())
    edges = "owner_id,owned_id,owner_name,share_percent\na,1,Борис,60\n".encode("cp1251")
    files = BookFiles(path, ownership=(write(tmp_path / "edges.csv", edges),))
    config = Config.model_validate({"encoding": {"customers": "cp1251", "ownership": "cp1251"}})
    book = read_book(files, config)
    assert book.customers["name"].to_list() == ["Алексей"]
    assert book.stored.collect()["owner_name"].to_list() == ["Борис"]
    assert book.problems.is_empty()


def test_a_wrong_encoding_is_refused_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", b"customer_id,name\n1,Al\x81pha\n")
    with pytest.raises(InputRejected, match=r"neither UTF-8 nor cp1252: byte 0x81 in line 2"):
        read_table(path, CUSTOMERS)
    with pytest.raises(InputRejected, match=r"not utf-8: byte 0x81 in line 2"):
        read_table(path, CUSTOMERS, encoding="utf-8")
    with pytest.raises(ValueError, match="no such encoding 'utf-7-bits'"):
        Config.model_validate({"encoding": {"customers": "utf-7-bits"}})
    with pytest.raises(ValueError, match="no such table 'clients'"):
        Config.model_validate({"encoding": {"clients": "utf-8"}})


def test_edges_in_other_dialects(tmp_path: Path) -> None:
    text = "sep=;\nowner_id;owned_id;share_percent;owner_name\na;b;51;Société\n\n"
    reading = read_ownership([write(tmp_path / "edges.csv", text.encode("cp1252"))])
    assert reading.edges.select("owner_id", "owned_id", "owner_name").rows() == [("a", "b", "Société")]
    assert reading.problems["column"].to_list() == ["(file)"]


def test_a_large_file_in_another_encoding_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_RECODED", 100)
    with pytest.raises(InputRejected, match=r"it is utf-16-le.* Save it as UTF-8"):
        read_table(write(tmp_path / "book.csv", TEXT.encode("utf-16")), CUSTOMERS)
    assert read_table(write(tmp_path / "book.csv", TEXT.encode()), CUSTOMERS).frame.height == len(ROWS)


@pytest.mark.parametrize(
    "header",
    ["customer_id,name,other_names", 'customer_id,"name; or names; and more",x', "customer_id,name,a|b"],
)
def test_a_comma_file_stays_one(header: str) -> None:
    assert detect(f"{header}\n1,Alpha,X; Y; Z|Q\n2,Beta,Inc,more\n".encode()).separator == ","


def test_of_two_separators_the_one_that_divides_every_line_counts() -> None:
    text = "Nummer;Name (Firma, Person, Verein, Amt);Land\n1;Alpha;DE\n2;Beta, Gamma;FR\n"
    assert detect(text.encode()).separator == ";"
    with pytest.raises(DialectUnclear, match=r"semicolon or tab.*sep=;"):
        detect(b"a;b\tc\n1;2;3\tx\ty\tz\n4\n")
    with pytest.raises(DialectUnclear, match="UTF-32"):
        detect("a,b\n".encode("utf-32"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_are_no_rows(tmp_path: Path, end: str) -> None:
    lines = [
        "customer_id,name,country",
        "1,Krayinvestbank,",
        "",
        ",,",
        '  ,"",',
        "2,Leobardo Ruelas,",
        "",
        "",
    ]
    path = write(tmp_path / "customers.csv", end.join(lines).encode())
    customers, book = open_book(BookFiles(path), Config(), Staging.open(tmp_path / "run", "key"), 2)
    assert (customers.count, customers.source.rows) == (2, 2)
    assert book.problems.is_empty()


def test_field_case_19_a_blank_last_line(tmp_path: Path) -> None:
    path = write(tmp_path / "customers.csv", b"customer_id,name\n1,Krayinvestbank\n2,Leobardo Ruelas\n\n")
    book = read_book(BookFiles(path), Config())
    assert book.customers["customer_id"].to_list() == ["1", "2"]
    assert book.problems.is_empty()


def test_rows_after_blank_lines_have_the_number_that_an_editor_shows(tmp_path: Path) -> None:
    text = b"sep=,\ncustomer_id,name,note\n1,A,\n\n,,only a note\n2,,\n,\n"
    reading = read_table(write(tmp_path / "book.csv", text), CUSTOMERS)
    assert reading.frame.height == 1
    assert sorted(reading.problems.select("row", "column").rows()) == [
        (5, "customer_id"),
        (5, "name"),
        (6, "name"),
    ]


def test_a_blank_line_is_found_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "book.csv", b"customer_id,name\n1,Alpha\n,\n2,Beta\n")
    for size in range(1, 30):
        monkeypatch.setattr(delimited, "BLOCK", size)
        assert read_table(path, CUSTOMERS).problems.is_empty(), size
