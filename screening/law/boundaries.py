"""Days on which the law differs from the day before.

Between two days without such a day an assessment of the same facts says the same, so a delta may use the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

import polars as pl

from lists.reference import reference
from screening.law.periods import PeriodOverride
from screening.law.tables import table, table_names

FIRST_DAYS = ("effective_from", "effective")
LAST_DAY = "effective_to"


def law_changed(since: date, until: date, overrides: Sequence[PeriodOverride] = ()) -> bool:
    """Return whether any dated row of the law begins or ends after `since` and up to `until`.

    Where none does, `law_on` the two days differs in nothing but the day.

    >>> law_changed(date(2025, 9, 28), date(2025, 9, 29)), law_changed(date(2026, 3, 1), date(2026, 3, 2))
    (True, False)
    """
    decided = [day for one in overrides for day in _days([one.effective_from], [one.effective_to])]
    return since > until or any(since < day <= until for day in (*_dated(), *decided))


@cache
def _dated() -> tuple[date, ...]:
    """Return every first day of a row of any table of the law, and every day after a last one, sorted."""
    days: set[date] = set()
    for rows in (*map(table, table_names()), reference("ear_744_8_tags")):
        first = [day for column in FIRST_DAYS if column in rows.columns for day in _read(rows[column])]
        last = _read(rows[LAST_DAY]) if LAST_DAY in rows.columns else []
        days.update(_days(first, last))
    return tuple(sorted(days))


def _read(column: pl.Series) -> list[date]:
    return column.drop_nulls().str.to_date(strict=False).drop_nulls().to_list()


def _days(first: Sequence[date], last: Sequence[date | None]) -> Iterator[date]:
    yield from first
    yield from (day + timedelta(days=1) for day in last if day is not None)
