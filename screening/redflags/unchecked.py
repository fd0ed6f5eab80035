"""What could not be evaluated for a customer, in words: the lines under "Not checked" in a case."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.redflags.patterns import open_lines
from screening.redflags.plan import Plan
from screening.redflags.registry import with_text_columns
from screening.redflags.rule import rule_constants
from screening.redflags.wording import placeholders, sentence

UNCODED = ("human", "planned")
"""Branches of rules without code; one line names them all."""


def unchecked(rows: pl.DataFrame, chosen: pl.DataFrame, patterns: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Return customer_id, not_checked (sorted) of the rows, which have `pattern` beside the columns of the facts.

    `chosen`: row and, for each rule, the position of the branch that spoke. `patterns`: as `PATTERNS`. A line whose
    words are the same for everybody is written once a pattern; one that quotes the customer's facts, once a customer.
    """
    mine = patterns.join(rows.select("pattern").unique(), on="pattern", how="semi").sort("pattern")
    said: list[list[str]] = [[] for _ in range(mine.height)]
    left: list[list[str]] = [[] for _ in range(mine.height)]
    own = [pl.DataFrame(schema={"customer_id": pl.String, "text": pl.String})]
    for place, position, marked in open_lines(mine, plan):
        weight, branches = plan.rules[place]
        branch, constants = branches[position], rule_constants(weight.rule_id)
        if branch.name in UNCODED:
            _add(left, marked.nonzero()[0].tolist(), weight.rule_id)
        elif set(placeholders(branch.reason)) <= set(constants):
            _add(said, marked.nonzero()[0].tolist(), _line(weight.rule_id, branch.reason))
        else:
            spoken = chosen.filter(pl.col(weight.rule_id) == position).select("row")
            line = sentence(f"{weight.rule_id}: {branch.reason}", constants)
            told, _ = with_text_columns(
                rows.join(spoken, on="row", how="semi"), weight.rule_id, branch.name, plan.law
            )
            own.append(told.select("customer_id", text=line))
    for lines, rules in zip(said, left, strict=True):
        if rules:
            lines.append(f"For a person to judge, not computed: {', '.join(sorted(rules))}")
    common = mine.select("pattern", common=pl.Series(said, dtype=pl.List(pl.String)).list.sort())
    quoted = pl.concat(own).group_by("customer_id").agg(quoted=pl.col("text"))
    lists = (
        rows.select("customer_id", "pattern")
        .join(common, on="pattern", how="left", maintain_order="left")
        .join(quoted, on="customer_id", how="left", maintain_order="left")
    )
    both = pl.concat_list("common", "quoted").list.sort()
    return lists.select(
        "customer_id", not_checked=pl.when(pl.col("quoted").is_null()).then("common").otherwise(both)
    )


@cache
def _line(rule_id: str, reason: str) -> str:
    """Return a line that quotes nothing of the customer."""
    return str(pl.select(sentence(f"{rule_id}: {reason}", rule_constants(rule_id))).item())


def _add(lines: list[list[str]], places: list[int], text: str) -> None:
    for place in places:
        lines[place].append(text)
