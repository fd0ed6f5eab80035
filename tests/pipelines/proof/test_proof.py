"""A run proves of every customer what was compared, what was found, and what was not looked at."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.errors import CustomerNotFound, RunDamaged
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.proof import screening_proof, screening_summary
from pipelines.run import Run, open_run
from pipelines.run.verify import check_files
from screening.redflags.rule import OUTCOMES

DAY = date(2026, 12, 1)
PROOF = ("relations", "recorded_ownership", "branches", "judgements", "patterns", "fingerprints", "parties")
CHAIN = ("C200", "P-TOP", "P-MIDDLE")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The sample world, with owners above the owner of C200, a row without a name, and another undisclosed owner."""
    folder = tmp_path_factory.mktemp("proof")
    job = demo_job(folder, DAY)
    edges = pl.read_csv(job.files.ownership[0], infer_schema=False)
    blank = dict.fromkeys(edges.columns)
    more = [
        blank
        | {"owner_id": "P-MIDDLE", "owned_id": "C200", "share_percent": "60", "owner_name": "Middle Holding"},
        blank
        | {"owner_id": "P-TOP", "owned_id": "P-MIDDLE", "share_percent": "100", "owner_name": "Top Holding"},
        blank | {"owner_id": "C200", "owned_id": "P-TOP", "share_percent": "1", "owner_name": "Round"},
        blank | {"owner_id": "UNDISCLOSED", "owned_id": "P-TOP", "share_percent": "5"},
    ]
    columns = set(edges.columns)
    rows = pl.DataFrame(
        [{k: v for k, v in each.items() if k in columns} for each in more], schema=edges.schema
    )
    pl.concat([edges.filter(pl.col("owned_id") != "C200"), rows]).write_csv(folder / "ownership.csv")
    customers = pl.read_csv(job.files.customers, infer_schema=False)
    nameless = customers.with_columns(
        name=pl.when(pl.col("customer_id") == "C201").then(None).otherwise("name")
    )
    nameless.write_csv(folder / "customers.csv")
    files = replace(job.files, customers=folder / "customers.csv", ownership=(folder / "ownership.csv",))
    return replace(job, files=files)


@pytest.fixture(scope="module")
def full(job: Job) -> Run:
    run(job)
    return open_run(job.out)


def test_everybody_in_the_run_has_a_proof_in_which_every_rule_answers(full: Run) -> None:
    rules = sorted(row["rule_id"] for row in full.manifest["rules"])
    ids = full.columns("judgements", "customer_id")["customer_id"].to_list()
    assert len(ids) == 299
    for customer_id in ids[::13]:
        proof = screening_proof(full, customer_id)
        assert sorted(row["rule_id"] for row in proof["rules"]) == rules
        assert {row["outcome"] for row in proof["rules"]} <= {*OUTCOMES, "context"}
        assert {row["list"] for row in proof["results"]} == {row["list"] for row in full.manifest["lists"]}
        assert proof["subjects"][0]["role"] == "customer"
        assert proof["subjects"][0]["names"]


def test_answers_of_rules_are_those_of_the_findings(full: Run) -> None:
    findings = full.table("findings").filter(pl.col("outcome") == "raised")
    for customer_id in findings["customer_id"].unique().sort().to_list()[::9]:
        found = set(findings.filter(pl.col("customer_id") == customer_id)["rule_id"])
        answers = screening_proof(full, customer_id)["rules"]
        assert found == {row["rule_id"] for row in answers if row["outcome"] == "raised"}


def test_owners_of_owners_are_named_once_also_in_a_circle(full: Run) -> None:
    subjects = {
        (row["role"], row["entity_id"], row["below"]) for row in screening_proof(full, "C200")["subjects"]
    }
    assert subjects == {
        ("customer", "C200", None),
        ("owner", "P-MIDDLE", "C200"),
        ("owner", "P-TOP", "P-MIDDLE"),
        ("owner", "C200", "P-TOP"),
        ("owner", None, "P-TOP"),
    }


