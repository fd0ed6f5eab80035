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
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import detected, lead
from screening.redflags.rules.listing import remote_only
from screening.tables.cells import exactly


def _owned_half_or_more(law: Law, regime: str, rule_id: str) -> Branches:
    """SDN_50 and SSI_50: as the ownership result says, of the customer and of its counterparties."""
    status, unsure = pl.col(f"{regime}_status"), _unconfirmed(regime)
    restricted, unclear = status == "restricted", status == "indeterminate"
    unknown_holder = pl.col(f"{regime}_cause") == "holder_share_unknown"
    unexplained = {
        "restricted": restricted & ~unsure,
        # a share sold on or after the listing stays a question (FAQ 402)
        **({"sold_after_listing": lead(rule_id, "sold_after_listing")} if rule_id == "SDN_50" else {}),
        "holder_share_unknown": unclear & unknown_holder,
        "remainder_unknown": unclear & ~unknown_holder.fill_null(False),
        "owner_unconfirmed": restricted & unsure,
    }
    return _strictest_leads(law, rule_id, unexplained, {"minority": status == "minority"})


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


def _unconfirmed(regime: str) -> pl.Expr:
    return pl.col(f"{regime}_unconfirmed").fill_null(False)


def _organisation_country() -> pl.Expr:
    return pl.coalesce("incorporation_country", "country")


def _american(law: Law) -> pl.Expr:
    return _organisation_country().is_in(law.places.united_states).fill_null(False)


def _foreign_affiliate(law: Law) -> Branches:
    """BIS_AFFILIATES: reaches foreign entities only (Supp. 8(a)); ownership still runs through a U.S. entity.

    On a stayed day nothing follows from ownership but a red flag.
    """
    status, unsure = pl.col("bis_status"), _unconfirmed("bis")
    foreign = ~_american(law)
    readable = _organisation_country().is_in(law.places.codes).fill_null(False)
    restricted, unclear = foreign & (status == "restricted"), foreign & (status == "indeterminate")
    sure, remote = restricted & readable & ~unsure, remote_only().fill_null(False)
    unknown_holder = (pl.col("bis_cause") == "holder_share_unknown").fill_null(False)
    in_effect = {"restricted": sure & ~remote, "restricted_remote": sure & remote}
    own = {
        **({"stayed": sure} if stayed(law) else in_effect),
        "place_unknown": restricted & ~readable,
        "holder_share_unknown": unclear & unknown_holder,
        "remainder_unknown": unclear & ~unknown_holder,
        "owner_unconfirmed": restricted & readable & unsure,
    }
    return _strictest_leads(
        law, "BIS_AFFILIATES", own, {"us_entity": _american(law), "minority": status == "minority"}
    )


def _american_company(law: Law) -> Branches:
    """LISTED_OWNER_US: names the listed owner of a company that the Affiliates rule does not reach."""
    restricted = _american(law) & (pl.col("bis_status") == "restricted")
    unsure = _unconfirmed("bis")
    own = {"restricted": restricted & ~unsure, "owner_unconfirmed": restricted & unsure}
    elsewhere = _organisation_country().is_in(law.places.codes).fill_null(False) & ~_american(law)
    return _strictest_leads(law, "LISTED_OWNER_US", own, {"foreign": elsewhere})


def _listed_owner(law: Law) -> Branches:
    """RF29: a listed owner whose share is unknown or below half."""
    status, el_meu = pl.col("bis_status"), pl.col("bis_el_meu")
    reached = ~_american(law) & el_meu
    own = {
        "share_unknown": reached & (status == "indeterminate"),
        "minority": reached & (status == "minority"),
    }
    return _strictest_leads(
        law,
        "RF29",
        own,
        {
            "us_entity": _american(law),
            "share_known": (status == "restricted") & el_meu,
            "sdn_owner_only": status.is_not_null() & ~el_meu,
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
        "SSI_50": partial(_owned_half_or_more, regime="ssi", rule_id="SSI_50"),
        "BIS_AFFILIATES": _foreign_affiliate,
        "LISTED_OWNER_US": _american_company,
        "RF29": _listed_owner,
        "RF21": _owner_or_user_unclear,
        "G19": lambda law: detected(law, "G19", "ownership_traced"),
    }
