"""The customers file in ranges: every usable row in one of them, repeats found across ranges, bad rows counted."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs import customers as module
from pipelines.inputs import reading
from pipelines.inputs.customers import check_not_empty, write_ranges
from pipelines.inputs.reading import read_table
from pipelines.inputs.typed import MAX_TEXT
from pipelines.job.bounds import check_set_aside
from pipelines.job.limits import Limits
from pipelines.run.staging import Staging
from screening.tables.inputs import CUSTOMERS

ROWS = [
    ("c5", "Echo"), ("c1", "Alpha\0"), ("c5", "Echo again"), ("c3", ""), ("", "Nameless"), ("c2", "x" * (MAX_TEXT + 1)),
    ("c4", "Delta"), ("c1", "Alpha once more"), ("c6", "Foxtrot"), ("c7", "Golf"),
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    pl.DataFrame(ROWS, schema=["customer_id", "name"], orient="row").write_csv(tmp_path / "book.csv")
    return tmp_path / "book.csv"


@pytest.mark.parametrize(("rows", "batch"), [(1, 3), (2, 100), (100, 1)])
def test_ranges_hold_what_one_reading_holds(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, batch: int
) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", batch)
    laid = write_ranges(path, {}, {}, Staging.open(tmp_path / "run", "key"), rows)
    whole = read_table(path, CUSTOMERS)
    assert pl.concat(laid.ranges()).equals(whole.frame.sort("customer_id"))
    assert laid.problems.sort("row", "column").equals(whole.problems.sort("row", "column"))
    assert laid.count == 5
    assert max(laid.sizes.values()) <= rows
    assert (laid.source.rows, laid.source.name) == (10, "book.csv")


def test_too_much_set_aside_and_no_customers(path: Path, tmp_path: Path) -> None:
    laid = write_ranges(path, {}, {}, Staging.open(tmp_path / "run", "key"), 10)
    check_set_aside([laid.account()], Limits(max_rows_set_aside=0.5))
    with pytest.raises(InputRejected, match=r"5 of 10 rows cannot be used"):
        check_set_aside([laid.account()], Limits(max_rows_set_aside=0.4))
    path.write_text("customer_id,name\n")
    with pytest.raises(InputRejected, match="holds no customers"):
        empty = write_ranges(path, {}, {}, Staging.open(tmp_path / "other", "key"), 10)
        check_not_empty(empty.source)


def test_a_file_that_grows_while_it_is_read_leaves_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = reading.check

    def growing(*given: object) -> object:
        with path.open("a") as stream:
            stream.write("c9,Late\n")
        return check(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "check", growing)
    staging = Staging.open(tmp_path / "run", "key")
    with pytest.raises(InputRejected, match="changed while it was read"):
        write_ranges(path, {}, {}, staging, 10)
    assert not staging.is_finished("customers")


def test_the_wrong_columns_and_too_many_of_them(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    (tmp_path / "a.csv").write_text("id,name\n1,A\n")
    with pytest.raises(InputRejected, match="customer_id is required"):
        write_ranges(tmp_path / "a.csv", {}, {}, staging, 10)
    (tmp_path / "b.csv").write_text(",".join(f"c{i}" for i in range(6000)) + "\n")
    with pytest.raises(InputRejected, match="6000 columns"):
        write_ranges(tmp_path / "b.csv", {}, {}, staging, 10)
