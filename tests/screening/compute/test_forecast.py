"""The day on which metered operations reach a limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.compute.forecast import crossing

DAY = date(2026, 6, 30)
LIMIT = {"at": 1000}


def jobs(*rows: dict[str, Any]) -> pl.DataFrame:
    filled = [
        {
            "group": "g",
            "model": "m",
            "start": date(2026, 6, 21),
            "end": None,
            "metered": 100.0,
            "earlier": 0.0,
            **row,
        }
        for row in rows
    ]
    return pl.DataFrame(filled, schema_overrides={"end": pl.Date, "start": pl.Date, "earlier": pl.Float64})


def day(*rows: dict[str, Any]) -> date | None:
    found: date | None = crossing(jobs(*rows), LIMIT, DAY)["at"].item()
    return found


def test_one_job_at_its_rate() -> None:
    assert day({}) == DAY + timedelta(days=90)  # 10 a day, 900 to go


def test_what_was_done_before_counts() -> None:
    assert day({"earlier": 800.0}) == DAY + timedelta(days=10)


def test_a_job_that_ends_first_never_gets_there() -> None:
    assert day({"end": DAY + timedelta(days=89)}) is None
    assert day({"end": DAY + timedelta(days=90)}) == DAY + timedelta(days=90)


def test_two_jobs_run_together_until_one_ends() -> None:
    found = day({"end": DAY + timedelta(days=10)}, {})
    assert found == DAY + timedelta(days=10 + 60)  # 200, then 20 a day for 10 days, then 10 a day


def test_already_there_or_nothing_metered_has_no_day() -> None:
    assert day({"metered": 1000.0}) is None
    assert day({"metered": None}) is None
    assert day({"start": None}) is None
    assert day({"start": DAY + timedelta(days=1)}) is None


def simulate(rows: list[dict[str, Any]]) -> date | None:
    """Walk day by day, the plain way."""
    level = sum(r["metered"] for r in rows)
    if level >= 1000:
        return None
    for step in range(1, 2000):
        today = DAY + timedelta(days=step)
        for r in rows:
            if r["end"] is None or today <= r["end"]:
                level += r["metered"] / ((DAY - r["start"]).days + 1)
        if level >= 1000 - 1e-6:
            return today
    return None


_JOB = st.fixed_dictionaries(
    {
        "start": st.integers(1, 60).map(lambda n: DAY - timedelta(days=n)),
        "end": st.one_of(st.none(), st.integers(1, 300).map(lambda n: DAY + timedelta(days=n))),
        "metered": st.integers(1, 400).map(float),
    }
)


@settings(max_examples=60)
@given(st.lists(_JOB, min_size=1, max_size=4))
def test_it_agrees_with_walking_day_by_day(rows: list[dict[str, Any]]) -> None:
    found, walked = day(*rows), simulate(rows)
    if found is None or walked is None:
        assert found is None or found > DAY + timedelta(days=1998) or walked is None
    else:
        assert abs((found - walked).days) <= 1  # the last float of a sum may fall on either side of midnight
