"""The bundled sample world as a job: lists, customers, ownership and activity written for the purpose."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

from lists.refresh import refresh
from lists.store import Store
from pipelines.errors import PipelineError
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.definition import Job

SAMPLE = "sample"
PUBLISHED = date(2026, 11, 20)
"""Day on which the sample lists were published in the sample world."""


def sample_folder() -> Path:
    """Return the folder of the sample files as installed."""
    return Path(str(files("pipelines") / SAMPLE))


def demo_job(out: Path, as_of: date) -> Job:
    """Refresh the sample lists into `out/store` and return the job that screens the sample customers.

    The sample lists have one publication; an earlier as-of date screens against it all the same, as `--lists latest`.
    """
    sample = sample_folder()
    report = refresh([sample / "lists"], Store(out / "store"), published=PUBLISHED, partial=True)
    failed = [outcome.message for outcome in report.outcomes if outcome.outcome == "failed"]
    if failed:
        raise PipelineError(f"The sample lists cannot be read: {'; '.join(failed)}")
    book = BookFiles(
        customers=sample / "customers.csv",
        ownership=(sample / "ownership.csv",),
        entities=sample / "entities.csv",
        activity=sample / "activity.csv",
        connections=sample / "connections.csv",
        transactions=sample / "transactions.csv",
        answers=sample / "answers.csv",
    )
    return Job(book, out / "store", out / "run", as_of, latest_lists=True, config=Config())
