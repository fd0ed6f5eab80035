"""Cases: one a customer, the strictest recommendation on top, the same id in every run."""

from __future__ import annotations

import polars as pl

from screening.cases import assemble_cases, case_id
from screening.cases.assembly import MATCH, PATH

CUSTOMERS = pl.DataFrame({"customer_id": ["a", "b"], "name": ["Alpha", "Beta"]})


def finding(
    customer: str, rule: str, recommendation: str, severity: int, question: str | None
) -> dict[str, object]:
    return {
        "customer_id": customer, "rule_id": rule, "outcome": "raised", "rule_status": "in_force",
        "severity": severity, "recommendation": recommendation, "reason": "r", "evidence": "e", "question": question,
    }  # fmt: skip


def empty(columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(schema={"customer_id": pl.String, **dict.fromkeys(columns, pl.String)})


def test_the_strictest_recommendation_leads_and_each_question_stands_once() -> None:
    findings = pl.DataFrame(
        [
            finding("b", "RF28", "ask", 40, "Do you export?"),
            finding("b", "SDN_BLOCK", "stop_confirm", 100, "Is it the same person?"),
            finding("b", "RF29", "ask", 40, "Do you export?"),
        ]
    )
    unchecked = pl.DataFrame({"customer_id": ["b"], "not_checked": [["FSE: not loaded", "ISN: not loaded"]]})
    cases = assemble_cases(CUSTOMERS, findings, empty(MATCH), empty(PATH), unchecked)
    (case,) = cases.to_dicts()
    assert (case["case_id"], case["name"]) == (case_id("b"), "Beta")
    assert (case["recommendation"], case["severity"]) == ("stop_confirm", 100)
    assert [row["rule_id"] for row in case["findings"]] == ["SDN_BLOCK", "RF28", "RF29"]
    assert case["questions"] == ["Is it the same person?", "Do you export?"]
    assert case["not_checked"] == ["FSE: not loaded", "ISN: not loaded"]
    assert case["matches"] == []


def test_no_finding_no_case() -> None:
    none = pl.DataFrame([finding("a", "X", "note", 1, None)]).clear()
    none = none.with_columns(pl.col("severity").cast(pl.Int64))
    text = pl.DataFrame(schema={"customer_id": pl.String, "not_checked": pl.List(pl.String)})
    assert assemble_cases(CUSTOMERS, none, empty(MATCH), empty(PATH), text).is_empty()


def test_the_customer_s_own_paths_go_before_those_of_whom_it_deals_with() -> None:
    finds = pl.DataFrame([finding("a", "SDN_50", "stop_confirm", 95, None)])
    path = {"customer_id": "a", "status": "restricted", "low": 500_000, "high": 500_000}
    paths = pl.DataFrame(
        [
            {**path, "regime": "bis", "role": "end_user", "counterparty": "Volga", "path": "Volga <- X"},
            {**path, "regime": "ofac", "role": None, "counterparty": None, "path": "Alpha <- X"},
        ],
        infer_schema_length=None,
    )
    text = pl.DataFrame(schema={"customer_id": pl.String, "not_checked": pl.List(pl.String)})
    (case,) = assemble_cases(CUSTOMERS, finds, empty(MATCH), paths, text).to_dicts()
    assert [(row["role"], row["path"]) for row in case["paths"]] == [
        (None, "Alpha <- X"),
        ("end_user", "Volga <- X"),
    ]
