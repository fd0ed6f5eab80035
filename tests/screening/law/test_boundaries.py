"""Between two days without a boundary nothing of the law differs but the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.law import PeriodOverride, law_on
from screening.law.boundaries import law_changed
from screening.law.tables import table
from screening.redflags.plan import plan_on


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.integers(0, 400))
def test_without_a_boundary_the_law_is_the_same(day: date, later: int) -> None:
    after = day + timedelta(days=later)
    if law_changed(day, after):
        return
    one, other = law_on(day), law_on(after)
    assert one.statuses == other.statuses
    assert (one.places.groups, one.places.codes) == (other.places.groups, other.places.codes)
    for name in ("embargoes", "blocked_governments", "military_scopes"):
        assert one.covered(table(name)).equals(other.covered(table(name)))
    assert plan_on(day).rules == plan_on(after).rules


@pytest.mark.parametrize(("since", "until", "changed"), [
    (date(2025, 11, 9), date(2025, 11, 10), True),  # the Affiliates rule is stayed
    (date(2026, 3, 2), date(2026, 3, 1), True),  # backwards nothing is remembered
    (date(2026, 3, 1), date(2026, 3, 1), False),
])  # fmt: skip
def test_known_days(since: date, until: date, changed: bool) -> None:
    assert law_changed(since, until) is changed


def test_an_override_has_boundaries_too() -> None:
    until = PeriodOverride(
        "RF28", "in_force", date(2026, 2, 1), date(2026, 3, 1), "a letter", "counsel", date(2026, 1, 1)
    )
    assert not law_changed(date(2026, 2, 27), date(2026, 3, 1), [until])
    assert law_changed(date(2026, 3, 1), date(2026, 3, 2), [until])
