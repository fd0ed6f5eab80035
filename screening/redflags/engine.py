"""Evaluate every rule on every customer: from the facts frame to findings and coverage.

All conditions are evaluated in one pass, which gives for each rule and customer the position of the branch that
applies: one small integer. Customers who agree in all of them share a pattern. Reasons, questions and evidence are
written only for the findings that are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from screening.redflags.signals.deal_words import DEAL_WORDS
from screening.redflags.signals.parents import PARENT_WORDS
from screening.redflags.signals.places import PLACE_SENTENCES
from screening.redflags.signals.shipments import IN_SENTENCES
from screening.redflags.unchecked import unchecked
from screening.redflags.weights import Weight
from screening.redflags.wording import evidence, sentence
from screening.tables.outputs import RULE_FINDINGS

SENTENCES = (
    *("footnote_note", "policy_note", "tie_note", "beside_note"),
    *(*PARENT_WORDS, *DEAL_WORDS, *IN_SENTENCES, *PLACE_SENTENCES),
)
"""Text columns that are whole sentences: a reason quotes them, the evidence does not repeat them."""

OF_THE_RUN = ("lists_missing", "optional_lists")
"""Facts that are the same for every customer: the run names its lists, the evidence of a finding need not."""

_SLICE_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say about a book of customers on a day.

    `findings`: customer_id, rule_id, outcome, rule_status, severity (0-100), recommendation, material (opens a
    case), reason, evidence (`column=value; ...`), question, branch (which line of the rule's table applied), missing
    (the fact that was not there); sorted by customer and rule.
    """

    findings: pl.DataFrame
    unchecked: (
        pl.DataFrame
    )  # customer_id, not_checked (what could not be evaluated, in sentences); who has a case
    customer_patterns: pl.DataFrame  # customer_id, pattern
    patterns: pl.DataFrame  # columns of `patterns.PATTERNS`
    plan: Plan

    @property
    def coverage(self) -> pl.DataFrame:
        """For how many customers each branch of each rule applies: columns of `COVERAGE`."""
        return coverage(count_patterns([self.customer_patterns]), self.patterns, self.plan)


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

    `facts`: as from `facts.assemble`, or any frame with a column `customer_id`: what is not there is unknown.
    `precautionary`: rules that have their full weight whatever their status. `keep="material"` writes only findings
    that open a case. Raises `InvalidFrame` for a frame without a usable key, `UnknownRule` for an unknown id,
    `OverrideError` for an incomplete override. A cell that cannot be read is a finding, not an error.

    >>> book = pl.DataFrame({"customer_id": ["c1"], "hq_country": ["CN"]})
    >>> assess(book, date(2026, 11, 22), only={"HQ_D5_MACAU"}).findings["outcome"].to_list()
    ['raised']
    """
    check_rules([*precautionary, *(only or ())])
    plan = plan_on(
        as_of, frozenset(precautionary), tuple(overrides), None if only is None else frozenset(only)
    )
    frame = conform(facts)
    parts = [_assess_slice(part, plan, keep) for part in frame.iter_slices(_SLICE_ROWS)]
    parts = parts or [_assess_slice(frame, plan, keep)]
    findings, not_checked, customer_patterns, patterns = (
        pl.concat(each) for each in zip(*parts, strict=True)
    )
    return Assessment(
        findings=findings.sort("customer_id", "rule_id"),
        unchecked=not_checked,
        customer_patterns=customer_patterns,
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
    ('raised', 'text_before_compliance', 'ask')
    """
    return assess(facts, as_of, precautionary, keep=keep, overrides=overrides, only=only).findings


def _assess_slice(part: pl.DataFrame, plan: Plan, keep: str) -> tuple[pl.DataFrame, ...]:
    """Return findings, what was not checked, the pattern of each customer and the patterns of one slice."""
    facts = part.with_row_index("row")
    for source in SIGNALS:
        columns = source.condition_columns(facts, plan.law)
        facts = facts.join(columns, on="row", how="left", maintain_order="left")
    positions = facts.select("row", *plan.positions)
    written = [RULE_FINDINGS.empty()]
    for weight, branches in plan.rules:
        applies = positions[weight.rule_id]
        for position in applies.unique().sort():
            branch = branches[position]
            if keep == "all" or weight.opens_case(branch):
                written.append(_write_findings(facts.filter(applies == position), weight, branch, plan.law))
    findings = pl.concat(written)
    by_row, patterns = find_patterns(positions)
    flagged = findings.filter("material").select("customer_id").unique()
    with_case = facts.with_columns(by_row["pattern"]).join(flagged, on="customer_id", how="semi")
    return (
        findings,
        unchecked(with_case, positions, patterns, plan),
        facts.select("customer_id", by_row["pattern"]),
        patterns,
    )


def _write_findings(facts: pl.DataFrame, weight: Weight, branch: Branch, law: Law) -> pl.DataFrame:
    """Write the findings of one branch of one rule for the customers to whom it applies."""
    facts, added = with_text_columns(facts, weight.rule_id, branch.name, law)
    shown = [c for c in weight.inputs if c not in OF_THE_RUN and not schema()[c].is_nested()]
    shown += [c for c in added if c not in SENTENCES]
    return facts.select(_finding_columns(weight, branch, tuple(shown)))


@lru_cache(maxsize=4096)
def _finding_columns(weight: Weight, branch: Branch, shown: tuple[str, ...]) -> list[pl.Expr]:
    """Return the expressions of a finding's columns; `shown` names the columns of its evidence."""
    constants = rule_constants(weight.rule_id)
    opens = weight.opens_case(branch)
    weighed = opens or branch.recommendation == "note"
    recommendation, severity = weight.weigh(branch) if weighed else ("note", 0)
    reason = f"{branch.reason} {weight.banner}".strip() if opens and branch.banner else branch.reason
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
