"""Records, reports, deadlines, licences and clocks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import documents
from screening.documents.deadlines import federal_holidays
from screening.errors import DocumentError

DAY = date(2026, 11, 22)
FINDING = {
    "customer_id": "c",
    "rule_id": "RF28",
    "rule_status": "codified_not_enforced",
    "recommendation": "ask",
    "question": "Does the customer mean to export the model?",
}


def settle(finding: dict[str, Any] = FINDING, **changes: Any) -> documents.Resolution:
    given = {
        "answer": "no",
        "evidence": "letter of 2026-11-20",
        "decision": "settled",
        "decided_by": "A. Officer",
        "decided_on": date(2026, 11, 23),
        "run_id": "r1",
        **changes,
    }
    return documents.resolve(finding, DAY, **given)


def test_a_record_keeps_question_answer_evidence_and_people() -> None:
    record = settle()
    assert (record.question, record.answer, record.decided_by) == (FINDING["question"], "no", "A. Officer")
    assert record.digest() == settle().digest()
    assert record.digest() != settle(answer="yes").digest()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer": " "}, "no answer"),
        ({"evidence": ""}, "no evidence"),
        ({"decided_by": ""}, "no person"),
        ({"decision": "cleared"}, "the decision is none of"),
        ({"decided_on": date(2026, 11, 21)}, "before the day of the run"),
    ],
)
def test_a_record_with_a_gap_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        settle(**changes)


def test_hold_and_stop_need_a_second_person() -> None:
    grave = {**FINDING, "recommendation": "stop_confirm"}
    for agreed in (None, "", "A. Officer"):
        with pytest.raises(DocumentError, match="second person"):
            settle(grave, agreed_by=agreed)
    assert settle(grave, agreed_by="B. Officer").agreed_by == "B. Officer"


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
    block = documents.blocking_report(
        {"customer": "Acme\nLtd", "party": "SDN-36", "programs": ["CUBA", "SDGT"]}, DAY
    )
    assert block.due == date(2026, 12, 7)
    assert block.text.startswith("DRAFT")
    assert "Owner or person with an interest: Acme Ltd\n" in block.text
    assert "Program: CUBA, SDGT\n" in block.text
    assert "property" in block.missing
    assert "acted_on" not in block.missing
    assert documents.rejection_report({}, DAY).kind == "reject"
    training = documents.training_report({"customer": "Acme", "training_ops": 10**26}, DAY)
    assert training.text.startswith("PROPOSED RULE, NOT IN FORCE")
    assert training.due == DAY + timedelta(days=15)


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
    held = register([("c", "D1", None, issued, expires)])
    assert documents.licence_states(held, DAY)["state"].item() == state


def register(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {
        "customer_id": pl.String,
        "licence_ref": pl.String,
        "rule_id": pl.String,
        "issued": pl.Date,
        "expires": pl.Date,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_findings_that_no_licence_speaks_to() -> None:
    findings = pl.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d", "e"],
            "rule_id": ["RF28"] * 5,
            "recommendation": ["licence_check"] * 4 + ["ask"],
        }
    )
    held = register(
        [
            ("a", "D1", "RF28", None, None),
            ("b", "D2", None, None, None),
            ("c", "D3", "LPP_CAP", None, None),
            ("d", "D4", "RF28", None, date(2026, 1, 1)),
        ]
    )
    assert documents.without_licence(findings, held, DAY)["customer_id"].to_list() == ["c", "d"]


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


def test_what_the_profile_of_the_provider_says() -> None:
    assert "has not said" in documents.Provider("X").statements()[0]
    assert "blocking statute" in documents.Provider("X", eu_entities=True).statements()[1]
