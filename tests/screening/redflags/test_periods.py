"""Every dated period of every rule, on the day before, on and after each of its ends: cases made from the table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from screening.law.periods import status_on
from screening.law.tables import table
from screening.redflags import evaluate
from screening.redflags.registry import computed_rules
from tests.screening.redflags.case_table import CASES, facts_row, trains

NEXT = timedelta(days=1)
RANK = dict(table("recommendations").select("recommendation", pl.col("rank").cast(int)).iter_rows())
CEILING = {row["status"]: row for row in table("statuses").to_dicts()}
FLOOR = {(row["status"], row["rule_id"]): row for row in table("floors").to_dicts()}
OPEN_RULE = dict(table("rules").select("rule_id", "recommendation").iter_rows())


def _periods() -> dict[str, list[tuple[date, date, str]]]:
    """Rule -> its periods as rows of first day, last day, status, read without the code under test."""
    by_rule: dict[str, list[tuple[date, date, str]]] = {}
    for row in table("rule_periods").to_dicts():
        ends = (row["effective_from"] or "0001-01-02", row["effective_to"] or "9999-12-30")
        first, last = map(date.fromisoformat, ends)
        by_rule.setdefault(row["rule_id"], []).append((first, last, row["status"]))
    return by_rule


PERIODS = _periods()


def _status(rule_id: str, day: date) -> str:
    return next((status for first, last, status in PERIODS[rule_id] if first <= day <= last), "not_in_force")


def _days() -> dict[date, set[str]]:
    """Day -> the rules of which a period begins or ends around it."""
    days: dict[date, set[str]] = {}
    for rule_id, rows in PERIODS.items():
        for first, last, _ in rows:
            near = [first - NEXT, first, first + NEXT] if first.year > 1 else []
            near += [last - NEXT, last, last + NEXT] if last.year < 9999 else []
            for day in near:
                days.setdefault(day, set()).add(rule_id)
    return days


DAYS = _days()


@pytest.mark.parametrize("day", sorted(DAYS), ids=str)
def test_the_status_of_a_rule_turns_on_its_day(day: date) -> None:
    statuses = dict(status_on(day).select("rule_id", "status").iter_rows())
    assert {rule_id: statuses[rule_id] for rule_id in PERIODS} == {
        rule: _status(rule, day) for rule in PERIODS
    }


@pytest.fixture(scope="module")
def raising() -> dict[str, dict[str, Any]]:
    """Rule -> facts that raise it, from the table of cases."""
    raised = {
        case["rule_id"]: case for case in reversed(CASES) if case["outcome"] == "raised"
    }  # the first of each
    return {rule_id: trains(facts_row(case, rule_id)) for rule_id, case in raised.items()}


COMPUTED = sorted(day for day, rules in DAYS.items() if rules & set(computed_rules()))


@pytest.mark.parametrize("day", COMPUTED, ids=str)
def test_what_is_asked_follows_the_status_of_the_day(day: date, raising: dict[str, dict[str, Any]]) -> None:
    turning = DAYS[day] & set(raising)
    if not turning:
        return
    book = pl.DataFrame([raising[rule_id] for rule_id in sorted(turning)], infer_schema_length=None)
    found = evaluate(book, day, only=turning).filter(pl.col("customer_id") == pl.col("rule_id"))
    assert found.height == len(turning)
    for row in found.iter_rows(named=True):
        status = _status(row["rule_id"], day)
        assert row["rule_status"] == status, row["rule_id"]
        ceiling, floor = CEILING[status], FLOOR.get((status, row["rule_id"]))
        top = max(RANK[ceiling["ceiling"]], RANK[floor["recommendation"]] if floor else 0)
        assert RANK[row["recommendation"]] <= top, row
        assert row["severity"] <= max(
            int(ceiling["severity_ceiling"]), int(floor["severity"]) if floor else 0
        ), row
        if floor and status == "suspended" and row["outcome"] == "raised":
            assert RANK[row["recommendation"]] >= RANK[floor["recommendation"]], row
