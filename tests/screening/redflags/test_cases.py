"""The table of cases: what each computed rule answers to which facts."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.law import law_on
from screening.law.tables import rules
from screening.redflags import evaluate
from screening.redflags.registry import computed_rules
from tests.screening.redflags.case_table import CASES, facts_row, trains

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], dict[str, Any]]:
    """Every case as a row of one book; operations as text, so that a column has one type."""
    rows = [trains(facts_row(case, f"c{number:04d}")) for number, case in enumerate(CASES)]
    answers = evaluate(pl.DataFrame(rows, infer_schema_length=None), DAY)
    return {(row["customer_id"], row["rule_id"]): row for row in answers.iter_rows(named=True)}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c['rule_id']}-{c['case']}" for c in CASES])
def test_rule_answers_as_the_table_says(number: int, found: dict[tuple[str, str], dict[str, Any]]) -> None:
    case = CASES[number]
    row = found[f"c{number:04d}", case["rule_id"]]
    assert (row["branch"], row["outcome"]) == (case["branch"], case["outcome"])
    assert row["reason"]
    assert bool(row["question"]) == row["material"]


@pytest.mark.parametrize("rule_id", ["RF28", "HQ_D5_MACAU", "SDN_50"])
def test_a_case_answers_alone_as_it_does_in_the_book(rule_id: str) -> None:
    cases = [case for case in CASES if case["rule_id"] == rule_id]
    assert cases
    for case in cases:
        facts = pl.DataFrame([{"customer_id": "c", **json.loads(case["facts"])}])
        assert evaluate(facts, DAY, only={rule_id})["branch"].item() == case["branch"], case["case"]


def test_every_branch_of_every_rule_has_a_case() -> None:
    law = law_on(DAY)
    covered = {(c["rule_id"], c["branch"]) for c in CASES}
    rows = [(rule_id, name) for rule_id, rule in computed_rules().items() for name in rule(law)]
    assert len(rows) > 600
    assert set(rows) <= covered


def test_every_computed_rule_can_be_raised_not_raised_and_left_open() -> None:
    covered = {(c["rule_id"], c["outcome"]) for c in CASES}
    degrees = dict(rules().select("rule_id", "degree").iter_rows())
    assert {rule_id for rule_id, degree in degrees.items() if degree != "context"} == set(computed_rules())
    for rule_id in computed_rules():
        outcomes = {outcome for case_rule, outcome in covered if case_rule == rule_id}
        assert {"raised", "not_evaluable"} <= outcomes or rule_id == "IAAS_CIP", rule_id
        assert {"not_raised", "not_applicable"} & outcomes, rule_id
