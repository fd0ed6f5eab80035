"""The changes of cases since a previous run: new, worse, better or gone."""

from __future__ import annotations

import polars as pl

from screening.law import table
from screening.tables.outputs import CHANGES

CASE_COLUMNS = ("customer_id", "case_id", "recommendation", "severity")
"""Columns of a case that are compared, as are the rules of its findings."""


def compared_cases(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return what is compared of each case: the columns of `CASE_COLUMNS` and rules (ids, sorted).

    findings: customer_id, rule_id of these cases.
    """
    rules = findings.group_by("customer_id").agg(rules=pl.col("rule_id").unique().sort())
    return cases.select(CASE_COLUMNS).join(rules, on="customer_id", how="left", maintain_order="left")


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Compare two runs' cases, each as from `compared_cases`: the columns of `CHANGES`, sorted by customer_id.

    A case is `worse` when its recommendation is stricter, or equally strict and its severity higher; `other` when only
    its rules changed. A case that did not change has no row.
    """
    rank = table("recommendations").select("recommendation", "rank")
    sides = [side.join(rank, on="recommendation", how="left") for side in (before, after)]
    both = sides[1].join(sides[0], on=["customer_id", "case_id"], how="full", coalesce=True, suffix="_before")
    now = pl.col("rank").cast(pl.Int64) * 1_000 + pl.col("severity")
    then = pl.col("rank_before").cast(pl.Int64) * 1_000 + pl.col("severity_before")
    changed = (
        pl.when(pl.col("rules_before").is_null())
        .then(pl.lit("new"))
        .when(pl.col("rules").is_null())
        .then(pl.lit("gone"))
        .when(now > then)
        .then(pl.lit("worse"))
        .when(now < then)
        .then(pl.lit("better"))
        .when(pl.col("rules") != pl.col("rules_before"))
        .then(pl.lit("other"))
    )
    now_rules, then_rules = pl.col("rules").fill_null([]), pl.col("rules_before").fill_null([])
    return (
        both.with_columns(
            change=changed,
            rules_added=now_rules.list.set_difference(then_rules).list.sort(),
            rules_removed=then_rules.list.set_difference(now_rules).list.sort(),
        )
        .filter(pl.col("change").is_not_null())
        .select(CHANGES.names)
        .cast(pl.Schema(CHANGES.schema()))
        .sort("customer_id")
    )
