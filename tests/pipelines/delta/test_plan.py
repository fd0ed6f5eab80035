"""Customers to be assessed are put together in parts, however thinly they are spread over the ranges."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.delta.plan import AssessmentPlan
from pipelines.inputs.customers import Customers
from pipelines.run.layout import merge_ordered
from pipelines.run.staging import Part
from screening.tables.book import InputFile
from screening.tables.inputs import CUSTOMERS
from screening.tables.outputs import JUDGEMENTS, PROBLEMS

ROW, OTHER = {"high": 1, "low": 2}, {"high": 3, "low": 4}
RANGES = (("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i"))


@pytest.fixture
def customers(tmp_path: Path) -> Customers:
    for number, ids in enumerate(RANGES):
        (tmp_path / f"{number:05d}").mkdir()
        rows = pl.DataFrame({"customer_id": ids, "name": ids})
        blank = [
            pl.lit(None, dtype).alias(c) for c, dtype in CUSTOMERS.schema().items() if c not in rows.columns
        ]
        whole = rows.with_columns(blank).select(list(CUSTOMERS.schema()))
        whole.write_parquet(tmp_path / f"{number:05d}" / "0.parquet")
    sizes = {number: len(ids) for number, ids in enumerate(RANGES)}
    return Customers(Part(tmp_path), sizes, PROBLEMS.empty(), InputFile("c.csv", "", 0, 9))


def plan(customers: Customers, due: str) -> AssessmentPlan:
    """Customers in `due` have no pattern; the assessments of the others are reused."""
    judgements = [
        pl.DataFrame(
            [(each, ROW, OTHER, None if each in due else 7) for each in ids],
            schema=JUDGEMENTS.schema(),
            orient="row",
        )
        for ids in RANGES
    ]
    return AssessmentPlan(customers, judgements, [], None)


@pytest.mark.parametrize(
    ("due", "parts"),
    [
        ("", [[]]),
        ("bfg", [["b", "f", "g"]]),
        ("abcdefghi", [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]),
        ("bcdi", [["b", "c", "d"], ["i"]]),
    ],
    ids=["nobody", "a few", "everybody", "one more than a part holds"],
)
def test_parts_are_filled(customers: Customers, due: str, parts: list[list[str]]) -> None:
    units = plan(customers, due).units(3)
    assert [unit.read()["customer_id"].to_list() for unit in units] == parts
    assert [unit.size for unit in units] == [len(part) for part in parts]
    assert [unit.name for unit in units] == [f"assessed/{number:05d}" for number in range(len(parts))]


@pytest.mark.parametrize("parts", [["fb"], ["b", "f"], ["", "fb", ""]], ids=["one", "two", "empty ones"])
def test_customers_not_assessed_keep_their_pattern(customers: Customers, parts: list[str]) -> None:
    """However the assessed customers were divided, and in whatever order they are in a part."""
    schema = {"customer_id": pl.String, "pattern": pl.UInt64}
    answers = [
        pl.DataFrame([(each, {"b": 8, "f": 9}[each]) for each in part], schema=schema, orient="row")
        for part in parts
    ]
    judgements = pl.concat(plan(customers, "bf").all_judgements(answers))
    assert judgements["pattern"].to_list() == [7, 8, 7, 7, 7, 9, 7, 7, 7]
    assert judgements["customer_id"].to_list() == list("abcdefghi")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ace,gi", "bd,f,h"), ("", "a,b"), ("a,b", ""), ("c,d", "a,b"), ("a,b", "c,d"), ("b,,d", "a,c,e")],
)
def test_two_tables_become_one_in_order(one: str, other: str) -> None:
    def frames(text: str) -> list[pl.DataFrame]:
        return [pl.DataFrame({"k": list(part)}, schema={"k": pl.String}) for part in text.split(",")]

    found = pl.concat(merge_ordered(frames(one), frames(other), ["k"]))["k"].to_list()
    assert found == sorted((one + other).replace(",", ""))
