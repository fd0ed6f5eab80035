"""A run is computed again from inputs that are found by their hashes, and compared row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copy

import polars as pl
import pytest

from pipelines.demo import demo_job, sample_folder
from pipelines.errors import InputsDiffer
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.recompute import find_inputs, recompute
from pipelines.job.run import run
from pipelines.run import Run, open_run
from screening.policy import Rules

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("verify"), TODAY)


@pytest.fixture(scope="module")
def screened(job: Job) -> Run:
    run(job)
    return open_run(job.out)


@pytest.mark.slow
def test_a_run_comes_out_again(job: Job, screened: Run) -> None:
    files = find_inputs(screened, [sample_folder()])
    assert {table.state for table in recompute(screened, files, job.store, Config())} == {"equal"}
    (cases,) = recompute(screened, files, job.store, Config(), sample=5)
    assert (cases.table, cases.state, cases.detail) == ("cases", "equal", "5 rows")


def test_a_forged_case_is_found(job: Job, screened: Run) -> None:
    class Forged(Run):
        def table(self, name: str) -> pl.DataFrame:
            table = Run.table(self, name)
            return table.with_columns(severity=pl.lit(0, pl.Int64)) if name == "cases" else table

    forged = Forged(screened.path, screened.manifest)
    compared = recompute(forged, find_inputs(screened, [sample_folder()]), job.store, Config())
    assert {each.table for each in compared if each.state == "differs"} == {"cases"}


def test_other_inputs_and_other_settings_are_no_proof(job: Job, screened: Run, tmp_path: Path) -> None:
    copy(job.files.customers, tmp_path / "book.csv")
    with pytest.raises(InputsDiffer, match="ownership"):
        find_inputs(screened, [tmp_path])
    files = find_inputs(screened, [sample_folder()])
    with pytest.raises(InputsDiffer, match="other status of the rules, configuration"):
        recompute(screened, files, job.store, Config(rules=Rules(precautionary=("RF28",))))
