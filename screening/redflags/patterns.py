"""Patterns: which branch of each rule applies to a customer. A book of a million has a few thousand of them.

What depends on the pattern alone (coverage, most of what was not checked) is worked out once for each. A pattern is a
string of bytes, one for each rule of the plan in order: the position of the branch. Its key is a hash of these bytes,
so that patterns of several frames can be put together; it means something only under the plan that made it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from screening.redflags.plan import Plan
from screening.redflags.rule import Branch, rule_constants
from screening.redflags.weights import Weight
from screening.redflags.wording import open_template
from screening.tables.outputs import BRANCHES, COVERAGE, PATTERNS


def find_patterns(positions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pattern of each row (row, pattern; sorted) and the distinct patterns (columns of `PATTERNS`).

    `positions`: row, and a column for each rule of the plan with the position of the branch that applies.
    """
    rules = pl.exclude("row")
    groups = positions.group_by(rules).agg(pl.col("row"))
    branches = [bytes(each) for each in groups.select(rules).iter_rows()] if groups.width > 1 else []
    keys = [int.from_bytes(hashlib.blake2b(each, digest_size=8).digest(), "little") for each in branches]
    distinct = pl.DataFrame({"pattern": keys, "branches": branches}, schema=PATTERNS.schema())
    rows = groups.select("row")
    rows = rows.with_columns(distinct["pattern"]) if keys else rows.with_columns(pattern=None)
    return rows.explode("row").sort("row").cast({"pattern": pl.UInt64}), distinct.sort("pattern")


def count_patterns(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Count the customers of each pattern: pattern, customers.

    `parts`: frames with a column `pattern`, one row a customer, in any division of the customers.

    >>> count_patterns([pl.DataFrame({"pattern": [7, 7]}), pl.DataFrame({"pattern": [7]})]).rows()
    [(7, 3)]
    """
    counted = [part.group_by("pattern").agg(customers=pl.len()) for part in parts]
    return pl.concat(counted).group_by("pattern").agg(pl.col("customers").sum())


def coverage(counted: pl.DataFrame, patterns: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Return for how many customers each branch of each rule applies: columns of `COVERAGE`, sorted.

    `counted`: as from `count_patterns`. `patterns`: as `PATTERNS`; the same one may occur twice.
    """
    found = patterns.unique("pattern").join(counted, on="pattern")
    customers = found["customers"].to_numpy()
    counts = []
    for (weight, branches), positions in zip(plan.rules, _by_rule(found["branches"], plan), strict=True):
        sizes = np.bincount(positions, weights=customers, minlength=len(branches)).astype(np.int64)
        counts += [
            (weight.rule_id, branch.outcome, branch.name, branch.missing, weight.status, size)
            for branch, size in zip(branches, sizes.tolist(), strict=True)
            if size
        ]
    rows = pl.DataFrame(counts, schema=pl.Schema(COVERAGE.schema()), orient="row")
    return rows.sort(COVERAGE.key)


def branches(plan: Plan) -> pl.DataFrame:
    """Return what the bytes of patterns stand for under a plan: columns of `BRANCHES`, sorted.

    >>> from datetime import date
    >>> from screening.redflags.plan import plan_on
    >>> branches(plan_on(date(2026, 11, 22), only=frozenset({"RF29"})))["outcome"].unique().sort().to_list()
    ['not_applicable', 'not_evaluable', 'not_raised', 'raised']
    """
    rows = [
        (place, position, weight.rule_id, branch.outcome, branch.name, branch.missing, weight.status,
         weight.opens_case(branch), open_template(branch.reason, rule_constants(weight.rule_id)))
        for place, (weight, each) in enumerate(plan.rules)
        for position, branch in enumerate(each)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=pl.Schema(BRANCHES.schema()), orient="row")


def unevaluated_branches(
    patterns: pl.DataFrame, plan: Plan
) -> Iterator[tuple[Weight, Branch, int, np.ndarray]]:
    """Yield every branch in the patterns that says "not evaluable" and opens no case.

    Yields the rule's weight, the branch, its position, and the numbers of the patterns in which it applies.
    """
    for (weight, branches), positions in zip(plan.rules, _by_rule(patterns["branches"], plan), strict=True):
        for position in np.unique(positions).tolist():
            branch = branches[position]
            if branch.outcome == "not_evaluable" and not weight.opens_case(branch):
                yield weight, branch, position, np.flatnonzero(positions == position)


def _by_rule(branches: pl.Series, plan: Plan) -> np.ndarray:
    """Return the positions as an array of rules by patterns."""
    flat = np.frombuffer(b"".join(branches.to_list()), dtype=np.uint8)
    return flat.reshape(len(branches), len(plan.rules)).T
