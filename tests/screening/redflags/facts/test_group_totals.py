"""What adds up over groups is narrow, and with it customers can be taken in any division."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.compute.results import RESULT
from screening.law import law_on
from screening.law.boundaries import law_changed
from screening.redflags.facts import (
    GroupTotals,
    adding_activities,
    assemble,
    customer_groups,
    group_totals,
    total_by_group,
)

DAY = date(2026, 11, 22)
IDS = ("a", "b", "c", "d", "e", "f")
BOOK = pl.DataFrame(
    {
        "customer_id": IDS,
        "name": [f"Firm {i}" for i in IDS],
        "hq_country": ["us", "DE", "CN", "AE", None, "FR"],
        "segment": ["bakery", None, "retail", "cloud", "gym", None],
        "incorporated_on": [date(2024, 1, 1), None, date(2026, 9, 1), None, None, date(1990, 1, 1)],
    }
)
PARENTS = pl.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e"],
        "parent_id": ["P", "P", "Q", "Q", None],
        "parent_name": ["Parent", "Parent", "Other", "Other", None],
        "parent_hq_country": ["US", "US", "CN", "CN", None],
        "basis": ["majority_chain"] * 4 + ["no_majority"],
        "unknown": [False] * 4 + [True],
    }
)
LISTED = pl.DataFrame(
    {"matched_entity_id": ["a", "c"], "list": ["EL", "SDN"], "party_name": ["A", "C"], "band": "alert"}
)
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


ACTIVITIES = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from([*IDS, "nobody"]),
        "kind": st.sampled_from(
            ["training", "fine_tuning", "inference", "lease", "order", "deployment", "odd"]
        ),
        "start": DAYS,
        "end": st.none() | DAYS,
        "training_ops_planned": some(1e24, 6e25, 1e26, -1.0),
        "training_ops_metered": some(2e24, 5e25),
        "model_id": some("m", "n"),
        "base_model_ops": some(2e26, 9e25),
        "base_published": some("yes", "no"),
        "synthetic_share": some(0.05, 0.5),
        "synthetic_model_ops": some(3e25),
        "weights_published": some("yes", "no", "planned"),
        "provision": some("remote_only", "items"),
        "licence_ref": some("UVEU 1", "LPP 2", "AIA", "D-3"),
        "accelerator": some("H100", "Ascend 910B", "abacus"),
        "count": some(1, 300, 60_000),
        "tpp": some(4800.0, 20_000.0),
        "site_country": some("US", "DE", "AE", "IN", "CN"),
        "resale": some("yes", "no", "unknown"),
        "payer_country": some("US", "HK"),
    }
)
ORDERS = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(IDS),
        "date": DAYS,
        "role": some("end_user", "ultimate_consignee"),
        "counterparty": some("Silk Gate Freight", "Acme Trading"),
        "item": some("jig 7", "mask set", "pump"),
        "hs_code": some("8542.31"),
        "ship_to_country": some("AE", "CN"),
        "payer_country": some("HK"),
        "amount": some(10.0, 5_000_000.0),
    }
)


def frame(rows: list[dict[str, Any]], ids: str | None = None) -> pl.DataFrame | None:
    if not rows:
        return None
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table.with_columns(pl.format("{}", pl.int_range(pl.len())).alias(ids)) if ids else table


def own(rows: pl.DataFrame | None, part: pl.DataFrame) -> pl.DataFrame | None:
    return None if rows is None else rows.join(part.select("customer_id"), on="customer_id", how="semi")


def book_totals(activity: pl.DataFrame | None, orders: pl.DataFrame | None) -> GroupTotals:
    return total_by_group(
        customer_groups(BOOK, PARENTS), adding_activities(activity), orders, LISTED, law_on(DAY)
    )


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(ACTIVITIES, max_size=12),
    st.lists(ORDERS, max_size=6),
    st.lists(st.integers(0, 1), min_size=6, max_size=6),
)
def test_facts_do_not_depend_on_how_customers_are_divided(
    activities: list[dict[str, Any]], orders: list[dict[str, Any]], sides: list[int]
) -> None:
    activity, transactions = frame(activities, "activity_id"), frame(orders)
    whole = assemble(
        BOOK,
        parents=PARENTS,
        activity=activity,
        transactions=transactions,
        listed=LISTED,
        as_of=DAY,
    )
    side = pl.Series(sides) == 1
    totals = book_totals(activity, transactions)
    parts = [
        assemble(
            part,
            parents=PARENTS,
            activity=own(activity, part),
            transactions=own(transactions, part),
            listed=LISTED,
            as_of=DAY,
            totals=totals,
        )
        for part in (BOOK.filter(side), BOOK.filter(~side))
    ]
    assert pl.concat(parts).sort("customer_id").equals(whole)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(ACTIVITIES, min_size=1, max_size=8), st.lists(ORDERS, max_size=6), st.integers(1, 400))
def test_another_day_changes_nothing_but_totals_while_the_law_stays(
    activities: list[dict[str, Any]], orders: list[dict[str, Any]], days: int
) -> None:
    """A delta relies on it: it compares a customer's own rows, and the totals as of the day."""
    later = DAY + timedelta(days=days)
    activity, transactions = frame(activities, "activity_id"), frame(orders)
    totals = book_totals(activity, transactions)
    first, second = (
        assemble(
            BOOK,
            parents=PARENTS,
            activity=activity,
            transactions=transactions,
            listed=LISTED,
            as_of=day,
            totals=totals,
        )
        for day in (DAY, later)
    )
    assert law_changed(DAY, later) or first.equals(second)


def test_totals_are_narrow() -> None:
    """A customer that only runs inference or places orders, as nearly all do, has no row in them."""
    rows = [{"customer_id": "a", "kind": "training", "training_ops_planned": 1e25, "model_id": "m"}]
    rows += [{"customer_id": i, "kind": "inference", "payer_country": "US"} for i in IDS]
    orders = [{"customer_id": i, "date": DAY, "item": f"pump {i}", "amount": 5.0} for i in IDS]
    totals = book_totals(frame(rows, "activity_id"), frame(orders))
    assert totals.training["customer_id"].to_list() == ["a"]
    assert totals.results.is_empty()
    assert totals.results.columns == list(RESULT)
    assert not {"name", "address", "hits", "restricted", "answers", "results"} & set(totals.training.columns)
    assert all(not dtype.is_nested() or dtype == pl.List(pl.String) for dtype in totals.training.dtypes)


def test_activities_are_read_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"customer_id": "a", "kind": kind} for kind in ("training", "inference", "odd", "fine_tuning")]
    activity = frame(rows)
    at_once = adding_activities(activity)
    monkeypatch.setattr(group_totals, "SLICE", 3)
    assert adding_activities(activity).equals(at_once)
    assert at_once["activity_id"].to_list() == ["row 0", "row 2", "row 3"]
