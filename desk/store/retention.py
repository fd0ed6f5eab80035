"""How long the records of a case must be kept. Nothing deletes itself; this only tells the day from which a person may.

The years are those of `screening` (31 CFR 501.601, 15 CFR 762.6, our own choice). While property is blocked, and
under a legal hold, the clock stands still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from screening.documents import keep_until

TRIGGERS = {
    "case_closed": ("closed_on", "the case was settled"),
    "unblocked": ("unblocked_on", "property was unblocked"),
}
"""Column of the retention table -> the field of a case, and the reason in words."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Keep until a day, or without end while something suspends the clock."""

    keep_until: date | None
    because: str


def retention(case: Mapping[str, Any], today: date) -> Retention:
    """Return the clock of a case, from the fields that the audit log keeps, under the law of a day.

    >>> case = {"closed_on": "2026-11-22", "unblocked_on": None, "legal_hold": False, "blocked_property": False}
    >>> retention(case, date(2026, 11, 22)).keep_until
    datetime.date(2036, 11, 22)
    >>> retention(case | {"legal_hold": True}, date(2026, 11, 22)).keep_until is None
    True
    """
    days = {
        column: case[field] and date.fromisoformat(case[field]) for column, (field, _) in TRIGGERS.items()
    }
    file = pl.DataFrame(
        [days | {"legal_hold": case["legal_hold"], "blocked": case["blocked_property"]}],
        schema={**dict.fromkeys(TRIGGERS, pl.Date), "legal_hold": pl.Boolean, "blocked": pl.Boolean},
    )
    until, clock = keep_until(file, today).select("keep_until", "clock").row(0)
    if until is None:
        return Retention(None, clock)
    reasons = [f"{reason} on {days[column]}" for column, (_, reason) in TRIGGERS.items() if days[column]]
    return Retention(until, " and ".join(reasons))
