"""Inputs that failed in the field, with what a compliance officer expects of each."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from pipelines.errors import InputRejected
from pipelines.inputs.book import BookFiles, read_book
from pipelines.inputs.problems import problem_remarks
from pipelines.job.config import Config
from screening.book.screen import screen
from screening.tables.book import Book

TODAY = date(2026, 12, 1)
ROWS = [
    ("00017", "Société Huawei Technologies", "organization", "FR"),
    ("100000", "Clean Baker Ltd", "organization", "GB"),
    ("17", "José Ruelas Ávila", "person", "MX"),
    ("1E5", "Krayinvestbank", "organization", "RU"),
]


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    return shared / "field-cases"


@pytest.fixture(scope="module")
def stmini(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("store"))
    assert not refresh([cases / "stmini"], store, date(2026, 11, 1), partial=True).failed
    return store


def raised(book: Book, store: Store, rule: str) -> set[str]:
    """Return the customers for whom a rule is raised."""
    tables = screen(book, store.load(TODAY), TODAY, Config()).tables
    found = tables["findings"].filter(pl.col("rule_id") == rule, pl.col("outcome") == "raised")
    return set(found["customer_id"])


@pytest.mark.parametrize(
    "name",
    [
        *("bom_comma", "bom_semicolon", "cp1252", "cr_only", "headers_excel", "pipe", "sep_line", "tabs"),
        *("trail_ws", "utf16", "utf16c"),
    ],
)
def test_08_every_encoding_and_separator_is_read(cases: Path, name: str) -> None:
    book = read_book(BookFiles(cases / "08-encodings" / f"{name}.csv"), Config())
    assert book.customers.select("customer_id", "name", "party_type", "country").rows() == ROWS
    assert [remark[:10] for remark in problem_remarks(book.problems)] == (
        ["cp1252.csv"] if name == "cp1252" else []
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customers", {f"K{n}" for n in (1, 2, 3, 5, 6, 7)}),
        ("customers2", {f"L{n}" for n in (*range(1, 12), 13)} | {"GB-COH:00229269"}),
    ],
)
def test_12_company_numbers_join_the_register(
    cases: Path, stmini: Store, name: str, expected: set[str]
) -> None:
    folder = cases / "12-psc-leading-zeros"
    book = read_book(BookFiles(folder / f"{name}.csv", ownership=(folder / "psc.jsonl",)), Config())
    assert raised(book, stmini, "SDN_50") == expected


def test_13_shares_as_they_are_written(cases: Path, stmini: Store) -> None:
    folder = cases / "13-shares-written"
    files = BookFiles(folder / "customers.csv", ownership=(folder / "edges.csv",))
    book = read_book(files, Config())
    unread = book.problems.filter(pl.col("consequence") == "value_ignored")
    assert unread["value"].to_list() == ["~51", "101", "-51", "1/2"]
    (remark,) = problem_remarks(book.problems)
    assert "0.51 in row 5: read as percents" in remark
    wanted = {f"S{n}" for n in (1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 14, 15, 17, 22, 23, 24, 25, 27, 28, 29)}
    wanted |= {"S19"}
    found = raised(book, stmini, "SDN_50")
    asked = {f"S{n}" for n in (16, 18, 20, 21, 26)}
    assert found >= wanted - {"S19", "S28"}
    assert not found & (asked | {"S4", "S11", "S13", "S30"})


def test_19_a_blank_last_line_is_no_row(cases: Path) -> None:
    book = read_book(BookFiles(cases / "19-blank-line" / "customers.csv"), Config())
    assert book.customers.height == 2
    assert book.problems.is_empty()


def test_18_nothing_depends_on_the_locale(cases: Path, stmini: Store, tmp_path: Path) -> None:
    words = ["screen", str(cases / "08-encodings" / "utf16.csv"), "--store", str(stmini.root), "--exit-code"]
    done = subprocess.run(
        [sys.executable, "-c", "from desk.cli import main; main()", *words, "--out", str(tmp_path / "run")],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C"},
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 10, done.stderr


def test_a_book_is_refused_where_most_of_it_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("KUNNR,NAME1\n1,A\n", encoding="utf-8")
    with pytest.raises(InputRejected, match="headwater inspect"):
        read_book(BookFiles(tmp_path / "book.csv"), Config())
