"""What it means that listed parties own a counterparty: which branch of an ownership rule applies to it.

OFAC's 50 percent rule reaches whoever takes part in any role. The Affiliates rule and Red Flag 29 reach the parties of
15 CFR 748.5(c)-(f), and foreign ones only; an agent is such a party where it takes the goods abroad.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.party_effects import role_class

RULES = ("SDN_50", "SSI_50", "BIS_AFFILIATES", "RF29", "LISTED_OWNER_US")
"""Rules on ownership that speak of counterparties too."""
_BRANCHES: Mapping[str, tuple[str, ...]] = {
    "BIS_AFFILIATES": (
        *("party_place_unknown", "party_remote", "party_unsettled", "party_unconfirmed", "party_unclear"),
    ),
    "RF29": ("party_share_unknown", "party_minority"),
    "LISTED_OWNER_US": ("party_restricted",),
}
_BLOCKED = ("party_restricted", "party_unconfirmed", "party_unclear")


def party_branches(rule_id: str, law: Law) -> tuple[str, ...]:
    """Return the branches of a rule that what is on record of a counterparty's owners may take."""
    affiliates = rule_id == "BIS_AFFILIATES"
    sure = "party_stayed" if stayed(law) else "party_restricted"
    return (*((sure,) if affiliates else ()), *_BRANCHES.get(rule_id, _BLOCKED))


def stayed(law: Law) -> bool:
    """Return whether the Affiliates rule is stayed on the day."""
    return law.statuses["BIS_AFFILIATES"] == "suspended"


def ownership_effect(rule_id: str, law: Law) -> pl.Expr:
    """Return the branch of a rule that an entry of a counterparty takes, null where the rule does not speak of it.

    Reads the fields of the fact `restricted`.
    """
    restricted, unclear = pl.col("status") == "restricted", pl.col("status") == "indeterminate"
    sure = (pl.col("root_band") != "review").fill_null(True)
    american = pl.col("place").is_in(law.places.united_states).fill_null(False)
    readable = pl.col("place").is_in(law.places.codes).fill_null(False)
    kind, possession = role_class(pl.col("role")), pl.col("possession")
    party = kind == "party"
    agent = ((kind == "agent") & (possession != "no").fill_null(True)) | (
        (kind == "bank") & (possession == "unknown").fill_null(False)
    )
    on_bis_list = (pl.col("root_lists").list.set_intersection(["EL", "MEU"]).list.len() > 0).fill_null(True)
    if rule_id in ("SDN_50", "SSI_50"):
        return _first(
            party_restricted=restricted & sure,
            party_unconfirmed=restricted,
            party_unclear=unclear,
        )
    if rule_id == "RF29":
        reached = party & on_bis_list & ~american
        return _first(
            party_share_unknown=reached & unclear,
            party_minority=reached & (pl.col("status") == "minority"),
        )
    if rule_id == "LISTED_OWNER_US":
        return _first(party_restricted=american & party & restricted & sure)
    reached = (party | agent) & ~american
    return _first(
        party_unconfirmed=reached & restricted & ~sure,
        party_unsettled=reached & restricted & agent,
        party_place_unknown=reached & restricted & ~readable,
        party_remote=reached & restricted & pl.col("service").fill_null(False),
        **{"party_stayed" if stayed(law) else "party_restricted": reached & restricted},
        party_unclear=reached & party & unclear,
    )


def _first(**branches: pl.Expr) -> pl.Expr:
    chain = pl.lit(None, pl.String)
    for name, condition in reversed(branches.items()):
        chain = pl.when(condition).then(pl.lit(name)).otherwise(chain)
    return chain
