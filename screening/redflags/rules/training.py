"""Training of large models: Red Flag 28 and the rules on controlled weights.

Supp. 3 to part 732 (28) with the notes to ECCN 4E091; 15 CFR 734.9(l); Supp. 10 to part 748, item 7. The facts hold the
operations added up per model over the ultimate parent's group, and what leased or ordered parts could do; these rules
compare them with the limits and combine them with headquarters, weights and intent. Where a service is resold, the
entity for which the model is trained counts, and not the reseller.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law, figure, policy_figure
from screening.redflags.leads.word_patterns import mentions
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, lead
from screening.redflags.rules.headquarters import HQ, PARENT_HQ, d5_or_macau, parent_settled, settled, within
from screening.redflags.rules.military import MILITARY_WORDS
from screening.tables.cells import exactly

CONTROLLED = figure("controlled_training_ops")
"""Operations from which closed weights meet ECCN 4E091."""

NEAR = int(policy_figure("near_training_ops"))
"""From here on a figure below the limit is named as near it; our choice, not the rule's."""

MILITARY = tuple(kind for kinds in MILITARY_WORDS.values() for kind in kinds)
"""Kinds of words that tell of a military or a military-intelligence end user."""

WATCHED = int(policy_figure("watched_training_ops"))


def _at_least(count: int) -> pl.Expr:
    return (pl.col("training_ops") >= exactly(count)).fill_null(False)


def _inside(law: Law) -> frozenset[str]:
    return law.places.supp_5a - law.places.offshore


def _both_headquarters_inside(law: Law) -> pl.Expr:
    return within(HQ, _inside(law)) & within(PARENT_HQ, _inside(law)) & parent_settled(law)


def _served_inside(law: Law, prefix: str) -> pl.Expr:
    """Return whether all for whom it is done are inside the 19: the customer, unless all is resold, and end users."""
    own = _both_headquarters_inside(law) | ~_own_use(prefix)
    users = pl.col(f"{prefix}_end_user_countries")
    strangers = users.list.set_difference(sorted(_inside(law))).list.len() > 0
    return own & ~strangers.fill_null(False) & ~_user_unknown(prefix)


def _served_outside(law: Law, prefix: str) -> pl.Expr:
    """Return whether somebody for whom it is done is certainly outside the 19."""
    outside = settled(law) - _inside(law)
    own = (within(HQ, outside) | within(PARENT_HQ, outside)) & _own_use(prefix)
    return own | _users_within(prefix, outside)


def _own_use(prefix: str) -> pl.Expr:
    return pl.col(f"{prefix}_own_use").fill_null(True)


def _user_unknown(prefix: str) -> pl.Expr:
    return pl.col(f"{prefix}_end_user_unknown").fill_null(False)


def _users_within(prefix: str, codes: frozenset[str]) -> pl.Expr:
    users = pl.col(f"{prefix}_end_user_countries")
    return (users.list.set_intersection(sorted(codes)).list.len() > 0).fill_null(False)


def _could_do(column: str, count: int) -> pl.Expr:
    return (pl.col(column) >= float(count)).fill_null(False)


def _capacity_for_the_limit(law: Law) -> Branches:
    """Return the branches of RF28 on leased or ordered parts that could train a controlled model.

    They say nothing where the operations on record reach the limit by themselves: an estimate never adds to a count.
    """
    wanted = ~_at_least(CONTROLLED) & ~_served_inside(law, "capacity")
    possible = wanted & _could_do("capacity_upper", CONTROLLED)
    return {
        "capacity_resold": possible & _user_unknown("capacity") & ~_served_outside(law, "capacity"),
        "capacity_inference_claim": possible & (pl.col("capacity_use") == "inference"),
        "capacity_likely": wanted & _could_do("capacity_central", CONTROLLED),
        "capacity_possible": possible,
    }


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
        "synthetic_unreadable": ~enough & pl.col("training_synthetic_unread").fill_null(False),
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
    intends = pl.col("intends_export")
    leases = pl.col("capacity_upper").is_not_null()
    trains = pl.col("training_activity").fill_null(False) | pl.col("training_ops").is_not_null()
    idle = _no_training()
    outside = _served_outside(law, "training")
    return {
        "no_activity_data": idle["no_activity_data"] & ~leases,
        "no_training": idle["no_training"] & ~leases,
        **_capacity_for_the_limit(law),
        "inside": pl.when(trains)
        .then(_served_inside(law, "training"))
        .otherwise(_served_inside(law, "capacity")),
        "capacity_watch": ~trains & _could_do("capacity_upper", WATCHED),
        "cannot_reach": ~trains,
        **_weights_not_controlled(),
        "resold_user_unknown": _user_unknown("training") & ~outside,
        "place_unknown": ~outside,
        "weights_unknown": ~_weights_closed(),
        "says_no_export": intends == "no",
        "export_with_evidence": (intends == "yes") & pl.col("licence_or_notice_evidence").is_not_null(),
        "customer_told": pl.col("customer_told").is_not_null(),
        "exception_not_open": pl.col("exception_named").is_not_null(),
        "export_without_evidence": intends == "yes",
        "export_unknown": ALWAYS,
    }


