"""Drafts of reports to agencies, with the day they are due. A person completes, signs and files them.

OFAC: blocked property (31 CFR 501.603) and rejected transactions (501.604), 10 business days. The report on training
of a large model (89 FR 5698) belongs to a rule that is only proposed and says so in its title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from screening.law.tables import texts
from screening.redflags.papers.deadlines import BUSINESS_DAYS, business_days_after

TRAINING_DAYS = 15


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
    return _draft("block", {**facts, "acted_on": blocked_on}, business_days_after(blocked_on, BUSINESS_DAYS))


def rejection_report(facts: Mapping[str, object], rejected_on: date) -> Report:
    """Return the draft of a report of a rejected transaction."""
    return _draft(
        "reject", {**facts, "acted_on": rejected_on}, business_days_after(rejected_on, BUSINESS_DAYS)
    )


def training_report(facts: Mapping[str, object], knew_on: date) -> Report:
    """Return the draft of the proposed report on training of a large model, due 15 calendar days after knowledge.

    `facts`: a row of the facts frame as a dict does, with what else is known.

    >>> training_report({"customer": "Acme"}, date(2026, 11, 20)).due
    datetime.date(2026, 12, 5)
    """
    return _draft("training", facts, knew_on + timedelta(days=TRAINING_DAYS))


def _draft(kind: str, facts: Mapping[str, object], due: date) -> Report:
    page, missing = texts("reports")[kind], str(texts("reports")["words"]["missing"])
    fields: list[tuple[str, str]] = [(str(pair[0]), str(pair[1])) for pair in page["fields"]]
    said = {key: _plain(facts.get(key)) for _, key in fields}
    lines = [f"{label}: {said[key] or missing}" for label, key in fields]
    text = "\n".join([str(page["title"]), f"{page['due']}: {due}", "", *lines, ""])
    return Report(kind=kind, due=due, text=text, missing=tuple(key for _, key in fields if not said[key]))


def _plain(value: object) -> str:
    """One line of text, whatever the value holds."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(one) for one in value)
    return "" if value is None else " ".join(str(value).split())
