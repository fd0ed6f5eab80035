"""The table of cases: what each computed rule answers to which facts."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from screening.redflags import evaluate
from screening.redflags.catalogue import FAMILIES
from screening.redflags.rule import branch_of
from screening.redflags.tables import rules

DAY = date(2026, 11, 22)
with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as page:
    CASES = list(csv.DictReader(page))
SAME_SHAPE = set(rules().filter(pl.col("family") == "listing")["rule_id"])


@pytest.mark.parametrize("case", CASES, ids=[f"{c['rule_id']}-{c['case']}" for c in CASES])
def test_rule_answers_as_the_table_says(case: dict[str, str]) -> None:
    facts = pl.DataFrame([{"customer_id": "c", **json.loads(case["facts"])}])
    found = evaluate(facts, DAY, only={case["rule_id"]}).row(0, named=True)
    assert (found["branch"], found["outcome"]) == (case["branch"], case["outcome"])
    if found["material"]:
        assert found["question"]
    assert found["reason"]
    assert "cleared" not in found["reason"]


def test_every_computed_rule_has_raised_not_raised_and_cannot_tell() -> None:
    seen = {(c["rule_id"], c["outcome"]) for c in CASES}
    for family in FAMILIES:
        for rule_id in family.rules:
            if rule_id in SAME_SHAPE:  # one code for all lists: the cases of six of them stand for all
                continue
            assert {o for r, o in seen if r == rule_id} >= {"raised", "not_raised", "not_evaluable"}, rule_id


def test_every_branch_of_the_dense_rules_is_seen() -> None:
    from screening.redflags.countries import countries_on

    seen = {(c["rule_id"], c["branch"]) for c in CASES}
    for family in FAMILIES:
        if family.name in ("headquarters", "training"):
            for rule_id, code in family.rules.items():
                for name in code(countries_on(DAY)):
                    assert (rule_id, name) in seen
                    assert branch_of(rule_id, family.name, name).reason
