"""Military and military-intelligence end users outside the list (15 CFR 744.21, 744.22), and defence connections.

The Military End-User List is not exhaustive: in the countries of these rules, words in the name and line of business
raise the question, and activity makes it due. A word is a lead; a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law, table
from screening.redflags.leads.word_patterns import mentions
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, asked, opened
from screening.redflags.rules.headquarters import HQ, PARENT_HQ, d5_or_macau, within

MILITARY_WORDS = {"MEU_RULE": ("military", "defence_school"), "MIEU_RULE": ("military_intelligence",)}
"""Rule -> kinds of words that raise its question."""


def _mentions(*kinds: str) -> pl.Expr:
    return mentions(pl.col("name"), *kinds) | mentions(pl.col("segment"), *kinds)


def _military_end_user(law: Law, rule_id: str) -> Branches:
    scope = frozenset(law.covered(table("military_scopes")).filter(pl.col("rule_id") == rule_id)["iso2"])
    # Hong Kong belongs to China, as everywhere in these rules; Macau does not.
    scope |= {"HK"} if "CN" in scope else frozenset()
    places = (HQ, PARENT_HQ, pl.col("country"), pl.col("incorporation_country"))
    located = pl.any_horizontal(within(place, scope) for place in places)
    firm = pl.col("party_type").fill_null("") != "person"
    return {
        "elsewhere": ~located & pl.any_horizontal(place.is_not_null() for place in places),
        "marks": located & _mentions(*MILITARY_WORDS[rule_id]),
        **opened(rule_id),
        "answered_no": answered(rule_id, "no"),
        "place_unknown": ~located,
        "due": firm & pl.col("has_activity").fill_null(False),
        "in_scope": ALWAYS,
    }


def _defence_connections(law: Law) -> Branches:
    return asked(law, "G24", {"marks": d5_or_macau(law) & _mentions("military", "defence_school")})


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on military end users."""
    rules = {rule_id: partial(_military_end_user, rule_id=rule_id) for rule_id in MILITARY_WORDS}
    return {**rules, "G24": _defence_connections}
