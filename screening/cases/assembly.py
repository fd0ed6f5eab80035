"""Cases from findings: one row a flagged customer, everything a reader needs nested in it."""

from __future__ import annotations

import hashlib

import polars as pl

from screening.law import table
from screening.tables.outputs import CASES

FINDING, MATCH, PATH = (
    tuple(field.name for field in CASES.column(name).fields) for name in ("findings", "matches", "paths")
)
"""What the findings, matches and paths of a case quote."""


def case_id(customer_id: str) -> str:
    """Return the id of a customer's case: the same in every run, and safe in a path or an address.

    >>> case_id("42")
    'C-fb1537b27530'
    """
    return "C-" + hashlib.blake2b(customer_id.encode(), digest_size=6).hexdigest()


def with_case_id(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `case_id` in front of a frame that has `customer_id`."""
    customers = frame["customer_id"].unique().sort()
    ids = pl.DataFrame(
        {"customer_id": customers, "case_id": [case_id(value) for value in customers]},
        schema={"customer_id": pl.String(), "case_id": pl.String()},
    )
    joined = frame.join(ids, on="customer_id", how="left", maintain_order="left")
    return joined.select("case_id", *frame.columns)


def assemble_cases(
    customers: pl.DataFrame,
    findings: pl.DataFrame,
    matches: pl.DataFrame,
    restricted: pl.DataFrame,
    not_checked: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row for each customer with a finding, most severe first.

    `findings`: rows that open a case. `matches`: customer_id and the columns of `MATCH`. `restricted`: customer_id
    and the columns of `PATH`. `not_checked`: customer_id, not_checked. Out: case_id, customer_id, name, recommendation,
    severity, findings, matches, paths, questions, not_checked. The customer's own paths go before those of others.
    """
    ranked = findings.join(
        table("recommendations").select("recommendation", "rank"),
        on="recommendation",
        how="left",
        maintain_order="left",
    ).sort("customer_id", "severity", "rank", "rule_id", descending=[False, True, True, False])
    heads = ranked.group_by("customer_id", maintain_order=True).agg(
        pl.col("recommendation").sort_by("rank", descending=True, maintain_order=True).first(),
        pl.col("severity").max(),
        pl.struct(FINDING).alias("findings"),
        pl.col("question").drop_nulls().unique(maintain_order=True).alias("questions"),
    )
    best_first = matches.sort("customer_id", "score", "party_id", descending=[False, True, False])
    ways = restricted.filter(pl.col("path").is_not_null()).sort(
        "customer_id", "role", "regime", "counterparty", "path"
    )
    cases = (
        heads.join(customers.select("customer_id", "name"), on="customer_id", how="left")
        .join(_nested(best_first, MATCH, "matches"), on="customer_id", how="left")
        .join(_nested(ways, PATH, "paths"), on="customer_id", how="left")
        .join(not_checked, on="customer_id", how="left")
        .with_columns(pl.col("matches", "paths", "not_checked").fill_null([]))
        .sort("severity", "customer_id", descending=[True, False])
    )
    return with_case_id(cases).select(
        *("case_id", "customer_id", "name", "recommendation", "severity"),
        *("findings", "matches", "paths", "questions", "not_checked"),
    )


def _nested(frame: pl.DataFrame, columns: tuple[str, ...], name: str) -> pl.DataFrame:
    """Gather the rows of each customer into one list of structs, in their present order."""
    return frame.group_by("customer_id", maintain_order=True).agg(pl.struct(columns).alias(name))
