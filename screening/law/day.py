"""The law on one day, as rules read it: countries with their groups, and the status of every text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import polars as pl

from screening.law.countries import Countries, countries_on
from screening.law.periods import PeriodOverride, status_on


@dataclass(frozen=True, slots=True)
class Law:
    """`places`: the countries with their groups on `as_of`. `statuses`: rule id -> status on that day."""

    as_of: date
    places: Countries
    statuses: Mapping[str, str]

    def in_force(self, rule_id: str) -> bool:
        """Return whether a text is in force on the day."""
        return self.statuses.get(rule_id) == "in_force"

    def covered(self, dated: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table that are in effect on the day.

        `effective_from` and `effective_to` (ISO dates) both count; blank means open.
        """
        since, until = pl.col("effective_from").str.to_date(), pl.col("effective_to").str.to_date()
        return dated.filter(since.is_null() | (since <= self.as_of), until.is_null() | (until >= self.as_of))


def law_on(as_of: date, overrides: Sequence[PeriodOverride] = ()) -> Law:
    """Return the law of a day.

    >>> law_on(date(2026, 1, 15)).in_force("CN_H200")
    True
    """
    statuses = dict(status_on(as_of, overrides).select("rule_id", "status").iter_rows())
    return Law(as_of=as_of, places=countries_on(as_of), statuses=MappingProxyType(statuses))
