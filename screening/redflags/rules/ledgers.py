"""The compute ledgers as rules: `screening.compute` works out the results, the texts say what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import detected, lead_conditions

LEDGERS = (
    "COUNTRY_CAP", "NVEU_CAP", "UVEU_25", "UVEU_7", "UVEU_50", "VEU_ELIGIBILITY", "LPP_CAP", "AIA_REPORT", "ACM",
)  # fmt: skip


def _ledger_result(law: Law, rule_id: str) -> Branches:
    return {
        **lead_conditions(rule_id),
        "no_data": pl.col("has_activity").is_null(),
        "nothing_to_count": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on compute ledgers, and G23 on accelerators of Chinese makers."""
    ledgers = {rule_id: partial(_ledger_result, rule_id=rule_id) for rule_id in LEDGERS}
    return {**ledgers, "G23": partial(detected, rule_id="G23", source="has_activity")}
