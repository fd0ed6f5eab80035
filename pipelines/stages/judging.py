"""From everything known of the book to findings and cases, one range of customers at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.run.folder import KEYS
from pipelines.segments import by_precaution
from pipelines.stages.digest import digests
from pipelines.stages.known import Known, of
from pipelines.stages.recall import Recall
from screening.cases import assemble_cases, with_case_id
from screening.redflags import assess, coverage, plan_on


def judge_range(
    known: Known, customers: pl.DataFrame, users: pl.DataFrame, recall: Recall | None
) -> Mapping[str, pl.DataFrame]:
    """Judge a range of customers; whose judgement `recall` still knows, and nothing touched, is taken from there.

    `users`: the facts of those seen together. Returns the tables cases, findings, matches, judgements, patterns and
    tally.
    """
    matches = known.matches(customers)
    seen = digests(known, customers, matches, users)
    if recall is None or seen.is_empty():
        tables = judge(known, customers, matches, users)
    else:
        standing = recall.standing(seen)
        anew = customers.join(standing, on="customer_id", how="anti", maintain_order="left")
        fresh, kept = judge(known, anew, of(matches, anew), users), recall.tables(seen, standing)
        tables = {name: pl.concat([kept[name].select(rows.columns), rows]) for name, rows in fresh.items()}
    judgements = tables["judgements"].join(seen, on="customer_id")
    cases, findings = tables["cases"].sort("customer_id"), tables["findings"].sort(KEYS["findings"])
    return {
        "cases": cases,
        "findings": findings,
        "matches": matches.sort(KEYS["matches"]),
        "judgements": judgements.select("customer_id", "digest", "pattern").sort("customer_id"),
        "patterns": tables["patterns"].unique("pattern").sort("pattern"),
        "tally": _tally(cases, findings),
    }


def judge(
    known: Known, customers: pl.DataFrame, matches: pl.DataFrame, users: pl.DataFrame
) -> Mapping[str, pl.DataFrame]:
    """Judge customers, each by what is known of it: cases, findings, judgements (customer_id, pattern), patterns.

    `matches`: as `known.matches` of them.
    """
    facts = _facts(known, customers, users)
    assessed = [
        assess(rows, known.as_of, precautionary, keep="material", overrides=known.overrides)
        for precautionary, rows in by_precaution(facts, known.precautionary, known.segments)
    ]
    findings = pl.concat(each.findings for each in assessed).sort(KEYS["findings"])
    unchecked = pl.concat(each.unchecked for each in assessed)
    return {
        "cases": assemble_cases(customers, findings, matches, of(known.caught, customers), unchecked),
        "findings": with_case_id(findings.drop("material")),
        "judgements": pl.concat(each.answers for each in assessed),
        "patterns": pl.concat(each.patterns for each in assessed),
    }


def covered(known: Known, judged: Iterable[Mapping[str, pl.DataFrame]]) -> pl.DataFrame:
    """Count over the ranges how many customers each rule could and could not be evaluated for."""
    parts = [(each["judgements"], each["patterns"]) for each in judged]
    judgements, patterns = (pl.concat(tables) for tables in zip(*parts, strict=True))
    return coverage(judgements, patterns, plan_on(known.as_of, known.precautionary, known.overrides))


def _tally(cases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Count for `run.json`: name, count."""
    kinds = cases.group_by(name=pl.format("cases_{}", "recommendation")).agg(count=pl.len().cast(pl.Int64))
    whole = pl.DataFrame({"name": ["cases", "findings"], "count": [cases.height, findings.height]})
    return pl.concat([whole, kinds]).sort("name")


def _facts(known: Known, customers: pl.DataFrame, users: pl.DataFrame) -> pl.DataFrame:
    """Take the facts of those who use anything from where they were seen together, and make those of the others."""
    seen = users.join(customers.select("customer_id"), on="customer_id", how="semi")
    others = customers.join(seen.select("customer_id"), on="customer_id", how="anti")
    return pl.concat([known.facts(others), seen]).sort("customer_id")