def test_whoever_acts_for_a_customer_or_deals_with_it_is_named_in_the_role(full: Run) -> None:
    (signatory,) = [row for row in screening_proof(full, "C100")["subjects"] if row["role"] == "signatory"]
    assert signatory["names"] == ["Gennady Timchenko"]
    consignees = [
        row for row in screening_proof(full, "C091")["subjects"] if row["role"] == "ultimate_consignee"
    ]
    assert [row["names"] for row in consignees] == [["Yerevan Optronics CJSC"]]


def test_ownership_says_how_much_is_recorded_and_how_old_it_is(full: Run) -> None:
    owned = screening_proof(full, "C200")["ownership"]
    assert (owned["recorded"]["low"], owned["unrecorded_share"]) == (600_000, 400_000)
    assert owned["recorded"]["undated"] == 1
    assert screening_proof(full, "C100")["ownership"]["recorded"] is None
    aged = screening_proof(full, "C253")["ownership"]
    assert (aged["recorded"]["oldest"], aged["oldest_age_days"]) == (date(2026, 3, 31), 245)


def test_an_unknown_customer_is_an_error_that_tells_of_rows_set_aside(full: Run) -> None:
    with pytest.raises(CustomerNotFound, match=r"customers.csv row 202, name: required and blank"):
        screening_proof(full, "C201")


def test_a_customer_may_not_be_in_the_file_at_all(full: Run, tmp_path: Path, job: Job) -> None:
    whole = replace(job, files=demo_job(tmp_path, DAY).files, out=tmp_path / "run")
    run(whole)
    with pytest.raises(CustomerNotFound, match="the file did not hold it"):
        screening_proof(open_run(whole.out), "C999")


@pytest.mark.parametrize("table", PROOF)
def test_verify_finds_a_spoiled_file_of_the_proof(full: Run, tmp_path: Path, table: str) -> None:
    shutil.copytree(full.path, tmp_path / "run")
    (file,) = (tmp_path / "run" / table).rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(RunDamaged, match=f"not as the run wrote it: {table}"):
        check_files(open_run(tmp_path / "run"))


def test_a_delta_proves_the_same_in_the_same_bytes_with_the_lists_of_its_own_night(
    full: Run, job: Job, tmp_path: Path
) -> None:
    again = replace(job, out=tmp_path / "whole", as_of=date(2026, 12, 2))
    delta = replace(again, out=tmp_path / "delta", since=full.path, trigger="night of the second")
    run(again)
    run(delta)
    first, second = open_run(again.out), open_run(delta.out)
    for table in PROOF:
        assert first.manifest["outputs"][table] == second.manifest["outputs"][table]
    proofs = [screening_proof(each, "C200") for each in (first, second)]
    apart = ("trigger", "run")
    assert _without(proofs[0], apart) == _without(proofs[1], apart)
    assert proofs[1]["run"]["as_of"] == "2026-12-02"
    assert proofs[1]["trigger"]["events"] == ["new_day"]
    assert proofs[1]["trigger"]["given"] == "night of the second"
    assert proofs[1]["trigger"]["since"]["as_of"] == "2026-12-01"


def _without(proof: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in proof.items() if name not in names}


def test_the_summary_counts_every_customer_in_its_segment(full: Run) -> None:
    summary = screening_summary(full)
    assert sum(row["customers"] for row in summary["segments"]) == 299
    assert sum(row["with_case"] for row in summary["segments"]) == full.manifest["counts"]["cases"]
    coverage = full.table("coverage").filter(pl.col("outcome") == "not_evaluable")
    gaps: dict[str, int] = {}
    for row in summary["rules"]:
        gaps[row["rule_id"]] = gaps.get(row["rule_id"], 0) + row["customers"]
        assert row["customers"] == sum(row["by_segment"].values())
    assert gaps == dict(coverage.group_by("rule_id").agg(pl.col("customers").sum()).iter_rows())
    assert [(row["column"], row["rows"]) for row in summary["set_aside"]] == [("name", 1)]
