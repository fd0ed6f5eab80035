"""Coverage and what was not checked, worked out once a pattern, are what every single answer of every rule gives."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.redflags import Assessment, assess, evaluate
from screening.tables.outputs import COVERAGE
from tests.screening.redflags.case_table import CASES, facts_row

DAYS = (date(2025, 5, 1), date(2026, 11, 22))


def book(picked: list[int]) -> pl.DataFrame:
    """The facts of the picked cases; one picked twice is two customers alike."""
    rows = [facts_row(CASES[case], f"c{number:04d}") for number, case in enumerate(picked)]
    return pl.DataFrame(rows, infer_schema_length=None)


def row_by_row(facts: pl.DataFrame, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coverage and the lines not checked, from every single answer of every customer."""
    every = evaluate(facts, day)
    keys = [*COVERAGE.key, "rule_status"]
    counts = every.group_by(keys).agg(customers=pl.len().cast(pl.Int64)).sort(keys)
    flagged = every.filter("material").select("customer_id").unique()
    unable = every.filter((pl.col("outcome") == "not_evaluable") & ~pl.col("material")).join(
        flagged, on="customer_id", how="semi"
    )
    uncoded = pl.col("branch").is_in(["human", "planned"])
    named = pl.format(
        "For a person to judge, not computed: {}", pl.col("rule_id").filter(uncoded).sort().str.join(", ")
    )
    lines = unable.group_by("customer_id").agg(
        coded=pl.concat_str("rule_id", pl.lit(": "), "reason").filter(~uncoded),
        named=pl.when(uncoded.any()).then(named),
    )
    both = pl.concat_list("coded", "named").list.drop_nulls().list.sort()
    return counts, lines.select("customer_id", not_checked=both).sort("customer_id")


def same(assessed: Assessment, facts: pl.DataFrame, day: date) -> None:
    counts, lines = row_by_row(facts, day)
    assert assessed.coverage.equals(counts)
    not_checked = assessed.unchecked.filter(pl.col("not_checked").list.len() > 0).sort("customer_id")
    assert not_checked.equals(lines)


@pytest.mark.slow
@settings(max_examples=8)
@given(st.lists(st.integers(0, len(CASES) - 1), min_size=1, max_size=40), st.sampled_from(DAYS))
def test_patterns_say_what_the_answers_say(picked: list[int], day: date) -> None:
    facts = book(picked)
    same(assess(facts, day), facts, day)


@pytest.mark.slow
def test_the_whole_table_of_cases() -> None:
    facts = book(list(range(len(CASES))))
    same(assess(facts, DAYS[1]), facts, DAYS[1])


def test_customers_alike_share_a_pattern() -> None:
    first, second, third = assess(book([3, 3, 40]), DAYS[1]).customer_patterns["pattern"]
    assert first == second != third


@pytest.mark.parametrize("rows", [0, 1])
def test_a_small_book(rows: int) -> None:
    facts = book([0]).head(rows)
    assert assess(facts, DAYS[1]).coverage.filter(pl.col("rule_id") == "RF28").height == rows
