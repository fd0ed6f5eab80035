"""How rules that live on leads and answers are put together.

A machine that sees nothing has not settled a question that takes a person: without an answer such a rule is
"not evaluable", whatever the detectors say. A rule whose detector sees all that there is to see may say "not raised".
"""

from __future__ import annotations

from functools import partial

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule, lead_branches


def lead(rule_id: str, name: str) -> pl.Expr:
    """Return whether a detector or ledger reported this branch."""
    return pl.col(f"lead_{rule_id}_{name}")


def lead_conditions(rule_id: str) -> Branches:
    """Return the leads of a rule, in the order of its page of texts."""
    return {name: lead(rule_id, name) for name in lead_branches(rule_id)}


def answered(rule_id: str, answer: str) -> pl.Expr:
    """Return whether the answer that counts is this one."""
    return pl.col(f"answer_{rule_id}") == answer


def idle() -> pl.Expr:
    """Return whether we know of no activity and no transaction, having been told of at least one of the two."""
    active, trades = pl.col("has_activity"), pl.col("has_transactions")
    return ~active.fill_null(False) & ~trades.fill_null(False) & (active.is_not_null() | trades.is_not_null())


def opened(rule_id: str) -> Branches:
    """Return the branches that an answer raises."""
    return {
        "answered_yes": answered(rule_id, "yes"),
        "refused": answered(rule_id, "refused"),
        "contradicting": answered(rule_id, "contradicting"),
    }


def asked(law: Law, rule_id: str, before: Branches | None = None) -> Branches:
    """Return a rule that a person answers: computed branches first, then leads, then the answer, else not answered."""
    return {
        **(before or {}),
        **lead_conditions(rule_id),
        **opened(rule_id),
        "answered_no": answered(rule_id, "no"),
        "idle": idle(),
        "not_answered": ALWAYS,
    }


def detected(law: Law, rule_id: str, source: str, before: Branches | None = None) -> Branches:
    """Return a rule that the detector on one table settles; `source` is the column that says the table was given.

    A blank address and an untraced ownership are missing data; they are never known to be absent.
    """
    told = pl.col(source)
    nothing = {} if source in ("has_address", "ownership_traced") else {"nothing_on_record": ~told}
    return {
        **(before or {}),
        **lead_conditions(rule_id),
        **opened(rule_id),
        "answered_no": answered(rule_id, "no"),
        "no_data": told.is_null(),
        **nothing,
        "quiet": ALWAYS,
    }


def ask(rule_id: str) -> Rule:
    """Return the code of a rule that only leads and a person's answer decide."""
    return partial(asked, rule_id=rule_id)


def detect(rule_id: str, source: str) -> Rule:
    """Return the code of a rule that one detector settles."""
    return partial(detected, rule_id=rule_id, source=source)
