"""The worked cases of parties to a transaction (15 CFR 748.5), from the rows of a book to the findings."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.screening.book import parties

with Path(__file__).with_name("party_cases.csv").open(encoding="utf-8", newline="") as page:
    CASES = list(csv.DictReader(page))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['case']}-{c['rule_id']}" for c in CASES])
def test_case(case: dict[str, str]) -> None:
    given = parties.book(json.loads(case["transactions"]), json.loads(case["edges"] or "[]"))
    ready = parties.prepared(given, date.fromisoformat(case["as_of"]))
    found = parties.findings(ready, given).row(by_predicate=pl.col("rule_id") == case["rule_id"], named=True)
    assert (found["outcome"], found["recommendation"], found["severity"]) == (
        case["outcome"],
        case["recommendation"],
        int(case["severity"]),
    ), found["branch"]
    text = f"{found['reason']} {found['question']}"
    assert [words for words in case["must_say"].split("|") if words not in text] == []
    if case["role"]:
        assert f"role={case['role']};" in found["evidence"]
        assert "transactions=1; first_day=" in found["evidence"]


def test_every_case_of_the_law_is_there() -> None:
    assert {case["case"] for case in CASES} == {f"Q{number:02d}" for number in range(1, 21)}
