"""Customers of the sample world that only their birth date or a number tells apart, through the whole nightly job."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from desk.cli.explain import lines
from pipelines.demo import demo_job
from pipelines.job.run import run
from pipelines.run import Run, open_run
from pipelines.run.lookup import find_case

ADDED = pl.DataFrame(
    {
        "customer_id": ["E1", "E2", "E3", "E4"],
        "name": ["Fangwei Li", "Fangwei Li", "Blue Garden Trading GmbH", "Morning Dew"],
        "party_type": ["person", "person", "organization", "vessel"],
        "country": ["CN", "CN", "CN", "PA"],
        "date_of_birth": ["1972-09-18", "1955", None, None],
        "identifiers": [None, None, "uscc:91420112711981060J", "imo:IMO 9569671"],
    }
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("attributes")
    job = demo_job(folder, date(2026, 11, 22))
    customers = folder / "customers.csv"
    book = pl.read_csv(job.files.customers, infer_schema=False)
    pl.concat([book, ADDED], how="diagonal").write_csv(customers)
    run(replace(job, files=replace(job.files, customers=customers)))
    return open_run(job.out)


def test_the_same_birth_date_and_the_same_numbers_open_a_case(ran: Run) -> None:
    findings = ran.table("findings").filter(pl.col("rule_id") == "SDN_BLOCK", pl.col("outcome") == "raised")
    reasons = dict(findings.select("customer_id", "reason").iter_rows())
    assert {"E1", "E3", "E4"} <= set(reasons)
    assert "same date of birth: 1972-09-18 / 18 Sep 1972" in reasons["E1"]
    assert "91420112711981060J" in reasons["E3"]
    assert "the names do not resemble; found by the identifier alone" in reasons["E3"]
    assert "same IMO number" in reasons["E4"]
    assert "E2" not in set(ran.table("cases")["customer_id"])


def test_another_year_of_birth_is_counted_and_shown(ran: Run) -> None:
    against = ran.table("contradicted").filter(pl.col("record_id") == "E2")
    row = against.filter(pl.col("party_name") == "LI, Fangwei").row(0, named=True)
    assert row["name_score"] > 0.9
    assert row["score"] < 0.5
    assert "another year of birth: 1955 / 18 Sep 1972" in [part["text"] for part in row["evidence"]]
    assert ran.manifest["counts"]["pairs_contradicted"] == ran.table("contradicted").height > 0


def test_the_explanation_lists_the_parts(ran: Run) -> None:
    text = "\n".join(line for _, line in lines(find_case(ran, "E1"), "2026-11-22"))
    assert "+4.6  same date of birth: 1972-09-18 / 18 Sep 1972" in text
    assert "+0.5  same country: CN" in text
