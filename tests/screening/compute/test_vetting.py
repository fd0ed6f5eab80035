"""The checklist of Supp. 10 and the places of weights."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from screening.compute import checklist, reportable_owners, storage
from screening.law import law_on
from screening.redflags import evaluate

LAW = law_on(date(2026, 11, 22))
SCHEMA = {
    "owner_id": pl.String, "hq_country": pl.String, "list": pl.String, "share_ppm": pl.Int64, "value_usd": pl.Int64,
    "acts_with": pl.String, "traded_in": pl.String,
}  # fmt: skip


def owners(*rows: dict[str, Any]) -> pl.DataFrame:
    base = {
        "hq_country": "CN",
        "list": None,
        "share_ppm": 9_999,
        "value_usd": 999_999,
        "acts_with": None,
        "traded_in": "US",
    }
    return pl.DataFrame([{"owner_id": f"h{i}", **base, **row} for i, row in enumerate(rows)], schema=SCHEMA)


@pytest.mark.parametrize(
    ("row", "report"),
    [
        ({}, False),
        ({"share_ppm": 10_000}, True),
        ({"value_usd": 1_000_000}, True),
        ({"traded_in": "CN"}, True),
        ({"traded_in": None}, True),
        ({"share_ppm": None}, True),
        ({"hq_country": "FR", "share_ppm": 900_000}, False),
        ({"hq_country": "FR", "list": "SDN", "share_ppm": 10_000}, True),
        ({"hq_country": "MO", "share_ppm": 10_000}, True),
    ],
)
def test_which_owners_must_be_reported(row: dict[str, Any], report: bool) -> None:
    assert reportable_owners(owners(row), LAW)["report"].item() == report


def test_those_who_act_together_add_up() -> None:
    two = owners(
        {"share_ppm": 5_000, "acts_with": "state"}, {"share_ppm": 5_000, "acts_with": "state", "value_usd": 0}
    )
    assert reportable_owners(two, LAW).select("acts_with", "share_ppm", "report").rows() == [
        ("state", 10_000, True)
    ]


def test_the_checklist_is_a_record_and_never_a_pass() -> None:
    facts = pl.DataFrame(
        {
            "customer_id": ["c", "d"],
            "hq_country": ["CN", "FR"],
            "ultimate_parent_hq_country": ["CN", "FR"],
            "name": ["Harbin Institute of Technology", "Bon"],
            "hits": [[], []],
        },
        schema_overrides={"hits": pl.List(pl.Null)},
    )
    findings = evaluate(facts, date(2026, 11, 22))
    record = checklist("c", findings, owners=reportable_owners(owners({"share_ppm": 10_000}), LAW))
    states = dict(record.select("item", "state").iter_rows())
    assert list(states) == list(range(1, 20))
    assert (states[2], states[13], states[14]) == ("against", "against", "open")
    assert states[3] == "open"
    assert "1 stakes or ventures must be reported" in record["found"][2]
    given = {14: "attestation of 2026-05-01", 10: "count of 2026-08-01"}
    attested = dict(checklist("d", findings, attestations=given).select("item", "state").iter_rows())
    assert (attested[14], attested[10], attested[15]) == ("nothing_found", "nothing_found", "open")
    assert set(record["state"]) <= {"against", "open", "nothing_found"}


@pytest.mark.parametrize(
    ("country", "operator", "secured", "state"),
    [
        ("US", None, None, "home"),
        ("CN", "US", True, "closed"),
        ("MO", "US", True, "closed"),
        ("AE", "US", True, "conditions_met"),
        ("AE", "US", None, "conditions_open"),
        ("AE", "US", False, "not_allowed_here"),
        ("AE", "AE", True, "not_allowed_here"),
        ("AE", None, True, "conditions_open"),
        (None, "US", True, "conditions_open"),
    ],
)
def test_where_weights_may_be_stored(
    country: str | None, operator: str | None, secured: bool | None, state: str
) -> None:
    site = pl.DataFrame(
        {"country": [country], "operator_hq_country": [operator], "secured": [secured]},
        schema={"country": pl.String, "operator_hq_country": pl.String, "secured": pl.Boolean},
    )
    assert storage(site, LAW)["state"].item() == state
