"""Which duties keep the record of a case, until which day: what a request for erasure is held against.

The years and citations are those of `screening` (its retention table). Two things the desk cannot know a person says
and signs for: the day of the last transaction, or that there was none. Without either the day on which the case was
settled stands in for the last transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from screening.documents import retention_regimes

TRANSACTION_REGIMES = ("EAR", "OFAC")
HOUSE = "HOUSE"


@dataclass(frozen=True, slots=True)
class Statement:
    """What whoever asks says of the customer's transactions: that there was none, or the day of the last."""

    no_transaction: bool = False
    last_transaction: date | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty to keep: its regime, citation, the last day (none while nothing ends it), and why it applies."""

    regime: str
    citation: str
    until: date | None
    because: str

    def keeps_on(self, day: date) -> bool:
        """Tell whether the record must still be there on a day."""
        return self.until is None or self.until >= day


def obligations(case: Mapping[str, Any], today: date, statement: Statement) -> list[Obligation]:
    """Return every duty to keep a case, whether over or not, those without an end first, then the longest.

    `case`: the fields that the audit log keeps.

    >>> case = {"closed_on": "2026-11-22", "unblocked_on": None, "legal_hold": False, "blocked_property": False,
    ...         "state": "false_positive"}
    >>> [(duty.regime, str(duty.until)) for duty in obligations(case, date(2026, 12, 1), Statement())]
    [('HOUSE', '2036-11-22'), ('OFAC', '2036-11-22'), ('EAR', '2031-11-22')]
    >>> obligations(case, date(2026, 12, 1), Statement(no_transaction=True))
    []
    """
    rows = retention_regimes(today).sort("years", "regime", descending=[True, False])
    found = [*_without_end(case, rows), *_unblocked(case, rows), *_after_settling(case, rows, statement)]
    return sorted(
        found, key=lambda duty: (duty.until is not None, -(duty.until or date.max).toordinal(), duty.regime)
    )


def _without_end(case: Mapping[str, Any], rows: pl.DataFrame) -> list[Obligation]:
    """Return what stops the clock."""
    found = []
    if case["legal_hold"]:
        found.append(Obligation("HOLD", "15 CFR 762.6(b), or as the hold says", None, "a legal hold stands"))
    if case["blocked_property"]:
        citation = rows.filter(pl.col("regime") == "OFAC_BLOCKED")["citation"][0]
        found.append(
            Obligation(
                "OFAC_BLOCKED", citation, None, "property is blocked; ten years run from its unblocking"
            )
        )
    if not case["closed_on"]:
        found.append(Obligation("OPEN", "", None, "the case is not settled, so no clock has begun"))
    return found


def _unblocked(case: Mapping[str, Any], rows: pl.DataFrame) -> list[Obligation]:
    if not case["unblocked_on"]:
        return []
    day = date.fromisoformat(case["unblocked_on"])
    return [
        Obligation(
            row["regime"], row["citation"], _later(day, row["years"]), f"property was unblocked on {day}"
        )
        for row in rows.filter(pl.col("trigger") == "unblocked").to_dicts()
    ]


def _after_settling(case: Mapping[str, Any], rows: pl.DataFrame, statement: Statement) -> list[Obligation]:
    """Return the duties of transactions, and our own choice, which gives way where nothing else ever applied."""
    if not case["closed_on"]:
        return []
    closed = date.fromisoformat(case["closed_on"])
    if statement.no_transaction and case["state"] == "false_positive":
        return []
    found = []
    for row in rows.to_dicts():
        if row["regime"] == HOUSE:
            found.append(
                Obligation(
                    HOUSE, row["citation"], _later(closed, row["years"]), f"the case was settled on {closed}"
                )
            )
        elif row["regime"] in TRANSACTION_REGIMES and row["trigger"] == "last_transaction":
            day = max(statement.last_transaction or closed, closed)
            why = f"the last transaction was on {statement.last_transaction}" if statement.last_transaction else (
                "turned down with red flags, which is in scope (15 CFR 762.1(a)(4))" if statement.no_transaction
                else f"its last transaction is not recorded; the case was settled on {closed}"
            )  # fmt: skip
            if not statement.no_transaction or row["regime"] == "EAR":
                found.append(Obligation(row["regime"], row["citation"], _later(day, row["years"]), why))
    return found


def _later(day: date, years: int) -> date:
    """Return the same day so many years later; 28 February for the 29th.

    >>> _later(date(2024, 2, 29), 10)
    datetime.date(2034, 2, 28)
    """
    return pl.select(pl.lit(day).dt.offset_by(f"{years}y")).item()  # type: ignore[no-any-return]
