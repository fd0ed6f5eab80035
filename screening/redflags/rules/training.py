"""Training of large models: Red Flag 28 and the rules on controlled weights.

Supp. 3 to part 732 (28) with the notes to ECCN 4E091; 15 CFR 734.9(l); Supp. 10 to part 748, item 7. The operations
are added up before, per model over the ultimate parent's group; here they meet headquarters, weights and intent.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.facts.columns import exactly
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import lead
from screening.redflags.rules.headquarters import HQ, PARENT_HQ, parent_settled, settled, within

CONTROLLED = 10**26
"""Operations from which closed weights meet ECCN 4E091."""

NEAR = CONTROLLED // 2
"""From here on a figure below the limit is named as near it; our choice, not the rule's."""


def _at_least(count: int) -> pl.Expr:
    return (pl.col("training_ops") >= exactly(count)).fill_null(False)


def _inside(law: Law) -> frozenset[str]:
    return law.places.supp_5a - law.places.offshore


def _both_inside(law: Law) -> pl.Expr:
    return within(HQ, _inside(law)) & within(PARENT_HQ, _inside(law)) & parent_settled(law)


def _nothing() -> Branches:
    training = pl.col("training_activity")
    return {
        "no_activity_data": training.is_null() & pl.col("training_ops").is_null(),
        "no_training": ~training & pl.col("training_ops").is_null(),
    }


def _uncontrolled() -> Branches:
    """Return the branches in which the weights are not, or not known to be, controlled, in order."""
    enough = _at_least(CONTROLLED)
    return {
        "published": pl.col("weights_published") == "yes",
        "derived": pl.col("derived_exempt") == "yes",
        "problem": pl.col("training_problem").is_not_null() & ~enough,
        "operations_unknown": pl.col("training_ops").is_null(),
        "model_unknown": ~enough & (pl.col("training_ops_nameless") >= exactly(CONTROLLED)),
        "operations_incomplete": ~enough & pl.col("training_ops_incomplete"),
        "near": ~enough & _at_least(NEAR),
        "below": ~enough,
        "base_unknown": pl.col("derived_exempt") == "unknown",
    }


def _closed() -> pl.Expr:
    return pl.col("weights_published").is_in(["no", "planned"]).fill_null(False)


def _red_flag_28(law: Law) -> Branches:
    outside = settled(law) - _inside(law)
    intends = pl.col("intends_export")
    return {
        **_nothing(),
        "inside": _both_inside(law),
        **_uncontrolled(),
        "place_unknown": ~(within(HQ, outside) | within(PARENT_HQ, outside)),
        "weights_unknown": ~_closed(),
        "export_without_evidence": (intends == "yes") & pl.col("licence_or_notice_evidence").is_null(),
        "export_with_evidence": intends == "yes",
        "says_no_export": intends == "no",
        "export_unknown": ALWAYS,
    }


def _controlled_weights(law: Law) -> Branches:
    """15 CFR 742.6(a)(13): controlled wherever they go, whoever trains them."""
    return {**_nothing(), **_uncontrolled(), "weights_unknown": ~_closed(), "controlled": ALWAYS}


def _made_abroad(law: Law) -> Branches:
    """15 CFR 734.9(l): foreign-made weights from plant that is itself subject to the EAR."""
    sites = pl.col("training_sites")
    home = sorted(law.places.united_states)
    abroad = sites.list.set_difference(home).list.len() > 0
    return {
        **_nothing(),
        **_uncontrolled(),
        "weights_unknown": ~_closed(),
        "abroad": abroad.fill_null(False),
        "site_unknown": sites.is_null() | (sites.list.len() == 0),
        "at_home": ALWAYS,
    }


def _fine_tuning(law: Law) -> Branches:
    rule = "IAAS_FINE_TUNE_25"
    return {
        "no_activity_data": pl.col("training_activity").is_null(),
        "no_training": ~pl.col("training_activity"),
        "inside": (lead(rule, "over") | lead(rule, "base_unknown")) & _both_inside(law),
        "over": lead(rule, "over"),
        "base_unknown": lead(rule, "base_unknown"),
        "within": lead(rule, "within"),
        "not_controlled": ALWAYS,
    }


def _on_the_way(law: Law) -> Branches:
    """G22: operations at or on the way to 1e25 or 1e26."""
    return {
        **_nothing(),
        "published": pl.col("weights_published") == "yes",
        "reached_1e26": _at_least(CONTROLLED),
        "heading_1e26": _at_least(NEAR) | pl.col("forecast_1e26").is_not_null(),
        "reached_1e25": _at_least(CONTROLLED // 10),
        "heading_1e25": pl.col("forecast_1e25").is_not_null(),
        "operations_unknown": pl.col("training_ops").is_null(),
        "quiet": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the code of the rules on training."""
    return {
        "RF28": _red_flag_28,
        "WEIGHTS_4E091": _controlled_weights,
        "WEIGHTS_FDP": _made_abroad,
        "IAAS_FINE_TUNE_25": _fine_tuning,
        "G22": _on_the_way,
    }
