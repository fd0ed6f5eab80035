"""What a computed rule is made of.

A rule is an ordered table of branches: each has a condition over the facts, the first that holds is the rule's
answer, and the last one holds always. What a branch means (outcome, weight, missing column, reason, question) is
data, in `screening/data/texts/<family>.toml`. So code says *when*, and text says *what*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from screening.redflags.countries import Countries
from screening.redflags.tables import rules, table, texts

OUTCOMES = ("raised", "not_raised", "not_applicable", "not_evaluable")

ALWAYS = pl.lit(True)

Branches = Mapping[str, pl.Expr]
"""Branch -> condition, in order; the first true one counts, a null condition is not true."""

RuleCode = Callable[[Countries], Branches]


def no_frame(facts: pl.DataFrame) -> pl.DataFrame | None:
    """Stand for a family that needs no further columns."""
    return None


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that read the same facts.

    `signals` adds narrow columns that the conditions read, one row a customer that has any (key: `row`).
    `details` holds the wide columns that only texts and evidence need, keyed by `row` and `rule_id`; it is
    joined only to findings that are written out. Both keep a million mostly empty rows cheap.
    """

    name: str
    rules: Mapping[str, RuleCode]
    signals: Callable[[pl.DataFrame], pl.DataFrame | None] = no_frame
    details: Callable[[pl.DataFrame], pl.DataFrame | None] = no_frame


@dataclass(frozen=True, slots=True)
class Branch:
    """The data of one branch of one rule. `material` opens a case although the outcome is not_evaluable."""

    name: str
    outcome: str
    reason: str
    question: str | None = None
    material: bool = False
    missing: str | None = None
    recommendation: str | None = None
    severity: int | None = None


def branch_of(rule_id: str, family: str, name: str) -> Branch:
    """Return the data of a branch: the rule's own words over its family's (`_`) over the common ones.

    >>> branch_of("RF28", "training", "below").outcome
    'not_raised'
    """
    book = texts(family)
    layers = (texts("common")["_"], book.get("_", {}), book.get(rule_id, {}))
    fields = {key: value for layer in layers for key, value in layer.get(name, {}).items()}
    return Branch(name=name, **fields)


def constants_of(rule_id: str) -> Mapping[str, str]:
    """Return the words that templates may name beside columns: the rule's and its list's own."""
    row = rules().row(by_predicate=pl.col("rule_id") == rule_id, named=True)
    words = {"title": row["title"], "citation": row["citation"]}
    of_list = table("lists").filter(pl.col("rule_id") == rule_id)
    if len(of_list):
        named = of_list.row(0, named=True)
        words |= {"list_name": named["name"], "effect": named["effect"], "ask": named["question"]}
    return MappingProxyType(words)


def choose(branches: Branches) -> pl.Expr:
    """Return the position of the first branch whose condition holds, as a small integer."""
    *conditional, last = enumerate(branches.values())
    chain: pl.Expr = pl.lit(last[0], pl.UInt8)
    for position, condition in reversed(conditional):
        chain = pl.when(condition).then(pl.lit(position, pl.UInt8)).otherwise(chain)
    return chain
