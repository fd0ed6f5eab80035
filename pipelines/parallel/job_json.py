"""A job as JSON, so that another process can do its share of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.definition import Job


def to_dict(job: Job) -> dict[str, Any]:
    """Return a job as JSON values, with absolute paths and without its output."""
    return {
        "files": [[role, str(path.resolve())] for role, path in job.files.named()],
        "store": str(job.store.resolve()),
        "as_of": job.as_of.isoformat(),
        "latest_lists": job.latest_lists,
        "config": job.config.model_dump(mode="json"),
        "chunk": job.chunk,
        "since": str(job.since.resolve()) if job.since else None,
        "trigger": job.trigger,
    }


def from_dict(content: Mapping[str, Any]) -> Job:
    """Return the job that `to_dict` wrote; the caller names its output.

    >>> job = Job(BookFiles(Path("/b/customers.csv")), Path("/lists"), Path(), date(2026, 11, 22))
    >>> from_dict(to_dict(job)) == job
    True
    """
    roles = [(role, Path(path)) for role, path in content["files"]]
    return Job(
        files=BookFiles(
            ownership=tuple(path for role, path in roles if role == "ownership"),
            **{role: path for role, path in roles if role != "ownership"},
        ),
        store=Path(content["store"]),
        out=Path(),
        as_of=date.fromisoformat(content["as_of"]),
        latest_lists=content["latest_lists"],
        config=Config.model_validate(content["config"]),
        chunk=content["chunk"],
        since=Path(content["since"]) if content["since"] else None,
        trigger=content.get("trigger"),
    )
