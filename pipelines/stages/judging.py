"""From everything known of the book to findings and cases, one part of the customers at a time."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.run.folder import KEYS
from pipelines.segments import by_precaution
from pipelines.stages.known import Known, of
from screening.cases import assemble_cases, with_case_id
from screening.redflags import assess, coverage, plan_on
from screening.redflags.facts import Together


def judge_part(known: Known, customers: pl.DataFrame, together: Together) -> Mapping[str, pl.DataFrame]:
    """Judge a part of the customers: the tables of `judge`, sorted, and tally."""
    tables = judge(known, customers, known.matches(customers), together)
    cases, findings = tables["cases"].sort("customer_id"), tables["findings"].sort(KEYS["findings"])
    return {**tables, "cases": cases, "findings": findings, "tally": tally(cases, findings)}


def judge(
    known: Known, customers: pl.DataFrame, matches: pl.DataFrame, together: Together
) -> Mapping[str, pl.DataFrame]:
    """Judge customers, each by what is known of it: cases, findings, answers (customer_id, pattern), patterns.

    `matches`: as `known.matches` of them.
    """
    facts = known.facts(customers, matches, together)
    assessed = [
        assess(rows, known.as_of, precautionary, keep="material", overrides=known.overrides)
        for precautionary, rows in by_precaution(facts, known.precautionary, known.segments)
    ]
    findings = pl.concat(each.findings for each in assessed).sort(KEYS["findings"])
    unchecked = pl.concat(each.unchecked for each in assessed)
    return {
        "cases": assemble_cases(customers, findings, matches, of(known.caught, customers), unchecked),
        "findings": with_case_id(findings.drop("material")),
        "answers": pl.concat(each.answers for each in assessed),
        "patterns": pl.concat(each.patterns for each in assessed),
    }


def covered(known: Known, shares: pl.DataFrame, patterns: pl.DataFrame) -> pl.DataFrame:
    """Count how many customers each rule could and could not be evaluated for. `shares`: as from `shares_of`."""
    plan = plan_on(known.as_of, known.precautionary, known.overrides)
    return coverage(shares, patterns, plan)


def tally(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Count for `run.json`: name, count."""
    kinds = cases.group_by(name=pl.format("cases_{}", "recommendation")).agg(count=pl.len().cast(pl.Int64))
    whole = pl.DataFrame({"name": ["cases", "findings"], "count": [cases.height, findings.height]})
    return pl.concat([whole, kinds]).sort("name")
