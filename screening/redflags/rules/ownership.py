"""Ownership by listed parties, the duty of Red Flag 29, unclear owners, and shares just under half.

OFAC and SSI ask one question each. Two rules read the BIS result: the Affiliates rule, and Red Flag 29, which needs an
owner on the Entity List or the MEU List (Supp. 8(a) to part 744).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law, policy_figure
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import detected, lead
from screening.redflags.rules.listing import remote_only
from screening.tables.cells import exactly


def _owned_half_or_more(law: Law, regime: str) -> Branches:
    status = pl.col(f"{regime}_status")
    unclear = status == "indeterminate"
    return {
        "not_traced": pl.col("restricted").is_null(),
        "owner_unconfirmed": (status == "restricted") & pl.col(f"{regime}_unconfirmed"),
        "restricted": status == "restricted",
        "holder_share_unknown": unclear & (pl.col(f"{regime}_cause") == "holder_share_unknown"),
        "remainder_unknown": unclear,
        "minority": status == "minority",
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _owned_by_blocked_persons(law: Law) -> Branches:
    """SDN_50: as the ownership result says; a share sold on or after the listing stays a question (FAQ 402)."""
    result = _owned_half_or_more(law, "ofac")
    last = ("minority", "no_owner_on_record", "none_found")
    first = {name: condition for name, condition in result.items() if name not in last}
    return {**first, "sold_after_listing": lead("SDN_50", "sold_after_listing"), **result}


def _organisation_country() -> pl.Expr:
    return pl.coalesce("incorporation_country", "country")


def _foreign_affiliate(law: Law) -> Branches:
    """BIS_AFFILIATES: reaches foreign entities only (Supp. 8(a)); ownership still runs through a U.S. entity."""
    cascade = _owned_half_or_more(law, "bis")
    restricted = pl.col("bis_status") == "restricted"
    return {
        "not_traced": cascade["not_traced"],
        "us_entity": _organisation_country().is_in(law.places.united_states),
        "place_unknown": restricted & ~_organisation_country().is_in(law.places.codes).fill_null(False),
        "owner_unconfirmed": cascade["owner_unconfirmed"],
        "restricted_remote": restricted & remote_only(),
        **{k: v for k, v in cascade.items() if k not in ("not_traced", "owner_unconfirmed")},
    }


def _listed_owner(law: Law) -> Branches:
    """RF29: a listed owner whose share is unknown or below half."""
    status, el_meu = pl.col("bis_status"), pl.col("bis_el_meu")
    return {
        "not_traced": pl.col("restricted").is_null(),
        "us_entity": _organisation_country().is_in(law.places.united_states),
        "share_known": (status == "restricted") & el_meu,
        "sdn_owner_only": status.is_not_null() & ~el_meu,
        "share_unknown": status == "indeterminate",
        "minority": status == "minority",
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _owner_or_user_unclear(law: Law) -> Branches:
    """RF21: a large training run for an owner nobody knows; the other leads come from `leads.fleet`."""
    large = pl.col("training_ops") >= exactly(int(policy_figure("watched_training_ops")))
    trains = {"owner_unknown_training": pl.col("parent_unknown") & large}
    return detected(law, "RF21", "has_activity", trains)


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on ownership."""
    return {
        "SDN_50": _owned_by_blocked_persons,
        "SSI_50": partial(_owned_half_or_more, regime="ssi"),
        "BIS_AFFILIATES": _foreign_affiliate,
        "RF29": _listed_owner,
        "RF21": _owner_or_user_unclear,
        "G19": lambda law: detected(law, "G19", "ownership_traced"),
    }
