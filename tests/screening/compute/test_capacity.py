"""What leased and ordered parts could do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.compute import capacity
from screening.compute.deployments import deployments
from screening.law import law_on
from screening.redflags.facts.inputs import read_activity

DAY = date(2026, 12, 1)
H100 = {
    "kind": "lease",
    "accelerator": "NVIDIA H100",
    "count": 100_000,
    "start": "2026-10-01",
    "end": "2026-10-30",
}
GROUPS = pl.DataFrame(
    {
        "customer_id": ["a", "b"],
        "group": ["g", "g"],
        "hq_country": ["AE", "AE"],
        "parent_hq_country": ["AE", "AE"],
    }
)
NOBODY = pl.DataFrame(schema={"group": pl.String, "model": pl.String, "count": pl.Float64})


def could(*rows: dict[str, Any], busy: pl.DataFrame = NOBODY) -> dict[str, Any]:
    activity = pl.DataFrame(
        [{"customer_id": "a", "activity_id": str(n), **row} for n, row in enumerate(rows)],
        infer_schema_length=None,
    )
    return capacity(deployments(read_activity(activity), GROUPS, law_on(DAY)), busy, DAY).row(0, named=True)


def test_the_figures_of_the_table_of_capacity() -> None:
    found = could(H100)
    assert found["capacity_central"] == pytest.approx(1.0254e26, rel=1e-3)
    assert found["capacity_upper"] == pytest.approx(5 * found["capacity_central"])
    assert found["capacity_parts"] == "100,000 NVIDIA H100 for 30 days"


def test_leases_of_one_group_add_up_while_they_run_together() -> None:
    later = {**H100, "customer_id": "b", "start": "2026-10-30", "end": "2026-11-28"}
    after = {**H100, "customer_id": "b", "start": "2026-10-31", "end": "2026-11-29"}
    once = could(H100)["capacity_upper"]
    assert could(H100, later)["capacity_upper"] == pytest.approx(2 * once)
    assert could(H100, after)["capacity_upper"] == pytest.approx(once)


def test_a_lease_without_an_end_is_one_of_a_year() -> None:
    year = {**H100, "start": "2026-01-01", "end": "2026-12-31"}
    assert could({**H100, "start": "2026-01-01", "end": None}) == could(year)
    assert could({**H100, "start": None, "end": None})["capacity_upper"] == could(year)["capacity_upper"]


def test_a_part_that_is_not_in_the_table_counts_as_the_fastest_one() -> None:
    found = could({**H100, "accelerator": "abacus"})
    assert found["capacity_central"] is None
    assert found["capacity_upper"] > could(H100)["capacity_upper"]
    assert "not in the table" in found["capacity_parts"]


def test_parts_on_which_jobs_run_are_not_counted_again() -> None:
    open_lease = {**H100, "end": "2026-12-31"}
    busy = pl.DataFrame({"group": ["g"], "model": ["NVIDIA H100"], "count": [75_000.0]})
    assert could(open_lease, busy=busy)["capacity_upper"] == pytest.approx(
        could(open_lease)["capacity_upper"] / 4
    )
    # A lease that ended before the day is no place for a job that runs now.
    assert could(H100, busy=busy) == could(H100)


def test_deployments_are_no_capacity_of_a_lease() -> None:
    activity = read_activity(
        pl.DataFrame([{"customer_id": "a", "activity_id": "1", **H100, "kind": "deployment"}])
    )
    assert capacity(deployments(activity, GROUPS, law_on(DAY)), NOBODY, DAY).is_empty()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(1, 9)), min_size=1, max_size=8))
def test_the_peak_is_that_of_counting_day_by_day(leases: list[tuple[int, int, int]]) -> None:
    first = date(2026, 1, 1)
    rows = [
        {
            **H100,
            "count": count,
            "start": str(first + timedelta(days=start)),
            "end": str(first + timedelta(days=start + days - 1)),
        }
        for start, days, count in leases
    ]
    each = [days * count for _, days, count in leases]
    peak = max(
        sum(
            total for (start, days, _), total in zip(leases, each, strict=True) if start <= day < start + days
        )
        for day in range(81)
    )
    unit = could({**H100, "count": 1, "end": "2026-10-01"})["capacity_upper"]
    assert could(*rows)["capacity_upper"] == pytest.approx(peak * unit)
