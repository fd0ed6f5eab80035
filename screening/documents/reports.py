"""Drafts of reports to agencies, with the day they are due. A person completes, signs and files them.

OFAC: blocked property (31 CFR 501.603) and rejected transactions (501.604), 10 business days. The report on training
of a large model (89 FR 5698) belongs to a rule that is only proposed and says so in its title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from screening.documents.deadlines import business_days_after
from screening.law.tables import figure, texts


@dataclass(frozen=True, slots=True)
class Report:
    """A draft: its kind, the day it is due, its text, and the fields a person must still fill."""

    kind: str
    due: date
    text: str
    missing: tuple[str, ...]


def blocking_report(facts: Mapping[str, object], blocked_on: date) -> Report:
    """Return the draft of a report of blocked property.

    `facts`: what is known of the fields of `texts/reports.toml`, for example customer, party, programs, property.

    >>> blocking_report({"customer": "Acme", "party": "SDN-36"}, date(2026, 11, 20)).due
    datetime.date(2026, 12, 7)
    """
    return _draft(
        "block",
        {**facts, "acted_on": blocked_on},
        business_days_after(blocked_on, figure("blocking_report_business_days")),
    )


def rejection_report(facts: Mapping[str, object], rejected_on: date) -> Report:
    """Return the draft of a report of a rejected transaction."""
    return _draft(
        "reject",
        {**facts, "acted_on": rejected_on},
        business_days_after(rejected_on, figure("blocking_report_business_days")),
    )


def training_report(facts: Mapping[str, object], knew_on: date) -> Report:
    """Return the draft of the proposed report on training of a large model, due 15 calendar days after knowledge.

    `facts`: a row of the facts frame as a dict does, with what else is known.

    >>> training_report({"customer": "Acme"}, date(2026, 11, 20)).due
    datetime.date(2026, 12, 5)
    """
    return _draft("training", facts, knew_on + timedelta(days=figure("training_report_days")))


def report_fields(kind: str) -> Mapping[str, str]:
    """Return the fields of a report by name, with their labels.

    >>> report_fields("block")["acted_on"]
    'Day of blocking'
    """
    pairs: list[list[str]] = texts("reports")[kind]["fields"]  # type: ignore[assignment]
    return {name: label for label, name in pairs}


def case_fields(kind: str, case: Mapping[str, Any], matches: pl.DataFrame) -> dict[str, object]:
    """Return what a case tells of the fields of a block or reject report: customer, party, programs, basis.

    `case`: name, findings (rule_id, outcome, reason). `matches`: party_id, list, party_name, programs, score, of the
    customer, its owners and its people. `basis` is empty where no finding is a reason for such a report.

    >>> case = {"name": "Acme", "findings": [{"rule_id": "SDN_BLOCK", "outcome": "raised", "reason": "Name matches."}]}
    >>> match = pl.DataFrame({"party_id": ["SDN-36"], "list": ["SDN"], "party_name": ["ACME"], "programs": [["CUBA"]],
    ...     "score": [1.0]})
    >>> case_fields("block", case, match)
    {'customer': 'Acme', 'party': 'ACME (SDN-36)', 'programs': ['CUBA'], 'basis': 'Name matches.'}
    """
    page = texts("reports")[kind]
    reasons = [
        str(finding["reason"])
        for finding in case["findings"]
        if finding["outcome"] == "raised" and finding["rule_id"] in page["rules"]
    ]
    concerned = pl.col("list").is_in(page["lists"])
    parties = matches.filter(concerned).sort("score", "party_id", descending=[True, False])
    named = parties.select(pl.format("{} ({})", "party_name", "party_id")).to_series()
    return {
        "customer": case["name"],
        "party": "; ".join(named.unique(maintain_order=True)),
        "programs": parties["programs"].explode().drop_nulls().unique().sort().to_list(),
        "basis": " ".join(reasons),
    }


def _draft(kind: str, facts: Mapping[str, object], due: date) -> Report:
    page, missing = texts("reports")[kind], str(texts("reports")["words"]["missing"])
    fields: list[tuple[str, str]] = [(str(pair[0]), str(pair[1])) for pair in page["fields"]]
    said = {key: _plain(facts.get(key)) for _, key in fields}
    lines = [f"{label}: {said[key] or missing}" for label, key in fields]
    closing = str(texts("reports")["words"]["closing"])
    text = "\n".join([str(page["title"]), f"{page['due']}: {due}", "", *lines, "", closing, ""])
    return Report(kind=kind, due=due, text=text, missing=tuple(key for _, key in fields if not said[key]))


def _plain(value: object) -> str:
    """One line of text, whatever the value holds."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(one) for one in value)
    return "" if value is None else " ".join(str(value).split())
