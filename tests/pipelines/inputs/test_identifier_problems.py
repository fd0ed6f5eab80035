"""Identifiers that are not looked up as they are written are told, and a row without a name goes by its numbers."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.inputs.identifier_problems import identifier_lines
from pipelines.inputs.reading import read_table
from screening.tables.inputs import CUSTOMERS, TRANSACTIONS

HEADER = "customer_id,name,country,identifiers\n"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n")
    return path


def test_a_warning_counts_each_kind_and_type(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "1,A,,foo:7719404118",
        "2,B,,foo:7719404119; imo:9074729",
        "3,C,,9074729",
        "4,D,,lei:123",
        "5,E,,tax_id:7719404",
        "6,F,RU,tax_id:7719404",
        "7,G,,passport:C1940147; nationality:RU",
    )
    reading = read_table(path, CUSTOMERS)
    assert reading.frame.height == 7
    assert set(reading.problems["consequence"]) == {"value_cleaned"}
    lines = identifier_lines(reading.problems)
    assert [line.partition(" identifiers ")[0] for line in lines] == [
        f"customers.csv: {count}" for count in (2, 1, 1, 1)
    ]
    joined = " ".join(lines)
    assert "2 identifiers of the type foo, which is not known" in joined
    assert "the first is 'foo:7719404118' in row 2" in joined
    assert "of the type lei cannot be one" in joined
    assert "of the type tax_id find nobody without a like name: give a country" in joined
    assert "without a type" in joined


def test_nothing_is_said_of_identifiers_that_are_all_well(tmp_path: Path) -> None:
    path = write(tmp_path, "1,A,RU,imo:9074729; ru-inn:7719404118; nationality:RU", "2,B,,")
    assert read_table(path, CUSTOMERS).problems.is_empty()


def test_counterparties_are_told_of_too(tmp_path: Path) -> None:
    path = tmp_path / "transactions.csv"
    path.write_text("customer_id,date,counterparty,counterparty_identifiers\n1,2026-11-20,A,foo:7719404118\n")
    (line,) = identifier_lines(read_table(path, TRANSACTIONS).problems)
    assert line.startswith("transactions.csv: 1 counterparty_identifiers of the type foo")


def test_a_customer_without_a_name_goes_by_its_identifiers(tmp_path: Path) -> None:
    reading = read_table(
        write(tmp_path, "1,,,imo:9074729; mmsi:273456780", "2,,,nationality:RU", "3,C,,"), CUSTOMERS
    )
    assert reading.frame.select("customer_id", "name").rows() == [
        ("1", "imo:9074729; mmsi:273456780"),
        ("3", "C"),
    ]
    shown = reading.problems.select("row", "column", "consequence").rows()
    assert shown == [(2, "name", "value_cleaned"), (3, "name", "row_set_aside")]


def test_numbers_of_several_batches_are_counted_together() -> None:
    row = {
        "table": "customers", "file": "c.csv", "column": "identifiers", "value": "foo:1",
        "consequence": "value_cleaned",
    }  # fmt: skip
    reasons = [
        "identifiers of the type foo, said, in 3 values",
        "identifiers of the type foo, said, in 4 values",
    ]
    problems = pl.DataFrame([row | {"row": i, "reason": reason} for i, reason in enumerate(reasons)])
    (line,) = identifier_lines(problems)
    assert line.startswith("c.csv: 7 identifiers of the type foo, said; the first is 'foo:1' in row 0")
