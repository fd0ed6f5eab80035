"""Rules on where a customer or its ultimate parent is headquartered, by the Country Groups of the day.

"Headquartered" is not defined in the EAR; an offshore holding address is never taken for it. The headquarters of the
customer and those of its ultimate parent are separate facts, and each may be unknown by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, lead, opened
from screening.redflags.rules.listing import remote_only

HQ = pl.col("hq_country")
PARENT_HQ = pl.col("ultimate_parent_hq_country")


def within(place: pl.Expr, codes: frozenset[str]) -> pl.Expr:
    """Return whether a place is one of the codes; an unknown place is not."""
    return place.is_in(codes).fill_null(False)


def settled(law: Law) -> frozenset[str]:
    """Return the countries that count as a headquarters when they are stated: all but offshore holding places."""
    return law.places.codes - law.places.offshore


def parent_settled(law: Law) -> pl.Expr:
    """Return whether it is certain where the ultimate parent is headquartered."""
    return within(PARENT_HQ, settled(law)) & ~pl.col("parent_unknown").fill_null(False)


def d5_or_macau(law: Law) -> pl.Expr:
    """Return whether the customer or its ultimate parent is headquartered in D:5 or Macau."""
    there = law.places.d5_or_macau
    return within(HQ, there) | within(PARENT_HQ, there)


def _headquarters_in_d5_or_macau(law: Law) -> Branches:
    """15 CFR 744.23(a)(3): headquarters alone raise the rule; item and destination are what it asks about."""
    there = law.places.d5_or_macau
    active = pl.col("has_activity").fill_null(False)
    own, parent = within(HQ, settled(law)), parent_settled(law)
    unsettled = pl.col("parent_note").is_not_null()
    unreadable = (HQ.is_not_null() & ~within(HQ, law.places.codes)) | (
        PARENT_HQ.is_not_null() & ~within(PARENT_HQ, law.places.codes)
    )
    eased = within(HQ, frozenset({"CN", "HK", "MO"})) if law.in_force("CN_H200") else pl.lit(False)
    return {
        "remote": d5_or_macau(law) & remote_only(),
        "own_headquarters_china": eased,
        "own_headquarters": within(HQ, there),
        "parent_headquarters": within(PARENT_HQ, there),
        "bad_code": unreadable,
        "candidate_there": pl.col("parent_seats").list.set_intersection(sorted(there)).list.len() > 0,
        "elsewhere": own & parent,
        "parent_unsettled_with_activity": unsettled & active,
        "unknown_with_activity": active,
        "parent_unsettled": unsettled & own,
        "parent_unknown": own,
        "unknown": ALWAYS,
    }


def _account_outside_parents_group(law: Law) -> Branches:
    """G20: the parent is in D:5 or Macau and the account is elsewhere."""
    there = law.places.d5_or_macau
    account = pl.coalesce("country", "hq_country")
    return {
        "parent_in_d5": within(PARENT_HQ, there) & account.is_not_null() & ~within(account, there),
        "parent_unknown": ~parent_settled(law),
        "quiet": ALWAYS,
    }


def _large_chip_with_memory(law: Law) -> Branches:
    """RF19: a chip of 50 billion transistors with high-bandwidth memory for a company in D:5 or Macau."""
    there = d5_or_macau(law)
    both_settled = within(HQ, settled(law)) & parent_settled(law)
    ordered = lead("RF19", "design") | lead("RF19", "memory_unknown")
    return {
        "design": lead("RF19", "design") & there,
        "memory_unknown": lead("RF19", "memory_unknown") & there,
        **opened("RF19"),
        "seat_unknown": ordered & ~both_settled,
        "elsewhere": ordered,
        "without_memory": lead("RF19", "without_memory"),
        "answered_no": answered("RF19", "no"),
        "not_answered": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the code of the rules on headquarters."""
    return {
        "HQ_D5_MACAU": _headquarters_in_d5_or_macau,
        "G20": _account_outside_parents_group,
        "RF19": _large_chip_with_memory,
    }
