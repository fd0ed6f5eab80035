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


def draft_report(kind: str, facts: Mapping[str, object], on: date) -> Report:
    """Return the draft of a report.

    `kind`: `block` (of property), `reject` (of a transaction) or `training` (of a large model). `facts`: what is on
    record of the fields of `report_fields`. `on`: the day on which a person blocked, rejected, or knew of the training.

    >>> draft_report("block", {"customer": "Acme", "party": "SDN-36"}, date(2026, 11, 20)).due
    datetime.date(2026, 12, 7)
    >>> draft_report("training", {"customer": "Acme"}, date(2026, 11, 20)).due
    datetime.date(2026, 12, 5)
    """
    page, missing = texts("reports")[kind], str(texts("reports")["words"]["missing"])
    due = _due(kind, on)
    values = {name: _one_line(value) for name, value in {**facts, "acted_on": on}.items()}
    lines = [f"{label}: {values.get(name) or missing}" for name, label in report_fields(kind).items()]
    closing = str(texts("reports")["words"]["closing"])
    text = "\n".join([str(page["title"]), f"{page['due']}: {due}", "", *lines, "", closing, ""])
    return Report(kind, due, text, tuple(name for name in report_fields(kind) if not values.get(name)))


def report_fields(kind: str) -> Mapping[str, str]:
    """Return the names of a report's fields with their labels, in order.

    >>> report_fields("block")["acted_on"]
    'Day of blocking'
    """
    pairs: list[list[str]] = texts("reports")[kind]["fields"]  # type: ignore[assignment]
    return {name: label for label, name in pairs}


def case_fields(kind: str, case: Mapping[str, Any], matches: pl.DataFrame) -> dict[str, object]:
    """Return what a case says about the fields of a report: customer, party, programs, basis, and its evidence.

    `case`: name, findings (rule_id, outcome, reason, evidence). `matches`: party_id, list, party_name, programs, score,
    of the customer, its owners and its people. `basis` is empty if no finding is a reason for such a report.

    >>> found = {"rule_id": "SDN_BLOCK", "outcome": "raised", "reason": "Name matches.", "evidence": "score=0.98"}
    >>> match = pl.DataFrame({"party_id": ["SDN-36"], "list": ["SDN"], "party_name": ["ACME"], "programs": [["CUBA"]],
    ...     "score": [1.0]})
    >>> case_fields("block", {"name": "Acme", "findings": [found]}, match)
    {'customer': 'Acme', 'party': 'ACME (SDN-36)', 'programs': ['CUBA'], 'basis': 'Name matches.'}
    """
    page = texts("reports")[kind]
    reasons = [
        finding
        for finding in case["findings"]
        if finding["outcome"] == "raised" and finding["rule_id"] in page["rules"]
    ]
    evidence = {
        name: value
        for finding in reversed(reasons)
        for name, _, value in (pair.partition("=") for pair in str(finding["evidence"]).split("; "))
        if name in report_fields(kind)
    }
    concerned = pl.col("list").is_in(page["lists"])
    parties = matches.filter(concerned).sort("score", "party_id", descending=[True, False])
    named = parties.select(pl.format("{} ({})", "party_name", "party_id")).to_series()
    return {
        **evidence,
        "customer": case["name"],
        "party": "; ".join(named.unique(maintain_order=True)),
        "programs": parties["programs"].explode().drop_nulls().unique().sort().to_list(),
        "basis": " ".join(str(finding["reason"]) for finding in reasons),
    }


def _due(kind: str, on: date) -> date:
    """Return the day on which a report is due."""
    if kind == "training":
        return on + timedelta(days=figure("training_report_days"))
    return business_days_after(on, figure("blocking_report_business_days"))


def _one_line(value: object) -> str:
    """Return a value as one line of text, whatever it is."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_one_line(one) for one in value)
    return "" if value is None else " ".join(str(value).split())
