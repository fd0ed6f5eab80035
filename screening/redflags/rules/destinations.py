"""Where goods and machines go: destination licences for chips, part 746 of the EAR, regions, and the country chart.

Each place of each shipment answers by itself (`screening.redflags.destinations`); the strictest answer is the
customer's. Remote use ships nothing: for it the rules on headquarters and on embargoed countries speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.signals.shipments import strictest_first

FALLBACK = {
    "DEST_ADVCHIP": "nothing_on_record",
    "DEST_EMBARGO": "elsewhere",
    "DEST_REGION": "elsewhere",
    "DEST_CHART": "nothing_on_record",
}
"""The branch of a customer none of whose shipments concerns the rule."""


def _by_place(law: Law, rule_id: str) -> Branches:
    last = FALLBACK[rule_id]
    lines = {name: pl.col(f"line_{rule_id}") == name for name in strictest_first(rule_id) if name != last}
    without = {"no_address": ~pl.col("has_delivery_address")} if rule_id == "DEST_REGION" else {}
    no_data = pl.col("has_activity").is_null() & pl.col("has_transactions").is_null()
    return {**lines, "no_data": no_data, **without, last: ALWAYS}


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on destinations."""
    return {rule_id: partial(_by_place, rule_id=rule_id) for rule_id in FALLBACK}
