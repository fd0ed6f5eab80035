"""Red Flag 28: help in training closed weights of 10^26 operations or more for customers outside the 19.

Supp. 3 to part 732 (28) with the notes to ECCN 4E091. The operations are added up before, per model over the ultimate
parent's group (`screening.redflags.facts.operations`); here they meet headquarters, weights and intent.
"""

from __future__ import annotations

from types import MappingProxyType

import polars as pl

from screening.redflags.countries import Countries
from screening.redflags.facts.columns import OPERATIONS
from screening.redflags.headquarters import HQ, PARENT_HQ, parent_settled, settled, within
from screening.redflags.rule import ALWAYS, Branches, Family

CONTROLLED = 10**26
"""Operations from which closed weights meet ECCN 4E091."""

NEAR = CONTROLLED // 2
"""From here on a figure below the limit is named as near it; our choice, not the rule's."""


def exactly(count: int) -> pl.Expr:
    """Return a literal of operations, exact beyond 64 bits."""
    return pl.lit(count, dtype=OPERATIONS)


def _red_flag_28(law: Countries) -> Branches:
    inside = law.supp_5a - law.offshore
    outside = settled(law) - inside
    operations = pl.col("training_ops")
    enough = (operations >= exactly(CONTROLLED)).fill_null(False)
    somewhere_outside = within(HQ, outside) | within(PARENT_HQ, outside)
    weights, intends = pl.col("weights_published"), pl.col("intends_export")
    evidence = pl.col("licence_or_notice_evidence").is_not_null()
    return {
        "no_activity_data": pl.col("training_activity").is_null() & operations.is_null(),
        "no_training": ~pl.col("training_activity") & operations.is_null(),
        "inside": within(HQ, inside) & within(PARENT_HQ, inside) & parent_settled(law),
        "published": weights == "yes",
        "derived": pl.col("derived_exempt") == "yes",
        "problem": pl.col("training_problem").is_not_null() & ~enough,
        "operations_unknown": operations.is_null(),
        "model_unknown": ~enough & (pl.col("training_ops_nameless") >= exactly(CONTROLLED)),
        "operations_incomplete": ~enough & pl.col("training_ops_incomplete"),
        "near": ~enough & (operations >= exactly(NEAR)),
        "below": ~enough,
        "base_unknown": pl.col("derived_exempt") == "unknown",
        "place_unknown": ~somewhere_outside,
        "weights_unknown": ~weights.is_in(["no", "planned"]).fill_null(False),
        "export_without_evidence": (intends == "yes") & ~evidence,
        "export_with_evidence": (intends == "yes"),
        "says_no_export": intends == "no",
        "export_unknown": ALWAYS,
    }


TRAINING = Family(name="training", rules=MappingProxyType({"RF28": _red_flag_28}))
