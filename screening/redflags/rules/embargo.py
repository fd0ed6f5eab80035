"""Places and governments that are blocked as a whole, and services barred to a country.

31 CFR chapter V and 15 CFR part 746. Countries, regions, governments and their days are tables; tested on residence,
headquarters, incorporation, payers and access.
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

SEATS = ("country", "hq_country", "incorporation_country")


def _seated(codes: frozenset[str]) -> pl.Expr:
    return pl.any_horizontal(within(pl.col(c), codes) for c in SEATS)


def _nowhere() -> pl.Expr:
    return pl.all_horizontal(pl.col(c).is_null() for c in SEATS)


def _uses(codes: frozenset[str]) -> pl.Expr:
    wanted = sorted(codes)
    lists = [
        pl.col(c).list.set_intersection(wanted).list.len() > 0 for c in ("payer_countries", "ip_countries")
    ]
    return pl.any_horizontal(one.fill_null(False) for one in lists)


def _scope(law: Law, scope: str) -> frozenset[str]:
    rows = law.covered(table("embargoes")).filter(pl.col("scope") == scope)
    return frozenset(rows["iso2"])


def _country(law: Law) -> Branches:
    whole, verify = _scope(law, "comprehensive"), _scope(law, "verify")
    return {
        "seated": _seated(whole),
        "pays_or_connects": _uses(whole),
        "verify": _seated(verify) | _uses(verify),
        "unknown": _nowhere(),
        "elsewhere": ALWAYS,
    }


def _words(rows: pl.DataFrame) -> pl.Expr:
    pattern = r"(?i)(?:^|[^\w])(?:" + "|".join(map(re.escape, rows["word"])) + r")(?:$|[^\w])"
    found = pl.col("address").str.contains(pattern) if len(rows) else pl.lit(False)
    return found.fill_null(False)


def _region(law: Law) -> Branches:
    """An address speaks of a region only where its country is Ukraine, Russia or not given."""
    rows = law.covered(table("embargoed_regions").with_columns(effective_to=pl.lit(None, pl.String)))
    there = _seated(frozenset({"UA", "RU"}))
    fits = there | _nowhere()
    return {
        "named": fits & _words(rows.filter(pl.col("certainty") == "sure")),
        "possible": fits & _words(rows.filter(pl.col("certainty") == "possible")),
        "other_country": ~fits,
        "address_unknown": pl.col("address").is_null(),
        "elsewhere": ALWAYS,
    }


def _government(law: Law) -> Branches:
    blocked = frozenset(law.covered(table("blocked_governments"))["iso2"])
    government = mentions(pl.col("segment"), "government") | mentions(pl.col("name"), "government")
    here = _seated(blocked)
    return {
        "government": here & government,
        **{name: here & condition for name, condition in opened("BLOCKED_GOVT").items()},
        "answered_no": here & answered("BLOCKED_GOVT", "no"),
        "maybe": here,
        "unknown": _nowhere(),
        "elsewhere": ALWAYS,
    }


def _russian_software(law: Law) -> Branches:
    """Determination under E.O. 14071: enterprise-management and design or manufacturing software for Russia."""
    here = _seated(frozenset({"RU"}))
    software = mentions(pl.col("segment"), "software_russia") | mentions(
        pl.col("provision_evidence"), "software_russia"
    )
    return {
        "elsewhere": ~here & ~_nowhere(),
        "unknown": _nowhere(),
        "software": software & ~idle(),
        **opened("RU_IT_SERVICES"),
        "answered_no": answered("RU_IT_SERVICES", "no"),
        "idle": idle(),
        "service_unknown": pl.col("has_activity").fill_null(False),
        "not_answered": ALWAYS,
    }


def computed_rules() -> Mapping[str, Rule]:
    """Return the code of the rules on embargoes."""
    return {
        "EMBARGO_COUNTRY": _country,
        "EMBARGO_REGION": _region,
        "BLOCKED_GOVT": _government,
        "RU_IT_SERVICES": _russian_software,
    }
