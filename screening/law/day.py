"""The law on one day, as rules read it: places with their groups, and which texts have which status."""

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
    """Places and statuses on `as_of`."""

    as_of: date
    places: Countries
    statuses: Mapping[str, str]

    def in_force(self, rule_id: str) -> bool:
        """Return whether a text is in force on the day."""
        return self.statuses.get(rule_id) == "in_force"

    def covered(self, dated: pl.DataFrame) -> pl.DataFrame:
        """Keep the rows of a table whose `effective_from` to `effective_to` hold the day; blank means open."""
        since, until = pl.col("effective_from").str.to_date(), pl.col("effective_to").str.to_date()
        return dated.filter(since.is_null() | (since <= self.as_of), until.is_null() | (until >= self.as_of))


def law_on(as_of: date, overrides: Sequence[PeriodOverride] = ()) -> Law:
    """Return the law of a day.

    >>> law_on(date(2026, 1, 15)).in_force("CN_H200")
    True
    """
    statuses = dict(status_on(as_of, overrides).select("rule_id", "status").iter_rows())
    return Law(as_of=as_of, places=countries_on(as_of), statuses=MappingProxyType(statuses))
