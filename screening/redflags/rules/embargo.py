"""Places and governments that are blocked as a whole, and services barred to a country.

31 CFR chapter V and 15 CFR part 746. Countries, regions and governments with their days are tables of the law. They are
compared with residence, headquarters and incorporation of a customer, its payers, and the places it connects from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from screening.law import Law, table
from screening.redflags.leads.word_patterns import mentions
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, idle, opened
from screening.redflags.rules.headquarters import within

LOCATIONS = ("country", "hq_country", "incorporation_country")


def _located_in(codes: frozenset[str]) -> pl.Expr:
    return pl.any_horizontal(within(pl.col(c), codes) for c in LOCATIONS)


def _location_unknown() -> pl.Expr:
    return pl.all_horizontal(pl.col(c).is_null() for c in LOCATIONS)


def _paid_or_used_from(codes: frozenset[str]) -> pl.Expr:
    wanted = sorted(codes)
    lists = [
        pl.col(c).list.set_intersection(wanted).list.len() > 0 for c in ("payer_countries", "ip_countries")
    ]
    return pl.any_horizontal(one.fill_null(False) for one in lists)


def _embargoed(law: Law, scope: str) -> frozenset[str]:
    rows = law.covered(table("embargoes")).filter(pl.col("scope") == scope)
    return frozenset(rows["iso2"])


def _embargoed_country(law: Law) -> Branches:
    whole, verify = _embargoed(law, "comprehensive"), _embargoed(law, "verify")
    return {
        "seated": _located_in(whole),
        "pays_or_connects": _paid_or_used_from(whole),
        "verify": _located_in(verify) | _paid_or_used_from(verify),
        "unknown": _location_unknown(),
        "elsewhere": ALWAYS,
    }


def _names_region(rows: pl.DataFrame) -> pl.Expr:
    pattern = r"(?i)(?:^|[^\w])(?:" + "|".join(map(re.escape, rows["word"])) + r")(?:$|[^\w])"
    found = pl.col("address").str.contains(pattern) if len(rows) else pl.lit(False)
    return found.fill_null(False)


def _embargoed_region(law: Law) -> Branches:
    """EMBARGO_REGION: the name of a region in an address counts only where its country is UA, RU or not given."""
    rows = law.covered(table("embargoed_regions"))
    there = _located_in(frozenset({"UA", "RU"}))
    fits = there | _location_unknown()
    return {
        "named": fits & _names_region(rows.filter(pl.col("names_region") == "sure")),
        "possible": fits & _names_region(rows.filter(pl.col("names_region") == "possible")),
        "other_country": ~fits,
        "address_unknown": pl.col("address").is_null(),
        "elsewhere": ALWAYS,
    }


def _blocked_government(law: Law) -> Branches:
    blocked = frozenset(law.covered(table("blocked_governments"))["iso2"])
    government = mentions(pl.col("segment"), "government") | mentions(pl.col("name"), "government")
    located = _located_in(blocked)
    return {
        "government": located & government,
        **{name: located & condition for name, condition in opened("BLOCKED_GOVT").items()},
        "answered_no": located & answered("BLOCKED_GOVT", "no"),
        "maybe": located,
        "unknown": _location_unknown(),
        "elsewhere": ALWAYS,
    }


def _software_for_russia(law: Law) -> Branches:
    """RU_IT_SERVICES: software for business management, design or manufacturing for Russia (E.O. 14071)."""
    located = _located_in(frozenset({"RU"}))
    software = mentions(pl.col("segment"), "software_russia") | mentions(
        pl.col("provision_evidence"), "software_russia"
    )
    return {
        "elsewhere": ~located & ~_location_unknown(),
        "unknown": _location_unknown(),
        "software": software & ~idle(),
        **opened("RU_IT_SERVICES"),
        "answered_no": answered("RU_IT_SERVICES", "no"),
        "idle": idle(),
        "service_unknown": pl.col("has_activity").fill_null(False),
        "not_answered": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the rules on embargoes."""
    return {
        "EMBARGO_COUNTRY": _embargoed_country,
        "EMBARGO_REGION": _embargoed_region,
        "BLOCKED_GOVT": _blocked_government,
        "RU_IT_SERVICES": _software_for_russia,
    }
