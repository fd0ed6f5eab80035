"""Ownership by listed parties, the duty of Red Flag 29, unclear owners, and shares just under half.

OFAC and SSI ask one question each. Three rules read the BIS result: the Affiliates rule, Red Flag 29, which needs an
owner on the Entity List or the MEU List (Supp. 8(a) to part 744), and the one that names the listed owner of a U.S.
company. All ask about the customer and about everybody it deals with.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law, policy_figure
from screening.redflags.party_effects import strictest_first
from screening.redflags.party_ownership import party_branches, stayed
from screening.redflags.rule import ALWAYS, Branches, Rule, lead_branches
from screening.redflags.rules.asking import detected, lead
from screening.redflags.rules.listing import remote_only
from screening.redflags.signals.blocked_ties import OWN, PARTY_BRANCHES
from screening.redflags.signals.cascade import UNCONFIRMED
from screening.tables.cells import exactly


def _owned_half_or_more(law: Law, regime: str, rule_id: str) -> Branches:
    """SDN_50 and SSI_50: as the ownership result says, of the customer and of its counterparties."""
    status = pl.col(f"{regime}_status")
    unclear = status == "indeterminate"
    unknown_holder = pl.col(f"{regime}_cause") == "holder_share_unknown"
    unexplained = {
        "restricted": status == "restricted",
        # a share sold on or after the listing stays a question (FAQ 402)
        **({name: lead(rule_id, name) for name in lead_branches(rule_id)}),
        "holder_share_unknown": unclear & unknown_holder,
        "remainder_unknown": unclear & ~unknown_holder.fill_null(False),
        UNCONFIRMED: _would_reach_half(regime),
    }
    return _strictest_leads(law, rule_id, unexplained, {"minority": status == "minority"})


def _tie_to_blocked_person(law: Law) -> Branches:
    """SDN_TIES: what blocked persons have below half (FAQ 398, 400). Where SDN_50 speaks, it is a line there.

    A small stake is a line of Red Flag 29 where that speaks of the same company.
    """
    tie, party = pl.col("tie"), pl.col("party_tie")
    half_rule_speaks = pl.col("ofac_status").is_in(["restricted", "indeterminate"]).fill_null(False)
    red_flag_29 = ~_american(law) & pl.col("bis_status").is_in(["minority", "indeterminate"]).fill_null(False)
    small = (tie == "small") & red_flag_29
    own = {name: (tie == name) & (~half_rule_speaks | (name == "dealing")) for name in OWN}
    own["small"] &= ~small
    unexplained = {**own, **{name: party == name for name in PARTY_BRANCHES}}
    return {
        "not_traced": pl.col("restricted").is_null(),
        **{name: unexplained[name] for name in strictest_first("SDN_TIES", unexplained)},
        "said_by_half_rule": half_rule_speaks,
        "said_by_red_flag_29": small.fill_null(False),
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _strictest_leads(law: Law, rule_id: str, own: Branches, silent: Branches) -> Branches:
    """Put a rule together: the strictest of what is said of the customer and its counterparties leads, own ones first.

    `own`: what is said of the customer, no two for one result. `silent`: what opens no case.
    """
    parties = {name: pl.col(f"party_{rule_id}") == name for name in party_branches(rule_id, law)}
    unexplained = {**own, **parties}
    return {
        "not_traced": pl.col("restricted").is_null(),
        **{name: unexplained[name] for name in strictest_first(rule_id, unexplained)},
        **silent,
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _would_reach_half(regime: str) -> pl.Expr:
    """Return whether owners would have half or perhaps half if possible matches were right."""
    return pl.col(f"{regime}_doubtful").is_in(["restricted", "indeterminate"]).fill_null(False)


def _organised(law: Law) -> pl.Expr:
    """Return whether it is on record where the company is organised: no other country says so (Supp. 8(a))."""
    return pl.col("incorporation_country").is_in(law.places.codes).fill_null(False)


def _american(law: Law) -> pl.Expr:
    return pl.col("incorporation_country").is_in(law.places.united_states).fill_null(False)


def _foreign_affiliate(law: Law) -> Branches:
    """BIS_AFFILIATES: reaches foreign entities only (Supp. 8(a)); ownership still runs through a U.S. entity.

    On a stayed day nothing follows from ownership but a red flag.
    """
    status = pl.col("bis_status")
    foreign = ~_american(law)
    readable = _organised(law)
    restricted, unclear = foreign & (status == "restricted"), foreign & (status == "indeterminate")
    sure, remote = restricted & readable, remote_only().fill_null(False)
    unknown_holder = (pl.col("bis_cause") == "holder_share_unknown").fill_null(False)
    in_effect = {"restricted": sure & ~remote, "restricted_remote": sure & remote}
    own = {
        **({"stayed": sure} if stayed(law) else in_effect),
        "place_unknown": restricted & ~readable,
        "holder_share_unknown": unclear & unknown_holder,
        "remainder_unknown": unclear & ~unknown_holder,
        UNCONFIRMED: foreign & _would_reach_half("bis"),
    }
    return _strictest_leads(
        law, "BIS_AFFILIATES", own, {"us_entity": _american(law), "minority": status == "minority"}
    )


def _american_company(law: Law) -> Branches:
    """LISTED_OWNER_US: names the listed owner of a company that the Affiliates rule does not reach."""
    own = {
        "restricted": _american(law) & (pl.col("bis_status") == "restricted"),
        UNCONFIRMED: _american(law) & _would_reach_half("bis"),
    }
    elsewhere = _organised(law) & ~_american(law)
    return _strictest_leads(law, "LISTED_OWNER_US", own, {"foreign": elsewhere})


def _listed_owner(law: Law) -> Branches:
    """RF29: a listed owner whose share is unknown or below half.

    It names owners on the Entity List and the MEU List; a blocked person of section 744.8 works by percentage, and
    below half by Supp. 8(c).
    """
    status, el_meu, foreign = pl.col("bis_status"), pl.col("bis_el_meu"), ~_american(law)
    unclear = foreign & (status == "indeterminate")
    own = {
        "share_unknown": unclear & el_meu,
        "sdn_share_unknown": unclear & ~el_meu,
        "minority": foreign & (status == "minority"),
        UNCONFIRMED: foreign & (pl.col("bis_doubtful") == "minority"),
    }
    return _strictest_leads(
        law,
        "RF29",
        own,
        {
            "us_entity": _american(law),
            "share_known": status == "restricted",
        },
    )


def _owner_or_user_unclear(law: Law) -> Branches:
    """RF21: a large training run for an owner nobody knows; the other leads come from `leads.fleet`."""
    large = pl.col("training_ops") >= exactly(int(policy_figure("watched_training_ops")))
    trains = {"owner_unknown_training": pl.col("parent_unknown") & large}
    return detected(law, "RF21", "has_activity", trains)


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on ownership."""
    return {
        "SDN_50": partial(_owned_half_or_more, regime="ofac", rule_id="SDN_50"),
        "SDN_TIES": _tie_to_blocked_person,
        "SSI_50": partial(_owned_half_or_more, regime="ssi", rule_id="SSI_50"),
        "BIS_AFFILIATES": _foreign_affiliate,
        "LISTED_OWNER_US": _american_company,
        "RF29": _listed_owner,
        "RF21": _owner_or_user_unclear,
        "G19": lambda law: detected(law, "G19", "ownership_traced"),
    }
