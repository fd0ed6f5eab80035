"""The plan of a day: everything about its rules that does not depend on customers, made once and cached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from screening.law import Law, PeriodOverride, law_on
from screening.redflags.registry import computed_rules
from screening.redflags.rule import Branch, choose, read_branch
from screening.redflags.weights import Weight, weights_on


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a day, ready to evaluate."""

    law: Law
    rules: tuple[tuple[Weight, tuple[Branch, ...]], ...]  # each rule's weight and its branches in order
    positions: tuple[pl.Expr, ...]  # of each rule, named by its id: the position of the branch that applies


@lru_cache(maxsize=32)
def plan_on(
    as_of: date,
    precautionary: frozenset[str] = frozenset(),
    overrides: tuple[PeriodOverride, ...] = (),
    only: frozenset[str] | None = None,
) -> Plan:
    """Return the plan of a day, for all rules or those in `only`.

    >>> len(plan_on(date(2026, 11, 22), only=frozenset({"RF28"})).rules)
    1
    """
    law = law_on(as_of, overrides)
    weights = weights_on(as_of, precautionary, overrides, only)
    tables = {weight.rule_id: computed_rules()[weight.rule_id](law) for weight in weights}
    return Plan(
        law=law,
        rules=tuple(
            (
                weight,
                tuple(read_branch(weight.rule_id, weight.family, name) for name in tables[weight.rule_id]),
            )
            for weight in weights
        ),
        positions=tuple(choose(branches).alias(rule_id) for rule_id, branches in tables.items()),
    )
