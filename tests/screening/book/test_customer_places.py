"""The worked cases on addresses (R01 to R18 of the regulation note): what a customer's own details say of its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.book.screen import screen
from screening.policy import Policy
from tests.screening.book import parties

DAY = date(2026, 12, 1)
PLACE_RULES = (
    "EMBARGO_COUNTRY",
    "EMBARGO_REGION",
    "EMBARGO_ADDRESS_CONFLICT",
    "INPUT_COUNTRY",
    "DEST_REGION",
)
CONNECTIONS = [
    {"entity_id": "R11", "kind": "phone", "value": "+7 978 123 45 67"},
    {"entity_id": "R11", "kind": "ip", "value": "203.0.113.24 UA"},
    {"entity_id": "connected", "kind": "address", "value": "Valiasr Avenue 100, Tehran, Iran"},
]
ACTIVITY = [
    {"customer_id": "R12", "activity_id": "a1", "kind": "lease", "site_address": "Yalta, Crimea", "accelerator": "H100",
     "count": 8}
]  # fmt: skip
REGION, COUNTRY, CONFLICT = "EMBARGO_REGION", "EMBARGO_COUNTRY", "EMBARGO_ADDRESS_CONFLICT"


@dataclass(frozen=True)
class Case:
    """A customer, each finding that opens a case with recommendation and severity, and words of the first."""

    name: str
    country: str | None
    address: str | None
    findings: dict[str, tuple[str, int]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case("R01", "UA", "ul. Lenina 5, Simferopol", {REGION: ("hold", 85)}, ("lies in Crimea", "Simferopol")),
    Case("R02", "RU", "Simferopol, Respublika Krym 295000", {REGION: ("hold", 85)},
         ("stays that of Ukraine, whatever a form says",)),
    Case("R03", None, "Sevastopol", {REGION: ("hold", 80)}, ('"sevastopol" names Crimea',)),
    Case("R04", "TR", "Kirim Cad. 12, Ankara"),
    Case("R05", "GB", "Crimea Road, Marlborough"),
    Case("R06", "US", "Sebastopol, CA 95472"),
    Case("R07", "RU", "Krymsk, Krasnodarskiy kray"),
    Case("R08", "RU", "Donetsk, Rostovskaya obl. 346330"),
    Case("R09", "UA", "Donetsk", {REGION: ("ask", 45)}, ("may lie", "so-called Donetsk People's Republic")),
    Case("R10", "UA", "prosp. Myru, Mariupol 87500", {REGION: ("hold", 80)}, ("mariupol",)),
    Case("R11", "DE", "Berlin", {REGION: ("ask", 40)}, ("telephone", "users move", "a lead and no more")),
    Case("R12", "AE", "Dubai", {"DEST_REGION": ("hold", 85)}, ("site_address", "lies in Crimea")),
    Case("R13", "IR", "Dubai Marina, Dubai", {COUNTRY: ("hold", 80), CONFLICT: ("hold", 70)},
         ("until that is settled the embargoed one governs",)),
    Case("R14", "AE", "Office 4, Tehran, Iran", {COUNTRY: ("hold", 80), CONFLICT: ("hold", 70)},
         ("lies in Iran", "states residence United Arab Emirates (AE)", "The address governs")),
    Case("R15", None, "Pyongyang", {COUNTRY: ("hold", 85)}, ("lies in North Korea",)),
    Case("R16", "CN", "Shanghai"),
    Case("R17", "NZ", "Cuba Street, Wellington"),
    Case("R18", "UA", "Kherson"),
    Case("another country", "AE", "5 Hauptstrasse, Berlin, Germany", {CONFLICT: ("ask", 30)}, ("Germany",)),
    Case("Havana, Illinois", "US", "100 Main Street, Havana, IL 62644"),
    Case("Havana alone", None, "Havana", {COUNTRY: ("ask", 40)}, ("may name Cuba",)),
    Case("connected", "AE", "Dubai", {COUNTRY: ("hold", 80), CONFLICT: ("hold", 70)}, ("connected address",)),
    Case("name", "UA", "Kyiv", {REGION: ("ask", 20)}, ("bears a word for Crimea",), {"name": "Krym LLC"}),
    Case("person", "GB", "London", more={"name": "Iran Smith", "party_type": "person"}),
    Case("no code", "ZZ", "Kyiv", {"INPUT_COUNTRY": ("ask", 30)}, ("no code of a country",)),
    Case("Crimea in a column", "UA", None, {REGION: ("hold", 85)}, ("the column hq_country says Crimea",),
         {"country_remarks": ["hq_country=UA-43"]}),
    Case("unread", None, None, {"INPUT_COUNTRY": ("ask", 30)}, ("Chine Populaire",),
         {"country_remarks": ["country?Chine Populaire"]}),
]  # fmt: skip


@pytest.fixture(scope="module")
def findings() -> pl.DataFrame:
    customers = [
        {"customer_id": case.name, "name": "Plain Works", "party_type": "organization", "country": case.country,
         "address": case.address, **case.more}
        for case in CASES
    ]  # fmt: skip
    given = parties.book((), (), customers, activity=ACTIVITY, connections=CONNECTIONS)
    return screen(given, parties.lists(), DAY, Policy()).tables["findings"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_findings_are_those_of_the_regulation(case: Case, findings: pl.DataFrame) -> None:
    found = findings.filter(pl.col("customer_id") == case.name, pl.col("rule_id").is_in(PLACE_RULES))
    weights = {rule: (words, severity) for rule, words, severity in
               found.select("rule_id", "recommendation", "severity").iter_rows()}  # fmt: skip
    assert weights == case.findings
    for rule_id in list(case.findings)[:1]:
        reason = found.filter(pl.col("rule_id") == rule_id)["reason"].item()
        for words in case.words:
            assert words in reason, reason
