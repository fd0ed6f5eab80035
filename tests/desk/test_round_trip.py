"""A false positive at the desk sets its pair aside in the nightly run, and only while the evidence stays the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from desk.api import Settings
from desk.api.desk import Desk
from desk.cli.app import app as command
from desk.store import decisions
from desk.store.cases import find
from pipelines.inputs.book import BookFiles
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import Run, open_run
from tests.desk.api.conftest import make_app, sample  # noqa: F401 - fixtures
from tests.desk.conftest import NOW

pytestmark = pytest.mark.slow  # commands, one after the other, over a database


@pytest.fixture
def night(sample: Settings, tmp_path: Path) -> Callable[..., Run]:  # noqa: F811
    """Runs a night over the sample world with a reviewed file and, if given, other customers."""

    def screened(name: str, days: int, **files: Any) -> Run:
        assert isinstance(sample.files, BookFiles)
        job = Job(
            files=replace(sample.files, **files), store=sample.store, out=tmp_path / name,
            as_of=NOW.date() + timedelta(days=days), config=sample.config, latest_lists=True,
        )  # fmt: skip
        run(job)
        return open_run(job.out)

    return screened


def test_decision_is_exported_and_obeyed_and_ends_with_its_evidence(
    make_app: Callable[..., FastAPI],  # noqa: F811
    sample: Settings,  # noqa: F811
    night: Callable[..., Run],
    tmp_path: Path,
) -> None:
    first = open_run(sample.run)
    own = first.table("matches").filter(pl.col("role").is_null()).row(0, named=True)
    customer = own["customer_id"]
    desk: Desk = make_app(tmp_path).state.desk
    with desk.ledger.change("ann", NOW) as change:
        case = find(change.session, customer)
        decisions.move(change, case.case_id, case.version, "false_positive", "=not them", four_eyes_from=101)
    desk.ledger.close()

    reviewed = exported(tmp_path)

    second = night("second", 1, suppressions=reviewed)
    hidden = second.table("suppressed")
    assert (own["matched_entity_id"], own["party_id"]) in hidden.select(
        "matched_entity_id", "party_id"
    ).rows()
    assert hidden["reason"].unique().to_list() == ["=not them"]
    assert state(make_app, tmp_path, second, customer) == "false_positive"

    assert isinstance(sample.files, BookFiles)
    book = pl.read_csv(sample.files.customers, infer_schema=False)
    other = pl.when(pl.col("customer_id") == customer).then(pl.col("name") + " Holding").otherwise("name")
    book.with_columns(name=other).write_csv(tmp_path / "renamed.csv")
    third = night("third", 2, suppressions=reviewed, customers=tmp_path / "renamed.csv")
    assert customer in third.table("cases")["customer_id"]
    assert state(make_app, tmp_path, third, customer) == "open"


def exported(folder: Path) -> Path:
    """Export the decisions of the desk in a folder."""
    file = folder / "reviewed.parquet"
    done = CliRunner().invoke(command, ["decisions", "export", str(folder / "desk.db"), "--out", str(file)])
    assert done.exit_code == 0, done.output
    return file


def state(make_app: Callable[..., FastAPI], folder: Path, after: Run, customer: str) -> Any:  # noqa: F811
    """Bring a run to the desk, and return the state of a customer's case then."""
    later = NOW + timedelta(days=3)
    desk: Desk = make_app(folder, run=after.path, clock=lambda: later, users=()).state.desk
    with desk.ledger.read() as session:
        found = find(session, customer).state
    desk.ledger.close()
    return found


def test_export_before_the_first_decision_is_an_empty_file_that_the_job_takes(
    make_app: Callable[..., FastAPI],  # noqa: F811
    night: Callable[..., Run],
    tmp_path: Path,
) -> None:
    make_app(tmp_path).state.desk.ledger.close()
    assert night("run", 0, suppressions=exported(tmp_path)).table("suppressed").is_empty()
