"""Every rule on every customer: from the facts frame to findings and coverage.

All conditions are evaluated in one pass that yields one small integer a rule and customer; customers who have all of
them alike share a pattern. Reasons, questions and evidence are written only for the findings that are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl

from screening.law import Law, PeriodOverride
from screening.law.periods import check_rules
from screening.redflags.facts.columns import conform, schema
from screening.redflags.patterns import count_patterns, coverage, find_patterns
from screening.redflags.plan import Plan, plan_on
from screening.redflags.registry import SIGNALS, with_text_columns
from screening.redflags.rule import Branch, rule_constants
from screening.redflags.unchecked import unchecked
from screening.redflags.weights import Weight
from screening.redflags.wording import evidence, sentence

FINDINGS: Mapping[str, pl.DataType] = {
    "customer_id": pl.String(),
    "rule_id": pl.String(),
    "outcome": pl.String(),
    "rule_status": pl.String(),
    "severity": pl.Int64(),
    "recommendation": pl.String(),
    "material": pl.Boolean(),
    "reason": pl.String(),
    "evidence": pl.String(),
    "question": pl.String(),
    "branch": pl.String(),
    "missing": pl.String(),
}
UNSHOWN = ("footnote_note", "policy_note", "beside_note")
"""Columns that texts quote as whole sentences: no evidence of their own."""

_SLICE = 100_000


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say about a book of customers on a day.

    `findings`: customer_id, rule_id, outcome, rule_status, severity (0-100), recommendation, material (opens a
    case), reason, evidence (`column=value; ...`), question, branch (which line of the rule's table spoke), missing
    (the fact that was not there). `unchecked`: customer_id, not_checked (what could not be evaluated, in words) of the
    customers with a case. `answers`: customer_id, pattern. `patterns`: as `patterns.PATTERNS`.
    """

    findings: pl.DataFrame
    unchecked: pl.DataFrame
    answers: pl.DataFrame
    patterns: pl.DataFrame
    plan: Plan

    @property
    def coverage(self) -> pl.DataFrame:
        """Per rule, outcome and branch the number of customers: columns of `COVERAGE`."""
        return coverage(count_patterns([self.answers]), self.patterns, self.plan)


def assess(
    facts: pl.DataFrame | pl.LazyFrame,
    as_of: date,
    precautionary: Collection[str] = frozenset(),
    *,
    keep: Literal["all", "material"] = "material",
    overrides: Sequence[PeriodOverride] = (),
    only: Collection[str] | None = None,
) -> Assessment:
    """Evaluate every rule (or those in `only`) on every customer, and count what could not be evaluated.

    `precautionary` names rules that keep their full weight whatever their status. `keep="material"` writes only
    findings that open a case. Raises `InvalidFrame` for a frame without a usable key, `UnknownRule` for an
    unknown id, `OverrideError` for an incomplete override. A bad cell is a finding, not an error.

    >>> book = pl.DataFrame({"customer_id": ["c1"], "hq_country": ["CN"]})
    >>> assess(book, date(2026, 11, 22), only={"HQ_D5_MACAU"}).findings["outcome"].to_list()
    ['raised']
    """
    check_rules([*precautionary, *(only or ())])
    plan = plan_on(
        as_of, frozenset(precautionary), tuple(overrides), None if only is None else frozenset(only)
    )
    frame = conform(facts)
    parts = [_assess_slice(part, plan, keep) for part in frame.iter_slices(_SLICE)]
    parts = parts or [_assess_slice(frame, plan, keep)]
    findings, left_open, answers, patterns = (pl.concat(each) for each in zip(*parts, strict=True))
    return Assessment(
        findings=findings.sort("customer_id", "rule_id"),
        unchecked=left_open,
        answers=answers,
        patterns=patterns.unique("pattern").sort("pattern"),
        plan=plan,
    )


def evaluate(
    facts: pl.DataFrame | pl.LazyFrame,
    as_of: date,
    precautionary: Collection[str] = frozenset(),
    *,
    keep: Literal["all", "material"] = "all",
    overrides: Sequence[PeriodOverride] = (),
    only: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return the findings of `assess`, one row a customer and rule unless `keep="material"`.

    >>> book = pl.DataFrame({"customer_id": ["c1"], "hq_country": ["US"], "ultimate_parent_hq_country": ["CN"],
    ...     "training_ops_planned": [1.5e26], "weights_published": ["no"]})
    >>> found = evaluate(book, date(2025, 5, 1), only={"RF28"})
    >>> found.select("outcome", "rule_status", "recommendation").row(0)
    ('raised', 'in_force', 'licence_check')
    """
    return assess(facts, as_of, precautionary, keep=keep, overrides=overrides, only=only).findings


def _assess_slice(part: pl.DataFrame, plan: Plan, keep: str) -> tuple[pl.DataFrame, ...]:
    """Return findings, what was not checked, answers and patterns of one slice."""
    sheet = part.with_row_index("row")
    for source in SIGNALS:
        sheet = sheet.join(source.signals(sheet, plan.law), on="row", how="left", maintain_order="left")
    chosen = sheet.select("row", *plan.chosen)
    findings = [pl.DataFrame(schema=dict(FINDINGS))]
    for weight, branches in plan.rules:
        column = chosen[weight.rule_id]
        for position in column.unique().sort():
            branch = branches[position]
            if keep == "all" or weight.opens_case(branch):
                findings.append(_write(sheet.filter(column == position), weight, branch, plan.law))
    written = pl.concat(findings)
    answers, patterns = find_patterns(chosen)
    flagged = written.filter("material").select("customer_id").unique()
    rows = sheet.with_columns(answers["pattern"]).join(flagged, on="customer_id", how="semi")
    return (
        written,
        unchecked(rows, chosen, patterns, plan),
        sheet.select("customer_id", answers["pattern"]),
        patterns,
    )


def _write(rows: pl.DataFrame, weight: Weight, branch: Branch, law: Law) -> pl.DataFrame:
    """Write the findings of one branch of one rule."""
    rows, added = with_text_columns(rows, weight.rule_id, branch.name, law)
    shown = [c for c in weight.inputs if not schema()[c].is_nested()]
    shown += [c for c in added if c not in UNSHOWN]
    return rows.select(_finding(weight, branch, tuple(shown)))


@lru_cache(maxsize=4096)
def _finding(weight: Weight, branch: Branch, shown: tuple[str, ...]) -> list[pl.Expr]:
    """Return the columns of a finding; `shown` names the columns of its evidence."""
    constants = rule_constants(weight.rule_id)
    opens = weight.opens_case(branch)
    recommendation, severity = weight.weigh(branch) if opens else ("note", 0)
    reason = f"{branch.reason} {weight.banner}".strip() if opens else branch.reason
    question = sentence(branch.question, constants) if opens and branch.question else pl.lit(None, pl.String)
    return [
        pl.col("customer_id"),
        pl.lit(weight.rule_id).alias("rule_id"),
        pl.lit(branch.outcome).alias("outcome"),
        pl.lit(weight.status).alias("rule_status"),
        pl.lit(severity, pl.Int64).alias("severity"),
        pl.lit(recommendation).alias("recommendation"),
        pl.lit(opens).alias("material"),
        sentence(reason, constants).alias("reason"),
        evidence(shown).alias("evidence"),
        question.alias("question"),
        pl.lit(branch.name).alias("branch"),
        pl.lit(branch.missing, pl.String).alias("missing"),
    ]
