"""The table of cases of the rules, and its facts as rows of a book."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

with Path(__file__).with_name("cases.csv").open(encoding="utf-8", newline="") as page:
    CASES: list[dict[str, str]] = list(csv.DictReader(page))
"""Rows of rule_id, case, facts (as JSON), branch, outcome."""
COUNTS = ("training_ops", "training_ops_planned", "training_ops_metered", "training_ops_nameless")


def facts_row(case: Mapping[str, str], customer_id: str) -> dict[str, Any]:
    """Return the facts of a case as a row; operations as text, so that a column of many cases has one type."""
    row = {"customer_id": customer_id, **json.loads(case["facts"])}
    return row | {c: None if row[c] is None else str(row[c]) for c in COUNTS if c in row}


def trains(row: Mapping[str, Any]) -> dict[str, Any]:
    """Say of a row with a column of operations that it is about training, as `conform` does for a frame of its own."""
    return {**({"training_activity": True} if set(COUNTS) & set(row) else {}), **row}
