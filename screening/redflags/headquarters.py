"""Rules on where a customer or its ultimate parent sits, by the Country Groups of the day.

"Headquartered" is not defined in the EAR; an offshore holding address is never taken for it. Headquarters and
ultimate parent headquarters are separate facts, each with its own unknown.
"""

from __future__ import annotations

from types import MappingProxyType

import polars as pl

from screening.redflags.countries import Countries
from screening.redflags.rule import ALWAYS, Branches, Family

HQ = pl.col("hq_country")
PARENT_HQ = pl.col("ultimate_parent_hq_country")


def within(place: pl.Expr, codes: frozenset[str]) -> pl.Expr:
    """Return whether a place is one of the codes; an unknown place is not."""
    return place.is_in(codes).fill_null(False)


def settled(law: Countries) -> frozenset[str]:
    """Return the codes that can be taken for a headquarters as they stand."""
    return law.known - law.offshore


def parent_settled(law: Countries) -> pl.Expr:
    """Return whether the ultimate parent's headquarters is known."""
    return within(PARENT_HQ, settled(law)) & ~pl.col("parent_unknown").fill_null(False)


def _d5_or_macau(law: Countries) -> Branches:
    """15 CFR 744.23(a)(3): raised on headquarters alone; item and destination are the question."""
    there = law.d5_or_macau
    active = pl.col("has_activity").fill_null(False)
    own, parent = within(HQ, settled(law)), parent_settled(law)
    unreadable = (HQ.is_not_null() & ~within(HQ, law.known)) | (
        PARENT_HQ.is_not_null() & ~within(PARENT_HQ, law.known)
    )
    return {
        "own_headquarters": within(HQ, there),
        "parent_headquarters": within(PARENT_HQ, there),
        "bad_code": unreadable,
        "elsewhere": own & parent,
        "unknown_with_activity": active,
        "parent_unknown": own,
        "unknown": ALWAYS,
    }


HEADQUARTERS = Family(name="headquarters", rules=MappingProxyType({"HQ_D5_MACAU": _d5_or_macau}))
