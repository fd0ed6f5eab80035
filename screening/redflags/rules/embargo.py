"""Places and governments that are blocked as a whole, and services barred to a country.

31 CFR chapter V and 15 CFR part 746. Countries, regions and governments with their days are tables of the law. They are
compared with residence, headquarters and incorporation of a customer, the places that its addresses name, its payers,
and the places it connects from.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from screening.law import Law, table
from screening.redflags.facts.remarks import UNREAD
from screening.redflags.leads.word_patterns import mentions
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import answered, idle, opened
from screening.redflags.rules.headquarters import within
from screening.redflags.signals.places import LINES, embargoed_countries

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


def _place(rule_id: str, *lines: str) -> Branches:
    """Return the branches that the places of a customer's own details give a rule (regulation 2, B.5)."""
    return {line: pl.col(f"place_{rule_id}") == line for line in lines}


def _embargoed_country(law: Law) -> Branches:
    whole, verify = embargoed_countries(law), embargoed_countries(law, "verify")
    rule = partial(_place, "EMBARGO_COUNTRY")
    return {
        "seated_disputed": _located_in(whole) & (pl.col("place_EMBARGO_ADDRESS_CONFLICT") == "embargoed"),
        "seated": _located_in(whole),
        **rule("address", "address_elsewhere", "record"),
        "pays_or_connects": _paid_or_used_from(whole),
        **rule("address_possible", "around"),
        "verify": _located_in(verify) | _paid_or_used_from(verify),
        **rule("address_verify", "in_name"),
        "unknown": _location_unknown(),
        "elsewhere": ALWAYS,
    }


def _embargoed_region(law: Law) -> Branches:
    """EMBARGO_REGION: a place that is sure counts whatever the country column says; Russian forms write RU."""
    there = _located_in(frozenset({"UA", "RU"})) | _location_unknown()
    unread = pl.col("address").is_null()
    return {
        **_place("EMBARGO_REGION", *LINES["EMBARGO_REGION"]),
        "other_country": unread & ~there,
        "address_unknown": unread,
        "elsewhere": ALWAYS,
    }


def _address_conflict(law: Law) -> Branches:
    column = pl.any_horizontal(pl.col(c).is_not_null() for c in LOCATIONS[:2])
    return {
        **_place("EMBARGO_ADDRESS_CONFLICT", *LINES["EMBARGO_ADDRESS_CONFLICT"]),
        "nothing_to_compare": pl.col("address").is_null() | ~column,
        "elsewhere": ALWAYS,
    }


def _unread_country(law: Law) -> Branches:
    """INPUT_COUNTRY: a country value that nobody could read is asked about, and never taken for no country."""
    columns, codes = (*LOCATIONS, "ultimate_parent_hq_country"), law.places.codes
    no_code = [pl.col(c).is_not_null() & ~within(pl.col(c), codes) for c in columns]
    no_code += [
        (pl.col(c).list.set_difference(sorted(codes)).list.len() > 0).fill_null(False)
        for c in ("payer_countries", "ip_countries")
    ]
    remarked = pl.col("country_remarks").list.eval(pl.element().str.contains(UNREAD)).list.any()
    return {
        "unread": remarked.fill_null(False),
        "no_code": pl.any_horizontal(no_code),
        "blank": pl.all_horizontal(pl.col(c).is_null() for c in columns),
        "read": ALWAYS,
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
        "EMBARGO_ADDRESS_CONFLICT": _address_conflict,
        "INPUT_COUNTRY": _unread_country,
        "BLOCKED_GOVT": _blocked_government,
        "RU_IT_SERVICES": _software_for_russia,
    }