def _weights_controlled(law: Law) -> Branches:
    """WEIGHTS_4E091: controlled wherever they go and whoever trains them (15 CFR 742.6(a)(13)).

    License Exception AIA is open to entities of the 19 (740.27). Note 2 excludes a model that is less capable than the
    best published one: a claim, until BIS has classified it (748.3).
    """
    claims_less = (pl.col("capability_claim") == "yes").fill_null(False)
    return {
        **_no_training(),
        **_weights_not_controlled(),
        "weights_unknown": ~_weights_closed(),
        "exception_named": (pl.col("exception_named") == "AIA")
        & _served_inside(law, "training")
        & _kept_inside(law),
        "classified_outside": claims_less & pl.col("classification_ref").is_not_null(),
        "excluded_note2": claims_less,
        "controlled": ALWAYS,
    }


def _kept_inside(law: Law) -> pl.Expr:
    """Return whether every known site of the training is among the 19, and one is known."""
    sites = pl.col("training_sites")
    strangers = sites.list.set_difference(sorted(_inside(law))).list.len()
    return ((sites.list.len() > 0) & (strangers == 0)).fill_null(False)


def _weights_made_abroad(law: Law) -> Branches:
    """WEIGHTS_FDP: foreign-made weights from plant that is itself subject to the EAR (15 CFR 734.9(l))."""
    sites = pl.col("training_sites")
    home = sorted(law.places.united_states)
    makers = pl.col("training_chip_makers")
    # 734.9(l) needs plant that holds listed chips; those that China designs itself raise G23.
    foreign = makers.list.set_difference(sorted(law.places.d5_or_macau)).list.len()
    own_makers = (makers.list.len() > 0) & (foreign == 0) & ~pl.col("training_chips_unknown").fill_null(True)
    abroad = sites.list.set_difference(home).list.len() > 0
    return {
        **_no_training(),
        **_weights_not_controlled(),
        "weights_unknown": ~_weights_closed(),
        "not_by_plant": own_makers & pl.col("derived_exempt").is_null(),
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


def _training_for_d5_or_macau(law: Law) -> Branches:
    """AI_TRAIN_POLICY: compute that trains models for parties headquartered in D:5 or Macau.

    BIS policy statement of 2025-05-13 on 15 CFR 744.6, 744.22 and 744.23: no number of operations; what counts is
    knowledge that the model serves weapons of mass destruction or military intelligence.
    """
    rule = "AI_TRAIN_POLICY"
    there = law.places.d5_or_macau
    serves = d5_or_macau(law) | _users_within("training", there) | _users_within("capacity", there)
    size = int(policy_figure("d5_training_ops"))
    leases = _could_do("capacity_upper", size)
    idle = _no_training()
    settled_elsewhere = within(HQ, settled(law)) & parent_settled(law)
    unsettled = _user_unknown("training") | _user_unknown("capacity") | ~settled_elsewhere
    return {
        "no_activity_data": idle["no_activity_data"] & ~leases,
        "no_training": idle["no_training"] & ~leases,
        "knowledge": serves & (answered(rule, "yes") | mentions(pl.col("segment"), *MILITARY)),
        "refused": serves & answered(rule, "refused"),
        "d5_training": serves & (leases | _at_least(size) | pl.col("training_ops").is_null()),
        "small": serves,
        "seat_unknown": unsettled,
        "elsewhere": ALWAYS,
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
        "AI_TRAIN_POLICY": _training_for_d5_or_macau,
        "G22": _operations_near_a_limit,
    }
