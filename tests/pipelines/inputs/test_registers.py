"""Licences held and lists of one's own, from the file to the finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.inputs.book import read_book
from pipelines.job.config import Columns, Config
from pipelines.job.definition import Job
from pipelines.job.recompute import find_inputs, recompute
from pipelines.job.run import run
from pipelines.run import Run, open_run
from screening.policy import Rules

TODAY = date(2026, 11, 22)
LICENCES = "Holder,licence_ref,rule_id,issued,expires\n{}\n"
WATCHLISTS = """list,name,source
BIS_letter,"OPTRONICS CJSC, Yerevan",letter of 2026-02-17
tip,Tien Shan Wholesale LLC,register of 2026-10
rumour,Somebody GmbH,
tip,Someone Ltd,
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The sample world, where C035 means to export its model and Red Flag 28 has its full weight."""
    folder = tmp_path_factory.mktemp("registers")
    job = demo_job(folder, TODAY)
    assert job.files.activity
    activity = pl.read_csv(job.files.activity, infer_schema=False)
    yes = pl.when(pl.col("customer_id") == "C035").then(pl.lit("yes")).otherwise("intends_export")
    activity.with_columns(intends_export=yes).write_csv(folder / "activity.csv")
    return replace(
        job,
        files=replace(job.files, activity=folder / "activity.csv"),
        config=Config(rules=Rules(precautionary=("RF28",)), columns=Columns(licences={"customer_id": "Holder"})),
    )  # fmt: skip


def screened(job: Job, folder: Path, licences: str | None = None, watchlists: str | None = None) -> Run:
    files = job.files
    if licences is not None:
        (folder / "licences.csv").write_text(LICENCES.format(licences), encoding="utf-8")
        files = replace(files, licences=folder / "licences.csv")
    if watchlists is not None:
        (folder / "watchlists.csv").write_text(watchlists, encoding="utf-8")
        files = replace(files, watchlists=folder / "watchlists.csv")
    run(replace(job, files=files, out=folder / "run"))
    return open_run(folder / "run")


def finding(run: Run, customer: str, rule: str) -> dict[str, str]:
    one = run.table("findings").filter(pl.col("customer_id") == customer, pl.col("rule_id") == rule)
    return one.row(0, named=True) if one.height else {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("licences", "recommendation"),
    [
        (None, "hold"),
        ("C035,D1,RF28,2026-01-01,2026-11-22", "licence_check"),
        ("C035,D1,,,", "licence_check"),
        ("C035,D1,RF28,2026-01-01,2026-11-21", "hold"),
        ("C035,D1,RF28,2026-11-23,", "hold"),
        ("C035,D1,EL_LISTING,2026-01-01,", "hold"),
        ("C038,D1,RF28,2026-01-01,", "hold"),
    ],
)
def test_a_licence_that_holds_becomes_the_question(
    job: Job, tmp_path: Path, licences: str | None, recommendation: str
) -> None:
    row = finding(screened(job, tmp_path, licences), "C035", "RF28")
    assert (row["outcome"], row["recommendation"]) == ("raised", recommendation)
    assert ("D1" in row["question"]) == (recommendation == "licence_check")


def test_names_of_ones_own_lists_are_found_and_bad_rows_recorded(job: Job, tmp_path: Path) -> None:
    run = screened(job, tmp_path, watchlists=WATCHLISTS)
    assert "letter of 2026-02-17" in finding(run, "C091", "G16")["reason"]
    assert "register of 2026-10" in finding(run, "C094", "G15")["reason"]
    assert {file["role"] for file in run.manifest["files"]} >= {"watchlists"}
    wrong = run.table("problems").filter(pl.col("table") == "watchlists")
    assert wrong.select("row", "column", "consequence").rows() == [(4, "list", "row_set_aside")]


def test_a_run_warns_of_licences_and_is_verified_with_them(job: Job, tmp_path: Path) -> None:
    run = screened(job, tmp_path, "C035,D1,RF28,2026-01-01,2026-12-01\nC038,D2,,,2026-11-01", WATCHLISTS)
    (warning,) = [text for text in run.manifest["warnings"] if "Licences" in text]
    assert warning == "Licences held: 2; run out by 2026-11-22: 1; running out within 60 days: 1."
    given = [path for _, path in job.files.named()]
    files = find_inputs(run, [*given, tmp_path / "licences.csv", tmp_path / "watchlists.csv"])
    assert (files.licences, files.watchlists) == (tmp_path / "licences.csv", tmp_path / "watchlists.csv")
    assert {verdict.state for verdict in recompute(run, files, job.store, job.config)} == {"equal"}


def test_a_licence_without_a_holder_is_set_aside(job: Job, tmp_path: Path) -> None:
    (tmp_path / "licences.csv").write_text(
        LICENCES.format("C1,D1,,,\nC2,D2,,,\nC3,D3,,,\n,D4,,,"), encoding="utf-8"
    )
    book = read_book(replace(job.files, licences=tmp_path / "licences.csv"), job.config)
    assert book.licences is not None
    assert book.licences["licence_ref"].to_list() == ["D1", "D2", "D3"]
    assert book.problems.filter(pl.col("table") == "licences")["row"].to_list() == [5]
