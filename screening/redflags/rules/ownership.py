"""Ownership by listed parties, the duty of Red Flag 29, unclear owners, and stakes near half.

OFAC and SSI ask one question each; the BIS cascade feeds both the Affiliates rule and Red Flag 29, which needs a root
on the Entity List or the MEU List (Supp. 8(a) to part 744).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law
from screening.redflags.facts.columns import exactly
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import detected, lead
from screening.redflags.rules.listing import remote_only


def _fifty(law: Law, regime: str) -> Branches:
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


def _blocked(law: Law) -> Branches:
    """OFAC: as the cascade says; a stake sold on or after the listing stays a question (FAQ 402)."""
    cascade = _fifty(law, "ofac")
    caught = {k: v for k, v in cascade.items() if k not in ("minority", "no_owner_on_record", "none_found")}
    return {**caught, "sold_after_listing": lead("SDN_50", "sold_after_listing"), **cascade}


def _place() -> pl.Expr:
    return pl.coalesce("incorporation_country", "country")


def _affiliates(law: Law) -> Branches:
    """A U.S. entity stays a conduit for others but the rule does not reach it (Supp. 8(a): foreign entities)."""
    cascade = _fifty(law, "bis")
    restricted = pl.col("bis_status") == "restricted"
    return {
        "not_traced": cascade["not_traced"],
        "us_entity": _place().is_in(law.places.united_states),
        "place_unknown": restricted & ~_place().is_in(law.places.known).fill_null(False),
        "owner_unconfirmed": cascade["owner_unconfirmed"],
        "restricted_remote": restricted & remote_only(),
        **{k: v for k, v in cascade.items() if k not in ("not_traced", "owner_unconfirmed")},
    }


def _red_flag_29(law: Law) -> Branches:
    status, el_meu = pl.col("bis_status"), pl.col("bis_el_meu")
    return {
        "not_traced": pl.col("restricted").is_null(),
        "us_entity": _place().is_in(law.places.united_states),
        "share_known": (status == "restricted") & el_meu,
        "sdn_owner_only": status.is_not_null() & ~el_meu,
        "share_unknown": status == "indeterminate",
        "minority": status == "minority",
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _unclear_owner(law: Law) -> Branches:
    """Red Flag 21: a large training run for an owner nobody knows; the other leads come from the fleet."""
    large = pl.col("training_ops") >= exactly(10**25)
    trains = {"owner_unknown_training": pl.col("parent_unknown") & large}
    return detected(law, "RF21", "has_activity", trains)


def computed_rules() -> Mapping[str, Rule]:
    """Return the code of the rules on ownership."""
    return {
        "SDN_50": _blocked,
        "SSI_50": partial(_fifty, regime="ssi"),
        "BIS_AFFILIATES": _affiliates,
        "RF29": _red_flag_29,
        "RF21": _unclear_owner,
        "G19": lambda law: detected(law, "G19", "ownership_traced"),
    }
