"""Reports with their deadlines, states of licences, and how long files are kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import documents
from screening.documents.deadlines import federal_holidays

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 3, 2), date(2026, 3, 16)),
        (date(2026, 7, 1), date(2026, 7, 16)),  # 4 July 2026 is a Saturday: observed on the 3rd
        (date(2026, 12, 21), date(2027, 1, 6)),  # Christmas and New Year
        (date(2021, 12, 20), date(2022, 1, 5)),  # 1 January 2022 is a Saturday: observed in 2021
        (date(2026, 11, 21), date(2026, 12, 7)),  # from a Saturday
    ],
)
def test_ten_business_days(day: date, wanted: date) -> None:
    assert documents.business_days_after(day, 10) == wanted


def test_federal_holidays_of_a_year() -> None:
    assert federal_holidays(2026) == {
        date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3),
        date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
    }  # fmt: skip


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 40))
def test_business_days_add_up(day: date, count: int) -> None:
    one = documents.business_days_after(day, 1)
    assert documents.business_days_after(day, count) == documents.business_days_after(one, count - 1)
    assert documents.business_days_after(day, count) >= day + timedelta(days=count)


def test_reports_are_drafts_with_a_day_and_their_gaps() -> None:
    block = documents.draft_report(
        "block", {"customer": "Acme\nLtd", "party": "SDN-36", "programs": ["CUBA", "SDGT"]}, DAY
    )
    assert block.due == date(2026, 12, 7)
    assert block.text.startswith("DRAFT")
    assert "Owner or person with an interest: Acme Ltd\n" in block.text
    assert "Program: CUBA, SDGT\n" in block.text
    assert "property" in block.missing
    assert "acted_on" not in block.missing
    assert documents.draft_report("reject", {}, DAY).due == block.due
    training = documents.draft_report("training", {"customer": "Acme", "training_ops": 10**26}, DAY)
    assert training.text.startswith("PROPOSED RULE, NOT IN FORCE")
    assert training.due == DAY + timedelta(days=15)


def test_a_draft_takes_what_the_findings_of_a_case_say() -> None:
    finding = {
        "rule_id": "RF28",
        "outcome": "raised",
        "reason": "Trains a model.",
        "evidence": "hq_country=China (CN); training_ops=2e26; weights_published=no",
    }
    nobody = pl.DataFrame(
        schema={
            "party_id": pl.String,
            "list": pl.String,
            "party_name": pl.String,
            "programs": pl.List(pl.String),
            "score": pl.Float64,
        }
    )
    fields = documents.case_fields("training", {"name": "Acme", "findings": [finding]}, nobody)
    assert fields["training_ops"] == "2e26"
    assert fields["hq_country"] == "China (CN)"
    assert "weights_published" not in fields
    draft = documents.draft_report("training", fields, DAY)
    assert "Estimated operations: 2e26\n" in draft.text
    assert documents.case_fields("block", {"name": "Acme", "findings": [finding]}, nobody)["basis"] == ""


def test_reports_of_fixed_days_come_in_the_order_of_their_day() -> None:
    due = documents.next_reports(date(2026, 9, 30))
    assert due["due"].is_sorted()
    assert due["due"][0] == date(2026, 9, 30)
    annual = due.row(by_predicate=pl.col("rule_id") == "SDN_BLOCK", named=True)
    assert (annual["due"], annual["counted_on"]) == (date(2026, 9, 30), date(2026, 6, 30))
    later = documents.next_reports(date(2026, 10, 1)).row(
        by_predicate=pl.col("rule_id") == "SDN_BLOCK", named=True
    )
    assert (later["due"], later["counted_on"]) == (date(2027, 9, 30), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("issued", "expires", "state"),
    [
        (date(2026, 11, 23), None, "not_yet"),
        (date(2026, 11, 22), None, "valid"),
        (None, date(2026, 11, 21), "expired"),
        (None, date(2026, 11, 22), "expiring"),
        (None, date(2027, 1, 21), "expiring"),
        (None, date(2027, 1, 22), "valid"),
    ],
)
def test_states_of_licences(issued: date | None, expires: date | None, state: str) -> None:
    licence = register([("c", "D1", None, issued, expires)])
    assert documents.licence_states(licence, DAY)["state"].item() == state


def register(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {
        "customer_id": pl.String,
        "licence_ref": pl.String,
        "rule_id": pl.String,
        "issued": pl.Date,
        "expires": pl.Date,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.mark.parametrize(
    ("row", "until", "clock"),
    [
        ({"case_closed": date(2026, 3, 1)}, date(2036, 3, 1), "runs"),
        ({"case_closed": date(2026, 3, 1), "unblocked": date(2026, 9, 1)}, date(2036, 9, 1), "runs"),
        (
            {"case_closed": date(2026, 3, 1), "blocked": True},
            None,
            "property is blocked: keep, and ten years after",
        ),
        ({"case_closed": date(2026, 3, 1), "legal_hold": True, "blocked": True}, None, "legal hold: keep"),
        ({"case_closed": None}, None, "nothing has closed yet: keep"),
        ({"last_transaction": date(2024, 2, 29)}, date(2034, 2, 28), "runs"),
    ],
)
def test_the_latest_trigger_sets_the_clock(row: dict[str, Any], until: date | None, clock: str) -> None:
    schema = {k: pl.Boolean if k in ("blocked", "legal_hold") else pl.Date for k in row}
    found = documents.keep_until(pl.DataFrame([row], schema=schema), DAY).row(0, named=True)
    assert (found["keep_until"], found["clock"]) == (until, clock)
