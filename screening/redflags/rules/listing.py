"""Matches with listed parties: the list decides what a match means (`screening/data/law/lists.csv`).

Renting compute is by itself no export (and so no transaction with an Entity List party), but it must be shown that
nothing else is provided: remote use without evidence counts as items. A customer's own match on the Entity List or
the Military End-User List never weighs less than `hold`, one with a denied or blocked person never less than
`stop_confirm`. What the match of somebody in a role weighs is in `party_effects.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from lists.schema import OPTIONAL_LISTS
from screening.law import Law, table
from screening.redflags.party_effects import role_branches
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.signals.matches import ALERT, GOVERNED, REVIEW, listing_rules

ITEM_RULES = ("EL_LISTING", "EL_ADDRESS", "MEU_LIST", "SDN_EAR_744_8")
"""Rules on items: for them it matters whether anything besides remote use is provided."""


def remote_only() -> pl.Expr:
    """Return whether the customer is shown to rent compute and nothing else."""
    return (pl.col("provision") == "remote_only") & pl.col("provision_evidence").is_not_null()


def _match_on_list(law: Law, rule_id: str, list_code: str) -> Branches:
    """Return the branches of a list rule: the customer's own match goes first, then the strictest of those in roles."""
    strength, in_role = pl.col(f"match_{rule_id}"), pl.col(f"role_{rule_id}")
    listed = strength == ALERT
    branches: dict[str, pl.Expr] = {}
    if rule_id == "SDN_EAR_744_8":
        # 15 CFR 744.8: an Entity List entry for the same party takes precedence.
        own = listed & (pl.col("match_EL_LISTING") == ALERT)
        branches[GOVERNED] = own | (~listed.fill_null(False) & (in_role == GOVERNED))
    if rule_id in ITEM_RULES:
        branches["listed_remote"] = listed & remote_only()
    branches["listed"] = listed
    for name in role_branches(rule_id):
        branches[name] = strength == REVIEW if name == "possible" else in_role == name
    if list_code in OPTIONAL_LISTS:
        taken = _names("optional_lists", list_code)
        return branches | {"not_screened": pl.col("hits").is_null(), "not_chosen": ~taken, "no_hit": ALWAYS}
    not_loaded = pl.col("hits").is_null() | _names("lists_missing", list_code)
    return branches | {"not_screened": not_loaded, "no_hit": ALWAYS}


def _names(column: str, list_code: str) -> pl.Expr:
    return pl.col(column).str.split(" ").list.contains(list_code).fill_null(False)


def computed_rules() -> Mapping[str, Rule]:
    """Return the rule of every list."""
    lists = {**dict(table("lists").select("rule_id", "list").iter_rows()), "OTHER_LIST": ""}
    return {
        rule_id: partial(_match_on_list, rule_id=rule_id, list_code=lists[rule_id])
        for rule_id in listing_rules()
    }
