"""How long the records of a case must be kept. Nothing deletes itself; this only says from when on a person may.

Ten years from the latest trigger (31 CFR 501.601 from 2025-03-12; the EAR's five years of 15 CFR 762.6 end earlier).
While property is blocked, and under a legal hold, the clock stands still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

YEARS = 10


@dataclass(frozen=True, slots=True)
class Retention:
    """Keep until a day, or without end while something suspends the clock."""

    keep_until: date | None
    because: str


def retention(case: Mapping[str, Any]) -> Retention:
    """Return the clock of a case, from the fields that the audit log keeps.

    >>> case = {"closed_on": "2026-11-22", "unblocked_on": None, "legal_hold": False, "blocked_property": False}
    >>> retention(case).keep_until
    datetime.date(2036, 11, 22)
    >>> retention(case | {"legal_hold": True}).keep_until is None
    True
    """
    if case["legal_hold"]:
        return Retention(None, "a legal hold suspends deletion")
    if case["blocked_property"]:
        return Retention(None, "property is blocked: 31 CFR 501.601 runs on, and ten years after")
    if not case["closed_on"]:
        return Retention(None, "the case is not settled")
    triggers = {"the case was settled": case["closed_on"], "property was unblocked": case["unblocked_on"]}
    what, latest = max(((k, v) for k, v in triggers.items() if v), key=lambda trigger: str(trigger[1]))
    day = date.fromisoformat(latest)
    return Retention(_years_after(day), f"ten years after {what} on {day}")


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # the 29th of February
        return date(day.year + YEARS, 3, 1)
