"""Patterns: which line of each rule spoke for a customer. A book of a million has a few thousand.

What depends on the pattern alone (coverage, most of what was not checked) is worked out once for each. A pattern is
bytes, one a rule in the order of the plan: the position of the branch. Its key is a hash of them, so that patterns of
several frames may be put together; it means something only under the plan that made it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import polars as pl

from screening.redflags.plan import Plan

PATTERNS: Mapping[str, pl.DataType] = {"pattern": pl.UInt64(), "branches": pl.Binary()}
COVERAGE: Mapping[str, pl.DataType] = {
    "rule_id": pl.String(),
    "outcome": pl.String(),
    "branch": pl.String(),
    "missing": pl.String(),
    "rule_status": pl.String(),
    "customers": pl.Int64(),
}


def find_patterns(chosen: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pattern of each row (row, pattern; sorted) and the distinct patterns (columns of `PATTERNS`).

    `chosen`: row, and a column for each rule of the plan with the position of the branch that spoke.
    """
    rules = pl.exclude("row")
    groups = chosen.group_by(rules).agg(pl.col("row"))
    branches = (
        [bytes(positions) for positions in groups.select(rules).iter_rows()] if groups.width > 1 else []
    )
    keys = [int.from_bytes(hashlib.blake2b(each, digest_size=8).digest(), "little") for each in branches]
    known = pl.DataFrame({"pattern": keys, "branches": branches}, schema=PATTERNS)
    each = groups.select("row").with_columns(known["pattern"]) if keys else groups.select("row", pattern=None)
    return each.explode("row").sort("row").cast({"pattern": pl.UInt64}), known.sort("pattern")


def count_patterns(answers: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Count the customers of each pattern: pattern, customers. `answers`: pattern, one row a customer, in any division.

    >>> count_patterns([pl.DataFrame({"pattern": [7, 7]}), pl.DataFrame({"pattern": [7]})]).rows()
    [(7, 3)]
    """
    counted = [part.group_by("pattern").agg(customers=pl.len()) for part in answers]
    return pl.concat(counted).group_by("pattern").agg(pl.col("customers").sum())


def coverage(shares: pl.DataFrame, patterns: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Return how many customers each rule answered how, sorted: columns of `COVERAGE`.

    `shares`: as from `count_patterns`. `patterns`: as `PATTERNS`; one may stand twice.
    """
    found = patterns.unique("pattern").join(shares, on="pattern")
    customers = found["customers"].to_numpy()
    counts = []
    for place, positions in enumerate(_columns(found["branches"], len(plan.rules))):
        weight, branches = plan.rules[place]
        sizes = np.bincount(positions, weights=customers, minlength=len(branches)).astype(np.int64)
        counts += [
            (weight.rule_id, branch.outcome, branch.name, branch.missing, weight.status, size)
            for branch, size in zip(branches, sizes.tolist(), strict=True)
            if size
        ]
    told = pl.DataFrame(counts, schema=pl.Schema(COVERAGE), orient="row")
    return told.sort([column for column in COVERAGE if column != "customers"])


def open_lines(patterns: pl.DataFrame, plan: Plan) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield rule, branch and a mark a pattern, for every branch that says "not evaluable" and opens no case."""
    for place, positions in enumerate(_columns(patterns["branches"], len(plan.rules))):
        weight, branches = plan.rules[place]
        for position in np.unique(positions).tolist():
            branch = branches[position]
            if branch.outcome == "not_evaluable" and not weight.opens_case(branch):
                yield place, position, positions == position


def _columns(branches: pl.Series, rules: int) -> np.ndarray:
    """Return the positions as an array of rules by patterns."""
    return np.frombuffer(b"".join(branches.to_list()), dtype=np.uint8).reshape(len(branches), rules).T
