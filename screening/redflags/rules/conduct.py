"""Red flags on how a customer behaves and what it orders (Supp. 3 to part 732).

Most of them only a person can settle: a lead or an answer raises them, and without either they stay unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.facts.age import young_since
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, ask, detect, idle, opened

_ASKED = (
    "RF01", "RF02", "RF03", "RF06", "RF07", "RF12", "RF13", "RF15", "RF16",
    "RF17", "RF18", "RF20", "RF22", "RF23", "RF26", "RF27",
)  # fmt: skip


def _young_firm(law: Law) -> Branches:
    """RF04: founded a short while ago and already a customer. A person has no founding day."""
    founded = pl.col("incorporated_on")
    return {
        "person": pl.col("party_type") == "person",
        "idle": idle(),
        "future": founded > law.as_of,
        "young": founded > young_since(law.as_of),
        **opened("RF04"),
        "answered_no": answered("RF04", "no"),
        "no_date": founded.is_null(),
        "older": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the red flags on conduct."""
    return {
        **{rule_id: ask(rule_id) for rule_id in _ASKED},
        "RF04": _young_firm,
        "RF05": ask("RF05"),
        "RF24": detect("RF24", "has_connections"),
        "RF25": detect("RF25", "has_transactions"),
    }
