"""The worked cases of ownership below, at and above half, from the rows of a book to the findings."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.screening.book import parties

with Path(__file__).with_name("ownership_cases.csv").open(encoding="utf-8", newline="") as page:
    CASES = list(csv.DictReader(page))
OPEN = {
    "W09": "who held a share that has ended is not compared with the lists, unless it holds something today",
    "W10": "who held a share that has ended is not compared with the lists, unless it holds something today",
    "W19": "what customers hold in listed parties is not followed",
}
"""Cases that do not answer yet as they should."""


LISTED_ON = {"SDN-1": date(2014, 3, 20)}


@pytest.fixture(scope="module")
def findings() -> dict[str, pl.DataFrame]:
    """Return what every rule says of the customer of each case; the cases of one day are one book."""
    listed = parties.lists(*({**p, "start": LISTED_ON.get(p["party_id"])} for p in parties.PARTIES))
    found: dict[str, pl.DataFrame] = {}
    for day in {case["as_of"] for case in CASES}:
        book = [case for case in CASES if case["as_of"] == day]
        customers = [
            {
                **parties.CUSTOMER,
                "hq_country": "DE",
                **json.loads(case["customer"]),
                "customer_id": case["case"],
            }
            for case in book
        ]
        edges, entities = (
            [_renamed(case["case"], row) for case in book for row in json.loads(case[table])]
            for table in ("edges", "entities")
        )
        given = parties.book((), edges, customers=customers, entities=entities)
        every = parties.findings(parties.prepared(given, date.fromisoformat(day), listed), given)
        found |= {str(key[0]): rows for key, rows in every.group_by("customer_id")}
    return found


def _renamed(case: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with ids of its own for everybody, so that no case has to do with another."""
    ids = {key: value for key, value in row.items() if key.endswith("_id") and value is not None}
    return {**row, **{key: case if value == "c" else f"{case}:{value}" for key, value in ids.items()}}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(reason=OPEN[case["case"]], strict=True))
        if case["case"] in OPEN
        else case
        for case in CASES
    ],
    ids=[case["case"] for case in CASES],
)
def test_case(case: dict[str, str], findings: dict[str, pl.DataFrame]) -> None:
    found = findings[case["case"]]
    (row,) = found.filter(pl.col("rule_id") == case["rule_id"]).to_dicts()
    assert (row["outcome"], row["recommendation"], row["severity"]) == (
        case["outcome"],
        case["recommendation"],
        int(case["severity"]),
    ), row["branch"]
    assert case["branch"] in ("", row["branch"])
    text = f"{row['reason']} {row['question']}".casefold()
    assert [words for words in case["must_say"].split("|") if words.casefold() not in text] == [], text
    loud = found.filter("material", pl.col("rule_id").is_in(case["silent"].split()))
    assert loud["rule_id"].to_list() == []
    below_half = case["rule_id"] != "SDN_50" or case["outcome"] != "raised"
    if below_half:
        assert "stop_confirm" not in found["recommendation"].to_list()


def test_every_case_is_there() -> None:
    assert [case["case"] for case in CASES] == [f"W{number:02d}" for number in range(1, 26)]


def test_the_cases_answer_as_the_reference_does(shared: Path) -> None:
    with (shared / "regulation" / "cases_ownership.csv").open(encoding="utf-8", newline="") as page_:
        reference: dict[str, dict[str, Any]] = {row["case"]: row for row in csv.DictReader(page_)}
    assert set(reference) == {case["case"] for case in CASES}
    for case in CASES:
        wanted = reference[case["case"]]
        assert (case["as_of"], int(case["severity"])) == (wanted["as_of"], int(wanted["severity"])), case[
            "case"
        ]
        assert case["recommendation"] == wanted["recommendation"].replace("-", "note"), case["case"]
        rules = wanted["rule"].replace("input check", "SDN_50")
        if case["case"] not in ("W22", "W24"):  # no rule is named; the share below half is Red Flag 29's
            assert case["rule_id"] in rules, case["case"]
