"""From the context of a book to findings and cases, for any part of the customers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.book.context import BookContext
from screening.book.segments import by_precaution
from screening.cases import assemble_cases, with_case_id
from screening.redflags import assess, branches, coverage, plan_on
from screening.redflags.facts import GroupTotals
from screening.tables.outputs import KEYS


def assess_part(
    context: BookContext, customers: pl.DataFrame, totals: GroupTotals
) -> Mapping[str, pl.DataFrame]:
    """Assess a part of the customers: the tables of `assess_customers`, sorted, and `tally` (name, count)."""
    tables = assess_customers(context, customers, context.customer_matches(customers), totals)
    cases, findings = tables["cases"].sort(KEYS["cases"]), tables["findings"].sort(KEYS["findings"])
    return {**tables, "cases": cases, "findings": findings, "tally": count_cases(cases, findings)}


def assess_customers(
    context: BookContext, customers: pl.DataFrame, matches: pl.DataFrame, totals: GroupTotals
) -> Mapping[str, pl.DataFrame]:
    """Assess each of these customers by its own facts.

    Tables: cases, findings, customer_patterns (customer_id, pattern) and patterns. `matches`: as from
    `context.customer_matches`. `totals`: what adds up over groups, at least for these customers.
    """
    facts = context.facts(customers, matches, totals)
    assessed = [
        assess(rows, context.as_of, precautionary, keep="material", overrides=context.overrides)
        for precautionary, rows in by_precaution(facts, context.precautionary, context.segments)
    ]
    findings = pl.concat(each.findings for each in assessed).sort(KEYS["findings"])
    unchecked = pl.concat(each.unchecked for each in assessed)
    restricted = context.ownership_results(customers)
    return {
        "cases": assemble_cases(customers, findings, matches, restricted, unchecked),
        "findings": with_case_id(findings.drop("material")),
        "customer_patterns": pl.concat(each.customer_patterns for each in assessed),
        "patterns": pl.concat(each.patterns for each in assessed),
    }


def rule_coverage(context: BookContext, counted: pl.DataFrame, patterns: pl.DataFrame) -> pl.DataFrame:
    """Count for how many customers each branch of each rule applies. `counted`: as from `count_patterns`."""
    plan = plan_on(context.as_of, context.precautionary, context.overrides)
    return coverage(counted, patterns, plan)


def rule_branches(context: BookContext) -> pl.DataFrame:
    """Return every answer that each rule could give on the day of a context: columns of `BRANCHES`."""
    return branches(plan_on(context.as_of, context.precautionary, context.overrides))


def count_cases(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Count cases, those of each recommendation, and findings for `run.json`: name, count."""
    kinds = cases.group_by(name=pl.format("cases_{}", "recommendation")).agg(count=pl.len().cast(pl.Int64))
    whole = pl.DataFrame({"name": ["cases", "findings"], "count": [cases.height, findings.height]})
    return pl.concat([whole, kinds]).sort("name")
