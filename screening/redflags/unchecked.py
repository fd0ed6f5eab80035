"""What could not be evaluated for a customer, in sentences: the lines under "Not checked" in a case."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.redflags.patterns import unevaluated_branches
from screening.redflags.plan import Plan
from screening.redflags.registry import with_text_columns
from screening.redflags.rule import rule_constants
from screening.redflags.wording import placeholders, sentence

HUMAN = ("human", "planned")
"""Branches of rules that no code decides: one line names all these rules."""


def unchecked(
    facts: pl.DataFrame, positions: pl.DataFrame, patterns: pl.DataFrame, plan: Plan
) -> pl.DataFrame:
    """Return customer_id, not_checked (sorted sentences) of these facts.

    `facts`: with the columns `row` and `pattern`. `positions`: row and, for each rule, the position of the branch that
    applies. `patterns`: as `PATTERNS`. A sentence with the same words for everybody is written once a pattern; one that
    quotes the customer's facts, once a customer.
    """
    own = patterns.join(facts.select("pattern").unique(), on="pattern", how="semi").sort("pattern")
    common: list[list[str]] = [[] for _ in range(own.height)]
    human: list[list[str]] = [[] for _ in range(own.height)]
    quoting = [pl.DataFrame(schema={"customer_id": pl.String, "text": pl.String})]
    for weight, branch, position, numbers in unevaluated_branches(own, plan):
        rule_id, constants = weight.rule_id, rule_constants(weight.rule_id)
        if branch.name in HUMAN:
            _append(human, numbers.tolist(), rule_id)
        elif set(placeholders(branch.reason)) <= set(constants):
            _append(common, numbers.tolist(), _fixed_line(rule_id, branch.reason))
        else:
            concerned = positions.filter(pl.col(rule_id) == position).select("row")
            rows = facts.join(concerned, on="row", how="semi")
            rows, _ = with_text_columns(rows, rule_id, branch.name, plan.law)
            quoting.append(
                rows.select("customer_id", text=sentence(f"{rule_id}: {branch.reason}", constants))
            )
    for lines, rule_ids in zip(common, human, strict=True):
        if rule_ids:
            lines.append(f"For a person to judge, not computed: {', '.join(sorted(rule_ids))}")
    by_pattern = own.select("pattern", common=pl.Series(common, dtype=pl.List(pl.String)).list.sort())
    by_customer = pl.concat(quoting).group_by("customer_id").agg(quoting=pl.col("text"))
    both = (
        facts.select("customer_id", "pattern")
        .join(by_pattern, on="pattern", how="left", maintain_order="left")
        .join(by_customer, on="customer_id", how="left", maintain_order="left")
    )
    merged = pl.concat_list("common", "quoting").list.sort()
    return both.select(
        "customer_id", not_checked=pl.when(pl.col("quoting").is_null()).then("common").otherwise(merged)
    )


@cache
def _fixed_line(rule_id: str, reason: str) -> str:
    """Return the sentence of a reason that quotes nothing of the customer."""
    return str(pl.select(sentence(f"{rule_id}: {reason}", rule_constants(rule_id))).item())


def _append(lists: list[list[str]], numbers: list[int], text: str) -> None:
    for number in numbers:
        lists[number].append(text)
