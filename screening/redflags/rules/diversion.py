"""Diversion: red flags on delivery and routes, and the typologies of BIS and FinCEN. Leads, never verdicts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.rule import Branches, Rule
from screening.redflags.rules.asking import ask, detect, detected
from screening.redflags.signals.matches import ALERT, REVIEW

_ASKED = ("RF08", "RF10", "RF11", "RF14", "G06", "G11", "G15", "G16")
_DETECTED = {
    "RF09": "has_transactions",
    "G01": "has_activity",
    "G02": "has_activity",
    "G03": "has_transactions",
    "G04": "has_address",
    "G05": "has_connections",
    "G07": "has_transactions",
    "G09": "has_connections",
    "G10": "has_connections",
    "G12": "has_payers",
    "G13": "has_transactions",
    "G14": "has_transactions",
    "G18": "has_transactions",
    "G21": "has_connections",
}


def _near_listed_address(law: Law) -> Branches:
    """G08: at, possibly at, or in the building of an Entity List address; or an address shared with a listed party."""
    strength = pl.col("match_EL_ADDRESS")
    places = {
        "listed_address": strength == ALERT,
        "possible_address": strength == REVIEW,
        "same_building": pl.col("same_building"),
    }
    return detected(law, "G08", "has_address", places)


def _listed_people(law: Law) -> Branches:
    """G17: a related person is on a list, or something is shared with a listed party."""
    return detected(law, "G17", "has_connections", {"related_person": pl.col("related_person")})


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on diversion."""
    return {
        **{rule_id: ask(rule_id) for rule_id in _ASKED},
        **{rule_id: detect(rule_id, source) for rule_id, source in _DETECTED.items()},
        "G08": _near_listed_address,
        "G17": _listed_people,
    }
