"""A job written down, so that another process can do its part of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import Config
from pipelines.inputs.book import BookFiles
from pipelines.job import Job


def job_told(job: Job) -> dict[str, Any]:
    """Write a job down; paths are made whole."""
    return {
        "files": [[role, str(path.resolve())] for role, path in job.files.named()],
        "store": str(job.store.resolve()),
        "as_of": job.as_of.isoformat(),
        "latest_lists": job.latest_lists,
        "config": job.config.model_dump(mode="json"),
        "chunk": job.chunk,
        "since": str(job.since.resolve()) if job.since else None,
    }


def as_told(told: Mapping[str, Any]) -> Job:
    """Return the job that `job_told` wrote down; its output is to be named.

    >>> job = Job(BookFiles(Path("/b/customers.csv")), Path("/lists"), Path(), date(2026, 11, 22))
    >>> as_told(job_told(job)) == job
    True
    """
    named = [(role, Path(path)) for role, path in told["files"]]
    return Job(
        files=BookFiles(
            ownership=tuple(path for role, path in named if role == "ownership"),
            **{role: path for role, path in named if role != "ownership"},
        ),
        store=Path(told["store"]),
        out=Path(),
        as_of=date.fromisoformat(told["as_of"]),
        latest_lists=told["latest_lists"],
        config=Config.model_validate(told["config"]),
        chunk=told["chunk"],
        since=Path(told["since"]) if told["since"] else None,
    )
