"""What every rule of the day answered for a customer: raised, not raised, not applicable, not evaluable."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.run.folder import Run

COUNTED_BY_A_PERSON = ("human", "planned")
"""Branches of rules that no code decides."""
CONTEXT = {
    "outcome": "context",
    "branch": None,
    "missing": None,
    "material": False,
    "reason": "Law that other rules rest on; it is not evaluated by itself.",
}
"""The answer of a rule of the day that is not evaluated for a customer."""


def rule_answers(run: Run, pattern: int) -> list[dict[str, Any]]:
    """Return the answer of each rule in the order of the rules of the day, then the rules that are context only.

    Keys: rule_id, status (on the day), citation, precautionary, outcome, branch, missing, material, reason.
    `pattern`: of the customer. What the bytes mean stands in the run itself, so that any later program reads it.
    """
    branches = run.scan("patterns").filter(pl.col("pattern") == pattern).collect()["branches"][0]
    chosen = pl.DataFrame(
        {"place": range(len(branches)), "position": list(branches)},
        schema={"place": pl.Int64, "position": pl.Int64},
    )
    answers = chosen.join(run.table("branches"), on=["place", "position"], how="left", maintain_order="left")
    rules = {row["rule_id"]: row for row in run.manifest["rules"]}
    context = [row for row in rules.values() if row["rule_id"] not in set(answers["rule_id"])]
    return [
        {
            "rule_id": row["rule_id"],
            "status": row["rule_status"],
            "citation": rules.get(row["rule_id"], {}).get("citation"),
            "precautionary": bool(rules.get(row["rule_id"], {}).get("precautionary")),
            **{name: row[name] for name in ("outcome", "branch", "missing", "material", "reason")},
        }
        for row in answers.iter_rows(named=True)
    ] + [
        {name: row[name] for name in ("rule_id", "status", "citation", "precautionary")} | CONTEXT
        for row in context
    ]


def not_evaluated(answers: list[dict[str, Any]]) -> list[str]:
    """Return what could not be evaluated, in sentences, one a reason, with the rules that it concerns.

    >>> answer = {"rule_id": "RF28", "outcome": "not_evaluable", "branch": "no_data", "reason": "No table."}
    >>> not_evaluated([answer, answer | {"rule_id": "ACM"}])
    ['No table. (ACM, RF28)']
    """
    by_reason: dict[str, set[str]] = {}
    for answer in answers:
        if answer["outcome"] == "not_evaluable":
            human = answer["branch"] in COUNTED_BY_A_PERSON
            reason = "For a person to judge, not computed." if human else answer["reason"]
            by_reason.setdefault(reason, set()).add(answer["rule_id"])
    return sorted(f"{reason} ({', '.join(sorted(rules))})" for reason, rules in by_reason.items())
