"""Training of large models: Red Flag 28 and the rules on controlled weights.

Supp. 3 to part 732 (28) with the notes to ECCN 4E091; 15 CFR 734.9(l); Supp. 10 to part 748, item 7. The facts hold the
operations added up per model over the ultimate parent's group; these rules compare them with the limits and combine
them with headquarters, weights and intent.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law, figure, policy_figure
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import lead
from screening.redflags.rules.headquarters import HQ, PARENT_HQ, parent_settled, settled, within
from screening.tables.cells import exactly

CONTROLLED = figure("controlled_training_ops")
"""Operations from which closed weights meet ECCN 4E091."""

NEAR = int(policy_figure("near_training_ops"))
"""From here on a figure below the limit is named as near it; our choice, not the rule's."""

WATCHED = int(policy_figure("watched_training_ops"))


def _at_least(count: int) -> pl.Expr:
    return (pl.col("training_ops") >= exactly(count)).fill_null(False)


def _inside(law: Law) -> frozenset[str]:
    return law.places.supp_5a - law.places.offshore


def _both_headquarters_inside(law: Law) -> pl.Expr:
    return within(HQ, _inside(law)) & within(PARENT_HQ, _inside(law)) & parent_settled(law)


def _no_training() -> Branches:
    training = pl.col("training_activity")
    return {
        "no_activity_data": training.is_null() & pl.col("training_ops").is_null(),
        "no_training": ~training & pl.col("training_ops").is_null(),
    }


def _weights_not_controlled() -> Branches:
    """Return, in order, the branches in which the weights are not controlled or may not be."""
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


def _weights_closed() -> pl.Expr:
    return pl.col("weights_published").is_in(["no", "planned"]).fill_null(False)


def _training_outside_the_19(law: Law) -> Branches:
    """RF28: training of closed weights of 10^26 operations or more for a customer outside the 19 destinations."""
    outside = settled(law) - _inside(law)
    intends = pl.col("intends_export")
    return {
        **_no_training(),
        "inside": _both_headquarters_inside(law),
        **_weights_not_controlled(),
        "place_unknown": ~(within(HQ, outside) | within(PARENT_HQ, outside)),
        "weights_unknown": ~_weights_closed(),
        "export_without_evidence": (intends == "yes") & pl.col("licence_or_notice_evidence").is_null(),
        "export_with_evidence": intends == "yes",
        "says_no_export": intends == "no",
        "export_unknown": ALWAYS,
    }


def _weights_controlled(law: Law) -> Branches:
    """WEIGHTS_4E091: controlled wherever they go and whoever trains them (15 CFR 742.6(a)(13))."""
    return {
        **_no_training(),
        **_weights_not_controlled(),
        "weights_unknown": ~_weights_closed(),
        "controlled": ALWAYS,
    }


def _weights_made_abroad(law: Law) -> Branches:
    """WEIGHTS_FDP: foreign-made weights from plant that is itself subject to the EAR (15 CFR 734.9(l))."""
    sites = pl.col("training_sites")
    home = sorted(law.places.united_states)
    abroad = sites.list.set_difference(home).list.len() > 0
    return {
        **_no_training(),
        **_weights_not_controlled(),
        "weights_unknown": ~_weights_closed(),
        "abroad": abroad.fill_null(False),
        "site_unknown": sites.is_null() | (sites.list.len() == 0),
        "at_home": ALWAYS,
    }


def _fine_tuning_over_quarter(law: Law) -> Branches:
    """IAAS_FINE_TUNE_25: fine-tuning of a controlled model by more than a quarter of its training."""
    rule = "IAAS_FINE_TUNE_25"
    return {
        "no_activity_data": pl.col("training_activity").is_null(),
        "no_training": ~pl.col("training_activity"),
        "inside": (lead(rule, "over") | lead(rule, "base_unknown")) & _both_headquarters_inside(law),
        "over": lead(rule, "over"),
        "base_unknown": lead(rule, "base_unknown"),
        "within": lead(rule, "within"),
        "not_controlled": ALWAYS,
    }


def _operations_near_a_limit(law: Law) -> Branches:
    """G22: operations at or on the way to 1e25 or 1e26."""
    return {
        **_no_training(),
        "published": pl.col("weights_published") == "yes",
        "reached_1e26": _at_least(CONTROLLED),
        "heading_1e26": _at_least(NEAR) | pl.col("forecast_1e26").is_not_null(),
        "reached_1e25": _at_least(WATCHED),
        "heading_1e25": pl.col("forecast_1e25").is_not_null(),
        "operations_unknown": pl.col("training_ops").is_null(),
        "quiet": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on training."""
    return {
        "RF28": _training_outside_the_19,
        "WEIGHTS_4E091": _weights_controlled,
        "WEIGHTS_FDP": _weights_made_abroad,
        "IAAS_FINE_TUNE_25": _fine_tuning_over_quarter,
        "G22": _operations_near_a_limit,
    }
