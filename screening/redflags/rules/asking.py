"""How rules that rest on leads and on people's answers are put together.

Some questions only a person can settle: without an answer such a rule is "not evaluable", also where no detector found
anything (`asked`). Other rules are settled by a detector that reads everything there is to read: where it finds nothing
the rule is "not raised" (`detected`).
"""

from __future__ import annotations

from functools import partial

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule, lead_branches


def lead(rule_id: str, name: str) -> pl.Expr:
    """Return whether a detector or a ledger reported this branch of a rule."""
    return pl.col(f"lead_{rule_id}_{name}")


def lead_conditions(rule_id: str) -> Branches:
    """Return the branches of a rule that are reported, in the order of its page of texts."""
    return {name: lead(rule_id, name) for name in lead_branches(rule_id)}


def answered(rule_id: str, answer: str) -> pl.Expr:
    """Return whether this is the current answer to a rule's question."""
    return pl.col(f"answer_{rule_id}") == answer


def idle() -> pl.Expr:
    """Return whether a customer neither uses nor orders anything, as far as the tables that were given say."""
    active, trades = pl.col("has_activity"), pl.col("has_transactions")
    return ~active.fill_null(False) & ~trades.fill_null(False) & (active.is_not_null() | trades.is_not_null())


def opened(rule_id: str) -> Branches:
    """Return the branches that an answer opens."""
    return {
        "answered_yes": answered(rule_id, "yes"),
        "refused": answered(rule_id, "refused"),
        "contradicting": answered(rule_id, "contradicting"),
    }


def asked(law: Law, rule_id: str, before: Branches | None = None) -> Branches:
    """Return a rule that a person settles: the branches `before`, then leads, then the answer, else not answered."""
    return {
        **(before or {}),
        **lead_conditions(rule_id),
        **opened(rule_id),
        "answered_no": answered(rule_id, "no"),
        "idle": idle(),
        "not_answered": ALWAYS,
    }


def detected(law: Law, rule_id: str, source: str, before: Branches | None = None) -> Branches:
    """Return a rule that the detector on one table settles.

    `source`: the column that says whether the table was given. A blank address and ownership that was not traced are
    missing data: nobody knows that there is none.
    """
    given = pl.col(source)
    nothing = {} if source in ("has_address", "ownership_traced") else {"nothing_on_record": ~given}
    return {
        **(before or {}),
        **lead_conditions(rule_id),
        **opened(rule_id),
        "answered_no": answered(rule_id, "no"),
        "no_data": given.is_null(),
        **nothing,
        "quiet": ALWAYS,
    }


def ask(rule_id: str) -> Rule:
    """Return a rule that only leads and a person's answer decide."""
    return partial(asked, rule_id=rule_id)


def detect(rule_id: str, source: str) -> Rule:
    """Return a rule that one detector settles."""
    return partial(detected, rule_id=rule_id, source=source)
